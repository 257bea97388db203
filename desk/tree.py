"""The tree of institutions while it changes: who holds it still, and every row that spells out its paths."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from desk.actors import HOUSE_ID
from desk.desk import Desk
from desk.dialect import Statement, fetch, is_postgres
from desk.errors import Stale
from models.cases import Case
from models.customers import Customer
from models.exceptions import ExceptionCase
from models.filing import Filing
from models.institutions import FILING_LEVELS, House, Institution, Placement
from models.paths import stands_under
from models.standards import Screening
from models.vocabulary import Level

CASES: tuple[type[Filing | ExceptionCase], ...] = (Filing, ExceptionCase)
"""What is before an office of the tree to be decided."""
UNDECIDED = Case.OPEN


async def hold_tree(desk: Desk) -> None:
    """Keep the tree as it is until the act ends. For acts that write down a path, or compare two of them.

    After the act has locked staff, before it locks anything else, so that no two acts wait in a circle. Stale, so
    that the act begins again, when the tree has just changed.
    """
    s = Statement(is_postgres())
    share = " FOR SHARE" if s.postgres else ""
    rows = await fetch(s, f"SELECT h.tree_epoch FROM house h WHERE h.id = {s.bind(HOUSE_ID)}{share}")
    if rows[0]["tree_epoch"] != desk.sitter.tree_epoch:
        raise Stale


async def take_tree(desk: Desk) -> None:
    """Have the tree for this act alone, and make every view of the old one stale. No `desk.open` after it."""
    if not await House.tree_changed(desk.sitter.tree_epoch):
        raise Stale


async def subtree(top: Institution) -> list[Institution]:
    """The institution and all below it, parents first, locked in the order of their keys."""
    below = Institution.filter(path__gte=top.path, path__lt=top.path[:-1] + "0")
    await below.order_by("id").select_for_update(no_key=True)
    return await below.order_by("path")


class Line:
    """The line of command above and at a path, as the tree is now."""

    def __init__(self, places: Iterable[Institution]) -> None:
        self._by_number = {place.number: place for place in places}

    @classmethod
    async def of_house(cls) -> Line:
        return cls(await Institution.all())

    def of(self, path: str) -> list[Institution]:
        return [self._by_number[int(number)] for number in path.strip("/").split("/")]

    def tiers(self, path: str) -> tuple[UUID | None, UUID | None]:
        """The tier-1 and the tier-2 branch in the line, which customers carry beside the path."""
        found = {place.level: place.id for place in self.of(path) if place.may_own}
        return found.get(Level.TIER1), found.get(Level.TIER2)

    def office_like(self, level: str, path: str) -> Institution:
        """Where in the line a case belongs that was with an office of this level: there, or nearest above."""
        offices = [place for place in self.of(path) if place.may_own and place.level in FILING_LEVELS]
        alike = [place for place in offices if place.level == level]
        return (alike or offices)[-1]


async def rewrite(desk: Desk, moved: list[Institution], *, at: dt.datetime, reason: str) -> None:
    """Write the new paths of moved institutions (parents first, placed already) wherever they are spelt out.

    The trail keeps the paths of its own day: who looked then, looked from there.
    """
    old = {place.id: place.path for place in await Institution.filter(id__in=[it.id for it in moved])}
    for place in moved:
        await place.save(update_fields=["parent_id", "path", "acting_path"])
        await Placement.create(
            institution_id=place.id,
            parent_id=place.parent_id,
            path=place.path,
            valid_from=at,
            recorded_at=desk.now,
            recorded_by_id=desk.staff_id,
            reason=reason,
        )
    line = await Line.of_house()
    for place in moved:
        if place.may_own:
            tier1_id, tier2_id = line.tiers(place.path)
            await Customer.filter(owner_id=place.id).update(
                owner_path=place.path, tier1_id=tier1_id, tier2_id=tier2_id
            )
        for cases in CASES:
            await cases.filter(submitted_to_id=place.id).update(submitted_to_path=place.path)
        await Screening.filter(scope_path=old[place.id]).update(scope_path=place.path)
    await redirect_cases(line, [place.id for place in moved if place.may_own])


async def redirect_cases(line: Line, owner_ids: list[UUID]) -> None:
    """Undecided filings and exceptions of these branches' customers leave an office that is no longer above them.

    The office of the same level in the new line has them before it; what was submitted has changed, so it can
    only return them (`must_still_say`). Left where they were, a stranger would go on seeing the evidence.
    """
    where = {"state": UNDECIDED, "customer__owner_id__in": owner_ids}
    undecided: list[Filing | ExceptionCase] = [
        *await Filing.filter(**where).prefetch_related("customer", "submitted_to"),
        *await ExceptionCase.filter(**where).prefetch_related("customer", "submitted_to"),
    ]
    for case in sorted(undecided, key=lambda case: str(case.id)):
        if not stands_under(case.customer.owner_path, case.submitted_to.path):
            office = line.office_like(case.submitted_to.level, case.customer.owner_path)
            case.submitted_to_id, case.submitted_to_path = office.id, office.path
            await case.save(update_fields=["submitted_to_id", "submitted_to_path"])
