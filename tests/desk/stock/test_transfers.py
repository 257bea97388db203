"""Transfers: out under two signatures, under way, in under two others (Notice 4, Annex 1)."""

from __future__ import annotations

import pytest

from authz import Role
from desk.institutions import merge_institutions
from desk.stock import signing
from desk.stock.transfers import list_arrival
from models.institutions import Institution
from models.stock import StockDay
from tests.custody import designate, line, person, spans
from tests.digest import refused


async def test_cards_pass_from_the_branch_to_its_centre_by_four_persons(custody):
    await custody.stocked((0, 9_999))
    sent = await custody.posted(await custody.allocation((1_000, 1_999)))

    assert await custody.lying() == [
        ("IN_STOCK", 0, 999),
        ("IN_TRANSIT", 1_000, 1_999),
        ("IN_STOCK", 2_000, 9_999),
    ]
    arrival = await custody.counted(sent, (1_000, 1_499), (1_500, 1_999))
    await custody.posted(arrival, ("he", "zhao"))

    assert await custody.lying("CDW") == [("IN_STOCK", 1_000, 1_999)]
    branch, centre = await custody.account("SC"), await custody.account("CDW")
    assert (branch.received, branch.went_out, branch.in_stock, branch.in_transit) == (10_000, 1_000, 9_000, 0)
    assert (centre.received, centre.came_in, centre.in_stock) == (0, 1_000, 1_000)
    day = await StockDay.get(institution_id=branch.institution_id)
    assert (day.opening, day.came_in, day.went_out, day.closing, day.movements) == (
        0,
        10_000,
        1_000,
        9_000,
        2,
    )


async def test_nothing_moves_on_the_first_signature(custody):
    await custody.stocked((0, 99))
    before = await custody.lying()
    await custody.sign(await custody.allocation((0, 9)))
    assert await custody.lying() == before


@pytest.mark.measure("N4f")
async def test_the_receivers_list_equals_the_senders(custody):
    await custody.stocked((0, 99))
    sent = await custody.sent((0, 9))
    waiting = await custody.arrival(sent)
    desk = await custody.desk("he")
    async with refused("LIST_DIFFERS", desk):
        await list_arrival(desk, movement_id=waiting.id, version=1, ranges=spans((0, 8)))
    desk = await custody.desk("he")
    async with refused("LIST_DIFFERS", desk):
        await list_arrival(desk, movement_id=waiting.id, version=1, ranges=spans((0, 10)))


async def test_a_transfer_that_was_not_taken_in_is_reversed_whole(custody):
    await custody.stocked((0, 99))
    sent = await custody.sent((10, 19))
    await custody.posted(await custody.reversal(sent))

    assert await custody.lying() == [("IN_STOCK", 0, 99)]
    assert (await custody.arrival(sent)).state == "REJECTED"
    account = await custody.account()
    assert (account.in_stock, account.in_transit, account.went_out) == (100, 0, 0)


async def merge(custody) -> None:
    await merge_institutions(
        await custody.desk("officer"),
        from_id=custody.place("MY").id,
        into_id=custody.place("CD").id,
        reason="one is enough",
    )


async def test_an_institution_is_not_merged_while_cards_are_there_or_on_their_way(custody):
    """Nobody would be designated for them any more, and they would lie there for ever."""
    bank = custody.bank
    for name, role in (("ma", Role.CARD_CUSTODIAN), ("yuan", Role.CARD_SUPERVISOR)):
        bank.staff[name] = await person(bank, name, name, role, "MY")
    await line(bank, "yuan", "ma")
    await designate(bank, "ma", "MY")
    await custody.stocked((0, 99))
    await custody.quota("MY", 100)
    sent = await custody.sent((0, 9), to="MY")
    desk = await custody.desk("officer")
    async with refused("STOCK_NOT_HANDED_OVER", desk):
        await merge(custody)
    await custody.posted(await custody.counted(sent, (0, 9), who="ma"), ("ma", "yuan"))
    async with refused("STOCK_NOT_HANDED_OVER", desk):
        await merge(custody)
    back = await custody.allocation((0, 9), who="ma", place="MY", to="SC")
    await custody.posted(back, ("ma", "yuan"))
    async with refused("STOCK_NOT_HANDED_OVER", desk):
        await merge(custody)
    await custody.posted(await custody.counted(back, (0, 9), who="ku"))
    await merge(custody)
    assert await custody.lying("MY") == []


async def test_an_institution_is_not_merged_while_a_signed_list_waits(custody):
    """Its business supervisor, who alone could countersign or reject it, would be another institution's."""
    bank = custody.bank
    for name, role in (("ma", Role.CARD_CUSTODIAN), ("yuan", Role.CARD_SUPERVISOR)):
        bank.staff[name] = await person(bank, name, name, role, "MY")
    await line(bank, "yuan", "ma")
    await designate(bank, "ma", "MY")
    receipt = await custody.receipt(await custody.order(place="MY"), (0, 9), who="ma")
    receipt = await custody.sign(receipt, "ma")
    async with refused("SIGNED_MOVEMENTS_OPEN", await custody.desk("officer")):
        await merge(custody)
    await signing.reject(
        await custody.desk("yuan"), movement_id=receipt.id, version=receipt.version, reason="not ours"
    )
    await merge(custody)
    assert (await Institution.get(code="MY")).merged_into_id == custody.place("CD").id
