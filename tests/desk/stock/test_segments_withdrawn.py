"""Number segments are taken back by who gave them, from the bottom up, before cards have come (Notice 4)."""

from __future__ import annotations

import pytest

from models.segments import NumberSegment
from tests.desk.stock.cards import card_of
from tests.desk.stock.dividing import given, held, line, part, taken_back
from tests.digest import refused

pytestmark = pytest.mark.measure("N4h")


async def test_a_segment_is_taken_back_by_who_gave_it_and_given_anew(custody):
    _, branch, centre = await line(custody)
    gone = await taken_back(custody, centre, "wu")
    assert (gone.withdrawn_at, gone.withdrawn_by_id) == (custody.bank.now, custody.bank.staff["wu"].id)
    await part(custody, branch, 1_500, 2_500, to="CDJ", who="wu")
    assert await held() == [(0, 0, 9_999), (1, 1_000, 4_999), (2, 1_500, 2_500)]
    assert await NumberSegment.all().count() == 4


async def test_a_segment_that_was_given_on_is_not_taken_back(custody):
    top, branch, centre = await line(custody)
    for segment, who in ((top, "officer"), (branch, "pan")):
        desk = await custody.desk(who)
        async with refused("SEGMENT_DIVIDED", desk):
            await taken_back(custody, segment, who)
    for segment, who in ((centre, "wu"), (branch, "pan"), (top, "officer")):
        await taken_back(custody, segment, who)
    assert await held() == []


async def test_who_did_not_give_it_does_not_take_it_back(custody):
    top, branch, _ = await line(custody)
    for segment, who, code in (
        (branch, "wu", "SEGMENT_NOT_HELD"),
        (branch, "officer", "SEGMENT_NOT_HELD"),
        (top, "pan", "FORBIDDEN"),
        (top, "he", "FORBIDDEN"),
    ):
        desk = await custody.desk(who)
        async with refused(code, desk):
            await taken_back(custody, segment, who)


async def test_what_was_taken_back_is_neither_divided_nor_taken_back_again(custody):
    top = await given(custody, 0, 9_999)
    await taken_back(custody, top, "officer")
    desk = await custody.desk("officer")
    async with refused("SEGMENT_WITHDRAWN", desk):
        await taken_back(custody, top, "officer")
    desk = await custody.desk("pan")
    async with refused("SEGMENT_WITHDRAWN", desk):
        await part(custody, top, 0, 1)


async def test_numbers_whose_cards_have_come_stay_where_they_are(custody):
    """At the holder, below him, or under way there; what lies further up is only to come."""
    await custody.stocked((0, 9_999))
    top, branch, centre = await line(custody)
    await taken_back(custody, centre, "wu")
    centre = await part(custody, branch, 2_000, 2_999, to="CDW", who="wu")
    sent = await custody.sent((2_999, 3_000))
    for segment, who in ((centre, "wu"), (top, "officer")):
        desk = await custody.desk(who)
        async with refused("SEGMENT_IN_USE" if segment is centre else "SEGMENT_DIVIDED", desk):
            await taken_back(custody, segment, who)
    await custody.posted(await custody.counted(sent, (2_999, 3_000)), ("he", "zhao"))
    desk = await custody.desk("wu")
    async with refused("SEGMENT_IN_USE", desk):
        await taken_back(custody, centre, "wu")


async def test_numbers_that_the_holder_has_issued_stay_his(custody):
    *_, centre = await line(custody)
    await card_of(custody, 2_000, issuer="CDW")
    desk = await custody.desk("wu")
    async with refused("SEGMENT_IN_USE", desk):
        await taken_back(custody, centre, "wu")
