"""Returning (回收): a card comes back, under two signatures: given in, not claimed, or found and taken in (Annex 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from authz import Action
from desk.acts import act
from desk.cards.holding import held_card, must_not_be_kin, take_card, where_it_lies
from desk.cards.issuing import card_of
from desk.desk import Desk
from desk.people.given import reason_of, word
from desk.stock.drafting import draft, place_for
from desk.stock.holdings import NotInStock, Place, must_be_there
from desk.stock.posting import Move
from models.card_reports import CardReport
from models.cards import OVER, Card
from models.custody import (
    CardCause,
    CardReportKind,
    CardReportOutcome,
    CardState,
    MovementKind,
    StockState,
)
from models.errors import BadInput, WrongState
from models.institutions import Institution
from models.movements import MovementLine, StockMovement
from models.serials import Range

CAUSES = (CardCause.BY_HOLDER, CardCause.DAMAGED, CardCause.UNCLAIMED)
TAKEN_IN = "Its plastic was taken into a stock."
"""All that the counter is told, which may be another branch's: the reason stands on the movement."""
TAKEN = (CardState.RESERVED, CardState.ISSUED, CardState.LOST, *OVER)


@act("draftCardReturn", Card)
async def draft_card_return(
    desk: Desk,
    *,
    card_id: UUID,
    version: int,
    cause: CardCause,
    reason: str,
    institution_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> Card:
    """The designated custodian of the issuer takes a card in: from its holder, or one that was not claimed.

    Also a card that is over already and whose plastic is still out; and at `institution_id`, another one of the
    customer's present branch, which has it in its book from then on. It is RETURNED once two persons have signed.
    NOT_DESIGNATED; WRONG_STATE, STALE_VERSION; NOT_IN_STOCK when its plastic is not out; BAD_USER_INPUT without a
    reason, for another cause, or for UNCLAIMED of a card that was handed out.
    """
    card, _ = await take_card(desk, card_id, Action.ISSUE, version)
    place = await place_for(desk, institution_id or card.issuer_id)
    why = word(CardCause, cause, "cause")
    if why not in CAUSES or (why is CardCause.UNCLAIMED and card.was_issued):
        raise BadInput(
            f"cause is one of: {', '.join(CAUSES)}; UNCLAIMED of a card that was never handed out.",
            field="cause",
        )
    await _draft(desk, card, place, why, reason)
    return card


@act("takeInCard", CardReport)
async def take_in_card(
    desk: Desk, *, report_id: UUID, reason: str, idempotency_key: str | None = None
) -> CardReport:
    """The designated custodian of the institution where a card of ours was found takes it into his own stock.

    It changes its holder in the book, from the issuer to the finder, once two persons have signed, and the report is
    then TAKEN_IN. NOT_DESIGNATED; WRONG_STATE for a report that is closed, of a loss, or of a card that was never a
    customer's; NOT_IN_STOCK when its plastic is accounted for; BAD_USER_INPUT without a reason.
    """
    report = await desk.open(CardReport, report_id, Action.RECORD)
    place = await place_for(desk, report.institution_id)
    report.must_be_open()
    if report.kind != CardReportKind.FOUND or report.card_id is None:
        raise WrongState(
            "Only a customer's card of ours that was found is taken in. Close this report instead."
        )
    card = await held_card(report.card_id)
    must_not_be_kin(desk, card)
    await _draft(desk, card, place, CardCause.FOUND, reason)
    return report


async def _draft(desk: Desk, card: Card, place: Institution, cause: CardCause, reason: str) -> None:
    card.must_be(*TAKEN)
    lies = await where_it_lies(card)
    if lies is None or card.serial is None:
        raise NotInStock(
            "The plastic of this card is not out: it was taken in or voided. Look at its movements."
        )
    more: dict[str, Any] = {} if lies.institution_id == place.id else {"other_id": lies.institution_id}
    await draft(
        desk,
        MovementKind.RETURN_IN,
        place,
        card.product_id,
        [(Range(card.serial, card.serial), StockState(lies.state), StockState.RETURNED)],
        card_id=card.id,
        cause=cause,
        reason=reason_of(reason),
        **more,
    )


def moves(movement: StockMovement, lines: Sequence[MovementLine]) -> list[Move]:
    """Out of the book of who has it, into that of who took it in."""
    return [
        Move(
            (line.range,), _source(movement, line), Place(movement.institution_id, StockState(line.to_state))
        )
        for line in lines
    ]


async def before(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    card = await card_of(movement, lines)
    must_not_be_kin(desk, card)
    card.must_be(*TAKEN)
    await must_be_there(movement.product_id, [lines[0].range], _source(movement, lines[0]))


async def after(desk: Desk, movement: StockMovement, lines: Sequence[MovementLine]) -> None:
    """The card is RETURNED unless it was over before; whoever reported it found here is told so."""
    card = await card_of(movement, lines)
    await card.take_in(
        CardCause(movement.cause),
        movement.reason,
        movement_id=movement.id,
        now=desk.now,
        by=desk.staff_id,
    )
    found = CardReport.filter(card_id=card.id, kind=CardReportKind.FOUND, closed_at__isnull=True)
    for report in await found.select_for_update(no_key=True):
        await report.close(CardReportOutcome.TAKEN_IN, TAKEN_IN, now=desk.now, by=desk.staff_id)


def _source(movement: StockMovement, line: MovementLine) -> Place:
    return Place(movement.other_id or movement.institution_id, StockState(line.from_state))
