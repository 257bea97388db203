"""What-if (测算): a draft standard or campaign over the real book before it is law. Only counts are kept of it.

The baseline is the law of the as-of day, campaign and indicators included; the draft is judged as if it were law on that
day and all else as it is. A campaign is judged against its standard without any campaign.

A draft has whatever threshold its writer likes, so exact counts of few customers would tell him one customer's figures. So
nothing narrower than a tier-1 branch is asked, every count is kept to the nearest FIVE, and a branch with fewer than that has
no line (decisions.md 6, ADR 0026).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from authz import Action, Facts, Kind
from desk.acts import act
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, is_postgres
from desk.errors import Forbidden
from desk.standards.criteria import judge
from desk.standards.evaluating import Outcome, Progress, evaluate, quiet, rates_for
from desk.standards.rule import Rule, rule_of, rule_under
from desk.standards.scopes import WHOLE, Scope
from desk.standards.screening import must_be_over, path_for
from desk.standards.streams import Stream
from desk.standards.versions import NoStandard, standard_in_force
from models.campaigns import Campaign
from models.errors import BadInput, WrongState
from models.institutions import Institution
from models.standards import Standard
from models.vocabulary import InstitutionKind, Level
from models.what_if import WhatIf, WhatIfLine
from models.windows import Window

L = TypeVar("L", Standard, Campaign)
FIVE = 5


class _Question(NamedTuple):
    """The rule of the day, None where none is law, and the draft's. Who only proposes must be able to screen the scope."""

    before: Rule | None
    after: Rule
    approves: bool


Compared = tuple[bool, Outcome]
"""Whether the customer passes by the law of the day, and his outcome by the draft."""


@dataclass(slots=True)
class _Tally:
    evaluated: int = 0
    passing: int = 0
    entering: int = 0
    leaving: int = 0
    borderline: int = 0
    incomplete: int = 0

    def add(self, passed: bool, outcome: Outcome) -> None:
        passes = outcome.judgement.passed
        self.evaluated += 1
        self.passing += passes
        self.entering += passes and not passed
        self.leaving += passed and not passes
        self.borderline += outcome.judgement.borderline
        self.incomplete += bool(outcome.missing)


async def what_if(
    desk: Desk,
    *,
    as_of: dt.date,
    standard_id: UUID | None = None,
    campaign_id: UUID | None = None,
    institution_id: UUID | None = None,
    progress: Progress = quiet,
    idempotency_key: str | None = None,
) -> WhatIf:
    """Who would enter and who would leave by this version of a standard, or by this campaign, counted by owning branch.

    For whoever may propose it, over what he may screen, and for whoever may approve it. `institution_id` narrows it to a
    subtree; a branch's standard is judged on that branch's only (Art. 8). NOT_FOUND; WRONG_STATE for the version that is
    law on that day; NO_STANDARD for a campaign whose standard is not; STANDARD_OF_ANOTHER_BRANCH, NO_RATE,
    FIGURE_TOO_LARGE, and days that are not over (Notice 2).
    """
    return await _what_if(
        desk,
        progress,
        as_of=as_of,
        standard_id=standard_id,
        campaign_id=campaign_id,
        institution_id=institution_id,
        idempotency_key=idempotency_key,  # type: ignore[call-arg]  # taken out by @act
    )


@act("whatIf", WhatIf)
async def _what_if(
    desk: Desk,
    progress: Progress,
    /,
    *,
    as_of: dt.date,
    standard_id: UUID | None,
    campaign_id: UUID | None,
    institution_id: UUID | None,
) -> WhatIf:
    if (standard_id is None) is (campaign_id is None):
        raise BadInput("Name a version of a standard or a campaign, one of the two.", field="standardId")
    must_be_over(as_of, desk.now)
    if standard_id is not None:
        asked = await _of_standard(desk, standard_id, as_of)
    else:
        assert campaign_id is not None
        asked = await _of_campaign(desk, campaign_id, as_of)
    whole = await _asked_for(desk, institution_id) if institution_id else WHOLE
    scope = Scope(path_for(asked.after, whole))
    if not asked.approves:
        desk.require(Action.SCREEN, Kind.SCREENING, Facts(path=scope.path))
    tallies = await _tallied(asked, as_of, scope, progress)
    return await _kept(
        tallies,
        standard_id=standard_id,
        campaign_id=campaign_id,
        baseline_id=asked.before.standard_id if asked.before else None,
        as_of=as_of,
        scope_path=scope.path,
        asked_by_id=desk.staff_id,
        made_at=desk.now,
    )


async def _asked_for(desk: Desk, institution_id: UUID) -> str:
    place = await desk.open(Institution, institution_id)
    if place.level not in (Level.HEAD_OFFICE, Level.TIER1) or place.kind != InstitutionKind.BRANCH:
        raise BadInput(
            "A draft is tried over the whole bank or over a tier-1 branch: counts of fewer customers would tell of single ones.",
            field="institutionId",
        )
    return place.path


