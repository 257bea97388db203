"""Designated persons (指定人员) and their business supervisors (业务主管): who orders and keeps cards, in whose line (Notice 4)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk import designations
from desk.people import supervision
from models.custody import StockDuty
from schema.context import Info
from schema.fields import column, one
from schema.filters import BooleanFilter, IdFilter
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed, single
from schema.wheres import AND, NOT, OR, compare

strawberry.enum(
    StockDuty, description="指定人员的职责 (Notice 4): to ORDER cards, or to keep the STOCK of them."
)


@strawberry.type(
    description="指定人员 (Notice 4). Whom an institution has named for a duty, beside the role that he holds there."
)
class Designation(Node):
    TABLE: ClassVar[str] = "designation"

    duty: StockDuty = column(about="职责. For what.")
    reason: str = column(about="Why, or from whom the cards came.")
    valid_from: dt.datetime = column(about="First moment.")
    valid_to: dt.datetime | None = column(about="First moment no longer; null: open end.")
    ended_at: dt.datetime | None = column(about="When it was ended before its time, or passed to another.")
    end_reason: str = column(about="Why it was ended, or to whom the cards went.")
    holds_now: bool = column(about="Whether it holds at this moment.")
    institution: Institution | None = one("institution", "institution", about="Whose cards.")
    staff: Staff | None = one("staff", "staff", about="Who is named.")


@strawberry.type(
    description="业务主管 (Notice 4). Who countersigns what a custodian has signed, from when until when."
)
class SupervisionLine(Node):
    TABLE: ClassVar[str] = "supervision_line"

    valid_from: dt.datetime = column(about="First moment.")
    valid_to: dt.datetime | None = column(about="First moment no longer; null: open end.")
    ended_at: dt.datetime | None = column(about="When it was ended before its time.")
    end_reason: str = column(about="Why it was ended.")
    holds_now: bool = column(about="Whether it holds at this moment.")
    staff: Staff | None = one("staff", "staff", about="The custodian.")
    supervisor: Staff | None = one("supervisor", "staff", about="His business supervisor.")


DesignationResult = Annotated[
    Designation | Problem, strawberry.union("DesignationResult", description="A designation, or why not.")
]
SupervisionLineResult = Annotated[
    SupervisionLine | Problem,
    strawberry.union("SupervisionLineResult", description="A supervision line, or why not."),
]


@strawberry.input(description="Compares a duty. An empty `in` matches nothing.")
class StockDutyFilter:
    eq: StockDuty | None = compare("Equal.")
    in_: list[StockDuty] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters designations.")
class DesignationWhere:
    institution_id: IdFilter | None = compare("Whose cards.")
    staff_id: IdFilter | None = compare("Who is named.")
    duty: StockDutyFilter | None = compare("For what.")
    holds_now: BooleanFilter | None = compare("Whether it holds at this moment.")
    and_: list[DesignationWhere] | None = compare(AND, name="and")
    or_: list[DesignationWhere] | None = compare(OR, name="or")
    not_: DesignationWhere | None = compare(NOT, name="not")


@strawberry.input(description="Filters supervision lines.")
class SupervisionLineWhere:
    staff_id: IdFilter | None = compare("The custodian.")
    supervisor_id: IdFilter | None = compare("His business supervisor.")
    holds_now: BooleanFilter | None = compare("Whether it holds at this moment.")
    and_: list[SupervisionLineWhere] | None = compare(AND, name="and")
    or_: list[SupervisionLineWhere] | None = compare(OR, name="or")
    not_: SupervisionLineWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How designations are ordered.")
class DesignationOrder(Enum):
    VALID_FROM_ASC = "valid_from asc"
    VALID_FROM_DESC = "valid_from desc"


@strawberry.enum(description="How supervision lines are ordered.")
class SupervisionLineOrder(Enum):
    VALID_FROM_ASC = "valid_from asc"
    VALID_FROM_DESC = "valid_from desc"


@strawberry.input(description="A custodian to name for a duty.")
class DesignateCustodianInput:
    staff_id: strawberry.ID = strawberry.field(description="Whom: a custodian of that institution.")
    institution_id: strawberry.ID = strawberry.field(description="For whose cards.")
    duty: StockDuty = strawberry.field(description="职责.")
    reason: str = strawberry.field(description="Why.")
    valid_from: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    valid_to: dt.datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Until when; open end."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A designation to end.")
class EndDesignationInput:
    designation_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.input(description="A custodian's business supervisor.")
class SetSupervisorInput:
    staff_id: strawberry.ID = strawberry.field(description="The custodian.")
    supervisor_id: strawberry.ID = strawberry.field(
        description="Who countersigns: a supervisor of that branch."
    )
    valid_from: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    valid_to: dt.datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Until when; open end."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A supervision line to end.")
class EndSupervisionInput:
    supervision_line_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="When; now.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Designated persons, past ones too. Every signed-in person sees them.")
    async def designations(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: DesignationWhere | None = None,
        order_by: list[DesignationOrder] | None = None,
    ) -> Connection[Designation]:
        return await listed(info, "designation")

    @strawberry.field(description="One designation. NOT_FOUND when there is none.")
    async def designation(self, info: Info, id: strawberry.ID) -> Designation:
        return await single(info, "designation", id)

    @strawberry.field(
        description="Who is whose business supervisor, past lines too. Every signed-in person sees them."
    )
    async def supervision_lines(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: SupervisionLineWhere | None = None,
        order_by: list[SupervisionLineOrder] | None = None,
    ) -> Connection[SupervisionLine]:
        return await listed(info, "supervision_line")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="指定人员. Name a custodian for a duty (Notice 4). By the head of the centre, or an officer "
        "at or above it; never himself. NOT_CUSTODIAN_HERE, ALREADY_DESIGNATED, SELF_GRANT, STAFF_HAS_LEFT, "
        "INSTITUTION_MERGED, BACKDATED, BAD_PERIOD; STOCK_NOT_HANDED_OVER where cards lie that nobody at "
        "work is designated for."
    )
    async def designate_custodian(self, info: Info, input: DesignateCustodianInput) -> DesignationResult:
        return await performed(
            info, "designation", lambda: designations.designate(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="End a designation; while cards are there, that for the stock passes by a handover "
        "instead (Notice 4). By whoever could make it. ALREADY_ENDED, SELF_GRANT, STOCK_NOT_HANDED_OVER; "
        "SIGNED_MOVEMENTS_OPEN while a list that he signed waits."
    )
    async def end_designation(self, info: Info, input: EndDesignationInput) -> DesignationResult:
        return await performed(
            info,
            "designation",
            lambda: designations.end_designation(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="业务主管. Say who supervises a custodian (Notice 4). By the head of the centre, or an "
        "officer at or above it; never of himself. NOT_SUPERVISOR_HERE, MOVEMENT_SIGNED_BY_ONE, "
        "ALREADY_SUPERVISED, SELF_GRANT, STAFF_HAS_LEFT, BACKDATED, BAD_PERIOD."
    )
    async def set_supervisor(self, info: Info, input: SetSupervisorInput) -> SupervisionLineResult:
        return await performed(
            info,
            "supervision_line",
            lambda: supervision.set_supervisor(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="End a supervision line, now or at a later moment (Notice 4). By whoever could set it. "
        "ALREADY_ENDED, SELF_GRANT, BACKDATED."
    )
    async def end_supervision(self, info: Info, input: EndSupervisionInput) -> SupervisionLineResult:
        return await performed(
            info,
            "supervision_line",
            lambda: supervision.end_supervision(info.context.desk, **given_arguments(input)),
        )
