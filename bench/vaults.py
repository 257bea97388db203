"""A bank that keeps cards: one branch that orders them, so many below it that issue them, and what their people do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from authz import Policy, Role
from desk.actors import Sitter, sit
from desk.cards.handing_out import hand_out_card
from desk.cards.issuing import draft_card_issue
from desk.cards.requesting import request_card
from desk.desk import Desk
from desk.stock import receiving, signing, transfers
from models.custody import OrderState
from models.customers import Customer, ManagerAssignment
from models.designations import Designation
from models.institutions import Institution, SupervisionLine
from models.membership import Consent, Membership, Registration
from models.movements import StockMovement
from models.orders import CardOrder
from models.people import Assignment, Person, Staff
from models.products import CardProduct, Manufacturer
from models.quotas import StockQuota
from models.vault import identity_text, vault
from models.vocabulary import IdentityKind, InstitutionKind, Level, Tier

NOW = dt.datetime(2026, 2, 3, 2, 0, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
DATED: dict[str, Any] = {"valid_from": LONG_AGO, "recorded_at": LONG_AGO}
AT_ONCE = 400


class Numbers(NamedTuple):
    """As the graph's input hands them in."""

    first: str
    last: str


@dataclass(slots=True)
class Branch:
    place: Institution
    custodian: Staff
    supervisor: Staff
    manager: Staff
    customers: list[Customer] = field(default_factory=list)


@dataclass(slots=True)
class Vaults:
    policy: Policy
    top: Branch
    below: list[Branch]
    product: CardProduct
    sitters: dict[UUID, Sitter] = field(default_factory=dict)

    @classmethod
    async def begin(cls, policy: Policy, institutions: int, customers: int) -> Vaults:
        """So many members for each institution below."""
        product = await CardProduct.get(tier=Tier.HEAD_OFFICE)
        head = await _place(1, "HQ", Level.HEAD_OFFICE, None)
        top = await _branch(await _place(2, "T1", Level.TIER1, head))
        below = []
        for n in range(institutions):
            branch = await _branch(await _place(n + 3, f"B{n}", Level.TIER2, top.place))
            await StockQuota.create(
                institution_id=branch.place.id, product_id=product.id, quantity=1_000_000, reason="bench",
                set_at=LONG_AGO, set_by_id=top.supervisor.id,
            )  # fmt: skip
            branch.customers = await _members(branch, customers)
            below.append(branch)
        return cls(policy, top, below, product)

    async def _desk(self, who: Staff) -> Desk:
        """Warm, as the server keeps it from one request to the next (ADR 0019). Every act asks whether it still holds."""
        sitter = self.sitters.get(who.id)
        if sitter is None:
            sitter = self.sitters[who.id] = await sit(who.id, NOW)
        return Desk(self.policy, sitter, NOW)

    async def _signed(self, movement: StockMovement, at: Branch) -> None:
        signed = await signing.sign(
            await self._desk(at.custodian), movement_id=movement.id, version=movement.version
        )
        await signing.countersign(
            await self._desk(at.supervisor), movement_id=signed.id, version=signed.version
        )

    async def receive(self, ranges: Sequence[tuple[int, int]]) -> None:
        """In one list, for an order of just as many."""
        many = sum(last - first + 1 for first, last in ranges)
        order = await CardOrder.create(
            institution_id=self.top.place.id,
            product_id=self.product.id,
            manufacturer=await Manufacturer.get(code="TJHQ"),
            number=f"BENCH-{uuid4().hex[:12]}",
            quantity=many,
            currency="CNY",
            unit_price=115,
            amount=many * 115,
            state=OrderState.PLACED,
            reason="bench",
            drafted_at=NOW,
            drafted_by_id=self.top.custodian.id,
            drafted_person_id=self.top.custodian.person_id,
            approved_at=NOW,
            approved_by_id=self.top.supervisor.id,
            approved_person_id=self.top.supervisor.person_id,
        )
        desk = await self._desk(self.top.custodian)
        movement = await receiving.draft_receipt(desk, order_id=order.id, ranges=_listed(ranges))
        await self._signed(movement, self.top)

    async def allot(self, at: int, first: int, last: int) -> None:
        """Out of the top's stock and into a branch's, by four persons."""
        branch, listed = self.below[at], _listed([(first, last)])
        sent = await transfers.draft_allocation(
            await self._desk(self.top.custodian),
            institution_id=self.top.place.id,
            to_id=branch.place.id,
            product_id=self.product.id,
            ranges=listed,
        )
        await self._signed(sent, self.top)
        waiting = await StockMovement.get(source_id=sent.id)
        counted = await transfers.list_arrival(
            await self._desk(branch.custodian), movement_id=waiting.id, version=waiting.version, ranges=listed
        )
        await self._signed(counted, branch)

    async def issue(self, at: int, turn: int, serial: int) -> None:
        """To a member of the branch: requested, signed out by two, handed out."""
        branch = self.below[at]
        customer = branch.customers[turn]
        manager = await self._desk(branch.manager)
        card = await request_card(
            manager,
            customer_id=customer.id,
            issuer_id=branch.place.id,
            form_number="F-1",
            form_signed_on=manager.today,
        )
        card = await draft_card_issue(
            await self._desk(branch.custodian),
            card_id=card.id,
            version=card.version,
            number=self.product.number(serial),
        )
        await self._signed(await StockMovement.get(card_id=card.id), branch)
        await hand_out_card(
            await self._desk(branch.custodian),
            card_id=card.id,
            version=card.version + 1,
            identity_kind=IdentityKind.OTHER,
            identity_number=customer.number,
            manager_phone="028-86667777",
            customer_signed_on=manager.today,
        )


