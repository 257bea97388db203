"""Transfers (调拨): out under two signatures, under way, in under two others, by a list that must be the same (Annex 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.people.separation import apart
from desk.stock.drafting import draft, lines_of, list_anew, place_for, ranges_of
from desk.stock.holdings import Place, must_be_there
from desk.stock.posting import Move, hold_accounts
from models.custody import MovementKind, MovementState, StockState
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.movements import MovementLine, Signature, StockMovement
from models.paths import stands_under
from models.products import CardProduct
from models.quotas import StockQuota
from models.serials import compact
from models.stock import StockAccount, StockHolding
from models.wording import worded

SENT = (StockState.IN_STOCK, StockState.SPOILED, StockState.RETURNED)
"""What is sent: good cards to be issued, and void ones that are handed up."""
LONGEST = 200


class NotInLineOfStock(Refusal):
    """Cards pass along the line of command: down to be issued, up to be given back or destroyed."""

    code = "NOT_IN_LINE_OF_STOCK"
    article = "Notice 4"


class QuotaExceeded(Refusal):
    """核定库存: more than a superior level approved is not sent, unless the reason is signed for with it."""

    code = "QUOTA_EXCEEDED"
    article = "Notice 4"


class ListDiffers(Refusal):
    """The receiver's list equals the sender's, number by number, or the transfer is not taken in."""

    code = "LIST_DIFFERS"
    article = "Notice 4"


@act("draftAllocation", StockMovement)
async def draft_allocation(
    desk: Desk,
    *,
    institution_id: UUID,
    to_id: UUID,
    product_id: UUID,
    ranges: Sequence[Any],
    state: StockState = StockState.IN_STOCK,
    reason: str = "",
    over_quota_reason: str = "",
    idempotency_key: str | None = None,
) -> StockMovement:
    """The sender's designated custodian lists what goes to an institution above or below his.

    NOT_DESIGNATED, NOT_IN_LINE_OF_STOCK, NOT_IN_STOCK; QUOTA_EXCEEDED without `over_quota_reason`; BAD_RANGE,
    NUMBER_TWICE.
    """
    place = await place_for(desk, institution_id)
    other = await desk.open(Institution, to_id)
    other.must_be_in_service()
    if place.id == other.id or not (
        stands_under(other.path, place.path)
        or stands_under(place.path, other.path)
        or place.acting_path == other.acting_path
    ):
        raise NotInLineOfStock(
            "Cards go to an institution above or below, or to the centre of the same branch. Send them by way of that.",
            field="toId",
        )
    if state not in SENT:
        raise BadInput(f"state is one of: {', '.join(SENT)}.", field="state")
    product = await desk.open(CardProduct, product_id)
    listed = await ranges_of(product, ranges)
    await must_be_there(product.id, listed, Place(place.id, state))
    movement = await draft(
        desk,
        MovementKind.ALLOCATE_OUT,
        place,
        product.id,
        [(one, state, StockState.IN_TRANSIT) for one in listed],
        other_id=other.id,
        reason=worded(reason, LONGEST, "reason"),
        over_quota_reason=worded(over_quota_reason, LONGEST, "overQuotaReason"),
    )
    await _must_be_within_quota(movement, state)
    return movement


@act("listArrival", StockMovement)
async def list_arrival(
    desk: Desk,
    *,
    movement_id: UUID,
    version: int,
    ranges: Sequence[Any],
    idempotency_key: str | None = None,
) -> StockMovement:
    """The receiver's designated custodian lists what he has counted, without having seen the sender's list.

    NOT_DESIGNATED, WRONG_STATE, STALE_VERSION; LIST_DIFFERS when it is not number by number what was sent.
    """
    seen = await desk.open(StockMovement, movement_id)
    await place_for(desk, seen.institution_id)
    movement = await StockMovement.filter(id=seen.id).select_for_update(no_key=True).get()
    if movement.kind != MovementKind.ALLOCATE_IN:
        raise BadInput(
            "This movement is no arrival. Look for the one that waits for you.", field="movementId"
        )
    movement.must_be(MovementState.DRAFT, MovementState.SIGNED)
    movement.must_be_seen(version)
    product = await CardProduct.get(id=movement.product_id)
    counted = await ranges_of(product, ranges)
    sent = await MovementLine.filter(movement_id=movement.source_id)
    if counted != compact([line.range for line in sent]):
        raise ListDiffers(
            "What you counted is not what was sent. Count again, and if it remains so, reject the arrival, and have the "
            "sender reverse it.",
            field="ranges",
        )
    states = [(line.range, StockState.IN_TRANSIT, arrives_as(line.from_state)) for line in sent]
    await list_anew(desk, movement, states)
    return movement


def arrives_as(sent_as: str) -> StockState:
    """Good cards are in stock; void ones that were handed up are there to be destroyed."""
    return StockState.IN_STOCK if sent_as == StockState.IN_STOCK else StockState.TO_DESTROY


def moves_out(movement: StockMovement, lines: Sequence[MovementLine]) -> list[Move]:
    return [
        Move(
            (line.range,),
            Place(movement.institution_id, StockState(line.from_state)),
            Place(movement.institution_id, StockState.IN_TRANSIT, line.from_state, movement.other_id),
        )
        for line in lines
    ]


async def before_out(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    assert movement.other_id is not None  # an allocation has a receiver
    # Held, so that two transfers at once do not each fit alone and exceed the quota together.
    await hold_accounts(movement.product_id, [movement.institution_id, movement.other_id])
    await _must_be_within_quota(movement, StockState(lines[0].from_state))


async def after_out(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """At the receiver's an arrival waits, without numbers: he lists what he counts."""
    assert movement.other_id is not None  # an allocation has a receiver
    arrival = StockMovement(
        kind=MovementKind.ALLOCATE_IN,
        state=MovementState.DRAFT,
        product_id=movement.product_id,
        institution_id=movement.other_id,
        other_id=movement.institution_id,
        quantity=movement.quantity,
        source_id=movement.id,
        drafted_at=desk.now,
        drafted_by_id=desk.staff_id,
    )
    arrival.digest = arrival.content(lines_of(arrival, ()))
    await arrival.save()


