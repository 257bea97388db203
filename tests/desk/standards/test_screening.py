"""Screening as a job: whom it is about, who may start it, and that it is kept whole or not at all."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from desk.errors import Forbidden, NotFound
from desk.standards import (
    borderline_customers,
    counts_by_owner,
    evaluate_one,
    run_screening,
    screen,
    standard_in_force,
    streams,
)
from models.errors import Refusal
from models.standards import Evaluation, Screening, ScreeningRate
from models.trail import AccessRecord
from tests.desk.standards.worlds import AccountOf, CustomerOf, LoanOf, branch, store

AS_OF = dt.date(2026, 10, 31)
NOW = dt.datetime(2026, 11, 25, 2, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2020, 5, 5)


async def run(**more) -> Screening:
    standard = await standard_in_force("MEASURES", AS_OF)
    return await run_screening(standard=standard, as_of=AS_OF, started_by=uuid4(), now=NOW, **more)


async def figures(screening: Screening) -> list[tuple]:
    return await (
        Evaluation.filter(screening_id=screening.id)
        .order_by("customer_id")
        .values_list("customer_id", "average_savings", "loan_balance", "spend", "passed", "evidence")
    )


async def nothing_kept() -> bool:
    return not any([await table.all().count() for table in (Screening, Evaluation, ScreeningRate)])


async def test_head_office_screens_the_bank_and_leaves_one_record(bank, seat):
    desk = await seat(bank.staff["officer"])
    seen = []
    screening = await screen(
        desk, as_of=AS_OF, standard_code="MEASURES", progress=lambda *step: seen.append(step)
    )
    assert (screening.state, screening.evaluated, screening.passed) == ("DONE", 3, 3)
    assert (screening.window_from, screening.window_to) == (dt.date(2025, 11, 1), AS_OF)
    assert (screening.scope_path, screening.started_by_id) == ("/", bank.staff["officer"].id)
    assert seen[0] == ("balances", 0, 3)
    assert seen[-1] == ("customers", 3, 3)
    zhou = await Evaluation.get(screening_id=screening.id, customer_id=bank.customers["zhou"].id)
    assert (zhou.average_savings, zhou.loan_balance, zhou.spend) == (600_000_01, 800_000_00, 8_800_01)
    assert (zhou.criteria_met, zhou.good_standing, zhou.borderline, zhou.missing) == (
        "AVERAGE_SAVINGS",
        True,
        False,
        "",
    )
    record = await AccessRecord.get()
    assert (record.operation, record.decision, record.object_id) == ("screen", "ALLOW", screening.id)


async def test_a_branch_officer_screens_his_subtree(bank, seat):
    desk = await seat(bank.staff["wu"])
    screening = await screen(desk, as_of=AS_OF, standard_code="MEASURES", scope_path=bank.places["CD"].path)
    found = {row.customer_id for row in await Evaluation.filter(screening_id=screening.id)}
    assert found == {bank.customers["zhou"].id, bank.customers["qian"].id}


@pytest.mark.parametrize(
    ("who", "scope"),
    [
        pytest.param("wu", None, id="the whole bank"),
        pytest.param("wu", "NJ", id="another branch"),
        pytest.param("wu", "SC", id="the branch above"),
        pytest.param("lin", "CD", id="a manager"),
        pytest.param("teller", "CDO", id="a teller"),
        pytest.param("sysadmin", None, id="an administrator"),
    ],
)
async def test_nobody_else_screens(bank, seat, who, scope):
    desk = await seat(bank.staff[who])
    path = bank.places[scope].path if scope else "/"
    with pytest.raises(Forbidden):
        await screen(desk, as_of=AS_OF, standard_code="MEASURES", scope_path=path)
    assert await nothing_kept()
    record = await AccessRecord.get()
    assert (record.operation, record.decision, record.code) == ("screen", "REFUSE", "FORBIDDEN")


async def test_a_manager_evaluates_his_own_customer(bank, seat):
    desk = await seat(bank.staff["lin"])
    zhou = bank.customers["zhou"]
    found = await evaluate_one(desk, customer_id=zhou.id, as_of=AS_OF, standard_code="MEASURES")
    assert (found.customer_id, found.passed, found.average_savings) == (zhou.id, True, 600_000_01)
    screening = await Screening.get()
    assert (screening.id, screening.customer_id, screening.scope_path, screening.evaluated) == (
        found.screening_id,
        zhou.id,
        zhou.owner_path,
        1,
    )


@pytest.mark.parametrize(
    ("who", "error"),
    [
        pytest.param("luo", Forbidden, id="a colleague's customer"),
        pytest.param("tang", NotFound, id="another branch's customer"),
    ],
)
async def test_nobody_evaluates_anothers_customer(bank, seat, who, error):
    desk = await seat(bank.staff[who])
    with pytest.raises(error):
        await evaluate_one(desk, customer_id=bank.customers["zhou"].id, as_of=AS_OF, standard_code="MEASURES")
    assert await nothing_kept()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({"as_of": dt.date(2026, 11, 26)}, "BAD_USER_INPUT", id="tomorrow"),
        pytest.param({"as_of": dt.date(202, 6, 1), "version": 1}, "BAD_USER_INPUT", id="a mistyped year"),
        pytest.param({"standard_code": "NONE"}, "NO_STANDARD", id="unknown standard"),
        pytest.param({"version": 2}, "NO_STANDARD", id="unknown version"),
        pytest.param({"as_of": dt.date(1989, 12, 31)}, "NO_STANDARD", id="before the first version"),
    ],
)
async def test_what_cannot_be_screened(bank, seat, more, code):
    desk = await seat(bank.staff["officer"])
    with pytest.raises(Refusal) as refused:
        await screen(desk, **{"as_of": AS_OF, "standard_code": "MEASURES"} | more)
    assert refused.value.code == code
    assert await nothing_kept()


async def test_today_is_the_day_in_shanghai(db):
    """At 16:00 UTC the next day has begun there."""
    standard = await standard_in_force("MEASURES", AS_OF)
    evening = dt.datetime(2026, 10, 31, 16, 0, tzinfo=dt.UTC)
    terms = {"standard": standard, "as_of": dt.date(2026, 11, 1), "started_by": uuid4()}
    with pytest.raises(Refusal):
        await run_screening(**terms, now=evening - dt.timedelta(seconds=1))
    assert (await run_screening(**terms, now=evening)).window_to == AS_OF


async def test_a_subtree_does_not_hold_a_look_alike(db):
    one, two = await branch(12, "/1/12/"), await branch(120, "/1/120/")
    below = await branch(13, "/1/12/13/")
    rich = CustomerOf([AccountOf(rows={LONG_AGO: 500_000_00})])
    ids = [await store(rich, place) for place in (one, two, below)]
    screening = await run(scope_path="/1/12/")
    assert {row[0] for row in await figures(screening)} == {ids[0], ids[2]}
    assert [(count.owner_id, count.passed) for count in await counts_by_owner(screening.id)] == [
        (one.id, 1),
        (below.id, 1),
    ]


@pytest.mark.measure("N6d")
async def test_counts_and_borderline_cases(db):
    one, two = await branch(2), await branch(3)
    for place, amounts in ((one, (500_000_00, 474_999_99, 475_000_00)), (two, (525_000_01,))):
        for amount in amounts:
            await store(CustomerOf([AccountOf(rows={LONG_AGO: amount})]), place)
    near = await store(CustomerOf([AccountOf(rows={LONG_AGO: 525_000_00})]), two)
    gap = CustomerOf([AccountOf(kind="MONTH_AVERAGE", rows={AS_OF: 1})])
    await store(gap, two)
    screening = await run()
    assert (screening.evaluated, screening.passed, screening.borderline, screening.incomplete) == (6, 3, 3, 1)
    counts = await counts_by_owner(screening.id)
    assert [(c.owner_id, c.evaluated, c.passed, c.borderline, c.incomplete) for c in counts] == [
        (one.id, 3, 1, 2, 0),
        (two.id, 3, 2, 1, 1),
    ]
    found = await borderline_customers(screening.id)
    assert len(found) == 3
    assert found[-1] == near


async def test_many_parts_give_the_same_as_one(db, monkeypatch):
    """Rows of three statements meet by customer wherever a part ends."""
    place = await branch()
    loan = LoanOf(standings={AS_OF: (7, "NORMAL", 0)})
    for n in range(17):
        spend = {(dt.date(2026, 1 + month, 1), "card"): n for month in range(n % 5)}
        account = AccountOf(rows={LONG_AGO: n, dt.date(2026, 2, 3): -n}, spend=spend)
        await store(CustomerOf([account] * (n % 3), [loan] * (n % 4)), place)
    whole = await figures(await run())
    assert len(whole) == 15
    for part in (1, 2, 7):
        monkeypatch.setattr(streams, "PART", part)
        assert await figures(await run()) == whole


async def test_a_broken_run_leaves_nothing_and_the_next_is_whole(db):
    place = await branch()
    for _ in range(3):
        await store(CustomerOf([AccountOf(rows={LONG_AGO: 500_000_00})]), place)

    def pull_the_plug(phase: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await run(progress=pull_the_plug)
    assert await nothing_kept()
    first, second = await run(), await run()
    assert first.id != second.id
    assert await figures(first) == await figures(second)
    assert await Evaluation.all().count() == 6


async def test_one_customer_has_the_same_figures_alone(db):
    place = await branch()
    ids = [
        await store(
            CustomerOf(
                [AccountOf(rows={LONG_AGO: n, dt.date(2026, 5, 17): 10 * n})],
                [LoanOf(standings={AS_OF: (n, "NORMAL", 0)})],
            ),
            place,
        )
        for n in (1_000_00, 2_000_00)
    ]
    together = {row[0]: row for row in await figures(await run())}
    for key in ids:
        assert await figures(await run(customer_id=key)) == [together[key]]
