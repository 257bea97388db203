"""Handover (交接): a manager's customers pass to another by a list that receiver and witness sign, to the second (4.2)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise.expressions import Q

from authz import Action, Facts, Kind
from authz.duties import Duty
from desk.actors import sit
from desk.acts import act
from desk.desk import Desk
from desk.errors import Unauthenticated
from desk.people.given import moment, reason_of
from desk.people.handover import ManagerRecused, must_manage_here, pass_on
from desk.people.separation import apart, not_himself
from desk.tree import hold_tree
from models.customers import Customer, ManagerAssignment
from models.errors import Refusal
from models.handovers import Handover, HandoverLine, HandoverOpen, NothingToHandOver
from models.institutions import Institution
from models.people import Recusal, Staff
from models.vocabulary import HandoverState


class WitnessNotHere(Refusal):
    """A list that its witness cannot read would never be signed."""

    code = "WITNESS_NOT_HERE"
    article = "4.2"


@act("drawUpHandover", Handover)
async def draw_up(
    desk: Desk,
    *,
    giver_id: UUID,
    receiver_id: UUID,
    witness_id: UUID,
    institution_id: UUID,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Handover:
    """The head of a wealth centre lists the customers of his branch whom `giver` serves at `at`, now if not given.

    Three persons: HANDOVER_BY_ONE; SELF_GRANT when the head himself would receive. Customers from whom head or witness
    are recused are left off, for another head to pass on. MANAGER_NOT_HERE, MANAGER_RECUSED for the receiver;
    WITNESS_NOT_HERE for who does not see such lists; NOTHING_TO_HAND_OVER; HANDOVER_OPEN while another list of the
    giver is; BACKDATED. Nothing passes before both have signed.
    """
    place = await desk.open(Institution, institution_id)
    desk.require(Action.PROPOSE, Kind.HANDOVER, Facts(path=place.acting_path))
    giver = await desk.open(Staff, giver_id)
    receiver, witness = await desk.open(Staff, receiver_id), await desk.open(Staff, witness_id)
    apart(Duty.HANDOVER, giver.person_id, receiver.person_id, witness.person_id)
    not_himself(desk.actor.person_id, receiver.person_id)
    when, why = moment(at, desk.now), reason_of(reason)
    await hold_tree(desk)
    await Handover.settle(giver.id, desk.now)
    if await Handover.exists(giver_id=giver.id, state__in=(HandoverState.DRAWN_UP, HandoverState.SIGNED)):
        raise HandoverOpen(
            f"Another list of {giver.name} is open. Have it signed and its second pass, or call it off, first."
        )
    passing = await _passing(giver.id, place, when, {desk.actor.person_id, witness.person_id})
    if not passing:
        raise NothingToHandOver(
            f"{giver.name} serves no customer of this branch at that moment.", field="giverId"
        )
    customers = await Customer.filter(id__in=[row.customer_id for row in passing])
    await must_manage_here(receiver.id, customers, when, "receiverId")
    await must_see_lists(desk, witness, place)
    handover = Handover(
        giver_id=giver.id,
        receiver_id=receiver.id,
        witness_id=witness.id,
        institution_id=place.id,
        state=HandoverState.DRAWN_UP,
        at=when,
        reason=why,
        drawn_up_by_id=desk.staff_id,
        drawn_up_at=desk.now,
    )
    handover.digest = handover.content(passing)
    await handover.save()
    await HandoverLine.bulk_create(
        [HandoverLine(handover_id=handover.id, customer_id=row.customer_id) for row in passing]
    )
    return handover


@act("signHandover", Handover)
async def sign(desk: Desk, *, handover_id: UUID, idempotency_key: str | None = None) -> Handover:
    """Receiver and witness sign, each himself and once, for the list as it was drawn up.

    With the second signature the customers pass in the list's own second; when that is past, in the second of that
    signature. A second that is still to come is written down now, so that access follows by itself. NOT_HIS_TO_SIGN,
    ALREADY_SIGNED, WRONG_STATE; HANDOVER_CHANGED when a customer has come, gone or changed hands meanwhile;
    MANAGER_NOT_HERE, MANAGER_RECUSED when the receiver may serve them no longer.
    """
    seen = await desk.open(Handover, handover_id)
    seen.may_be_signed_by(desk.staff_id)
    await hold_tree(desk)
    handover = await _held(seen)
    handover.may_be_signed_by(desk.staff_id)
    customers = await _held_customers(handover)
    place = await Institution.get(id=handover.institution_id)
    effect = handover.takes_effect_at(desk.now)
    passing = await _passing(handover.giver_id, place, effect, await _persons_of(handover))
    handover.must_still_say(passing)
    await must_manage_here(handover.receiver_id, customers, effect, "receiverId")
    await handover.sign(desk.staff_id, desk.now)
    if handover.is_signed:
        giver = await Staff.get(id=handover.giver_id)
        for row in passing:
            await pass_on(desk, row, handover.receiver_id, effect, f"handed over by {giver.number}")
    return handover


@act("callOffHandover", Handover)
async def call_off(desk: Desk, *, handover_id: UUID, idempotency_key: str | None = None) -> Handover:
    """The head calls a list off before its second, signed or not. What was signed to pass stays with the giver.

    A customer about whom something else was fixed meanwhile is left to that. WRONG_STATE once it has taken effect;
    MANAGER_NOT_HERE when the giver may not serve the customers any more at that second; MANAGER_RECUSED for who must
    not touch the file of one of them.
    """
    seen = await desk.open(Handover, handover_id, Action.PROPOSE)
    await hold_tree(desk)
    handover = await _held(seen)
    handover.must_be_before_it(desk.now)
    customers = await _held_customers(handover)
    await _must_not_be_kin(desk.actor.person_id, customers)
    if handover.done_at is not None:
        await _take_back(desk, handover, customers, handover.done_at)
    await handover.call_off()
    return handover


async def _take_back(desk: Desk, handover: Handover, customers: list[Customer], at: dt.datetime) -> None:
    """What the receiver was to have from `at` on, the giver has: the one never begins, the other goes on."""
    rows = await ManagerAssignment.filter(
        manager_id=handover.receiver_id,
        customer_id__in=[customer.id for customer in customers],
        valid_from=at,
        ended_at__isnull=True,
    ).order_by("customer_id")
    coming = {row.customer_id for row in rows}
    await must_manage_here(handover.giver_id, [it for it in customers if it.id in coming], at)
    for row in rows:
        await pass_on(desk, row, handover.giver_id, at, "handover called off")


async def _persons_of(handover: Handover) -> set[UUID]:
    """Who drew the list up, and who witnesses it."""
    staff = await Staff.filter(id__in=[handover.drawn_up_by_id, handover.witness_id])
    return {one.person_id for one in staff}


async def _passing(
    giver_id: UUID, place: Institution, at: dt.datetime, persons: set[UUID]
) -> list[ManagerAssignment]:
    """The giver's assignments at `at` to customers of the branch. One whose end is fixed is left to that; and one that
    is about who draws up or witnesses, or a relative of theirs, is for another head to pass on (回避)."""
    kin = set(await Recusal.filter(person_id__in=persons).values_list("customer_id", flat=True))
    passing = await ManagerAssignment.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at),
        manager_id=giver_id,
        valid_from__lte=at,
        ended_at__isnull=True,
        customer__owner_path=place.acting_path,
    ).order_by("customer_id")
    return [row for row in passing if row.customer_id not in kin]


async def _held(seen: Handover) -> Handover:
    return await Handover.filter(id=seen.id).select_for_update(no_key=True).get()


async def _held_customers(handover: Handover) -> list[Customer]:
    """Those of the list, locked in the order of their keys: nobody is given another manager meanwhile."""
    ids = await HandoverLine.filter(handover_id=handover.id).values_list("customer_id", flat=True)
    return await Customer.filter(id__in=list(ids)).order_by("id").select_for_update(no_key=True)


async def _must_not_be_kin(person_id: UUID, customers: list[Customer]) -> None:
    """Nobody calls off a list with himself or a relative on it (回避). Names no customer."""
    if await Recusal.exists(person_id=person_id, customer_id__in=[customer.id for customer in customers]):
        raise ManagerRecused(
            "You must not touch the file of one of the customers on this list. Have another head call it off."
        )


async def must_see_lists(
    desk: Desk, witness: Staff, place: Institution, kind: Kind = Kind.HANDOVER, field: str = "witnessId"
) -> None:
    """WITNESS_NOT_HERE for who does not see the handover lists of this branch now."""
    if not await sees_lists(desk, witness.id, place, kind):
        raise WitnessNotHere(
            f"{witness.name} does not see the handover lists of this branch. "
            "Choose its head, a colleague of those two, or an officer above it.",
            field=field,
        )


async def sees_lists(desk: Desk, staff_id: UUID, place: Institution, kind: Kind) -> bool:
    """Is he at work, and do such lists of this branch exist for him?"""
    try:
        eyes = (await sit(staff_id, desk.now)).actor
    except Unauthenticated:
        return False
    return desk.policy.rows_reach(eyes, kind).covers(Facts(path=place.acting_path))
