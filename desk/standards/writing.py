"""Keeping evaluations: by COPY on PostgreSQL, by one prepared INSERT on SQLite, in the open transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Any
from uuid import uuid4

from desk.dialect import connection, is_postgres, plain
from desk.standards.evaluating import Outcome
from desk.standards.evidence import to_text
from desk.standards.rates import Rates
from desk.standards.rule import Rule
from desk.standards.streams import FigureTooLarge
from models.standards import Screening, ScreeningRate

COLUMNS = (
    "id", "screening_id", "standard_id", "customer_id", "as_of", "currency", "average_savings", "loan_balance",
    "good_standing", "spend", "criteria_met", "indicators_met", "passed", "borderline", "missing", "evidence", "recorded_at",
)  # fmt: skip


async def keep_outcomes(
    screening: Screening, rule: Rule, outcomes: Iterable[Outcome], now: dt.datetime
) -> None:
    """Store the outcomes of one part. Amounts are rounded here, after they were compared."""
    fixed: tuple[Any, ...] = (screening.id, rule.standard_id)
    as_of, recorded_at = screening.as_of, now
    postgres = is_postgres()
    if not postgres:
        fixed = tuple(map(plain, fixed))
        as_of, recorded_at = plain(as_of), plain(recorded_at)
    rows = [
        (
            uuid4() if postgres else str(uuid4()),
            *fixed,
            outcome.customer,
            as_of,
            rule.currency,
            nearest(outcome.figures.average_savings),
            nearest(outcome.figures.loan_balance),
            outcome.figures.good_standing,
            nearest(outcome.figures.spend),
            ",".join(outcome.judgement.met),
            ",".join(outcome.judgement.indicators),
            outcome.judgement.passed,
            outcome.judgement.borderline,
            ",".join(outcome.missing),
            to_text(outcome.evidence),
            recorded_at,
        )
        for outcome in outcomes
    ]
    raw = connection()._connection
    if postgres:
        await raw.copy_records_to_table("evaluation", records=rows, columns=COLUMNS)
    else:
        places = ", ".join("?" for _ in COLUMNS)
        await raw.executemany(f"INSERT INTO evaluation ({', '.join(COLUMNS)}) VALUES ({places})", rows)


async def keep_rates(screening: Screening, rates: Rates) -> None:
    """Store the rates that were needed."""
    await ScreeningRate.bulk_create(
        [
            ScreeningRate(
                screening_id=screening.id,
                currency=currency,
                month_end=day,
                published_on=rate.published_on,
                rate=rate.text,
                route=rate.route,
            )
            for (currency, day), rate in sorted(rates.used.items())
        ]
    )


def nearest(amount: Fraction) -> int:
    """Whole minor units, halves away from zero, as models.money rounds. FIGURE_TOO_LARGE beyond the column."""
    numerator, denominator = amount.numerator, amount.denominator
    whole = numerator if denominator == 1 else (2 * abs(numerator) + denominator) // (2 * denominator)
    if denominator != 1 and numerator < 0:
        whole = -whole
    if abs(whole) >= 1 << 63:
        raise FigureTooLarge
    return whole
