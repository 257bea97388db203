"""The inputs that filter and order the lists: one closed set of columns each."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry

from desk.sights.managing import ManagerStanding
from models.vocabulary import (
    ArchiveState,
    FilingState,
    IdentityKind,
    InstitutionKind,
    Level,
    MembershipState,
    Tier,
)
from schema.filters import BooleanFilter, DateFilter, IdFilter, MoneyFilter, NameFilter, TextFilter

for _words, _about in (
    (Level, "机构层级. The level of an institution."),
    (InstitutionKind, "A branch of the line, or a wealth management centre."),
    (Tier, "VIP级别 (Art. 2)."),
    (IdentityKind, "证件种类 (Annex 2)."),
    (MembershipState, "The state of a membership (domain.md 3)."),
    (ManagerStanding, "Whether a member has his full-time manager now (Art. 9)."),
    (FilingState, "The state of a filing (Art. 6)."),
    (ArchiveState, "The state of an archive (Art. 10)."),
):
    strawberry.enum(_words, description=_about)

AND, OR, NOT = "All of these.", "One of these; an empty list: nothing.", "Not this."


def compare(about: str, name: str | None = None) -> Any:
    """An optional comparison: absent, or a comparison; null is refused."""
    return strawberry.field(default=strawberry.UNSET, description=about, name=name)


@strawberry.input(description="Compares a tier. An empty `in` matches nothing.")
class TierFilter:
    eq: Tier | None = compare("Equal.")
    in_: list[Tier] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a level. An empty `in` matches nothing.")
class LevelFilter:
    eq: Level | None = compare("Equal.")
    in_: list[Level] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a kind of institution. An empty `in` matches nothing.")
class InstitutionKindFilter:
    eq: InstitutionKind | None = compare("Equal.")
    in_: list[InstitutionKind] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a membership's state. An empty `in` matches nothing.")
class MembershipStateFilter:
    eq: MembershipState | None = compare("Equal.")
    in_: list[MembershipState] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a filing's state. An empty `in` matches nothing.")
class FilingStateFilter:
    eq: FilingState | None = compare("Equal.")
    in_: list[FilingState] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares an archive's state. An empty `in` matches nothing.")
class ArchiveStateFilter:
    eq: ArchiveState | None = compare("Equal.")
    in_: list[ArchiveState] | None = compare("One of these.", name="in")


@strawberry.input(
    description="Filters customers. A condition on a protected class keeps only rows where you see it (Art. 11)."
)
class CustomerWhere:
    number: TextFilter | None = compare("客户号.")
    name: NameFilter | None = compare(
        "The present name, whole or a part of it; class NAME. Not a former one."
    )
    owner_id: IdFilter | None = compare("归属行.")
    tier: TierFilter | None = compare("VIP级别.")
    opened_on: DateFilter | None = compare("First day as a customer.")
    average_savings: MoneyFilter | None = compare("12-month average savings; class ASSET.")
    loan_balance: MoneyFilter | None = compare("Personal loan balance; class ASSET.")
    spend: MoneyFilter | None = compare("12-month spend; class ASSET.")
    and_: list[CustomerWhere] | None = compare(AND, name="and")
    or_: list[CustomerWhere] | None = compare(OR, name="or")
    not_: CustomerWhere | None = compare(NOT, name="not")


@strawberry.enum(
    description="How customers are ordered; by a protected class only over rows where you see it."
)
class CustomerOrder(Enum):
    NUMBER_ASC = "number asc"
    NUMBER_DESC = "number desc"
    OPENED_ON_ASC = "opened_on asc"
    OPENED_ON_DESC = "opened_on desc"
    NAME_ASC = "name asc"
    NAME_DESC = "name desc"
    AVERAGE_SAVINGS_ASC = "average_savings asc"
    AVERAGE_SAVINGS_DESC = "average_savings desc"
    LOAN_BALANCE_ASC = "loan_balance asc"
    LOAN_BALANCE_DESC = "loan_balance desc"
    SPEND_ASC = "spend asc"
    SPEND_DESC = "spend desc"


@strawberry.input(description="Filters institutions.")
class InstitutionWhere:
    code: TextFilter | None = compare("The bank's own code.")
    level: LevelFilter | None = compare("机构层级.")
    kind: InstitutionKindFilter | None = compare("Branch or wealth centre.")
    parent_id: IdFilter | None = compare("The institution above.")
    lacks_implementing_rule: BooleanFilter | None = compare("Tier-1 branches without rules now (Notice 1).")
    and_: list[InstitutionWhere] | None = compare(AND, name="and")
    or_: list[InstitutionWhere] | None = compare(OR, name="or")
    not_: InstitutionWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How institutions are ordered.")
class InstitutionOrder(Enum):
    PATH_ASC = "path asc"
    PATH_DESC = "path desc"
    CODE_ASC = "code asc"
    CODE_DESC = "code desc"


@strawberry.input(description="Compares how a member is served. An empty `in` matches nothing.")
class ManagerStandingFilter:
    eq: ManagerStanding | None = compare("Equal.")
    in_: list[ManagerStanding] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters memberships.")
class MembershipWhere:
    state: MembershipStateFilter | None = compare("State.")
    tier: TierFilter | None = compare("Tier.")
    term_ends: DateFilter | None = compare("Last day of the term.")
    manager_standing: ManagerStandingFilter | None = compare(
        "Whether a full-time manager serves him (Art. 9)."
    )
    unserved: BooleanFilter | None = compare("Members whom no full-time manager serves now (Art. 9).")
    and_: list[MembershipWhere] | None = compare(AND, name="and")
    or_: list[MembershipWhere] | None = compare(OR, name="or")
    not_: MembershipWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How memberships are ordered.")
class MembershipOrder(Enum):
    TERM_ENDS_ASC = "term_ends asc"
    TERM_ENDS_DESC = "term_ends desc"


@strawberry.input(description="Filters filings.")
class FilingWhere:
    state: FilingStateFilter | None = compare("State.")
    submitted_to_id: IdFilter | None = compare("Before whom it is.")
    and_: list[FilingWhere] | None = compare(AND, name="and")
    or_: list[FilingWhere] | None = compare(OR, name="or")
    not_: FilingWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How filings are ordered.")
class FilingOrder(Enum):
    SUBMITTED_AT_ASC = "submitted_at asc"
    SUBMITTED_AT_DESC = "submitted_at desc"


@strawberry.input(description="Filters archives.")
class ArchiveWhere:
    state: ArchiveStateFilter | None = compare("State.")
    custody_centre_id: IdFilter | None = compare("In whose custody.")
    and_: list[ArchiveWhere] | None = compare(AND, name="and")
    or_: list[ArchiveWhere] | None = compare(OR, name="or")
    not_: ArchiveWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How archives are ordered.")
class ArchiveOrder(Enum):
    NUMBER_ASC = "number asc"
    NUMBER_DESC = "number desc"
    OPENED_AT_ASC = "opened_at asc"
    OPENED_AT_DESC = "opened_at desc"


@strawberry.input(description="Filters evaluations.")
class EvaluationWhere:
    passed: BooleanFilter | None = compare("Whether the standard was met.")
    screening_id: IdFilter | None = compare("Of which screening.")
    as_of: DateFilter | None = compare("As of which day.")
    borderline: BooleanFilter | None = compare("Within 5 % of a threshold; class ASSET.")
    and_: list[EvaluationWhere] | None = compare(AND, name="and")
    or_: list[EvaluationWhere] | None = compare(OR, name="or")
    not_: EvaluationWhere | None = compare(NOT, name="not")


@strawberry.enum(
    description="How evaluations are ordered; by a protected class only over rows where you see it."
)
class EvaluationOrder(Enum):
    AS_OF_ASC = "as_of asc"
    AS_OF_DESC = "as_of desc"
    AVERAGE_SAVINGS_ASC = "average_savings asc"
    AVERAGE_SAVINGS_DESC = "average_savings desc"
