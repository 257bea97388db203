"""A generated bank: look-alike paths, every shape of a manager's history, and one figure of every class."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from authz import Facts
from models.accounts import Account, Balance, TransactionLine
from models.customers import Customer, ManagerAssignment
from models.institutions import Institution
from models.people import Proposal, Staff
from models.standards import Evaluation, Screening, Standard
from models.vault import mask_account, mask_identity, mask_mobile, vault
from tests.authz.worlds import PATHS, ROW_PATHS, STAFF
from tests.cast import IMPORT, START, person
from tests.conftest import NOW

CUSTOMERS = 200
FIRST = 11
"""The ids of the customers count on from that of the first one in tests/authz/worlds.py."""
SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)
MOMENTS = (NOW, NOW - TICK, NOW + TICK, NOW + SECOND / 2)
"""Moments to look at: exactly when terms end and begin, just before, just after."""
MORE_PATHS = (
    "/1/10/",
    "/1/11/",
    "/1/12/30/",
    "/1/12/3/1/",
    "/1/12/4/",
    "/1/121/",
    "/1/120/1/",
    "/1/13/",
    "/1/1/2/",
    "/1/1/20/",
    "/11/",
    "/12/",
    "/12/1/",
    "/100/",
    "/2/1/",
    "/2/10/",
    "/2/12/",
    "/20/",
    "/3/",
    "/1/2/",
    "/1/2/1/",
    "/1/B/1/",
    "/1/b/1/",
    "/10/1/",
    "/10/12/",
    "/1/3/",
    "/1/30/",
    "/1/4/",
    "/1/40/",
    "/1/5/",
    "/1/50/",
)

Term = tuple[UUID, dt.datetime, dt.datetime | None, dt.datetime | None]
"""Who serves, from when, until when by term, and when it was ended before its time."""


def histories(a: UUID, b: UUID) -> tuple[tuple[Term, ...], ...]:
    """Every shape that a customer's managers can have around NOW."""
    long_ago, lately, soon = NOW - 900 * SECOND, NOW - SECOND, NOW + SECOND
    return (
        (),
        ((a, START, None, None),),
        ((a, START, soon, None),),
        ((a, START, NOW + TICK, None),),
        ((a, START, NOW, None),),
        ((a, START, lately, None),),
        ((a, START, None, soon),),
        ((a, START, None, NOW),),
        ((a, START, None, NOW - TICK),),
        ((a, START, soon, NOW),),
        ((a, START, NOW, soon),),
        ((a, NOW, None, None),),
        ((a, NOW + TICK, None, None),),
        ((a, soon, None, None),),
        ((a, START, None, long_ago), (b, long_ago, None, None)),
        ((a, START, NOW, None), (b, NOW, None, None)),
        ((a, START, None, NOW), (b, NOW, soon, None)),
        ((a, START, long_ago, None), (b, long_ago, None, lately), (a, lately, None, None)),
        ((a, soon, None, soon), (b, START, None, None)),
    )


def serves(term: Term, at: dt.datetime) -> bool:
    """From the first moment on, and no longer at the very moment of the end."""
    _, start, until, ended = term
    ends = [end for end in (until, ended) if end is not None]
    return start <= at and not any(end <= at for end in ends)


@dataclass
class Kept:
    """One row that the test knows by heart: what a decision may know of it, and its cells in the clear."""

    id: UUID
    path: str | None
    history: tuple[Term, ...] = ()
    plain: dict[str, Any] = field(default_factory=dict)
    mask: dict[str, Any] = field(default_factory=dict)
    serial: int = 0

    def facts(self, at: dt.datetime, *, customer: bool = True) -> Facts:
        managers = frozenset(term[0] for term in self.history if serves(term, at))
        return Facts(self.path, self.id if customer else None, managers)


@dataclass
class Bank:
    customers: list[Kept] = field(default_factory=list)
    proposals: list[Kept] = field(default_factory=list)


def customer_ids(like: UUID) -> list[UUID]:
    """The customers who stand for one of the few in tests/authz/worlds.py: every tenth of the bank."""
    return [UUID(int=n) for n in range(FIRST, FIRST + CUSTOMERS) if n % 10 == like.int % 10]


async def build() -> Bank:
    """Write the bank into the open database, through the models."""
    rng = random.Random(7)
    bank = Bank()
    places = await _places()
    for staff_id in STAFF:
        await Staff.create(
            id=staff_id, number=f"N{staff_id.int}", name="员工", person=await person(f"P{staff_id.int}")
        )
    shapes = histories(STAFF[0], STAFF[1]) + histories(STAFF[1], STAFF[0]) + histories(STAFF[2], STAFF[0])
    paths = (*PATHS, *PATHS, *PATHS, *(path for path in ROW_PATHS if path is not None), *MORE_PATHS)
    for number in range(CUSTOMERS):
        kept = Kept(
            UUID(int=FIRST + number), paths[number % len(paths)], rng.choice(shapes), serial=number + 1
        )
        kept.plain, kept.mask = _cells(rng, number)
        bank.customers.append(kept)
    await _customers(bank, places)
    await _figures(bank, places)
    await _proposals(bank, places)
    return bank


