"""The card holders of the demo: two customers become members; one is handed a card, the other has asked for one."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from desk.cards.handing_out import hand_out_card
from desk.cards.issuing import draft_card_issue
from desk.cards.requesting import request_card
from desk.clock import business_day
from desk.filing import record_filing, submit_filing
from desk.membership import give_consent, register
from examples.demo.at_work import CHENGDU_CENTRE, FIRST, HE, LIN, LUO, ZHAO, Sit, place, posted, product
from examples.demo.places import CHENGDU
from models.cards import Card
from models.custody import CardState, MovementKind
from models.customers import Customer
from models.filing import Filing
from models.movements import StockMovement
from models.standards import Evaluation
from models.vocabulary import ConsentForm, FilingState, IdentityKind, MembershipState

HOLDER, ASKING = "C00000006", "C00000009"
"""高远 and 姜文远, both served by Lin."""
SIGNED_AT = dt.datetime(2026, 11, 2, 2, 0, tzinfo=dt.UTC)
"""When both signed their forms: the first working day after the last month that the demo tells of."""


async def issue_cards(sit: Sit, folder: Path) -> None:
    """`folder` has the bank's files: a holder shows the document that is there.

    Where the clock stands before the demo's figures, nobody has passed and nobody gets a card.
    """
    for number in (HOLDER, ASKING):
        if not await _admitted(sit, number):
            return
        card = await request_card(
            await sit(LIN),
            customer_id=(await Customer.get(number=number)).id,
            issuer_id=await place(CHENGDU_CENTRE),
            form_number=f"LK-{number}",
            form_signed_on=business_day(SIGNED_AT),
            idempotency_key=f"demo: card of {number}",
        )
        if number == HOLDER:
            await _handed_out(sit, card, folder)


async def _admitted(sit: Sit, number: str) -> bool:
    """Consent, form, filing and record (备案), by his manager and the recorder. False for who has not passed."""
    customer = await Customer.get(number=number)
    passed = Evaluation.filter(customer_id=customer.id, passed=True).order_by("-as_of", "-recorded_at")
    evaluation = await passed.first()
    desk = await sit(LIN)
    if evaluation is None or desk.now < SIGNED_AT:
        return False
    consent = await give_consent(
        desk,
        customer_id=customer.id,
        form=ConsentForm.WRITTEN,
        document="demo binder 1",
        notice_version="2026-01",
        given_at=SIGNED_AT,
        idempotency_key=f"demo: consent of {number}",
    )
    member = await register(
        desk,
        customer_id=customer.id,
        consent_id=consent.id,
        centre_id=await place(CHENGDU_CENTRE),
        registered_at=SIGNED_AT,
        idempotency_key=f"demo: form of {number}",
    )
    if member.state == MembershipState.APPLIED:
        await submit_filing(
            desk,
            membership_id=member.id,
            evaluation_id=evaluation.id,
            submitted_to_id=await place(CHENGDU),
        )
    filing = await Filing.get_or_none(membership_id=member.id, state=FilingState.SUBMITTED)
    if filing is not None:
        await record_filing(await sit(LUO), filing_id=filing.id, version=filing.version)
    return True


async def _handed_out(sit: Sit, card: Card, folder: Path) -> None:
    """Taken out of the stock, signed out by two, and handed to the holder, who shows who he is and signs."""
    if card.state == CardState.REQUESTED:
        number = (await product()).number(FIRST)
        card = await draft_card_issue(await sit(HE), card_id=card.id, version=card.version, number=number)
    if card.state == CardState.DRAFTED:
        issue = await StockMovement.get(card_id=card.id, kind=MovementKind.ISSUE)
        await posted(sit, issue, HE, ZHAO)
        card = await Card.get(id=card.id)
    if card.state == CardState.RESERVED:
        desk = await sit(HE)
        kind, shown = _document(folder, HOLDER)
        await hand_out_card(
            desk,
            card_id=card.id,
            version=card.version,
            identity_kind=kind,
            identity_number=shown,
            manager_phone="028-55550101",
            customer_signed_on=desk.today,
        )


def _document(folder: Path, number: str) -> tuple[IdentityKind, str]:
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["number"] == number)
    return IdentityKind(row["identity_kind"]), row["identity_number"]
