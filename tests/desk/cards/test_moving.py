"""A centre moves to another branch only when no card for this one's customers is under way there (Notice 4)."""

from __future__ import annotations

from desk.institutions import move_institution
from tests.digest import refused


async def test_a_centre_with_a_card_to_hand_out_stays(cards):
    await cards.reserved(7)
    desk = await cards.desk("officer")
    async with refused("CARD_UNDER_WAY", desk):
        await move_institution(
            desk, institution_id=cards.place("CDW").id, parent_id=cards.place("MY").id, reason="reform"
        )


async def test_its_branch_takes_it_along(cards):
    """Branch, centre and customers go together, so that the card is handed out as if nothing had happened."""
    card = await cards.reserved(7)
    await move_institution(
        await cards.desk("officer"),
        institution_id=cards.place("CD").id,
        parent_id=cards.place("JS").id,
        reason="reform",
    )
    assert (await cards.hand_out(card)).state == "ISSUED"
