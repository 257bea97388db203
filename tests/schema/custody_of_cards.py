"""A customer's cards in the small bank with a whole history: Zhou has his, Qian's waits for him, Feng lost his."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from models.card_reports import CardReport
from models.cards import Card, CardBack, CardEvent
from models.movements import Signature
from models.serials import CardNumber
from models.vocabulary import Tier

if TYPE_CHECKING:
    from tests.schema.custody import Lot

OF = {"zhou": "lin", "qian": "luo", "feng": "tang"}
STATE = {"zhou": "ISSUED", "qian": "RESERVED", "feng": "LOST"}
LIVES = {
    "ISSUED": ("REQUESTED", "DRAFTED", "RESERVED", "ISSUED"),
    "RESERVED": ("REQUESTED", "DRAFTED", "RESERVED"),
    "LOST": ("REQUESTED", "DRAFTED", "RESERVED", "ISSUED", "LOST"),
}


async def cards(lot: Lot) -> None:
    customer, manager = lot.whole.cast.customers[lot.who], lot.staff(OF[lot.who])
    state, serial = STATE[lot.who], lot.first + 101
    number = str(CardNumber(Tier(lot.product.tier), lot.product.design, serial))
    asked: dict[str, Any] = {
        "product": lot.product, "customer": customer, "membership_id": lot.whole.ids["membership"][lot.who],
        "issuer": lot.centre, "form_signed_on": lot.at.date(), "requested_at": lot.at, "requested_by_id": manager.id,
        "requested_person_id": manager.person_id,
    }  # fmt: skip
    term = {
        "term_starts": lot.at.date(), "term_ends": lot.at.date() + dt.timedelta(days=730), "issued_at": lot.at,
        "issued_by_id": lot.keepers(lot.centre)[0].id, "identity_kind": "RESIDENT_ID",
    }  # fmt: skip
    card = await Card.create(
        number=number, serial=serial, state=state, version=len(LIVES[state]), form_number=f"FORM-{lot.word}", **asked,
        **(term if state != "RESERVED" else {}),
    )  # fmt: skip
    lot.add(card)
    issue = await lot.moved(
        "ISSUE", lot.centre, (101, 101, "IN_STOCK", "RESERVED"), card_id=card.id, reason=f"issue {lot.word}"
    )
    for step in await Signature.filter(movement_id=issue.id):
        lot.add(step, "" if step.step == "SIGN" else "countersigned")
    for version, became in enumerate(LIVES[state], start=1):
        event = await CardEvent.create(
            card=card, customer_id=customer.id, state=became, version=version, at=lot.at, recorded_at=lot.at,
            by_id=manager.id, reason=f"card event {lot.word}", cause="BY_HOLDER" if became == "LOST" else "",
        )  # fmt: skip
        lot.add(event, "" if version == 1 else str(version))
    if state != "RESERVED":
        await _back(lot, card)
    # The other card that a customer may have beside it: asked for, and nothing done yet.
    next_one = await Card.create(
        state="REFUSED" if lot.who == "qian" else "REQUESTED", replaces_id=card.id, renews=True,
        form_number=f"NEXT-{lot.word}", **asked,
    )  # fmt: skip
    lot.add(next_one, "next")
    await _report(lot, card)
    lot.tell("CARD", number, f"FORM-{lot.word}", f"NEXT-{lot.word}")
    lot.tell("WORDS", f"card event {lot.word}")
    lot.tell("CENTRE", f"issue {lot.word}")


async def _back(lot: Lot, card: Card) -> None:
    back = await CardBack.create(
        card=card, customer_id=card.customer_id, holder_name=f"背面{lot.word}", number=card.number, tier=lot.product.tier,
        issuer_name=lot.centre.name, issued_on=card.term_starts, valid_until=card.term_ends,
        customer_signed_on=card.term_starts, manager_name=lot.staff(OF[lot.who]).name, manager_phone=f"028-{lot.word}",
        clerk_id=card.issued_by_id, written_at=lot.at,
    )  # fmt: skip
    lot.add(back)
    lot.tell("CARD", f"028-{lot.word}")
    lot.tell("HOLDER", f"背面{lot.word}")


async def _report(lot: Lot, card: Card) -> None:
    """At a counter, where nobody is told whose card it is. Zhou's was of another bank, Qian's is closed."""
    teller = lot.staff("teller")
    kind, outcome = {
        "zhou": ("FOUND", "FOREIGN"),
        "qian": ("FOUND", "GIVEN_BACK"),
        "feng": ("LOST", "BLOCKED"),
    }[lot.who]
    closed = {"closed_at": lot.at, "closed_by_id": teller.id, "closing_note": f"sent back {lot.word}"}
    report = await CardReport.create(
        kind=kind, number=f"FOREIGN-{lot.word}", institution=lot.teller, note=f"in the bus {lot.word}", outcome=outcome,
        card_id=None if outcome == "FOREIGN" else card.id, reported_at=lot.at, reported_by_id=teller.id,
        identity_kind="RESIDENT_ID" if kind == "LOST" else "", **(closed if lot.who == "qian" else {}),
    )  # fmt: skip
    lot.add(report)
    lot.tell("REPORT", report.number, report.note, *([report.closing_note] if lot.who == "qian" else []))
