"""Extra indicators (其他指标, Art. 5): one statement takes each customer's newest figure of the indicators of his branch.

What counts: current rows, from the first day of the window to the as-of day, in the indicator's own currency and so
compared with its own threshold, of customers whose owning branch stands under the branch that proposed the indicator.
Who has such a figure is evaluated even without account or loan: the figure is one of his own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from desk.dialect import Statement
from desk.standards.evidence import IndicatorLine
from desk.standards.rule import Rule
from desk.standards.scopes import Scope
from desk.standards.streams import Row
from models.windows import Window


def statement(
    rule: Rule, window: Window, as_of: dt.date, scope: Scope, postgres: bool
) -> tuple[Statement, str]:
    """Rows (customer, code, amount, day), ordered so. For a rule that has indicators."""
    s = Statement(postgres)
    text = f"""
SELECT customer_id, indicator_code, amount, as_of FROM (
  SELECT f.customer_id, f.indicator_code, f.amount, f.as_of,
    ROW_NUMBER() OVER (PARTITION BY f.customer_id, f.indicator_code ORDER BY f.as_of DESC) AS age
  {_figures(rule, window, as_of, scope, s)}
) newest WHERE age = 1 ORDER BY customer_id, indicator_code"""
    return s, text


def population(rule: Rule, window: Window, as_of: dt.date, scope: Scope, s: Statement) -> str:
    """` UNION ...` to those who own an account or a loan; empty when no indicator is in force."""
    if not rule.extras:
        return ""
    return f" UNION SELECT f.customer_id {_figures(rule, window, as_of, scope, s)}"


def _figures(rule: Rule, window: Window, as_of: dt.date, scope: Scope, s: Statement) -> str:
    # '0' follows '/', so the range holds the branch and all below it (desk/standards/scopes.py).
    terms = ", ".join(
        f"({s.bind(it.code)}, {s.bind(it.currency)}, {s.bind(it.owner_path)}, {s.bind(it.owner_path[:-1] + '0')})"
        for it in rule.extras
    )
    return f"""FROM (SELECT column1 AS code, column2 AS currency, column3 AS low, column4 AS high FROM (VALUES {
        terms
    }) v) i
  JOIN indicator_figure f ON f.indicator_code = i.code AND f.currency = i.currency
  JOIN customer o ON o.id = f.customer_id AND o.owner_path >= i.low AND o.owner_path < i.high
  WHERE f.superseded_at IS NULL AND f.as_of >= {s.bind(window.first)} AND f.as_of <= {s.bind(as_of)}{
        scope.where(s, "f.customer_id")
    }"""


def lines_of(rows: Iterable[Row], rule: Rule) -> list[IndicatorLine]:
    """One customer's evidence of indicators, beside what each asks."""
    terms = {it.code: it for it in rule.extras}
    return [
        {
            "code": code,
            "version": terms[code].version,
            "threshold": terms[code].threshold,
            "currency": terms[code].currency,
            "amount": amount,
            "as_of": as_of if isinstance(as_of, str) else as_of.isoformat(),
        }
        for _, code, amount, as_of in rows
    ]
