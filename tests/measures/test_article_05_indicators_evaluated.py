"""Article 5: an indicator that head office approved for a branch is one more way to the standard, in that branch only."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import orjson
import pytest

from desk.standards import flips_after, run_screening, standard_in_force
from models.accounts import Account, AccountHolder
from models.indicators import IndicatorFigure
from models.standards import Criterion, Evaluation, Standard
from schema.scalars import global_id
from tests.desk.standards.law import IndicatorOf, adopt_indicator
from tests.desk.standards.worlds import IMPORT, AccountOf, CustomerOf, branch, store
from tests.schema.ask import ask

AS_OF = dt.date(2026, 10, 15)
"""In the middle of a month: the window is 2025-10-01 to 2026-09-30, and the newest figure may be of the day itself."""
WINDOW = dt.date(2025, 10, 1)
NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)
PAYROLL = IndicatorOf("PAYROLL", "/1/2/", 50_000_00)
LONG_AGO = dt.date(2020, 5, 5)


def poor(figures=None, replaced=None, saved: int = 1) -> CustomerOf:
    return CustomerOf([AccountOf(rows={LONG_AGO: saved})], [], figures or {}, replaced or {})


def of(amount: int, day: dt.date = AS_OF, currency: str = "CNY") -> dict:
    return {("PAYROLL", day): (currency, amount)}


async def evaluated(customer: CustomerOf, path: str = "/1/2/", *indicators: IndicatorOf) -> Evaluation:
    await branch(2, "/1/2/", "TIER1")
    owner = await branch(99, path) if path != "/1/2/" else await branch(2)
    for indicator in indicators or (PAYROLL,):
        await adopt_indicator(indicator)
    return await judged(await store(customer, owner))


async def judged(customer_id: UUID) -> Evaluation:
    standard = await standard_in_force("MEASURES", AS_OF)
    screening = await run_screening(standard=standard, as_of=AS_OF, started_by=uuid4(), now=NOW)
    return await Evaluation.get(screening_id=screening.id, customer_id=customer_id)


@pytest.mark.measure("A5")
@pytest.mark.parametrize(
    ("figures", "met", "near"),
    [
        pytest.param(of(50_000_00), True, True, id="just the threshold"),
        pytest.param(of(49_999_99), False, True, id="a fen less"),
        pytest.param(of(47_500_00), False, True, id="5 % less"),
        pytest.param(of(47_499_99), False, False, id="more than 5 % less"),
        pytest.param(of(52_500_00), True, True, id="5 % more"),
        pytest.param(of(52_500_01), True, False, id="more than 5 % more"),
        pytest.param(of(60_000_00, WINDOW), True, False, id="of the first day of the window"),
        pytest.param(of(60_000_00, WINDOW - ONE_DAY), False, False, id="of the day before the window"),
        pytest.param(of(60_000_00, AS_OF + ONE_DAY), False, False, id="of the day after the as-of day"),
        pytest.param(of(60_000_00, AS_OF - ONE_DAY) | of(1), False, False, id="the newest counts"),
        pytest.param(of(60_000_00, currency="USD"), False, False, id="in another currency"),
    ],
)
async def test_the_newest_figure_meets_it_by_its_threshold(db, figures, met, near):
    found = await evaluated(poor(figures))
    assert (found.passed, found.borderline) == (met, near)
    assert found.criteria_met == ("INDICATOR" if met else "")
    assert found.indicators_met == ("PAYROLL" if met else "")


@pytest.mark.measure("A5")
@pytest.mark.parametrize(
    ("path", "met"),
    [
        pytest.param("/1/2/", True, id="the branch itself"),
        pytest.param("/1/2/7/", True, id="a branch under it"),
        pytest.param("/1/20/", False, id="one whose path looks alike"),
        pytest.param("/1/3/", False, id="another branch"),
        pytest.param("/1/", False, id="head office"),
    ],
)
async def test_it_is_of_that_branch_only(db, path, met):
    found = await evaluated(poor(of(60_000_00)), path)
    assert (found.passed, "indicators" in orjson.loads(found.evidence)) == (met, met)


@pytest.mark.measure("A5")
@pytest.mark.parametrize(
    ("more", "met"),
    [
        pytest.param({"state": "DRAFT"}, False, id="a draft"),
        pytest.param({"state": "SUBMITTED"}, False, id="submitted"),
        pytest.param({"state": "RETURNED"}, False, id="returned"),
        pytest.param({"first": AS_OF}, True, id="from that day on"),
        pytest.param({"first": AS_OF + ONE_DAY}, False, id="from the next day on"),
        pytest.param({"last": AS_OF}, True, id="to the end of that day"),
        pytest.param({"last": AS_OF - ONE_DAY}, False, id="to the day before"),
    ],
)
async def test_only_an_approved_one_in_force_counts(db, more, met):
    law = IndicatorOf("PAYROLL", "/1/2/", 50_000_00, **more)
    assert (await evaluated(poor(of(60_000_00)), "/1/2/", law)).passed is met


@pytest.mark.measure("A5")
async def test_the_version_of_the_day_says_what_it_asks(db):
    old = IndicatorOf("PAYROLL", "/1/2/", 1, last=AS_OF - ONE_DAY)
    new = IndicatorOf("PAYROLL", "/1/2/", 60_000_01, first=AS_OF, version=2)
    found = await evaluated(poor(of(60_000_00)), "/1/2/", old, new)
    assert not found.passed
    assert orjson.loads(found.evidence)["indicators"] == [
        {
            "code": "PAYROLL",
            "version": 2,
            "threshold": 60_000_01,
            "currency": "CNY",
            "amount": 60_000_00,
            "as_of": "2026-10-15",
        }
    ]


@pytest.mark.measure("A5")
async def test_it_is_compared_in_its_own_currency_without_a_rate(db):
    law = IndicatorOf("PAYROLL", "/1/2/", 10_000, "JPY")
    found = await evaluated(poor(of(10_000, currency="JPY")), "/1/2/", law)
    assert (found.passed, found.currency) == (True, "CNY")


@pytest.mark.measure("A5")
@pytest.mark.parametrize(
    ("saved", "amount", "met", "passed"),
    [
        pytest.param(500_000_00, 60_000_00, "AVERAGE_SAVINGS,INDICATOR", True, id="both"),
        pytest.param(1, 60_000_00, "INDICATOR", True, id="the indicator alone"),
        pytest.param(500_000_00, 1, "AVERAGE_SAVINGS", True, id="the criterion alone"),
        pytest.param(1, 1, "", False, id="neither"),
    ],
)
async def test_under_all_it_is_one_more_way_and_never_one_more_requirement(db, saved, amount, met, passed):
    measures = await Standard.get(code="MEASURES")
    await Criterion.filter(standard_id=measures.id).exclude(kind="AVERAGE_SAVINGS").delete()
    await Standard.filter(id=measures.id).update(combine="ALL")
    found = await evaluated(poor(of(amount), saved=saved))
    assert (found.criteria_met, found.passed) == (met, passed)


@pytest.mark.measure("A5")
async def test_a_replaced_figure_counts_for_nothing_and_turns_the_decision(db):
    found = await evaluated(poor(of(50_000_00)))
    assert found.passed
    figure = await IndicatorFigure.get()
    figure.superseded_at = NOW
    await figure.save(update_fields=["superseded_at"])
    late = uuid4()
    await IndicatorFigure.create(
        indicator_code="PAYROLL",
        customer_id=found.customer_id,
        as_of=AS_OF,
        currency="CNY",
        amount=49_999_99,
        version=2,
        recorded_at=NOW,
        import_id=late,
    )
    (flip,) = await flips_after([late])
    assert (flip.evaluation_id, flip.before, flip.after) == (found.id, True, False)
    assert (await Evaluation.get(id=found.id)).passed
    assert not (await judged(found.customer_id)).passed


@pytest.mark.measure("A5")
async def test_who_has_no_account_is_evaluated_by_his_own_figure(db):
    """And a disponent without one is not (decisions.md 27)."""
    found = await evaluated(CustomerOf(figures=of(50_000_00)))
    assert (found.passed, found.average_savings, found.missing) == (True, 0, "")
    disponent = await store(CustomerOf(), await branch(2))
    account = await Account.create(
        number_cipher=b"x",
        number_mask="*",
        number_index=uuid4().hex,
        customer_id=found.customer_id,
        institution=await branch(2),
        kind="SAVINGS",
        currency="CNY",
        opened_on=LONG_AGO,
        serial=7,
    )
    await AccountHolder.create(account=account, customer_id=disponent, role="DISPONENT")
    again = await judged(found.customer_id)
    assert await Evaluation.filter(screening_id=again.screening_id).count() == 1


@pytest.mark.measure("A5")
async def test_without_a_figure_the_evidence_is_what_it_was_byte_for_byte(db):
    place = await branch(2, "/1/2/", "TIER1")
    key = await store(poor(saved=500_000_00), place)
    before = await judged(key)
    await adopt_indicator(PAYROLL)
    after = await judged(key)
    assert after.evidence == before.evidence
    assert (after.criteria_met, after.indicators_met) == ("AVERAGE_SAVINGS", "")


@pytest.mark.measure("A5")
async def test_many_indicators_are_all_named(db):
    laws = [IndicatorOf(f"PAYROLL-{n:024}", "/1/2/", 1) for n in range(12)]
    figures = {(law.code, AS_OF): ("CNY", 1) for law in laws}
    found = await evaluated(poor(figures), "/1/2/", *laws)
    assert found.indicators_met.split(",") == [law.code for law in laws]


FIGURES = """query ($id: ID!) { customer(id: $id) { assets(purpose: {code: ADVICE}) { visibility } }
  evaluations(first: 5, purpose: {code: ADVICE}) { nodes {
    passed figures { visibility criteriaMet indicatorsMet evidence } } } }"""


@pytest.mark.measure("A5", "A11b")
async def test_his_manager_sees_which_indicators_are_met_and_a_colleague_does_not(bank, seat):
    zhou = bank.customers["zhou"]
    await adopt_indicator(IndicatorOf("PAYROLL", bank.places["SC"].path, 50_000_00))
    await IndicatorFigure.create(
        indicator_code="PAYROLL",
        customer_id=zhou.id,
        as_of=AS_OF,
        currency="CNY",
        amount=60_000_00,
        recorded_at=NOW,
        import_id=IMPORT,
    )
    await judged(zhou.id)

    async def seen(who: str) -> list[dict]:
        data = await ask(await seat(bank.staff[who]), FIGURES, id=global_id("customer", zhou.id))
        return [node["figures"] for node in data["evaluations"]["nodes"]]

    mine = next(it for it in await seen("lin") if it["visibility"] == "VISIBLE")
    assert (mine["criteriaMet"], mine["indicatorsMet"]) == (["AVERAGE_SAVINGS", "INDICATOR"], ["PAYROLL"])
    assert orjson.loads(mine["evidence"])["indicators"][0]["amount"] == 60_000_00
    theirs = await seen("luo")
    assert theirs
    assert {"PAYROLL"}.isdisjoint(code for it in theirs for code in it["indicatorsMet"] or ())
    assert all("PAYROLL" not in (it["evidence"] or "") for it in theirs)
