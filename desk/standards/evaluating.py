"""Evaluating customers: a statement for each criterion and one for indicators, run once and judged as rows come in."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

from desk.dialect import Statement, fetch, is_postgres
from desk.standards import averages, extra, loans, spending
from desk.standards.criteria import Judgement, judge
from desk.standards.evidence import Evidence
from desk.standards.figures import Arithmetic, Figures
from desk.standards.rates import Quotes, Rates, load_quotes
from desk.standards.rule import Rule
from desk.standards.scopes import Scope
from desk.standards.streams import Grouped, Stream
from models.windows import Window

Progress = Callable[[str, int, int], None]
"""Called with a phase, how many customers are done in it, and how many there are."""


def quiet(phase: str, done: int, total: int) -> None:
    """No progress is shown."""


class Outcome(NamedTuple):
    """One customer judged. `customer` is his id as the database gives it."""

    customer: Any
    figures: Figures
    judgement: Judgement
    missing: tuple[str, ...]
    evidence: Evidence


async def rates_for(rule: Rule, window: Window, as_of: dt.date, scope: Scope) -> Rates:
    """The rates that these customers may need; none are read where nobody has foreign currency."""
    s = Statement(is_postgres())
    rows = await fetch(s, scope.currencies(s))
    foreign = any(row["currency"] != rule.currency for row in rows)
    quotes = await load_quotes(window.months[0].last, as_of) if foreign else Quotes(())
    return Rates(rule.currency, quotes)


async def evaluate(
    rule: Rule, *, as_of: dt.date, scope: Scope, rates: Rates, progress: Progress = quiet
) -> AsyncGenerator[list[Outcome]]:
    """Judge every customer of the scope who owns an account, a loan or an indicator's figure, in order of id, in parts.

    Needs an open transaction. Refuses NO_RATE and FIGURE_TOO_LARGE.
    """
    window, postgres = Window.ending(as_of), is_postgres()
    arithmetic = Arithmetic(window, as_of=as_of, daily=rule.daily, rates=rates)
    s = Statement(postgres)
    who = scope.population(s) + extra.population(rule, window, as_of, scope, s)
    total = int((await fetch(s, f"SELECT COUNT(*) AS n FROM ({who}) p"))[0]["n"])
    phases = {
        "balances": averages.statement(rule, window, scope, postgres),
        "loans": loans.statement(rule, as_of, scope, postgres),
        "spend": spending.statement(rule, window, scope, postgres),
    }
    if rule.extras:
        phases["indicators"] = extra.statement(rule, window, as_of, scope, postgres)
    async with AsyncExitStack() as stack:
        # Opened together, so that they see the figures of one moment.
        population, *figures = [
            await stack.enter_async_context(Stream(*written))
            for written in ((s, f"{who} ORDER BY customer_id"), *phases.values())
        ]
        for phase, stream in zip(phases, figures, strict=True):
            progress(phase, 0, total)
            await stream.look_ahead()
        done = 0
        progress("customers", done, total)
        while part := await population.part():
            last = part[-1][0]
            rows = [await stream.until(last) for stream in figures]
            yield [_judged(customer, rows, rule, window, arithmetic) for (customer,) in part]
            done += len(part)
            progress("customers", done, total)


def _judged(
    customer: Any, rows: list[Grouped], rule: Rule, window: Window, arithmetic: Arithmetic
) -> Outcome:
    balances, debts, spend, *more = (found.get(customer, ()) for found in rows)
    savings, unaveraged = averages.savings_of(balances, rule, window)
    lines, unknown = loans.loans_of(debts)
    evidence: Evidence = {
        "savings": savings,
        "loans": lines,
        "spend": spending.spend_of(spend, window),
    }
    extras = extra.lines_of(more[0], rule) if more else []
    if extras:
        evidence["indicators"] = extras
    missing = tuple(code for code in (unaveraged, unknown) if code)
    figures = arithmetic.figures(evidence)
    return Outcome(customer, figures, judge(rule, figures, missing, extras), missing, evidence)
