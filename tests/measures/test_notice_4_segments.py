"""Notice 4: number segments (号段) through the graph, divided down the line, so that a card number shows its issuer."""

from __future__ import annotations

import pytest

from models.serials import CardNumber
from models.vocabulary import Tier
from schema.scalars import global_id
from tests.custody import Custody
from tests.schema.ask import ask, refused

pytestmark = pytest.mark.measure("N4h")

DIVIDE = """mutation ($input: DivideNumberSegmentInput!) { divideNumberSegment(input: $input) { __typename
  ... on NumberSegment { id first last depth withdrawn institution { code } product { tier } parent { first }
    dividedBy { number } }
  ... on Problem { code field article } } }"""

WITHDRAW = """mutation ($input: WithdrawNumberSegmentInput!) { withdrawNumberSegment(input: $input) { __typename
  ... on NumberSegment { withdrawn withdrawnBy { number } } ... on Problem { code field article } } }"""

ISSUER = "query ($number: String!) { issuerOf(cardNumber: $number) { basis institution { code name } } }"

LIST = """query ($where: NumberSegmentWhere, $order: [NumberSegmentOrder!]) {
  numberSegments(first: 10, where: $where, orderBy: $order) { totalCount nodes { first last institution { code }
    children(first: 5) { nodes { first } } } } }"""


async def divided(custody: Custody, who: str, to: str, first: str, last: str, of: str | None = None) -> dict:
    source = {"segmentId": of} if of else {"productId": global_id("card_product", custody.product.id)}
    told = {"institutionId": global_id("institution", custody.place(to).id), "first": first, "last": last}
    return (await ask(await custody.desk(who), DIVIDE, input=told | source))["divideNumberSegment"]


async def issuer(custody: Custody, number: str, who: str = "teller") -> dict:
    return (await ask(await custody.desk(who), ISSUER, number=number))["issuerOf"]


async def line(custody: Custody) -> tuple[str, str, str]:
    top = (await divided(custody, "officer", "SC", "0", "9999"))["id"]
    branch = (await divided(custody, "pan", "CD", "1000", "4999", top))["id"]
    return top, branch, (await divided(custody, "wu", "CDW", "2000", "2999", branch))["id"]


async def test_head_office_divides_the_numbers_and_branches_divide_theirs_on(custody):
    top = await divided(custody, "officer", "SC", "0", custody.product.number(9_999))
    made = top.pop("id")
    assert top == {
        "__typename": "NumberSegment", "first": "000000000000", "last": "000000009999", "depth": 0, "withdrawn": False,
        "institution": {"code": "SC"}, "product": {"tier": "HEAD_OFFICE"}, "parent": None,
        "dividedBy": {"number": "S-officer"},
    }  # fmt: skip
    branch = await divided(custody, "pan", "CD", "1000", "4999", made)
    assert (branch["depth"], branch["parent"]) == (1, {"first": "000000000000"})


async def test_a_card_number_shows_its_issuer(custody):
    """issuerOf returns one institution, after two splits."""
    await line(custody)
    for serial, code in ((999, "SC"), (1_000, "CD"), (2_500, "CDW"), (4_999, "CD"), (5_000, "SC")):
        found = await issuer(custody, custody.product.number(serial))
        assert (found["basis"], found["institution"]["code"]) == ("SEGMENT", code)


async def test_a_number_without_a_segment_is_known_by_its_movements(custody):
    await custody.stocked((20_000, 20_099))
    nobody = {"basis": "NOT_RECEIVED", "institution": None}
    assert (await issuer(custody, custody.product.number(20_050)))["institution"]["code"] == "SC"
    assert await issuer(custody, custody.product.number(30_000)) == nobody
    stranger = str(CardNumber(Tier.BRANCH, "99", 1))
    assert await issuer(custody, stranger) == {"basis": "NO_PRODUCT", "institution": None}


async def test_what_is_no_card_number_has_no_issuer(custody):
    for number in ("", "4111111111111111", custody.product.number(5)[:-1] + "X"):
        assert await refused(await custody.desk("teller"), ISSUER, number=number) == "BAD_VIP_CARD_NUMBER"


async def test_overlap_is_refused_and_a_part_lies_inside(custody):
    top, branch, _ = await line(custody)
    problem = {"__typename": "Problem", "article": "Notice 4"}
    assert await divided(custody, "officer", "JS", "9999", "10000") == problem | {
        "code": "SEGMENT_OVERLAPS", "field": "first",
    }  # fmt: skip
    assert await divided(custody, "pan", "MY", "9999", "10000", top) == problem | {
        "code": "SEGMENT_OUTSIDE", "field": "first",
    }  # fmt: skip
    assert await divided(custody, "pan", "CDJ", "1000", "1001", branch) == problem | {
        "code": "SEGMENT_NOT_HELD", "field": "segmentId",
    }  # fmt: skip
    assert await divided(custody, "wu", "MY", "1000", "1001", branch) == problem | {
        "code": "SEGMENT_NOT_BELOW", "field": "institutionId",
    }  # fmt: skip


async def test_segments_are_listed_by_holder_product_and_whether_they_are_held(custody):
    _, branch, centre = await line(custody)
    told = {"segmentId": centre}
    done = (await ask(await custody.desk("wu"), WITHDRAW, input=told))["withdrawNumberSegment"]
    assert done == {"__typename": "NumberSegment", "withdrawn": True, "withdrawnBy": {"number": "S-wu"}}
    again = (await ask(await custody.desk("wu"), WITHDRAW, input=told))["withdrawNumberSegment"]
    assert (again["code"], again["field"]) == ("SEGMENT_WITHDRAWN", "segmentId")

    desk = await custody.desk("teller")
    held = {"withdrawn": {"eq": False}, "productId": {"eq": global_id("card_product", custody.product.id)}}
    found = (await ask(desk, LIST, where=held, order=["FIRST_DESC"]))["numberSegments"]
    assert [it["institution"]["code"] for it in found["nodes"]] == ["CD", "SC"]
    assert found["nodes"][1]["children"]["nodes"] == [{"first": "000000001000"}]
    of_centre = {"institutionId": {"eq": global_id("institution", custody.place("CDW").id)}}
    assert (await ask(desk, LIST, where=of_centre))["numberSegments"]["totalCount"] == 1
    one = await ask(desk, "query ($id: ID!) { numberSegment(id: $id) { last } }", id=branch)
    assert one == {"numberSegment": {"last": "000000004999"}}
