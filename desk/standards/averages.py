"""Average savings (一年内储蓄存款月均余额): one statement sums the balances of every customer by month.

A balance changes on the days that have a row, so a statement over changes suffices: a change c on day d of month m
adds c * (days of m - d + 1) to the sum of m's day balances and c * days to that of every later month. Each row is
read once, days without a row cost nothing, and the sums are whole numbers. A month average a is dated on the month's
last day and adds a * days to that month only: it goes in as a change of 0 whose product with the day is -a * days.

What counts (decisions.md 23): the account's owner; current rows only; from opening on, a row dated earlier says
nothing; a day without a row carries the last balance, also from before the window; from the day of closing on the
balance is 0. An account given in month averages (`Account.balance_kind`) has no day balances: an average counts as
its month's mean under `daily_12`, and under the month-end rules the customer's figure is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from desk.dialect import Statement
from desk.standards.evidence import NO_DAY_END, NO_MONTH_AVERAGE, Savings
from desk.standards.rule import Rule
from desk.standards.scopes import Scope
from desk.standards.streams import FigureTooLarge, Row
from models.vocabulary import AveragingRule
from models.windows import MONTHS, Window

_ONE_DAY = dt.timedelta(days=1)


def statement(rule: Rule, window: Window, scope: Scope, postgres: bool) -> tuple[Statement, str]:
    """Rows (customer, currency, over, changes, gaps, newest day), ordered so.

    `changes` is text, for the rows of all months would take longer to fetch than to compute: three numbers for each
    month that has any, its place in the window, the change in it, and the change times the day of the month.
    """
    s = Statement(postgres)
    first, last = s.bind(window.first), s.bind(window.last)
    later = "GREATEST" if postgres else "MAX"
    whole = "bigint" if postgres else "INTEGER"
    day_of_month = "EXTRACT(DAY FROM p.day)::bigint" if postgres else "CAST(substr(p.day, 9) AS INTEGER)"
    averages = "" if rule.daily else " AND l.balance_kind = 'DAY_END'"
    text = f"""
WITH life AS {"MATERIALIZED" if postgres else ""} (
  SELECT a.customer_id, a.serial, a.currency, a.balance_kind, a.opened_on, a.closed_on,
    {_over(rule, window, s)} AS over_months, {_until(window, s)} AS until,
    COALESCE(CASE WHEN a.balance_kind = 'DAY_END' THEN
      (SELECT MAX(b.day) FROM balance b WHERE b.account_serial = a.serial AND b.kind = 'DAY_END'
         AND b.superseded_at IS NULL AND b.day < {first} AND b.day >= a.opened_on) END,
      {later}(a.opened_on, {first})) AS since
  FROM account a
  WHERE a.opened_on <= {last} AND (a.closed_on IS NULL OR a.closed_on > {first})
    AND a.balance_kind IS NOT NULL{scope.where(s, "a.customer_id")}
), point AS (
  SELECT l.customer_id, l.serial, l.currency, l.over_months, b.day, b.day AS seen, 0 AS gap,
    CASE WHEN b.kind = 'DAY_END' THEN b.amount ELSE 0 END AS amount,
    CASE WHEN b.kind = 'DAY_END' THEN 0 ELSE b.amount END AS average
  FROM life l JOIN balance b ON b.account_serial = l.serial AND b.kind = l.balance_kind
    AND b.superseded_at IS NULL AND b.day >= l.since AND b.day < l.until{averages}
  UNION ALL
  SELECT l.customer_id, l.serial, l.currency, l.over_months, l.closed_on, NULL, 0, 0, 0
  FROM life l WHERE l.balance_kind = 'DAY_END' AND l.closed_on <= {last}
  UNION ALL
  {_gaps(rule, window, s)}
), change AS (
  SELECT p.customer_id, p.currency, p.over_months, p.seen, p.average, p.gap, {_month(window, s, "p.day")} AS month,
    CASE WHEN p.day < {first} THEN 1 ELSE {day_of_month} END AS day_of_month,
    p.amount - LAG(p.amount, 1, CAST(0 AS {whole})) OVER (
      PARTITION BY p.customer_id, p.serial ORDER BY p.day) AS amount
  FROM point p
)
SELECT customer_id, currency, over_months,
  {"string_agg" if postgres else "group_concat"}(month || ' ' || amount || ' ' || weighted, ' '),
  SUM(gap), MAX(seen)
