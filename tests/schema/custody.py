"""Card custody in the small bank with a whole history, from the order to the cutting: a value of its own in every row.

The cards of Zhou and Qian come from Sichuan to Chengdu's centre, Feng's from Jiangsu to Nanjing's. Each has a product.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authz import Role
from models.designations import Designation
from models.institutions import Institution, SupervisionLine
from models.orders import CardOrder
from models.people import Staff
from models.products import CardPrice, CardProduct, Manufacturer
from models.quotas import StockQuota
from models.segments import NumberSegment
from models.serials import LAST_SERIAL
from models.stock import StockAccount, StockDay, StockHolding
from tests.cast import START
from tests.custody import DUTIES, LINES, PAIRS, designate, line, person
from tests.schema.custody_books import moved
from tests.schema.custody_of_cards import cards
from tests.schema.custody_of_lists import lists

if TYPE_CHECKING:
    from tests.schema.whole import Whole

MORE = (("mo", "莫库", Role.CARD_CUSTODIAN, "JS"), ("bian", "边严", Role.CARD_SUPERVISOR, "JS"))
KEEPERS = {"SC": ("ku", "jian"), "JS": ("mo", "bian"), "CDW": ("he", "zhao"), "NJW": ("qi", "yue")}
"""Who keeps the cards, and his supervisor."""
STAFF = tuple(name for name, *_ in (*PAIRS, *MORE))
ABOVE = {"CDW": ("SC", "CD"), "NJW": ("JS", "NJ")}
"""Where a centre's cards come from, and the branch that it acts for."""


