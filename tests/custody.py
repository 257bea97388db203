"""Card custody, told step by step: Ku orders for Sichuan and receives with Jian; He takes in at the centre with Zhao."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from authz import Policy, Role
from desk.desk import Desk
from desk.stock import correcting, receiving, reversing, signing, transfers
from models.custody import OrderState, StockDuty, StockState
from models.designations import Designation
from models.institutions import Institution, SupervisionLine
from models.movements import StockMovement
from models.orders import CardOrder
from models.people import Assignment, Staff
from models.products import CardProduct, Manufacturer
from models.quotas import StockQuota
from models.stock import StockAccount, StockHolding
from models.vocabulary import Department
from tests.cast import START, Cast, staff_member

PAIRS = (
    ("ku", "顾库", Role.CARD_CUSTODIAN, "SC"),
    ("jian", "简正", Role.CARD_SUPERVISOR, "SC"),
    ("pan", "潘宁", Role.PB_OFFICER, "SC"),
    ("zhang", "章计", Role.PARTNER_HEAD, "SC"),
    ("qi", "齐保", Role.CARD_CUSTODIAN, "NJW"),
    ("yue", "岳峰", Role.CARD_SUPERVISOR, "NJW"),
)
LINES = (("zhao", "he"), ("jian", "ku"), ("yue", "qi"))
DUTIES = (("ku", "SC"), ("he", "CDW"), ("qi", "NJW"))


class Span(NamedTuple):
    """What a person lists, as the graph's input hands it in."""

    first: str
    last: str | None = None


def spans(*ranges: tuple[int, int]) -> list[Span]:
    return [Span(str(first), str(last)) for first, last in ranges]


