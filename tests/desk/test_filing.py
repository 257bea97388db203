"""The acts of a filing as acts: one effect for a key, all or nothing, and one winner when many do it at once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from authz import Role
from desk.errors import Forbidden, NotFound
from desk.membership import withdraw_consent
from models.archives import Archive
from models.customers import Customer, ManagerAssignment
from models.errors import Refusal
from models.filing import Filing
from models.membership import Consent, Membership
from models.people import Assignment
from models.trail import AccessRecord, IdempotencyKey
from tests.cast import START, customer_fields, staff_member
from tests.digest import changed, digest, refused
from tests.story import Story

AT_ONCE = 20


async def outcome(act) -> str:
    """ "OK", or the code of the refusal."""
    try:
        await act
    except (Refusal, Forbidden, NotFound) as refusal:
        return refusal.code
    return "OK"


async def test_each_act_leaves_one_record_of_its_own(story):
    await story.recorded()
    records = await AccessRecord.all().order_by("at", "id")
    assert Counter((r.operation, r.decision) for r in records) == {
        ("giveConsent", "ALLOW"): 1,
        ("registerCustomer", "ALLOW"): 1,
        ("submitFiling", "ALLOW"): 1,
        ("recordFiling", "ALLOW"): 1,
    }
    assert {r.customer_id for r in records} == {story.bank.customers["zhou"].id}


async def test_the_same_key_has_one_effect_and_one_outcome(story):
    filing = await story.submitted()
    first = await story.record(filing, idempotency_key="k1")
    before = await digest()
    again = await story.record(filing, idempotency_key="k1")
    assert again.id == first.id
    assert again.filing_number == "CD-2026-000001"
    assert changed(before, await digest()) == {}


@pytest.mark.parametrize("act", ["consent", "register", "submit", "return"])
async def test_every_act_takes_a_key(story, act):
    consent, evaluation = await story.consent("luo", "qian"), await story.evaluation("qian")
    membership = await story.register(consent, "luo")
    filing = await story.submit(membership, evaluation, "luo")
    feng = await story.consent("tang", "feng")
    centre = story.bank.places["NJW"].id

    async def once():
        if act == "consent":
            return await story.consent(idempotency_key="k1")
        if act == "register":
            return await story.register(feng, "tang", centre_id=centre, idempotency_key="k1")
        if act == "submit":
            return await story.submit(membership, evaluation, "luo", idempotency_key="k1")
        return await story.give_back(filing, idempotency_key="k1")

    if act == "submit":
        await story.give_back(filing)
        membership = await Membership.get(id=membership.id)
    first = await once()
    before = await digest()
    assert (await once()).id == first.id
    assert changed(before, await digest()) == {}


async def test_the_same_key_for_another_request_is_a_conflict(story):
    filing = await story.submitted()
    await story.give_back(filing, idempotency_key="k1")
    async with refused("IDEMPOTENCY_CONFLICT", await story.desk("bai")):
        await story.give_back(filing, reason="another reason", idempotency_key="k1")


async def test_a_failed_act_does_not_use_up_its_key(story):
    filing = await story.submitted()
    async with refused("STALE_VERSION", await story.desk("bai")):
        await story.record(filing, version=9, idempotency_key="k1")
    assert await IdempotencyKey.all().count() == 0
    await story.record(filing, idempotency_key="k1")
    assert (await IdempotencyKey.get()).outcome_id == filing.id


async def test_recording_is_all_or_nothing(story):
    """The archive cannot be written: neither is the filing recorded nor the membership active."""
    filing = await story.submitted()
    await Archive.create(
        number="CD-2026-000001",
        customer=story.bank.customers["feng"],
        membership_id=filing.membership_id,
        custody_centre=story.bank.places["NJW"],
        servicing=story.bank.places["NJW"],
        state="CLOSED",
        opened_at=START,
        opened_by_id=story.bank.staff["tang"].id,
    )
    async with refused("CONFLICT", await story.desk("bai")):
        await story.record(filing)


async def crowd(story: Story, size: int) -> list[str]:
    """Recorders of Chengdu, so that the crowd is not one person's."""
    names = [f"crowd{n}" for n in range(size)]
    for name in names:
        story.bank.staff[name] = staff = await staff_member(name, name)
        await Assignment.create(
            staff=staff,
            role=Role.FILING_RECORDER,
            institution=story.bank.places["CD"],
            department="PERSONAL_BANKING",
            valid_from=START,
            recorded_at=START,
        )
    return names


