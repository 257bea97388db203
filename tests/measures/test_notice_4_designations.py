"""Notice 4, designated persons: named, supervised, and their cards handed over before a witness, through the graph."""

from __future__ import annotations

import datetime as dt

import pytest

from schema.scalars import global_id
from tests.custody import Custody
from tests.desk.stock.handing import joined, kept
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("N4e")
SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)

DESIGNATE = """mutation ($input: DesignateCustodianInput!) { designateCustodian(input: $input) { __typename
  ... on Designation { id duty reason validFrom validTo endedAt holdsNow staff { number } institution { code } }
  ... on Problem { code field article } } }"""
END = """mutation ($input: EndDesignationInput!) { endDesignation(input: $input) {
  ... on Designation { endedAt endReason holdsNow } ... on Problem { code article } } }"""
SET = """mutation ($input: SetSupervisorInput!) { setSupervisor(input: $input) {
  ... on SupervisionLine { id validFrom validTo holdsNow staff { number } supervisor { number } }
  ... on Problem { code field article } } }"""
END_LINE = """mutation ($input: EndSupervisionInput!) { endSupervision(input: $input) {
  ... on SupervisionLine { endedAt endReason } ... on Problem { code article } } }"""
DRAW = """mutation ($input: DrawUpStockHandoverInput!) { drawUpStockHandover(input: $input) { __typename
  ... on StockHandover { id state quantity doneAt giver { number } receiver { number } witness { number }
    secondWitness { number } drawnUpBy { number } institution { code }
    lines(first: 10) { totalCount nodes { state first last quantity product { tier } } } }
  ... on Problem { code field article } } }"""
SIGN = """mutation ($input: SignStockHandoverInput!) { signStockHandover(input: $input) {
  ... on StockHandover { state version doneAt giverSignedAt } ... on Problem { code article } } }"""
CALL_OFF = """mutation ($input: CallOffStockHandoverInput!) { callOffStockHandover(input: $input) {
  ... on StockHandover { state } ... on Problem { code } } }"""
NAMED = """query ($place: ID!) { designations(first: 10, where: {institutionId: {eq: $place}, duty: {eq: STOCK},
  holdsNow: {eq: true}}, orderBy: [VALID_FROM_DESC]) { totalCount nodes { staff { number } } } }"""
LINES = """query ($who: ID!) { supervisionLines(first: 10, where: {staffId: {eq: $who}, holdsNow: {eq: true}}) {
  nodes { supervisor { number } } } }"""


@pytest.fixture
async def safe(custody: Custody) -> Custody:
    return await kept(custody)


def staff(custody: Custody, who: str) -> str:
    return global_id("staff", custody.bank.staff[who].id)


def centre(custody: Custody) -> str:
    return global_id("institution", custody.place("CDW").id)


async def keepers(custody: Custody, now: dt.datetime) -> list[str]:
    """Whom everybody at the bank sees as designated at that moment."""
    found = (await ask(await custody.desk("lin", now), NAMED, place=centre(custody)))["designations"]
    assert found["totalCount"] == len(found["nodes"])
    return [row["staff"]["number"] for row in found["nodes"]]


async def test_a_custodian_is_named_and_his_designation_ends(safe):
    begin, over = safe.bank.now + SECOND, safe.bank.now + 2 * SECOND
    told = {
        "staffId": staff(safe, "hu"),
        "institutionId": centre(safe),
        "duty": "STOCK",
        "reason": "second key",
    }
    told |= {"validFrom": begin.isoformat(), "validTo": over.isoformat()}
    found = (await ask(await safe.desk("han"), DESIGNATE, input=told))["designateCustodian"]
    row = found.pop("id")
    assert found == {
        "__typename": "Designation", "duty": "STOCK", "reason": "second key", "validFrom": "2026-11-25T02:00:01+00:00",
        "validTo": "2026-11-25T02:00:02+00:00", "endedAt": None, "holdsNow": False, "staff": {"number": "S-hu"},
        "institution": {"code": "CDW"},
    }  # fmt: skip
    for moment, who in ((begin - TICK, ["S-he"]), (begin, ["S-hu", "S-he"]), (over, ["S-he"])):
        assert await keepers(safe, moment) == who
    ended = await ask(await safe.desk("wu"), END, input={"designationId": row, "reason": "not needed"})
    assert ended["endDesignation"] == {
        "endedAt": "2026-11-25T02:00:01+00:00", "endReason": "not needed", "holdsNow": False,
    }  # fmt: skip
    assert await keepers(safe, begin) == ["S-he"]


