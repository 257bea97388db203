"""Versions: one person drafts, another approves, and a version is law from its day until the next one's."""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from desk.desk import Desk
from desk.errors import Forbidden
from desk.standards import (
    approve_standard,
    draft_standard,
    run_screening,
    screen,
    standard_in_force,
    submit_standard,
)
from models.errors import Refusal
from models.standards import Criterion, Evaluation, Standard
from models.vocabulary import AveragingRule, Combine, CriterionKind, Tier
from tests.digest import changed, digest
from tests.law import Laws, walk, walk_back

NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
AS_OF = dt.date(2026, 10, 31)
TERMS = {
    "code": "PKDD",
    "name": "捷克银行标准",
    "currency": "CZK",
    "thresholds": {CriterionKind.AVERAGE_SAVINGS: "50000.50", CriterionKind.SPEND: Decimal(100_000)},
    "effective_from": dt.date(1990, 1, 1),
    "source": "PKDD'99",
}


async def drafted(desk: Desk, **more) -> Standard:
    return await draft_standard(desk, **TERMS | more)


async def submitted(desk: Desk, **more) -> Standard:
    return await submit_standard(desk, standard_id=(await drafted(desk, **more)).id)


@pytest.fixture
async def laws(bank, policy) -> Laws:
    return await Laws.of(bank, policy)


@pytest.mark.measure("A6a")
async def test_from_draft_to_law_by_head_office_alone(laws):
    await walk(laws, await laws.standard(), "officer", "approver", ("ren", "deng", "wu", "lin"))


@pytest.mark.measure("A6a")
async def test_a_returned_version_stays_and_the_next_one_corrects_it(laws):
    await walk_back(laws, await laws.standard(), "officer", "approver")
    again = await laws.standard()
    assert again.version == 3
    await laws.passed(again)
    assert (await Standard.get(code="MEASURES", version=1)).effective_to == dt.date(2026, 11, 30)


async def test_of_two_that_are_approved_at_once_the_later_follows_the_earlier(laws):
    days = (dt.date(2026, 12, 1), dt.date(2027, 1, 1))
    both = [await laws.submit(await laws.standard(effective_from=day)) for day in days]
    found = await asyncio.gather(*(laws.approve(one) for one in both), return_exceptions=True)
    refusals = [one.code for one in found if isinstance(one, Refusal)]
    assert refusals in ([], ["EFFECTIVE_TOO_EARLY"]), found
    law = await Standard.filter(state="APPROVED").order_by("effective_from")
    ends = [one.effective_from - dt.timedelta(days=1) for one in law[1:]]
    assert [one.effective_to for one in law] == [*ends, None]
    assert len(law) == 3 - len(refusals)


async def test_the_database_itself_keeps_two_versions_off_one_day(laws):
    draft = await laws.standard()
    before = await digest()
    for terms in ({"state": "APPROVED"}, {"approved_by_id": draft.drafted_by_id}):
        with pytest.raises(IntegrityError):
            await Standard.filter(id=draft.id).update(**terms)
    assert await digest() == before


async def test_two_persons_make_a_standard(bank, seat):
    officer, approver = await seat(bank.staff["officer"]), await seat(bank.staff["approver"])
    draft = await drafted(
        officer,
        combine=Combine.ALL,
        averaging_rule=AveragingRule.SINCE_OPENING,
        spend_kinds=("cash", "card"),
        loan_look_back_months=12,
    )
    assert (draft.version, draft.state, draft.tier, draft.owner_id) == (1, "DRAFT", "HEAD_OFFICE", None)
    assert (draft.combine, draft.averaging_rule, draft.spend_kinds) == ("ALL", "since_opening", "cash,card")
    with pytest.raises(Refusal) as refused:
        await standard_in_force("PKDD", AS_OF)
    assert refused.value.code == "NO_STANDARD"
    assert (await submit_standard(officer, standard_id=draft.id)).submitted_at == NOW
    law = await approve_standard(approver, standard_id=draft.id)
    assert (law.state, law.approved_by_id, law.approved_at) == ("APPROVED", bank.staff["approver"].id, NOW)
    assert (await standard_in_force("PKDD", AS_OF)).id == draft.id
    thresholds = (
        await Criterion.filter(standard_id=draft.id).order_by("kind").values_list("kind", "threshold")
    )
    assert thresholds == [("AVERAGE_SAVINGS", 50_000_50), ("SPEND", 100_000_00)]


@pytest.mark.measure("A6a")
@pytest.mark.parametrize("who", ["wu", "lin", "approver", "compliance", "sysadmin"])
async def test_nobody_else_drafts_head_offices_standard(bank, seat, who):
    with pytest.raises(Forbidden):
        await drafted(await seat(bank.staff[who]), code="MEASURES", currency="CNY")
    assert await Standard.all().count() == 1


@pytest.mark.measure("A6a")
@pytest.mark.parametrize("who", ["officer", "wu", "deng"])
async def test_nobody_else_approves_it(bank, seat, who):
    draft = await submitted(await seat(bank.staff["officer"]))
    with pytest.raises(Forbidden):
        await approve_standard(await seat(bank.staff[who]), standard_id=draft.id)
    assert (await Standard.get(id=draft.id)).state == "SUBMITTED"


async def test_the_writer_does_not_approve_under_another_staff_number(bank, seat):
    draft = await submitted(await seat(bank.staff["officer"]))
    approver = bank.staff["approver"]
    approver.person_id = bank.staff["officer"].person_id
    await approver.save(update_fields=["person_id"])
    with pytest.raises(Refusal) as refused:
        await approve_standard(await seat(approver), standard_id=draft.id)
    assert refused.value.code == "STANDARD_BY_WRITER"
    assert (await Standard.get(id=draft.id)).state == "SUBMITTED"


