"""Dividing numbers in tests: who gives is named, and what is ordinary is filled in."""

from __future__ import annotations

from typing import Any

from desk.desk import Desk
from desk.segments import divide, issuer_of, withdraw
from models.institutions import Institution
from models.segments import NumberSegment
from tests.custody import Custody


async def given(
    custody: Custody, first: int | str, last: int | str, to: str = "SC", who: str = "officer", **said: Any
) -> NumberSegment:
    """Numbers that nobody holds yet, by head office."""
    told = {
        "institution_id": custody.place(to).id,
        "first": str(first),
        "last": str(last),
        "product_id": custody.product.id,
    }
    return await divide(await custody.desk(who), **told | said)


async def part(
    custody: Custody,
    of: NumberSegment,
    first: int,
    last: int,
    to: str = "CD",
    who: str = "pan",
    **said: Any,
) -> NumberSegment:
    """A part of a segment, by an officer of its holder."""
    told = {
        "institution_id": custody.place(to).id,
        "first": str(first),
        "last": str(last),
        "segment_id": of.id,
    }
    return await divide(await custody.desk(who), **told | said)


async def line(custody: Custody) -> tuple[NumberSegment, NumberSegment, NumberSegment]:
    """0 to 9,999 for Sichuan, of it 1,000 to 4,999 for Chengdu, of it 2,000 to 2,999 for its centre."""
    top = await given(custody, 0, 9_999)
    branch = await part(custody, top, 1_000, 4_999)
    return top, branch, await part(custody, branch, 2_000, 2_999, to="CDW", who="wu")


async def taken_back(custody: Custody, segment: NumberSegment, who: str = "pan") -> NumberSegment:
    return await withdraw(await custody.desk(who), segment_id=segment.id)


async def issuer(desk: Desk, custody: Custody, serial: int) -> tuple[str, str | None]:
    """By what, and the code of the institution."""
    found = await issuer_of(desk, custody.product.number(serial))
    place = await Institution.get_or_none(id=found.institution_id) if found.institution_id else None
    return found.basis.value, place.code if place else None


async def held() -> list[tuple[int, int, int]]:
    rows = await NumberSegment.filter(withdrawn_at__isnull=True).order_by("depth", "first_serial")
    return [(row.depth, row.first_serial, row.last_serial) for row in rows]
