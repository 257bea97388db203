"""Running a month: one named job, step by step, each step whole or not at all, so that it goes on where it stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from desk.acts import act
from desk.desk import Desk
from desk.imports.loading import Flips, run_import
from desk.imports.report import Report
from desk.months.renewals import renew_all
from desk.months.screening import must_be_over, screen_all, standards_due
from desk.months.steps import Progress, held, must_run_months, quiet
from desk.months.worklist import make_worklist
from desk.standards.versions import NoStandard
from models.errors import BadInput, Refusal
from models.months import MonthRun
from models.vocabulary import MonthStep

LONGEST_SOURCE = 200


class ImportFailed(Refusal):
    """A month is judged by figures that were read whole: with a refused file it does not go on."""

    code = "MONTH_IMPORT_REFUSED"


@dataclass(frozen=True, slots=True)
class Source:
    """The folder of the month's files, and the system administrator in whose name they are imported."""

    folder: Path
    importer: Desk

    @property
    def name(self) -> str:
        return self.folder.name[-LONGEST_SOURCE:]


Reported = Callable[[Report], None]
"""Told what the import found, refused or not."""


def untold(report: Report) -> None:
    """Nobody asks."""


async def run_month(
    desk: Desk,
    *,
    as_of: dt.date,
    source: Source | None = None,
    progress: Progress = quiet,
    reported: Reported = untold,
    flips: Flips | None = None,
) -> MonthRun:
    """The month as of a day, from whichever step it stopped at to its end: IMPORT, SCREEN, RENEWALS, WORKLIST, DONE.

    For head office's policy officer; the import, if any, for a system administrator (decisions.md 15). A month that
    is done is left as it is. An earlier day than the last run's is for past months: everything is compared with that
    day, and its list is written as superseded, so that nobody's work of today is replaced by it.
    Refuses NO_STANDARD, MONTH_IMPORT_REFUSED, BAD_USER_INPUT for a day that is not over and for another source than
    the run began with, and what a screening refuses.
    """
    run = await _begin(desk, as_of=as_of, source=source.name if source else "")
    steps: dict[MonthStep, Callable[[], Awaitable[object]]] = {
        MonthStep.IMPORT: lambda: _import(desk, run.id, source, progress, reported, flips),
        MonthStep.SCREEN: lambda: screen_all(desk, run.id, progress),
        MonthStep.RENEWALS: lambda: renew_all(desk, run.id, progress),
        MonthStep.WORKLIST: lambda: make_worklist(desk, run.id, progress),
        MonthStep.DONE: lambda: _finish(desk, run_id=run.id),
    }
    for step, work in steps.items():
        if not run.behind(step):
            await work()
    return await MonthRun.get(id=run.id)


@act("runMonth", MonthRun)
async def _begin(desk: Desk, *, as_of: dt.date, source: str) -> MonthRun:
    """The run of this day, new or found again. Its record is in the trail before anything is done."""
    must_run_months(desk)
    must_be_over(as_of, desk.now)
    run = await MonthRun.get_or_none(as_of=as_of)
    if run is None:
        if not await standards_due(as_of):
            raise NoStandard(
                f"No standard is in force on {as_of.isoformat()}. Look at the list of standards.",
                field="asOf",
            )
        return await MonthRun.create(
            as_of=as_of, source=source, started_by_id=desk.staff_id, started_at=desk.now
        )
    if run.behind(MonthStep.IMPORT) and source and source != run.source:
        raise BadInput(
            f"This month was begun with {run.source or 'no import'}. Repeat it so; what is imported now counts "
            "for the next one.",
            field="import",
        )
    return run


async def _import(
    desk: Desk,
    run_id: UUID,
    source: Source | None,
    progress: Progress,
    reported: Reported,
    flips: Flips | None,
) -> None:
    if source is not None:
        report = await run_import(source.importer, [source.folder], progress=progress, flips=flips)
        reported(report)
        if not report.ok:
            raise ImportFailed(
                "A file was refused, so the month stops here. Correct it and run the month again.",
                field="import",
            )
    await _imported(desk, run_id=run_id, source=source.name if source else "")


@act("runMonthImport", MonthRun)
async def _imported(desk: Desk, *, run_id: UUID, source: str) -> MonthRun:
    run = await held(desk, run_id, MonthStep.IMPORT)
    run.source = source
    await run.pass_step(MonthStep.IMPORT, "source")
    return run


@act("runMonthEnd", MonthRun)
async def _finish(desk: Desk, *, run_id: UUID) -> MonthRun:
    run = await held(desk, run_id, MonthStep.DONE)
    await run.finish(desk.now)
    return run
