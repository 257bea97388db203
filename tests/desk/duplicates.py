"""A customer who is in the books twice, and what two people do about it; a fixture and helpers for tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from authz import Policy
from desk.dialect import connection
from desk.merges import (
    decide_customer_merge,
    decide_customer_split,
    propose_customer_merge,
    propose_customer_split,
)
from desk.selection import Page, Selection
from models.accounts import Account, AccountHolder, Loan
from models.customers import Customer, ManagerAssignment
from models.indicators import IndicatorFigure
from models.merges import CustomerMerge
from models.people import Assignment, Recusal
from models.vault import mask_account, vault
from tests.cast import IMPORT, START, Cast, customer_fields, sealed, staff_member
from tests.story import Story

PASSPORT = "P7654321"


async def account(customer: Customer, place: Any, serial: int) -> Account:
    row_id, text = uuid4(), f"62170000100000001{serial:02}"
    row = await Account.create(
        id=row_id,
        serial=serial,
        customer=customer,
        institution=place,
        kind="SAVINGS",
        currency="CNY",
        opened_on=dt.date(2018, 1, 1),
        balance_kind="DAY_END",
        number_cipher=sealed("account", "number_cipher", row_id, text),
        number_mask=mask_account(text),
        number_index=vault().index("account", text),
    )
    await AccountHolder.create(account=row, customer=customer, role="OWNER")
    return row


async def figure(customer: Customer, amount: int, day: dt.date) -> IndicatorFigure:
    return await IndicatorFigure.create(
        indicator_code="SALARY",
        customer=customer,
        as_of=day,
        currency="CNY",
        amount=amount,
        recorded_at=START,
        import_id=IMPORT,
    )


@dataclass
class Twins:
    """Zhou came a second time, with his passport: another account and loan, and Lin's colleague Luo serves him."""

    bank: Cast
    story: Story
    kept: Customer
    gone: Customer

    async def propose(self, who: str = "han", **said: Any) -> CustomerMerge:
        told = {"kept_id": self.kept.id, "gone_id": self.gone.id, "reason": "same face, same birthday"}
        return await propose_customer_merge(await self.story.desk(who), **told | said)

    async def decide(self, merge: CustomerMerge, who: str = "wu", **said: Any) -> CustomerMerge:
        told = {"merge_id": merge.id, "version": merge.version, "approved": True}
        return await decide_customer_merge(await self.story.desk(who), **told | said)

    async def merged(self) -> CustomerMerge:
        return await self.decide(await self.propose())

    async def propose_split(self, merge: CustomerMerge, who: str = "han", **said: Any) -> CustomerMerge:
        told = {"merge_id": merge.id, "version": merge.version, "reason": "they are brothers"}
        return await propose_customer_split(await self.story.desk(who), **told | said)

    async def split(self, merge: CustomerMerge, who: str = "wu", **said: Any) -> CustomerMerge:
        told = {"merge_id": merge.id, "version": merge.version, "approved": True}
        return await decide_customer_split(await self.story.desk(who), **told | said)


async def twins_of(bank: Cast, policy: Policy) -> Twins:
    place = bank.places["CD"]
    gone = await Customer.create(
        number="C000009",
        name="周明",
        opened_on=dt.date(2018, 1, 1),
        owner=place,
        owner_path=place.path,
        tier1_id=place.parent_id,
        tier2_id=place.id,
        **customer_fields("zhou2", PASSPORT, "PASSPORT"),
    )
    bank.customers["twin"] = gone
    kept = bank.customers["zhou"]
    await ManagerAssignment.create(
        customer=gone, manager=bank.staff["luo"], valid_from=START, recorded_at=START
    )
    bank.accounts["twin"] = await account(gone, bank.places["MY"], 9)
    # Both hold one another's account, and a third one of Qian.
    await AccountHolder.create(account=bank.accounts["twin"], customer=kept, role="DISPONENT")
    await AccountHolder.create(account=bank.accounts["zhou"], customer=gone, role="JOINT")
    await AccountHolder.create(account=bank.accounts["qian"], customer=gone, role="JOINT")
    await Loan.create(
        number="L9", customer=gone, institution=place, currency="CNY", granted_on=dt.date(2024, 1, 1),
        principal=1_00, term_months=12,
    )  # fmt: skip
    october, september = dt.date(2026, 10, 31), dt.date(2026, 9, 30)
    await figure(kept, 100, october)
    await figure(gone, 200, october)
    await figure(gone, 300, september)
    for who, of in (("bo", gone), ("mei", gone), ("mei", kept)):
        await Recusal.create(
            person_id=bank.staff[who].person_id, customer_id=of.id, relation="SIBLING", recorded_at=START
        )
    return Twins(bank, Story(bank, policy), kept, gone)


async def dump(*tables: str) -> dict[str, list[str]]:
    found = {}
    for table in tables:
        rows = await connection().execute_query_dict(f'SELECT * FROM "{table}"')
        found[table] = sorted(repr(sorted(dict(row).items())) for row in rows)
    return found


PASSING = ("account", "account_holder", "indicator_figure", "loan", "recusal", "customer", "balance", "spend")
MADE = ("evaluation", "filing", "registration", "membership", "archive", "consent", "ownership")


async def numbers(desk) -> list[str]:
    return [
        row["number"]
        for row in (await desk.read(Selection("customer", ("number",), page=Page(first=99)))).rows
    ]


async def owned(model: Any, customer: Customer) -> int:
    return await model.filter(customer_id=customer.id).count()


async def second_post(twins: Twins, of: str, role: str, place: str = "CD") -> None:
    staff = await staff_member("second", "第二", await twins.bank.staff[of].person)
    twins.bank.staff["second"] = staff
    await Assignment.create(
        staff=staff, role=role, institution=twins.bank.places[place], department="PERSONAL_BANKING",
        valid_from=START, recorded_at=START,
    )  # fmt: skip
