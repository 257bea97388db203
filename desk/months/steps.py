"""What the steps of a monthly run share: who may run it, its row held for one step, and who watches."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from authz import Action, Facts, Kind
from desk.desk import Desk
from desk.errors import Forbidden
from desk.standards.scopes import WHOLE
from models.months import MonthRun
from models.vocabulary import MonthStep

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def quiet(label: str, done: int, total: int) -> None:
    """Nobody watches."""


def must_run_months(desk: Desk) -> None:
    """For who may screen the whole bank: head office's policy officer."""
    try:
        desk.require(Action.SCREEN, Kind.SCREENING, Facts(path=WHOLE))
    except Forbidden:
        raise Forbidden(
            "The monthly run is head office's policy officer's. Ask him, or screen your own branch."
        ) from None


async def held(desk: Desk, run_id: UUID, step: MonthStep) -> MonthRun:
    """The run, locked until the act ends, with this step still before it. MONTH_STEP_DONE when another has done it."""
    must_run_months(desk)
    run = await MonthRun.filter(id=run_id).select_for_update(no_key=True).get()
    run.must_be_before(step)
    return run
