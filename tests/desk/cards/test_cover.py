"""代班: while the custodian is away his deputy issues in his seat, and a manager never to his own customer (Notice 4)."""

from __future__ import annotations

from authz import Role
from models.cards import CardBack
from tests.desk.stock.handing import covered
from tests.digest import refused


async def test_a_deputy_takes_out_signs_and_hands_over(cards):
    await covered(cards, "he", "gao", Role.CARD_CUSTODIAN)
    card = await cards.draft_issue(await cards.request(), who="gao")
    card = await cards.signed_out(card, ("gao", "zhao"))
    card = await cards.hand_out(card, "gao")
    assert card.state == "ISSUED"
    assert (await CardBack.get(card_id=card.id)).clerk_id == cards.bank.staff["gao"].id


async def test_a_manager_who_stands_in_issues_to_others_and_not_to_his_own(cards):
    await cards.story.recorded("luo", "qian")
    await covered(cards, "he", "luo", Role.CARD_CUSTODIAN)
    his = await cards.request("luo", "qian")
    async with refused("CARD_ISSUED_BY_MANAGER", await cards.desk("luo")):
        await cards.draft_issue(his, who="luo")
    other = await cards.draft_issue(await cards.request(), who="luo")
    assert other.state == "DRAFTED"
