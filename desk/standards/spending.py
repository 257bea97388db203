"""Card spend (龙卡消费额): one statement sums the window's spend of the kinds that the standard counts."""

from __future__ import annotations

from collections.abc import Iterable

from desk.dialect import Statement
from desk.standards.evidence import SpendLine
from desk.standards.rule import Rule
from desk.standards.scopes import Scope
from desk.standards.streams import FigureTooLarge, Row
from models.windows import MONTHS, Window

OWN_CURRENCY = -1
"""The month of spend in the standard's own currency: it needs no rate, so it is summed over the window."""


def statement(rule: Rule, window: Window, scope: Scope, postgres: bool) -> tuple[Statement, str]:
    """Rows (customer, currency, kind, place of the month in the window or OWN_CURRENCY, amount, newest month)."""
    s = Statement(postgres)
    whens = " ".join(
        f"WHEN s.month < {s.bind(month.first)} THEN {n}" for n, month in enumerate(window.months[1:])
    )
    whole = "bigint" if postgres else "INTEGER"
    text = f"""
SELECT customer_id, currency, kind, month, CAST(SUM(amount) AS {whole}), MAX(seen) FROM (
  SELECT a.customer_id, a.currency, s.kind, s.amount, s.month AS seen,
    CASE WHEN a.currency = {s.bind(rule.currency)} THEN {OWN_CURRENCY} {whens} ELSE {MONTHS - 1} END AS month
  FROM spend s JOIN account a ON a.serial = s.account_serial
  WHERE s.superseded_at IS NULL AND s.month >= {s.bind(window.first)} AND s.month <= {s.bind(window.last)}
    AND {s.any_of("s.kind", rule.spend_kinds, "text")}{scope.where(s, "a.customer_id")}
) t
GROUP BY customer_id, currency, kind, month ORDER BY customer_id, currency, kind, month"""
    return s, text


def spend_of(rows: Iterable[Row], window: Window) -> list[SpendLine]:
    """One customer's evidence of spend."""
    lines: list[SpendLine] = []
    for _, currency, kind, month, amount, seen in rows:
        if type(amount) is not int:
            raise FigureTooLarge
        lines.append(
            {
                "currency": currency,
                "kind": kind,
                "month": None if month == OWN_CURRENCY else window.months[month].last.isoformat(),
                "amount": amount,
                "seen": seen if isinstance(seen, str) else seen.isoformat(),
            }
        )
    return lines