@pytest.mark.measure("N2a")
async def test_a_new_version_takes_over_on_its_day_and_past_decisions_stay(bank, seat):
    officer, approver = await seat(bank.staff["officer"]), await seat(bank.staff["approver"])
    before = await screen(officer, as_of=AS_OF, standard_code="MEASURES")
    decided = await digest()
    draft = await submitted(
        officer,
        code="MEASURES",
        currency="CNY",
        thresholds={CriterionKind.AVERAGE_SAVINGS: "700000.00"},
        effective_from=dt.date(2026, 11, 1),
    )
    assert draft.version == 2
    await approve_standard(approver, standard_id=draft.id)
    told = changed(decided, await digest())
    assert told == {"access_record": 3, "criterion": 1, "standard": 1}, (
        "what was decided is the same to the byte"
    )
    first = await standard_in_force("MEASURES", AS_OF)
    assert (first.version, first.effective_to) == (1, AS_OF)
    assert (await standard_in_force("MEASURES", dt.date(2026, 11, 1))).version == 2
    assert await Evaluation.filter(screening_id=before.id, passed=True).count() == 3
    later = await screen(officer, as_of=dt.date(2026, 11, 1), standard_code="MEASURES")
    assert (later.standard_id, later.evaluated, later.passed) == (draft.id, 3, 0)
    asked_for = await screen(officer, as_of=AS_OF, standard_code="MEASURES", version=2)
    assert (asked_for.standard_id, asked_for.passed) == (draft.id, 0)


async def test_a_version_does_not_begin_before_the_one_it_follows(bank, seat):
    officer, approver = await seat(bank.staff["officer"]), await seat(bank.staff["approver"])
    draft = await submitted(officer, code="MEASURES", currency="CNY", effective_from=dt.date(1990, 1, 1))
    with pytest.raises(Refusal) as refused:
        await approve_standard(approver, standard_id=draft.id)
    assert refused.value.code == "EFFECTIVE_TOO_EARLY"
    assert (await Standard.get(code="MEASURES", version=1)).effective_to is None


async def test_a_version_is_approved_once(bank, seat):
    approver = await seat(bank.staff["approver"])
    draft = await submitted(await seat(bank.staff["officer"]))
    await approve_standard(approver, standard_id=draft.id)
    with pytest.raises(Refusal) as refused:
        await approve_standard(approver, standard_id=draft.id)
    assert refused.value.code == "WRONG_STATE"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "pkdd"}, "code"),
        ({"code": "MEASURES", "tier": Tier.BRANCH}, "ownerId"),
        ({"code": "MEASURES"}, "currency"),
        ({"thresholds": {CriterionKind.INDICATOR: "1.00"}}, "thresholds"),
        ({"currency": "XXX"}, ""),
        ({"thresholds": {}}, "thresholds"),
        ({"thresholds": {CriterionKind.SPEND: "0.00"}}, "thresholds"),
        ({"thresholds": {CriterionKind.SPEND: "1.005"}}, ""),
        ({"spend_kinds": ()}, "spendKinds"),
        ({"spend_kinds": ("a,b",)}, "spendKinds"),
        ({"spend_kinds": tuple(f"k{n:020}" for n in range(10))}, "spendKinds"),
        ({"loan_look_back_months": -1}, "loanLookBackMonths"),
        ({"name": " "}, "name"),
        ({"source": "x" * 201}, "source"),
    ],
    ids=str,
)
async def test_terms_that_are_refused(bank, seat, more, field):
    with pytest.raises(Refusal) as refused:
        await drafted(await seat(bank.staff["officer"]), **more)
    assert refused.value.field == field
    assert await Standard.all().count() == 1


@pytest.mark.measure("A8")
async def test_a_branchs_standard_judges_its_own_customers_only(bank, seat):
    officer, approver = await seat(bank.staff["officer"]), await seat(bank.staff["approver"])
    sichuan = bank.places["SC"]
    draft = await submitted(
        officer,
        code="SICHUAN",
        currency="CNY",
        thresholds={CriterionKind.AVERAGE_SAVINGS: "100000.00"},
        tier=Tier.BRANCH,
        owner_id=sichuan.id,
    )
    standard = await approve_standard(approver, standard_id=draft.id)
    screening = await screen(officer, as_of=AS_OF, standard_code="SICHUAN")
    assert (screening.scope_path, screening.evaluated) == (sichuan.path, 2)
    terms = {"standard": standard, "as_of": AS_OF, "started_by": officer.staff_id, "now": NOW}
    for elsewhere in (
        {"scope_path": bank.places["JS"].path},
        {"customer_id": bank.customers["feng"].id},
    ):
        with pytest.raises(Refusal) as refused:
            await run_screening(**terms, **elsewhere)
        assert refused.value.code == "STANDARD_OF_ANOTHER_BRANCH"
    inside = await run_screening(**terms, scope_path=bank.places["MY"].path)
    assert (inside.scope_path, inside.evaluated) == (bank.places["MY"].path, 0)


@pytest.mark.measure("A8")
@pytest.mark.parametrize("place", ["CD", "CDW", "HQ"])
async def test_a_branchs_standard_belongs_to_a_tier_1_branch(bank, seat, place):
    with pytest.raises(Refusal) as refused:
        await drafted(
            await seat(bank.staff["officer"]), code="OWN", tier=Tier.BRANCH, owner_id=bank.places[place].id
        )
    assert refused.value.field == "ownerId"


async def test_another_owners_code_is_not_continued(bank, seat):
    with pytest.raises(Refusal) as refused:
        await drafted(
            await seat(bank.staff["officer"]),
            code="MEASURES",
            tier=Tier.BRANCH,
            owner_id=bank.places["SC"].id,
        )
    assert refused.value.field == "code"
