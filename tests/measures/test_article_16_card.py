"""Article 16: a card is valid for two years, void after that, and renewed only for who is verified anew."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.months import run_month
from models.cards import Card
from models.membership import Membership
from models.reference import CalendarDay
from models.terms import review_from
from tests.cards import Cards
from tests.digest import refused
from tests.life import member, review, verified

pytestmark = pytest.mark.measure("A16a")
DAY = dt.timedelta(days=1)


async def no(cards: Cards, code: str, **said: object) -> None:
    async with refused(code, await cards.desk("lin")):
        await cards.request(form_number="F-2", **said)


async def renewed(cards: Cards) -> Membership:
    """His membership is reviewed and filed anew, for another two years."""
    membership = await member(cards.story)
    cards.on(review_from(membership.term_ends))
    await review(cards.story, membership)
    filing = await cards.story.submit(membership, await verified(cards.story))
    await cards.story.record(filing)
    return await member(cards.story)


async def holidays(*days: dt.date) -> None:
    for day in days:
        await CalendarDay.create(day=day, kind="HOLIDAY", name="春节")


@pytest.mark.parametrize(
    ("handed", "until"),
    [
        (dt.date(2026, 11, 30), dt.date(2028, 11, 30)),
        (dt.date(2028, 2, 28), dt.date(2030, 2, 28)),
        (dt.date(2028, 2, 29), dt.date(2030, 2, 28)),
        (dt.date(2027, 3, 1), dt.date(2029, 3, 1)),
    ],
)
def test_two_years_by_the_calendar(handed, until):
    assert Card().term(None, handed, {}) == (handed, until)


def test_the_end_of_february_is_the_end_of_february():
    assert Card().term(None, dt.date(2026, 2, 28), {}) == (dt.date(2026, 2, 28), dt.date(2028, 2, 28))


async def test_a_holiday_moves_the_last_day(cards):
    await holidays(*(dt.date(2028, 11, 27) + count * DAY for count in range(3)))
    assert (await cards.issued()).term_ends == dt.date(2028, 11, 30)


async def test_a_replacement_keeps_the_last_day(cards):
    card = await cards.issued()
    cards.on(dt.date(2027, 6, 1))
    await cards.lost(cards.number(7))
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id)
    assert (new.term_starts, new.term_ends) == (dt.date(2027, 6, 1), card.term_ends)
    assert (await cards.told(card))[-1] == ("CANCELLED", "REPLACED")


async def test_a_damaged_card_serves_until_another_is_handed_over(cards):
    card = await cards.issued()
    request = await cards.request(form_number="F-2", replaces_id=card.id)
    assert await cards.verdict(card) == "VALID"
    new = await cards.issued_from(request, 8)
    assert (await cards.verdict(card), await cards.verdict(new)) == ("CANCELLED", "VALID")


async def test_what_is_over_is_not_replaced(cards):
    card = await cards.issued()
    await renewed(cards)
    cards.on(card.term_ends + DAY)
    await no(cards, "TERM_OVER", replaces_id=card.id)


async def test_a_replacement_that_is_fetched_too_late_is_not_handed_out(cards):
    card = await cards.issued()
    await renewed(cards)
    new = await cards.reserved(8, form_number="F-2", replaces_id=card.id)
    cards.on(card.term_ends + DAY)
    async with refused("TERM_OVER", await cards.desk("he")):
        await cards.hand_out(new)


async def test_the_renewal_of_a_card_begins_sixty_days_before_its_end(cards):
    card = await cards.issued()
    cards.on(review_from(card.term_ends) - DAY)
    await no(cards, "NOT_DUE_YET", replaces_id=card.id, renews=True)


async def test_only_who_is_verified_anew_gets_the_next_card(cards):
    card = await cards.issued()
    cards.on(review_from(card.term_ends))
    await no(cards, "QUALIFICATION_NOT_RENEWED", replaces_id=card.id, renews=True)
    await review(cards.story, await member(cards.story))
    await no(cards, "QUALIFICATION_NOT_RENEWED", replaces_id=card.id, renews=True)


async def test_the_next_term_begins_as_the_last_one_ends(cards):
    card = await cards.issued()
    await renewed(cards)
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id, renews=True)
    assert (new.term_starts, new.term_ends) == (dt.date(2028, 11, 28), dt.date(2030, 11, 27))
    assert (await cards.told(card))[-1] == ("CANCELLED", "RENEWED")
    assert (await cards.verdict(card), await cards.verdict(new)) == ("CANCELLED", "VALID")


async def test_who_comes_after_the_end_has_two_years_from_then(cards):
    card = await cards.issued()
    await renewed(cards)
    cards.on(dt.date(2028, 12, 20))
    assert await cards.verdict(card) == "EXPIRED"
    new = await cards.issued(8, form_number="F-2", replaces_id=card.id, renews=True)
    assert (new.term_starts, new.term_ends) == (dt.date(2028, 12, 20), dt.date(2030, 12, 20))
    assert (await cards.told(card))[-1] == ("EXPIRED", "TERM_OVER")


async def test_another_tier_takes_another_card_at_once(cards):
    card = await cards.issued()
    membership = await member(cards.story)
    membership.tier = "BRANCH"
    await membership.save()
    assert await cards.verdict(card) == "TIER_CHANGED"
    await no(cards, "CARD_OF_OTHER_TIER", replaces_id=card.id)
    request = await cards.request(form_number="F-2", replaces_id=card.id, renews=True)
    assert request.product_id == cards.products["BRANCH"].id


async def test_a_card_expires_after_its_last_day_and_not_before(cards):
    card = await cards.issued()
    cards.on(card.term_ends, "23:59:59")
    async with refused("TERM_RUNNING", await cards.desk("lin")):
        await cards.expire(card)
    cards.on(card.term_ends + DAY, "00:00:00")
    async with refused("FORBIDDEN", await cards.desk("he")):
        await cards.expire(card, "he")
    expired = await cards.expire(card)
    assert (expired.state, expired.over_at) == ("EXPIRED", cards.bank.now)
    async with refused("WRONG_STATE", await cards.desk("lin")):
        await cards.expire(expired)


async def test_the_monthly_run_writes_down_what_has_run_out(cards):
    card = await cards.issued()
    await renewed(cards)
    cards.on(dt.date(2029, 1, 3))
    await run_month(await cards.desk("officer"), as_of=dt.date(2028, 12, 31))
    assert (await cards.told(card))[-1] == ("EXPIRED", "TERM_OVER")
    assert (await member(cards.story)).state == "ACTIVE"
