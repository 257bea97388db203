"""The screening of a month: by every head-office standard over the whole bank, by each branch's own over its subtree."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise.expressions import Q

from desk.acts import act
from desk.clock import business_day
from desk.desk import Desk
from desk.dialect import Statement, fetch, is_postgres
from desk.months.steps import Progress, held
from desk.standards.screening import EARLIEST, run_screening
from models.errors import BadInput
from models.months import MonthRun
from models.standards import Screening, Standard
from models.vocabulary import LawState, MonthStep


def must_be_over(as_of: dt.date, now: dt.datetime) -> None:
    if not EARLIEST <= as_of <= business_day(now):
        raise BadInput(
            f"{as_of.isoformat()} is not a day that a month can be run for. Give one from {EARLIEST.isoformat()} to today.",
            field="asOf",
        )


async def standards_due(as_of: dt.date) -> list[Standard]:
    """The standards that are law on this day, head office's first (Art. 6, 8)."""
    found = await Standard.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gte=as_of),
        state=LawState.APPROVED,
        effective_from__lte=as_of,
    ).order_by("code", "version")
    return sorted(found, key=lambda it: it.owner_id is not None)


async def screen_all(desk: Desk, run_id: UUID, progress: Progress) -> None:
    """One screening for each standard, each in its own transaction: a run that was cut off goes on with the next."""
    run = await MonthRun.get(id=run_id)
    for standard in await standards_due(run.as_of):
        if not await Screening.exists(month_run_id=run_id, standard_id=standard.id):
            label = standard.code

            def step(phase: str, done: int, total: int, label: str = label) -> None:
                progress(f"{label} {phase}", done, total)

            await _screen(desk, step, run_id=run_id, standard_id=standard.id)
    await _screened(desk, run_id=run_id)


@act("runMonthScreen", Screening)
async def _screen(desk: Desk, progress: Progress, /, *, run_id: UUID, standard_id: UUID) -> Screening:
    run = await held(desk, run_id, MonthStep.SCREEN)
    known = await Screening.get_or_none(month_run_id=run_id, standard_id=standard_id)
    if known is not None:
        return known
    return await run_screening(
        standard=await Standard.get(id=standard_id),
        as_of=run.as_of,
        month_run_id=run_id,
        started_by=desk.staff_id,
        now=desk.now,
        progress=progress,
    )


@act("runMonthScreened", MonthRun)
async def _screened(desk: Desk, *, run_id: UUID) -> MonthRun:
    """How many customers were judged, and how many of them pass by any standard: each counts once."""
    run = await held(desk, run_id, MonthStep.SCREEN)
    s = Statement(is_postgres())
    rows = await fetch(
        s,
        "SELECT COUNT(*) AS judged, COALESCE(SUM(p.passed), 0) AS passed FROM"
        " (SELECT MAX(CASE WHEN e.passed THEN 1 ELSE 0 END) AS passed FROM screening g"
        " JOIN evaluation e ON e.screening_id = g.id"
        f" WHERE g.month_run_id = {s.bind(run_id)} GROUP BY e.customer_id) p",
    )
    run.screened, run.passed = int(rows[0]["judged"]), int(rows[0]["passed"])
    await run.pass_step(MonthStep.SCREEN, "screened", "passed")
    return run
