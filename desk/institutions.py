"""Institutions: head office moves one under another parent, or merges one into another, at one stroke."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tortoise.expressions import Subquery

from authz import Action, Role
from desk.acts import act
from desk.cards.requesting import CardUnderWay
from desk.desk import Desk
from desk.people.given import open_after, reason_of, until_now
from desk.people.handover import must_strand_nobody, stranded
from desk.stock.charge import must_keep_nothing
from desk.tree import CASES, UNDECIDED, Line, redirect_cases, rewrite, subtree, take_tree
from models.accounts import Account, Loan
from models.archives import Archive
from models.cards import UNDER_WAY, Card
from models.customers import Customer, Ownership
from models.errors import BadInput
from models.institutions import Institution, Placement
from models.membership import Registration
from models.people import Assignment


@act("moveInstitution", Institution)
async def move_institution(
    desk: Desk,
    *,
    institution_id: UUID,
    parent_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Institution:
    """Head office hangs an institution, with all below it, under another parent. Every path changes at once.

    The tree's epoch rises, so every view of the old tree is stale with the next read of every worker. `at` says
    since when it stands there, up to now. MOVE_INTO_ITSELF, NOT_BELOW, ALREADY_THERE, INSTITUTION_MERGED, NOT_YET;
    HANDOVER_REQUIRED when a centre would take managers away from their customers' branch; CARD_UNDER_WAY when it would
    take cards away from them.
    """
    place = await desk.open(Institution, institution_id, Action.MOVE)
    parent = await desk.open(Institution, parent_id)
    since, why = until_now(at, desk.now), reason_of(reason)
    await _must_follow(place, since)
    await take_tree(desk)
    moved = await subtree(place)
    managers = await _managers_at(moved)
    before = await stranded(managers, desk.now)
    place = moved[0]
    await _must_issue_nothing(place)
    place.move_under(parent)
    _place_below(moved, place)
    await rewrite(desk, moved, at=since, reason=why)
    must_strand_nobody(before, await stranded(managers, desk.now))
    return place


async def _must_issue_nothing(place: Institution) -> None:
    """A centre goes to another branch without the customers of this one: what it is about to hand them would be stuck."""
    if not place.may_own and await Card.filter(issuer_id=place.id, state__in=UNDER_WAY).exists():
        raise CardUnderWay(
            f"Cards for customers of its present branch are under way at {place.name}. Have them handed out, or cancelled and "
            "taken in, first."
        )


@act("mergeInstitutions", Institution)
async def merge_institutions(
    desk: Desk,
    *,
    from_id: UUID,
    into_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Institution:
    """Head office lets one institution go over into another of the same kind and level; the other one is returned.

    Customers, accounts, loans, staff, undecided filings and exceptions, archives and everything below pass to it in
    this moment; what was decided stays where it was decided, and a standard of its own judges nobody any more. Takes
    effect like a move. MOVE_INTO_ITSELF, MERGE_NEEDS_EQUALS, INSTITUTION_MERGED, NOT_YET; STOCK_NOT_HANDED_OVER while cards
    lie there or are on the way to or from it, SIGNED_MOVEMENTS_OPEN while a list of cards waits for its second signature;
    HANDOVER_REQUIRED when managers would be taken away from their customers' branch.
    """
    place = await desk.open(Institution, from_id, Action.MERGE)
    into = await desk.open(Institution, into_id, Action.MERGE)
    since, why = until_now(at, desk.now), reason_of(reason)
    await _must_follow(place, since)
    await take_tree(desk)
    place, *below = await subtree(place)
    into = await Institution.filter(id=into.id).select_for_update(no_key=True).get()
    place.merge_into(into)
    await must_keep_nothing(place)
    managers = await _managers_at([place, *below])
    before = await stranded(managers, desk.now)
    _place_below(below, place, instead=into)
    await rewrite(desk, below, at=since, reason=why)
    await _pass_customers(desk, place, into, since, why)
    await _pass_staff(desk, place, into, why)
    await _pass_papers(place, into)
    await place.save(update_fields=["merged_into_id"])
    # Where its business is from that day: at the other one's place.
    await Placement.create(
        institution_id=place.id,
        parent_id=into.id,
        path=into.path,
        valid_from=since,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
        reason=why,
    )
    must_strand_nobody(before, await stranded(managers, desk.now))
    return into


async def _must_follow(place: Institution, since: dt.datetime) -> None:
    """History is written forward: not before the place took the position that it leaves."""
    last = await Placement.filter(institution_id=place.id).order_by("-valid_from").first()
    if last is not None and since < last.valid_from:
        raise BadInput(
            f"{place.name} came to its present position at {last.valid_from.isoformat()}. Give a later moment.",
            field="at",
        )


def _place_below(moved: list[Institution], top: Institution, instead: Institution | None = None) -> None:
    """Place everything below `top` anew, parents first; directly below, under `instead` if one is given."""
    by_id = {place.id: place for place in moved} | {top.id: instead or top}
    for place in moved:
        if place.id != top.id and place.parent_id is not None:
            place.place_under(by_id[place.parent_id])


async def _managers_at(places: Iterable[Institution]) -> list[UUID]:
    found = await Assignment.filter(
        institution_id__in=[place.id for place in places], role=str(Role.CUST_MGR)
    ).values_list("staff_id", flat=True)
    return [UUID(str(staff_id)) for staff_id in found]


async def _pass_customers(
    desk: Desk, place: Institution, into: Institution, since: dt.datetime, reason: str
) -> None:
    ids = await Customer.filter(owner_id=place.id).order_by("id").values_list("id", flat=True)
    await Ownership.bulk_create(
        [
            Ownership(
                customer_id=customer_id,
                owner_id=into.id,
                valid_from=since,
                recorded_at=desk.now,
                recorded_by_id=desk.staff_id,
                reason=reason,
            )
            for customer_id in ids
        ],
        batch_size=500,
    )
    line = await Line.of_house()
    tier1_id, tier2_id = line.tiers(into.path)
    await Customer.filter(owner_id=place.id).update(
        owner_id=into.id, owner_path=into.path, tier1_id=tier1_id, tier2_id=tier2_id
    )
    await Account.filter(institution_id=place.id).update(institution_id=into.id)
    await Loan.filter(institution_id=place.id).update(institution_id=into.id)
    for cases in CASES:
        await cases.filter(submitted_to_id=place.id, state=UNDECIDED).update(
            submitted_to_id=into.id, submitted_to_path=into.path
        )
    await redirect_cases(line, [into.id])


async def _pass_staff(desk: Desk, place: Institution, into: Institution, reason: str) -> None:
    """Everybody keeps his role, at the other institution; who held it there already has it once.

    The tree's epoch makes every view stale, so the persons' own need not rise.
    """
    there = {
        (row.staff_id, row.role)
        for row in await Assignment.filter(open_after(desk.now), institution_id=into.id)
        if row.holds(desk.now)
    }
    for row in await Assignment.filter(
        open_after(desk.now), institution_id=place.id, ended_at__isnull=True
    ).order_by("id"):
        start = max(desk.now, row.valid_from)
        await row.end(at=start, now=desk.now, by=desk.staff_id, reason=reason)
        if (row.staff_id, row.role) not in there:
            kept: dict[str, Any] = {
                name: getattr(row, name)
                for name in ("staff_id", "role", "department", "full_time", "valid_to")
            }
            await Assignment.create(
                institution_id=into.id,
                valid_from=start,
                recorded_at=desk.now,
                recorded_by_id=desk.staff_id,
                **kept,
            )


async def _pass_papers(place: Institution, into: Institution) -> None:
    """Archives, and registrations that no archive has been opened for yet, name the centre that is still there."""
    filed = Archive.all().values("customer_id")
    for column in ("custody_centre_id", "servicing_id"):
        await Archive.filter(**{column: place.id}).update(**{column: into.id})
    for column in ("centre_id", "servicing_id"):
        await Registration.filter(customer_id__not_in=Subquery(filed), **{column: place.id}).update(
            **{column: into.id}
        )