def moves_in(movement: StockMovement, lines: Sequence[MovementLine]) -> list[Move]:
    assert movement.other_id is not None  # an arrival has a sender
    under_way = Place(
        movement.other_id,
        StockState.IN_TRANSIT,
        to=movement.institution_id,
        movement_id=movement.source_id,
    )
    return [
        Move((line.range,), under_way, Place(movement.institution_id, StockState(line.to_state)))
        for line in lines
    ]


async def before_in(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """What was sent is what is taken in, by two others than those who sent it: TRANSFER_SIGNED_BY_ONE."""
    sent = await MovementLine.filter(movement_id=movement.source_id)
    if not lines or compact([line.range for line in lines]) != compact([line.range for line in sent]):
        raise ListDiffers("List what has arrived before it is signed for. It must be what was sent.")
    signed = await Signature.filter(movement_id=movement.source_id, voided_at__isnull=True)
    senders, me = [one.person_id for one in signed], desk.actor.person_id
    if me in senders:
        apart(Duty.CARD_TRANSFER, *senders, me, me)


async def _must_be_within_quota(movement: StockMovement, state: StockState) -> None:
    """Of good cards that go down the line. No quota means none."""
    assert movement.other_id is not None  # an allocation has a receiver
    place, other = (
        await Institution.get(id=movement.institution_id),
        await Institution.get(id=movement.other_id),
    )
    upwards = stands_under(place.path, other.path) and place.path != other.path
    if state is not StockState.IN_STOCK or upwards or movement.over_quota_reason:
        return
    quota = await quota_of(other.id, movement.product_id)
    there = await here_or_coming(other.id, movement.product_id)
    if there + movement.quantity > quota:
        raise QuotaExceeded(
            f"{other.name} may keep {quota} of these cards, and has or is sent {there}. Send fewer, have the quota raised, "
            "or write why it is exceeded.",
            field="overQuotaReason",
        )


async def here_or_coming(institution_id: UUID, product_id: UUID) -> int:
    """Good cards that an institution has in stock or is sent; void ones that are handed up fill no quota."""
    account = await StockAccount.get_or_none(institution_id=institution_id, product_id=product_id)
    coming = await StockHolding.filter(
        to_institution_id=institution_id,
        product_id=product_id,
        state=StockState.IN_TRANSIT,
        was=StockState.IN_STOCK,
    )
    return (account.in_stock if account else 0) + sum(holding.quantity for holding in coming)


async def quota_of(institution_id: UUID, product_id: UUID) -> int:
    """核定库存 now. 0 where none was ever approved."""
    last = await StockQuota.last_of(institution_id, product_id)
    return last.quantity if last is not None else 0
