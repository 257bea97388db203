"""Article 9: every VIP customer is served by a full-time customer manager of his owning branch."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.sights.managing import FEWEST, MOST
from models.customers import Customer, ManagerAssignment
from models.membership import Membership, Registration
from models.people import Assignment, Delegation, Staff, Suspension
from tests.cast import START, customer_fields
from tests.digest import refused
from tests.schema.ask import ask
from tests.schema.ask import refused as not_answered

pytestmark = pytest.mark.measure("A9")
SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)
UNSERVED = """{ memberships(first: 10, where: {unserved: {eq: true}}) {
  totalCount nodes { state managerStanding customer { status { number } } } } }"""
LOADS = """query ($load: [LoadStanding!]) {
  assignments(first: 10, where: {role: {eq: CUST_MGR}, holdsNow: {eq: true}, load: {in: $load}}) {
    nodes { staff { number } load { visibility reason { code } members standing } } } }"""


async def part_time(story, full_time: bool = False) -> None:
    await Assignment.filter(staff_id=story.bank.staff["lin"].id).update(full_time=full_time)


async def test_a_part_timer_neither_registers_nor_submits(story):
    consent, evaluation = await story.consent(), await story.evaluation()
    await part_time(story)
    async with refused("MANAGER_NOT_FULL_TIME", await story.desk()):
        await story.register(consent)
    await part_time(story, full_time=True)
    membership = await story.register(consent)
    await part_time(story)
    async with refused("MANAGER_NOT_FULL_TIME", await story.desk()):
        await story.submit(membership, evaluation)
    await part_time(story, full_time=True)
    await story.submit(membership, evaluation)


async def test_a_filing_for_a_part_timers_customer_is_not_recorded(story):
    filing = await story.submitted()
    await part_time(story)
    async with refused("MANAGER_NOT_FULL_TIME", await story.desk("bai")):
        await story.record(filing)
    await part_time(story, full_time=True)
    await story.record(filing)


@pytest.mark.parametrize("why", ["ended", "left", "suspended", "moved to another branch"])
async def test_a_filing_without_a_manager_is_not_recorded(story, why):
    filing = await story.submitted()
    lin, now = story.bank.staff["lin"], story.bank.now
    if why == "ended":
        await ManagerAssignment.filter(manager_id=lin.id).update(ended_at=now)
    elif why == "left":
        await Staff.filter(id=lin.id).update(left_at=now)
    elif why == "suspended":
        await Suspension.create(staff=lin, reason="inquiry", valid_from=START, recorded_at=START)
    else:
        await Assignment.filter(staff_id=lin.id).update(institution_id=story.bank.places["NJW"].id)
    async with refused("NO_MANAGER", await story.desk("bai")):
        await story.record(filing)


async def test_a_new_manager_takes_over_what_was_submitted(story):
    filing = await story.submitted()
    zhou, now = story.bank.customers["zhou"], story.bank.now
    await ManagerAssignment.filter(customer_id=zhou.id).update(ended_at=now)
    await ManagerAssignment.create(
        customer=zhou, manager=story.bank.staff["luo"], valid_from=now, recorded_at=now
    )
    assert (await story.record(filing)).state == "RECORDED"


async def test_without_a_manager_nobody_registers(story):
    consent = await story.consent()
    await ManagerAssignment.filter(manager_id=story.bank.staff["lin"].id).update(ended_at=story.bank.now)
    for who in ("lin", "han"):
        async with refused("FORBIDDEN", await story.desk(who)):
            await story.register(consent, who)


@pytest.mark.parametrize(
    ("who", "code"),
    [("luo", "FORBIDDEN"), ("han", "FORBIDDEN"), ("wu", "FORBIDDEN"), ("tang", "NOT_FOUND")],
)
async def test_only_the_assigned_manager_registers(story, who, code):
    consent = await story.consent()
    async with refused(code, await story.desk(who)):
        await story.register(consent, who)


async def test_a_deputy_registers_for_the_manager_he_stands_in_for(story):
    lin, luo = story.bank.staff["lin"], story.bank.staff["luo"]
    await Delegation.create(principal=lin, deputy=luo, reason="leave", valid_from=START, recorded_at=START)
    consent = await story.consent("luo")
    await story.register(consent, "luo")
    registration = await Registration.get()
    assert (registration.manager_id, registration.registered_by_id) == (lin.id, luo.id)


async def exceptions(story, who: str = "han", now: dt.datetime | None = None) -> dict[str, str]:
    """The exception list, through the graph: who is on it, and how he is served."""
    found = (await ask(await story.desk(who, now), UNSERVED))["memberships"]
    assert found["totalCount"] == len(found["nodes"])
    return {it["customer"]["status"]["number"]: it["managerStanding"] for it in found["nodes"]}


@pytest.mark.parametrize(
    ("why", "standing"),
    [
        ("ended", "NOBODY"),
        ("part-time", "PART_TIME"),
        ("left", "NOT_AT_WORK"),
        ("suspended", "NOT_AT_WORK"),
        ("moved to another branch", "NOT_AT_WORK"),
        ("no longer a manager", "NOT_AT_WORK"),
    ],
)
async def test_a_member_without_a_full_time_manager_is_on_the_exception_list_from_that_second(
    story, why, standing
):
    await story.member()
    lin, at = story.bank.staff["lin"], story.bank.now + SECOND
    if why == "ended":
        await ManagerAssignment.filter(manager_id=lin.id).update(ended_at=at)
    elif why == "left":
        await Staff.filter(id=lin.id).update(left_at=at)
    elif why == "suspended":
        await Suspension.create(staff=lin, reason="inquiry", valid_from=at, recorded_at=START)
    else:
        await Assignment.filter(staff_id=lin.id).update(ended_at=at)
        if why != "no longer a manager":
            place, full = ("NJW", True) if why == "moved to another branch" else ("CDW", False)
            await Assignment.create(
                staff=lin, role="cust_mgr", institution=story.bank.places[place], department="WEALTH_CENTRE",
                full_time=full, valid_from=at, recorded_at=START,
            )  # fmt: skip
    assert await exceptions(story, now=at - TICK) == {}
    assert (
        await exceptions(story, now=at) == await exceptions(story, now=at + SECOND) == {"C000001": standing}
    )


@pytest.mark.parametrize("state", ["ACTIVE", "REVIEW_DUE", "SUSPENDED", "APPLIED"])
async def test_the_exception_list_is_of_members_and_nobody_else(story, state):
    await story.member(state=state)
    await ManagerAssignment.filter(manager_id=story.bank.staff["lin"].id).update(ended_at=story.bank.now)
    assert await exceptions(story) == ({} if state == "APPLIED" else {"C000001": "NOBODY"})
    rest = """{ memberships(first: 1, where: {unserved: {eq: false}}) { totalCount } }"""
    found = await ask(await story.desk("han"), rest)
    assert found["memberships"]["totalCount"] == int(state == "APPLIED")


@pytest.mark.parametrize(
    ("who", "seen"),
    [("han", 1), ("wu", 1), ("deng", 1), ("officer", 1), ("luo", 1), ("nan", 0)],
)
async def test_the_exception_list_is_read_within_ones_reach(story, who, seen):
    await story.member()
    await ManagerAssignment.filter(manager_id=story.bank.staff["lin"].id).update(ended_at=story.bank.now)
    assert len(await exceptions(story, who)) == seen
    assert await not_answered(await story.desk("nobody"), UNSERVED) == "FILTER_NOT_ALLOWED"


async def test_one_full_time_post_of_two_suffices(story):
    await story.member()
    await part_time(story)
    assert await exceptions(story) == {"C000001": "PART_TIME"}
    await Assignment.create(
        staff=story.bank.staff["lin"], role="cust_mgr", institution=story.bank.places["CDW"],
        department="WEALTH_CENTRE", valid_from=START, recorded_at=START,
    )  # fmt: skip
    assert await exceptions(story) == {}


async def loads(story, who: str, *standing: str, now: dt.datetime | None = None) -> dict[str, tuple]:
    asked = {"load": list(standing or ("BELOW", "WITHIN", "ABOVE"))}
    found = (await ask(await story.desk(who, now), LOADS, **asked))["assignments"]["nodes"]
    assert {it["load"]["visibility"] for it in found} <= {"VISIBLE"}
    return {it["staff"]["number"]: (it["load"]["members"], it["load"]["standing"]) for it in found}


async def more_members(story, count: int) -> None:
    """So many further members of Lin's, of Chengdu."""
    zhou, member = story.bank.customers["zhou"], await story.member()
    rows = [
        Customer(
            number=f"M{number:05}", name="某某", opened_on=START.date(), owner_id=zhou.owner_id,
            owner_path=zhou.owner_path, **customer_fields(f"m{number}", f"M{number:05}", "OTHER"),
        )
        for number in range(count)
    ]  # fmt: skip
    await Customer.bulk_create(rows)
    lin = story.bank.staff["lin"]
    await ManagerAssignment.bulk_create(
        [
            ManagerAssignment(customer_id=it.id, manager=lin, valid_from=START, recorded_at=START)
            for it in rows
        ]
    )
    await Membership.bulk_create(
        [
            Membership(
                customer_id=it.id, registration_id=member.registration_id, state="ACTIVE", tier="BRANCH",
                filing_id=member.filing_id, term_starts=member.term_starts, term_ends=member.term_ends,
            )
            for it in rows
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("members", "standing"),
    [(FEWEST - 1, "BELOW"), (FEWEST, "WITHIN"), (MOST, "WITHIN"), (MOST + 1, "ABOVE")],
)
async def test_a_managers_load_is_told_against_a_hundred_to_two_hundred(story, members, standing):
    await more_members(story, members - 1)
    assert await loads(story, "han") == {"S-lin": (members, standing), "S-luo": (0, "BELOW")}
    assert "S-lin" in await loads(story, "han", standing)


async def test_a_load_counts_members_and_only_those_whom_he_serves_now(story):
    for customer, state in (("zhou", "SUSPENDED"), ("qian", "APPLIED")):
        await story.member(customer, state)
    assert await loads(story, "wu") == {"S-lin": (1, "BELOW"), "S-luo": (0, "BELOW")}
    handed = await story.signed(at=story.bank.now + SECOND)
    assert (await loads(story, "wu", now=handed.at - TICK))["S-lin"][0] == 1
    assert await loads(story, "wu", now=handed.at) == {"S-lin": (0, "BELOW"), "S-luo": (1, "BELOW")}


async def test_a_load_is_for_the_head_of_the_branch_and_the_levels_above(story):
    await story.member()
    for who in ("han", "wu", "deng", "officer"):
        assert (await loads(story, who))["S-lin"] == (1, "BELOW"), who
    assert set(await loads(story, "nan")) == {"S-tang"}
    for who in ("lin", "gao", "secadmin", "nobody"):
        assert await not_answered(await story.desk(who), LOADS, load=["BELOW"]) == "FILTER_NOT_ALLOWED", who
    query = """{ assignments(first: 20, where: {role: {eq: CUST_MGR}}) {
      nodes { load { visibility reason { code } members standing } } } }"""
    found = (await ask(await story.desk("lin"), query))["assignments"]["nodes"]
    assert [it["load"] for it in found] == [
        {
            "visibility": "WITHHELD",
            "reason": {"code": "ROLE_WITHOUT_ACCESS"},
            "members": None,
            "standing": None,
        }
    ] * 3
