"""Number segments: divided down the line, inside each other and apart, and taken back by who gave them (Notice 4)."""

from __future__ import annotations

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from desk.institutions import merge_institutions
from desk.segments import divide
from models.custody import CardState
from models.segments import NumberSegment
from models.serials import LAST_SERIAL
from tests.desk.stock.cards import card_of
from tests.desk.stock.dividing import given, held, line, part, taken_back
from tests.digest import refused

pytestmark = pytest.mark.measure("N4h")


async def test_head_office_divides_among_tier1_branches_and_they_divide_on(custody):
    top, branch, centre = await line(custody)
    assert await held() == [(0, 0, 9_999), (1, 1_000, 4_999), (2, 2_000, 2_999)]
    assert (centre.parent_id, branch.parent_id, top.parent_id) == (branch.id, top.id, None)
    assert centre.divided_by_id == custody.bank.staff["wu"].id


async def test_whole_card_numbers_do_as_well_as_serials(custody):
    number = custody.product.number
    top = await given(custody, number(100), number(199))
    assert (top.first_serial, top.last_serial) == (100, 199)


async def test_the_whole_of_the_numbers_and_a_single_one_may_be_given(custody):
    top = await given(custody, 0, LAST_SERIAL)
    last = await part(custody, top, LAST_SERIAL, LAST_SERIAL)
    assert (last.depth, last.first_serial, last.last_serial) == (1, LAST_SERIAL, LAST_SERIAL)


async def test_a_product_is_divided_by_itself(custody):
    await given(custody, 0, 99)
    other = await given(custody, 0, 99, to="JS", product_id=custody.products["BRANCH"].id)
    assert other.depth == 0


async def test_the_same_key_gives_numbers_once(custody):
    first = await given(custody, 0, 99, idempotency_key="k")
    assert (await given(custody, 0, 99, idempotency_key="k")).id == first.id


@pytest.mark.parametrize(("first", "last"), [(0, 99), (99, 99), (50, 200), (0, 500), (0, 0)])
async def test_numbers_that_somebody_holds_are_not_given_again(custody, first, last):
    await given(custody, 0, 99)
    desk = await custody.desk("officer")
    async with refused("SEGMENT_OVERLAPS", desk) as caught:
        await divide(
            desk,
            institution_id=custody.place("JS").id,
            first=str(first),
            last=str(last),
            product_id=custody.product.id,
        )
    assert "四川省分行 holds 000000000000-000000000099" in caught.value.message


async def test_siblings_do_not_overlap(custody):
    top, *_ = await line(custody)
    desk = await custody.desk("pan")
    async with refused("SEGMENT_OVERLAPS", desk):
        await divide(
            desk, institution_id=custody.place("MY").id, first="4999", last="5000", segment_id=top.id
        )
    await part(custody, top, 5_000, 5_000, to="MY")


@pytest.mark.parametrize(
    ("first", "last"), [("999", "1000"), ("4999", "5000"), ("9000", "9001"), ("0", "9999")]
)
async def test_a_part_lies_inside_its_segment(custody, first, last):
    _, branch, _ = await line(custody)
    desk = await custody.desk("wu")
    async with refused("SEGMENT_OUTSIDE", desk):
        await divide(
            desk, institution_id=custody.place("CDJ").id, first=first, last=last, segment_id=branch.id
        )


@pytest.mark.parametrize("who", ["officer", "pan"])
async def test_only_an_officer_of_the_holder_divides_it(custody, who):
    """Head office and the branch above may not give what they have given away already."""
    _, branch, _ = await line(custody)
    desk = await custody.desk(who)
    async with refused("SEGMENT_NOT_HELD", desk):
        await divide(
            desk, institution_id=custody.place("CDJ").id, first="1000", last="1001", segment_id=branch.id
        )


@pytest.mark.parametrize("who", ["he", "han", "ku", "lin", "auditor", "wu"])
async def test_nobody_else_divides_at_all(custody, who):
    top = await given(custody, 0, 9_999)
    desk = await custody.desk(who)
    async with refused("FORBIDDEN", desk):
        await divide(desk, institution_id=custody.place("CD").id, first="0", last="1", segment_id=top.id)


@pytest.mark.parametrize("who", ["pan", "wu", "approver"])
async def test_only_head_office_gives_what_nobody_holds(custody, who):
    desk = await custody.desk(who)
    async with refused("FORBIDDEN", desk):
        await divide(
            desk, institution_id=custody.place("SC").id, first="0", last="1", product_id=custody.product.id
        )


@pytest.mark.parametrize("to", ["HQ", "CD", "CDW", "CDO"])
async def test_head_office_gives_to_tier1_branches_only(custody, to):
    desk = await custody.desk("officer")
    async with refused("SEGMENT_NOT_BELOW", desk):
        await divide(
            desk, institution_id=custody.place(to).id, first="0", last="1", product_id=custody.product.id
        )


@pytest.mark.parametrize("to", ["CD", "SC", "MY", "NJW"])
async def test_a_branch_gives_to_who_stands_below_it(custody, to):
    _, branch, _ = await line(custody)
    desk = await custody.desk("wu")
    async with refused("SEGMENT_NOT_BELOW", desk):
        await divide(
            desk, institution_id=custody.place(to).id, first="1000", last="1001", segment_id=branch.id
        )


