"""What the tests of the import share: the administrator who may, and a town that was imported."""

import datetime as dt

import pytest

from models.indicators import Indicator
from tests.desk.imports.runs import imported
from tests.desk.imports.town import build


@pytest.fixture
async def admin(bank, seat):
    # The town's figures of an indicator need one that head office has approved.
    await Indicator.create(
        code="SC-PAYROLL",
        version=1,
        name="代发工资",
        owner=bank.places["SC"],
        currency="CNY",
        threshold=50_000_00,
        reason="payroll customers",
        state="APPROVED",
        effective_from=dt.date(2025, 1, 1),
    )
    return await seat(bank.staff["sysadmin"])


@pytest.fixture
async def town(admin, tmp_path):
    await imported(admin, build(tmp_path / "town"))
    return tmp_path / "town"
