"""A month goes on where it stopped, does everything once, and leaves one record for each step in the trail."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from desk.desk import Desk
from desk.months import Source, run_month
from models.history import MembershipEvent
from models.imports import ImportRun
from models.months import MonthRun, WorkItem
from models.standards import Evaluation, Screening
from models.trail import AccessRecord
from tests.conftest import NOW
from tests.desk.months.town import AS_OF, BRANCH_ENOUGH, ENOUGH, FAR, NEAR
from tests.digest import changed, digest, refused

DAY = dt.timedelta(days=1)
WHOLE = (9, 7, 2, 1, 1, 6, 1, 1, 2, 0)
"""The counts of the bank below, Zhou, Qian and Feng among who passes."""
COUNTS = ("screened", "passed", "review_due", "expired", "unmanaged") + (
    "newly_eligible", "no_longer_eligible", "near_misses", "terms_ending", "missing_data",
)  # fmt: skip


class Cut(Exception):
    """The machine stopped here."""


def cut_at(label: str, done: int):
    def step(what: str, so_far: int, total: int) -> None:
        if what.startswith(label) and so_far >= done:
            raise Cut

    return step


@pytest.fixture
async def peopled(town):
    """Somebody for each list, and two standards to screen by."""
    await town.branch_standard("SC")
    await town.settle(ENOUGH)
    await town.settle(BRANCH_ENOUGH, manager=None)
    await town.settle(NEAR, owner="NJ", manager="tang")
    for savings, ends in ((FAR, AS_OF + 20 * DAY), (ENOUGH, AS_OF + 30 * DAY), (ENOUGH, AS_OF - 30 * DAY)):
        await town.member(await town.settle(savings), ends=ends)
    return town


def counts(run: MonthRun) -> tuple[int, ...]:
    return tuple(getattr(run, name) for name in COUNTS)


async def rows() -> tuple[int, ...]:
    return (
        await Screening.all().count(),
        await Evaluation.all().count(),
        await MembershipEvent.all().count(),
        await WorkItem.all().count(),
    )


async def test_a_month_from_end_to_end(peopled, month, bank):
    run = await month()
    assert (run.as_of, run.step, run.started_by_id) == (AS_OF, "DONE", bank.staff["officer"].id)
    assert (run.started_at, run.finished_at, run.source) == (NOW, NOW, "")
    assert counts(run) == WHOLE
    assert sorted(await Screening.filter(month_run_id=run.id).values_list("standard__code", "state")) == [
        ("MEASURES", "DONE"),
        ("SC-OWN", "DONE"),
    ]
    assert await rows() == (2, 9 + 7, 3, 10)


async def test_each_step_is_on_record_once(peopled, month, bank):
    run = await month()
    told = (
        await AccessRecord.filter(operation__startswith="runMonth")
        .order_by("record")
        .values_list("operation", "decision", "staff_id")
    )
    me = bank.staff["officer"].id
    assert sorted(told) == sorted(
        (operation, "ALLOW", me)
        for operation in (
            "runMonth",
            "runMonthImport",
            "runMonthScreen",
            "runMonthScreen",
            "runMonthScreened",
            "runMonthRenewals",
            "runMonthRenewed",
            "runMonthWorklist",
            "runMonthEnd",
        )
    )
    records = await AccessRecord.filter(operation="runMonth")
    assert [it.object_id for it in records] == [run.id]


async def test_a_month_that_is_done_is_left_as_it_is(peopled, month):
    run, before = await month(), await digest()
    again = await month(now=NOW + DAY)
    assert (again.id, again.finished_at, counts(again)) == (run.id, NOW, counts(run))
    assert changed(before, await digest()) == {"access_record": 1}


@pytest.mark.parametrize(
    ("label", "done", "stopped"),
    [
        pytest.param("MEASURES customers", 1, "IMPORT", id="in the first screening"),
        pytest.param("SC-OWN balances", 0, "IMPORT", id="between two screenings"),
        pytest.param("renewals", 0, "SCREEN", id="before the renewals"),
        pytest.param("renewals", 2, "SCREEN", id="among the renewals"),
        pytest.param("worklist", 0, "RENEWALS", id="before the list"),
        pytest.param("worklist", 3, "RENEWALS", id="in the middle of the list"),
    ],
)
async def test_a_month_goes_on_where_it_was_cut_off(peopled, month, monkeypatch, label, done, stopped):
    monkeypatch.setattr("desk.months.renewals.BATCH", 1)
    with pytest.raises(Cut):
        await month(progress=cut_at(label, done))
    half = await MonthRun.get()
    assert (half.step, half.finished_at) == (stopped, None)
    assert await WorkItem.all().count() == 0
    whole = await month(now=NOW + DAY)
    assert (whole.id, whole.step, whole.started_at, whole.finished_at) == (half.id, "DONE", NOW, NOW + DAY)
    assert counts(whole) == WHOLE
    assert await rows() == (2, 16, 3, 10)


async def test_two_who_run_the_same_month_at_once_do_it_once(peopled, month):
    ends = await asyncio.gather(month(), month(), return_exceptions=True)
    codes = {getattr(end, "code", "") for end in ends if isinstance(end, Exception)}
    assert codes <= {"CONFLICT", "MONTH_STEP_DONE"}
    run = await month()
    assert (run.step, counts(run)) == ("DONE", WHOLE)
    assert await rows() == (2, 16, 3, 10)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("wu", "FORBIDDEN", id="a branch's officer"),
        pytest.param("approver", "FORBIDDEN", id="who approves standards"),
        pytest.param("lin", "FORBIDDEN", id="a manager"),
        pytest.param("sysadmin", "FORBIDDEN", id="the importer"),
        pytest.param("nobody", "FORBIDDEN", id="nobody"),
        pytest.param("officer", None, id="head office's policy officer"),
    ],
)
async def test_who_may_run_a_month(town, month, seat, who, code):
    if code is None:
        assert (await month(who=who)).step == "DONE"
        return
    desk = await seat(town.bank.staff[who])
    async with refused(code, desk):
        await run_month(desk, as_of=AS_OF)


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        pytest.param(dt.date(2026, 11, 26), "BAD_USER_INPUT", id="tomorrow"),
        pytest.param(dt.date(1949, 12, 31), "BAD_USER_INPUT", id="a mistyped year"),
        pytest.param(dt.date(1989, 12, 31), "NO_STANDARD", id="before any standard"),
        pytest.param(dt.date(2026, 11, 25), None, id="today"),
        pytest.param(dt.date(1990, 1, 1), None, id="the first standard's first day"),
    ],
)
async def test_the_days_that_a_month_can_be_run_for(town, seat, as_of, code):
    desk = await seat(town.bank.staff["officer"])
    if code is None:
        assert (await run_month(desk, as_of=as_of)).step == "DONE"
        return
    async with refused(code, desk):
        await run_month(desk, as_of=as_of)


GOOD, BAD = "day,kind,name\n2027-02-06,HOLIDAY,Spring Festival\n", "day,kind,name\n2027-02-30,HOLIDAY,x\n"


async def test_the_import_is_the_first_step_and_stops_the_month_when_a_file_is_refused(
    town, month, seat, tmp_path
):
    source = Source(tmp_path, await seat(town.bank.staff["sysadmin"]))
    file = tmp_path / "holidays.csv"
    file.write_text(BAD, encoding="utf-8")
    told: list[bool] = []
    officer = await seat(town.bank.staff["officer"])
    with pytest.raises(Exception, match="A file was refused") as stopped:
        await run_month(officer, as_of=AS_OF, source=source, reported=lambda it: told.append(it.ok))
    assert stopped.value.code == "MONTH_IMPORT_REFUSED"
    assert ((await MonthRun.get()).step, await Screening.all().count()) == (None, 0)
    file.write_text(GOOD, encoding="utf-8")
    run = await month(source=source, reported=lambda it: told.append(it.ok))
    assert (run.step, run.source, told) == ("DONE", tmp_path.name, [False, True])
    (imported,) = await ImportRun.filter(state="DONE")
    assert imported.started_by_id == town.bank.staff["sysadmin"].id
    assert (await month(source=source)).id == run.id
    assert await ImportRun.all().count() == 2


async def test_another_source_than_it_began_with_is_refused(town, month, seat, tmp_path):
    await month()
    officer = await seat(town.bank.staff["officer"])
    source = Source(tmp_path, await seat(town.bank.staff["sysadmin"]))
    async with refused("BAD_USER_INPUT", officer) as caught:
        await run_month(officer, as_of=AS_OF, source=source)
    assert caught.value.field == "import"


async def test_only_a_system_administrator_imports(town, seat, tmp_path, policy):
    officer = await seat(town.bank.staff["officer"])
    source = Source(tmp_path, await Desk.take(policy, town.bank.staff["lin"].id, NOW))
    with pytest.raises(Exception, match="system administrator") as stopped:
        await run_month(officer, as_of=AS_OF, source=source)
    assert stopped.value.code == "FORBIDDEN"
    assert ((await MonthRun.get()).step, await ImportRun.all().count()) == (None, 0)
