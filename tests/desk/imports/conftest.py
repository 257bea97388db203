"""What the tests of the import share: the administrator who may, and a town that was imported."""

import pytest

from tests.desk.imports.runs import imported
from tests.desk.imports.town import build


@pytest.fixture
async def admin(bank, seat):
    return await seat(bank.staff["sysadmin"])


@pytest.fixture
async def town(admin, tmp_path):
    await imported(admin, build(tmp_path / "town"))
    return tmp_path / "town"
