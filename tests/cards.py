"""A card's life, told step by step: Lin requests, He takes one out and Zhao countersigns, He hands it to Zhou."""

from __future__ import annotations

import datetime as dt
from typing import Any

from desk.cards.cancelling import cancel_card, expire_card
from desk.cards.handing_out import hand_out_card
from desk.cards.issuing import draft_card_issue
from desk.cards.reporting import close_card_report, give_back_card, report_card
from desk.cards.requesting import request_card
from desk.cards.returning import draft_card_return, take_in_card
from desk.cards.verifying import verify_card
from desk.cards.voiding import draft_card_void
from models.card_reports import CardReport
from models.cards import Card, CardEvent
from models.custody import CardCause, CardReportKind
from models.movements import StockMovement
from models.vocabulary import IdentityKind
from tests.cast import CUSTOMERS
from tests.custody import Custody
from tests.life import on
from tests.story import Story

IDENTITY = {key: identity for key, _, identity, _, _ in CUSTOMERS}
BY = ("he", "zhao")


class Cards(Custody):
    """Acts take the person by name and fill in what is ordinary."""

    @property
    def story(self) -> Story:
        return Story(self.bank, self.policy)

    async def filled(self) -> Cards:
        """Zhou is a member since today, and the centre of Chengdu has a hundred cards."""
        await self.story.recorded()
        await self.stocked((0, 999))
        await self.arrived((0, 99))
        return self

    def number(self, serial: int) -> str:
        return self.product.number(serial)

    async def now(self, card: Card) -> Card:
        return await Card.get(id=card.id)

    async def request(self, who: str = "lin", customer: str = "zhou", **said: Any) -> Card:
        told = {
            "customer_id": self.bank.customers[customer].id,
            "issuer_id": self.place("CDW").id,
            "form_number": "F-1",
            "form_signed_on": (await self.desk(who)).today,
        }
        return await request_card(await self.desk(who), **told | said)

    async def draft_issue(self, card: Card, serial: int = 7, who: str = "he", **said: Any) -> Card:
        told = {"card_id": card.id, "version": card.version, "number": self.number(serial)}
        return await draft_card_issue(await self.desk(who), **told | said)

    async def movement(self, card: Card) -> StockMovement:
        """What was drafted for it last."""
        found = await StockMovement.filter(card_id=card.id).order_by("-drafted_at")
        return next((one for one in found if one.state in ("DRAFT", "SIGNED")), found[0])

    async def signed_out(self, card: Card, by: tuple[str, str] = BY) -> Card:
        await self.posted(await self.movement(card), by)
        return await self.now(card)

    async def reserved(self, serial: int = 7, **said: Any) -> Card:
        return await self.signed_out(await self.draft_issue(await self.request(**said), serial))

    async def hand_out(self, card: Card, who: str = "he", customer: str = "zhou", **said: Any) -> Card:
        desk = await self.desk(who)
        told = {
            "card_id": card.id,
            "version": card.version,
            "identity_kind": IdentityKind.RESIDENT_ID,
            "identity_number": IDENTITY[customer],
            "manager_phone": "028-86667777",
            "customer_signed_on": desk.today,
        }
        return await hand_out_card(desk, **told | said)

    async def issued_from(self, card: Card, serial: int = 7) -> Card:
        return await self.hand_out(await self.signed_out(await self.draft_issue(card, serial)))

    async def issued(self, serial: int = 7, **said: Any) -> Card:
        return await self.hand_out(await self.reserved(serial, **said))

    async def void(self, card: Card, who: str = "he", **said: Any) -> Card:
        told = {
            "card_id": card.id,
            "version": card.version,
            "cause": CardCause.WRONG_BACK,
            "reason": "the date is wrong",
        }
        return await draft_card_void(await self.desk(who), **told | said)

    async def give_in(self, card: Card, who: str = "he", **said: Any) -> Card:
        told = {
            "card_id": card.id,
            "version": card.version,
            "cause": CardCause.BY_HOLDER,
            "reason": "no longer wanted",
        }
        return await draft_card_return(await self.desk(who), **told | said)

    async def cancel(self, card: Card, who: str = "lin", **said: Any) -> Card:
        told = {"card_id": card.id, "version": card.version, "reason": "the holder's wish"}
        return await cancel_card(await self.desk(who), **told | said)

    async def expire(self, card: Card, who: str = "lin") -> Card:
        return await expire_card(await self.desk(who), card_id=card.id, version=card.version)

    async def lost(self, number: str, who: str = "teller", place: str = "CDO", **said: Any) -> CardReport:
        told = {
            "kind": CardReportKind.LOST,
            "number": number,
            "institution_id": self.place(place).id,
            "identity_kind": IdentityKind.RESIDENT_ID,
            "note": "in the bus",
        }
        return await report_card(await self.desk(who), **told | said)

    async def found(self, number: str, who: str = "teller", place: str = "CDO", **said: Any) -> CardReport:
        return await self.lost(
            number, who, place, **{"kind": CardReportKind.FOUND, "identity_kind": None} | said
        )

    async def take_in(self, report: CardReport, who: str = "qi", **said: Any) -> CardReport:
        return await take_in_card(
            await self.desk(who), report_id=report.id, **{"reason": "nobody asked for it"} | said
        )

    async def give_back(self, card: Card, who: str = "lin", **said: Any) -> Card:
        told = {
            "card_id": card.id,
            "version": card.version,
            "identity_kind": IdentityKind.RESIDENT_ID,
            "note": "behind the sofa",
        }
        return await give_back_card(await self.desk(who), **told | said)

    async def close(self, report: CardReport, who: str = "he", **said: Any) -> CardReport:
        return await close_card_report(
            await self.desk(who), report_id=report.id, **{"note": "sent by courier"} | said
        )

    async def verdict(self, card: Card | str, who: str = "teller") -> str:
        number = card if isinstance(card, str) else card.number or ""
        return (await verify_card(await self.desk(who), number=number)).value

    async def told(self, card: Card) -> list[tuple[str, str]]:
        """States and causes, as its events tell them."""
        return [
            (event.state, event.cause)
            for event in await CardEvent.filter(card_id=card.id).order_by("version")
        ]

    def on(self, day: dt.date, at: str = "10:00:00") -> None:
        """From now on it is this moment in Shanghai."""
        on(self.story, day, at)
