"""Articles 2 and 4: two tiers and one membership at a time, at every institution of the bank."""

from __future__ import annotations

import datetime as dt

import pytest
from tortoise.exceptions import IntegrityError

from desk.selection import Page, Selection
from models.institutions import Institution, NotBelow
from models.membership import Membership
from models.standards import Standard
from models.vocabulary import InstitutionKind, Level, MembershipState, Tier
from tests import life
from tests.digest import digest, refused


@pytest.mark.measure("A2")
async def test_there_are_two_tiers():
    assert [tier.value for tier in Tier] == ["HEAD_OFFICE", "BRANCH"]


@pytest.mark.measure("A2")
async def test_the_database_itself_keeps_a_second_membership_out(story):
    first = await story.applied()
    before = await digest()
    with pytest.raises(IntegrityError):
        await Membership.create(
            customer_id=first.customer_id,
            registration_id=first.registration_id,
            tier=Tier.BRANCH,
            state=MembershipState.APPLIED,
        )
    assert await digest() == before


@pytest.mark.measure("A2", "A6c")
async def test_the_database_itself_makes_nobody_a_member_without_a_filing(story):
    membership = await story.applied()
    before = await digest()
    with pytest.raises(IntegrityError):
        await Membership.filter(id=membership.id).update(state=MembershipState.ACTIVE, tier=Tier.HEAD_OFFICE)
    assert await digest() == before


@pytest.mark.measure("A2")
@pytest.mark.parametrize(
    ("found", "code"),
    [
        pytest.param([("2026-10-31", True)], "HIGHER_TIER_MET", id="met"),
        pytest.param([("2026-09-30", True)], "HIGHER_TIER_MET", id="met before"),
        pytest.param([("2026-09-30", True), ("2026-10-31", False)], None, id="no longer met"),
        pytest.param([("2026-09-30", False), ("2026-10-31", True)], "HIGHER_TIER_MET", id="met by now"),
        pytest.param([], None, id="never judged by it"),
        pytest.param([("2019-12-31", True)], None, id="met before it was law"),
    ],
)
async def test_who_meets_head_offices_standard_is_not_filed_for_less(story, found, code):
    own = await life.branch_standard(story.bank.places["SC"])
    await Standard.filter(code="MEASURES").update(effective_from=dt.date(2020, 1, 1))
    for as_of, passed in found:
        await story.evaluation(as_of=dt.date.fromisoformat(as_of), passed=passed)
    membership, evaluation = await story.applied(), await story.evaluation(standard=own)
    if code is None:
        await story.submit(membership, evaluation)
        assert (await Membership.get()).tier == Tier.BRANCH
        return
    async with refused(code, await story.desk()) as refusal:
        await story.submit(membership, evaluation)
    assert (refusal.value.field, refusal.value.article) == ("evaluationId", "2")


@pytest.mark.measure("A4a")
async def test_every_institution_is_in_one_tree(bank, seat):
    desk = await seat(bank.staff["nobody"])
    places = await desk.read(Selection("institution", ("code", "path", "level"), page=Page(first=100)))
    paths = {row["path"] for row in places.rows}
    assert len(places.rows) == len(bank.places)
    assert [path for path in paths if path.count("/") > 2 and path.rsplit("/", 2)[0] + "/" not in paths] == []


@pytest.mark.measure("A4a")
@pytest.mark.parametrize(
    ("level", "kind", "under"),
    [
        pytest.param(Level.TIER1, InstitutionKind.BRANCH, "CD", id="a tier-1 branch under a tier-2 branch"),
        pytest.param(Level.TIER2, InstitutionKind.BRANCH, "CDW", id="a branch under a centre"),
        pytest.param(Level.TIER2, InstitutionKind.BRANCH, None, id="a branch under nothing"),
    ],
)
async def test_nothing_stands_where_it_cannot(bank, level, kind, under):
    place = Institution(number=99, code="X", name="X", level=level, kind=kind)
    with pytest.raises(NotBelow) as refusal:
        place.place_under(bank.places[under] if under else None)
    assert refusal.value.code == "NOT_BELOW"
