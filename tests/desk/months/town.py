"""More customers for the small bank, each with what a month looks at: savings, a manager, a membership, an invitation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from models.accounts import Account, AccountHolder, Balance
from models.customers import Customer, ManagerAssignment
from models.invitations import Invitation
from models.membership import Consent, Membership, Registration
from models.months import WorkItem
from models.standards import Criterion, Standard
from models.vault import mask_account, vault
from tests.cast import IMPORT, START, Cast, customer_fields, sealed

AS_OF = dt.date(2026, 10, 31)
"""The month that the bank's clock (2026-11-25) has behind it."""
ENOUGH, NEAR, FAR = 500_000_00, 499_999_99, 100_000_00
BRANCH_ENOUGH = 200_000_00


@dataclass(slots=True)
class Town:
    """`people["C000123"]` is a customer made here. Those of the cast have savings enough as well."""

    bank: Cast
    people: dict[str, Customer] = field(default_factory=dict)

    async def settle(
        self, savings: int | None, *, owner: str = "CD", manager: str | None = "lin", kind: str = "DAY_END"
    ) -> Customer:
        """A customer with one account, on which so much has lain for years; None: nobody knows how much."""
        number = 100 + len(self.people)
        place = self.bank.places[owner]
        customer = await Customer.create(
            number=f"C{number:06}",
            name="某某",
            opened_on=dt.date(2015, 1, 1),
            owner=place,
            owner_path=place.path,
            tier1_id=place.parent_id,
            tier2_id=place.id,
            **customer_fields(f"c{number}", f"TOWN-{number}", "OTHER"),
        )
        self.people[customer.number] = customer
        if manager is not None:
            await ManagerAssignment.create(
                customer=customer, manager=self.bank.staff[manager], valid_from=START, recorded_at=START
            )
        await self._account(number, customer, savings)
        return customer

    async def _account(self, number: int, customer: Customer, savings: int | None) -> None:
        text, row_id = f"621700{number:013}", uuid4()
        account = await Account.create(
            id=row_id,
            serial=number,
            customer=customer,
            institution_id=customer.owner_id,
            kind="SAVINGS",
            currency="CNY",
            opened_on=dt.date(2015, 1, 1),
            balance_kind="MONTH_AVERAGE" if savings is None else "DAY_END",
            number_cipher=sealed("account", "number_cipher", row_id, text),
            number_mask=mask_account(text),
            number_index=vault().index("account", text),
        )
        await AccountHolder.create(account=account, customer=customer, role="OWNER")
        if savings is not None:
            await Balance.create(
                account_serial=number,
                kind="DAY_END",
                day=dt.date(2025, 1, 1),
                amount=savings,
                import_id=IMPORT,
                recorded_at=START,
            )

    async def member(
        self,
        customer: Customer,
        *,
        ends: dt.date = dt.date(2028, 6, 30),
        state: str = "ACTIVE",
        tier: str = "HEAD_OFFICE",
        **more: Any,
    ) -> Membership:
        """A membership as it stands after years, with the form and the consent that it began with."""
        signed = {"valid_from": START, "recorded_at": START}
        consent = await Consent.create(
            customer=customer, kind="VOLUNTARY", form="WRITTEN", document="b", notice_version="1", **signed
        )
        registration = await Registration.create(
            customer=customer,
            manager=self.bank.staff["lin"],
            consent=consent,
            centre=self.bank.places["CDW"],
            servicing=self.bank.places["CDW"],
            registered_at=START,
            registered_by_id=self.bank.staff["lin"].id,
            recorded_at=START,
        )
        told: dict[str, Any] = {"tier": tier, "filing_id": uuid4(), "term_starts": dt.date(2026, 1, 1)}
        return await Membership.create(
            customer=customer, registration=registration, state=state, term_ends=ends, **told | more
        )

    async def declined(self, customer: Customer, on: dt.date) -> Invitation:
        at = dt.datetime(on.year, on.month, on.day, 4, tzinfo=dt.UTC)
        return await Invitation.create(
            customer=customer,
            channel="telephone",
            state="DECLINED",
            invited_at=at,
            invited_by_id=self.bank.staff["lin"].id,
            recorded_at=at,
            answered_at=at,
            words="no, thank you",
        )

    async def branch_standard(self, owner: str = "SC", threshold: int = BRANCH_ENOUGH) -> Standard:
        """A tier-1 branch's own standard, law since 2020 (Art. 8)."""
        standard = await Standard.create(
            code=f"{owner}-OWN",
            version=1,
            name=owner,
            tier="BRANCH",
            owner=self.bank.places[owner],
            currency="CNY",
            combine="ANY",
            averaging_rule="daily_12",
            spend_kinds="card",
            loan_look_back_months=24,
            source="test",
            state="APPROVED",
            effective_from=dt.date(2020, 1, 1),
        )
        await Criterion.create(standard=standard, kind="AVERAGE_SAVINGS", threshold=threshold)
        return standard


async def listed(**of: Any) -> dict[str, list[tuple[str, str | None]]]:
    """Of each customer's number, the kinds and tiers of his items."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for item in await WorkItem.filter(**of).prefetch_related("customer").order_by("kind"):
        found.setdefault(item.customer.number, []).append((item.kind, item.tier))
    return found
