"""The monthly run (月度工作): import, screen, renewals, and a worklist for every manager."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer


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