@dataclass
class Lot:
    """One customer's product: where its cards lie, who keeps them, and the first number of his thousand."""

    whole: Whole
    who: str
    digit: int
    word: str
    product: CardProduct
    branch: Institution
    centre: Institution
    teller: Institution
    """Where cards are reported."""
    at: dt.datetime
    kept: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Texts that only this lot brings, by who reads them (expected.READERS); and NUMBERS on cards, to ask for."""

    @property
    def first(self) -> int:
        return self.digit * 111_111_000

    @property
    def now(self) -> dt.datetime:
        return self.whole.cast.now

    def staff(self, key: str) -> Staff:
        return self.whole.cast.staff[key]

    def keepers(self, place: Institution) -> tuple[Staff, Staff]:
        keeper, checker = KEEPERS[place.code]
        return self.staff(keeper), self.staff(checker)

    def serial(self, offset: int) -> str:
        return f"{self.first + offset:012}"

    def add(self, row: Any, name: str = "") -> None:
        """Rows that are not the only ones of their table have a name more."""
        self.whole.ids.setdefault(row._meta.db_table, {})[f"{self.who} {name}".strip()] = row.id

    def tell(self, reader: str, *texts: str) -> None:
        self.kept[reader] += texts

    async def moved(
        self, kind: str, place: Institution, *lines: tuple[int, int, str, str], name: str = "", **more: Any
    ) -> Any:
        """Lines are offsets into his thousand, with what the cards were and become."""
        shifted = [(self.first + one, self.first + two, was, is_) for one, two, was, is_ in lines]
        made = await moved(kind, place, self.product, self.keepers(place), *shifted, **{"at": self.at} | more)
        self.add(made, name)
        return made


async def custody(whole: Whole, who: str, digit: int, word: str, centre: str) -> None:
    """All of it for one customer. The first one brings the people."""
    if "ku" not in whole.cast.staff:
        await _people(whole)
    cast = whole.cast
    branch, _ = ABOVE[centre]
    product = await CardProduct.create(
        tier="HEAD_OFFICE", design=f"7{digit}", name=f"卡{word}", created_at=START
    )
    lot = Lot(
        whole, who, digit, word, product, cast.places[branch], cast.places[centre],
        cast.places["CDO" if centre == "CDW" else "NJ"], cast.now - dt.timedelta(days=20 + digit),
    )  # fmt: skip
    whole.kept[who] = lot.kept
    for row, name in ((product, ""), (lot.branch, "above"), (lot.centre, "centre")):
        lot.add(row, name)
    lot.tell("NUMBERS", *(product.number(lot.first + one) for one in (100, 101, 102, 199, 205, 220, 500)))
    await _law(lot)
    await _stock(lot)
    await cards(lot)
    await lists(lot)


async def _people(whole: Whole) -> None:
    bank = whole.cast
    for name, called, role, place in (*PAIRS, *MORE):
        bank.staff[name] = await person(bank, name, called, role, place)
    for supervisor, custodian in (*LINES, ("bian", "mo")):
        await line(bank, supervisor, custodian)
    for name, place in (*DUTIES, ("mo", "JS")):
        for duty in ("ORDER", "STOCK"):
            await designate(bank, name, place, duty)


async def _law(lot: Lot) -> None:
    """Who makes the cards and for what, whose the numbers are, who is named, and how many he may keep."""
    maker = await Manufacturer.create(code=f"MAKER{lot.digit}", name=f"卡厂{lot.word}", created_at=START)
    price = await CardPrice.create(
        manufacturer=maker, currency="CNY", unit_price=115 + lot.digit, effective_from=START.date(), recorded_at=START,
    )  # fmt: skip
    officer = lot.staff("officer").id
    common: dict[str, Any] = {"product": lot.product, "divided_at": START, "divided_by_id": officer}
    # Every number is in a segment, so that whose it is does not turn on where it lies.
    whole = await NumberSegment.create(
        first_serial=0, last_serial=LAST_SERIAL, institution=lot.branch, depth=0, **common
    )
    segment = await NumberSegment.create(
        first_serial=lot.first, last_serial=lot.first + 999, institution=lot.centre, depth=1, parent=whole, **common
    )  # fmt: skip
    keeper, checker = lot.keepers(lot.centre)
    duty = await Designation.get(staff_id=keeper.id, duty="STOCK")
    supervision = await SupervisionLine.get(staff_id=keeper.id, supervisor_id=checker.id)
    for place, reader in ((lot.branch, "BRANCH"), (lot.centre, "CENTRE")):
        quota = await StockQuota.create(
            institution=place, product=lot.product, quantity=1000 * lot.digit, reason=f"quota {place.code} {lot.word}",
            set_at=START, set_by_id=officer,
        )  # fmt: skip
        lot.add(quota, "" if place is lot.centre else "above")
        lot.tell(reader, quota.reason)
    lot.add(whole, "whole")
    for row in (maker, price, segment, duty, supervision):
        lot.add(row)
    await _order(lot, maker, price)


async def _order(lot: Lot, maker: Manufacturer, price: CardPrice) -> None:
    """Zhou's is settled, of Qian's a part has come, Feng's is placed."""
    keeper, boss = lot.keepers(lot.branch)[0], lot.staff("officer")
    state = {"zhou": "SETTLED", "qian": "PART_RECEIVED", "feng": "PLACED"}[lot.who]
    settled = {
        "settled_at": lot.at, "settled_by_id": boss.id, "invoice_number": f"INV-{lot.word}",
        "invoiced": 400 * price.unit_price, "short_reason": f"short {lot.word}",
    }  # fmt: skip
    order = await CardOrder.create(
        institution=lot.branch, product=lot.product, manufacturer=maker, number=f"ORD-{lot.word}", quantity=500,
        currency="CNY", unit_price=price.unit_price, amount=500 * price.unit_price, state=state, version=3,
        reason=f"order {lot.word}", received=410, defective=10, drafted_at=lot.at, drafted_by_id=keeper.id,
        drafted_person_id=keeper.person_id, approved_at=lot.at, approved_by_id=boss.id, approved_person_id=boss.person_id,
        placed_at=lot.at, placed_by_id=keeper.id, **(settled if state == "SETTLED" else {}),
    )  # fmt: skip
    lot.add(order)
    lot.tell("BRANCH", order.number, order.reason, *([f"INV-{lot.word}"] if state == "SETTLED" else []))


