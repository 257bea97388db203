"""Personal loans (个人贷款余额): one statement takes every loan's newest standing and its blemishes.

The balance is that of the newest current standing on or before the as-of day. A loan is in good standing
(还款情况良好无不良记录) when that standing is NORMAL with nothing overdue, and so is every other of the look-back
months. One bad loan spoils the customer's criterion, a repaid one too: Art. 6 asks for a customer without bad record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from desk.dialect import Statement
from desk.standards.evidence import NO_STANDING, LoanLine
from desk.standards.rule import Rule
from desk.standards.scopes import Scope
from desk.standards.streams import Row
from models.vocabulary import LoanClass
from models.windows import months_before


def statement(rule: Rule, as_of: dt.date, scope: Scope, postgres: bool) -> tuple[Statement, str]:
    """Rows (customer, loan, currency, outstanding, day of the standing, blemishes); no day where none is known."""
    s = Statement(postgres)
    day, since = s.bind(as_of), s.bind(months_before(as_of, rule.look_back_months))
    these = ""
    if not scope.everybody:
        these = f" AND s.loan_id IN (SELECT l.id FROM loan l WHERE 1 = 1{scope.where(s, 'l.customer_id')})"
    text = f"""
WITH standing AS (
  SELECT s.loan_id, s.as_of, s.outstanding, ROW_NUMBER() OVER (PARTITION BY s.loan_id ORDER BY s.as_of DESC) AS age,
    CASE WHEN s.classification <> {s.bind(LoanClass.NORMAL.value)} OR s.overdue > 0 THEN 1 ELSE 0 END AS blemish
  FROM loan_standing s WHERE s.superseded_at IS NULL AND s.as_of <= {day}{these}
)
SELECT l.customer_id, l.id, l.currency, MAX(CASE WHEN s.age = 1 THEN s.outstanding END),
  MAX(s.as_of), SUM(CASE WHEN s.age = 1 OR s.as_of > {since} THEN s.blemish ELSE 0 END)
FROM loan l LEFT JOIN standing s ON s.loan_id = l.id
WHERE (s.loan_id IS NOT NULL OR l.granted_on <= {day}){scope.where(s, "l.customer_id")}
GROUP BY l.customer_id, l.id, l.currency ORDER BY l.customer_id, l.id"""
    return s, text


def loans_of(rows: Iterable[Row]) -> tuple[list[LoanLine], str]:
    """One customer's evidence of loans, and NO_STANDING where one was granted of which nothing is known."""
    lines: list[LoanLine] = []
    missing = ""
    for _, loan, currency, outstanding, as_of, blemishes in rows:
        if as_of is None:
            missing = NO_STANDING
            continue
        lines.append(
            {
                "loan": str(loan),
                "currency": currency,
                "outstanding": outstanding,
                "as_of": as_of if isinstance(as_of, str) else as_of.isoformat(),
                "good": not blemishes,
            }
        )
    return lines, missing
