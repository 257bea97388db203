"""The worklist of a month: one item for a customer and a reason, on the list of the manager who serves him now."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from desk.acts import act
from desk.desk import Desk
from desk.dialect import Statement, connection, fetch, is_postgres
from desk.holidays import calendar_since
from desk.inbox import serving
from desk.months.deadlines import due_on
from desk.months.steps import Progress, held
from models.months import MonthRun
from models.terms import QUIET_DAYS, REVIEW_DAYS, midnight_after
from models.vocabulary import (
    MEMBERS,
    InvitationState,
    MembershipState,
    MonthStep,
    Tier,
    WorkKind,
    WorkState,
)

COLUMNS = "id, run_id, customer_id, manager_id, kind, tier, evaluation_id, membership_id, state, due_on"  # fmt: skip
NO_ID = "CAST(NULL AS uuid)"
NO_DAY = "CAST(NULL AS date)"
SQLITE_ID = (
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)"
    " || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
)


async def make_worklist(desk: Desk, run_id: UUID, progress: Progress) -> None:
    await _make(desk, progress, run_id=run_id)


@act("runMonthWorklist", MonthRun)
async def _make(desk: Desk, progress: Progress, /, *, run_id: UUID) -> MonthRun:
    """All items of the month, and those of earlier months that nobody has closed replaced by them."""
    run = await held(desk, run_id, MonthStep.WORKLIST)
    current = not await MonthRun.exists(as_of__gt=run.as_of)
    if current:
        await _supersede(run_id)
    state = WorkState.OPEN if current else WorkState.SUPERSEDED
    calendar = await calendar_since(desk.today)
    for done, kind in enumerate(WorkKind):
        progress("worklist", done, len(WorkKind))
        await _write(desk, run, kind, state, due_on(kind, desk.today, calendar))
    progress("worklist", len(WorkKind), len(WorkKind))
    changed = await _count(run)
    await run.pass_step(MonthStep.WORKLIST, *changed)
    return run


async def _supersede(run_id: UUID) -> None:
    s = Statement(is_postgres())
    await connection().execute_query(
        f"UPDATE work_item SET state = {s.bind(str(WorkState.SUPERSEDED))}"
        f" WHERE state = {s.bind(str(WorkState.OPEN))} AND run_id <> {s.bind(run_id)}",
        s.values,
    )


async def _write(desk: Desk, run: MonthRun, kind: WorkKind, state: WorkState, due: dt.date) -> None:
    """The items of one kind, by the database itself: no row passes through here, however many customers there are."""
    s = Statement(is_postgres())
    day = s.bind(due)
    text = (
        f"INSERT INTO work_item ({COLUMNS}) WITH judged AS ({_judged(s, run)}), w AS ({WHO[kind](s, run)})"
        f" SELECT {'gen_random_uuid()' if s.postgres else SQLITE_ID}, {s.bind(run.id)}, w.customer_id,"
        f" ({serving('c.id', 'c.owner_path', s.bind(desk.now))} LIMIT 1), {s.bind(str(kind))}, w.tier,"
        f" w.evaluation_id, w.membership_id, {s.bind(str(state))}, CASE WHEN w.ends < {day} THEN w.ends ELSE {day} END"
        " FROM w JOIN customer c ON c.id = w.customer_id"
    )
    await connection().execute_query(text, s.values)


def _judged(s: Statement, run: MonthRun) -> str:
    """SQL: what this month's screenings found of whom, with whether he passes anywhere, and by the same tier."""
    passed = "MAX(CASE WHEN e.passed THEN 1 ELSE 0 END) OVER (PARTITION BY e.customer_id"
    return (
        "SELECT e.id, e.customer_id, e.passed, e.borderline, e.missing, d.tier, d.code,"
        f" {passed}) AS anywhere, {passed}, d.tier) AS by_tier"
        " FROM screening g JOIN evaluation e ON e.screening_id = g.id JOIN standard d ON d.id = g.standard_id"
        f" JOIN customer c ON c.id = e.customer_id WHERE g.month_run_id = {s.bind(run.id)}"
        " AND c.merged_into_id IS NULL"
    )


def _first(s: Statement, condition: str, each: str = "j.customer_id") -> str:
    """SQL: of the evaluations that meet a condition one for each customer; head office's tier wins (Art. 2)."""
    return (
        f"(SELECT j.*, ROW_NUMBER() OVER (PARTITION BY {each} ORDER BY CASE WHEN j.tier ="
        f" {s.bind(str(Tier.HEAD_OFFICE))} THEN 0 ELSE 1 END, j.code, j.id) AS n FROM judged j WHERE {condition})"
    )