def _listed(ranges: Sequence[tuple[int, int]]) -> list[Numbers]:
    return [Numbers(f"{first:012}", f"{last:012}") for first, last in ranges]


async def _place(number: int, code: str, level: Level, parent: Institution | None) -> Institution:
    place = Institution(number=number, code=code, name=code, level=level, kind=InstitutionKind.BRANCH)
    place.place_under(parent)
    await place.save()
    return place


async def _branch(place: Institution) -> Branch:
    staff = {
        role: await _person(f"{place.code}-{role}", role, place)
        for role in (Role.CARD_CUSTODIAN, Role.CARD_SUPERVISOR, Role.CUST_MGR)
    }
    keeper, supervisor = staff[Role.CARD_CUSTODIAN], staff[Role.CARD_SUPERVISOR]
    await Designation.create(staff=keeper, institution=place, duty="STOCK", reason="bench", **DATED)
    await SupervisionLine.create(supervisor_id=supervisor.id, staff_id=keeper.id, **DATED)
    return Branch(place, keeper, supervisor, staff[Role.CUST_MGR])


async def _person(number: str, role: Role, place: Institution) -> Staff:
    person = await Person.create(
        identity_kind="OTHER", identity_cipher=b"x", identity_mask="*", identity_index=number
    )
    staff = await Staff.create(number=number, name=number, person=person)
    await Assignment.create(
        staff=staff, role=role, institution=place, department="PERSONAL_BANKING", full_time=True, **DATED
    )
    return staff


async def _members(branch: Branch, many: int) -> list[Customer]:
    """Customers of the branch who were filed long ago, each with the branch's manager."""
    place, manager = branch.place, branch.manager
    customers = [
        Customer(
            number=(number := f"{place.code}C{n:06}"),
            name="客户",
            identity_kind="OTHER",
            identity_cipher=b"x",
            identity_mask="*",
            identity_index=vault().index("identity", identity_text("OTHER", number)),
            opened_on=LONG_AGO.date(),
            owner_id=place.id,
            owner_path=place.path,
        )
        for n in range(many)
    ]
    consents = [
        Consent(
            customer_id=one.id, kind="VOLUNTARY", form="WRITTEN", document="b", notice_version="1", **DATED
        )
        for one in customers
    ]
    registrations = [
        Registration(
            customer_id=consent.customer_id, manager_id=manager.id, consent_id=consent.id, centre_id=place.id,
            servicing_id=place.id, registered_at=LONG_AGO, registered_by_id=manager.id, recorded_at=LONG_AGO,
        )
        for consent in consents
    ]  # fmt: skip
    memberships = [
        Membership(
            customer_id=one.customer_id, registration_id=one.id, state="ACTIVE", tier=Tier.HEAD_OFFICE, filing_id=uuid4(),
            term_starts=dt.date(2025, 6, 1), term_ends=dt.date(2027, 6, 1),
        )
        for one in registrations
    ]  # fmt: skip
    served = [
        ManagerAssignment(
            customer_id=one.id, manager_id=manager.id, valid_from=LONG_AGO, recorded_at=LONG_AGO
        )
        for one in customers
    ]
    written: tuple[list[Any], ...] = (customers, consents, registrations, memberships, served)
    for rows in written:
        await type(rows[0]).bulk_create(rows, batch_size=AT_ONCE)
    return customers
