"""Cards of every worth in the bank of the corpus, and what is counted, cut, handed over and divided of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.card_reports import CardReport
from models.cards import Card, CardEvent
from models.customers import Customer
from models.destruction import DestructionLine, DestructionList
from models.filing import Filing
from models.membership import Membership
from models.products import CardProduct
from models.segments import NumberSegment
from models.stock_handovers import StockHandover, StockHandoverLine
from models.stocktakes import Stocktake, StocktakeLine
from tests.cast import START
from tests.conftest import NOW
from tests.schema.custody_books import moved
from tests.schema.whole import Whole

DAY = dt.timedelta(days=1)
TODAY = NOW.date()


async def lists(whole: Whole, product: CardProduct) -> None:
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
    await _differing(whole)
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
            told |= {
                f"{side}_at": NOW,
                f"{side}_by_id": staff[who].id,
                f"{side}_person_id": staff[who].person_id,
            }
        listed = await DestructionList.create(
            institution=cast.places["SC"], product=product, state="DRAFT", quantity=2, digest="0" * 64, reason=f"cut {n}",
            listed_at=NOW - (n // 2) * DAY, listed_by_id=staff["ku"].id, listed_person_id=staff["ku"].person_id,
            first_witness=staff[watching[0]], second_witness=staff[watching[1]], **told,
        )  # fmt: skip
        for first in (90, 92):
            await DestructionLine.create(
                destruction=listed, first_serial=first, last_serial=first, quantity=1
            )
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
            second_witness_signed_at=NOW if second else None,
            drawn_up_by_id=staff["pan"].id,
        )  # fmt: skip
        for first, state in ((20, "IN_STOCK"), (10, "SPOILED")):
            await StockHandoverLine.create(
                handover=handing,
                product=product,
                state=state,
                first_serial=first,
                last_serial=first + 9,
                quantity=10,
            )


async def _differing(whole: Whole) -> None:
    """Counts of another product that differ: not explained, explained or being booked, and booked but put right again."""
    cast = whole.cast
    product = await CardProduct.get(tier="BRANCH", design="01")
    by = (cast.staff["he"], cast.staff["zhao"])
    for n, (place, booked) in enumerate((("SC", ""), ("CDW", "DRAFT"), ("CD", "POSTED"))):
        first, second = ("ku", "jian") if place == "SC" else ("he", "zhao")
        counting = await Stocktake.create(
            institution=cast.places[place], product=product, kind="SURPRISE", state="OPEN", book_quantity=9,
            first_counter=cast.staff[first], second_counter=cast.staff[second], opened_at=NOW - DAY, counted_at=NOW,
            opened_by_id=cast.staff["pan"].id, confirmed_at=NOW, counted_quantity=8,
        )  # fmt: skip
        told = {"explanation": "from the branch", "explained_at": NOW} if booked else {}
        await StocktakeLine.create(
            stocktake=counting, finding="EXTRA", state="", first_serial=40 + n, last_serial=40 + n, quantity=1, **told
        )  # fmt: skip
        if booked:
            gone = await moved(
                "ADJUST", cast.places[place], product, by, (50, 50, "IN_STOCK", "MISSING"), at=NOW, state=booked,
                stocktake_id=counting.id,
            )  # fmt: skip
            await StocktakeLine.create(
                stocktake=counting, finding="MISSING", state="IN_STOCK", first_serial=50, last_serial=50, quantity=1,
                movement_id=gone.id,
            )  # fmt: skip
        if booked == "POSTED":
            await moved(
                "REVERSE", cast.places[place], product, by, (50, 50, "MISSING", "IN_STOCK"), at=NOW, source_id=gone.id
            )  # fmt: skip
        await Stocktake.filter(id=counting.id).update(state="DIFFERENCE")


async def cards(whole: Whole, product: CardProduct) -> None:
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


async def segments(whole: Whole, product: CardProduct) -> None:
    """Within one another, beside one another, and taken back; most numbers of the product are in none."""
    cast = whole.cast
    common: dict[str, Any] = {
        "product": product,
        "divided_at": START,
        "divided_by_id": cast.staff["officer"].id,
    }
    above: NumberSegment | None = None
    for depth, (place, last) in enumerate((("SC", 999), ("CD", 99), ("CDJ", 9))):
        above = await NumberSegment.create(
            first_serial=0,
            last_serial=last,
            institution=cast.places[place],
            depth=depth,
            parent=above,
            **common,
        )
    await NumberSegment.create(
        first_serial=2000, last_serial=2999, institution=cast.places["JS"], depth=0, withdrawn_at=NOW,
        withdrawn_by_id=cast.staff["officer"].id, **common,
    )  # fmt: skip
    await NumberSegment.create(
        first_serial=3000, last_serial=3000, institution=cast.places["JS"], depth=0, **common
    )
