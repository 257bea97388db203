"""Customers: which manager serves them, and which branch owns them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Facts, Kind
from desk.acts import act
from desk.cards.requesting import CardUnderWay
from desk.desk import Desk
from desk.errors import Stale
from desk.membership import hold
from desk.people.given import moment, open_after, reason_of, until_now
from desk.people.handover import assign, must_manage_here
from desk.people.separation import not_himself
from desk.tree import CASES, UNDECIDED, Line, hold_tree
from models.archives import Archive, CentreRequired, must_keep_archives
from models.cards import UNDER_WAY, Card
from models.customers import AlreadyAssigned, Customer, ManagerAssignment, Ownership
from models.errors import Refusal
from models.institutions import Institution
from models.membership import Membership
from models.people import Assignment, Staff
from models.vocabulary import ArchiveState, InstitutionKind, MembershipState


class ApplicationOpen(Refusal):
    """A filing or an exception under way is bound to the branch that it was written for."""

    code = "APPLICATION_OPEN"
    article = "6"


@act("assignManager", ManagerAssignment)
async def assign_manager(
    desk: Desk,
    *,
    customer_id: UUID,
    manager_id: UUID,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> ManagerAssignment:
    """The head of a wealth centre gives a customer of his branch a manager, now or at a later moment (Art. 9).

    In that second the present manager's access ends and the new one's begins. MANAGER_NOT_HERE, MANAGER_RECUSED,
    ALREADY_ASSIGNED, CHANGE_SCHEDULED when a later change is fixed already; SELF_GRANT, BACKDATED.
    """
    manager = await desk.open(Staff, manager_id)
    not_himself(desk.actor.person_id, manager.person_id)
    start = moment(at, desk.now)
    await hold_tree(desk)
    customer = await _held(desk, customer_id, Action.ASSIGN_MANAGER)
    await must_manage_here(manager.id, [customer], start)
    serving = await cease_serving(desk, customer.id, start, f"reassigned to {manager.number}")
    if manager.id in serving:
        raise AlreadyAssigned(f"{manager.name} already serves this customer. Nothing was changed.")
    return await assign(desk, customer.id, manager.id, start)


@act("transferOwner", Customer)
async def transfer_owner(
    desk: Desk,
    *,
    customer_id: UUID,
    to_id: UUID,
    manager_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Customer:
    """归属行变更: an officer above both branches passes a customer to another one, with a manager of that branch.

    The row changes now, so the next read of every worker finds him there and no longer here; nothing that is
    cached depends on whose customer somebody is, so no epoch rises. `at` says since when he belongs there, up to
    now; the managers change now. His archive goes into the custody of a centre of the new branch; where his
    accounts are kept does not matter (decisions.md 3) and stays. CANNOT_OWN, ALREADY_OWNER, INSTITUTION_MERGED,
    APPLICATION_OPEN, CARD_UNDER_WAY, MANAGER_NOT_HERE, MANAGER_RECUSED, CENTRE_REQUIRED, NOT_YET, SELF_GRANT.
    """
    target = await desk.open(Institution, to_id)
    desk.require(
        Action.TRANSFER_OWNER, Kind.CUSTOMER, Facts(path=target.acting_path, customer_id=customer_id)
    )
    manager = await desk.open(Staff, manager_id)
    not_himself(desk.actor.person_id, manager.person_id)
    since, why = until_now(at, desk.now), reason_of(reason)
    await hold_tree(desk)
    customer = await _held(desk, customer_id, Action.TRANSFER_OWNER)
    await _must_be_settled(customer)
    line = await Line.of_house()
    await customer.pass_to(target, *line.tiers(target.path))
    await must_manage_here(manager.id, [customer], desk.now)
    await cease_serving(desk, customer.id, desk.now, f"transferred to {target.code}")
    await assign(desk, customer.id, manager.id, desk.now)
    await Ownership.create(
        customer_id=customer.id,
        owner_id=target.id,
        valid_from=since,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
        reason=why,
    )
    await _move_archive(desk, customer, manager.id)
    return customer


async def _held(desk: Desk, customer_id: UUID, action: Action) -> Customer:
    """The customer, for this act, and locked. Permission is asked once more under the lock, as `take` does: he may have
    been moved, or merged into another one, while we waited."""
    seen = await desk.open(Customer, customer_id, action)
    await hold(customer_id)
    customer = await desk.open(Customer, customer_id, action)
    if customer.owner_path != seen.owner_path:
        raise Stale
    return customer


async def cease_serving(desk: Desk, customer_id: UUID, at: dt.datetime, reason: str) -> set[UUID]:
    """End what is not over at `at`. The managers who would have served."""
    rows = await ManagerAssignment.filter(open_after(at), customer_id=customer_id).order_by("valid_from")
    # One that ends by its end, not by its term, has a successor: that change is fixed.
    for row in rows:
        await row.cease(at=at, now=desk.now, by=desk.staff_id, reason=reason)
    return {row.manager_id for row in rows if row.valid_from <= at}


async def _must_be_settled(customer: Customer) -> None:
    """Nothing of his is before anybody, a renewal neither: moved, it would be out of reach of who decides it."""
    under_way = (MembershipState.APPLIED, MembershipState.EVALUATED)
    applying = await Membership.filter(customer_id=customer.id, over=False, state__in=under_way).exists()
    before = [await cases.filter(customer_id=customer.id, state=UNDECIDED).exists() for cases in CASES]
    if applying or any(before):
        raise ApplicationOpen(
            "This customer's application or renewal is under way at his present branch. Let it be decided, or withdraw it, first."
        )
    if await Card.filter(customer_id=customer.id, state__in=UNDER_WAY).exists():
        raise CardUnderWay(
            "A card for this customer is under way at his present branch. Have it handed to him, or cancelled and taken in, "
            "first."
        )


async def _move_archive(desk: Desk, customer: Customer, manager_id: UUID) -> None:
    """The manager's own centre keeps the archive from now on, or else the first of the branch (Notice 6)."""
    archive = await Archive.get_or_none(customer_id=customer.id)
    if archive is None or archive.state == ArchiveState.CLOSED:
        return
    centres = await Institution.filter(
        acting_path=customer.owner_path, kind=InstitutionKind.WEALTH_CENTRE, merged_into_id__isnull=True
    ).order_by("path")
    posts = await Assignment.filter(open_after(desk.now), staff_id=manager_id)
    his = {row.institution_id for row in posts if row.holds(desk.now)}
    centre = next((it for it in centres if it.id in his), centres[0] if centres else None)
    if centre is None:
        raise CentreRequired("The new branch has no wealth centre that could keep the archive.", field="toId")
    must_keep_archives(centre, customer.owner_path)
    archive.custody_centre_id = archive.servicing_id = centre.id
    archive.servicing_reason = ""
    await archive.save(update_fields=["custody_centre_id", "servicing_id", "servicing_reason"])
