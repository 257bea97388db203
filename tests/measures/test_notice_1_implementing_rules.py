"""Notice 1: each tier-1 branch makes implementing rules (实施细则); head office sees which branches have none."""

from __future__ import annotations

import datetime as dt

import pytest
from tortoise.exceptions import IntegrityError

from models.ids import global_id
from models.institutions import Institution
from models.rules import ImplementingRule
from tests.digest import changed, digest, refused
from tests.law import walk, walk_back
from tests.schema.ask import ask
from tests.schema.ask import refused as refused_in_graph

pytestmark = pytest.mark.measure("N1")
DAY = dt.timedelta(days=1)
LACKING = "{ institutions(first: 100, where: {lacksImplementingRule: {eq: true}}) { nodes { code lacksImplementingRule } } }"


async def lacking(laws, now=None) -> list[str]:
    data = await ask(await laws.desk("officer", now), LACKING)
    assert all(node["lacksImplementingRule"] for node in data["institutions"]["nodes"])
    return [node["code"] for node in data["institutions"]["nodes"]]


async def test_two_persons_of_the_branch_issue_its_rules(laws):
    rule = await laws.rule(summary="what Sichuan adds")
    assert (rule.version, rule.owner_id) == (1, laws.bank.places["SC"].id)
    await walk(laws, rule, "ren", "deng", ("wu", "jin", "jun", "officer", "lin"))


async def test_a_returned_version_stays_and_the_next_one_corrects_it(laws):
    await walk_back(laws, await laws.rule(), "ren", "deng")
    again = await laws.rule()
    assert again.version == 2
    assert (await laws.passed(again)).state == "APPROVED"


@pytest.mark.parametrize(
    ("who", "owner", "code"),
    [
        pytest.param("jin", "SC", "FORBIDDEN", id="another branch's officer"),
        pytest.param("officer", "SC", "FORBIDDEN", id="head office"),
        pytest.param("deng", "SC", "FORBIDDEN", id="its approver"),
        pytest.param("wu", "SC", "FORBIDDEN", id="an officer below"),
        pytest.param("ren", "CD", "FORBIDDEN", id="for a branch below"),
        pytest.param("wu", "CD", "BAD_USER_INPUT", id="a tier-2 branch for itself"),
    ],
)
async def test_only_a_tier_1_branch_makes_rules_and_only_its_own(laws, who, owner, code):
    async with refused(code, await laws.desk(who)) as caught:
        await laws.rule(who, owner)
    if code == "BAD_USER_INPUT":
        assert caught.value.field == "ownerId"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        pytest.param({"title": " "}, "title", id="no title"),
        pytest.param({"title": "x" * 121}, "title", id="a long title"),
        pytest.param({"document": ""}, "document", id="no document"),
        pytest.param({"summary": "x" * 1001}, "summary", id="a long summary"),
    ],
)
async def test_terms_that_are_refused(laws, said, field):
    async with refused("BAD_USER_INPUT", await laws.desk("ren")) as caught:
        await laws.rule(**said)
    assert caught.value.field == field


async def test_an_unknown_or_a_merged_branch_makes_no_rules(laws):
    async with refused("NOT_FOUND", await laws.desk("ren")):
        await laws.rule(owner_id=laws.bank.staff["ren"].id)
    await Institution.filter(code="SC").update(merged_into_id=laws.bank.places["JS"].id)
    async with refused("BAD_USER_INPUT", await laws.desk("ren")):
        await laws.rule()


async def test_a_later_version_ends_the_former_on_the_day_before(laws):
    first = await laws.passed(await laws.rule())
    second = await laws.rule(effective_from=dt.date(2027, 1, 1))
    assert second.version == 2
    second = await laws.passed(second)
    await first.refresh_from_db()
    last = dt.date(2026, 12, 31)
    assert first.effective_to == last
    assert (first.phase(last), first.phase(last + DAY)) == ("EFFECTIVE", "SUPERSEDED")
    assert (second.phase(last), second.phase(last + DAY)) == ("APPROVED", "EFFECTIVE")
    for too_early in (dt.date(2027, 1, 1), dt.date(2026, 12, 1)):
        third = await laws.submit(await laws.rule(effective_from=too_early))
        async with refused("EFFECTIVE_TOO_EARLY", await laws.desk("deng")):
            await laws.approve(third)
    # Another branch's rules are another text.
    theirs = await laws.rule("jin", "JS", effective_from=dt.date(2026, 1, 1))
    await laws.passed(theirs, writer="jin", approver="jun")
    assert (theirs.version, (await ImplementingRule.get(id=second.id)).effective_to) == (1, None)


