"""Three months of the Czech bank: who must be on which list, worked out from the raw files, and what must stay as it was.

The bank hands in one standing for each loan, of 1994-02-28. So on 1994-01-31 nothing is known of a loan that was granted
by then, and on 1994-03-30 the window and the standings are those of 1994-02-28 (decisions.md 23).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from authz import Policy
from desk.dialect import Statement, fetch, is_postgres
from desk.filing import record_filing, submit_filing
from desk.membership import give_consent, register
from desk.standards import approve_standard, draft_standard, submit_standard
from models.customers import Customer
from models.institutions import Institution
from models.months import WorkItem
from models.standards import Evaluation
from models.vocabulary import AveragingRule, ConsentForm, CriterionKind, Tier
from tests.pkdd99 import oracle
from tests.pkdd99.bank import seat
from tests.pkdd99.expected import AS_OF, RULE
from tests.pkdd99.handed_in import HandedIn

_KNOWN: dict[tuple[int, dt.date], dict[int, oracle.Figures]] = {}
Terms = tuple[str, str, str]
"""Thresholds of savings, loans and cash."""
JANUARY, FEBRUARY, MARCH = dt.date(1994, 1, 31), AS_OF, dt.date(1994, 3, 30)
STRICTER: Terms = ("60000.00", "150000.00", "120000.00")
OWN: Terms = ("30000.00", "30000.00", "60000.00")
REGION = "T01"
SIGNED = dt.datetime(1994, 2, 1, 9, tzinfo=dt.UTC)


def _figures(bank: oracle.Bank, end: dt.date) -> dict[int, oracle.Figures]:
    """Once for both databases: it is slow on purpose. The bank is the session's, so its id stays its own."""
    key = id(bank), end
    if key not in _KNOWN:
        _KNOWN[key] = oracle.figures(bank, end, RULE)
    return _KNOWN[key]


@dataclass(frozen=True)
class Judged:
    passed: bool
    borderline: bool


@dataclass
class Reckoner:
    """The second computation of a month. `members` are who was put on record, all at head office's tier."""

    files: HandedIn
    bank: oracle.Bank
    members: set[str] = field(default_factory=set)

    def judged(self, as_of: dt.date, terms: Terms) -> dict[str, Judged]:
        """By customer number, exactly."""
        savings, loans, cash = map(Fraction, terms)
        found = {}
        for client, figures in _figures(self.bank, min(as_of, FEBRUARY)).items():
            measured = [(figures.average, savings), (figures.spend[oracle.CASH], cash)]
            if figures.good_standing and as_of >= FEBRUARY:
                measured.append((figures.outstanding, loans))
            found[f"K{client:06d}"] = Judged(
                any(amount >= line for amount, line in measured),
                any(abs(amount - line) * 20 <= line for amount, line in measured),
            )
        return found

    def without_standing(self, as_of: dt.date) -> set[str]:
        """Whose loan was granted by then, while its first standing is of later."""
        if as_of >= FEBRUARY:
            return set()
        return {
            f"K{client:06d}"
            for client, accounts in self.bank.owned.items()
            if any(debt.started <= as_of for account in accounts for debt in self.bank.ledgers[account].debts)
        }

    def items(self, as_of: dt.date, head: Terms, own: Terms | None) -> Iterator[tuple[str, str, str]]:
        """Customer, kind and tier. `own` are the region's own thresholds, where it has a standard."""
        by_head = self.judged(as_of, head)
        there = set(self.files.of_region(REGION))
        by_own = {it: one for it, one in (self.judged(as_of, own) if own else {}).items() if it in there}
        for customer, one in by_head.items():
            other = by_own.get(customer, Judged(False, False))
            if customer in self.members:
                if not one.passed:
                    yield customer, "NO_LONGER_ELIGIBLE", "HEAD_OFFICE"
            elif one.passed or other.passed:
                yield customer, "NEWLY_ELIGIBLE", "HEAD_OFFICE" if one.passed else "BRANCH"
            elif one.borderline or other.borderline:
                yield customer, "NEAR_MISS", "HEAD_OFFICE" if one.borderline else "BRANCH"
        for customer in self.without_standing(as_of):
            yield customer, "MISSING_DATA", "HEAD_OFFICE"


