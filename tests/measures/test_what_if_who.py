"""What-if, by whom and for whom: who proposes or approves a draft tries it, and the counts are seen within the subtree."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import Policy, Role
from authz.policy import POLICY
from desk.desk import Desk, adopt
from desk.standards import screen
from desk.standards.what_if import what_if
from models.people import Assignment
from models.standards import Standard
from models.vocabulary import LawState
from models.what_if import WhatIfLine
from schema.scalars import global_id
from tests.cast import START
from tests.desk.standards.law import CampaignOf, IndicatorOf, adopt_indicator, drafted, enact
from tests.digest import refused
from tests.schema.ask import ask

pytestmark = pytest.mark.usefixtures("exact")
AS_OF = dt.date(2026, 10, 31)


async def own_officer(bank) -> None:
    """A policy officer of Sichuan, in whom the cast is wanting."""
    await Assignment.create(
        staff=bank.staff["nobody"],
        role=Role.PB_OFFICER,
        institution=bank.places["SC"],
        department="PERSONAL_BANKING",
        valid_from=START,
        recorded_at=START,
    )


@pytest.mark.measure("A8")
@pytest.mark.parametrize("who", ["nobody", "deng", "officer"])
async def test_a_branchs_draft_is_judged_on_that_branch_only(bank, seat, who):
    await own_officer(bank)
    sichuan = bank.places["SC"]
    own = await drafted("SC-OWN", tier="BRANCH", owner_id=sichuan.id)
    await adopt_indicator(IndicatorOf("PAYROLL", sichuan.path, 1))
    desk = await seat(bank.staff[who])
    made = await what_if(desk, standard_id=own.id, as_of=AS_OF)
    assert (made.scope_path, made.evaluated, made.entering) == (sichuan.path, 2, 1)
    (line,) = await WhatIfLine.filter(what_if_id=made.id)
    assert line.institution_id == bank.places["CD"].id
    async with refused("STANDARD_OF_ANOTHER_BRANCH", desk):
        await what_if(desk, standard_id=own.id, as_of=AS_OF, institution_id=bank.places["JS"].id)


@pytest.mark.measure("N2a", "A8")
@pytest.mark.parametrize("who", ["wu", "lin", "han", "deng", "compliance", "auditor", "sysadmin", "tang"])
async def test_who_neither_proposes_nor_approves_it_tries_nothing(bank, seat, who):
    draft, campaign = await drafted(), await enact(CampaignOf(AS_OF, AS_OF, {"SPEND": 1}, state="DRAFT"))
    desk = await seat(bank.staff[who])
    async with refused("FORBIDDEN", desk):
        await what_if(desk, standard_id=draft.id, as_of=AS_OF)
    async with refused("FORBIDDEN", desk):
        await what_if(desk, campaign_id=campaign.id, as_of=AS_OF)


@pytest.mark.measure("A8")
async def test_a_branch_tries_no_other_branchs_draft(bank, seat):
    await own_officer(bank)
    other = await drafted("JS-OWN", tier="BRANCH", owner_id=bank.places["JS"].id)
    for who in ("nobody", "deng"):
        desk = await seat(bank.staff[who])
        async with refused("FORBIDDEN", desk):
            await what_if(desk, standard_id=other.id, as_of=AS_OF)


@pytest.mark.measure("N2a")
async def test_who_proposes_tries_it_over_what_he_may_screen(bank):
    line = "p, hq_policy, all, screening, *, screen, *, allow"
    lines = POLICY.read_text(encoding="utf-8").splitlines()
    assert line in lines
    policy = Policy.of("\n".join(it for it in lines if it != line))
    await adopt(policy)
    draft, desk = await drafted(), await Desk.take(policy, bank.staff["officer"].id, bank.now)
    async with refused("FORBIDDEN", desk):
        await what_if(desk, standard_id=draft.id, as_of=AS_OF)


@pytest.mark.measure("N2a")
async def test_who_approves_looks_before_he_approves_and_still_screens_nothing(bank, seat):
    draft, desk = await drafted(state=LawState.SUBMITTED), await seat(bank.staff["approver"])
    assert (await what_if(desk, standard_id=draft.id, as_of=AS_OF)).leaving == 1
    async with refused("FORBIDDEN", desk):
        await screen(desk, as_of=AS_OF, standard_code="MEASURES")


TRY = """mutation ($input: WhatIfInput!) { whatIf(input: $input) {
  ... on WhatIf { evaluated passing entering leaving standard { code version } baseline { version } campaign { code }
    lines { institution { code } evaluated entering leaving moved } }
  ... on Problem { code field } } }"""
LIST = """query ($where: WhatIfWhere) { whatIfs(first: 5, where: $where) {
  totalCount nodes { asOf leaving lines { institution { code } moved } } } }"""


@pytest.mark.measure("N2a", "N2b")
async def test_the_graph_tells_the_largest_moves_first(bank, seat):
    draft, desk = await drafted(savings=600_000_03), await seat(bank.staff["officer"])
    standard = global_id("standard", draft.id)
    data = await ask(desk, TRY, input={"standardId": standard, "asOf": "2026-10-31"})
    assert data["whatIf"] == {
        "evaluated": 3,
        "passing": 1,
        "entering": 0,
        "leaving": 2,
        "standard": {"code": "MEASURES", "version": 2},
        "baseline": {"version": 1},
        "campaign": None,
        "lines": [
            {"institution": {"code": "CD"}, "evaluated": 2, "entering": 0, "leaving": 2, "moved": 2},
            {"institution": {"code": "NJ"}, "evaluated": 1, "entering": 0, "leaving": 0, "moved": 0},
        ],
    }
    sichuan = global_id("institution", bank.places["SC"].id)
    narrow = {"standardId": standard, "asOf": "2026-10-31", "institutionId": sichuan}
    assert (await ask(desk, TRY, input=narrow))["whatIf"]["evaluated"] == 2
    law = global_id("standard", (await Standard.get(code="MEASURES", version=1)).id)
    wrong = {"standardId": law, "asOf": "2026-10-31"}
    assert (await ask(desk, TRY, input=wrong))["whatIf"] == {"code": "WRONG_STATE", "field": ""}

    async def seen(who: str, **where) -> list[int]:
        found = await ask(await seat(bank.staff[who]), LIST, where=where or None)
        assert found["whatIfs"]["totalCount"] == len(found["whatIfs"]["nodes"])
        return [node["leaving"] for node in found["whatIfs"]["nodes"]]

    assert sorted(await seen("approver")) == [2, 2]
    assert await seen("deng") == [2]
    for who in ("wu", "lin", "teller", "tang", "mei"):
        assert await seen(who) == []
    assert await seen("officer", standardId={"eq": law}) == []
    assert len(await seen("officer", standardId={"eq": standard}, asOf={"ge": "2026-10-31"})) == 2
