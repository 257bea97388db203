"""Whose a card number is: by the deepest segment, else by the movements, and the same for a card in a box and one in a pocket."""

from __future__ import annotations

import json
from typing import Any

import pytest

from authz import Policy
from authz.policy import POLICY
from desk.dialect import connection, fetch, is_postgres
from desk.errors import Forbidden, Unauthenticated
from desk.institutions import merge_institutions
from desk.segments import Issuer, issuer_of, question
from models.custody import CardState, IssuerBasis
from models.people import Staff
from models.segments import NumberSegment
from models.serials import CardNumber, card_number
from models.stock import StockHolding
from models.vocabulary import Tier
from tests.desk.stock.cards import card_of
from tests.desk.stock.dividing import given, issuer, line, part, taken_back
from tests.digest import refused

pytestmark = pytest.mark.measure("N4h")


async def test_the_deepest_segment_answers(custody):
    """domain.md 8, 7: issuerOf after two splits."""
    await line(custody)
    desk = await custody.desk("teller")
    for serial, code in (
        (0, "SC"), (999, "SC"), (1_000, "CD"), (1_999, "CD"), (2_000, "CDW"), (2_999, "CDW"), (3_000, "CD"),
        (4_999, "CD"), (5_000, "SC"), (9_999, "SC"),
    ):  # fmt: skip
        assert await issuer(desk, custody, serial) == ("SEGMENT", code), serial
    assert await issuer(desk, custody, 10_000) == ("NOT_RECEIVED", None)


async def test_a_part_that_begins_with_its_segment_is_the_deeper_one(custody):
    top = await given(custody, 0, 99)
    branch = await part(custody, top, 0, 49)
    await part(custody, branch, 0, 0, to="CDW", who="wu")
    desk = await custody.desk("lin")
    found = [await issuer(desk, custody, serial) for serial in (0, 1, 49, 50)]
    assert [code for _, code in found] == ["CDW", "CD", "CD", "SC"]


async def test_what_was_taken_back_is_the_givers_again(custody):
    top, branch, centre = await line(custody)
    desk = await custody.desk("lin")
    for segment, who, code in ((centre, "wu", "CD"), (branch, "pan", "SC"), (top, "officer", None)):
        await taken_back(custody, segment, who)
        assert (await issuer(desk, custody, 2_500))[1] == code


async def test_where_no_segment_was_assigned_the_movements_answer(custody):
    desk = await custody.desk("lin")
    assert await issuer(desk, custody, 5) == ("NOT_RECEIVED", None)
    await custody.receipt(await custody.order(), (0, 99))  # a draft moves nothing
    assert await issuer(desk, custody, 5) == ("NOT_RECEIVED", None)
    await custody.stocked((0, 99))
    assert await issuer(desk, custody, 5) == ("MOVEMENT", "SC")
    sent = await custody.sent((5, 9))
    assert await issuer(desk, custody, 5) == ("MOVEMENT", "SC")  # the sender has it until it is taken in
    await custody.posted(await custody.counted(sent, (5, 9)), ("he", "zhao"))
    found = [(await issuer(desk, custody, serial))[1] for serial in (4, 5, 9, 10, 99, 100)]
    assert found == ["SC", "CDW", "CDW", "SC", "SC", None]


async def test_a_card_that_was_issued_is_its_issuers_wherever_it_lies_now(custody):
    await custody.stocked((0, 99))
    await card_of(custody, 7, issuer="CDW")
    desk = await custody.desk("lin")
    assert await issuer(desk, custody, 7) == ("MOVEMENT", "CDW")
    assert await issuer(desk, custody, 8) == ("MOVEMENT", "SC")


async def test_the_answer_does_not_tell_whether_a_card_is_issued(custody):
    """In a segment, and beside one: nothing of the answer changes when a card goes from the box to a customer."""
    await custody.stocked((0, 99))
    await custody.arrived((10, 19))
    top = await given(custody, 100, 199)
    await part(custody, await part(custody, top, 100, 149), 100, 109, to="CDW", who="wu")
    desk = await custody.desk("teller")
    before = [await issuer(desk, custody, serial) for serial in (10, 100)]
    await card_of(custody, 10, issuer="CDW", state=CardState.ISSUED)
    await card_of(custody, 100, issuer="CDW")
    assert [await issuer(desk, custody, serial) for serial in (10, 100)] == before


async def test_a_card_that_was_only_asked_for_says_nothing(custody):
    await custody.stocked((0, 99))
    card = await card_of(custody, 7, issuer="CDW", state=CardState.RESERVED)
    desk = await custody.desk("lin")
    card.issued_at = None
    await card.save()
    assert await issuer(desk, custody, 7) == ("MOVEMENT", "SC")


async def test_of_an_institution_that_was_merged_the_other_one_answers(custody):
    top = await given(custody, 0, 99)
    await part(custody, top, 0, 9, to="MY")
    await merge_institutions(
        await custody.desk("officer"),
        from_id=custody.place("MY").id,
        into_id=custody.place("CD").id,
        reason="m",
    )
    assert await issuer(await custody.desk("lin"), custody, 5) == ("SEGMENT", "CD")


async def test_products_are_kept_apart(custody):
    await given(custody, 0, 99)
    desk = await custody.desk("lin")
    other = custody.products["BRANCH"].number(5)
    assert await issuer_of(desk, other) == Issuer(IssuerBasis.NOT_RECEIVED, None)
    assert await issuer_of(desk, str(CardNumber(Tier.BRANCH, "77", 5))) == Issuer(
        IssuerBasis.NO_PRODUCT, None
    )


