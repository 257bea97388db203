"""More customers for the whole bank, each with accounts, figures and papers of his own; the same in every run."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID, uuid5

from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, TransactionLine
from models.cards import Card, CardEvent
from models.customers import Customer, ManagerAssignment
from models.filing import Filing
from models.membership import Consent, Membership, Registration
from models.products import CardProduct
from models.standards import Evaluation
from models.vault import mask_account, vault
from tests.cast import IMPORT, START, customer_fields
from tests.schema.whole import Whole

SPACE = UUID("00000000-0000-4000-8000-00000000c0de")
FAMILY, GIVEN = "赵钱孙李周吴", ("一", "二", "三", "四五")


def row_id(*words: object) -> UUID:
    return uuid5(SPACE, repr(words))


async def crowd(whole: Whole, place: str, managers: tuple[str, ...], count: int) -> list[Customer]:
    """`count` customers of a branch, served by the managers in turn."""
    rng = random.Random(place)
    customers = await _customers(whole, place, count, rng)
    await ManagerAssignment.bulk_create(
        ManagerAssignment(
            id=row_id("served", one.number),
            customer_id=one.id,
            manager_id=whole.cast.staff[managers[n % len(managers)]].id,
            valid_from=START,
            recorded_at=START,
        )
        for n, one in enumerate(customers)
    )
    await _accounts(whole, place, customers, rng)
    await _loans(whole, place, customers, rng)
    await _papers(customers, whole, rng)
    return customers


async def _customers(whole: Whole, code: str, count: int, rng: random.Random) -> list[Customer]:
    place = whole.cast.places[code]
    made = []
    for n in range(count):
        told = customer_fields("crowd", f"{code}{n:08}", "PASSPORT")
        made.append(
            Customer(
                number=f"{code}{n:05}",
                name=rng.choice(FAMILY) + rng.choice(GIVEN),
                gender=rng.choice(["MALE", "FEMALE", None]),
                birth_date=dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(15_000)),
                opened_on=dt.date(2016, 1, 1) + dt.timedelta(days=rng.randrange(5)),
                owner_id=place.id,
                owner_path=place.path,
                tier1_id=place.parent_id,
                tier2_id=place.id,
                **told,
            )
        )
    await Customer.bulk_create(made)
    return made


async def _accounts(whole: Whole, code: str, customers: list[Customer], rng: random.Random) -> None:
    place = whole.cast.places[code]
    first = 100 + 1000 * place.number
    accounts, holders, balances, lines = [], [], [], []
    common: dict[str, Any] = {"import_id": IMPORT, "recorded_at": START}
    for n, one in enumerate(customers, start=first):
        account_id, text = row_id("account", n), f"62179999{n:011}"
        account = Account(
            id=account_id,
            serial=n,
            customer_id=one.id,
            institution_id=place.id,
            kind=rng.choice(["SAVINGS", "CARD"]),
            currency="CNY",
            opened_on=dt.date(2016, 1, 1),
            number_cipher=vault().seal("account", "number_cipher", account_id, text),
            number_mask=mask_account(text),
            number_index=vault().index("account", text),
        )
        accounts.append(account)
        holders.append(
            AccountHolder(id=row_id("holder", n), account_id=account_id, customer_id=one.id, role="OWNER")
        )
        amount = rng.randrange(1, 900_000_00)
        balances.append(
            Balance(account_serial=n, kind="DAY_END", day=dt.date(2025, 1, 1), amount=amount, **common)
        )
        lines += [
            TransactionLine(
                account_serial=n,
                reference=f"T{line}",
                day=dt.date(2026, 10, rng.randrange(1, 28)),
                direction="DEBIT",
                kind="card",
                amount=rng.randrange(1, 9_000_00),
                **common,
            )
            for line in range(3)
        ]
    await Account.bulk_create(accounts)
    await AccountHolder.bulk_create(holders)
    await Balance.bulk_create(balances)
    await TransactionLine.bulk_create(lines)


async def _loans(whole: Whole, code: str, customers: list[Customer], rng: random.Random) -> None:
    place = whole.cast.places[code]
    loans = [
        Loan(
            id=row_id("loan", one.number),
            number=f"N-{one.number}",
            customer_id=one.id,
            institution_id=place.id,
            currency="CNY",
            granted_on=dt.date(2024, 1, 1),
            principal=rng.randrange(1, 900_000_00),
            term_months=12,
        )
        for one in customers
    ]
    await Loan.bulk_create(loans)
    await LoanStanding.bulk_create(
        LoanStanding(
            loan_id=loan.id,
            as_of=dt.date(2026, 10, 31),
            outstanding=loan.principal - 1,
            classification="NORMAL",
            import_id=IMPORT,
            recorded_at=START,
        )
        for loan in loans
    )


async def _papers(customers: list[Customer], whole: Whole, rng: random.Random) -> None:
    """An evaluation, an application and a filing on record, as Zhou has them."""
    zhou = whole.cast.customers["zhou"]
    consent, form = await Consent.get(customer_id=zhou.id), await Registration.get(customer_id=zhou.id)
    filing = await Filing.get(customer_id=zhou.id, state="RECORDED")
    pattern = await Evaluation.get(customer_id=zhou.id)
    evaluations, forms, memberships, filings = [], [], [], []
    for one in customers:
        savings = rng.choice([60_000_00, 500_000_00, 500_000_01, 1_500_000_00]) + rng.randrange(100)
        seen = like(pattern, id=row_id("seen", one.number), customer_id=one.id, average_savings=savings)
        seen.loan_balance, seen.spend = rng.randrange(9_000_000_00), rng.randrange(900_000_00)
        seen.borderline, seen.passed = rng.random() < 0.5, rng.random() < 0.7
        paper = like(form, id=row_id("form", one.number), customer_id=one.id, consent_id=consent.id)
        member = Membership(
            id=row_id("member", one.number), customer_id=one.id, registration_id=paper.id, state="FILING",
            tier=rng.choice(["HEAD_OFFICE", "BRANCH"]),
        )  # fmt: skip
        filings.append(
            like(
                filing,
                id=row_id("filing", one.number),
                customer_id=one.id,
                membership_id=member.id,
                evaluation_id=seen.id,
                filing_number=f"M-{one.number}",
            )
        )
        evaluations.append(seen)
        forms.append(paper)
        memberships.append(member)
    await Evaluation.bulk_create(evaluations)
    await Registration.bulk_create(forms)
    await Membership.bulk_create(memberships)
    await Filing.bulk_create(filings)
    await _cards(memberships, whole)


async def _cards(memberships: list[Membership], whole: Whole) -> None:
    """A card of before, which has run out, with a word about it."""
    pattern = await Card.get(id=whole.ids["card"]["zhou"])
    product = await CardProduct.get(id=pattern.product_id)
    cards, events = [], []
    for one in memberships:
        serial = 300_000_000_000 + row_id("serial", one.id).int % 10**11
        card = like(
            pattern, id=row_id("card", one.id), customer_id=one.customer_id, membership_id=one.id, state="EXPIRED",
            serial=serial, number=product.number(serial), form_number=f"C-{serial}", over_at=START,
        )  # fmt: skip
        cards.append(card)
        events.append(
            CardEvent(
                id=row_id("card event", one.id), card_id=card.id, customer_id=one.customer_id, state="EXPIRED", version=1,
                at=START, recorded_at=START, reason=f"over {serial}",
            )
        )  # fmt: skip
    await Card.bulk_create(cards)
    await CardEvent.bulk_create(events)


def like(row: Any, **changed: Any) -> Any:
    """A new row with the same cells, but for some."""
    told = {name: getattr(row, name) for name in row._meta.db_fields if name != "id"}
    return type(row)(**told | changed)
