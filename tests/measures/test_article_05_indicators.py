"""Article 5: a tier-1 branch that wants a further indicator proposes it; it counts there once head office has approved it."""

from __future__ import annotations

import datetime as dt

import pytest
from tortoise.exceptions import IntegrityError

from models.ids import global_id
from models.indicators import Indicator
from tests.digest import digest, refused
from tests.law import walk, walk_back
from tests.schema.ask import ask
from tests.schema.ask import refused as refused_in_graph

pytestmark = pytest.mark.measure("A5")
DAY = dt.timedelta(days=1)


async def test_the_branch_proposes_and_head_office_approves(laws):
    indicator = await laws.indicator()
    assert (indicator.version, indicator.owner_id) == (1, laws.bank.places["SC"].id)
    assert (indicator.threshold, indicator.currency) == (200_000_00, "CNY")
    # Neither the branch's own approver nor its officer approves it, and head office's officer does not submit it.
    await walk(laws, indicator, "ren", "approver", ("deng", "wu", "jin", "officer", "lin"))


async def test_a_returned_proposal_stays_and_the_next_version_corrects_it(laws):
    await walk_back(laws, await laws.indicator(), "ren", "approver")
    again = await laws.indicator(threshold="250000.00")
    assert again.version == 2
    assert (await laws.passed(again)).state == "APPROVED"


@pytest.mark.parametrize(
    ("who", "owner", "code"),
    [
        pytest.param("jin", "SC", "FORBIDDEN", id="another branch's officer"),
        pytest.param("officer", "SC", "FORBIDDEN", id="head office for a branch"),
        pytest.param("officer", "HQ", "FORBIDDEN", id="head office"),
        pytest.param("deng", "SC", "FORBIDDEN", id="the branch's approver"),
        pytest.param("wu", "SC", "FORBIDDEN", id="an officer below"),
        pytest.param("wu", "CD", "BAD_USER_INPUT", id="a tier-2 branch for itself"),
    ],
)
async def test_only_a_tier_1_branch_proposes_and_only_for_itself(laws, who, owner, code):
    async with refused(code, await laws.desk(who)) as caught:
        await laws.indicator(who, owner)
    if code == "BAD_USER_INPUT":
        assert caught.value.field == "ownerId"


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        pytest.param({"code": "funds"}, "BAD_USER_INPUT", "code", id="small letters"),
        pytest.param({"code": "F" * 33}, "BAD_USER_INPUT", "code", id="a long code"),
        pytest.param({"name": ""}, "BAD_USER_INPUT", "name", id="no name"),
        pytest.param({"reason": " "}, "BAD_USER_INPUT", "reason", id="no reason"),
        pytest.param({"threshold": "0.00"}, "BAD_USER_INPUT", "threshold", id="nothing to reach"),
        pytest.param({"threshold": "-1"}, "BAD_USER_INPUT", "threshold", id="below nothing"),
        pytest.param({"threshold": "1.005"}, "TOO_MANY_DECIMALS", "", id="half a fen"),
        pytest.param({"threshold": "1e5"}, "BAD_AMOUNT", "", id="an exponent"),
        pytest.param({"currency": "XXX"}, "UNKNOWN_CURRENCY", "", id="no currency"),
    ],
)
async def test_terms_that_are_refused(laws, said, code, field):
    async with refused(code, await laws.desk("ren")) as caught:
        await laws.indicator(**said)
    assert caught.value.field == field


async def test_a_code_keeps_its_branch_and_its_currency(laws):
    await laws.indicator()
    for who, owner, said, field in (
        ("jin", "JS", {}, "code"),
        ("ren", "SC", {"currency": "USD"}, "currency"),
    ):
        async with refused("BAD_USER_INPUT", await laws.desk(who)) as caught:
            await laws.indicator(who, owner, **said)
        assert caught.value.field == field


