"""The cards of the demo bank: staged by the desk's own acts, cut off anywhere and gone on with, and left to be tried."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from api.commands.demo import found, load_bank
from api.commands.printing import Watched
from api.commands.running import House
from authz import Action, Policy
from desk.desk import Desk, adopt
from desk.selection import Page, Selection
from desk.stock.ledger import standings
from examples.demo.at_work import CHENG, CHENGDU_CENTRE, GE, HE, JIAN, LIN, MIANYANG_CENTRE, PAN, QIN, ZHAO
from examples.demo.cast import CARD_STAFF, SIGN_INS
from examples.demo.custody import stage_custody
from examples.demo.holders import ASKING, HOLDER
from models.cards import Card, CardBack
from models.movements import Signature, StockMovement
from models.orders import CardOrder
from models.people import Staff
from models.segments import NumberSegment
from models.stocktakes import Stocktake
from models.trail import AccessRecord
from tests.api.house import settings
from tests.conftest import NOW
from tests.digest import changed, digest

CUSTOMERS = 200


class CutOff(Exception):
    """The power went."""


class Staged(House):
    """The house on a day after the demo's figures. It may be told to break off when somebody sits down."""

    patience: int | None = None

    @property
    def now(self) -> dt.datetime:
        return NOW

    async def desk(self, number: str) -> Desk:
        if Staged.patience is not None:
            if Staged.patience == 0:
                raise CutOff
            Staged.patience -= 1
        return await super().desk(number)


@pytest.fixture
async def house(db: str, policy: Policy, tmp_path: Path) -> Staged:
    """The demo bank as it is before there are cards; its files lie in `tmp_path`."""
    await adopt(policy)
    Staged.patience = None
    there = Staged(settings(db), policy)
    await found(there)
    with Watched() as watched:
        await load_bank(there, tmp_path, CUSTOMERS, watched)
    return there


def quiet(label: str, done: int, total: int) -> None:
    pass


async def waiting(house: Staged, who: str, table: str, action: Action) -> list[dict]:
    inbox = Selection(table, columns=("state",), awaiting=action, page=Page(first=10))
    return (await (await house.desk(who)).read(inbox)).rows


async def test_the_cards_are_staged_wherever_the_demo_was_cut_off(house: Staged, tmp_path: Path) -> None:
    """Each time one person more sits down before it is cut off: within a step as well as between two."""
    for more in range(200):
        Staged.patience = more
        try:
            await stage_custody(house.desk, tmp_path, quiet)
        except CutOff:
            continue
        break
    Staged.patience = None
    assert more > 20

    # The books, and that they agree.
    found = await standings(await house.desk(PAN))
    told = {one.institution["code"]: one.cells for one in found}
    assert [difference for one in found for difference in one.differences()] == []
    assert {code: (cells["in_stock"], cells["quota"]) for code, cells in told.items()} == {
        "510000": (9490, None),
        CHENGDU_CENTRE: (299, 2000),
        MIANYANG_CENTRE: (0, 1000),
    }
    assert (told["510000"]["spoiled"], told[CHENGDU_CENTRE]["issued"]) == (10, 1)
    assert told[MIANYANG_CENTRE]["on_the_way"] == 200
    orders = await CardOrder.all().order_by("number").values_list("quantity", "amount", "state")
    assert orders == [(10_000, 11_500_00, "RECEIVED"), (2_000, 2_300_00, "DRAFT")]
    assert await NumberSegment.all().count() == 3
    assert await Stocktake.all().values_list("kind", "state") == [("MONTHLY", "CLOSED")]
    cards = await Card.all().order_by("customer__number").values_list("customer__number", "state")
    assert cards == [(HOLDER, "ISSUED"), (ASKING, "REQUESTED")]
    assert (await CardBack.get()).number == "1010000010000004"

    # What is posted was signed by two.
    for movement in await StockMovement.filter(state="POSTED"):
        steps = await Signature.filter(movement_id=movement.id, voided_at=None).values_list(
            "step", "person_id"
        )
        assert sorted(step for step, _ in steps) == ["COUNTERSIGN", "SIGN"]
        assert len({person for _, person in steps}) == 2

    # What waits, and for whom.
    assert [(await waiting(house, who, "stock_movement", action)) != [] for who, action in (
        (HE, Action.SIGN), (JIAN, Action.COUNTERSIGN), (GE, Action.PROPOSE),
        (QIN, Action.SIGN), (ZHAO, Action.COUNTERSIGN), (HE, Action.PROPOSE),
    )] == [True, True, True, False, False, False]  # fmt: skip
    assert len(await waiting(house, HE, "card", Action.ISSUE)) == 1
    assert len(await waiting(house, PAN, "card_order", Action.APPROVE)) == 1

    # Repeated, it changes nothing, and leaves no more in the trail than what it has looked at.
    before = await digest()
    await stage_custody(house.desk, tmp_path, quiet)
    assert changed(before, await digest()).keys() <= {"access_record"}


async def test_nothing_of_it_was_refused_and_all_of_it_has_a_person(house: Staged, tmp_path: Path) -> None:
    await stage_custody(house.desk, tmp_path, quiet)
    assert await AccessRecord.filter(decision="REFUSE").count() == 0
    countersigned = AccessRecord.filter(operation="countersignStockMovement")
    persons = set(await countersigned.values_list("staff_id", flat=True))
    assert persons == {(await Staff.get(number=number)).id for number in (JIAN, ZHAO)}


async def test_who_has_cards_in_his_charge_can_sign_in() -> None:
    assert {QIN, JIAN, PAN, GE, HE, ZHAO, LIN, CHENG} <= {member.number for member in SIGN_INS}
    assert {member.number for member in CARD_STAFF} == {f"S1000{last}" for last in range(19, 26)}
