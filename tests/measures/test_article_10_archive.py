"""Article 10: every VIP customer has one archive, and nothing may be left out of it."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.membership import withdraw_membership
from models.archives import Archive
from models.customers import Customer
from models.membership import Consent, Membership
from tests.digest import refused


@pytest.mark.measure("A10a")
async def test_active_memberships_and_open_archives_are_as_many(story):
    await story.recorded()
    await story.recorded("luo", "qian")
    active = await Membership.filter(state="ACTIVE").values_list("id", flat=True)
    archives = await Archive.exclude(state="CLOSED").values_list("membership_id", flat=True)
    assert sorted(map(str, active)) == sorted(map(str, archives))
    assert len(active) == 2


@pytest.mark.measure("A10a")
async def test_an_application_has_no_archive_yet(story):
    await story.submitted()
    assert await Archive.all().count() == 0


@pytest.mark.measure("A10a")
async def test_who_comes_back_gets_his_own_archive_back(story):
    await story.recorded()
    first = await Archive.get()
    membership = await Membership.get()
    await withdraw_membership(await story.desk(), membership_id=membership.id, reason="moving away")
    assert (await Archive.get()).state == "CLOSED"
    again = await story.register(await Consent.get())
    evaluation = await story.evaluation(recorded_at=story.bank.now + dt.timedelta(days=1))
    await story.record(await story.submit(again, evaluation))
    archive = await Archive.get()
    assert (archive.id, archive.number) == (first.id, first.number)
    assert (archive.state, archive.membership_id) == ("BUILDING", again.id)
    assert await Membership.filter(over=False).count() == 1
    assert await Membership.all().count() == 2


@pytest.mark.measure("A10a")
async def test_one_membership_at_a_time(story):
    membership = await story.applied()
    consent = await Consent.get()
    async with refused("MEMBERSHIP_EXISTS", await story.desk()):
        await story.register(consent)
    await withdraw_membership(await story.desk(), membership_id=membership.id, reason="not now")
    await story.register(consent)


@pytest.mark.measure("A10b")
@pytest.mark.parametrize(
    ("lacking", "gaps"),
    [
        pytest.param({}, "", id="nothing"),
        pytest.param({"occupation": None}, "OCCUPATION", id="occupation"),
        pytest.param({"employer": "", "gender": None}, "GENDER,EMPLOYER", id="employer and gender"),
        pytest.param(
            {"mobile_cipher": None, "address_cipher": None, "birth_date": None, "nationality": None},
            "NATIONALITY,BIRTH_DATE,MOBILE,ADDRESS",
            id="all that an old import lacks",
        ),
    ],
)
async def test_what_the_form_still_lacks_is_listed(story, lacking, gaps):
    if lacking:
        await Customer.filter(id=story.bank.customers["zhou"].id).update(**lacking)
    await story.recorded()
    archive = await Archive.get()
    assert (archive.state, archive.gaps) == ("BUILDING", gaps)
    assert (archive.opened_at, archive.opened_by_id) == (story.bank.now, story.bank.staff["bai"].id)
    assert archive.number == "CD-2026-000001"
