"""Monthly runs (月度工作) and their worklists (待办): what a month found, who is to be spoken to, and until when."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from desk.months import close_work_item
from desk.selection import Portfolio
from models.vocabulary import MonthStep, Tier, WorkKind, WorkState
from schema.context import Info
from schema.fields import column, one
from schema.filters import DateFilter
from schema.membership import Membership
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.standards import Evaluation
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.customers import Customer

strawberry.enum(
    MonthStep, description="The last step of a monthly run that is done; DONE is the last of all."
)
strawberry.enum(WorkKind, description="Why a customer is on the list of a month.")
strawberry.enum(WorkState, description="SUPERSEDED: a later month's list has replaced it.")


@strawberry.type(description="月度运行. The run of one month; a cut-off one goes on after `step`.")
class MonthRun(Node):
    TABLE: ClassVar[str] = "month_run"

    as_of: dt.date = column(about="The day that customers were judged by and terms compared with.")
    step: MonthStep | None = column(about="The last step that is done; null before the first.")
    source: str = column(about="Which folder was imported first; empty: none.")
    started_at: dt.datetime = column(about="When it was begun.")
    finished_at: dt.datetime | None = column(about="When it was done; null: it is not.")
    screened: int = column(about="Customers who were judged, each counted once.")
    passed: int = column(about="Of them, who pass by any standard.")
    review_due: int = column(about="Memberships that fell due for review (Art. 16).")
    expired: int = column(about="Memberships that expired (Art. 16).")
    newly_eligible: int = column(about="Items: who passes and is no member.")
    no_longer_eligible: int = column(about="Items: members who fail by their tier's standard.")
    near_misses: int = column(about="Items: who is within 5 % of a threshold and passes nowhere.")
    terms_ending: int = column(about="Items: members whose review is due.")
    missing_data: int = column(about="Items: whose figures are not all known.")
    unmanaged: int = column(about="Of all items, those that are on nobody's list (Art. 9).")


@strawberry.type(description="待办. One customer on the list of one month, for one reason.")
class WorkItem(Node):
    TABLE: ClassVar[str] = "work_item"

    kind: WorkKind = column(about="Why.")
    tier: Tier | None = column(about="By which tier's standard; head office's wins.")
    state: WorkState = column(about="Open, done, or replaced by a later month's.")
    due_on: dt.date = column(about="The last day for it, in working days after the list was made.")
    done_at: dt.datetime | None = column(about="When it was closed.")
    note: str = column(about="What came of it.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Whom it is about."
    )
    membership: Membership | None = one(
        "membership", "membership", about="His membership; null: he has none."
    )
    evaluation: Evaluation | None = one("evaluation", "evaluation", about="What it rests on.")
    manager: Staff | None = one(
        "manager", "staff", about="Who served him when the list was made; null: nobody."
    )
    done_by: Staff | None = one("done_by", "staff", about="Who closed it.")
    run: MonthRun | None = one("run", "month_run", about="The run, for who may see runs.")


WorkItemResult = Annotated[
    WorkItem | Problem, strawberry.union("WorkItemResult", description="An item of a worklist, or why not.")
]


@strawberry.input(description="Compares a kind of work. An empty `in` matches nothing.")
class WorkKindFilter:
    eq: WorkKind | None = compare("Equal.")
    in_: list[WorkKind] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a state of work. An empty `in` matches nothing.")
class WorkStateFilter:
    eq: WorkState | None = compare("Equal.")
    in_: list[WorkState] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters items of worklists.")
class WorkItemWhere:
    kind: WorkKindFilter | None = compare("Why.")
    state: WorkStateFilter | None = compare("State.")
    due_on: DateFilter | None = compare("The last day for it.")
    and_: list[WorkItemWhere] | None = compare(AND, name="and")
    or_: list[WorkItemWhere] | None = compare(OR, name="or")
    not_: WorkItemWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How items of worklists are ordered.")
class WorkItemOrder(Enum):
    DUE_ON_ASC = "due_on asc"
    DUE_ON_DESC = "due_on desc"


@strawberry.input(description="An item of a worklist to close.")
class CloseWorkItemInput:
    work_item_id: strawberry.ID = strawberry.field(description="Which item.")
    note: str = strawberry.field(description="In a word, what came of it. At most 400 characters.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Monthly runs, for head office's policy officer.")
    async def month_runs(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[MonthRun]:
        return await listed(info, "month_run")

    @strawberry.field(
        description="Items of worklists: a manager's of his own customers, a head's of the whole branch."
    )
    async def work_items(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: WorkItemWhere | None = None,
        order_by: list[WorkItemOrder] | None = None,
        portfolio: Portfolio = Portfolio.REACH,
        purpose: PurposeArgument = None,
    ) -> Connection[WorkItem]:
        return await listed(info, "work_item")


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Close an item of a worklist (Notice 6). By the customer's manager, his deputy, or "
        "their head."
    )
    async def close_work_item(self, info: Info, input: CloseWorkItemInput) -> WorkItemResult:
        return await performed(
            info, "work_item", lambda: close_work_item(info.context.desk, **given_arguments(input))
        )
