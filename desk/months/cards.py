"""The cards of a month: whose term has ended by the as-of day is written down as expired (到期失效, Art. 16).

The clock has told so before (desk/sights/cards.VERDICT); this puts it into the card's own story.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from desk.acts import act
from desk.desk import Desk
from desk.months.steps import Progress, held
from desk.trail import ALLOW, Entry
from models.cards import Card
from models.custody import CardState
from models.months import MonthRun
from models.vocabulary import MonthStep

BATCH = 200
"""Cards of one transaction."""


async def expire_cards(desk: Desk, run_id: UUID, progress: Progress) -> None:
    """Batch by batch, each in its own transaction: what was cut off goes on with those that are left."""
    run = await MonthRun.get(id=run_id)
    total, done = await _over(run.as_of).count(), 0
    progress("cards", 0, total)
    while batch := await _batch(run.as_of):
        await _expire(desk, batch, run_id=run_id)
        done += len(batch)
        progress("cards", min(done, total), total)


def _over(as_of: dt.date) -> QuerySet[Card]:
    return Card.filter(state__in=[CardState.ISSUED, CardState.LOST], term_ends__lt=as_of)


async def _batch(as_of: dt.date) -> list[UUID]:
    ids: Any = await _over(as_of).order_by("id").limit(BATCH).values_list("id", flat=True)
    return list(ids)


@act("runMonthCards", MonthRun)
async def _expire(desk: Desk, batch: list[UUID], /, *, run_id: UUID) -> MonthRun:
    run = await held(desk, run_id, MonthStep.RENEWALS)
    # In one order for all, so that two who hold several cards do not wait in a circle.
    for card in await _over(run.as_of).filter(id__in=batch).order_by("id").select_for_update(no_key=True):
        await card.expire(run.as_of, now=desk.now, by=desk.staff_id)
        await desk.record(Entry("expireCard", ALLOW, "card", object_id=card.id, customer_id=card.customer_id))
    return run
