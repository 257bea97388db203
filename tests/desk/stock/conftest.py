"""The second pairs who keep cards, for every test of the stock."""

from __future__ import annotations

import pytest

from tests.custody import Custody


@pytest.fixture
async def custody(bank, policy) -> Custody:
    """The small bank with two more pairs who keep cards (tests/custody.py)."""
    return await Custody.begin(bank, policy)
