"""Article 9 and 4.2: customers pass by a signed list, and posts are covered, through the graph and to the second."""

from __future__ import annotations

import datetime as dt

import pytest

from schema.scalars import global_id
from tests.schema.ask import ask

pytestmark = pytest.mark.measure("A9")


SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)


DRAW = """mutation ($input: DrawUpHandoverInput!) { drawUpHandover(input: $input) { __typename
  ... on Handover { id state at doneAt giver { number } receiver { number } witness { number }
    institution { code } lines(first: 10) { totalCount nodes { customer { status { number } } } } }
  ... on Problem { code field article } } }"""


SIGN = """mutation ($input: SignHandoverInput!) { signHandover(input: $input) {
  ... on Handover { state doneAt receiverSignedAt witnessSignedAt } ... on Problem { code article } } }"""


CALL_OFF = """mutation ($input: CallOffHandoverInput!) { callOffHandover(input: $input) {
  ... on Handover { state } ... on Problem { code } } }"""


ASSETS = """{ customers(first: 10, purpose: {code: ADVICE}) {
  nodes { status { number } assets { visibility } transactions(first: 1) { totalCount } } } }"""


def drawing(story, **more) -> dict:
    staff = {f"{role}Id": global_id("staff", story.bank.staff[who].id) for role, who in (
        ("giver", "lin"), ("receiver", "luo"), ("witness", "wu"))}  # fmt: skip
    centre = global_id("institution", story.bank.places["CDW"].id)
    return {"input": staff | {"institutionId": centre, "reason": "Lin moves"} | more}


async def assets_of_zhou(story, who: str, now: dt.datetime) -> tuple[str, int]:
    found = (await ask(await story.desk(who, now), ASSETS))["customers"]["nodes"]
    (zhou,) = [it for it in found if it["status"]["number"] == "C000001"]
    return zhou["assets"]["visibility"], zhou["transactions"]["totalCount"]


async def test_a_handover_through_the_graph_and_access_to_the_second(story):
    at = story.bank.now + SECOND
    found = (await ask(await story.desk("han"), DRAW, **drawing(story, at=at.isoformat())))["drawUpHandover"]
    row = found.pop("id")
    assert found == {
        "__typename": "Handover", "state": "DRAWN_UP", "at": "2026-11-25T02:00:01+00:00", "doneAt": None,
        "giver": {"number": "S-lin"}, "receiver": {"number": "S-luo"}, "witness": {"number": "S-wu"},
        "institution": {"code": "CDW"},
        "lines": {"totalCount": 1, "nodes": [{"customer": {"status": {"number": "C000001"}}}]},
    }  # fmt: skip
    for who, state in (("wu", "DRAWN_UP"), ("luo", "SIGNED")):
        done = (await ask(await story.desk(who), SIGN, input={"handoverId": row}))["signHandover"]
        assert done["state"] == state
    assert done["doneAt"] == "2026-11-25T02:00:01+00:00"
    again = (await ask(await story.desk("luo"), SIGN, input={"handoverId": row}))["signHandover"]
    assert again == {"code": "ALREADY_SIGNED", "article": "4.2"}
    mine, other = ("VISIBLE", 3), ("MASKED", 0)
    for moment, lin, luo in ((at - TICK, mine, other), (at, other, mine), (at + SECOND, other, mine)):
        assert await assets_of_zhou(story, "lin", moment) == lin
        assert await assets_of_zhou(story, "luo", moment) == luo
    states = """{ handovers(first: 5, where: {state: {eq: DONE}}) { nodes { state } } }"""
    for moment, nodes in ((at - TICK, []), (at, [{"state": "DONE"}])):
        assert (await ask(await story.desk("wu", moment), states))["handovers"]["nodes"] == nodes
    late = (await ask(await story.desk("han", at), CALL_OFF, input={"handoverId": row}))["callOffHandover"]
    assert late == {"code": "WRONG_STATE"}


async def test_a_handover_that_is_none_is_a_problem_of_the_graph(story):
    witness = {"witnessId": global_id("staff", story.bank.staff["luo"].id)}
    found = (await ask(await story.desk("han"), DRAW, **drawing(story, **witness)))["drawUpHandover"]
    assert found == {"__typename": "Problem", "code": "HANDOVER_BY_ONE", "field": "", "article": "Notice 4"}
    receiver = {"receiverId": global_id("staff", story.bank.staff["tang"].id)}
    found = (await ask(await story.desk("han"), DRAW, **drawing(story, **receiver)))["drawUpHandover"]
    assert found == {
        "__typename": "Problem",
        "code": "MANAGER_NOT_HERE",
        "field": "receiverId",
        "article": "9",
    }


COVER = """mutation ($input: StartDelegationInput!) { startDelegation(input: $input) { __typename
  ... on Delegation { id role validFrom validTo principal { number } deputy { number }
    assignment { role institution { code } } } ... on Problem { code field article } } }"""


async def test_cover_of_a_post_through_the_graph(story):
    begin, end = story.bank.now + SECOND, story.bank.now + 2 * SECOND
    ids = {name: global_id("staff", story.bank.staff[name].id) for name in ("han", "gao", "he", "zhao")}
    told = {"role": "WC_HEAD", "principalId": ids["han"], "deputyId": ids["gao"], "reason": "leave"}
    told |= {"validFrom": begin.isoformat(), "validTo": end.isoformat()}
    wu = await story.desk("wu")
    found = (await ask(wu, COVER, input=told))["startDelegation"]
    assert found.pop("id")
    assert found == {
        "__typename": "Delegation", "role": "WC_HEAD", "validFrom": "2026-11-25T02:00:01+00:00",
        "validTo": "2026-11-25T02:00:02+00:00", "principal": {"number": "S-han"}, "deputy": {"number": "S-gao"},
        "assignment": {"role": "WC_HEAD", "institution": {"code": "CDW"}},
    }  # fmt: skip
    for moment, seen in (
        (begin - TICK, "WITHHELD"),
        (begin, "VISIBLE"),
        (end - TICK, "VISIBLE"),
        (end, "WITHHELD"),
    ):
        assert (await assets_of_zhou(story, "gao", moment))[0] == seen, moment
    pair = told | {"role": "CARD_SUPERVISOR", "principalId": ids["zhao"], "deputyId": ids["he"]}
    found = (await ask(wu, COVER, input=pair))["startDelegation"]
    assert (found["code"], found["article"]) == ("MOVEMENT_SIGNED_BY_ONE", "Notice 4")
    covers = """query ($who: ID!) { delegations(first: 5, where: {role: {in: [WC_HEAD]}, deputyId: {eq: $who}},
      orderBy: [VALID_FROM_DESC]) { totalCount nodes { deputy { number } } } }"""
    found = (await ask(wu, covers, who=ids["gao"]))["delegations"]
    assert found == {"totalCount": 1, "nodes": [{"deputy": {"number": "S-gao"}}]}