@pytest.mark.parametrize("who", ["one person", "twenty persons"])
async def test_many_record_one_filing_at_once(story, who):
    filing = await story.submitted()
    names = ["bai"] * AT_ONCE if who == "one person" else await crowd(story, AT_ONCE)
    before = await digest()
    outcomes = Counter(await asyncio.gather(*(outcome(story.record(filing, name)) for name in names)))
    assert outcomes == {"OK": 1, "STALE_VERSION": AT_ONCE - 1}
    more = changed(before, await digest())
    assert more == {
        "filing": 0,
        "membership": 0,
        "membership_event": 1,
        "archive": 1,
        "access_record": AT_ONCE,
    }
    assert (await Filing.get()).filing_number == "CD-2026-000001"
    assert (await Membership.get()).version == 3


async def test_one_key_sent_many_times_at_once_has_one_effect(story):
    filing = await story.submitted()
    sent = (outcome(story.record(filing, idempotency_key="k1")) for _ in range(AT_ONCE))
    outcomes = Counter(await asyncio.gather(*sent))
    assert set(outcomes) <= {"OK", "CONFLICT"}
    assert outcomes["OK"] >= 1
    assert await Archive.all().count() == 1
    assert await AccessRecord.filter(operation="recordFiling", decision="ALLOW").count() == 1


async def test_record_and_return_and_withdraw_at_once_leave_one_truth(story):
    filing = await story.submitted()
    consent = await Consent.get()
    names = await crowd(story, 6)
    desk = await story.desk()
    outcomes = await asyncio.gather(
        *(outcome(story.record(filing, name)) for name in names[:3]),
        *(outcome(story.give_back(filing, name)) for name in names[3:]),
        outcome(withdraw_consent(desk, consent_id=consent.id)),
    )
    assert outcomes[-1] == "OK"
    assert Counter(outcomes[:-1])["OK"] <= 1
    membership = await Membership.get()
    assert (membership.state, membership.over) == ("WITHDRAWN", True)
    recorded = (await Filing.get()).state == "RECORDED"
    assert [archive.state for archive in await Archive.all()] == (["CLOSED"] if recorded else [])


async def test_many_applications_of_one_customer_at_once_are_one(story):
    consent = await story.consent()
    outcomes = Counter(await asyncio.gather(*(outcome(story.register(consent)) for _ in range(AT_ONCE))))
    assert outcomes == {"OK": 1, "MEMBERSHIP_EXISTS": AT_ONCE - 1}
    assert await Membership.all().count() == 1


async def test_many_consents_and_submissions_at_once_are_one_each(story):
    given = Counter(await asyncio.gather(*(outcome(story.consent()) for _ in range(AT_ONCE))))
    assert given == {"OK": 1, "CONSENT_EXISTS": AT_ONCE - 1}
    membership, evaluation = await story.register(await Consent.get()), await story.evaluation()
    sent = Counter(
        await asyncio.gather(*(outcome(story.submit(membership, evaluation)) for _ in range(AT_ONCE)))
    )
    assert sent == {"OK": 1, "WRONG_STATE": AT_ONCE - 1}
    assert await Filing.all().count() == 1


async def test_filings_recorded_at_once_are_numbered_without_gap(story):
    filings = []
    for number in range(10, 22):
        place, key = story.bank.places["CD"], f"customer{number}"
        story.bank.customers[key] = customer = await Customer.create(
            number=f"C{number:06}",
            name=key,
            opened_on=START.date(),
            owner=place,
            owner_path=place.path,
            **customer_fields(key, f"P{number:08}", "PASSPORT"),
        )
        await ManagerAssignment.create(
            customer=customer, manager=story.bank.staff["lin"], valid_from=START, recorded_at=START
        )
        filings.append(await story.submitted(customer=key))
    names = await crowd(story, len(filings))
    recorded = await asyncio.gather(*(story.record(f, who) for f, who in zip(filings, names, strict=True)))
    assert sorted(f.filing_number for f in recorded) == [f"CD-2026-{n:06}" for n in range(1, 13)]