@dataclass(slots=True)
class Custody:
    """`bank` is the named cast with two more pairs. Acts take the person by name and fill in what is ordinary."""

    bank: Cast
    policy: Policy
    products: dict[str, CardProduct] = field(default_factory=dict)

    @classmethod
    async def begin(cls, bank: Cast, policy: Policy) -> Custody:
        """Pairs with their lines, designated persons, and quotas that are in nobody's way."""
        begun = cls(bank, policy)
        begun.products = {product.tier: product for product in await CardProduct.all()}
        for name, called, role, place in PAIRS:
            bank.staff[name] = await person(bank, name, called, role, place)
        for supervisor, custodian in LINES:
            await line(bank, supervisor, custodian)
        for name, place in DUTIES:
            for duty in StockDuty:
                await designate(bank, name, place, duty)
        for place in ("CD", "CDW", "NJW"):
            await begun.quota(place, 1_000_000, at=START)
        return begun

    @property
    def product(self) -> CardProduct:
        return self.products["HEAD_OFFICE"]

    def place(self, code: str) -> Institution:
        return self.bank.places[code]

    async def desk(self, who: str, now: dt.datetime | None = None) -> Desk:
        return await Desk.take(self.policy, self.bank.staff[who].id, now or self.bank.now)

    async def quota(
        self, place: str, quantity: int, product: CardProduct | None = None, at: dt.datetime | None = None
    ) -> StockQuota:
        return await StockQuota.create(
            institution_id=self.place(place).id,
            product_id=(product or self.product).id,
            quantity=quantity,
            reason="yearly plan",
            set_at=at or self.bank.now,
            set_by_id=self.bank.staff["pan"].id,
        )

    async def order(self, quantity: int = 10_000, place: str = "SC", **said: Any) -> CardOrder:
        """One that is placed already."""
        maker, approver = self.bank.staff["ku"], self.bank.staff["pan"]
        told: dict[str, Any] = {
            "institution_id": self.place(place).id,
            "product_id": self.product.id,
            "manufacturer": await Manufacturer.get(code="TJHQ"),
            "number": f"ORD-{uuid4().hex[:12]}",
            "quantity": quantity,
            "currency": "CNY",
            "unit_price": 115,
            "amount": quantity * 115,
            "state": OrderState.PLACED,
            "reason": "yearly plan",
            "drafted_at": self.bank.now,
            "drafted_by_id": maker.id,
            "drafted_person_id": maker.person_id,
            "approved_at": self.bank.now,
            "approved_by_id": approver.id,
            "approved_person_id": approver.person_id,
        }
        return await CardOrder.create(**told | said)

    async def receipt(
        self, order: CardOrder, *ranges: tuple[int, int], who: str = "ku", **said: Any
    ) -> StockMovement:
        return await receiving.draft_receipt(
            await self.desk(who), order_id=order.id, ranges=spans(*ranges), **said
        )

    async def allocation(
        self, *ranges: tuple[int, int], who: str = "ku", place: str = "SC", to: str = "CDW", **said: Any
    ) -> StockMovement:
        return await transfers.draft_allocation(
            await self.desk(who),
            institution_id=self.place(place).id,
            to_id=self.place(to).id,
            product_id=self.product.id,
            ranges=spans(*ranges),
            **said,
        )

    async def arrival(self, sent: StockMovement) -> StockMovement:
        """What waits at the receiver's."""
        return await StockMovement.get(source_id=sent.id, kind="ALLOCATE_IN")

    async def counted(
        self, sent: StockMovement, *ranges: tuple[int, int], who: str = "he", **said: Any
    ) -> StockMovement:
        waiting = await self.arrival(sent)
        told = {"movement_id": waiting.id, "version": waiting.version, "ranges": spans(*ranges)}
        return await transfers.list_arrival(await self.desk(who), **told | said)

    async def change(
        self,
        *ranges: tuple[int, int],
        was: StockState = StockState.IN_STOCK,
        becomes: StockState = StockState.SPOILED,
        who: str = "ku",
        place: str = "SC",
        **said: Any,
    ) -> StockMovement:
        told = {
            "institution_id": self.place(place).id,
            "product_id": self.product.id,
            "ranges": spans(*ranges),
            "from_state": was,
            "to_state": becomes,
            "reason": "corners bent",
        }
        return await correcting.draft_change(await self.desk(who), **told | said)

    async def reversal(self, posted: StockMovement, who: str = "ku", **said: Any) -> StockMovement:
        told = {"movement_id": posted.id, "reason": "wrong list"}
        return await reversing.draft_reversal(await self.desk(who), **told | said)

    async def sign(self, movement: StockMovement, who: str = "ku", **said: Any) -> StockMovement:
        told = {"movement_id": movement.id, "version": movement.version}
        return await signing.sign(await self.desk(who), **told | said)

    async def countersign(self, movement: StockMovement, who: str = "jian", **said: Any) -> StockMovement:
        told = {"movement_id": movement.id, "version": movement.version}
        return await signing.countersign(await self.desk(who), **told | said)

    async def posted(self, movement: StockMovement, by: tuple[str, str] = ("ku", "jian")) -> StockMovement:
        return await self.countersign(await self.sign(movement, by[0]), by[1])

    async def stocked(self, *ranges: tuple[int, int], quantity: int = 1_000_000) -> StockMovement:
        """Cards that Sichuan has received."""
        return await self.posted(await self.receipt(await self.order(quantity), *ranges))

    async def sent(self, *ranges: tuple[int, int], to: str = "CDW", **said: Any) -> StockMovement:
        return await self.posted(await self.allocation(*ranges, to=to, **said))

    async def arrived(
        self, *ranges: tuple[int, int], to: str = "CDW", by: tuple[str, str] = ("he", "zhao")
    ) -> StockMovement:
        """From Sichuan's stock into that of a centre, by four persons."""
        sent = await self.sent(*ranges, to=to)
        return await self.posted(await self.counted(sent, *ranges, who=by[0]), by)

    async def account(self, place: str = "SC", product: CardProduct | None = None) -> StockAccount:
        return await StockAccount.get(
            institution_id=self.place(place).id, product_id=(product or self.product).id
        )

    async def lying(self, place: str | None = None) -> list[tuple[str, int, int]]:
        """State, first and last of every holding, of one institution if named."""
        rows = StockHolding.filter(institution_id=self.place(place).id) if place else StockHolding.all()
        return [(row.state, row.first_serial, row.last_serial) for row in await rows.order_by("first_serial")]


async def person(bank: Cast, name: str, called: str, role: Role, place: str) -> Staff:
    """Somebody more at an institution."""
    staff = await staff_member(name, called)
    await post(bank, staff, role, place)
    return staff


async def post(bank: Cast, staff: Staff, role: Role, place: str) -> Assignment:
    department = Department.OPERATIONS if role is Role.PARTNER_HEAD else Department.PERSONAL_BANKING
    return await Assignment.create(
        staff=staff,
        role=role,
        institution=bank.places[place],
        department=department,
        valid_from=START,
        recorded_at=START,
    )


async def line(bank: Cast, supervisor: str, custodian: str) -> None:
    told = {"supervisor_id": bank.staff[supervisor].id, "staff_id": bank.staff[custodian].id}
    if not await SupervisionLine.exists(**told):
        await SupervisionLine.create(**told, valid_from=START, recorded_at=START)


async def designate(
    bank: Cast, who: str, place: str, duty: StockDuty = StockDuty.STOCK, until: dt.datetime | None = None
) -> Designation:
    return await Designation.create(
        staff=bank.staff[who],
        institution=bank.places[place],
        duty=duty,
        valid_from=START,
        valid_to=until,
        recorded_at=START,
        reason="named by the head",
    )