def _newly_eligible(s: Statement, run: MonthRun) -> str:
    """He passes, is no member, has no open application, and is not to be left in peace."""
    return _to_be_asked(s, run, "j.passed")


def _near_misses(s: Statement, run: MonthRun) -> str:
    """Near a threshold, and passes nowhere."""
    return _to_be_asked(s, run, "j.borderline AND j.anywhere = 0")


def _to_be_asked(s: Statement, run: MonthRun, condition: str) -> str:
    # Who has declined, or has withdrawn, is not pressed (客户自愿): not before `quiet_until` that day. Who has died, or was
    # cancelled for cause (Art. 16), is never put forward by a list: that takes his branch's own thought.
    since = s.bind(midnight_after(run.as_of - dt.timedelta(days=QUIET_DAYS + 1)))
    return (
        f"SELECT p.customer_id, p.tier, p.id AS evaluation_id, {NO_ID} AS membership_id, {NO_DAY} AS ends"
        f" FROM {_first(s, condition)} p WHERE p.n = 1"
        " AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.customer_id = p.customer_id AND"
        f" (NOT m.over OR (m.state = {s.bind(str(MembershipState.WITHDRAWN))} AND m.over_at >= {since})"
        f" OR {s.any_of('m.state', [MembershipState.CANCELLED.value, MembershipState.DECEASED.value], 'text')}))"
        " AND NOT EXISTS (SELECT 1 FROM invitation v WHERE v.customer_id = p.customer_id"
        f" AND v.state = {s.bind(str(InvitationState.DECLINED))} AND v.answered_at >= {since})"
    )


def _no_longer_eligible(s: Statement, run: MonthRun) -> str:
    """A member whom no standard of his tier lets pass now. Who is one by an exception never had to (Art. 7)."""
    return (
        f"SELECT m.customer_id, m.tier, p.id AS evaluation_id, m.id AS membership_id, {NO_DAY} AS ends"
        f" FROM {_first(s, 'j.by_tier = 0', 'j.customer_id, j.tier')} p"
        " JOIN membership m ON m.customer_id = p.customer_id AND m.tier = p.tier"
        f" WHERE p.n = 1 AND NOT m.over AND m.exception_id IS NULL AND {s.any_of('m.state', map(str, MEMBERS), 'text')}"
    )


def _terms_ending(s: Statement, run: MonthRun) -> str:
    """A member whose review was due by the as-of day, with what his tier's standard says of him now, if anything."""
    last = s.bind(run.as_of + dt.timedelta(days=REVIEW_DAYS))
    return (
        "SELECT m.customer_id, m.tier, p.id AS evaluation_id, m.id AS membership_id, m.term_ends AS ends"
        f" FROM membership m LEFT JOIN {_first(s, '1 = 1', 'j.customer_id, j.tier')} p"
        " ON p.customer_id = m.customer_id AND p.tier = m.tier AND p.n = 1"
        f" WHERE NOT m.over AND m.state = {s.bind(str(MembershipState.REVIEW_DUE))} AND m.term_ends <= {last}"
    )


def _missing_data(s: Statement, run: MonthRun) -> str:
    """Whose figures are not all known, member or not."""
    there = "j.missing <> ''"
    return (
        f"SELECT p.customer_id, p.tier, p.id AS evaluation_id, m.id AS membership_id, {NO_DAY} AS ends"
        f" FROM {_first(s, there)} p LEFT JOIN membership m ON m.customer_id = p.customer_id AND NOT m.over"
        " WHERE p.n = 1"
    )


WHO = {
    WorkKind.NEWLY_ELIGIBLE: _newly_eligible,
    WorkKind.NO_LONGER_ELIGIBLE: _no_longer_eligible,
    WorkKind.NEAR_MISS: _near_misses,
    WorkKind.TERM_ENDING: _terms_ending,
    WorkKind.MISSING_DATA: _missing_data,
}
"""Of each kind, the customers, with their tier, evaluation and membership; `ends`: no deadline lies behind it."""


async def _count(run: MonthRun) -> tuple[str, ...]:
    """Count what was written, by kind, and how many of them are nobody's."""
    s = Statement(is_postgres())
    rows = await fetch(
        s,
        "SELECT kind, COUNT(*) AS n, SUM(CASE WHEN manager_id IS NULL THEN 1 ELSE 0 END) AS nobodys"
        f" FROM work_item WHERE run_id = {s.bind(run.id)} GROUP BY kind",
    )
    run.unmanaged = sum(int(row["nobodys"]) for row in rows)
    return (*run.counted({row["kind"]: int(row["n"]) for row in rows}), "unmanaged")
