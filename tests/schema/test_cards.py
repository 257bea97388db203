"""Cards in the graph: the whole flow by mutations, who sees whose, and what a counter is told (Notice 4, Art. 3)."""

from __future__ import annotations

from typing import Any

import pytest

from models.cards import Card
from models.custody import CardState
from tests.cards import IDENTITY, Cards
from tests.schema.ask import ask, gid, refused

CARD = "id number state verdict version renews formNumber termStarts termEnds holder { visibility value }"
DONE = f"__typename ... on Problem {{ code field article }} ... on Card {{ {CARD} }}"
REPORTED = (
    "__typename ... on Problem { code field } ... on CardReport { id kind number note outcome closingNote"
    " institution { code } reportedBy { name } closedBy { name } }"
)
ONE = """
query ($id: ID!) { card(id: $id) {
  number state requestedAt issuedAt overAt issuer { code } product { tier } customer { status { number } }
  membership { state cards { number } } requestedBy { name } issuedBy { name } replaces { number }
  back {
    number tier issuerName issuedOn validUntil customerSignedOn managerName managerPhone clerk { name } writtenAt
    holder { visibility value }
  }
  events { state cause version at by { name } reason { visibility value } }
  movements { kind state card { number } }
} }
"""


async def does(cards: Cards, who: str, name: str, given: dict[str, Any], done: str = DONE) -> dict[str, Any]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {done} }} }}"
    answer: dict[str, Any] = (await ask(await cards.desk(who), document, input=given))[name]
    return answer


def request(cards: Cards) -> dict[str, Any]:
    return {
        "customerId": gid(cards.bank.customers["zhou"]),
        "issuerId": gid(cards.place("CDW")),
        "formNumber": "F-1",
        "formSignedOn": "2026-11-25",
    }


async def test_the_flow_of_annex_1_by_mutations(cards):
    asked = await does(cards, "lin", "requestCard", request(cards))
    assert (asked["state"], asked["number"], asked["verdict"]) == ("REQUESTED", None, "NOT_ISSUED")
    assert asked["holder"] == {"visibility": "VISIBLE", "value": "周明"}
    seen = {"cardId": asked["id"], "version": asked["version"]}
    drafted = await does(cards, "he", "draftCardIssue", seen | {"number": cards.number(7)})
    assert (drafted["state"], drafted["number"]) == ("DRAFTED", cards.number(7))
    (card,) = await _listed(cards, "he", "{ state: { in: [DRAFTED] } }")
    await cards.posted(await cards.movement(await _row(cards, drafted)), ("he", "zhao"))
    seen = {"cardId": card["id"], "version": 3}
    given = {
        "identityKind": "RESIDENT_ID",
        "identityNumber": IDENTITY["zhou"],
        "managerPhone": "028-86667777",
    }
    assert (await does(cards, "he", "handOutCard", seen | given))["code"] == "BACK_INCOMPLETE"
    issued = await does(cards, "he", "handOutCard", seen | given | {"customerSignedOn": "2026-11-25"})
    assert (issued["state"], issued["verdict"], issued["termEnds"]) == ("ISSUED", "VALID", "2028-11-27")
    told = (await ask(await cards.desk("lin"), ONE, id=card["id"]))["card"]
    assert told["back"]["holder"] == {"visibility": "VISIBLE", "value": "周明"}
    assert (told["back"]["managerName"], told["back"]["clerk"]["name"]) == ("林晓", "何静")
    assert [event["state"] for event in told["events"]] == ["REQUESTED", "DRAFTED", "RESERVED", "ISSUED"]
    assert [event["cause"] for event in told["events"]] == [None] * 4
    assert told["membership"] == {"state": "ACTIVE", "cards": [{"number": cards.number(7)}]}
    assert told["movements"] == []  # a manager does not see the stock
    told = (await ask(await cards.desk("he"), ONE, id=card["id"]))["card"]
    assert told["movements"] == [{"kind": "ISSUE", "state": "POSTED", "card": {"number": cards.number(7)}}]
    assert told["events"][0]["reason"]["visibility"] == "WITHHELD"


async def test_a_card_is_voided_returned_cancelled_and_expired_by_mutations(cards):
    card = await cards.issued()
    seen = {"cardId": gid(card), "version": card.version}
    said = seen | {"cause": "WRONG_BACK", "reason": "the date is wrong"}
    assert (await does(cards, "he", "draftCardVoid", said))["state"] == "ISSUED"
    said = seen | {"cause": "BY_HOLDER", "reason": "no longer wanted"}
    assert (await does(cards, "he", "draftCardReturn", said))["state"] == "ISSUED"
    assert (await does(cards, "lin", "expireCard", seen))["code"] == "TERM_RUNNING"
    assert (await does(cards, "lin", "cancelCard", seen | {"reason": "moving away"}))["state"] == "CANCELLED"


