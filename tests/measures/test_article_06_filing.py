"""Article 6: a customer becomes a VIP by a filing that another person records at tier-2 or above."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import Role
from models.archives import Archive
from models.filing import Filing
from models.institutions import Institution
from models.membership import Membership
from models.paths import stands_under
from models.people import Assignment, Staff, Suspension
from models.standards import Evaluation
from models.terms import two_years_from
from tests.cast import START, staff_member
from tests.digest import refused

pytestmark = pytest.mark.measure("A6c")


async def test_a_recorded_filing_makes_a_vip_customer(story):
    bank = story.bank
    membership, evaluation = await story.applied(), await story.evaluation()
    filing = await story.submit(membership, evaluation)
    assert (filing.state, filing.version, filing.submitted_to_id) == ("SUBMITTED", 1, bank.places["CD"].id)
    assert (filing.submitted_by_id, filing.submitted_person_id) == (
        bank.staff["lin"].id,
        bank.staff["lin"].person_id,
    )
    waiting = await Membership.get()
    assert (waiting.state, waiting.tier, waiting.version, waiting.term_ends) == (
        "FILING",
        "HEAD_OFFICE",
        2,
        None,
    )

    recorded = await story.record(filing)
    assert (recorded.state, recorded.version, recorded.filing_number) == ("RECORDED", 2, "CD-2026-000001")
    assert (recorded.decided_at, recorded.decided_by_id) == (bank.now, bank.staff["bai"].id)
    active = await Membership.get()
    assert (active.state, active.version, active.filing_id, active.over) == ("ACTIVE", 3, filing.id, False)
    assert (active.term_starts, active.term_ends) == (dt.date(2026, 11, 25), dt.date(2028, 11, 27))
    archive = await Archive.get()
    assert (archive.membership_id, archive.customer_id) == (membership.id, bank.customers["zhou"].id)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        pytest.param("2026-02-28", "2028-02-28", id="matching day, not month end"),
        pytest.param("2028-02-29", "2030-02-28", id="no matching day"),
        pytest.param("2026-11-25", "2028-11-25", id="ordinary"),
        pytest.param("2027-12-31", "2029-12-31", id="year end"),
    ],
)
def test_a_term_is_two_years(starts, ends):
    assert two_years_from(dt.date.fromisoformat(starts)) == dt.date.fromisoformat(ends)


async def test_the_term_starts_on_the_business_day_in_shanghai(story):
    filing = await story.submitted()
    late = dt.datetime(2026, 11, 25, 16, 30, tzinfo=dt.UTC)
    story.bank.now = late
    await story.record(filing)
    assert (await Membership.get()).term_starts == dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        pytest.param("CDJ", "FILING_LEVEL", id="sub-branch"),
        pytest.param("CDO", "FILING_LEVEL", id="outlet"),
        pytest.param("CDW", "FILING_LEVEL", id="wealth centre"),
        pytest.param("MY", "NOT_IN_LINE", id="neighbour"),
        pytest.param("JS", "NOT_IN_LINE", id="another tier-1"),
        pytest.param("HQ", "NO_RECORDER", id="nobody records there"),
        pytest.param("CD", None, id="own branch"),
        pytest.param("SC", None, id="tier-1 above"),
    ],
)
async def test_where_a_filing_may_go(story, to, code):
    membership, evaluation = await story.applied(), await story.evaluation()
    if code is None:
        filing = await story.submit(membership, evaluation, to=to)
        assert filing.submitted_to_path == story.bank.places[to].path
        return
    async with refused(code, await story.desk()):
        await story.submit(membership, evaluation, to=to)


@pytest.mark.parametrize(
    ("path", "above", "under"),
    [
        pytest.param("/1/12/", "/1/12/", True, id="itself"),
        pytest.param("/1/12/7/", "/1/12/", True, id="below"),
        pytest.param("/1/12/", "/", True, id="the whole house"),
        pytest.param("/1/120/", "/1/12/", False, id="look-alike"),
        pytest.param("/1/", "/1/12/", False, id="above"),
        pytest.param("/1/11/12/", "/1/12/", False, id="beside"),
    ],
)
def test_a_line_is_told_by_its_path(path, above, under):
    assert stands_under(path, above) is under


@pytest.mark.parametrize("why", ["left", "suspended", "ended", "other department", "merged away"])
async def test_an_office_where_nobody_can_record_takes_no_filing(story, why):
    membership, evaluation = await story.applied(), await story.evaluation()
    bai, now = story.bank.staff["bai"], story.bank.now
    if why == "left":
        await Staff.filter(id=bai.id).update(left_at=now)
    elif why == "suspended":
        await Suspension.create(staff=bai, reason="inquiry", valid_from=START, recorded_at=START)
    elif why == "ended":
        await Assignment.filter(staff_id=bai.id).update(ended_at=now)
    elif why == "other department":
        await Assignment.filter(staff_id=bai.id).update(department="OPERATIONS")
    else:
        await Institution.filter(code="CD").update(merged_into_id=story.bank.places["MY"].id)
    async with refused("FILING_LEVEL" if why == "merged away" else "NO_RECORDER", await story.desk()):
        await story.submit(membership, evaluation)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("bo", "NOT_PERSONAL_BANKING", id="other department"),
        pytest.param("cheng", "FORBIDDEN", id="recorder above"),
        pytest.param("mian", "NOT_FOUND", id="other branch"),
        pytest.param("wu", "FORBIDDEN", id="officer without the duty"),
        pytest.param("lin", "FORBIDDEN", id="the filer"),
        pytest.param("nobody", "NOT_FOUND", id="nobody"),
    ],
)
async def test_who_may_decide(story, who, code):
    filing = await story.submitted()
    desk = await story.desk(who)
    async with refused(code, desk):
        await story.record(filing, who)
    async with refused(code, desk):
        await story.give_back(filing, who)


@pytest.mark.measure("A4b")
async def test_a_recorder_of_the_centre_is_not_of_the_office(story):
    """A centre acts for its branch, yet filing is with the branch's own personal banking department."""
    filing = await story.submitted()
    story.bank.staff["odd"] = odd = await staff_member("odd", "奥德")
    await Assignment.create(
        staff=odd,
        role=Role.FILING_RECORDER,
        institution=story.bank.places["CDW"],
        department="PERSONAL_BANKING",
        valid_from=START,
        recorded_at=START,
    )
    async with refused("NOT_PERSONAL_BANKING", await story.desk("odd")):
        await story.record(filing, "odd")