async def test_nothing_is_given_to_an_institution_that_was_merged(custody):
    top = await given(custody, 0, 9_999)
    await merge_institutions(
        await custody.desk("officer"),
        from_id=custody.place("MY").id,
        into_id=custody.place("CD").id,
        reason="m",
    )
    desk = await custody.desk("pan")
    async with refused("INSTITUTION_MERGED", desk):
        await divide(desk, institution_id=custody.place("MY").id, first="0", last="1", segment_id=top.id)


async def test_either_a_product_or_a_segment_is_divided(custody):
    top = await given(custody, 0, 9_999)
    common = {"institution_id": custody.place("SC").id, "first": "0", "last": "1"}
    desk = await custody.desk("officer")
    async with refused("BAD_USER_INPUT", desk):
        await divide(desk, **common)
    desk = await custody.desk("pan")
    async with refused("BAD_USER_INPUT", desk):
        await divide(desk, **common, segment_id=top.id, product_id=custody.product.id)


async def test_numbers_are_read_as_everywhere(custody):
    other = custody.products["BRANCH"].number(5)
    wrong = custody.product.number(5)[:-1] + str((int(custody.product.number(5)[-1]) + 1) % 10)
    for code, first, last in (
        ("BAD_RANGE", "2", "1"),
        ("BAD_RANGE", other, "9"),
        ("BAD_VIP_CARD_NUMBER", "1", wrong),
        ("BAD_VIP_CARD_NUMBER", "1", "1234567890123"),
        ("BAD_VIP_CARD_NUMBER", "-1", "1"),
    ):
        desk = await custody.desk("officer")
        async with refused(code, desk):
            await divide(
                desk,
                institution_id=custody.place("SC").id,
                first=first,
                last=last,
                product_id=custody.product.id,
            )


async def test_numbers_that_another_institution_has_issued_are_not_given(custody):
    """Else a customer's card would show another issuer from one day to the next."""
    card = await card_of(custody, 500, issuer="CDW")
    desk = await custody.desk("officer")
    async with refused("SEGMENT_IN_USE", desk):
        await divide(
            desk,
            institution_id=custody.place("JS").id,
            first="500",
            last="999",
            product_id=custody.product.id,
        )
    await given(custody, 501, 999, to="JS")
    top = await given(custody, 0, 500)
    desk = await custody.desk("pan")
    async with refused("SEGMENT_IN_USE", desk):
        await divide(desk, institution_id=custody.place("MY").id, first="0", last="500", segment_id=top.id)
    await part(custody, await part(custody, top, 0, 500), 500, 500, to="CDW", who="wu")
    assert card.issuer_id == custody.place("CDW").id


async def test_what_was_never_issued_hinders_nobody(custody):
    await card_of(custody, 500, issuer="CDW", state=CardState.REFUSED)
    await given(custody, 500, 999, to="JS")


async def test_the_database_has_the_last_word(custody):
    """Whatever writes past the acts: no overlap, no part outside, nothing under what was taken back, nothing rewritten."""
    top, branch, centre = await line(custody)
    row = {
        "product_id": top.product_id,
        "institution_id": custody.place("MY").id,
        "divided_at": custody.bank.now,
        "divided_by_id": custody.bank.staff["pan"].id,
    }
    for bad in (
        {"first_serial": 9_999, "last_serial": 10_000, "depth": 0},
        {"first_serial": 4_000, "last_serial": 6_000, "depth": 1, "parent_id": top.id},
        {"first_serial": 9_999, "last_serial": 10_000, "depth": 1, "parent_id": top.id},
        {"first_serial": 6_000, "last_serial": 6_000, "depth": 2, "parent_id": top.id},
        {"first_serial": 6_000, "last_serial": 6_000, "depth": 1},
        {"first_serial": 20_000, "last_serial": 20_000, "depth": 0, "parent_id": top.id},
        {"first_serial": 20_001, "last_serial": 20_000, "depth": 0},
        {"first_serial": -1, "last_serial": -1, "depth": 0},
        {"first_serial": 6_000, "last_serial": 6_000, "depth": 1, "parent_id": top.id}
        | {"product_id": custody.products["BRANCH"].id},
    ):
        with pytest.raises(IntegrityError):
            await NumberSegment.create(**row | bad)
    for changed in (
        {"first_serial": 1_001},
        {"last_serial": 5_000},
        {"institution_id": custody.place("MY").id},
        {"depth": 0},
        {"parent_id": centre.id},
        {"withdrawn_at": custody.bank.now},  # it is divided
    ):
        with pytest.raises(IntegrityError):
            async with in_transaction():
                await NumberSegment.filter(id=branch.id).update(**changed)
    await taken_back(custody, centre, "wu")
    for changed in ({"withdrawn_at": None}, {"divided_at": custody.bank.now}):
        with pytest.raises(IntegrityError):
            await NumberSegment.filter(id=centre.id).update(**changed)
    below = {"first_serial": 2_000, "last_serial": 2_000, "depth": 3, "parent_id": centre.id}
    with pytest.raises(IntegrityError):
        await NumberSegment.create(**row | below)
    with pytest.raises((IntegrityError, asyncpg.PostgresError)):
        await NumberSegment.filter(id=centre.id).delete()