async def test_a_loss_and_a_find_by_mutations(cards):
    card = await cards.issued()
    told = {"number": cards.number(7), "institutionId": gid(cards.place("NJW"))}
    lost = await does(
        cards, "tang", "reportCard", told | {"kind": "LOST", "identityKind": "RESIDENT_ID"}, REPORTED
    )
    assert (lost["outcome"], lost["institution"], lost["reportedBy"]) == (
        "BLOCKED",
        {"code": "NJW"},
        {"name": "唐宁"},
    )
    found = await does(cards, "tang", "reportCard", told | {"kind": "FOUND", "note": "in a taxi"}, REPORTED)
    assert (found["outcome"], found["note"]) == ("TO_ISSUER", "in a taxi")
    reports = "{ cardReports(first: 9, where: { open: { eq: true } }, orderBy: [REPORTED_AT_DESC]) { nodes { kind } } }"
    assert len((await ask(await cards.desk("qi"), reports))["cardReports"]["nodes"]) == 2
    assert (await ask(await cards.desk("he"), reports))["cardReports"]["nodes"] == []
    one = "query ($id: ID!) { cardReport(id: $id) { number } }"
    assert (await ask(await cards.desk("qi"), one, id=found["id"]))["cardReport"]["number"] == cards.number(7)
    assert await refused(await cards.desk("he"), one, id=found["id"]) == "NOT_FOUND"
    taken = await does(cards, "qi", "takeInCard", {"reportId": found["id"], "reason": "kept"}, REPORTED)
    assert taken["outcome"] == "TO_ISSUER"
    closed = await does(
        cards, "qi", "closeCardReport", {"reportId": lost["id"], "note": "told the centre"}, REPORTED
    )
    assert (closed["outcome"], closed["closedBy"]) == ("BLOCKED", {"name": "齐保"})
    card = await cards.now(card)
    given = {
        "cardId": gid(card),
        "version": card.version,
        "identityKind": "RESIDENT_ID",
        "note": "came by post",
    }
    assert (await does(cards, "lin", "giveBackCard", given))["verdict"] == "VALID"


async def test_a_counter_is_told_what_a_card_is_worth_and_nothing_else(cards):
    await cards.issued()
    document = (
        "mutation ($number: String!) { verifyCard(input: { number: $number }) {"
        " __typename ... on CardVerification { verdict } ... on Problem { code } } }"
    )
    for who in ("teller", "tang", "mei"):
        answer = await ask(await cards.desk(who), document, number=cards.number(7))
        assert answer["verifyCard"] == {"__typename": "CardVerification", "verdict": "VALID"}
    answer = await ask(await cards.desk("teller"), document, number=cards.number(8))
    assert answer["verifyCard"]["verdict"] == "NO_SUCH_CARD"
    answer = await ask(await cards.desk("teller"), document, number="8")
    assert answer["verifyCard"] == {"__typename": "Problem", "code": "BAD_VIP_CARD_NUMBER"}
    assert await refused(await cards.desk("wu"), document, number=cards.number(7)) == "FORBIDDEN"


@pytest.mark.parametrize(
    ("who", "sees"),
    [("lin", True), ("han", True), ("zhao", True), ("pan", True), ("teller", False), ("tang", False)],
)
async def test_who_sees_a_card(cards, who, sees):
    await cards.issued()
    assert len(await _listed(cards, who, "")) == int(sees)


async def test_an_officer_above_sees_no_name_of_it(cards):
    await cards.issued()
    (card,) = await _listed(cards, "pan", "")
    assert (card["number"], card["holder"]) == (cards.number(7), {"visibility": "WITHHELD", "value": None})


async def test_cards_are_found_by_number_state_holder_and_last_day(cards):
    card = await cards.issued()
    zhou = gid(cards.bank.customers["zhou"])
    for where in (
        f'{{ number: {{ eq: "{card.number}" }} }}',
        f'{{ customerId: {{ eq: "{zhou}" }} }}',
        f'{{ issuerId: {{ eq: "{gid(cards.place("CDW"))}" }} }}',
        f'{{ productId: {{ eq: "{gid(cards.product)}" }} }}',
        '{ termEnds: { le: "2028-11-27" }, state: { eq: ISSUED } }',
    ):
        assert len(await _listed(cards, "lin", where)) == 1
    other = f'{{ productId: {{ eq: "{gid(cards.products["BRANCH"])}" }} }}'
    for where in ('{ termEnds: { le: "2028-11-26" } }', other):
        assert await _listed(cards, "lin", where) == []
    document = "query ($id: ID!) { customer(id: $id) { cards { number state } } }"
    told = (await ask(await cards.desk("lin"), document, id=zhou))["customer"]
    assert told["cards"] == [{"number": card.number, "state": CardState.ISSUED.value}]


async def test_who_sees_no_status_finds_no_card_by_its_product(cards):
    """decisions.md 4: a filter on a class that he never sees is refused, and tells nothing."""
    await cards.issued()
    asked = "query ($id: ID!) { cards(first: 9, where: { productId: { eq: $id } }) { totalCount } }"
    for product in cards.products.values():
        assert await refused(await cards.desk("teller"), asked, id=gid(product)) == "FILTER_NOT_ALLOWED"


async def _listed(cards: Cards, who: str, where: str) -> list[dict[str, Any]]:
    asked = f", where: {where}, orderBy: [TERM_ENDS_ASC]" if where else ""
    document = f"{{ cards(first: 9{asked}) {{ nodes {{ {CARD} }} }} }}"
    found: list[dict[str, Any]] = (await ask(await cards.desk(who), document))["cards"]["nodes"]
    return found


async def _row(cards: Cards, told: dict[str, Any]) -> Any:
    return await Card.get(number=told["number"])
