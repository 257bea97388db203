"""Brings the Czech bank into an empty house by the product's own jobs: founders, import, proposals, screening."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from authz import Policy
from desk.desk import Desk, adopt
from desk.imports.loading import run_import
from desk.imports.report import Report
from desk.people.founding import create_admin
from desk.people.proposals import execute_proposal
from desk.standards import approve_standard, draft_standard, screen, submit_standard
from examples.pkdd99.__main__ import convert
from models.people import Proposal, Staff
from models.standards import Screening
from models.vocabulary import AveragingRule, CriterionKind, IdentityKind, ProposalState
from tests.pkdd99.expected import AS_OF, RULE, STANDARD, THRESHOLDS

RAW = "data/berka/raw"
LAW_SINCE = dt.date(1990, 1, 1)
FOUNDERS = (("FOUND-Y", "sys_admin"), ("FOUND-S", "sec_admin"))
PASSWORD = "Karluv most 1357"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(slots=True)
class Timings:
    """Seconds by step, printed as they are measured."""

    label: str
    quiet: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, step: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - begun
        self.say(f"{step:<44} {self.seconds[step]:>8.2f} s")

    def say(self, line: str) -> None:
        if not self.quiet:
            print(f"[{self.label}] {line}", flush=True)  # noqa: T201


def written(raw: Path, folder: Path) -> Path:
    """The import files, made by the converter."""
    for _ in convert(raw, AS_OF, folder):
        pass
    return folder


async def seat(policy: Policy, number: str) -> Desk:
    """Somebody of the bank at his desk, now."""
    staff = await Staff.get(number=number)
    return await Desk.take(policy, staff.id, now())


async def bring_in(policy: Policy, folder: Path, timings: Timings) -> Report:
    """Found the house and import the bank, in the open, migrated, empty database.

    The founders work at head office, so the importer only proposes its posts, and the security officer executes
    them (decisions.md 8, 15).
    """
    await adopt(policy)
    for number, role in FOUNDERS:
        await create_admin(
            number=number,
            name=number,
            identity_kind=IdentityKind.OTHER,
            identity_number=f"PKDD99-{number}",
            role=role,
            password=PASSWORD,
            now=now(),
        )
    with timings.of("import of 12 files"):
        report = await run_import(await seat(policy, FOUNDERS[0][0]), [folder])
    assert report.errors == 0, report.as_text()
    desk = await seat(policy, FOUNDERS[1][0])
    for proposal in await Proposal.filter(state=ProposalState.PROPOSED).order_by("id"):
        await execute_proposal(desk, proposal_id=proposal.id, note="the post was in the import")
    return report


async def make_standard(
    policy: Policy,
    code: str,
    thresholds: tuple[str, str, str],
    rule: str = RULE,
    currency: str = "CZK",
) -> None:
    """ANY of three criteria, drafted by one person of head office and approved by another."""
    savings, loans, cash = thresholds
    writer = await seat(policy, "HQN")
    standard = await draft_standard(
        writer,
        code=code,
        name=code,
        currency=currency,
        thresholds={
            CriterionKind.AVERAGE_SAVINGS: savings,
            CriterionKind.LOAN_BALANCE: loans,
            CriterionKind.SPEND: cash,
        },
        effective_from=LAW_SINCE,
        source="acceptance on the Czech bank",
        averaging_rule=AveragingRule(rule),
        spend_kinds=("cash",),
    )
    await submit_standard(writer, standard_id=standard.id)
    await approve_standard(await seat(policy, "HQV"), standard_id=standard.id)


async def screen_all(policy: Policy, timings: Timings) -> Screening:
    """Screen the whole bank by STANDARD."""
    await make_standard(policy, STANDARD, THRESHOLDS)
    with timings.of("screening of every owner"):
        return await screen(await seat(policy, "HQN"), as_of=AS_OF, standard_code=STANDARD)
