"""The people of the demo at work: each sits down by his staff number, and things are named by code and number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from desk.desk import Desk
from desk.stock.signing import countersign, sign
from examples.demo.places import CHENGDU
from models.custody import MovementState
from models.institutions import Institution
from models.movements import StockMovement
from models.people import Staff
from models.products import CardProduct
from models.vocabulary import Tier

Sit = Callable[[str], Awaitable[Desk]]
"""Sits a person down by staff number, now."""

LIN, HE, ZHAO, LUO, CHENG = "S100001", "S100003", "S100004", "S100007", "S100013"
QIN, JIAN, PAN, GE = "S100019", "S100020", "S100021", "S100022"
SICHUAN, CHENGDU_CENTRE, MIANYANG_CENTRE = "510000", f"{CHENGDU}W", "510700W"
FIRST: Final = 1_000_000
"""The first serial that the factory delivers."""


async def place(code: str) -> UUID:
    return (await Institution.get(code=code)).id


async def staff(number: str) -> UUID:
    return (await Staff.get(number=number)).id


async def product(tier: Tier = Tier.HEAD_OFFICE) -> CardProduct:
    return await CardProduct.get(tier=tier, design="01")


async def signed(sit: Sit, movement: StockMovement, custodian: str) -> StockMovement:
    """Signed by the custodian, unless that was done."""
    if movement.state != MovementState.DRAFT:
        return movement
    return await sign(await sit(custodian), movement_id=movement.id, version=movement.version)


async def posted(sit: Sit, movement: StockMovement, custodian: str, supervisor: str) -> None:
    """Signed by the custodian and countersigned by his supervisor, as far as that was not done."""
    waiting = await signed(sit, movement, custodian)
    if waiting.state == MovementState.SIGNED:
        await countersign(await sit(supervisor), movement_id=waiting.id, version=waiting.version)