async def test_everybody_signed_in_may_ask(custody):
    await given(custody, 0, 99)
    for name, staff in custody.bank.staff.items():
        desk = await custody.desk(name)
        assert (await issuer_of(desk, custody.product.number(5))).basis is IssuerBasis.SEGMENT, staff.number


@pytest.mark.parametrize("text", ["", "1", "1010000000000008", "4111111111111111", "101000000000000X"])
async def test_a_number_that_is_none_is_refused(custody, text):
    desk = await custody.desk("lin")
    async with refused("BAD_VIP_CARD_NUMBER", desk):
        await issuer_of(desk, text)


async def test_who_has_left_is_told_nothing(custody):
    """The fence is in the statement itself."""
    await given(custody, 0, 99)
    desk = await custody.desk("nobody")
    staff = custody.bank.staff["nobody"]
    await Staff.filter(id=staff.id).update(epoch=staff.epoch + 1, left_at=custody.bank.now)
    assert await fetch(*question(desk, card_number(custody.product.number(5)))) == []
    with pytest.raises(Unauthenticated):
        await issuer_of(desk, custody.product.number(5))


async def test_without_the_rule_nobody_is_told(custody):
    """It is the policy that opens it to everybody."""
    rules = POLICY.read_text(encoding="utf-8").splitlines()
    desk = await custody.desk("lin")
    desk.policy = Policy.of("\n".join(it for it in rules if "number_segment, PUBLIC, read" not in it))
    with pytest.raises(Forbidden):
        await issuer_of(desk, custody.product.number(5))


async def crowd(custody, parts: int) -> None:
    """A tier-1 branch whose branches' centres hold ten numbers each; of the other product as many holdings, in no segment."""
    row: dict[str, Any] = {
        "divided_at": custody.bank.now,
        "divided_by_id": custody.bank.staff["pan"].id,
        "product_id": custody.product.id,
    }
    top = await given(custody, 0, 10 * parts - 1)
    branches = [
        NumberSegment(
            first_serial=at,
            last_serial=at + 99,
            depth=1,
            parent_id=top.id,
            institution=custody.place("CD"),
            **row,
        )
        for at in range(0, 10 * parts, 100)
    ]
    await NumberSegment.bulk_create(branches, batch_size=500)
    centres = [
        NumberSegment(
            first_serial=at,
            last_serial=at + 9,
            depth=2,
            parent_id=of.id,
            institution=custody.place("CDW"),
            **row,
        )
        for of in branches
        for at in range(of.first_serial, of.first_serial + 90, 10)
    ]
    await NumberSegment.bulk_create(centres, batch_size=500)
    posted = await custody.stocked((99_999_999, 99_999_999))
    holdings = [
        StockHolding(
            product_id=custody.products["BRANCH"].id, first_serial=at, last_serial=at + 9, quantity=10,
            state="IN_STOCK", institution=custody.place("CD"), movement_id=posted.id, since=custody.bank.now,
        )
        for at in range(0, 10 * parts, 10)
    ]  # fmt: skip
    await StockHolding.bulk_create(holdings, batch_size=500)
    if is_postgres():
        await connection().execute_script("ANALYZE number_segment; ANALYZE stock_holding")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(found for below in plan.get("Plans", ()) for found in nodes(below))]


async def looked_at(desk, number: str) -> int:
    """Rows of segments and holdings that PostgreSQL looks at, none but by an index; on SQLite the steps of its machine."""
    asked, text = question(desk, card_number(number))
    client: Any = connection()
    if is_postgres():
        rows = await client.execute_query_dict(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", asked.values)
        (found,) = json.loads(rows[0]["QUERY PLAN"])
        read = [
            it
            for it in nodes(found["Plan"])
            if it.get("Relation Name") in ("number_segment", "stock_holding")
        ]
        assert read
        assert {it["Node Type"] for it in read} == {"Index Scan"}
        return int(
            sum(it["Actual Loops"] * (it["Actual Rows"] + it.get("Rows Removed by Filter", 0)) for it in read)
        )
    plan = [
        row["detail"] for row in await client.execute_query_dict(f"EXPLAIN QUERY PLAN {text}", asked.values)
    ]
    way = "(product_id=? AND first_serial<?)"
    assert f"SEARCH number_segment USING INDEX uq_number_segment_first {way}" in plan
    assert [it for it in plan if it.startswith("SEARCH stock_holding USING INDEX") and it.endswith(way)]
    assert not [it for it in plan if it.startswith(("SCAN number_segment", "SCAN stock_holding", "SCAN p"))]
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    await client._connection.set_progress_handler(step, 1)
    try:
        await client.execute_query_dict(text, asked.values)
    finally:
        await client._connection.set_progress_handler(None, 1)
    return steps


async def test_the_work_does_not_grow_with_the_segments(custody):
    """By the index to the last that begins at or before the number, then up: at most three here, whatever there is."""
    parts = 3_000
    await crowd(custody, parts)
    desk = await custody.desk("lin")
    number, other = custody.product.number, custody.products["BRANCH"].number
    for serial, code in ((0, "CDW"), (15_005, "CDW"), (15_095, "CD"), (10 * parts - 1, "CD")):
        assert (await issuer(desk, custody, serial)) == ("SEGMENT", code)
        assert await looked_at(desk, number(serial)) <= (4 if is_postgres() else 600)
    assert (await issuer_of(desk, other(15_005))).basis is IssuerBasis.MOVEMENT
    assert await looked_at(desk, other(15_005)) <= (4 if is_postgres() else 600)