def _cells(rng: random.Random, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    identity, mobile = f"3201021990{number:08}", f"1390{number:07}"
    savings = rng.choice([None, 0, 49_999_99, 50_000_00, 500_000_00, 500_000_01, 5_000_000_00])
    name = rng.choice("赵钱孙李") + rng.choice(["一", "二", "Ä", "a", "B"])
    floors = ((5_000_000_00, "FROM_5M"), (500_000_00, "FROM_500K"), (50_000_00, "FROM_50K"), (0, "BELOW_50K"))
    band = None if savings is None else next(band for floor, band in floors if savings >= floor)
    plain = {
        "number": f"K{number:04}",
        "name": name,
        "identity_kind": "RESIDENT_ID",
        "identity_number": identity,
        "mobile": mobile,
        "birth_date": dt.date(1950, 1, 1) + dt.timedelta(days=100 * number),
        "average_savings": savings,
        "band": band,
    }
    mask = {
        "name": name[:1] + "**",
        "identity_number": mask_identity(identity),
        "mobile": mask_mobile(mobile),
        "band": band,
    }
    return plain, mask


async def _places() -> dict[str, Institution]:
    found = {}
    for number, path in enumerate((*PATHS, *MORE_PATHS), start=1):
        found[path] = Institution(
            id=UUID(int=1000 + number),
            number=number,
            code=f"I{number}",
            name=path,
            level="TIER2",
            kind="BRANCH",
            path=path,
            acting_path=path,
        )
    await Institution.bulk_create(found.values())
    return found


async def _customers(bank: Bank, places: dict[str, Institution]) -> None:
    def row(kept: Kept) -> Customer:
        def seal(column: str, text: str) -> bytes:
            return vault().seal("customer", column, kept.id, text)

        plain = kept.plain
        return Customer(
            id=kept.id,
            number=plain["number"],
            name=plain["name"],
            identity_kind=plain["identity_kind"],
            identity_cipher=seal("identity_cipher", plain["identity_number"]),
            identity_mask=kept.mask["identity_number"],
            identity_index=vault().index("identity", plain["identity_number"]),
            mobile_cipher=seal("mobile_cipher", plain["mobile"]),
            mobile_mask=kept.mask["mobile"],
            birth_date=plain["birth_date"],
            opened_on=dt.date(2015, 1, 1),
            owner_id=places.get(kept.path or "", places["/1/"]).id,
            owner_path=kept.path,
        )

    await Customer.bulk_create(row(kept) for kept in bank.customers)
    await ManagerAssignment.bulk_create(
        ManagerAssignment(
            customer_id=kept.id,
            manager_id=who,
            valid_from=start,
            valid_to=until,
            ended_at=ended,
            recorded_at=START,
        )
        for kept in bank.customers
        for who, start, until, ended in kept.history
    )


async def _figures(bank: Bank, places: dict[str, Institution]) -> None:
    day = dt.date(2026, 10, 31)
    standard = await Standard.get(code="MEASURES")
    screening = await Screening.create(
        standard=standard,
        as_of=day,
        window_from=day,
        window_to=day,
        state="DONE",
        started_by_id=STAFF[0],
        started_at=NOW,
    )
    await Evaluation.bulk_create(
        Evaluation(
            screening=screening,
            standard_id=standard.id,
            customer_id=kept.id,
            as_of=day,
            currency="CNY",
            average_savings=kept.plain["average_savings"],
            loan_balance=0,
            good_standing=True,
            spend=0,
            criteria_met="",
            passed=True,
            borderline=False,
            evidence="{}",
            recorded_at=NOW,
        )
        for kept in bank.customers
        if kept.plain["average_savings"] is not None
    )
    await Account.bulk_create(_account(kept, places["/1/"]) for kept in bank.customers)
    common: dict[str, Any] = {"import_id": IMPORT, "recorded_at": START}
    await Balance.bulk_create(
        Balance(account_serial=kept.serial, kind="DAY_END", day=day, amount=kept.serial, **common)
        for kept in bank.customers
    )
    await TransactionLine.bulk_create(
        TransactionLine(
            account_serial=kept.serial,
            reference="T",
            day=day,
            direction="DEBIT",
            kind="card",
            amount=kept.serial,
            **common,
        )
        for kept in bank.customers
    )


def _account(kept: Kept, place: Institution) -> Account:
    row_id, number = UUID(int=5000 + kept.serial), f"62170000{kept.serial:011}"
    return Account(
        id=row_id,
        serial=kept.serial,
        customer_id=kept.id,
        institution_id=place.id,
        kind="SAVINGS",
        currency="CNY",
        opened_on=dt.date(2015, 1, 1),
        number_cipher=vault().seal("account", "number_cipher", row_id, number),
        number_mask=mask_account(number),
        number_index=vault().index("account", number),
    )


async def _proposals(bank: Bank, places: dict[str, Institution]) -> None:
    """One at every place, and as many without any: an owner that is NULL."""
    spots: list[str | None] = [path for place in places for path in (place, None)]
    bank.proposals = [Kept(UUID(int=9000 + number), path) for number, path in enumerate(spots)]
    await Proposal.bulk_create(
        Proposal(
            id=kept.id,
            kind="GRANT",
            staff_id=STAFF[2],
            institution_id=places[kept.path].id if kept.path else None,
            valid_from=START,
            state="PROPOSED",
            proposed_by_id=STAFF[0],
            proposed_person_id=STAFF[0],
            proposed_at=START,
        )
        for kept in bank.proposals
    )