async def test_head_office_lists_the_tier_1_branches_without_rules(laws):
    assert await lacking(laws) == ["SC", "JS"]
    rule = await laws.rule(effective_from=dt.date(2026, 11, 25))
    assert await lacking(laws) == ["SC", "JS"], "a draft is no rule"
    await laws.submit(rule)
    assert await lacking(laws) == ["SC", "JS"], "nor is a submitted one"
    await laws.approve(rule)
    assert await lacking(laws) == ["JS"]
    midnight = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)
    assert await lacking(laws, midnight - dt.timedelta(seconds=1)) == ["SC", "JS"]
    assert await lacking(laws, midnight) == ["JS"]
    await ImplementingRule.filter(id=rule.id).update(effective_to=dt.date(2026, 11, 30))
    over = dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)
    assert await lacking(laws, over - dt.timedelta(seconds=1)) == ["JS"]
    assert await lacking(laws, over) == ["SC", "JS"]
    await Institution.filter(code="JS").update(merged_into_id=laws.bank.places["SC"].id)
    assert await lacking(laws) == [], "a branch that is gone needs none"


async def test_the_database_itself_keeps_two_versions_off_one_day(laws):
    await laws.passed(await laws.rule())
    other = await laws.rule(effective_from=dt.date(2027, 1, 1))
    before = await digest()
    with pytest.raises(IntegrityError):
        await ImplementingRule.filter(id=other.id).update(state="APPROVED")
    with pytest.raises(IntegrityError):
        await ImplementingRule.filter(id=other.id).update(approved_by_id=other.drafted_by_id)
    assert await digest() == before


DRAFT = """mutation ($input: DraftImplementingRuleInput!) { draftImplementingRule(input: $input) {
  ... on ImplementingRule { id version state phase draftedBy { number } owner { code } } ... on Problem { code field } } }"""
ACT = """mutation ($id: ID!) { act: %sImplementingRule(input: {implementingRuleId: $id%s}) {
  ... on ImplementingRule { state phase submittedAt approvedAt approvedBy { number } returnReason effectiveTo }
  ... on Problem { code field article } } }"""
LIST = """{ implementingRules(first: 10, where: {phase: {eq: EFFECTIVE}}) {
  nodes { version title document summary state effectiveFrom owner { code } } } }"""


async def test_the_graph_drafts_submits_issues_and_returns(laws):
    ren, deng = await laws.desk("ren"), await laws.desk("deng")
    told = {
        "ownerId": global_id("institution", laws.bank.places["SC"].id),
        "title": "实施细则",
        "document": "12号",
        "effectiveFrom": "2026-11-25",
        "idempotencyKey": "once",
    }
    made = (await ask(ren, DRAFT, input=told))["draftImplementingRule"]
    assert made == {
        "id": made["id"],
        "version": 1,
        "state": "DRAFT",
        "phase": "DRAFT",
        "draftedBy": {"number": "S-ren"},
        "owner": {"code": "SC"},
    }
    before = await digest()
    assert (await ask(ren, DRAFT, input=told))["draftImplementingRule"] == made, "the same key, one effect"
    assert changed(before, await digest()) == {}
    assert await refused_in_graph(deng, DRAFT, input=told | {"idempotencyKey": "mine"}) == "FORBIDDEN"
    blank = await ask(ren, DRAFT, input=told | {"title": " ", "idempotencyKey": None})
    assert blank["draftImplementingRule"] == {"code": "BAD_USER_INPUT", "field": "title"}

    submit, approve = ACT % ("submit", ""), ACT % ("approve", "")
    assert (await ask(ren, submit, id=made["id"]))["act"]["state"] == "SUBMITTED"
    assert (await ask(ren, submit, id=made["id"]))["act"]["code"] == "WRONG_STATE"
    give_back = ACT % ("return", ', reason: ""')
    assert (await ask(deng, give_back, id=made["id"]))["act"] == {
        "code": "RETURN_REASON_REQUIRED",
        "field": "reason",
        "article": "Notice 2",
    }
    issued = (await ask(deng, approve, id=made["id"]))["act"]
    assert (issued["state"], issued["phase"], issued["approvedBy"]) == (
        "APPROVED",
        "EFFECTIVE",
        {"number": "S-deng"},
    )
    nodes = (await ask(await laws.desk("nobody"), LIST))["implementingRules"]["nodes"]
    assert [(node["version"], node["owner"]["code"], node["document"]) for node in nodes] == [
        (1, "SC", "12号")
    ]
    again = (await ask(ren, DRAFT, input=told | {"idempotencyKey": "twice"}))["draftImplementingRule"]
    await ask(ren, submit, id=again["id"])
    back = (await ask(deng, ACT % ("return", ', reason: "the day"'), id=again["id"]))["act"]
    assert (back["state"], back["phase"], back["returnReason"]) == ("RETURNED", "RETURNED", "the day")
