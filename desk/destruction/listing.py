"""Listing what is to be destroyed (Annex 1): by the custodian who has it, before two witnesses whom he names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from authz import Action, Facts, Kind
from desk.acts import act
from desk.desk import Desk
from desk.destruction.persons import all_different
from desk.handovers import WitnessNotHere, sees_lists
from desk.people.given import reason_of
from desk.stock.drafting import AT_ONCE, ranges_of
from desk.stock.holdings import Place, must_be_there
from desk.stock.posting import hold_accounts
from desk.stock.seats import must_be_designated
from models.comparing import common
from models.custody import DestructionState, StockDuty, StockState
from models.destruction import DestructionLine, DestructionList
from models.errors import Refusal, WrongState
from models.institutions import Institution
from models.people import Staff
from models.products import CardProduct
from models.serials import Range, quantity

OPEN = (DestructionState.DRAFT, DestructionState.APPROVED)


class ListedAlready(Refusal):
    """One card is destroyed once, so it is on one list."""

    code = "LISTED_ALREADY"
    article = "Annex 1"


@act("draftDestructionList", DestructionList)
async def draft_list(
    desk: Desk,
    *,
    institution_id: UUID,
    product_id: UUID,
    ranges: Sequence[Any],
    first_witness_id: UUID,
    second_witness_id: UUID,
    reason: str,
    idempotency_key: str | None = None,
) -> DestructionList:
    """The designated custodian lists cards that are TO_DESTROY at his institution, and names two witnesses (监销人).

    NOT_DESIGNATED, NOT_IN_STOCK; DESTRUCTION_BY_ONE unless he and both witnesses are three persons; WITNESS_NOT_HERE for
    who does not see such lists; LISTED_ALREADY for a card on another open list; BAD_RANGE, NUMBER_TWICE.
    """
    place = await desk.open(Institution, institution_id)
    desk.require(Action.PROPOSE, Kind.DESTRUCTION, Facts(path=place.acting_path))
    await must_be_designated(desk, place.id, StockDuty.STOCK)
    product = await desk.open(CardProduct, product_id)
    first, second = await desk.open(Staff, first_witness_id), await desk.open(Staff, second_witness_id)
    all_different((desk.actor.person_id, first.person_id, second.person_id))
    for field, witness in (("firstWitnessId", first), ("secondWitnessId", second)):
        await _must_see_lists(desk, witness, place, field)
    listed = await ranges_of(product, ranges)
    # Held, so that two lists at once do not both name a card.
    await hold_accounts(product.id, [place.id])
    await must_be_there(product.id, listed, Place(place.id, StockState.TO_DESTROY))
    await _must_be_on_no_other(place.id, product.id, listed)
    drafted = DestructionList(
        institution_id=place.id,
        product_id=product.id,
        state=DestructionState.DRAFT,
        quantity=quantity(listed),
        reason=reason_of(reason),
        listed_at=desk.now,
        listed_by_id=desk.staff_id,
        listed_person_id=desk.actor.person_id,
        first_witness_id=first.id,
        second_witness_id=second.id,
    )
    lines = [
        DestructionLine(
            destruction_id=drafted.id, first_serial=one.first, last_serial=one.last, quantity=one.quantity
        )
        for one in listed
    ]
    drafted.digest = drafted.content(lines)
    await drafted.save()
    await DestructionLine.bulk_create(lines, batch_size=AT_ONCE)
    return drafted


@act("callOffDestruction", DestructionList)
async def call_off(
    desk: Desk, *, destruction_id: UUID, version: int, reason: str, idempotency_key: str | None = None
) -> DestructionList:
    """The designated custodian calls a list off before its movement is drafted, with a reason. It is kept all the same.

    NOT_DESIGNATED, WRONG_STATE, STALE_VERSION; BAD_USER_INPUT without a reason.
    """
    seen = await desk.open(DestructionList, destruction_id, Action.PROPOSE)
    await must_be_designated(desk, seen.institution_id, StockDuty.STOCK)
    listed = await DestructionList.filter(id=seen.id).select_for_update(no_key=True).get()
    listed.must_be(*OPEN)
    listed.must_be_seen(version)
    if listed.movement_id is not None:
        raise WrongState("The movement of this list is drafted. Withdraw it, then call the list off.")
    listed.state = DestructionState.CALLED_OFF
    listed.over_reason = reason_of(reason)
    await listed.change("over_reason")
    return listed


async def _must_be_on_no_other(institution_id: UUID, product_id: UUID, listed: Sequence[Range]) -> None:
    lines = await DestructionLine.filter(
        destruction__institution_id=institution_id,
        destruction__product_id=product_id,
        destruction__state__in=OPEN,
        first_serial__lte=listed[-1].last,
        last_serial__gte=listed[0].first,
    ).order_by("first_serial")
    twice = common(((line.range, "") for line in lines), listed)
    if twice:
        raise ListedAlready(
            f"Number {twice[0][0].first:012} is on another list that is open. Have that one carried out, or call it off.",
            field="ranges",
        )


async def _must_see_lists(desk: Desk, witness: Staff, place: Institution, field: str) -> None:
    if not await sees_lists(desk, witness.id, place, Kind.DESTRUCTION):
        raise WitnessNotHere(
            f"{witness.name} does not see the destruction lists of this branch. Choose its head, a supervisor, or an "
            "officer above it.",
            field=field,
        )
