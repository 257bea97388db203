"""Explanations: why a cell is to a person what it is, and what single fact would change that.

Plain objects, resolved one by one: no row of the database is shown here, so there is nothing for a plan to answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

import strawberry

from authz import Basis, DataClass, ReasonCode, Role, Visibility
from authz import explanation as policy_explanation
from authz.changes import Change, Fact
from authz.explanation import Source, Step, Way
from authz.reasons import EXPLANATIONS
from desk import explaining
from desk.errors import NotFound
from schema.context import Info
from schema.fields import given
from schema.scalars import global_id, row_id, split_id
from schema.sections import PurposeArgument, Reason

strawberry.enum(
    Basis, description="依据. What entitles beyond the role: the path that is walked (domain.md 5.3)."
)
strawberry.enum(
    Fact,
    name="AccessFact",
    description="A single fact that opens or closes a cell, from the least power to the most.",
)
strawberry.enum(
    Way,
    name="AccessWay",
    description="What to ask for. COLLEAGUE: nothing for oneself; somebody else does it.",
)


@strawberry.type(description="A rule as it stands in the policy file.")
class ExplainedRule:
    text: str = given("Role, scope, resource, class, action, basis, effect.")
    line: int = given("Its line in the policy file of this version.")


@strawberry.type(description="任职. A role held now, from which a rule speaks.")
class ExplainedSeat:
    assignment_id: strawberry.ID | None = given("Id of the assignment.")
    role: Role = given("岗位.")
    institution_id: strawberry.ID = given("Where the role is held.")
    institution_code: str | None = given("The bank's own code of that institution.")
    institution_name: str | None = given("Its name.")


@strawberry.type(description="One layer: a question, and whether the person and the row answer it with yes.")
class ExplainedStep:
    question: str = given("The question.")
    question_zh: str = given("The question in Chinese.")
    held: bool = given("Yes or no. The last step of an explanation is the one that decided.")
    reason: ReasonCode | None = given("The reason that a yes stands for; null for a value that is shown.")
    rule: ExplainedRule | None = given("The rule behind a yes.")
    assignment: ExplainedSeat | None = given("From which role it speaks; null: as everybody who works here.")


@strawberry.type(description="One fact more, or one fact less. It names neither customer nor value.")
class ExplainedChange:
    fact: Fact = given("Which kind of fact.")
    sentence: str = given("The fact in a sentence.")
    sentence_zh: str = given("The fact in Chinese.")
    role: Role | None = given("For a role gained or lost: which.")
    basis: Basis | None = given("For an authority gained or lost: which.")
    assignment_id: strawberry.ID | None = given("For a role lost: the assignment that would end.")


@strawberry.type(description="权限申请. An access request, filled in and not yet sent.")
class AccessRequest:
    staff_id: strawberry.ID = given("Who asks.")
    customer_id: strawberry.ID | None = given("About which customer; null where none is meant.")
    data_class: DataClass = given("For which class.")
    way: Way = given("What to ask for.")
    sentence: str = given("What to do, or whom to ask.")
    sentence_zh: str = given("The same in Chinese.")
    change: ExplainedChange | None = given("The fact that it would bring about; null for a colleague's help.")


@strawberry.type(
    description="Why a cell is to a person what it is (Art. 11), in the words that he would read himself."
)
class Explanation:
    staff_id: strawberry.ID = given("Whose explanation it is.")
    visibility: Visibility = given("What the cell is to him; ABSENT: the row does not exist for him.")
    reason: Reason | None = given("Why not, and the remedy; null when VISIBLE.")
    sentence: str = given("The answer in a sentence.")
    sentence_zh: str = given("The answer in Chinese.")
    policy_version: str = given("SHA-256 of the policy that decided.")
    rule: ExplainedRule | None = given(
        "The rule that shows the value, or refuses it, or would show it; null where none speaks of him."
    )
    mask: ExplainedRule | None = given("The rule that shows the mask, when MASKED.")
    assignment: ExplainedSeat | None = given("From which of his roles the rule speaks.")
    basis: Basis | None = given("依据 on which the rule rests.")
    basis_id: strawberry.ID | None = given(
        "The open filing or exception that is this basis, where he has one before him."
    )
    steps: list[ExplainedStep] = given("The layers, in the order they were walked.")
    opens: list[ExplainedChange] = given("What alone would make it VISIBLE, least power first.")
    opens_with_purpose: list[ExplainedChange] = given(
        "What would together with a purpose, where neither does alone."
    )
    closes: list[ExplainedChange] = given("What alone would end that it is VISIBLE.")
    request: AccessRequest | None = given("What to ask for; null when VISIBLE.")


class _Telling:
    """Puts the desk's answer into the words of the graph."""

    def __init__(self, found: explaining.Explained) -> None:
        self.found, self.told = found, found.explanation

    def explanation(self) -> Explanation:
        told, deciding = self.told, self.told.deciding
        return Explanation(
            staff_id=_id("staff", self.found.staff_id),
            visibility=told.visibility,
            reason=_reason(told.reason),
            sentence=told.sentence,
            sentence_zh=told.chinese,
            policy_version=told.policy_version,
            rule=self.rule(deciding),
            mask=self.rule(told.masking),
            assignment=self.seat(deciding),
            basis=deciding.basis if deciding else None,
            basis_id=self.case(deciding),
            steps=[self.step(step) for step in told.steps],
            opens=self.changes(told.opens),
            opens_with_purpose=self.changes(told.opens_with_purpose),
            closes=self.changes(told.closes),
            request=self.request(told.request) if told.request else None,
        )

    def case(self, source: Source | None) -> strawberry.ID | None:
        """Of the authorities, only open filings and exceptions are rows so far."""
        if source is None or source.basis is not Basis.FILING or source.basis_id is None:
            return None
        return _id(self.found.cases[source.basis_id], source.basis_id)

    def rule(self, source: Source | None) -> ExplainedRule | None:
        return ExplainedRule(text=source.text, line=source.line) if source else None

    def seat(self, source: Source | None) -> ExplainedSeat | None:
        if source is None or source.seat is None:
            return None
        seat = source.seat
        code, name = self.found.places.get(seat.institution_id, (None, None))
        return ExplainedSeat(
            assignment_id=_id("assignment", seat.assignment_id) if seat.assignment_id else None,
            role=seat.role,
            institution_id=_id("institution", seat.institution_id),
            institution_code=code,
            institution_name=name,
        )

    def step(self, step: Step) -> ExplainedStep:
        return ExplainedStep(
            question=step.question,
            question_zh=step.chinese,
            held=step.held,
            reason=step.reason,
            rule=self.rule(step.source),
            assignment=self.seat(step.source),
        )

    def changes(self, changes: Iterable[Change]) -> list[ExplainedChange]:
        return [self.change(change) for change in changes]

    def change(self, change: Change) -> ExplainedChange:
        return ExplainedChange(
            fact=change.fact,
            sentence=change.sentence,
            sentence_zh=change.chinese,
            role=change.role,
            basis=change.basis,
            assignment_id=_id("assignment", change.assignment_id) if change.assignment_id else None,
        )

    def request(self, asked: policy_explanation.AccessRequest) -> AccessRequest:
        return AccessRequest(
            staff_id=_id("staff", asked.staff_id),
            customer_id=_id("customer", asked.customer_id) if asked.customer_id else None,
            data_class=asked.data_class,
            way=asked.way,
            sentence=asked.remedy,
            sentence_zh=asked.remedy_chinese,
            change=self.change(asked.change) if asked.change else None,
        )


