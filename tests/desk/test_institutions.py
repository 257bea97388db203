"""Institutions moved and merged: every path follows in one transaction, and every running desk sees the new tree."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections import Counter

import pytest

from desk.institutions import merge_institutions, move_institution
from desk.people.grants import propose_grant
from desk.selection import Page, Selection
from models.accounts import Account, Loan
from models.archives import Archive
from models.customers import Customer, ManagerAssignment, Ownership
from models.errors import Refusal
from models.filing import Filing
from models.institutions import House, Institution, Placement
from models.membership import Registration
from models.people import Assignment
from models.standards import Screening
from models.vocabulary import Level
from tests.cast import START
from tests.conftest import NOW
from tests.digest import refused
from tests.story import Story

SECOND = dt.timedelta(seconds=1)
LIST = Selection("customer", ("number",), page=Page(first=10), count=True)


async def numbers(desk) -> list[str]:
    return [row["number"] for row in (await desk.read(LIST)).rows]


async def post(bank, who: str, place: str, role: str) -> None:
    await Assignment.create(
        staff=bank.staff[who],
        role=role,
        institution=bank.places[place],
        department="PERSONAL_BANKING",
        valid_from=START,
        recorded_at=START,
    )


async def found(bank, code: str, level: str, kind: str, under: str) -> Institution:
    number = max(place.number for place in bank.places.values()) + 1
    place = Institution(number=number, code=code, name=code, level=level, kind=kind)
    place.place_under(bank.places[under])
    await place.save()
    await Placement.create(
        institution=place, parent_id=place.parent_id, path=place.path, valid_from=START, recorded_at=START
    )
    bank.places[code] = place
    return place


async def must_be_consistent() -> None:
    """Every path there is, recomputed from the parents alone."""
    places = {place.id: place for place in await Institution.all()}

    def chain(place: Institution) -> list[Institution]:
        return [*(chain(places[place.parent_id]) if place.parent_id else []), place]

    for place in places.values():
        line = chain(place)
        assert place.path == "/" + "".join(f"{it.number}/" for it in line)
        acting = place
        while not acting.may_own and acting.parent_id:
            acting = places[acting.parent_id]
        assert place.acting_path == acting.path
        last = await Placement.filter(institution=place).order_by("-recorded_at", "-valid_from").first()
        assert last is not None
        if place.merged_into_id is None:
            assert (last.path, last.parent_id) == (place.path, place.parent_id)
        else:
            assert not await Customer.filter(owner=place).exists()
            assert not [
                it for it in await Assignment.filter(institution=place) if it.holds(NOW + 1000 * SECOND)
            ]
    for customer in await Customer.all():
        line = chain(places[customer.owner_id])
        level = {it.level: it.id for it in line}
        assert customer.owner_path == line[-1].path
        assert (customer.tier1_id, customer.tier2_id) == (level.get("TIER1"), level.get("TIER2"))
        owner = await Ownership.filter(customer=customer).order_by("-recorded_at", "-valid_from").first()
        assert owner is not None
        assert owner.owner_id == customer.owner_id
    for filing in await Filing.all():
        assert filing.submitted_to_path == places[filing.submitted_to_id].path


def cd_under_js(bank, **more) -> dict:
    return {
        "institution_id": bank.places["CD"].id,
        "parent_id": bank.places["JS"].id,
        "reason": "reorganisation",
    } | more


async def test_a_move_rewrites_every_path_and_every_running_desk_sees_it(bank, seat):
    await post(bank, "nobody", "JS", "pb_officer")
    lin, wu, deng, js = [await seat(bank.staff[who]) for who in ("lin", "wu", "deng", "nobody")]
    for desk in (lin, wu, deng):
        assert await numbers(desk) == ["C000001", "C000002"]
    assert await numbers(js) == ["C000003"]
    moved = await move_institution(await seat(bank.staff["officer"]), **cd_under_js(bank))
    assert moved.path == f"{bank.places['JS'].path}{bank.places['CD'].number}/"
    for desk in (lin, wu):
        assert await numbers(desk) == ["C000001", "C000002"]
    assert await numbers(deng) == []
    assert await numbers(js) == ["C000001", "C000002", "C000003"]
    await must_be_consistent()
    assert (await House.get()).tree_epoch == 1
    history = await Placement.filter(recorded_at=NOW).order_by("path")
    assert [row.institution_id for row in history] == [
        bank.places[it].id for it in ("CD", "CDW", "CDJ", "CDO")
    ]
    assert {(row.valid_from, row.reason, row.recorded_by_id) for row in history} == {
        (NOW, "reorganisation", bank.staff["officer"].id)
    }


async def test_filings_and_screenings_follow(bank, seat, policy):
    story = Story(bank, policy)
    kept = await story.submitted("lin", "zhou", "CD")
    upward = await story.submitted("luo", "qian", "SC")
    cd = bank.places["CD"]
    await Screening.all().update(scope_path=cd.path)
    await move_institution(await seat(bank.staff["officer"]), **cd_under_js(bank))
    await cd.refresh_from_db()
    for filing in (kept, upward):
        await filing.refresh_from_db()
    assert (kept.submitted_to_id, kept.submitted_to_path) == (cd.id, cd.path)
    assert (upward.submitted_to_id, upward.submitted_to_path) == (
        bank.places["JS"].id,
        bank.places["JS"].path,
    )
    assert set(await Screening.all().values_list("scope_path", flat=True)) == {cd.path}
    await must_be_consistent()


async def test_a_filing_that_was_redirected_is_returned_and_not_recorded(bank, seat, policy):
    story = Story(bank, policy)
    filing = await story.submitted("lin", "zhou", "SC")
    await post(bank, "nobody", "JS", "filing_recorder")
    await move_institution(await seat(bank.staff["officer"]), **cd_under_js(bank))
    old, new = await story.desk("cheng"), await story.desk("nobody")
    with pytest.raises(Exception, match="nothing here|not yours"):
        await story.give_back(filing, "cheng")
    assert (await numbers(old), old.actor.seats[0].path) == ([], bank.places["SC"].path)
    async with refused("CONTENT_CHANGED", new):
        await story.record(filing, "nobody")
    returned = await story.give_back(filing, "nobody")
    assert returned.state == "RETURNED"


async def test_since_when_it_stands_there_may_lie_back_but_not_before_it_came(bank, seat):
    officer = await seat(bank.staff["officer"])
    since = NOW - dt.timedelta(days=30)
    await move_institution(officer, **cd_under_js(bank, at=since))
    row = await Placement.filter(institution=bank.places["CD"]).order_by("-valid_from").first()
    assert row is not None
    assert (row.valid_from, row.recorded_at) == (since, NOW)
    async with refused("BAD_USER_INPUT", officer):
        await move_institution(
            officer, **cd_under_js(bank, parent_id=bank.places["SC"].id, at=since - dt.timedelta(days=1))
        )


async def test_a_move_back_restores_every_path(bank, seat):
    officer = await seat(bank.staff["officer"])
    before = {place.code: place.path for place in await Institution.all()}
    await move_institution(officer, **cd_under_js(bank))
    later = await seat(bank.staff["officer"], NOW + SECOND)
    await move_institution(later, **cd_under_js(bank, parent_id=bank.places["SC"].id))
    assert {place.code: place.path for place in await Institution.all()} == before
    await must_be_consistent()


@pytest.mark.parametrize(
    ("what", "under", "code"),
    [
        pytest.param("CD", "CD", "MOVE_INTO_ITSELF", id="under itself"),
        pytest.param("CD", "CDJ", "MOVE_INTO_ITSELF", id="under its own sub-branch"),
        pytest.param("SC", "CDO", "MOVE_INTO_ITSELF", id="deep under itself"),
        pytest.param("HQ", "SC", "MOVE_INTO_ITSELF", id="head office"),
        pytest.param("CD", "SC", "ALREADY_THERE", id="where it stands"),
        pytest.param("CD", "MY", "NOT_BELOW", id="tier-2 under tier-2"),
        pytest.param("SC", "JS", "NOT_BELOW", id="tier-1 under tier-1"),
        pytest.param("CDJ", "NJW", "NOT_BELOW", id="under a centre"),
        pytest.param("CDW", "SC", "NOT_BELOW", id="a centre under another level"),
        pytest.param("CDW", "MY", "HANDOVER_REQUIRED", id="a centre away from its customers"),
    ],
)
async def test_what_cannot_be_moved(bank, seat, what, under, code):
    desk = await seat(bank.staff["officer"])
    async with refused(code, desk):
        await move_institution(
            desk, institution_id=bank.places[what].id, parent_id=bank.places[under].id, reason="test"
        )


async def test_a_centre_without_customers_moves_and_its_staff_act_for_the_new_branch(bank, seat):
    gao = await seat(bank.staff["gao"])
    assert await numbers(gao) == ["C000001", "C000002"]
    await ManagerAssignment.filter(manager_id__in=[bank.staff[it].id for it in ("lin", "luo")]).update(
        ended_at=NOW
    )
    await move_institution(
        await seat(bank.staff["officer"]),
        institution_id=bank.places["CDW"].id,
        parent_id=bank.places["MY"].id,
        reason="test",
    )
    assert await numbers(gao) == []
    assert {it.path for it in gao.actor.seats} == {bank.places["MY"].path}
    await must_be_consistent()


@pytest.mark.parametrize("who", ["approver", "deng", "wu", "secadmin", "sysadmin", "lin", "nobody"])
async def test_only_head_office_moves_and_merges(bank, seat, who):
    desk = await seat(bank.staff[who])
    async with refused("FORBIDDEN", desk):
        await move_institution(desk, **cd_under_js(bank))
    async with refused("FORBIDDEN", desk):
        await merge_institutions(
            desk, from_id=bank.places["CD"].id, into_id=bank.places["MY"].id, reason="test"
        )


async def test_a_move_needs_a_reason_and_is_not_done_ahead(bank, seat):
    desk = await seat(bank.staff["officer"])
    async with refused("BAD_USER_INPUT", desk):
        await move_institution(desk, **cd_under_js(bank, reason=""))
    async with refused("NOT_YET", desk):
        await move_institution(desk, **cd_under_js(bank, at=NOW + SECOND))


async def test_a_merge_passes_everything_on(bank, seat, policy):
    story = Story(bank, policy)
    await story.recorded("lin", "zhou")
    open_filing = await story.submitted("luo", "qian", "CD")
    lin, wu, nan, deng = [await seat(bank.staff[who]) for who in ("lin", "wu", "nan", "deng")]
    for desk in (lin, wu, deng):
        assert await numbers(desk) == ["C000001", "C000002"]
    assert await numbers(nan) == ["C000003"]
    cd, nj = bank.places["CD"], bank.places["NJ"]
    into = await merge_institutions(
        await seat(bank.staff["officer"]), from_id=cd.id, into_id=nj.id, reason="one city, one branch"
    )
    assert into.id == nj.id
    everybody = ["C000001", "C000002", "C000003"]
    assert (await numbers(lin), await numbers(wu), await numbers(nan)) == (everybody,) * 3
    assert await numbers(deng) == []
    await must_be_consistent()
    assert (await Institution.get(id=cd.id)).merged_into_id == nj.id
    for table in (Account, Loan):
        assert await table.filter(institution=cd).count() == 0
        assert await table.filter(institution=nj).count() == 3
    await open_filing.refresh_from_db()
    assert (open_filing.submitted_to_id, open_filing.submitted_to_path) == (nj.id, nj.path)
    recorded = await Filing.get(state="RECORDED")
    assert recorded.submitted_to_id == cd.id
    assert (await Archive.get(customer=bank.customers["zhou"])).custody_centre_id == bank.places["CDW"].id
    roles = await Assignment.filter(staff=bank.staff["wu"]).order_by("valid_from")
    assert [(it.institution_id, it.role, it.ended_at) for it in roles] == [
        (cd.id, "pb_officer", NOW),
        (nj.id, "pb_officer", None),
    ]
    history = await Ownership.filter(customer=bank.customers["zhou"]).order_by("valid_from")
    assert [(it.owner_id, it.valid_from, it.reason) for it in history] == [
        (cd.id, START, "opened"),
        (nj.id, NOW, "one city, one branch"),
    ]


async def test_a_merge_of_two_centres_of_one_branch_moves_their_papers(bank, seat, policy):
    other = await found(bank, "CDX", Level.TIER2, "WEALTH_CENTRE", "CD")
    story = Story(bank, policy)
    await story.recorded("lin", "zhou")
    await story.applied("luo", "qian")
    cdw = bank.places["CDW"]
    officer = await seat(bank.staff["officer"])
    await merge_institutions(officer, from_id=cdw.id, into_id=other.id, reason="one is enough")
    archive = await Archive.get()
    assert (archive.custody_centre_id, archive.servicing_id) == (other.id, other.id)
    recorded, applied = await Registration.all().order_by("registered_at", "customer__number")
    assert (recorded.centre_id, recorded.servicing_id) == (cdw.id, cdw.id)
    assert (applied.centre_id, applied.servicing_id) == (other.id, other.id)
    assert await numbers(await seat(bank.staff["lin"])) == ["C000001", "C000002"]
    await must_be_consistent()


async def test_who_held_the_role_at_both_holds_it_once(bank, seat):
    other = await found(bank, "CDX", Level.TIER2, "WEALTH_CENTRE", "CD")
    await post(bank, "lin", "CDX", "cust_mgr")
    officer = await seat(bank.staff["officer"])
    await merge_institutions(officer, from_id=bank.places["CDW"].id, into_id=other.id, reason="one is enough")
    roles = [it for it in await Assignment.filter(staff=bank.staff["lin"]) if it.holds(NOW)]
    assert [(it.institution_id, it.role) for it in roles] == [(other.id, "cust_mgr")]


@pytest.mark.parametrize(
    ("one", "into", "code"),
    [
        pytest.param("CD", "CD", "MOVE_INTO_ITSELF", id="into itself"),
        pytest.param("CD", "CDW", "MOVE_INTO_ITSELF", id="into its own centre"),
        pytest.param("CDJ", "MY", "MERGE_NEEDS_EQUALS", id="into another level"),
        pytest.param("CDW", "MY", "MERGE_NEEDS_EQUALS", id="into another kind"),
        pytest.param("CDW", "NJW", "HANDOVER_REQUIRED", id="a centre away from its customers"),
    ],
)
async def test_what_cannot_be_merged(bank, seat, one, into, code):
    desk = await seat(bank.staff["officer"])
    async with refused(code, desk):
        await merge_institutions(
            desk, from_id=bank.places[one].id, into_id=bank.places[into].id, reason="test"
        )


async def test_nothing_begins_in_a_merged_institution(bank, seat):
    officer = await seat(bank.staff["officer"])
    my, cd = bank.places["MY"], bank.places["CD"]
    await merge_institutions(officer, from_id=my.id, into_id=cd.id, reason="test")
    for said in ({"from_id": my.id, "into_id": cd.id}, {"from_id": cd.id, "into_id": my.id}):
        async with refused("INSTITUTION_MERGED", officer):
            await merge_institutions(officer, **said, reason="test")
    async with refused("INSTITUTION_MERGED", officer):
        await move_institution(officer, institution_id=my.id, parent_id=bank.places["JS"].id, reason="test")
    deng = await seat(bank.staff["deng"])
    async with refused("INSTITUTION_MERGED", deng):
        await propose_grant(
            deng,
            staff_id=bank.staff["nobody"].id,
            role="pb_officer",
            institution_id=my.id,
            department="PERSONAL_BANKING",
            reason="test",
        )


async def test_any_order_of_moves_and_merges_leaves_every_path_right(bank, seat, policy):
    """A hundred draws: whatever is accepted keeps the tree whole, whatever is refused changes nothing."""
    await Story(bank, policy).submitted("lin", "zhou", "SC")
    for code, level, kind, under in (
        ("JSX", Level.TIER2, "BRANCH", "JS"),
        ("NJJ", Level.SUB_BRANCH, "BRANCH", "NJ"),
        ("NJO", Level.OUTLET, "BRANCH", "NJJ"),
        ("CDX", Level.TIER2, "WEALTH_CENTRE", "CD"),
        ("GD", Level.TIER1, "BRANCH", "HQ"),
    ):
        await found(bank, code, level, kind, under)
    draw = random.Random(7)
    codes = sorted(bank.places)
    outcomes: Counter[str] = Counter()
    for step in range(100):
        one, other = (bank.places[code].id for code in draw.choices(codes, k=2))
        officer = await seat(bank.staff["officer"], NOW + step * SECOND)
        try:
            if draw.random() < 0.85:
                await move_institution(officer, institution_id=one, parent_id=other, reason="draw")
            else:
                await merge_institutions(officer, from_id=one, into_id=other, reason="draw")
            outcomes["done"] += 1
        except Refusal as refusal:
            outcomes[refusal.code] += 1
    await must_be_consistent()
    assert outcomes["done"] >= 10
    assert outcomes.keys() >= {"MOVE_INTO_ITSELF", "NOT_BELOW", "ALREADY_THERE", "MERGE_NEEDS_EQUALS"}


async def test_two_moves_at_once_come_one_after_the_other(bank, seat):
    """The second one finds the tree changed, looks again, and moves in the new tree."""
    officers = [await seat(bank.staff["officer"], NOW + step * SECOND) for step in range(2)]
    await asyncio.gather(
        move_institution(officers[0], **cd_under_js(bank)),
        move_institution(
            officers[1],
            institution_id=bank.places["CDJ"].id,
            parent_id=bank.places["MY"].id,
            reason="test",
        ),
    )
    await must_be_consistent()
    assert (await House.get()).tree_epoch == 2
