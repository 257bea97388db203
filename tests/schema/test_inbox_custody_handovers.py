"""待办: a handover list of cards waits for each whom it names, until he has signed, and for nobody else (Notice 4)."""

from __future__ import annotations

import pytest

from desk import stock_handovers
from desk.people.leaving import leave
from tests.custody import Custody
from tests.desk.stock.handing import draw_up, kept, sign
from tests.schema.ask import ask

WAITING = "{ stockHandoversToSign(first: 5) { totalCount nodes { id state } } stockHandovers(first: 5) { totalCount } }"
EVERYBODY = ("he", "hu", "zhao", "han", "wu", "qi", "lin")


@pytest.fixture
async def safe(custody: Custody) -> Custody:
    return await kept(custody)


async def waits(custody: Custody, *names: str) -> dict[str, int]:
    """For whom of these people a list waits."""
    found = {}
    for who in names:
        answer = (await ask(await custody.desk(who), WAITING))["stockHandoversToSign"]
        assert len(answer["nodes"]) == answer["totalCount"]
        if answer["totalCount"]:
            found[who] = answer["totalCount"]
    return found


async def test_it_waits_for_the_three_until_each_has_signed(safe):
    handover = await draw_up(safe)
    assert await waits(safe, *EVERYBODY) == {"he": 1, "hu": 1, "zhao": 1}
    await sign(safe, handover, "hu")
    assert await waits(safe, *EVERYBODY) == {"he": 1, "zhao": 1}
    await sign(safe, handover, "he", "zhao")
    assert await waits(safe, *EVERYBODY) == {}


async def test_one_that_was_called_off_waits_for_nobody(safe):
    handover = await draw_up(safe)
    await stock_handovers.call_off(await safe.desk("han"), stock_handover_id=handover.id)
    assert await waits(safe, *EVERYBODY) == {}


async def test_in_the_place_of_a_giver_who_is_gone_it_waits_for_the_second_witness(safe):
    await leave(await safe.desk("secadmin"), staff_id=safe.bank.staff["he"].id, reason="retires")
    handover = await draw_up(safe, "wu", second="han")
    others = [who for who in EVERYBODY if who != "he"]
    assert await waits(safe, *others) == {"hu": 1, "zhao": 1, "han": 1}
    await sign(safe, handover, "han")
    assert await waits(safe, *others) == {"hu": 1, "zhao": 1}