async def _stock(lot: Lot) -> None:
    """410 come to the branch, of which 100 go to the centre and 20 are under way there; ten are to be destroyed."""
    order = lot.whole.ids["card_order"][lot.who]
    receipt = await lot.moved(
        "RECEIPT", lot.branch, (100, 499, "", "IN_STOCK"), (500, 509, "", "SPOILED"), order_id=order, name="receipt",
        reason=f"receipt {lot.word}",
    )  # fmt: skip
    away: dict[str, Any] = {"other_id": lot.centre.id}
    come: dict[str, Any] = {"other_id": lot.branch.id}
    sent = await lot.moved(
        "ALLOCATE_OUT", lot.branch, (100, 199, "IN_STOCK", "IN_TRANSIT"), name="sent", **away
    )
    taken = await lot.moved(
        "ALLOCATE_IN",
        lot.centre,
        (100, 199, "IN_TRANSIT", "IN_STOCK"),
        source_id=sent.id,
        name="taken in",
        **come,
    )
    under_way = await lot.moved(
        "ALLOCATE_OUT", lot.branch, (200, 219, "IN_STOCK", "IN_TRANSIT"), name="under way", **away
    )
    await lot.moved(
        "ALLOCATE_IN", lot.centre, source_id=under_way.id, state="DRAFT", quantity=20, name="waiting", **come
    )
    await lot.moved("ADJUST", lot.branch, (500, 509, "SPOILED", "TO_DESTROY"), name="set aside")
    lot.tell("BRANCH", f"receipt {lot.word}", lot.serial(219), lot.serial(220))
    lot.tell("CENTRE", lot.serial(102))
    lost = 1 if lot.who == "zhou" else 0
    cut = 6 if lot.who == "zhou" else 0
    card = "reserved" if lot.who == "qian" else "issued"
    await _books(
        lot,
        lot.branch,
        400,
        120,
        received=410,
        went_out=100,
        in_transit=20,
        to_destroy=10 - cut,
        destroyed=cut,
    )
    await _books(lot, lot.centre, 101, 2 + lost, came_in=100, missing=lost, **{card: 1})
    for place, low, high, state, movement, more in (
        (lot.branch, 220, 499, "IN_STOCK", receipt, {}),
        (
            lot.branch,
            200,
            219,
            "IN_TRANSIT",
            under_way,
            {"to_institution_id": lot.centre.id, "was": "IN_STOCK"},
        ),
        (lot.branch, 500, 505, "DESTROYED" if cut else "TO_DESTROY", receipt, {}),
        (lot.branch, 506, 509, "TO_DESTROY", receipt, {}),
        (lot.centre, 100, 100, "IN_STOCK", taken, {}),
        (lot.centre, 101, 101, card.upper(), taken, {}),
        (lot.centre, 102, 198, "IN_STOCK", taken, {}),
        (lot.centre, 199, 199, "MISSING" if lost else "IN_STOCK", taken, {}),
    ):
        holding = await StockHolding.create(
            product=lot.product, institution=place, first_serial=lot.first + low, last_serial=lot.first + high,
            quantity=high - low + 1, state=state, movement_id=movement.id, since=lot.at, **more,
        )  # fmt: skip
        lot.add(holding, {220: "above", 200: "under way", 102: ""}.get(low, str(low)))


async def _books(lot: Lot, place: Institution, came: int, went: int, **counts: Any) -> None:
    account = await StockAccount.create(
        institution=place, product=lot.product, in_stock=came - went, counted_on=lot.at.date(), **counts
    )
    day = await StockDay.create(
        institution=place, product=lot.product, day=lot.at.date(), opening=0, came_in=came, went_out=went,
        closing=came - went, movements=4,
    )  # fmt: skip
    for row in (account, day):
        lot.add(row, "" if place is lot.centre else "above")
