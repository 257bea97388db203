"""Verifying (验卡, Art. 3): whether a card is the basis of service today, or why not, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from tortoise.transactions import in_transaction

from authz import Action, Kind
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.errors import Forbidden
from desk.sights.cards import VERDICT
from desk.sights.sight import TODAY
from desk.trail import ALLOW, Entry
from models.custody import CardVerdict
from models.serials import BadVipCardNumber, card_number


async def verify_card(desk: Desk, *, number: str) -> CardVerdict:
    """For whoever serves, at any branch: what the card's number is worth at this moment.

    NO_SUCH_CARD for a number that is no customer's card, whether it is in a stock or was never made. One statement,
    whatever it finds. Who asked is on record, in the customer's trail where there is one, before anybody is told; the
    verdict is not, for who keeps the trail sees no customer's status. BAD_VIP_CARD_NUMBER, also on record; FORBIDDEN for
    who serves nobody.
    """
    at_work = replace(desk, operation="verifyCard", in_act=True)
    try:
        if not at_work.may_somewhere(Action.VERIFY, Kind.CARD):
            raise Forbidden
        given = str(card_number(number))
    except (Forbidden, BadVipCardNumber) as refused:
        await at_work.refuse("card", refused.code)
        raise
    return await at_work.look_again(lambda: _verify(at_work, given))


# Not an `act`, which answers with a row; but a word of the graph like one.
verify_card.__setattr__("act", "verifyCard")


async def _verify(desk: Desk, number: str) -> CardVerdict:
    async with in_transaction():
        await desk.must_be_fresh()
        s = Statement(is_postgres())
        verdict = VERDICT.replace(TODAY, s.bind(desk.today))
        rows = await fetch(
            s,
            f"SELECT t.id, t.customer_id, {verdict} AS verdict FROM card t WHERE t.number = {s.bind(number)}",
        )
        found = CardVerdict(rows[0]["verdict"]) if rows else CardVerdict.NO_SUCH_CARD
        await desk.record(
            Entry(
                desk.operation,
                ALLOW,
                "card",
                object_id=as_uuid(rows[0]["id"]) if rows else None,
                customer_id=as_uuid(rows[0]["customer_id"]) if rows else None,
            )
        )
    return found
