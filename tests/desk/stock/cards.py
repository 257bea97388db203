"""A customer's card as a row, for what only looks at it."""

from __future__ import annotations

from models.cards import Card
from models.custody import CardState
from models.membership import Membership
from tests.cast import START
from tests.custody import Custody
from tests.story import Story


async def card_of(custody: Custody, serial: int, issuer: str, state: CardState = CardState.CANCELLED) -> Card:
    """One that the institution issued to Zhou, and that is over if not said otherwise."""
    bank, product = custody.bank, custody.product
    zhou, lin = bank.customers["zhou"], bank.staff["lin"]
    member = await Membership.filter(customer_id=zhou.id).first()
    member = member or await Story(bank, custody.policy).member()
    return await Card.create(
        number=product.number(serial),
        product=product,
        serial=serial,
        customer=zhou,
        membership=member,
        issuer=custody.place(issuer),
        state=state,
        form_number="F-1",
        form_signed_on=START.date(),
        requested_at=START,
        requested_by_id=lin.id,
        requested_person_id=lin.person_id,
        term_starts=START.date(),
        term_ends=START.date().replace(year=START.year + 20),
        issued_at=START,
        issued_by_id=bank.staff["he"].id,
    )