async def test_who_is_no_custodian_is_not_named(safe):
    told = {"staffId": staff(safe, "zhao"), "institutionId": centre(safe), "duty": "ORDER", "reason": "help"}
    found = (await ask(await safe.desk("han"), DESIGNATE, input=told))["designateCustodian"]
    assert found == {
        "__typename": "Problem", "code": "NOT_CUSTODIAN_HERE", "field": "staffId", "article": "Notice 4",
    }  # fmt: skip


async def test_cards_pass_by_a_list_with_a_witness_in_the_second_of_the_last_signature(safe):
    people = {f"{part}Id": staff(safe, who) for part, who in (
        ("giver", "he"), ("receiver", "hu"), ("witness", "zhao"))}  # fmt: skip
    told = people | {"institutionId": centre(safe), "reason": "He moves"}
    found = (await ask(await safe.desk("han"), DRAW, input=told))["drawUpStockHandover"]
    row = found.pop("id")
    assert found == {
        "__typename": "StockHandover", "state": "DRAWN_UP", "quantity": 100, "doneAt": None,
        "giver": {"number": "S-he"}, "receiver": {"number": "S-hu"}, "witness": {"number": "S-zhao"},
        "secondWitness": None, "drawnUpBy": {"number": "S-han"}, "institution": {"code": "CDW"},
        "lines": {"totalCount": 1, "nodes": [{"state": "IN_STOCK", "first": "000000000000",
            "last": "000000000099", "quantity": 100, "product": {"tier": "HEAD_OFFICE"}}]},
    }  # fmt: skip
    at = safe.bank.now + SECOND
    for who, state in (("zhao", "DRAWN_UP"), ("he", "DRAWN_UP"), ("hu", "DONE")):
        signed = await ask(await safe.desk(who, at), SIGN, input={"stockHandoverId": row})
        assert signed["signStockHandover"]["state"] == state
    assert signed["signStockHandover"]["doneAt"] == "2026-11-25T02:00:01+00:00"
    for moment, who in ((at - TICK, ["S-he"]), (at, ["S-hu"]), (at + SECOND, ["S-hu"])):
        assert await keepers(safe, moment) == who
    again = (await ask(await safe.desk("hu", at), SIGN, input={"stockHandoverId": row}))["signStockHandover"]
    assert again == {"code": "ALREADY_SIGNED", "article": "4.2"}
    late = await ask(await safe.desk("han", at), CALL_OFF, input={"stockHandoverId": row})
    assert late["callOffStockHandover"] == {"code": "WRONG_STATE"}
    held = (await ask(await safe.desk("han", at), """{ designations(first: 5, where: {holdsNow: {eq: true},
      duty: {in: [STOCK]}}) { nodes { id staff { number } } } }"""))["designations"]["nodes"]  # fmt: skip
    (hus,) = [it["id"] for it in held if it["staff"]["number"] == "S-hu"]
    ended = await ask(await safe.desk("han", at), END, input={"designationId": hus, "reason": "no"})
    assert ended["endDesignation"] == {"code": "STOCK_NOT_HANDED_OVER", "article": "Notice 4"}


