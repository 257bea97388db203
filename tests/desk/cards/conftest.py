"""A member, and a centre with cards, for every test of them."""

from __future__ import annotations

import pytest

from tests.cards import Cards


@pytest.fixture
async def cards(bank, policy) -> Cards:
    """The small bank with two more pairs who keep cards, a member, and a stock for him (tests/cards.py)."""
    return await (await Cards.begin(bank, policy)).filled()
