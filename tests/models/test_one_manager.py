"""A customer has one manager at a time, and the database itself holds everybody to it (Art. 9)."""

from __future__ import annotations

import datetime as dt

import pytest
from tortoise.exceptions import IntegrityError

from models.customers import ManagerAssignment
from tests.cast import START

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("until", [None, START + 40 * DAY], ids=["no end", "an end"])
async def test_two_managers_at_once_are_refused(bank, until):
    with pytest.raises(IntegrityError):
        await ManagerAssignment.create(
            customer=bank.customers["zhou"],
            manager=bank.staff["luo"],
            valid_from=START + 30 * DAY,
            valid_to=until,
            recorded_at=START,
        )


async def test_one_after_the_other_is_what_a_handover_is(bank):
    mine = await ManagerAssignment.get(customer_id=bank.customers["zhou"].id)
    await mine.end(at=START + 30 * DAY, now=bank.now, by=None, reason="handed over")
    await ManagerAssignment.create(
        customer=bank.customers["zhou"],
        manager=bank.staff["luo"],
        valid_from=START + 30 * DAY,
        recorded_at=START,
    )
    assert await ManagerAssignment.filter(customer_id=bank.customers["zhou"].id).count() == 2
