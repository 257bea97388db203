"""Finding: people name things by number and code; the row behind a name is looked up through the gate, as that person."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from uuid import UUID

from desk.desk import Desk
from desk.selection import AllOf, Condition, Op, Order, Page, Selection
from models.errors import BadInput
from models.serials import TIERS

PAGE = 100


class NoSuch(BadInput):
    """No such thing, or not for this person's eyes."""

    code = "NOT_FOUND"


async def institution(desk: Desk, code: str) -> UUID:
    return await _one(desk, "institution", "code", code, "institution with the code")


async def staff(desk: Desk, number: str) -> UUID:
    return await _one(desk, "staff", "number", number, "person with the staff number")


async def customer(desk: Desk, number: str) -> UUID:
    return await _one(desk, "customer", "number", number, "customer with the number")


async def campaign(desk: Desk, code: str) -> UUID:
    return await _one(desk, "campaign", "code", code, "campaign with the code")


async def card_order(desk: Desk, number: str) -> dict[str, Any]:
    """Id and version of an order: an act is on what it is now."""
    return await _row(desk, "card_order", "number", number, "card order with the number", ("version",))


async def manufacturer(desk: Desk, code: str) -> UUID:
    return await _one(desk, "manufacturer", "code", code, "manufacturer with the code")


async def card_product(desk: Desk, begins: str) -> UUID:
    """By the three digits with which its numbers begin: level and design."""
    tier, design = TIERS.get(begins[:1]), begins[1:]
    found = await desk.read(
        Selection(
            "card_product",
            where=AllOf((Condition("tier", Op.EQ, str(tier)), Condition("design", Op.EQ, design))),
            page=Page(first=1),
        )
    )
    if tier is None or not found.rows:
        raise NoSuch(f"No cards begin with {begins}. See: python -m api cards products")
    return UUID(str(found.rows[0]["id"]))


async def standard(desk: Desk, code: str, version: int | None) -> UUID:
    """A version of a standard; the newest when none is given."""
    found = await rows(
        desk,
        Selection(
            "standard",
            columns=("version",),
            where=Condition("code", Op.EQ, code),
            order=(Order("version", descending=True),),
        ),
    )
    for row in found:
        if version in (None, row["version"]):
            return UUID(str(row["id"]))
    wanted = f"version {version} of the standard {code}" if version else f"standard {code}"
    raise NoSuch(f"There is no {wanted}. See: python -m api standard list")


async def only(
    desk: Desk, table: str, what: str, *, newest: str, columns: tuple[str, ...] = (), **equal: Any
) -> dict[str, Any]:
    """The newest row whose columns have these values, with the columns named. NOT_FOUND when there is none."""
    found = await desk.read(
        Selection(
            table,
            columns=columns,
            where=AllOf(tuple(Condition(name, Op.EQ, value) for name, value in equal.items())),
            order=(Order(newest, descending=True),),
            page=Page(first=1),
        )
    )
    if not found.rows:
        raise NoSuch(f"There is no {what} that {desk.sitter.number} may see.")
    return found.rows[0]


async def rows(desk: Desk, selection: Selection) -> list[dict[str, Any]]:
    """All rows of a Selection, page by page."""
    return [row async for row in paged(desk, selection)]


async def paged(desk: Desk, selection: Selection) -> AsyncGenerator[dict[str, Any]]:
    """The rows of a Selection as they come, a hundred at a time: that is how much one read may ask."""
    after: str | None = None
    while True:
        answer = await desk.read(replace(selection, page=Page(first=PAGE, after=after)))
        for row in answer.rows:
            yield row
        if not answer.has_next:
            return
        after = answer.rows[-1]["cursor"]


async def _one(desk: Desk, table: str, column: str, value: str, what: str) -> UUID:
    found: UUID = (await _row(desk, table, column, value, what))["id"]
    return found


async def _row(
    desk: Desk, table: str, column: str, value: str, what: str, columns: tuple[str, ...] = ()
) -> dict[str, Any]:
    answer = await desk.read(
        Selection(table, columns=columns, where=Condition(column, Op.EQ, value), page=Page(first=1))
    )
    if not answer.rows:
        raise NoSuch(f"There is no {what} {value} that {desk.sitter.number} may see. Check the number.")
    return answer.rows[0]
