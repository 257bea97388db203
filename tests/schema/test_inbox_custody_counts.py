"""待办: a count waits for its counters in their order, a destruction list for both sides, then for both witnesses (Annex 1)."""

from __future__ import annotations

import pytest

from authz import Role
from desk.destruction import listing
from desk.stocktakes import opening
from models.custody import DestructionSide
from models.designations import Designation
from models.people import Assignment
from tests.cast import staff_member
from tests.custody import Custody, post
from tests.custody_lists import (
    approved,
    approved_for,
    confirmed,
    counted,
    listed,
    opened,
    void,
    witnessed,
)
from tests.schema.ask import ask
from tests.schema.statements import statements

LISTS = ("stocktakesToCount", "destructionsToApprove", "destructionsToWitness")
INBOX = "{ " + " ".join(f"{name}(first: 5) {{ totalCount nodes {{ id }} }}" for name in LISTS) + " }"


@pytest.fixture
async def custody(custody: Custody) -> Custody:
    await custody.stocked((0, 99))
    await void(custody, (0, 9))
    return custody


async def waits(custody: Custody) -> dict[str, set[str]]:
    """For whom of the whole cast anything waits, and which lists."""
    found: dict[str, set[str]] = {}
    for who in custody.bank.staff:
        answer = await ask(await custody.desk(who), INBOX)
        assert all(len(answer[name]["nodes"]) == answer[name]["totalCount"] for name in LISTS)
        told = {name for name in LISTS if answer[name]["totalCount"]}
        if told:
            found[who] = told
    return found


async def test_a_count_waits_for_the_first_counter_then_for_the_second(custody):
    stocktake = await opened(custody)
    assert await waits(custody) == {"ku": {"stocktakesToCount"}}
    stocktake = await counted(custody, stocktake, (0, 98))
    assert await waits(custody) == {"jian": {"stocktakesToCount"}}
    await confirmed(custody, stocktake, (0, 99))
    assert await waits(custody) == {}


async def test_a_count_that_is_called_off_waits_for_nobody(custody):
    stocktake = await opened(custody)
    await opening.call_off(
        await custody.desk("pan"), stocktake_id=stocktake.id, version=stocktake.version, reason="no time"
    )
    assert await waits(custody) == {}


async def test_a_counter_who_has_lost_his_post_has_nothing_to_count(custody):
    await opened(custody)
    await Designation.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    await Assignment.filter(staff_id=custody.bank.staff["ku"].id).update(ended_at=custody.bank.now)
    assert await waits(custody) == {}


async def test_a_destruction_list_waits_for_both_sides_then_for_both_witnesses(custody):
    row = await listed(custody, (0, 9))
    both = {"zhang": {"destructionsToApprove"}, "auditor": {"destructionsToApprove"}}
    assert await waits(custody) == both
    row = await approved_for(custody, row, DestructionSide.ACCOUNTING)
    assert await waits(custody) == {"auditor": {"destructionsToApprove"}}
    row = await approved_for(custody, row, DestructionSide.AUDIT)
    watch = {"destructionsToWitness"}
    assert await waits(custody) == {"pan": watch, "deng": watch}
    await witnessed(custody, row, "pan")
    assert await waits(custody) == {"deng": watch}
    await witnessed(custody, row, "deng")
    assert await waits(custody) == {}


async def test_a_list_that_is_called_off_waits_for_nobody(custody):
    row = await approved(custody, await listed(custody, (0, 9)))
    await listing.call_off(
        await custody.desk("ku"), destruction_id=row.id, version=row.version, reason="witness ill"
    )
    assert await waits(custody) == {}


@pytest.mark.parametrize("why", ["listed it", "watches it", "approved the other side", "another department"])
async def test_who_may_not_approve_is_not_shown_the_list(custody, why):
    bank = custody.bank
    again = {"listed it": "ku", "watches it": "pan", "approved the other side": "auditor"}
    if why in again:
        person = await bank.staff[again[why]].person
        bank.staff["zhang"] = await staff_member("zhang2", "章计", person)
        await Assignment.filter(role=Role.PARTNER_HEAD).update(ended_at=bank.now)
        await post(bank, bank.staff["zhang"], Role.PARTNER_HEAD, "SC")
    else:
        await Assignment.filter(role=Role.PARTNER_HEAD).update(department="BANK_CARDS")
    row = await listed(custody, (0, 9))
    if why == "approved the other side":
        await approved_for(custody, row, DestructionSide.AUDIT)
    assert "zhang" not in await waits(custody)


async def test_the_inbox_is_one_statement_for_each_list(custody):
    await opened(custody)
    desk = await custody.desk("ku")
    await ask(desk, INBOX)
    with statements() as sent:
        await ask(desk, INBOX)
    assert len([text for text, _ in sent if "access_record" not in text]) == len(LISTS)
