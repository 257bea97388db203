"""A list of stock with its lines and as many signatures as its state needs, in the order that the database's guards allow."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.institutions import Institution
from models.movements import MovementLine, Signature, StockMovement
from models.people import Staff
from models.products import CardProduct

STEPS = {"DRAFT": (), "SIGNED": ("SIGN",), "REJECTED": ("SIGN",), "POSTED": ("SIGN", "COUNTERSIGN")}


async def moved(
    kind: str,
    place: Institution,
    product: CardProduct,
    by: tuple[Staff, Staff],
    *lines: tuple[int, int, str, str],
    at: dt.datetime,
    state: str = "POSTED",
    **more: Any,
) -> StockMovement:
    """`lines`: first and last serial, and what the cards were and become. Nothing lies anywhere by it yet."""
    made = StockMovement(
        kind=kind, state="DRAFT", product_id=product.id, institution_id=place.id, drafted_at=at, drafted_by_id=by[0].id,
        **{"quantity": sum(last - first + 1 for first, last, *_ in lines)} | more,
    )  # fmt: skip
    listed = [
        MovementLine(
            movement_id=made.id, product_id=product.id, first_serial=first, last_serial=last, quantity=last - first + 1,
            from_state=was, to_state=becomes,
        )
        for first, last, was, becomes in lines
    ]  # fmt: skip
    made.digest = made.content(listed)
    await made.save(force_create=True)
    for one in listed:
        await one.save(force_create=True)
    await become(made, by, state, at)
    return made


async def become(made: StockMovement, by: tuple[Staff, Staff], state: str, at: dt.datetime) -> None:
    """Signed by the one, countersigned or refused by the other."""
    for n, (step, staff) in enumerate(zip(STEPS[state], by, strict=False)):
        await Signature.create(
            movement_id=made.id, step=step, staff_id=staff.id, person_id=staff.person_id, for_staff_id=staff.id,
            institution_id=made.institution_id, digest=made.digest, signed_at=at + dt.timedelta(minutes=n + 1),
        )  # fmt: skip
    changed: dict[str, Any] = {"state": state, "version": 1 + len(STEPS[state])}
    if state == "POSTED":
        changed |= {"posted_at": at + dt.timedelta(minutes=2), "posted_on": at.date()}
    if state == "REJECTED":
        changed |= {"rejected_at": at, "rejected_by_id": by[1].id, "reject_reason": f"refused {made.reason}"}
    if state != "DRAFT":
        await made.update_from_dict(changed).save(update_fields=list(changed))
