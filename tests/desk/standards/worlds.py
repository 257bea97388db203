"""Small worlds of accounts, loans and spend as plain data, a way to store them, and Hypothesis to draw them."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from hypothesis import strategies as st

from models.accounts import Account, Balance, Loan, LoanStanding, Spend
from models.customers import Customer
from models.indicators import IndicatorFigure
from models.institutions import Institution
from models.reference import ExchangeRate

THEN = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
IMPORT = UUID("00000000-0000-4000-8000-0000000000ee")
_serials = itertools.count(1_000)


@dataclass
class AccountOf:
    """`rows` are current balances by day, `replaced` are superseded ones. Minor units."""

    currency: str = "CNY"
    kind: str | None = "DAY_END"
    opened_on: dt.date = dt.date(2010, 1, 1)
    closed_on: dt.date | None = None
    rows: dict[dt.date, int] = field(default_factory=dict)
    replaced: dict[dt.date, int] = field(default_factory=dict)
    spend: dict[tuple[dt.date, str], int] = field(default_factory=dict)
    replaced_spend: dict[tuple[dt.date, str], int] = field(default_factory=dict)


Standing = tuple[int, str, int]
"""Outstanding, class, overdue."""


@dataclass
class LoanOf:
    currency: str = "CNY"
    granted_on: dt.date = dt.date(2020, 1, 1)
    standings: dict[dt.date, Standing] = field(default_factory=dict)
    replaced: dict[dt.date, Standing] = field(default_factory=dict)


@dataclass
class CustomerOf:
    """`figures` are current figures of indicators by code and day, `replaced_figures` are superseded ones."""

    accounts: list[AccountOf] = field(default_factory=list)
    loans: list[LoanOf] = field(default_factory=list)
    figures: dict[tuple[str, dt.date], tuple[str, int]] = field(default_factory=dict)
    replaced_figures: dict[tuple[str, dt.date], tuple[str, int]] = field(default_factory=dict)


async def branch(number: int = 1, path: str | None = None, level: str = "TIER2") -> Institution:
    found = await Institution.get_or_none(number=number)
    return found or await Institution.create(
        number=number,
        code=f"I{number}",
        name=f"Branch {number}",
        level=level,
        kind="BRANCH",
        path=path or f"/{number}/",
        acting_path=path or f"/{number}/",
    )


async def store(customer: CustomerOf, owner: Institution) -> UUID:
    """Put a customer into the open database. Returns his id."""
    row = await Customer.create(
        number=f"K{next(_serials)}",
        name="周明",
        identity_kind="OTHER",
        identity_cipher=b"x",
        identity_mask="*",
        identity_index=uuid4().hex,
        opened_on=dt.date(2010, 1, 1),
        owner=owner,
        owner_path=owner.path,
    )
    for account in customer.accounts:
        await store_account(account, row.id, owner)
    for loan in customer.loans:
        await _store_loan(loan, row.id, owner)
    await store_figures(customer, row.id)
    return row.id


async def store_figures(customer: CustomerOf, customer_id: UUID) -> None:
    await IndicatorFigure.bulk_create(
        IndicatorFigure(
            indicator_code=code,
            customer_id=customer_id,
            as_of=day,
            currency=currency,
            amount=amount,
            **_stamp(replaced),
        )
        for figures, replaced in ((customer.figures, False), (customer.replaced_figures, True))
        for (code, day), (currency, amount) in figures.items()
    )


async def store_account(account: AccountOf, customer_id: UUID, place: Institution) -> int:
    serial = next(_serials)
    await Account.create(
        number_cipher=b"x",
        number_mask="*",
        number_index=uuid4().hex,
        customer_id=customer_id,
        institution=place,
        kind="SAVINGS",
        currency=account.currency,
        opened_on=account.opened_on,
        closed_on=account.closed_on,
        balance_kind=account.kind,
        serial=serial,
    )
    await Balance.bulk_create(
        Balance(
            account_serial=serial, kind=account.kind or "DAY_END", day=day, amount=amount, **_stamp(replaced)
        )
        for rows, replaced in ((account.rows, False), (account.replaced, True))
        for day, amount in rows.items()
    )
    await Spend.bulk_create(
        Spend(account_serial=serial, month=month, kind=kind, amount=amount, **_stamp(replaced))
        for rows, replaced in ((account.spend, False), (account.replaced_spend, True))
        for (month, kind), amount in rows.items()
    )
    return serial


async def _store_loan(loan: LoanOf, customer_id: UUID, place: Institution) -> None:
    row = await Loan.create(
        number=uuid4().hex,
        customer_id=customer_id,
        institution=place,
        currency=loan.currency,
        granted_on=loan.granted_on,
        principal=10_000_000_00,
        term_months=240,
    )
    await LoanStanding.bulk_create(
        LoanStanding(
            loan_id=row.id,
            as_of=day,
            outstanding=outstanding,
            classification=grade,
            overdue=overdue,
            **_stamp(replaced),
        )
        for rows, replaced in ((loan.standings, False), (loan.replaced, True))
        for day, (outstanding, grade, overdue) in rows.items()
    )


def _stamp(replaced: bool) -> dict[str, object]:
    return {"import_id": IMPORT, "recorded_at": THEN, "superseded_at": THEN if replaced else None}


async def publish(day: dt.date, currency: str, quote: str, rate: str, unit: int = 1) -> None:
    await ExchangeRate.create(
        published_on=day,
        currency=currency,
        unit=unit,
        quote_currency=quote,
        rate=rate,
        import_id=IMPORT,
        recorded_at=THEN,
    )


FIRST, LAST = dt.date(2022, 9, 1), dt.date(2024, 12, 31)


def quotes() -> list[tuple[dt.date, str, int, str, str]]:
    """Published on working days: USD direct, JPY inverse per 100, HKD through EUR with days that lack one leg."""
    found: list[tuple[dt.date, str, int, str, str]] = []
    day, n = FIRST - dt.timedelta(days=60), 0
    while day <= LAST:
        if day.weekday() < 5:
            n += 1
            found.append((day, "USD", 100, "CNY", f"{700 + n % 37}.{n % 100:02d}"))
            found.append((day, "CNY", 1, "JPY", f"{19 + n % 3}.{n % 1000:03d}"))
            found.append((day, "EUR", 1, "CNY", f"7.{n % 10_000:04d}"))
            if n % 3:
                found.append((day, "EUR", 1, "HKD", f"8.{n % 997:03d}"))
        day += dt.timedelta(days=1)
    return found


async def publish_all() -> None:
    await ExchangeRate.bulk_create(
        ExchangeRate(
            published_on=day,
            currency=currency,
            unit=unit,
            quote_currency=quote,
            rate=rate,
            import_id=IMPORT,
            recorded_at=THEN,
        )
        for day, currency, unit, quote, rate in quotes()
    )


CURRENCIES = st.sampled_from(("CNY", "CNY", "USD", "JPY", "HKD"))
AMOUNTS = st.one_of(
    st.integers(-1_000_000, 1_000_000),
    st.integers(0, 10**13),
    st.sampled_from((0, 1, 49_999_999, 50_000_000, 50_000_001)),
)
_MONTH_ENDS = st.sampled_from(
    [
        dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        for year in (2022, 2023, 2024)
        for month in range(1, 13)
        if FIRST <= dt.date(year, month, 1) <= LAST
    ]
)
_MONTHS = st.sampled_from(
    [
        dt.date(year, month, 1)
        for year in (2022, 2023, 2024)
        for month in range(1, 13)
        if FIRST <= dt.date(year, month, 1) <= LAST
    ]
)
_DAYS = st.one_of(st.dates(FIRST, LAST), _MONTH_ENDS, _MONTHS)
AS_OF = st.one_of(st.dates(dt.date(2023, 11, 1), LAST), _MONTH_ENDS.filter(lambda day: day.year >= 2024))
_SPEND = st.dictionaries(st.tuples(_MONTHS, st.sampled_from(("card", "cash", "gift"))), AMOUNTS, max_size=8)
_GRADES = st.sampled_from(("NORMAL", "NORMAL", "NORMAL", "SPECIAL_MENTION", "LOSS"))
_STANDINGS = st.dictionaries(
    _DAYS, st.tuples(st.integers(0, 10**10), _GRADES, st.sampled_from((0, 0, 0, 0, 1, 500))), max_size=6
)


@st.composite
def accounts(draw: st.DrawFn) -> AccountOf:
    kind = draw(st.sampled_from(("DAY_END", "DAY_END", "DAY_END", "MONTH_AVERAGE", None)))
    opened = draw(st.one_of(st.just(dt.date(2010, 1, 1)), _DAYS))
    closed = draw(st.one_of(st.none(), st.none(), st.integers(0, 500)))
    days = _DAYS if kind == "DAY_END" else _MONTH_ENDS
    rows = {} if kind is None else draw(st.dictionaries(days, AMOUNTS, max_size=14))
    if kind == "MONTH_AVERAGE" and draw(st.booleans()):
        rows = {end: draw(AMOUNTS) for end in _MONTH_ENDS.elements}
    return AccountOf(
        currency=draw(CURRENCIES),
        kind=kind,
        opened_on=opened,
        closed_on=None if closed is None else opened + dt.timedelta(days=closed),
        rows=rows,
        replaced={} if kind is None else draw(st.dictionaries(days, AMOUNTS, max_size=3)),
        spend=draw(_SPEND),
        replaced_spend=draw(st.dictionaries(st.tuples(_MONTHS, st.just("card")), AMOUNTS, max_size=2)),
    )


@st.composite
def loans(draw: st.DrawFn) -> LoanOf:
    return LoanOf(
        currency=draw(CURRENCIES),
        granted_on=draw(_DAYS),
        standings=draw(_STANDINGS),
        replaced=draw(st.dictionaries(_DAYS, st.just((77, "LOSS", 5)), max_size=2)),
    )


CUSTOMERS = st.builds(
    CustomerOf,
    accounts=st.lists(accounts(), min_size=1, max_size=3),
    loans=st.lists(loans(), max_size=2),
)
