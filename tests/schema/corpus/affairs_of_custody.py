"""Card custody in the bank of the corpus: cards in every state, numbers in no segment, lists that wait for everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.card_reports import CardReport
from models.cards import Card, CardEvent
from models.customers import Customer
from models.designations import Designation
from models.destruction import DestructionLine, DestructionList
from models.filing import Filing
from models.institutions import SupervisionLine
from models.membership import Membership
from models.movements import Signature
from models.orders import CardOrder
from models.people import Assignment, Delegation, Recusal
from models.products import CardPrice, CardProduct, Manufacturer
from models.quotas import StockQuota
from models.segments import NumberSegment
from models.stock import StockAccount, StockDay, StockHolding
from models.stock_handovers import StockHandover, StockHandoverLine
from models.stocktakes import Stocktake, StocktakeLine
from tests.cast import START
from tests.conftest import NOW
from tests.schema.custody_books import moved
from tests.schema.whole import Whole

DAY = dt.timedelta(days=1)
TODAY = NOW.date()


async def custody(whole: Whole) -> None:
    product = await CardProduct.get(tier="HEAD_OFFICE", design="01")
    await _people(whole)
    await _orders(whole, product)
    await _stock(whole, product)
    await _lists(whole, product)
    await _cards(whole, product)
    await _segments(whole, await CardProduct.get(tier="BRANCH", design="01"))


async def _people(whole: Whole) -> None:
    """Pan fills the seats of He and of his supervisor at the centre; some named persons and lines are over, some to come."""
    staff = whole.cast.staff
    for principal in ("he", "zhao"):
        post = await Assignment.get(staff_id=staff[principal].id)
        await Delegation.create(
            principal=staff[principal], deputy=staff["pan" if principal == "he" else "wu"], assignment_id=post.id,
            role=post.role, valid_from=START, recorded_at=START, reason="leave", valid_to=NOW + DAY,
        )  # fmt: skip
    for n, (valid_from, valid_to) in enumerate(((START, NOW), (NOW + DAY, None), (NOW, NOW + DAY))):
        await Designation.create(
            staff=staff["gao"], institution=whole.cast.places["CDW"], duty="STOCK", valid_from=valid_from, valid_to=valid_to,
            recorded_at=START, reason=f"named {n}",
        )  # fmt: skip
        await SupervisionLine.create(
            staff_id=staff["gao"].id, supervisor_id=staff["zhao"].id, valid_from=valid_from, valid_to=valid_to,
            recorded_at=START, ended_at=valid_from if n == 1 else None, end_reason="moved" if n == 1 else "",
        )  # fmt: skip
    # A relative of a customer, who keeps the cards.
    customer = await Customer.get(number="CD00001")
    await Recusal.create(
        person_id=staff["he"].person_id, customer_id=customer.id, relation="SISTER", recorded_at=NOW
    )


async def _orders(whole: Whole, product: CardProduct) -> None:
    """In every state; of the drafts one was written by who might approve it."""
    cast, maker = whole.cast, await Manufacturer.get(code="TJHQ")
    await CardPrice.create(
        manufacturer=maker, currency="JPY", unit_price=30, effective_from=TODAY + DAY, recorded_at=NOW
    )
    officer = cast.staff["officer"]
    for n, (state, place, by) in enumerate(
        (
            ("DRAFT", "SC", "ku"),
            ("DRAFT", "SC", "pan"),
            ("DRAFT", "CDW", "he"),
            ("APPROVED", "SC", "ku"),
            ("PLACED", "CDW", "he"),
            ("RECEIVED", "JS", "mo"),
            ("CANCELLED", "SC", "ku"),
            ("SETTLED", "SC", "ku"),
        )
    ):
        maker_of_it = cast.staff[by]
        told: dict[str, Any] = {}
        if state not in {"DRAFT", "CANCELLED"}:
            told = {"approved_at": NOW, "approved_by_id": officer.id, "approved_person_id": officer.person_id}
        if state == "CANCELLED":
            told = {"cancelled_at": NOW, "cancelled_by_id": officer.id, "cancel_reason": "too many"}
        if state == "SETTLED":
            told |= {"received": 7, "defective": 2, "invoiced": 5 * 115, "invoice_number": "V-7", "settled_at": NOW}
            told |= {"settled_by_id": officer.id, "short_reason": "sold out"}
        await CardOrder.create(
            institution=cast.places[place], product=product, manufacturer=maker, number=f"O-{n}", quantity=10 + n % 3,
            currency="CNY", unit_price=115, amount=(10 + n % 3) * 115, state=state, reason=f"plan {n}",
            drafted_at=NOW - (n // 2) * DAY, drafted_by_id=maker_of_it.id, drafted_person_id=maker_of_it.person_id, **told,
        )  # fmt: skip


async def _stock(whole: Whole, product: CardProduct) -> None:
    """Numbers that no segment holds; an account that agrees with no other book; quotas that another has followed."""
    cast = whole.cast
    ku, he = (
        (cast.staff[one], cast.staff[other]) for one, other in (("ku", "jian"), ("he", "zhao"))
    )
    sichuan, centre = cast.places["SC"], cast.places["CDW"]
    order = await CardOrder.get(number="O-7")
    receipt = await moved("RECEIPT", sichuan, product, ku, (0, 99, "", "IN_STOCK"), at=NOW - 9 * DAY, order_id=order.id)
    out = await moved(
        "ALLOCATE_OUT", sichuan, product, ku, (0, 19, "IN_STOCK", "IN_TRANSIT"), (40, 49, "IN_STOCK", "IN_TRANSIT"),
        at=NOW - 8 * DAY, other_id=centre.id,
    )  # fmt: skip
    come = await moved(
        "ALLOCATE_IN", centre, product, he, (0, 19, "IN_TRANSIT", "IN_STOCK"), at=NOW - 7 * DAY, source_id=out.id,
        other_id=sichuan.id,
    )  # fmt: skip
    later = await moved(
        "ALLOCATE_OUT", sichuan, product, ku, (60, 69, "IN_STOCK", "IN_TRANSIT"), at=NOW - 8 * DAY, other_id=centre.id
    )
    waiting = await moved(
        "ALLOCATE_IN", centre, product, he, at=NOW - DAY, state="DRAFT", quantity=10, source_id=later.id, other_id=sichuan.id
    )
    await moved(
        "ALLOCATE_OUT", sichuan, product, ku, (70, 71, "IN_STOCK", "IN_TRANSIT"), at=NOW, state="SIGNED", other_id=centre.id
    )
    again = await moved("ADJUST", sichuan, product, ku, (80, 80, "IN_STOCK", "SPOILED"), at=NOW, state="SIGNED", cause="DAMAGED")
    # Edited since: the first signature is void, and Pan has signed in the seat of who keeps the cards.
    await Signature.filter(movement_id=again.id).update(voided_at=NOW)
    for step in await Signature.filter(movement_id=again.id):
        pan = cast.staff["pan"]
        await Signature.create(
            movement_id=again.id, step="SIGN", staff_id=pan.id, person_id=pan.person_id, for_staff_id=step.for_staff_id,
            institution_id=step.institution_id, digest=step.digest, signed_at=NOW,
        )  # fmt: skip
    whole.ids["stock_movement"] |= {"waiting here": waiting.id, "edited": again.id}
    for place, first, last, state, movement, to in (
        (sichuan, 20, 39, "IN_STOCK", receipt, None),
        (sichuan, 40, 49, "IN_TRANSIT", out, centre.id),
        (sichuan, 50, 50, "MISSING", receipt, None),
        (sichuan, 60, 69, "IN_TRANSIT", later, centre.id),
        (centre, 0, 6, "IN_STOCK", come, None),
        (centre, 8, 9, "RETURNED", come, None),
        (centre, 10, 19, "SPOILED", come, None),
    ):
        await StockHolding.create(
            product=product, institution=place, first_serial=first, last_serial=last, quantity=last - first + 1, state=state,
            was="IN_STOCK" if to else "", to_institution_id=to, movement_id=movement.id, since=NOW - DAY,
        )  # fmt: skip
    await StockAccount.create(institution=sichuan, product=product, received=100, in_stock=79, in_transit=20, missing=1)
    await StockAccount.create(
        institution=centre, product=product, came_in=20, in_stock=8, returned=2, spoiled=10, counted_on=TODAY - DAY
    )
    await StockAccount.create(institution=cast.places["NJW"], product=product)
    for n, (day, opening, came, went) in enumerate(
        ((TODAY - 7 * DAY, 0, 20, 0), (TODAY - 3 * DAY, 20, 0, 10), (TODAY, 9, 1, 2))
    ):
        await StockDay.create(
            institution=centre, product=product, day=day, opening=opening, came_in=came, went_out=went,
            closing=opening + came - went, movements=n + 1,
        )  # fmt: skip
    for n in range(3):
        await StockQuota.create(
            institution=centre, product=product, quantity=n, reason=f"year {n}", set_at=NOW - (n // 2) * DAY,
            set_by_id=cast.staff["pan"].id,
        )  # fmt: skip


async def _lists(whole: Whole, product: CardProduct) -> None:
    """Counts for the one counter and for the other; lists to be approved for either side, or to be watched."""
    cast = whole.cast
    staff = cast.staff
    for place, first, second, counted in (
        ("SC", "ku", "jian", None), ("CDW", "zhao", "han", NOW), ("JS", "mo", "bian", None),
    ):  # fmt: skip
        counting = await Stocktake.create(
            institution=cast.places[place], product=product, kind="MONTHLY", state="OPEN", book_quantity=9,
            first_counter=staff[first], second_counter=staff[second], opened_at=NOW, opened_by_id=staff["pan"].id,
            counted_at=counted,
        )  # fmt: skip
        for finding in ("BOOK", "COUNTED", "MISSING", "EXTRA"):
            await StocktakeLine.create(
                stocktake=counting, finding=finding, state="IN_STOCK" if finding in {"BOOK", "MISSING"} else "",
                first_serial=3, last_serial=4, quantity=2,
            )  # fmt: skip
    for n, (watching, done) in enumerate(
        (
            (("pan", "deng"), {}),
            (("auditor", "zhang"), {}),
            (("deng", "gao"), {"accounting": "zhang"}),
            (("deng", "pan"), {"audit": "auditor"}),
            (("deng", "wu"), {"accounting": "zhang", "audit": "auditor"}),
        )
    ):
        told: dict[str, Any] = {}
        for side, who in done.items():
            told |= {f"{side}_at": NOW, f"{side}_by_id": staff[who].id, f"{side}_person_id": staff[who].person_id}
        listed = await DestructionList.create(
            institution=cast.places["SC"], product=product, state="DRAFT", quantity=2, digest="0" * 64, reason=f"cut {n}",
            listed_at=NOW - (n // 2) * DAY, listed_by_id=staff["ku"].id, listed_person_id=staff["ku"].person_id,
            first_witness=staff[watching[0]], second_witness=staff[watching[1]], **told,
        )  # fmt: skip
        for first in (90, 92):
            await DestructionLine.create(destruction=listed, first_serial=first, last_serial=first, quantity=1)
        if len(done) == 2:
            await DestructionList.filter(id=listed.id).update(state="APPROVED", first_witnessed_at=NOW)
            # Who has approved it does not book it.
            await moved(
                "DESTROY", cast.places["SC"], product, (staff["ku"], staff["jian"]), (90, 90, "TO_DESTROY", "DESTROYED"),
                at=NOW, state="SIGNED", destruction_id=listed.id,
            )  # fmt: skip
    for giver, receiver, witness, second in (("ku", "pan", "han", None), ("gao", "he", "zhao", "lin")):
        handing = await StockHandover.create(
            giver=staff[giver], receiver=staff[receiver], witness=staff[witness],
            second_witness_id=staff[second].id if second else None, institution=cast.places["SC" if giver == "ku" else "CDW"],
            state="DRAWN_UP", quantity=20, digest="0" * 64, reason=f"leave {giver}", drawn_up_at=NOW,
            drawn_up_by_id=staff["pan"].id,
        )  # fmt: skip
        for first, state in ((20, "IN_STOCK"), (10, "SPOILED")):
            await StockHandoverLine.create(
                handover=handing, product=product, state=state, first_serial=first, last_serial=first + 9, quantity=10
            )


async def _cards(whole: Whole, product: CardProduct) -> None:
    """Of each verdict one at least; requests that He may not take up; a list for a card whose holder is Wu's relative."""
    cast = whole.cast
    he = (cast.staff["he"], cast.staff["zhao"])
    centre = cast.places["CDW"]
    verdicts: tuple[tuple[str, str, dict[str, Any], int], ...] = (
        ("CD00000", "ISSUED", {"state": "ACTIVE", "tier": "HEAD_OFFICE", "term_ends": TODAY}, 0),
        ("CD00002", "ISSUED", {"state": "ACTIVE", "tier": "BRANCH", "term_ends": TODAY + DAY}, 1),
        ("CD00004", "ISSUED", {"state": "SUSPENDED", "term_ends": TODAY + DAY}, 1),
        ("CD00005", "ISSUED", {"state": "ACTIVE", "term_ends": TODAY - DAY}, 1),
        ("MY00000", "ISSUED", {"state": "REVIEW_DUE", "tier": "HEAD_OFFICE"}, -1),
        ("MY00001", "EXPIRED", {}, -1),
        ("NJ00000", "VOIDED", {}, 9),
        ("NJ00001", "CANCELLED", {}, 9),
        ("NJ00002", "RETURNED", {}, 9),
        ("CD00001", "REQUESTED", {}, 0),
        ("CD00003", "REQUESTED", {}, 0),
        ("MY00002", "DRAFTED", {}, 0),
    )
    for n, (number, state, changed, days) in enumerate(verdicts):
        customer = await Customer.get(number=number)
        member = await Membership.get(customer_id=customer.id)
        if changed:
            filing = await Filing.filter(membership_id=member.id).first()
            held = {"filing_id": filing.id if filing else None, "term_starts": TODAY - 400 * DAY}
            await Membership.filter(id=member.id).update(**{"term_ends": TODAY + 9 * DAY} | held | changed)
        manager = cast.staff["he" if number == "CD00003" else "luo"]
        asked = state in {"REQUESTED", "DRAFTED"}
        term = {} if asked else {
            "term_starts": TODAY - 30 * DAY, "term_ends": TODAY + days * DAY, "issued_at": NOW - 30 * DAY,
            "issued_by_id": he[0].id,
        }  # fmt: skip
        serial = None if state == "REQUESTED" else 1000 + n
        card = await Card.create(
            product=product, customer=customer, membership_id=member.id, issuer=centre, state=state, version=2, serial=serial,
            number=None if serial is None else product.number(serial), form_number=f"form {n}", form_signed_on=TODAY,
            requested_at=NOW - (n // 2) * DAY, requested_by_id=manager.id, requested_person_id=manager.person_id,
            renews=n % 2 == 0, over_at=NOW if state in {"EXPIRED", "VOIDED"} else None, **term,
        )  # fmt: skip
        await CardEvent.create(
            card=card, customer_id=customer.id, state=state, version=2, at=NOW, recorded_at=NOW, by_id=None,
            cause="REPLACED" if n % 2 else "", reason=f"so {number}",
        )  # fmt: skip
        if serial is not None:
            await moved(
                "ISSUE", centre, product, he, (serial, serial, "IN_STOCK", "RESERVED"), at=NOW, card_id=card.id,
                state="DRAFT" if n % 3 == 0 else "SIGNED" if n % 3 == 1 else "POSTED", reason=f"for {number}",
            )  # fmt: skip
    for n, place in enumerate(("CDO", "CD", "NJ")):
        await CardReport.create(
            kind="LOST" if n else "FOUND", number=f"R-{n}", institution=cast.places[place], note="found", outcome="TO_ISSUER",
            reported_at=NOW - n * DAY, reported_by_id=cast.staff["teller"].id, closed_at=NOW if n == 1 else None,
        )  # fmt: skip


async def _segments(whole: Whole, product: CardProduct) -> None:
    """Within one another, beside one another, and taken back; most numbers of the product are in none."""
    cast = whole.cast
    common: dict[str, Any] = {"product": product, "divided_at": START, "divided_by_id": cast.staff["officer"].id}
    above: NumberSegment | None = None
    for depth, (place, last) in enumerate((("SC", 999), ("CD", 99), ("CDJ", 9))):
        above = await NumberSegment.create(
            first_serial=0, last_serial=last, institution=cast.places[place], depth=depth, parent=above, **common
        )
    await NumberSegment.create(
        first_serial=2000, last_serial=2999, institution=cast.places["JS"], depth=0, withdrawn_at=NOW,
        withdrawn_by_id=cast.staff["officer"].id, **common,
    )  # fmt: skip
    await NumberSegment.create(
        first_serial=3000, last_serial=3000, institution=cast.places["JS"], depth=0, **common
    )
