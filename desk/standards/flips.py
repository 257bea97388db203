"""Decisions that would flip: evaluations that a correction turns, found by judging again and storing nothing.

An evaluation is a decision when a filing or an exception rests on it, or when it is the customer's latest by its
standard and he passed. Past evaluations stay as they are (decisions.md 25); what to do about a flip is for people.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from tortoise.transactions import in_transaction

from desk.dialect import Statement, as_date, as_uuid, fetch, is_postgres
from desk.standards.evaluating import evaluate, rates_for
from desk.standards.rates import NoRate
from desk.standards.rule import Rule, rule_under
from desk.standards.scopes import Scope
from models.campaigns import Campaign
from models.standards import Standard
from models.windows import Window

AT_A_TIME = 1_000
"""Customers judged again by one statement."""

T = TypeVar("T")

_DECIDES = """(EXISTS (SELECT 1 FROM filing f WHERE f.evaluation_id = e.id)
 OR EXISTS (SELECT 1 FROM exception_case x WHERE x.evaluation_id = e.id)
 OR (e.passed AND NOT EXISTS (SELECT 1 FROM evaluation n WHERE n.customer_id = e.customer_id
  AND n.standard_id = e.standard_id AND (n.as_of, n.recorded_at, n.id) > (e.as_of, e.recorded_at, e.id))))"""


@dataclass(frozen=True, slots=True)
class Flip:
    """An evaluation whose outcome would differ today. `after` is None where it could not be judged: NO_RATE."""

    customer_id: UUID
    evaluation_id: UUID
    before: bool
    after: bool | None


@dataclass(frozen=True, slots=True)
class _Decision:
    customer_id: UUID
    evaluation_id: UUID
    passed: bool


async def flipped_decisions(customers: Collection[UUID], *, rates: bool = False) -> list[Flip]:
    """The flips among these customers, and with `rates` among all who have foreign currency. Ids only.

    For the import's report, after figures or rates were corrected. Writes nothing.
    """
    rows: list[dict[str, Any]] = []
    for some in _portions(sorted(customers)):
        s = Statement(is_postgres())
        rows += await _decisions(s, "", s.any_of("e.customer_id", some))
    if rates:
        rows += await _decisions(Statement(is_postgres()), _FOREIGN, "1 = 1")
    return await _flipped(rows)


async def flips_after(imports: Collection[UUID]) -> list[Flip]:
    """The flips caused by the figures of these imported files: corrected ones, and late ones of days before a decision."""
    s = Statement(is_postgres())
    mine = s.any_of("x.import_id", imports)
    touched = f"""JOIN (SELECT customer_id, MIN(day) AS day FROM (
  SELECT a.customer_id, MIN(x.day) AS day FROM balance x JOIN account a ON a.serial = x.account_serial
  WHERE {mine} GROUP BY a.customer_id
  UNION ALL SELECT a.customer_id, MIN(x.month) FROM spend x JOIN account a ON a.serial = x.account_serial
  WHERE {mine} GROUP BY a.customer_id
  UNION ALL SELECT l.customer_id, MIN(x.as_of) FROM loan_standing x JOIN loan l ON l.id = x.loan_id
  WHERE {mine} GROUP BY l.customer_id
  UNION ALL SELECT x.customer_id, MIN(x.as_of) FROM indicator_figure x WHERE {mine} GROUP BY x.customer_id) u GROUP BY customer_id) t ON t.customer_id = e.customer_id"""
    rows = await _decisions(s, touched, "t.day <= e.as_of")
    s = Statement(is_postgres())
    rated = await fetch(
        s, f"SELECT MIN(x.published_on) AS day FROM exchange_rate x WHERE {s.any_of('x.import_id', imports)}"
    )
    first = as_date(rated[0]["day"])
    if first is not None:
        s = Statement(is_postgres())
        rows += await _decisions(s, _FOREIGN, f"e.as_of >= {s.bind(first)}")
    return await _flipped(rows)


_FOREIGN = """JOIN (SELECT customer_id, currency FROM account UNION SELECT customer_id, currency FROM loan) k
 ON k.customer_id = e.customer_id AND k.currency <> e.currency"""


async def _decisions(s: Statement, join: str, condition: str) -> list[dict[str, Any]]:
    """The decisions among the evaluations that a join and a condition leave. One may come twice."""
    # Few evaluations are left, so the dear question, which of them decide, is asked last.
    last = "MATERIALIZED" if s.postgres else ""
    return await fetch(
        s,
        f"""WITH candidate AS {last} (
  SELECT e.id, e.customer_id, e.standard_id, e.screening_id, e.as_of, e.recorded_at, e.passed
  FROM evaluation e {join} WHERE {condition}
) SELECT e.id, e.customer_id, e.standard_id, e.as_of, e.passed,
  (SELECT s.campaign_id FROM screening s WHERE s.id = e.screening_id) AS campaign_id
FROM candidate e WHERE {_DECIDES}""",
    )


async def _flipped(rows: Sequence[dict[str, Any]]) -> list[Flip]:
    """Judge each decision again by its own standard and day, and under the campaign that it was made under, or none."""
    groups: defaultdict[tuple[UUID, UUID | None, dt.date], dict[UUID, _Decision]] = defaultdict(dict)
    for row in rows:
        day = as_date(row["as_of"])
        assert day is not None
        decision = _Decision(as_uuid(row["customer_id"]), as_uuid(row["id"]), bool(row["passed"]))
        campaign_id = as_uuid(row["campaign_id"]) if row["campaign_id"] else None
        groups[as_uuid(row["standard_id"]), campaign_id, day][decision.evaluation_id] = decision
    flips: list[Flip] = []
    async with in_transaction():
        for (standard_id, campaign_id, as_of), decisions in groups.items():
            campaign = await Campaign.get(id=campaign_id) if campaign_id else None
            rule = await rule_under(await Standard.get(id=standard_id), as_of, campaign)
            for some in _portions(list(decisions.values())):
                now = await _passing(rule, as_of, sorted({decision.customer_id for decision in some}))
                flips += (
                    Flip(decision.customer_id, decision.evaluation_id, decision.passed, after)
                    for decision in some
                    if (after := now[decision.customer_id]) is not decision.passed
                )
    return sorted(flips, key=lambda flip: (flip.customer_id, flip.evaluation_id))


async def _passing(rule: Rule, as_of: dt.date, customers: Sequence[UUID]) -> dict[UUID, bool | None]:
    """Who passes today. A customer whose currency has lost its rate does not hide the others."""
    scope = Scope(customers=tuple(customers))
    rates = await rates_for(rule, Window.ending(as_of), as_of, scope)
    found: dict[UUID, bool | None] = dict.fromkeys(customers, False)
    try:
        async for outcomes in evaluate(rule, as_of=as_of, scope=scope, rates=rates):
            found |= {as_uuid(outcome.customer): outcome.judgement.passed for outcome in outcomes}
    except NoRate:
        if len(customers) == 1:
            return {customers[0]: None}
        middle = len(customers) // 2
        return await _passing(rule, as_of, customers[:middle]) | await _passing(
            rule, as_of, customers[middle:]
        )
    return found


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), AT_A_TIME):
        yield items[start : start + AT_A_TIME]
