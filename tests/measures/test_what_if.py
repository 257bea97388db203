"""What-if: a draft over the real book before it is law (Notice 2). Who enters and leaves, and nothing kept but counts."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from desk.standards import run_screening, standard_in_force, streams
from desk.standards.what_if import coarse, what_if
from models.institutions import Institution
from models.standards import Criterion, Evaluation, Screening, Standard
from models.vocabulary import LawState
from models.what_if import WhatIf, WhatIfLine
from tests.desk.standards.law import CampaignOf, drafted, enact
from tests.desk.standards.worlds import AccountOf, CustomerOf, LoanOf, branch, publish, store
from tests.digest import changed, digest, refused

AS_OF = dt.date(2026, 10, 31)
NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2020, 5, 5)
pytestmark = pytest.mark.usefixtures("exact")
COUNTS = ("evaluated", "passing", "entering", "leaving", "borderline", "incomplete")


async def lines(made: WhatIf) -> dict[UUID, tuple[int, ...]]:
    found = await WhatIfLine.filter(what_if_id=made.id)
    assert all(line.moved == line.entering + line.leaving for line in found)
    return {line.institution_id: tuple(getattr(line, name) for name in COUNTS) for line in found}


@pytest.mark.measure("N2a")
async def test_who_would_leave_is_counted_where_he_is_owned_and_nothing_else_is_kept(bank, seat):
    draft = await drafted()
    desk, seen = await seat(bank.staff["officer"]), []
    before = await digest()
    made = await what_if(desk, standard_id=draft.id, as_of=AS_OF, progress=lambda *step: seen.append(step))
    assert changed(before, await digest()) == {"what_if": 1, "what_if_line": 2, "access_record": 1}
    assert await Evaluation.all().count() == await Screening.all().count() == 0
    assert await lines(made) == {
        bank.places["CD"].id: (2, 1, 0, 1, 2, 0),
        bank.places["NJ"].id: (1, 1, 0, 0, 1, 0),
    }
    assert tuple(getattr(made, name) for name in COUNTS) == (3, 2, 0, 1, 3, 0)
    law = await Standard.get(code="MEASURES", version=1)
    assert (made.standard_id, made.campaign_id, made.baseline_id) == (draft.id, None, law.id)
    assert (made.as_of, made.scope_path, made.asked_by_id) == (AS_OF, "/", desk.staff_id)
    assert seen[-1] == ("the draft: customers", 3, 3)


@pytest.mark.measure("N2a")
async def test_a_new_standard_has_no_law_before_it_so_all_who_pass_enter(bank, seat):
    draft = await drafted("YOUNG", state=LawState.SUBMITTED)
    made = await what_if(await seat(bank.staff["officer"]), standard_id=draft.id, as_of=AS_OF)
    assert (made.baseline_id, made.passing, made.entering, made.leaving) == (None, 2, 2, 0)


@pytest.mark.measure("N2b")
async def test_a_campaign_is_judged_with_and_without_it(bank, seat):
    """Whatever campaign runs on that day, and whether or not this one does."""
    await enact(CampaignOf(AS_OF, AS_OF, {"AVERAGE_SAVINGS": 1}), "RUNNING")
    await Criterion.filter(kind="AVERAGE_SAVINGS").update(threshold=600_000_03)
    low = await enact(
        CampaignOf(dt.date(2027, 1, 1), dt.date(2027, 2, 1), {"AVERAGE_SAVINGS": 600_000_02}, state="DRAFT"),
        "LOW",
    )
    made = await what_if(await seat(bank.staff["officer"]), campaign_id=low.id, as_of=AS_OF)
    assert await lines(made) == {
        bank.places["CD"].id: (2, 1, 1, 0, 2, 0),
        bank.places["NJ"].id: (1, 1, 0, 0, 1, 0),
    }
    assert (made.campaign_id, made.standard_id) == (low.id, None)
    assert made.baseline_id == (await Standard.get(code="MEASURES")).id


@pytest.mark.measure("N2a")
async def test_a_draft_is_judged_as_if_it_were_law_that_day_campaign_and_all(bank, seat):
    draft = await drafted()
    await enact(CampaignOf(AS_OF, AS_OF, {"AVERAGE_SAVINGS": 600_000_03}))
    desk = await seat(bank.staff["officer"])
    running = await what_if(desk, standard_id=draft.id, as_of=AS_OF)
    assert (running.passing, running.entering, running.leaving) == (1, 0, 0)
    without = await what_if(desk, standard_id=draft.id, as_of=AS_OF - dt.timedelta(days=1))
    assert (without.passing, without.entering, without.leaving) == (2, 0, 1)


async def book() -> None:
    """Customers of four branches, of whom the averages by day and by month-end say different things."""
    places = [
        await branch(12, "/1/12/"),
        await branch(120, "/1/120/"),
        await branch(13, "/1/12/13/"),
        await branch(14),
    ]
    for n in range(23):
        saved = AccountOf(
            kind="MONTH_AVERAGE" if n == 5 else "DAY_END",
            opened_on=dt.date(2026, 1 + n % 9, 1) if n % 2 else LONG_AGO,
            rows={AS_OF: 5}
            if n == 5
            else {LONG_AGO: 480_000_00, dt.date(2026, 6, 2 + n): (480_000 + n * 20_000) * 100},
            spend={(dt.date(2026, 3, 1), "cash" if n % 3 else "card"): 99_000_00 + n * 100_00},
        )
        owes = LoanOf(standings={AS_OF: (990_000_00 + n * 1_000_00, "NORMAL", 0)})
        await store(CustomerOf([saved] if n % 4 else [], [owes] if n % 3 == 0 else []), places[n % 4])


@pytest.mark.measure("N2a")
@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({}, id="other thresholds, one pass"),
        pytest.param({"averaging_rule": "since_opening"}, id="another averaging rule, two passes"),
        pytest.param({"spend_kinds": "card,cash", "combine": "ALL"}, id="other spend, two passes"),
    ],
)
async def test_the_counts_are_those_of_two_screenings(bank, seat, monkeypatch, terms):
    """The independent way: approve it, screen by both, and compare customer by customer."""
    await book()
    draft = await drafted(savings=580_000_00, **terms)
    await Criterion.create(standard_id=draft.id, kind="SPEND", threshold=100_000_00)
    desk, found = await seat(bank.staff["officer"]), []
    for part in (5_000, 1, 4):
        monkeypatch.setattr(streams, "PART", part)
        found.append(await what_if(desk, standard_id=draft.id, as_of=AS_OF))
    assert await lines(found[0]) == await lines(found[1]) == await lines(found[2])
    law = await standard_in_force("MEASURES", AS_OF)
    judged = []
    for standard in (law, draft):
        run = await run_screening(standard=standard, as_of=AS_OF, started_by=uuid4(), now=NOW)
        rows = await Evaluation.filter(screening_id=run.id).prefetch_related("customer")
        judged.append({row.customer_id: row for row in rows})
    expected: dict[UUID, list[int]] = {}
    for key, after in judged[1].items():
        line = expected.setdefault(after.customer.owner_id, [0] * 6)
        passed = judged[0][key].passed
        for place, counts in enumerate(
            (
                True,
                after.passed,
                after.passed and not passed,
                passed and not after.passed,
                after.borderline,
                after.missing != "",
            )
        ):
            line[place] += counts
    assert await lines(found[0]) == {owner: tuple(line) for owner, line in expected.items()}
    assert found[0].entering + found[0].leaving > 1
    assert judged[0].keys() == judged[1].keys()


@pytest.mark.measure("N2a")
async def test_a_subtree_holds_no_look_alike(bank, seat):
    await book()
    draft = await drafted()
    place = await branch(12)
    await Institution.filter(id=place.id).update(level="TIER1")
    made = await what_if(
        await seat(bank.staff["officer"]), standard_id=draft.id, as_of=AS_OF, institution_id=place.id
    )
    assert set(await lines(made)) == {place.id, (await branch(13)).id}
    assert made.scope_path == "/1/12/"


@pytest.mark.measure("N2a", "N2b")
async def test_what_cannot_be_tried(bank, seat):
    desk, draft = await seat(bank.staff["officer"]), await drafted()
    campaign = await enact(CampaignOf(AS_OF, AS_OF, {"SPEND": 1}, state="DRAFT", standard="NONE"))
    law = await Standard.get(code="MEASURES", version=1)
    for code, asked in (
        ("BAD_USER_INPUT", {}),
        ("BAD_USER_INPUT", {"standard_id": draft.id, "campaign_id": campaign.id}),
        ("BAD_USER_INPUT", {"standard_id": draft.id, "as_of": dt.date(2026, 11, 26)}),
        ("BAD_USER_INPUT", {"standard_id": draft.id, "as_of": dt.date(202, 11, 26)}),
        ("WRONG_STATE", {"standard_id": law.id}),
        ("NO_STANDARD", {"campaign_id": campaign.id}),
        ("NOT_FOUND", {"standard_id": uuid4()}),
        ("NOT_FOUND", {"campaign_id": uuid4()}),
        ("NOT_FOUND", {"standard_id": draft.id, "institution_id": uuid4()}),
        ("BAD_USER_INPUT", {"standard_id": draft.id, "institution_id": bank.places["CD"].id}),
        ("BAD_USER_INPUT", {"standard_id": draft.id, "institution_id": bank.places["CDW"].id}),
    ):
        async with refused(code, desk):
            await what_if(desk, **{"as_of": AS_OF} | asked)


@pytest.mark.measure("N2a")
async def test_a_missing_rate_leaves_nothing(bank, seat):
    desk, draft = await seat(bank.staff["officer"]), await drafted()
    await publish(dt.date(2020, 1, 1), "USD", "CNY", "7")
    await store(CustomerOf([AccountOf(currency="USD", rows={LONG_AGO: 1})]), bank.places["CD"])
    async with refused("NO_RATE", desk):
        await what_if(desk, standard_id=draft.id, as_of=AS_OF)


@pytest.mark.measure("N2a")
async def test_the_same_key_tries_it_once(bank, seat):
    desk, draft = await seat(bank.staff["officer"]), await drafted()
    asked = {"standard_id": draft.id, "as_of": AS_OF, "idempotency_key": "once"}
    assert (await what_if(desk, **asked)).id == (await what_if(desk, **asked)).id
    assert await WhatIf.all().count() == 1


@pytest.mark.measure("N2a", "A11b")
async def test_no_count_tells_of_one_customer(bank, seat, monkeypatch):
    """A writer may draft whatever threshold he likes; he must not find one customer's figure by it (decisions.md 6)."""
    monkeypatch.setattr("desk.standards.what_if.FIVE", 5)
    desk = await seat(bank.staff["officer"])
    for savings in (600_000_02, 600_000_03, 600_000_04):
        draft = await drafted(f"D{savings}", savings=savings)
        made = await what_if(desk, standard_id=draft.id, as_of=AS_OF)
        assert await lines(made) == {}
        assert (made.evaluated, made.passing, made.leaving, made.borderline) in {
            (5, 0, 0, 5),
            (5, 0, 0, 0),
            (5, 5, 0, 5),
        }
    assert [coarse(n) for n in (0, 1, 2, 3, 4, 5, 7, 8, 12, 13)] == [0, 0, 0, 5, 5, 5, 5, 10, 10, 15]