async def test_a_later_version_ends_the_former_on_the_day_before(laws):
    first = await laws.passed(await laws.indicator())
    second = await laws.submit(
        await laws.indicator(effective_from=dt.date(2027, 1, 1), threshold="300000.00")
    )
    assert (await Indicator.get(id=first.id)).effective_to is None, "a proposal ends nothing"
    await laws.approve(second)
    await first.refresh_from_db()
    last = dt.date(2026, 12, 31)
    assert (first.effective_to, first.in_force(last), first.in_force(last + DAY)) == (last, True, False)
    second = await Indicator.get(id=second.id)
    assert (second.in_force(last), second.in_force(last + DAY)) == (False, True)
    third = await laws.submit(await laws.indicator(effective_from=dt.date(2027, 1, 1)))
    async with refused("EFFECTIVE_TOO_EARLY", await laws.desk("approver")):
        await laws.approve(third)


async def test_the_database_itself_keeps_two_versions_off_one_day(laws):
    await laws.passed(await laws.indicator())
    other = await laws.indicator(effective_from=dt.date(2027, 1, 1))
    before = await digest()
    with pytest.raises(IntegrityError):
        await Indicator.filter(id=other.id).update(state="APPROVED")
    assert await digest() == before


PROPOSE = """mutation ($input: ProposeIndicatorInput!) { proposeIndicator(input: $input) {
  ... on Indicator { id named: code version phase threshold { amount currency } } ... on Problem { code field } } }"""
ACT = """mutation ($id: ID!) { act: %sIndicator(input: {indicatorId: $id%s}) {
  ... on Indicator { state phase approvedBy { number } returnReason } ... on Problem { code article } } }"""
LIST = """query ($owner: ID!) { indicators(first: 10, where: {ownerId: {eq: $owner}}) {
  nodes { code version state phase reason owner { code } } } }"""


async def test_the_graph_proposes_submits_approves_and_returns(laws):
    ren, approver = await laws.desk("ren"), await laws.desk("approver")
    told = {
        "ownerId": global_id("institution", laws.bank.places["SC"].id),
        "code": "SC_FUNDS",
        "name": "基金",
        "currency": "CNY",
        "threshold": "200000.00",
        "effectiveFrom": "2026-12-01",
        "reason": "funds",
    }
    made = (await ask(ren, PROPOSE, input=told))["proposeIndicator"]
    assert (made["version"], made["phase"]) == (1, "DRAFT")
    assert made["threshold"] == {"amount": "200000.00", "currency": "CNY"}
    assert await refused_in_graph(approver, PROPOSE, input=told) == "FORBIDDEN"
    refusal = await ask(ren, PROPOSE, input=told | {"threshold": "0"})
    assert refusal["proposeIndicator"] == {"code": "BAD_USER_INPUT", "field": "threshold"}
    assert (await ask(ren, ACT % ("submit", ""), id=made["id"]))["act"]["state"] == "SUBMITTED"
    assert (
        await refused_in_graph(await laws.desk("deng"), ACT % ("approve", ""), id=made["id"]) == "FORBIDDEN"
    )
    approved = (await ask(approver, ACT % ("approve", ""), id=made["id"]))["act"]
    assert approved == {
        "state": "APPROVED",
        "phase": "APPROVED",
        "approvedBy": {"number": "S-approver"},
        "returnReason": "",
    }
    assert (await ask(approver, ACT % ("approve", ""), id=made["id"]))["act"]["code"] == "WRONG_STATE"
    again = (await ask(ren, PROPOSE, input=told | {"effectiveFrom": "2027-01-01"}))["proposeIndicator"]
    await ask(ren, ACT % ("submit", ""), id=again["id"])
    back = (await ask(approver, ACT % ("return", ', reason: "too low"'), id=again["id"]))["act"]
    assert (back["state"], back["returnReason"]) == ("RETURNED", "too low")
    nodes = (await ask(await laws.desk("lin"), LIST, owner=told["ownerId"]))["indicators"]["nodes"]
    assert [(node["version"], node["phase"]) for node in nodes] == [(1, "APPROVED"), (2, "RETURNED")]
