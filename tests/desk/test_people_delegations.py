"""代班: a deputy sees what is assigned to his principal, from a moment to a moment, and nothing of another branch."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import DataClass
from desk.people.delegations import delegate, end_delegation
from desk.selection import Page, Purpose, Section, Selection
from models.people import Delegation
from tests.conftest import NOW
from tests.digest import refused

SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)
END = NOW + dt.timedelta(days=9)
ASSETS = Selection(
    "customer",
    ("number",),
    sections=(Section("assets", DataClass.ASSET, ("band",)),),
    page=Page(first=10),
    purpose=Purpose("ADVICE"),
)


async def zhou_is(desk) -> str:
    rows = {row["number"]: row["assets"]["visibility"].value for row in (await desk.read(ASSETS)).rows}
    return rows["C000001"]


def lin_to_luo(bank, **more) -> dict:
    return {
        "principal_id": bank.staff["lin"].id,
        "deputy_id": bank.staff["luo"].id,
        "reason": "holiday",
        "valid_to": END,
    } | more


async def test_a_delegation_holds_at_once_for_a_running_desk_and_ends_at_once(bank, seat):
    running = await seat(bank.staff["luo"])
    assert await zhou_is(running) == "MASKED"
    han = await seat(bank.staff["han"])
    held = await delegate(han, **lin_to_luo(bank))
    assert await zhou_is(running) == "VISIBLE"
    await end_delegation(han, delegation_id=held.id, reason="back early")
    assert await zhou_is(running) == "MASKED"
    assert (await Delegation.get()).end_reason == "back early"


async def test_a_delegation_begins_and_ends_at_the_very_second(bank, seat):
    start, end = NOW + SECOND, NOW + 2 * SECOND
    await delegate(await seat(bank.staff["han"]), **lin_to_luo(bank, valid_from=start, valid_to=end))
    for moment, seen in (
        (start - TICK, "MASKED"),
        (start, "VISIBLE"),
        (end - TICK, "VISIBLE"),
        (end, "MASKED"),
    ):
        assert await zhou_is(await seat(bank.staff["luo"], moment)) == seen


async def test_an_end_told_ahead(bank, seat):
    han = await seat(bank.staff["han"])
    held = await delegate(han, **lin_to_luo(bank))
    await end_delegation(han, delegation_id=held.id, reason="back", at=NOW + SECOND)
    assert await zhou_is(await seat(bank.staff["luo"], NOW)) == "VISIBLE"
    assert await zhou_is(await seat(bank.staff["luo"], NOW + SECOND)) == "MASKED"
    async with refused("ALREADY_ENDED", han):
        await end_delegation(han, delegation_id=held.id, reason="again")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"deputy_id": "tang"}, "DEPUTY_NOT_HERE", id="deputy of another branch"),
        pytest.param({"deputy_id": "gao"}, "DEPUTY_NOT_HERE", id="deputy of another role"),
        pytest.param({"deputy_id": "lin"}, "SAME_PERSON", id="for himself"),
        pytest.param({"deputy_id": "han"}, "SELF_GRANT", id="to the head himself"),
        pytest.param({"principal_id": "tang"}, "FORBIDDEN", id="principal of another branch"),
        pytest.param({"principal_id": "gao"}, "FORBIDDEN", id="principal without customers"),
        pytest.param({"valid_to": NOW}, "BAD_PERIOD", id="no time"),
        pytest.param({"valid_from": NOW - TICK}, "BACKDATED", id="backdated"),
        pytest.param({"reason": " "}, "BAD_USER_INPUT", id="no reason"),
    ],
)
async def test_what_is_no_delegation(bank, seat, said, code):
    given = {
        key: bank.staff[it].id if isinstance(it, str) and it in bank.staff else it for key, it in said.items()
    }
    desk = await seat(bank.staff["han"])
    async with refused(code, desk):
        await delegate(desk, **lin_to_luo(bank, **given))


@pytest.mark.parametrize("who", ["lin", "nan", "wu", "deng", "secadmin", "nobody", "gao"])
async def test_only_the_head_of_the_branch_delegates(bank, seat, who):
    held = await delegate(await seat(bank.staff["han"]), **lin_to_luo(bank))
    desk = await seat(bank.staff[who])
    async with refused("FORBIDDEN", desk):
        await delegate(desk, **lin_to_luo(bank))
    async with refused("FORBIDDEN", desk):
        await end_delegation(desk, delegation_id=held.id, reason="no")