FROM (
  SELECT customer_id, currency, over_months, month, CAST(SUM(amount) AS {whole}) AS amount,
    CAST(SUM((amount - average) * day_of_month) AS {whole}) AS weighted, SUM(gap) AS gap, MAX(seen) AS seen
  FROM change GROUP BY customer_id, currency, over_months, month
) monthly
GROUP BY customer_id, currency, over_months ORDER BY customer_id, currency, over_months"""
    return s, text


def _over(rule: Rule, window: Window, s: Statement) -> str:
    """By how many months an account's sum is divided: 12, or the month-ends on or after its opening."""
    if rule.averaging is not AveragingRule.SINCE_OPENING:
        return str(MONTHS)
    whens = (
        f"WHEN a.opened_on <= {s.bind(month.last)} THEN {MONTHS - n}" for n, month in enumerate(window.months)
    )
    return f"CASE {' '.join(whens)} END"


def _until(window: Window, s: Statement) -> str:
    """The first day that no longer counts. A month average counts when the account was open on its month's first."""
    after = s.bind(window.last + _ONE_DAY)
    whens = " ".join(
        f"WHEN a.closed_on <= {(day := s.bind(month.first))} THEN {day}" for month in window.months
    )
    return (
        f"CASE WHEN a.closed_on IS NULL OR a.closed_on > {s.bind(window.last)} THEN {after}"
        f" WHEN a.balance_kind = 'DAY_END' THEN a.closed_on"
        f" ELSE CASE {whens} ELSE {after} END END"
    )


def _month(window: Window, s: Statement, day: str) -> str:
    """The place of a day's month in the window; 0 also for days before it, whose balance is carried in."""
    whens = " ".join(
        f"WHEN {day} < {s.bind(month.first)} THEN {n}" for n, month in enumerate(window.months[1:])
    )
    return f"CASE {whens} ELSE {MONTHS - 1} END"


def _gaps(rule: Rule, window: Window, s: Statement) -> str:
    """A row for each thing that is not known: an account without month-ends, or a month without its average."""
    columns = "l.customer_id, l.serial, l.currency, l.over_months"
    if not rule.daily:
        return (
            f"SELECT {columns}, {s.bind(window.first)}, NULL, 1, 0, 0 FROM life l"
            " WHERE l.balance_kind = 'MONTH_AVERAGE'"
        )
    months = ", ".join(f"({s.bind(month.first)}, {s.bind(month.last)})" for month in window.months)
    return (
        f"SELECT {columns}, m.last, NULL, 1, 0, 0 FROM life l"
        f" JOIN (SELECT column1 AS first, column2 AS last FROM (VALUES {months}) v) m"
        " ON m.last >= l.opened_on AND (l.closed_on IS NULL OR m.first < l.closed_on)"
        " WHERE l.balance_kind = 'MONTH_AVERAGE' AND NOT EXISTS (SELECT 1 FROM balance b"
        " WHERE b.account_serial = l.serial AND b.kind = 'MONTH_AVERAGE' AND b.superseded_at IS NULL"
        " AND b.day >= m.first AND b.day <= m.last)"
    )


def savings_of(rows: Iterable[Row], rule: Rule, window: Window) -> tuple[list[Savings], str]:
    """One customer's evidence of savings, and the code of what is missing or ''."""
    entries: list[Savings] = []
    gaps = 0
    for _, currency, over, changes, missing, seen in rows:
        entries.append(
            {
                "currency": currency,
                "over": over,
                "months": _months(changes, rule.daily, window),
                "seen": seen if seen is None or isinstance(seen, str) else seen.isoformat(),
            }
        )
        gaps += missing
    return entries, "" if not gaps else NO_MONTH_AVERAGE if rule.daily else NO_DAY_END


def _months(changes: str, daily: bool, window: Window) -> list[int]:
    """The 12 numbers of the evidence: a month without changes keeps the balance."""
    try:
        numbers = list(map(int, changes.split(" ")))
    except ValueError:
        # SQLite goes over to floating point where a product leaves 64 bits.
        raise FigureTooLarge from None
    amounts, weights = [0] * MONTHS, [0] * MONTHS
    for place in range(0, len(numbers), 3):
        month = numbers[place]
        amounts[month], weights[month] = numbers[place + 1], numbers[place + 2]
    balance = 0
    months: list[int] = []
    for span, change, weighted in zip(window.months, amounts, weights, strict=True):
        days = span.days
        months.append(balance * days + (days + 1) * change - weighted if daily else balance + change)
        balance += change
    if max(months) >= 1 << 63 or min(months) <= -(1 << 63):
        raise FigureTooLarge
    return months
