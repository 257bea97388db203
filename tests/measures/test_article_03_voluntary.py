"""Article 3: nobody becomes a VIP customer without wanting it, and he may take his word back at any time."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.membership import withdraw_consent, withdraw_membership
from models.archives import Archive
from models.filing import Filing
from models.history import MembershipEvent
from models.membership import Consent, Membership, Registration
from tests.digest import refused

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.measure("A3a")


async def withdraw(story, consent: Consent, who: str = "lin", **said) -> Consent:
    return await withdraw_consent(await story.desk(who), consent_id=consent.id, **said)


async def test_a_signed_consent_opens_the_way_to_an_application(story):
    consent = await story.consent(given_at=story.bank.now - 40 * DAY)
    membership = await story.register(consent)
    assert consent.valid_from == story.bank.now - 40 * DAY
    assert consent.recorded_at == story.bank.now
    assert consent.recorded_by_id == story.bank.staff["lin"].id
    assert (membership.state, membership.tier, membership.over) == ("APPLIED", None, False)


async def test_no_consent_no_registration(story):
    desk = await story.desk()
    async with refused("NO_CONSENT", desk):
        await story.register(None)


async def test_another_customers_consent_is_none(story):
    consent = await story.consent("luo", "qian")
    async with refused("NO_CONSENT", await story.desk()):
        await story.register(consent, customer_id=story.bank.customers["zhou"].id)


async def test_a_consent_that_was_withdrawn_is_none(story):
    consent = await story.consent()
    await withdraw(story, consent)
    async with refused("NO_CONSENT", await story.desk()):
        await story.register(consent)


async def test_a_form_signed_before_the_consent_has_none(story):
    consent = await story.consent(given_at=story.bank.now - DAY)
    async with refused("NO_CONSENT", await story.desk()):
        await story.register(consent, registered_at=story.bank.now - 2 * DAY)


async def test_consent_to_a_disclosure_is_not_consent_to_membership(story):
    consent = await story.consent()
    await Consent.filter(id=consent.id).update(kind="DISCLOSURE")
    async with refused("NO_CONSENT", await story.desk()):
        await story.register(consent)


async def test_paper_from_years_ago_is_registered_today(story):
    long_ago = dt.datetime(1994, 2, 28, 4, tzinfo=dt.UTC)
    membership = await story.register(await story.consent(given_at=long_ago), registered_at=long_ago)
    registration = await Registration.get(id=membership.registration_id)
    assert registration.registered_at == long_ago
    assert registration.recorded_at == story.bank.now


@pytest.mark.parametrize("field", ["given_at", "registered_at"])
async def test_nothing_is_signed_in_the_future(story, field):
    consent = await story.consent() if field == "registered_at" else None
    async with refused("BAD_USER_INPUT", await story.desk()):
        later = {field: story.bank.now + dt.timedelta(seconds=1)}
        await (story.register(consent, **later) if consent else story.consent(**later))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"document": " "}, id="no document"),
        pytest.param({"notice_version": ""}, id="no notice"),
        pytest.param({"document": "x" * 121}, id="too long"),
        pytest.param({"document": "binder\x00"}, id="control character"),
    ],
)
async def test_a_consent_says_where_it_is_kept(story, said):
    async with refused("BAD_USER_INPUT", await story.desk()):
        await story.consent(**said)


async def test_a_second_consent_beside_the_first_is_refused(story):
    await story.consent()
    async with refused("CONSENT_EXISTS", await story.desk()):
        await story.consent()
    await withdraw(story, await Consent.get())
    await story.consent()
    assert await Consent.all().count() == 2


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("luo", "FORBIDDEN", id="colleague"),
        pytest.param("han", "FORBIDDEN", id="head of the centre"),
        pytest.param("tang", "NOT_FOUND", id="other branch"),
        pytest.param("nobody", "NOT_FOUND", id="nobody"),
    ],
)
async def test_only_his_manager_speaks_for_the_customer(story, who, code):
    consent = await story.consent()
    desk = await story.desk(who)
    async with refused(code, desk):
        await story.consent(who)
    async with refused(code, desk):
        await withdraw(story, consent, who)


async def test_a_withdrawn_consent_ends_the_application_and_its_filing(story):
    filing = await story.submitted()
    consent = await withdraw(story, await Consent.get(), reason="changed his mind")
    membership = await Membership.get()
    assert (consent.ended_at, consent.end_reason) == (story.bank.now, "changed his mind")
    assert (membership.state, membership.over, membership.over_at) == ("WITHDRAWN", True, story.bank.now)
    assert membership.over_reason == "changed his mind"
    lapsed = await Filing.get(id=filing.id)
    assert (lapsed.state, lapsed.version, lapsed.decided_by_id) == ("WITHDRAWN", 2, None)
    assert lapsed.return_reason == "The customer withdrew (Art. 3)."
    async with refused("STALE_VERSION", await story.desk("bai")):
        await story.record(filing)


async def test_a_withdrawn_consent_ends_an_active_membership_at_once(story):
    await story.recorded()
    await withdraw(story, await Consent.get())
    membership = await Membership.get()
    assert (membership.state, membership.over) == ("WITHDRAWN", True)
    assert membership.over_reason == "The customer withdrew his consent."
    assert (await Archive.get()).state == "CLOSED"


async def test_a_consent_is_withdrawn_once(story):
    consent = await story.consent()
    await withdraw(story, consent)
    async with refused("ALREADY_ENDED", await story.desk()):
        await withdraw(story, consent)


async def test_a_membership_is_withdrawn_on_the_customers_word(story):
    await story.recorded()
    desk, membership = await story.desk(), await Membership.get()
    async with refused("REASON_REQUIRED", desk):
        await withdraw_membership(desk, membership_id=membership.id, reason="  ")
    for who, code in (("luo", "FORBIDDEN"), ("bai", "FORBIDDEN"), ("tang", "NOT_FOUND")):
        other = await story.desk(who)
        async with refused(code, other):
            await withdraw_membership(other, membership_id=membership.id, reason="moving away")
    over = await withdraw_membership(desk, membership_id=membership.id, reason="moving away")
    assert (over.state, over.over, over.over_reason) == ("WITHDRAWN", True, "moving away")
    assert (await Archive.get()).state == "CLOSED"
    async with refused("WRONG_STATE", desk):
        await withdraw_membership(desk, membership_id=membership.id, reason="moving away")


async def test_the_second_of_a_withdrawal(story):
    """Up to that moment he was a VIP customer, from it on he is none, and nothing of his is decided any more."""
    await story.recorded()
    last = story.bank.now = story.bank.now + DAY
    before = last - dt.timedelta(microseconds=1)
    assert (await Consent.get()).holds(before)
    consent = await withdraw(story, await Consent.get())
    membership = await Membership.get()
    assert (consent.holds(before), consent.holds(last)) == (True, False)
    assert (membership.over_at, membership.valid_on(last.date())) == (last, False)
    told = await MembershipEvent.filter(membership_id=membership.id).order_by("-version").first()
    assert (told.state, told.version, told.at, told.recorded_at) == ("WITHDRAWN", 4, last, last)
    async with refused("NO_CONSENT", await story.desk()):
        await story.register(consent)


async def test_no_consent_any_more_no_submission_and_no_record(story):
    """A consent may also run out by itself; then the application stands, and goes no further."""
    membership, evaluation = await story.applied(), await story.evaluation()
    await Consent.all().update(valid_to=story.bank.now)
    async with refused("NO_CONSENT", await story.desk()):
        await story.submit(membership, evaluation)
    await Consent.all().update(valid_to=None)
    filing = await story.submit(membership, evaluation)
    await Consent.all().update(valid_to=story.bank.now)
    async with refused("NO_CONSENT", await story.desk("bai")):
        await story.record(filing)
