"""Rates and holidays of the published files: counted, crossed over EUR, and a Sunday at Friday's rate."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.pkdd99.bank import Timings
from tests.pkdd99.fx import FX, bring_in_rates, convert_the_bank
from tests.shared_data import shared

pytestmark = pytest.mark.shared
SINCE = dt.date(2024, 1, 1)


async def test_the_bank_in_yuan_by_the_cross_rate(czech, policy, second, tmp_path):
    published = await bring_in_rates(policy, shared(FX), SINCE, tmp_path, Timings(czech[:8], quiet=True))
    # Sundays: 2024-03-31, after Good Friday, and 2024-06-30. Saturdays: 2024-08-31 and 2024-11-30.
    assert published.last("CNY", dt.date(2024, 6, 30))[0] == dt.date(2024, 6, 28)
    assert await convert_the_bank(policy, published, second, dt.date(2024, 12, 31), "YUAN") == 4
