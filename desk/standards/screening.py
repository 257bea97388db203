"""Screening (达标筛查): one run of a standard over the customers of a scope, kept whole or not at all."""

from __future__ import annotations

import datetime as dt
from contextlib import aclosing
from uuid import UUID

from tortoise.transactions import in_transaction

from authz import Action, Facts, Kind
from desk.acts import act
from desk.clock import business_day
from desk.desk import Desk
from desk.standards.evaluating import Outcome, Progress, evaluate, quiet, rates_for
from desk.standards.rule import Rule, rule_of
from desk.standards.scopes import WHOLE, Scope
from desk.standards.versions import standard_in_force
from desk.standards.writing import keep_outcomes, keep_rates
from models.customers import Customer
from models.errors import BadInput, Refusal
from models.paths import stands_under
from models.standards import Evaluation, Screening, Standard, StandardOfAnotherBranch
from models.vocabulary import ScreeningState
from models.windows import Window

EARLIEST = dt.date(1950, 1, 1)
"""No account has figures before it; an earlier day is a mistyped one."""


class NothingToEvaluate(Refusal):
    """The customer owns no account and no loan, and has no figure of an indicator: a disponent has no figures of his own
    (decisions.md 27)."""

    code = "NOTHING_TO_EVALUATE"
    article = "6"


async def screen(
    desk: Desk,
    *,
    as_of: dt.date,
    standard_code: str,
    version: int | None = None,
    scope_path: str = WHOLE,
    progress: Progress = quiet,
) -> Screening:
    """Evaluate every customer of a subtree by the version of the standard in force on that day, or by a given one.

    A campaign that runs for it on that day counts (Notice 2), and so do the indicators in force then (Art. 5). For head
    office's policy officer, and for a branch's officer within his subtree. A branch's own standard is applied to its
    subtree (Art. 8). Refuses NO_STANDARD, STANDARD_OF_ANOTHER_BRANCH, NO_RATE, FIGURE_TOO_LARGE and days that are not
    over.
    """
    return await _screen(
        desk, progress, as_of=as_of, standard_code=standard_code, version=version, scope_path=scope_path
    )


@act("screen", Screening)
async def _screen(
    desk: Desk,
    progress: Progress,
    /,
    *,
    as_of: dt.date,
    standard_code: str,
    version: int | None,
    scope_path: str,
) -> Screening:
    desk.require(Action.SCREEN, Kind.SCREENING, Facts(path=scope_path))
    standard = await standard_in_force(standard_code, as_of, version)
    return await run_screening(
        standard=standard,
        as_of=as_of,
        scope_path=scope_path,
        started_by=desk.staff_id,
        now=desk.now,
        progress=progress,
    )


@act("evaluateCustomer", Evaluation)
async def evaluate_one(
    desk: Desk, *, customer_id: UUID, as_of: dt.date, standard_code: str, version: int | None = None
) -> Evaluation:
    """Evaluate one customer, by the same statements, for the registration that his manager prepares (N6c).

    For whoever may register the customer. Refuses NOTHING_TO_EVALUATE for one without account and loan, and what
    `screen` refuses.
    """
    await desk.open(Customer, customer_id, Action.REGISTER, kind=Kind.REGISTRATION)
    standard = await standard_in_force(standard_code, as_of, version)
    screening = await run_screening(
        standard=standard, as_of=as_of, customer_id=customer_id, started_by=desk.staff_id, now=desk.now
    )
    return await Evaluation.get(screening_id=screening.id, customer_id=customer_id)


async def run_screening(
    *,
    standard: Standard,
    as_of: dt.date,
    scope_path: str = WHOLE,
    customer_id: UUID | None = None,
    month_run_id: UUID | None = None,
    started_by: UUID,
    now: dt.datetime,
    progress: Progress = quiet,
) -> Screening:
    """The computation of `screen`, without the question who may. One transaction: a broken run leaves nothing.

    Running it again makes another screening; the same figures give the same evaluations.
    """
    must_be_over(as_of, now)
    rule, window = await rule_of(standard, as_of), Window.ending(as_of)
    if customer_id is None:
        path = path_for(rule, scope_path)
        scope = Scope(path)
    else:
        path = (await Customer.get(id=customer_id)).owner_path
        standard.must_judge(path, rule.owner_path)
        scope = Scope(customers=(customer_id,))
    async with in_transaction():
        screening = await Screening.create(
            standard_id=standard.id,
            as_of=as_of,
            window_from=window.first,
            window_to=window.last,
            scope_path=path,
            customer_id=customer_id,
            campaign_id=rule.campaign_id,
            month_run_id=month_run_id,
            state=ScreeningState.RUNNING,
            started_by_id=started_by,
            started_at=now,
        )
        rates = await rates_for(rule, window, as_of, scope)
        judging = evaluate(rule, as_of=as_of, scope=scope, rates=rates, progress=progress)
        async with aclosing(judging) as parts:
            async for outcomes in parts:
                await keep_outcomes(screening, rule, outcomes, now)
                _count(screening, outcomes)
        if customer_id is not None and not screening.evaluated:
            raise NothingToEvaluate(
                "This customer owns no account and no loan, so there is nothing to evaluate.",
                field="customerId",
            )
        await keep_rates(screening, rates)
        screening.state, screening.finished_at = ScreeningState.DONE, now
        await screening.save(
            update_fields=["state", "finished_at", "evaluated", "passed", "borderline", "incomplete"]
        )
    return screening


def _count(screening: Screening, outcomes: list[Outcome]) -> None:
    screening.evaluated += len(outcomes)
    screening.passed += sum(outcome.judgement.passed for outcome in outcomes)
    screening.borderline += sum(outcome.judgement.borderline for outcome in outcomes)
    screening.incomplete += sum(bool(outcome.missing) for outcome in outcomes)


def must_be_over(as_of: dt.date, now: dt.datetime) -> None:
    if not EARLIEST <= as_of <= business_day(now):
        raise BadInput(
            f"{as_of.isoformat()} is not a day that customers can be judged by. Give one from {EARLIEST.isoformat()} to today.",
            field="asOf",
        )


def path_for(rule: Rule, scope_path: str) -> str:
    """The narrower of what was asked and what the standard is for."""
    if stands_under(scope_path, rule.owner_path):
        return scope_path
    if stands_under(rule.owner_path, scope_path):
        return rule.owner_path
    raise StandardOfAnotherBranch(
        "This standard is another branch's own. Screen that branch, or use head office's standard.",
        field="scope",
    )