async def test_a_handover_that_is_none_is_a_problem_of_the_graph(safe):
    people = {f"{part}Id": staff(safe, who) for part, who in (
        ("giver", "he"), ("receiver", "hu"), ("witness", "hu"))}  # fmt: skip
    told = people | {"institutionId": centre(safe), "reason": "He moves"}
    found = (await ask(await safe.desk("han"), DRAW, input=told))["drawUpStockHandover"]
    assert found == {"__typename": "Problem", "code": "HANDOVER_BY_ONE", "field": "", "article": "Notice 4"}
    told |= {"witnessId": staff(safe, "zhao"), "secondWitnessId": staff(safe, "han")}
    found = (await ask(await safe.desk("wu"), DRAW, input=told))["drawUpStockHandover"]
    assert (found["code"], found["field"]) == ("GIVER_CAN_SIGN", "secondWitnessId")


async def test_a_list_that_is_called_off_leaves_the_cards_where_they_are(safe):
    people = {f"{part}Id": staff(safe, who) for part, who in (
        ("giver", "he"), ("receiver", "hu"), ("witness", "zhao"))}  # fmt: skip
    told = people | {"institutionId": centre(safe), "reason": "He moves"}
    row = (await ask(await safe.desk("han"), DRAW, input=told))["drawUpStockHandover"]["id"]
    off = await ask(await safe.desk("wu"), CALL_OFF, input={"stockHandoverId": row})
    assert off["callOffStockHandover"] == {"state": "CALLED_OFF"}
    lists = """query ($who: ID!) { stockHandovers(first: 5, where: {giverId: {eq: $who}, state: {eq: CALLED_OFF}},
      orderBy: [DRAWN_UP_AT_DESC]) { totalCount nodes { id } } }"""
    found = (await ask(await safe.desk("zhao"), lists, who=staff(safe, "he")))["stockHandovers"]
    assert found == {"totalCount": 1, "nodes": [{"id": row}]}
    one = "query ($id: ID!) { stockHandover(id: $id) { reason } node(id: $id) { id } }"
    assert (await ask(await safe.desk("he"), one, id=row))["stockHandover"] == {"reason": "He moves"}
    assert await keepers(safe, safe.bank.now) == ["S-he"]


@pytest.mark.measure("N4f")
async def test_a_supervisor_is_set_and_his_line_ends(safe):
    told = {"staffId": staff(safe, "hu"), "supervisorId": staff(safe, "zhao")}
    found = (await ask(await safe.desk("han"), SET, input=told))["setSupervisor"]
    row = found.pop("id")
    assert found == {
        "validFrom": "2026-11-25T02:00:00+00:00", "validTo": None, "holdsNow": True, "staff": {"number": "S-hu"},
        "supervisor": {"number": "S-zhao"},
    }  # fmt: skip
    wrong = await ask(await safe.desk("han"), SET, input=told | {"supervisorId": staff(safe, "wu")})
    assert wrong["setSupervisor"] == {
        "code": "NOT_SUPERVISOR_HERE", "field": "supervisorId", "article": "Notice 4",
    }  # fmt: skip
    at = safe.bank.now + SECOND
    ended = await ask(
        await safe.desk("han"),
        END_LINE,
        input={"supervisionLineId": row, "reason": "moves on", "at": at.isoformat()},
    )
    assert ended["endSupervision"] == {"endedAt": "2026-11-25T02:00:01+00:00", "endReason": "moves on"}
    for moment, seen in ((at - TICK, ["S-zhao"]), (at, [])):
        found = (await ask(await safe.desk("lin", moment), LINES, who=staff(safe, "hu")))["supervisionLines"]
        assert [it["supervisor"]["number"] for it in found["nodes"]] == seen


async def test_a_key_that_comes_twice_names_once(safe):
    await joined(safe, "yi", "易平")
    told = {
        "staffId": staff(safe, "yi"),
        "institutionId": centre(safe),
        "duty": "STOCK",
        "reason": "second key",
    }
    rows = [
        (await ask(await safe.desk("han"), DESIGNATE, input=told | {"idempotencyKey": "K1"}))
        for _ in range(2)
    ]  # fmt: skip
    assert rows[0]["designateCustodian"]["id"] == rows[1]["designateCustodian"]["id"]
