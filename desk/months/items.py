"""Closing an item of a worklist: the manager, who stands in for him, or their head says what came of it."""

from __future__ import annotations

from uuid import UUID

from authz import Action
from desk.acts import act
from desk.desk import Desk
from desk.membership import hold
from models.months import WorkItem
from models.wording import worded


@act("closeWorkItem", WorkItem)
async def close_work_item(
    desk: Desk, *, work_item_id: UUID, note: str, idempotency_key: str | None = None
) -> WorkItem:
    """办结: an item is done, with a word on what came of it.

    For the manager who serves the customer now, who stands in for him, and the branch's head. REASON_REQUIRED;
    WRONG_STATE once it is closed or a later month's list has replaced it.
    """
    seen = await desk.open(WorkItem, work_item_id, Action.RECORD)
    await hold(seen.customer_id)
    item = await desk.open(WorkItem, work_item_id, Action.RECORD, lock=True)
    await item.close(worded(note, 400, "note"), at=desk.now, by=desk.staff_id)
    return item