async def found(run_id: object) -> list[tuple[str, str, str]]:
    """The same of what the run wrote."""
    rows = await WorkItem.filter(run_id=run_id).values_list("customer__number", "kind", "tier")
    return [(number, kind, tier) for number, kind, tier in rows]


def by(items: list[tuple[str, str, str]], place: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """How many items of each kind everybody has, or every branch."""
    return Counter((place[customer], kind) for customer, kind, _ in items)


async def law(policy: Policy, code: str, terms: Terms, since: dt.date, region: str = "") -> None:
    """The next version of head office's standard, or a region's own: written by one, approved by another."""
    writer, approver = (f"{region}B", f"{region}E") if region else ("HQN", "HQV")
    owner = await Institution.get(code=region) if region else None
    desk = await seat(policy, writer)
    standard = await draft_standard(
        desk,
        code=code,
        name=code,
        currency="CZK",
        thresholds=dict(
            zip(
                (CriterionKind.AVERAGE_SAVINGS, CriterionKind.LOAN_BALANCE, CriterionKind.SPEND),
                terms,
                strict=True,
            )
        ),
        effective_from=since,
        source="acceptance on the Czech bank",
        averaging_rule=AveragingRule(RULE),
        spend_kinds=("cash",),
        tier=Tier.BRANCH if region else Tier.HEAD_OFFICE,
        owner_id=owner.id if owner else None,
    )
    await submit_standard(desk, standard_id=standard.id)
    await approve_standard(await seat(policy, approver), standard_id=standard.id)


async def file(policy: Policy, files: HandedIn, number: str) -> None:
    """One passing customer becomes a member: registered and filed by his manager, recorded by his branch."""
    told = files.customers[number]
    customer = await Customer.get(number=number)
    manager = await seat(policy, told.manager)
    consent = await give_consent(
        manager,
        customer_id=customer.id,
        form=ConsentForm.WRITTEN,
        document=f"form {number}",
        notice_version="1994-1",
        given_at=SIGNED,
    )
    centre = await Institution.get(code=f"{told.owner}W")
    membership = await register(
        manager, customer_id=customer.id, consent_id=consent.id, centre_id=centre.id, registered_at=SIGNED
    )
    evaluation = await Evaluation.filter(customer_id=customer.id).order_by("-as_of", "-recorded_at").first()
    assert evaluation is not None
    filing = await submit_filing(
        manager,
        membership_id=membership.id,
        evaluation_id=evaluation.id,
        submitted_to_id=(await Institution.get(code=told.owner)).id,
    )
    await record_filing(await seat(policy, f"{told.owner}R"), filing_id=filing.id, version=filing.version)


async def fingerprint(until: dt.datetime) -> dict[str, tuple[int, str]]:
    """Of every evaluation, screening and rate made until a moment: how many, and the SHA-256 of all their bytes."""
    marks = {}
    for table, of in (
        ("evaluation", "t.screening_id IN (SELECT id FROM screening WHERE started_at <= {})"),
        ("screening", "t.started_at <= {}"),
        ("screening_rate", "t.screening_id IN (SELECT id FROM screening WHERE started_at <= {})"),
        ("filing", "t.decided_at <= {}"),
    ):
        s = Statement(is_postgres())
        rows = await fetch(s, f"SELECT t.* FROM {table} t WHERE {of.format(s.bind(until))} ORDER BY t.id")
        text = "\n".join(repr(sorted(row.items())) for row in rows)
        marks[table] = len(rows), hashlib.sha256(text.encode()).hexdigest()
    return marks
