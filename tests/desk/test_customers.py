"""Customers: managers assigned to the second, and owners transferred, as every running desk sees it."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from authz import DataClass
from desk.customers import assign_manager, transfer_owner
from desk.selection import Page, Purpose, Section, Selection
from models.archives import Archive
from models.customers import Customer, ManagerAssignment, Ownership
from models.institutions import Institution
from models.people import Assignment, Recusal
from tests.cast import START
from tests.conftest import NOW
from tests.digest import refused
from tests.story import Story

SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)
ASSETS = Selection(
    "customer",
    ("number",),
    sections=(Section("assets", DataClass.ASSET, ("band",)),),
    page=Page(first=10),
    purpose=Purpose("ADVICE"),
    count=True,
)


async def shown(desk) -> dict[str, str]:
    return {row["number"]: row["assets"]["visibility"].value for row in (await desk.read(ASSETS)).rows}


async def post(bank, who: str, place: str, role: str = "cust_mgr") -> None:
    await Assignment.create(
        staff=bank.staff[who],
        role=role,
        institution=bank.places[place],
        department="WEALTH_CENTRE",
        valid_from=START,
        recorded_at=START,
    )


# Managers


async def test_access_follows_the_assignment_to_the_second(bank, seat):
    at = NOW + 60 * SECOND
    han = await seat(bank.staff["han"])
    new = await assign_manager(
        han, customer_id=bank.customers["zhou"].id, manager_id=bank.staff["luo"].id, at=at
    )
    assert (new.valid_from, new.recorded_by_id) == (at, bank.staff["han"].id)
    for moment, lins, luos in ((at - TICK, "VISIBLE", "MASKED"), (at, "MASKED", "VISIBLE")):
        assert (await shown(await seat(bank.staff["lin"], moment)))["C000001"] == lins
        assert (await shown(await seat(bank.staff["luo"], moment)))["C000001"] == luos


async def test_running_desks_see_a_new_manager_at_the_next_read(bank, seat):
    lin, luo = await seat(bank.staff["lin"]), await seat(bank.staff["luo"])
    assert ((await shown(lin))["C000001"], (await shown(luo))["C000001"]) == ("VISIBLE", "MASKED")
    han = await seat(bank.staff["han"])
    await assign_manager(han, customer_id=bank.customers["zhou"].id, manager_id=bank.staff["luo"].id)
    assert ((await shown(lin))["C000001"], (await shown(luo))["C000001"]) == ("MASKED", "VISIBLE")


async def test_a_customer_without_a_manager_stays_listed_and_gets_one(bank, seat):
    row = await ManagerAssignment.get(customer=bank.customers["zhou"])
    await row.end(at=NOW, now=NOW, by=None, reason="test")
    han = await seat(bank.staff["han"])
    assert set(await shown(han)) == {"C000001", "C000002"}
    await assign_manager(han, customer_id=bank.customers["zhou"].id, manager_id=bank.staff["luo"].id)
    assert (await shown(await seat(bank.staff["luo"])))["C000001"] == "VISIBLE"


async def test_a_change_that_is_fixed_for_later_stands(bank, seat):
    han, zhou = await seat(bank.staff["han"]), bank.customers["zhou"].id
    await assign_manager(han, customer_id=zhou, manager_id=bank.staff["luo"].id, at=NOW + SECOND)
    async with refused("CHANGE_SCHEDULED", han):
        await assign_manager(han, customer_id=zhou, manager_id=bank.staff["luo"].id)
    await assign_manager(han, customer_id=zhou, manager_id=bank.staff["lin"].id, at=NOW + SECOND)
    assert (await shown(await seat(bank.staff["lin"], NOW + SECOND)))["C000001"] == "VISIBLE"
    assert await ManagerAssignment.filter(customer_id=zhou, ended_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("tang", "MANAGER_NOT_HERE", id="another branch"),
        pytest.param("gao", "MANAGER_NOT_HERE", id="another role"),
        pytest.param("nobody", "MANAGER_NOT_HERE", id="no role"),
        pytest.param("lin", "ALREADY_ASSIGNED", id="the present one"),
        pytest.param("han", "SELF_GRANT", id="the head himself"),
    ],
)
async def test_who_cannot_be_the_manager(bank, seat, who, code):
    desk = await seat(bank.staff["han"])
    async with refused(code, desk):
        await assign_manager(desk, customer_id=bank.customers["zhou"].id, manager_id=bank.staff[who].id)


async def test_a_manager_at_the_branch_itself_is_not_one_of_a_centre_or_outlet(bank, seat):
    await post(bank, "nobody", "CD")
    desk = await seat(bank.staff["han"])
    async with refused("MANAGER_NOT_HERE", desk):
        await assign_manager(desk, customer_id=bank.customers["zhou"].id, manager_id=bank.staff["nobody"].id)


async def test_nobody_serves_himself_or_a_relative(bank, seat):
    await Recusal.create(
        person_id=bank.staff["luo"].person_id,
        customer_id=bank.customers["zhou"].id,
        relation="SIBLING",
        recorded_at=NOW,
    )
    desk = await seat(bank.staff["han"])
    async with refused("MANAGER_RECUSED", desk):
        await assign_manager(desk, customer_id=bank.customers["zhou"].id, manager_id=bank.staff["luo"].id)


@pytest.mark.parametrize(
    ("who", "customer", "code"),
    [
        ("lin", "zhou", "FORBIDDEN"),
        ("wu", "zhou", "FORBIDDEN"),
        ("nan", "zhou", "NOT_FOUND"),
        ("secadmin", "zhou", "NOT_FOUND"),
        ("nobody", "zhou", "NOT_FOUND"),
        ("han", "feng", "NOT_FOUND"),
    ],
)
async def test_who_may_not_assign(bank, seat, who, customer, code):
    desk = await seat(bank.staff[who])
    async with refused(code, desk):
        await assign_manager(desk, customer_id=bank.customers[customer].id, manager_id=bank.staff["luo"].id)


async def test_access_is_not_given_backwards(bank, seat):
    desk = await seat(bank.staff["han"])
    async with refused("BACKDATED", desk):
        await assign_manager(
            desk, customer_id=bank.customers["zhou"].id, manager_id=bank.staff["luo"].id, at=NOW - SECOND
        )


# Owners


def to_mianyang(bank, **more) -> dict:
    """Zhou moves from Chengdu to Mianyang, whose outlet has a manager; Deng of Sichuan is above both."""
    return {
        "customer_id": bank.customers["zhou"].id,
        "to_id": bank.places["MY"].id,
        "manager_id": bank.staff["mian"].id,
        "reason": "moved house",
    } | more


@pytest.fixture
async def mianyang(bank):
    """Mianyang has a centre with a manager, and Sichuan an officer above both branches."""
    centre = Institution(number=99, code="MYW", name="绵阳理财中心", level="TIER2", kind="WEALTH_CENTRE")
    centre.place_under(bank.places["MY"])
    await centre.save()
    bank.places["MYW"] = centre
    await post(bank, "mian", "MYW")
    await post(bank, "deng", "SC", "pb_officer")
    return bank


async def test_a_transfer_is_seen_by_the_next_read_of_everybody(mianyang, seat):
    bank = mianyang
    lin, wu, mian = [await seat(bank.staff[who]) for who in ("lin", "wu", "mian")]
    assert "C000001" in await shown(lin)
    await transfer_owner(await seat(bank.staff["deng"]), **to_mianyang(bank))
    assert set(await shown(lin)) == {"C000002"}
    assert set(await shown(wu)) == {"C000002"}
    assert await shown(mian) == {"C000001": "VISIBLE"}
    zhou = await Customer.get(id=bank.customers["zhou"].id)
    my = bank.places["MY"]
    assert (zhou.owner_id, zhou.owner_path, zhou.tier1_id, zhou.tier2_id) == (
        my.id,
        my.path,
        bank.places["SC"].id,
        my.id,
    )
    history = await Ownership.filter(customer=zhou).order_by("valid_from")
    assert [(row.owner_id, row.valid_from, row.recorded_at, row.reason) for row in history] == [
        (bank.places["CD"].id, START, START, "opened"),
        (my.id, NOW, NOW, "moved house"),
    ]
    rows = await ManagerAssignment.filter(customer=zhou).order_by("valid_from")
    assert [(row.manager_id, row.valid_from, row.ended_at) for row in rows] == [
        (bank.staff["lin"].id, START, NOW),
        (bank.staff["mian"].id, NOW, None),
    ]


async def test_the_tiers_follow_the_new_branch_at_every_level(bank, seat):
    await post(bank, "nobody", "CDO")
    await post(bank, "deng", "SC", "pb_officer")
    await transfer_owner(
        await seat(bank.staff["deng"]),
        **to_mianyang(bank, to_id=bank.places["CDJ"].id, manager_id=bank.staff["nobody"].id),
    )
    zhou = await Customer.get(id=bank.customers["zhou"].id)
    assert (zhou.owner_path, zhou.tier1_id, zhou.tier2_id) == (
        bank.places["CDJ"].path,
        bank.places["SC"].id,
        bank.places["CD"].id,
    )


async def test_since_when_he_belongs_there_may_lie_back(mianyang, seat):
    bank = mianyang
    since = NOW - dt.timedelta(days=30)
    await transfer_owner(await seat(bank.staff["deng"]), **to_mianyang(bank, at=since))
    row = await Ownership.get(owner_id=bank.places["MY"].id)
    assert (row.valid_from, row.recorded_at) == (since, NOW)
    assert (await ManagerAssignment.get(manager=bank.staff["mian"])).valid_from == NOW


async def test_the_archive_goes_with_the_customer(mianyang, seat, policy):
    bank = mianyang
    await Story(bank, policy).recorded()
    assert (await Archive.get()).custody_centre_id == bank.places["CDW"].id
    await transfer_owner(await seat(bank.staff["deng"]), **to_mianyang(bank))
    archive = await Archive.get()
    assert (archive.custody_centre_id, archive.servicing_id) == (bank.places["MYW"].id,) * 2


async def test_a_branch_without_a_centre_cannot_keep_the_archive(bank, seat, policy):
    await Story(bank, policy).recorded()
    await post(bank, "nobody", "CDO")
    await post(bank, "deng", "SC", "pb_officer")
    desk = await seat(bank.staff["deng"])
    async with refused("CENTRE_REQUIRED", desk):
        await transfer_owner(
            desk, **to_mianyang(bank, to_id=bank.places["CDJ"].id, manager_id=bank.staff["nobody"].id)
        )


@pytest.mark.parametrize("step", ["applied", "submitted"])
async def test_an_application_under_way_is_finished_first(mianyang, seat, policy, step):
    bank = mianyang
    await getattr(Story(bank, policy), step)()
    desk = await seat(bank.staff["deng"])
    async with refused("APPLICATION_OPEN", desk):
        await transfer_owner(desk, **to_mianyang(bank))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"to_id": "MYW"}, "CANNOT_OWN", id="a centre"),
        pytest.param({"to_id": "CD"}, "ALREADY_OWNER", id="the present owner"),
        pytest.param({"to_id": "NJ"}, "FORBIDDEN", id="a branch of another line"),
        pytest.param({"manager_id": "lin"}, "MANAGER_NOT_HERE", id="a manager of the old branch"),
        pytest.param({"manager_id": "deng"}, "SELF_GRANT", id="the officer himself"),
        pytest.param({"at": NOW + SECOND}, "NOT_YET", id="ahead of its day"),
        pytest.param({"reason": ""}, "BAD_USER_INPUT", id="no reason"),
    ],
)
async def test_what_is_no_transfer(mianyang, seat, said, code):
    bank = mianyang
    rows = bank.places | bank.staff
    given = {key: rows[it].id if isinstance(it, str) and it in rows else it for key, it in said.items()}
    desk = await seat(bank.staff["deng"])
    async with refused(code, desk):
        await transfer_owner(desk, **to_mianyang(bank, **given))


async def test_no_transfer_into_a_merged_branch(mianyang, seat):
    bank = mianyang
    await Institution.filter(id=bank.places["MY"].id).update(merged_into_id=bank.places["CD"].id)
    desk = await seat(bank.staff["deng"])
    async with refused("INSTITUTION_MERGED", desk):
        await transfer_owner(desk, **to_mianyang(bank))


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("wu", "FORBIDDEN", id="officer of the source only"),
        pytest.param("han", "FORBIDDEN", id="head of the centre"),
        pytest.param("lin", "FORBIDDEN", id="the manager"),
        pytest.param("officer", "FORBIDDEN", id="head office's policy desk"),
        pytest.param("secadmin", "FORBIDDEN", id="security administrator"),
    ],
)
async def test_who_may_not_transfer(mianyang, seat, who, code):
    desk = await seat(mianyang.staff[who])
    async with refused(code, desk):
        await transfer_owner(desk, **to_mianyang(mianyang))


async def test_an_officer_above_the_target_only_learns_nothing_of_the_customer(mianyang, seat):
    bank = mianyang
    await post(bank, "nobody", "MY", "pb_officer")
    desk = await seat(bank.staff["nobody"])
    async with refused("NOT_FOUND", desk):
        await transfer_owner(desk, **to_mianyang(bank))
    async with refused("NOT_FOUND", desk):
        await transfer_owner(desk, **to_mianyang(bank, customer_id=uuid4()))
