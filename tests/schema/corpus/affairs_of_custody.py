"""Card custody in the bank of the corpus: orders in every state, numbers in no segment, lists that wait for everybody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.customers import Customer
from models.designations import Designation
from models.institutions import SupervisionLine
from models.movements import Signature
from models.orders import CardOrder
from models.people import Assignment, Delegation, Recusal
from models.products import CardPrice, CardProduct, Manufacturer
from models.quotas import StockQuota
from models.stock import StockAccount, StockDay, StockHolding
from tests.cast import START
from tests.conftest import NOW
from tests.schema.corpus.affairs_of_cards import cards, lists, segments
from tests.schema.custody_books import moved
from tests.schema.whole import Whole

DAY = dt.timedelta(days=1)
TODAY = NOW.date()


async def custody(whole: Whole) -> None:
    product = await CardProduct.get(tier="HEAD_OFFICE", design="01")
    await _people(whole)
    await _orders(whole, product)
    await _stock(whole, product)
    await lists(whole, product)
    await cards(whole, product)
    await segments(whole, await CardProduct.get(tier="BRANCH", design="01"))


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
            recorded_at=START,
            ended_at=valid_to if n == 0 else None, reason=f"named {n}",
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
            ("RECEIVED", "SC", "ku"),
            ("APPROVED", "CDW", "he"),
        )
    ):
        maker_of_it = cast.staff[by]
        told: dict[str, Any] = {}
        if state not in {"DRAFT", "CANCELLED"}:
            told = {"approved_at": NOW, "approved_by_id": officer.id, "approved_person_id": officer.person_id}
        if state == "CANCELLED":
            told = {"cancelled_at": NOW, "cancelled_by_id": officer.id, "cancel_reason": "too many"}
        if state == "SETTLED":
            told |= {
                "received": 7,
                "defective": 2,
                "invoiced": 5 * 115,
                "invoice_number": "V-7",
                "settled_at": NOW,
            }
            told |= {"settled_by_id": officer.id, "short_reason": "sold out"}
        await CardOrder.create(
            institution=cast.places[place], product=product, manufacturer=maker, number=f"O-{n}", quantity=10 + n % 3,
            currency="CNY", unit_price=115, amount=(10 + n % 3) * 115, state=state, reason=f"plan {n}",
            drafted_at=NOW - (n // 2) * DAY, drafted_by_id=maker_of_it.id, drafted_person_id=maker_of_it.person_id, **told,
        )  # fmt: skip


async def _stock(whole: Whole, product: CardProduct) -> None:
    """Numbers that no segment holds; an account that agrees with no other book; quotas that another has followed."""
    cast = whole.cast
    ku, he = ((cast.staff[one], cast.staff[other]) for one, other in (("ku", "jian"), ("he", "zhao")))
    sichuan, centre = cast.places["SC"], cast.places["CDW"]
    order = await CardOrder.get(number="O-7")
    receipt = await moved(
        "RECEIPT", sichuan, product, ku, (0, 99, "", "IN_STOCK"), at=NOW - 9 * DAY, order_id=order.id
    )
    out = await moved(
        "ALLOCATE_OUT", sichuan, product, ku, (0, 19, "IN_STOCK", "IN_TRANSIT"), (40, 49, "IN_STOCK", "IN_TRANSIT"),
        at=NOW - 8 * DAY, other_id=centre.id,
    )  # fmt: skip
    come = await moved(
        "ALLOCATE_IN", centre, product, he, (0, 19, "IN_TRANSIT", "IN_STOCK"), at=NOW - 7 * DAY, source_id=out.id,
        other_id=sichuan.id,
    )  # fmt: skip
    later = await moved(
        "ALLOCATE_OUT",
        sichuan,
        product,
        ku,
        (60, 69, "IN_STOCK", "IN_TRANSIT"),
        at=NOW - 8 * DAY,
        other_id=centre.id,
    )
    waiting = await moved(
        "ALLOCATE_IN",
        centre,
        product,
        he,
        at=NOW - DAY,
        state="DRAFT",
        quantity=10,
        source_id=later.id,
        other_id=sichuan.id,
    )
    await moved(
        "ALLOCATE_OUT",
        sichuan,
        product,
        ku,
        (70, 71, "IN_STOCK", "IN_TRANSIT"),
        at=NOW,
        state="SIGNED",
        other_id=centre.id,
    )
    again = await moved(
        "ADJUST",
        sichuan,
        product,
        ku,
        (80, 80, "IN_STOCK", "SPOILED"),
        at=NOW,
        state="SIGNED",
        cause="DAMAGED",
    )
    # Lin is in nobody's line; Ku is in Jian's, who has no post at the centre: these can only be rejected.
    for n, signer in enumerate(("lin", "ku")):
        by = (cast.staff[signer], cast.staff["zhao"])
        await moved(
            "ADJUST", centre, product, by, (n, n, "IN_STOCK", "SPOILED"), at=NOW, state="SIGNED", cause="DAMAGED"
        )  # fmt: skip
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
    await StockAccount.create(
        institution=sichuan, product=product, received=100, in_stock=79, in_transit=20, missing=1
    )
    await StockAccount.create(
        institution=centre,
        product=product,
        came_in=20,
        in_stock=8,
        returned=2,
        spoiled=10,
        counted_on=TODAY - DAY,
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