async def second_account(story, of: str, role: Role = Role.FILING_RECORDER) -> None:
    person = await story.bank.staff[of].person
    story.bank.staff["second"] = staff = await staff_member("second", "第二", person)
    await Assignment.create(
        staff=staff,
        role=role,
        institution=story.bank.places["CD"],
        department="PERSONAL_BANKING",
        valid_from=START,
        recorded_at=START,
    )


async def test_two_staff_numbers_of_one_person_are_one_person(story):
    await second_account(story, "lin")
    filing = await story.submitted()
    desk = await story.desk("second")
    async with refused("SAME_PERSON", desk):
        await story.record(filing, "second")
    async with refused("SAME_PERSON", desk):
        await story.give_back(filing, "second")
    await story.record(filing, "bai")


async def test_who_evaluated_does_not_record(story):
    await second_account(story, "officer")
    filing = await story.submitted()
    async with refused("SAME_PERSON", await story.desk("second")):
        await story.record(filing, "second")


async def test_the_only_recorder_being_the_filer_himself_is_nobody(story):
    await second_account(story, "lin")
    membership, evaluation = await story.applied(), await story.evaluation()
    await Assignment.filter(staff_id=story.bank.staff["bai"].id).update(ended_at=story.bank.now)
    async with refused("NO_RECORDER", await story.desk()):
        await story.submit(membership, evaluation)


async def test_a_returned_filing_is_kept_and_submitted_anew(story):
    filing = await story.submitted()
    async with refused("REASON_REQUIRED", await story.desk("bai")):
        await story.give_back(filing, reason=" ")
    returned = await story.give_back(filing)
    assert (returned.state, returned.version, returned.return_reason) == (
        "RETURNED",
        2,
        "the form is not signed",
    )
    assert (returned.decided_by_id, returned.filing_number) == (story.bank.staff["bai"].id, None)
    membership = await Membership.get()
    assert (membership.state, membership.version) == ("EVALUATED", 3)
    assert await Archive.all().count() == 0
    async with refused("WRONG_STATE", await story.desk("bai")):
        await story.record(filing, version=2)

    again = await story.submit(membership, await Evaluation.get())
    assert again.id != filing.id
    assert again.digest != filing.digest
    recorded = await story.record(again)
    assert recorded.filing_number == "CD-2026-000001"
    assert (await Filing.get(id=filing.id)).state == "RETURNED"


async def test_one_filing_at_a_time(story):
    membership, evaluation = await story.applied(), await story.evaluation()
    await story.submit(membership, evaluation)
    async with refused("WRONG_STATE", await story.desk()):
        await story.submit(membership, evaluation)


@pytest.mark.parametrize(
    ("who", "code"), [("luo", "FORBIDDEN"), ("han", "FORBIDDEN"), ("bai", "FORBIDDEN"), ("tang", "NOT_FOUND")]
)
async def test_only_his_manager_submits(story, who, code):
    membership, evaluation = await story.applied(), await story.evaluation()
    async with refused(code, await story.desk(who)):
        await story.submit(membership, evaluation, who)


async def test_each_office_counts_its_own_filings(story):
    await story.recorded()
    hers = await story.record(await story.submitted("luo", "qian", to="SC"), "cheng")
    assert hers.filing_number == "SC-2026-000001"
