"""The monthly run (月度工作): import, screen, renewals, and a worklist for every manager."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.errors import Refusal, WrongState
from models.registration import ReasonRequired
from models.vocabulary import MonthStep, WorkKind, WorkState


class StepDone(Refusal):
    """Somebody else has carried the month on since: what this step would do is done."""

    code = "MONTH_STEP_DONE"


class MonthRun(Row):
    """月度运行. One run for one as-of day. `step` is the last one that is done, and a run that was cut off goes on after it."""

    as_of = fields.DateField(unique=True)
    step = fields.CharField(max_length=16, null=True)
    source = fields.CharField(max_length=200, default="", db_default="")
    started_by_id = fields.UUIDField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    screened = fields.IntField(default=0, db_default=0)
    passed = fields.IntField(default=0, db_default=0)
    review_due = fields.IntField(default=0, db_default=0)
    expired = fields.IntField(default=0, db_default=0)
    newly_eligible = fields.IntField(default=0, db_default=0)
    no_longer_eligible = fields.IntField(default=0, db_default=0)
    near_misses = fields.IntField(default=0, db_default=0)
    terms_ending = fields.IntField(default=0, db_default=0)
    missing_data = fields.IntField(default=0, db_default=0)
    unmanaged = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "month_run"

    def behind(self, step: MonthStep) -> bool:
        """Whether this step is done."""
        order = list(MonthStep)
        return self.step is not None and order.index(MonthStep(self.step)) >= order.index(step)

    def must_be_before(self, step: MonthStep) -> None:
        """Two who run the same month at once do each step once between them."""
        if self.behind(step):
            raise StepDone(f"The step {step} of this month is done. Run the month again to go on after it.")

    async def pass_step(self, step: MonthStep, *changed: str) -> None:
        """This step is done, together with whatever it wrote; `changed` are the counts that it found."""
        self.step = step
        await self.save(update_fields=["step", *changed])

    async def finish(self, at: dt.datetime) -> None:
        self.finished_at = at
        await self.pass_step(MonthStep.DONE, "finished_at")

    def counted(self, kinds: dict[str, int]) -> tuple[str, ...]:
        """Take over how many items of each kind there are. The columns that hold it."""
        for kind, column in COUNTED.items():
            setattr(self, column, kinds.get(kind, 0))
        return tuple(COUNTED.values())


COUNTED = {
    WorkKind.NEWLY_ELIGIBLE: "newly_eligible",
    WorkKind.NO_LONGER_ELIGIBLE: "no_longer_eligible",
    WorkKind.NEAR_MISS: "near_misses",
    WorkKind.TERM_ENDING: "terms_ending",
    WorkKind.MISSING_DATA: "missing_data",
}
"""Where a run keeps how many items of each kind it made."""


class WorkItem(Row):
    """待办. One customer on the list of one month, for one reason. `manager_id` is who served him then, or null,
    so that his branch's head sees to it."""

    run: fields.ForeignKeyRelation[MonthRun] = fields.ForeignKeyField(
        "models.MonthRun", related_name="items", on_delete=fields.RESTRICT
    )
    run_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="work_items", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    manager_id = fields.UUIDField(null=True)
    kind = fields.CharField(max_length=24)
    tier = fields.CharField(max_length=16, null=True)
    evaluation_id = fields.UUIDField(null=True)
    membership_id = fields.UUIDField(null=True)
    state = fields.CharField(max_length=16, default="OPEN", db_default="OPEN")
    due_on = fields.DateField()
    done_at = fields.DatetimeField(null=True)
    done_by_id = fields.UUIDField(null=True)
    note = fields.CharField(max_length=400, default="", db_default="")

    class Meta:
        table = "work_item"
        unique_together = (("run", "customer", "kind"),)
        indexes = [
            Index(fields=("customer_id", "state")),
            Index(fields=("manager_id", "state", "due_on")),
        ]

    async def close(self, note: str, *, at: dt.datetime, by: UUID) -> None:
        """Done, with a word on what came of it. WRONG_STATE unless open: what a later month has replaced stays so."""
        if self.state != WorkState.OPEN:
            raise WrongState(
                f"This item is {self.state}; only an OPEN one is closed. Look at this month's list."
            )
        if not note:
            raise ReasonRequired("Write in a word what came of it.", field="note")
        self.state, self.note, self.done_at, self.done_by_id = WorkState.DONE, note, at, by
        await self.save(update_fields=["state", "note", "done_at", "done_by_id"])