def _id(table: str, row: UUID) -> strawberry.ID:
    return strawberry.ID(global_id(table, row))


def _case_table(case_id: str) -> str:
    """Filings are what it is mostly; whatever else is no case is refused as a filing that is not there."""
    table = split_id(case_id)[0]
    return table if table in explaining.CASE_TABLES else "filing"


def _reason(code: ReasonCode | None) -> Reason | None:
    if code is None:
        return None
    words = EXPLANATIONS[code]
    return Reason(
        code=code,
        message=words.sentence,
        message_zh=words.chinese,
        article=words.article,
        remedy=words.remedy,
        remedy_zh=words.remedy_chinese,
    )


@strawberry.type
class ExplanationQuery:
    @strawberry.field(
        description="Why a cell is to me what it is, or to another person, for who may ask that; then it is on record. "
        "NOT_FOUND when the row does not exist for me, whoever it is explained for."
    )
    async def explain(
        self,
        info: Info,
        id: strawberry.ID,
        data_class: Annotated[DataClass, strawberry.argument(description="Of which class the cell is.")],
        purpose: PurposeArgument = None,
        staff_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="For whom; myself when left out.")
        ] = None,
        case_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="As seen through this filing or exception; its evidence is shown while it is open."
            ),
        ] = None,
    ) -> Explanation:
        desk = info.context.desk
        try:
            table, row = split_id(id)
            other = row_id("staff", staff_id) if staff_id is not None else None
            case = row_id(_case_table(case_id), case_id) if case_id is not None else None
        except NotFound:
            await desk.refuse("node", NotFound.code, operation=explaining.EXPLAIN)
            raise
        asked = explaining.Asked(table, row, data_class, purpose is not None, case)
        return _Telling(await explaining.explain(desk, asked, other)).explanation()
