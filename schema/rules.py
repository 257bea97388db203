"""Implementing rules (实施细则): what each tier-1 branch has issued (Notice 1)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar

import strawberry

from desk import rules
from schema.context import Info
from schema.fields import column, one
from schema.filters import IdFilter
from schema.institutions import Institution
from schema.law import Law, LawPhaseFilter, LawStateFilter
from schema.paging import After, Before, Connection, First, Last
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.wheres import AND, NOT, OR, compare


@strawberry.type(
    description="实施细则 (Notice 1). One version of one tier-1 branch's rules; approved means issued."
)
class ImplementingRule(Law):
    TABLE: ClassVar[str] = "implementing_rule"

    version: int = column(about="Version.")
    title: str = column(about="Title.")
    document: str = column(about="Where the text is kept.")
    summary: str = column(about="What it says, in short.")
    owner: Institution | None = one("owner", "institution", about="The tier-1 branch.")


@strawberry.input(description="Filters versions of implementing rules.")
class ImplementingRuleWhere:
    owner_id: IdFilter | None = compare("Whose.")
    state: LawStateFilter | None = compare("How far it has come.")
    phase: LawPhaseFilter | None = compare("What it is on the business day.")
    and_: list[ImplementingRuleWhere] | None = compare(AND, name="and")
    or_: list[ImplementingRuleWhere] | None = compare(OR, name="or")
    not_: ImplementingRuleWhere | None = compare(NOT, name="not")


ImplementingRuleResult = Annotated[
    ImplementingRule | Problem,
    strawberry.union("ImplementingRuleResult", description="A version of the rules, or why not."),
]


@strawberry.input(description="A new version of a branch's implementing rules.")
class DraftImplementingRuleInput:
    owner_id: strawberry.ID = strawberry.field(description="The tier-1 branch.")
    title: str = strawberry.field(description="Title.")
    document: str = strawberry.field(description="Where the text is kept: number and place.")
    effective_from: dt.date = strawberry.field(description="First day.")
    summary: str = strawberry.field(default="", description="What it says, in short.")
    idempotency_key: str | None = key()


@strawberry.input(description="A draft to put before its approver.")
class SubmitImplementingRuleInput:
    implementing_rule_id: strawberry.ID = strawberry.field(description="Which version.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted version to issue.")
class ApproveImplementingRuleInput:
    implementing_rule_id: strawberry.ID = strawberry.field(description="Which version.")
    idempotency_key: str | None = key()


@strawberry.input(description="A submitted version to return.")
class ReturnImplementingRuleInput:
    implementing_rule_id: strawberry.ID = strawberry.field(description="Which version.")
    reason: str = strawberry.field(description="What the next version must say otherwise.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(
        description="Versions of implementing rules. Which branches lack them: `institutions`, "
        "where `lacksImplementingRule`. Every signed-in person sees them."
    )
    async def implementing_rules(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: ImplementingRuleWhere | None = None,
    ) -> Connection[ImplementingRule]:
        return await listed(info, "implementing_rule")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Draft implementing rules (Notice 1). By a tier-1 branch's policy officer."
    )
    async def draft_implementing_rule(
        self, info: Info, input: DraftImplementingRuleInput
    ) -> ImplementingRuleResult:
        return await performed(
            info,
            "implementing_rule",
            lambda: rules.draft_implementing_rule(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Put drafted rules before the branch's approver (Notice 1). By its policy officer."
    )
    async def submit_implementing_rule(
        self, info: Info, input: SubmitImplementingRuleInput
    ) -> ImplementingRuleResult:
        return await performed(
            info,
            "implementing_rule",
            lambda: rules.submit_implementing_rule(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Issue submitted rules (Notice 1). By the branch's approver, not the writer."
    )
    async def approve_implementing_rule(
        self, info: Info, input: ApproveImplementingRuleInput
    ) -> ImplementingRuleResult:
        return await performed(
            info,
            "implementing_rule",
            lambda: rules.approve_implementing_rule(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Return submitted rules with a reason (Notice 1). By the branch's approver."
    )
    async def return_implementing_rule(
        self, info: Info, input: ReturnImplementingRuleInput
    ) -> ImplementingRuleResult:
        return await performed(
            info,
            "implementing_rule",
            lambda: rules.return_implementing_rule(info.context.desk, **given_arguments(input)),
        )
