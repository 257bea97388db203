"""The cards of a centre in a custodian's charge, for every test of a handover."""

from __future__ import annotations

import pytest

from tests.custody import Custody
from tests.desk.stock.handing import kept


@pytest.fixture
async def safe(custody: Custody) -> Custody:
    """A hundred cards in He's charge at the centre, and Hu, who could receive them."""
    return await kept(custody)
