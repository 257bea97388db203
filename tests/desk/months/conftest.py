"""What the tests of the monthly run share: the small bank with room for more customers, and who runs its months."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import Policy
from desk.desk import Desk
from desk.months import run_month
from models.months import MonthRun
from tests.cast import Cast
from tests.conftest import NOW
from tests.desk.months.town import AS_OF, Town


@pytest.fixture
def town(bank: Cast) -> Town:
    return Town(bank)


@pytest.fixture
def month(bank: Cast, policy: Policy):
    """Run a month, as head office's policy officer, now: `await month()`, `await month(as_of)`."""

    async def run(
        as_of: dt.date = AS_OF, *, now: dt.datetime = NOW, who: str = "officer", **more
    ) -> MonthRun:
        return await run_month(await Desk.take(policy, bank.staff[who].id, now), as_of=as_of, **more)

    return run
