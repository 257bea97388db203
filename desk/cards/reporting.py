"""Reporting (挂失, 拾获): a card that was lost is dead at once, wherever it is told; one that was found goes its way (Annex 1)."""

from __future__ import annotations

from uuid import UUID

from authz import Action, Facts, Kind
from desk.acts import act
from desk.cards.holding import must_not_be_kin, take_card
from desk.desk import Desk
from desk.people.given import word
from desk.stock.holdings import holding_of
from desk.trail import ALLOW, Entry
from models.card_reports import CardReport
from models.cards import UNDER_WAY, Card
from models.custody import CardReportKind, CardReportOutcome, CardState
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.products import CardProduct
from models.serials import BadVipCardNumber, CardNumber, card_number
from models.vocabulary import IdentityKind
from models.wording import worded

LONGEST, LONGEST_NUMBER = 200, 32
GIVEN_BACK = "The holder has his card again."
"""All that the counter is told: in what words the manager tells it stands in the card's own story."""


class NoSuchCard(Refusal):
    """No customer has or had a card of this number. Whose a card is, nobody is told here."""

    code = "NO_SUCH_CARD"
    article = "Notice 4"


class ReplacementUnderWay(Refusal):
    """A customer has one card: what is found again does not come back beside the one that stands in for it."""

    code = "REPLACEMENT_UNDER_WAY"
    article = "Notice 4"


@act("reportCard", CardReport)
async def report_card(
    desk: Desk,
    *,
    kind: CardReportKind,
    number: str,
    institution_id: UUID,
    identity_kind: IdentityKind | None = None,
    note: str = "",
    idempotency_key: str | None = None,
) -> CardReport:
    """At any counter: a holder has lost his card (LOST), or somebody brought one in (FOUND).

    LOST needs the document that the holder showed, and stops the card at once, whichever branch issued it:
    BAD_VIP_CARD_NUMBER, NO_SUCH_CARD. FOUND stops a card of ours too, for its holder does not have it, and says
    TO_ISSUER; any other number is FOREIGN, for its own bank or the police. The answer never tells whose card it is.
    BAD_USER_INPUT; FORBIDDEN for his own card and his relatives'.
    """
    place = await desk.open(Institution, institution_id)
    desk.require(Action.REPORT, Kind.CARD_REPORT, Facts(path=place.acting_path))
    said, text = word(CardReportKind, kind, "kind"), worded(number, LONGEST_NUMBER, "number", required=True)
    report = CardReport(
        kind=said,
        number=text,
        institution_id=place.id,
        note=worded(note, LONGEST, "note"),
        reported_at=desk.now,
        reported_by_id=desk.staff_id,
    )
    if said is CardReportKind.LOST:
        if identity_kind is None:
            raise BadInput("Who loses his card shows who he is. Say by which document.", field="identityKind")
        report.identity_kind = word(IdentityKind, identity_kind, "identityKind")
        await _lost(desk, report)
    else:
        await _found(desk, report)
    await report.save()
    return report


async def _lost(desk: Desk, report: CardReport) -> None:
    card = await _card_of(card_number(report.number))
    if card is None or not card.was_issued:
        raise NoSuchCard(
            "No customer has a card of this number. Read it again, or have his manager look the card up.",
            field="number",
        )
    report.outcome = CardReportOutcome.BLOCKED
    await _stop(desk, report, card, "reported lost")


async def _found(desk: Desk, report: CardReport) -> None:
    try:
        number = card_number(report.number)
    except BadVipCardNumber:
        report.outcome = CardReportOutcome.FOREIGN
        return
    card = await _card_of(number)
    ours = card is not None or await _is_in_the_book(number)
    report.outcome = CardReportOutcome.TO_ISSUER if ours else CardReportOutcome.FOREIGN
    if card is not None:
        await _stop(desk, report, card, "found and brought in")


async def _stop(desk: Desk, report: CardReport, card: Card, why: str) -> None:
    """From this second on it is the basis of no service. What is dead already stays as it died."""
    must_not_be_kin(desk, card)
    report.card_id = card.id
    if card.state == CardState.ISSUED:
        await card.lose(why, now=desk.now, by=desk.staff_id)
        entry = Entry(
            "reportCard", ALLOW, "card", object_id=card.id, customer_id=card.customer_id
        )  # the report itself names no customer
        await desk.record(entry)


async def _card_of(number: CardNumber) -> Card | None:
    return await Card.filter(number=str(number)).select_for_update(no_key=True).first()


async def _is_in_the_book(number: CardNumber) -> bool:
    """Ours, though it is no customer's: a card that has left the stock without an issue."""
    product = await CardProduct.get_or_none(tier=number.tier, design=number.design)
    return product is not None and await holding_of(product.id, number.serial) is not None


@act("giveBackCard", Card)
async def give_back_card(
    desk: Desk,
    *,
    card_id: UUID,
    version: int,
    identity_kind: IdentityKind,
    note: str,
    idempotency_key: str | None = None,
) -> Card:
    """失而复得: the customer's manager has given a lost card back to its holder, who showed who he is. It is valid again.

    Its open reports are closed as GIVEN_BACK. REPLACEMENT_UNDER_WAY; TERM_OVER; WRONG_STATE unless LOST, STALE_VERSION;
    BAD_USER_INPUT without a note of how it was found.
    """
    card, _ = await take_card(desk, card_id, Action.REPORT, version)
    card.must_be(CardState.LOST)
    card.must_run(desk.today)
    word(IdentityKind, identity_kind, "identityKind")
    how = worded(note, LONGEST, "note", required=True)
    if await Card.exists(customer_id=card.customer_id, state__in=[*UNDER_WAY, CardState.ISSUED]):
        raise ReplacementUnderWay(
            "A card stands in for this one, or is about to. Cancel that request first, or have this card taken in."
        )
    await card.come_back(how, now=desk.now, by=desk.staff_id)
    for report in await CardReport.filter(card_id=card.id, closed_at__isnull=True).select_for_update(
        no_key=True
    ):
        await report.close(CardReportOutcome.GIVEN_BACK, GIVEN_BACK, now=desk.now, by=desk.staff_id)
    return card


@act("closeCardReport", CardReport)
async def close_card_report(
    desk: Desk, *, report_id: UUID, note: str, idempotency_key: str | None = None
) -> CardReport:
    """A teller or the custodian of the institution writes what became of the card: sent to its issuer, its bank, the police.

    The outcome stays as it is; GIVEN_BACK and TAKEN_IN are told by acts of their own. WRONG_STATE once it is closed;
    BAD_USER_INPUT without a note.
    """
    seen = await desk.open(CardReport, report_id, Action.RECORD)
    report = await CardReport.filter(id=seen.id).select_for_update(no_key=True).get()
    what = worded(note, LONGEST, "note", required=True)
    await report.close(CardReportOutcome(report.outcome), what, now=desk.now, by=desk.staff_id)
    return report