async def _of_standard(desk: Desk, standard_id: UUID, as_of: dt.date) -> _Question:
    standard, approves = await _before_him(desk, Standard, standard_id)
    if standard.in_force(as_of):
        raise WrongState("This version is law on that day, so nothing would change. Screen by it instead.")
    try:
        law = await standard_in_force(standard.code, as_of)
    except NoStandard:
        before = None  # A new standard has nothing before it: all who pass enter.
    else:
        before = await rule_of(law, as_of)
    return _Question(before, await rule_of(standard, as_of), approves)


async def _of_campaign(desk: Desk, campaign_id: UUID, as_of: dt.date) -> _Question:
    campaign, approves = await _before_him(desk, Campaign, campaign_id)
    law = await standard_in_force(campaign.standard_code, as_of)
    return _Question(await rule_under(law, as_of, None), await rule_under(law, as_of, campaign), approves)


async def _before_him(desk: Desk, table: type[L], id: UUID) -> tuple[L, bool]:
    """The draft, and whether he approves it: then the whole of what it would govern is his to look at."""
    try:
        return await desk.open(table, id, Action.APPROVE), True
    except Forbidden:
        return await desk.open(table, id, Action.PROPOSE), False


async def _tallied(asked: _Question, as_of: dt.date, scope: Scope, progress: Progress) -> dict[UUID, _Tally]:
    tallies: defaultdict[UUID, _Tally] = defaultdict(_Tally)
    s = Statement(is_postgres())
    async with (
        Stream(s, scope.owners(s)) as owners,
        aclosing(_compared(asked, as_of, scope, progress)) as parts,
    ):
        async for part in parts:
            if not part:
                continue
            owned = await owners.until(part[-1][1].customer)
            for passed, outcome in part:
                ((_, owner),) = owned[outcome.customer]
                tallies[as_uuid(owner)].add(passed, outcome)
    return tallies


async def _compared(
    asked: _Question, as_of: dt.date, scope: Scope, progress: Progress
) -> AsyncGenerator[list[Compared]]:
    """Everybody judged by both, a part at a time. Needs an open transaction."""
    before, after = asked.before, asked.after
    async with AsyncExitStack() as stack:

        async def judging(rule: Rule, label: str) -> AsyncGenerator[list[Outcome]]:
            def step(phase: str, done: int, total: int) -> None:
                progress(f"{label}: {phase}", done, total)

            rates = await rates_for(rule, Window.ending(as_of), as_of, scope)
            outcomes = evaluate(rule, as_of=as_of, scope=scope, rates=rates, progress=step)
            return await stack.enter_async_context(aclosing(outcomes))

        drafted = await judging(after, "the draft")
        if before is None:
            async for part in drafted:
                yield [(False, it) for it in part]
            return
        if _same_figures(before, after):
            # The figures are those of the law of the day, so one pass is enough and each is held against both.
            async for part in drafted:
                yield [(_passes(before, it), it) for it in part]
            return
        law = await judging(before, "the law of the day")
        async for compared in _together(law, drafted):
            yield compared


async def _together(
    law: AsyncGenerator[list[Outcome]], drafted: AsyncGenerator[list[Outcome]]
) -> AsyncGenerator[list[Compared]]:
    """Two evaluations side by side, both in the order of customers. Who came in between the two is left out."""
    passed: dict[Any, bool] = {}
    last: Any = None
    async for part in drafted:
        while last is None or last < part[-1].customer:
            coming = await anext(law, None)
            if coming is None:
                break
            # Of the law of the day only the verdicts are held, and no more of them than a part or two.
            passed |= {it.customer: it.judgement.passed for it in coming}
            last = coming[-1].customer
            del coming
        yield [(passed.pop(it.customer), it) for it in part if it.customer in passed]


def _same_figures(one: Rule, other: Rule) -> bool:
    """They differ in what they ask, not in what they measure."""
    return other == replace(
        one,
        standard_id=other.standard_id,
        campaign_id=other.campaign_id,
        combine=other.combine,
        thresholds=other.thresholds,
    )


def _passes(rule: Rule, outcome: Outcome) -> bool:
    extras = outcome.evidence.get("indicators", [])
    return judge(rule, outcome.figures, outcome.missing, extras).passed


async def _kept(tallies: dict[UUID, _Tally], **about: Any) -> WhatIf:
    """The result, with a line for each owning branch that has five customers or more."""
    exact = {owner: asdict(tally) for owner, tally in tallies.items()}
    sums: dict[str, Any] = {
        name: coarse(sum(line[name] for line in exact.values())) for name in asdict(_Tally())
    }
    lines = {
        owner: {name: coarse(count) for name, count in line.items()}
        for owner, line in exact.items()
        if line["evaluated"] >= FIVE
    }
    made = await WhatIf.create(**about, **sums)
    await WhatIfLine.bulk_create(
        WhatIfLine(what_if_id=made.id, institution_id=owner, moved=line["entering"] + line["leaving"], **line)
        for owner, line in lines.items()
    )
    return made


def coarse(count: int) -> int:
    """To the nearest five, so that no count tells of one customer."""
    return (count + FIVE // 2) // FIVE * FIVE
