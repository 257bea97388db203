"""Suspension and leaving: access stops everywhere in one moment, and no customer is left behind."""

from __future__ import annotations

import datetime as dt

import pytest

from authz import DataClass
from desk.desk import Desk
from desk.errors import Unauthenticated
from desk.people.attempts import RULES
from desk.people.delegations import delegate
from desk.people.leaving import leave, lift, suspend
from desk.people.sessions import open_session, resolve
from desk.selection import Page, Purpose, Section, Selection
from models.customers import ManagerAssignment
from models.institutions import SupervisionLine
from models.people import Assignment, Delegation, Session, Suspension
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.digest import refused

SECOND, TICK = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)
ASSETS = Selection(
    "customer",
    ("number",),
    sections=(Section("assets", DataClass.ASSET, ("band",)),),
    page=Page(first=10),
    purpose=Purpose("ADVICE"),
)


async def shown(desk: Desk) -> dict[str, str]:
    return {row["number"]: row["assets"]["visibility"].value for row in (await desk.read(ASSETS)).rows}


async def signed_in(policy, staff, now=NOW) -> Desk:
    session = await open_session(staff.id, now, RULES)
    return await Desk.take(policy, staff.id, now, session_id=session.session_id)


async def test_a_suspension_stops_a_running_desk_and_every_session_at_once(bank, seat, policy):
    running, session = await seat(bank.staff["lin"]), await signed_in(policy, bank.staff["lin"])
    elsewhere = await signed_in(policy, bank.staff["lin"])
    assert await shown(session) == {"C000001": "VISIBLE", "C000002": "MASKED"}
    sec = await seat(bank.staff["secadmin"])
    await suspend(sec, staff_id=bank.staff["lin"].id, reason="under inquiry")
    for desk in (running, session, elsewhere):
        with pytest.raises(Unauthenticated):
            await desk.read(ASSETS)
    with pytest.raises(Unauthenticated):
        await seat(bank.staff["lin"])
    ended = await Session.filter(staff=bank.staff["lin"]).values_list("ended_at", "end_reason")
    assert set(ended) == {(NOW, "SUSPENDED")}


async def test_a_suspension_ends_a_session_whose_request_had_begun_before_it(bank, seat, policy):
    """The request sat down a moment before; its session tells it that the moment is over."""
    before = await signed_in(policy, bank.staff["lin"], NOW - SECOND)
    await suspend(await seat(bank.staff["secadmin"]), staff_id=bank.staff["lin"].id, reason="inquiry")
    with pytest.raises(Unauthenticated):
        await before.read(ASSETS)


async def test_a_suspension_told_ahead_begins_and_ends_at_the_very_second(bank, seat):
    start, end = NOW + 60 * SECOND, NOW + 120 * SECOND
    session = await open_session(bank.staff["lin"].id, NOW, RULES)
    sec = await seat(bank.staff["secadmin"])
    await suspend(sec, staff_id=bank.staff["lin"].id, reason="inquiry", valid_from=start, valid_to=end)
    assert (await resolve(session.token, start - TICK)).session_id == session.session_id
    for moment, working in ((start - TICK, True), (start, False), (end - TICK, False), (end, True)):
        if working:
            assert await shown(await seat(bank.staff["lin"], moment)) != {}
        else:
            with pytest.raises(Unauthenticated):
                await seat(bank.staff["lin"], moment)
    with pytest.raises(Unauthenticated):
        await resolve(session.token, start)
    with pytest.raises(Unauthenticated):
        await resolve(session.token, end)
    assert (await Session.get(id=session.session_id)).end_reason == "SUSPENDED"


async def test_a_running_desk_knows_when_a_suspension_told_ahead_will_stop_it(bank, seat):
    running = await seat(bank.staff["lin"])
    sec = await seat(bank.staff["secadmin"])
    await suspend(sec, staff_id=bank.staff["lin"].id, reason="inquiry", valid_from=NOW + SECOND)
    assert await shown(running) == {"C000001": "VISIBLE", "C000002": "MASKED"}
    running.now = NOW + SECOND
    with pytest.raises(Unauthenticated):
        await running.read(ASSETS)


async def test_lifting_gives_back_what_was_held_but_no_session(bank, seat, policy):
    session = await signed_in(policy, bank.staff["lin"])
    sec = await seat(bank.staff["secadmin"])
    for _ in range(2):
        await suspend(sec, staff_id=bank.staff["lin"].id, reason="inquiry")
    lifted = NOW + SECOND
    await lift(await seat(bank.staff["secadmin"], lifted), staff_id=bank.staff["lin"].id, reason="cleared")
    with pytest.raises(Unauthenticated):
        await seat(bank.staff["lin"], lifted - TICK)
    assert await shown(await seat(bank.staff["lin"], lifted)) == {"C000001": "VISIBLE", "C000002": "MASKED"}
    with pytest.raises(Unauthenticated):
        await session.read(ASSETS)
    assert await Suspension.filter(ended_at=lifted, end_reason="cleared").count() == 2


async def test_only_a_suspension_is_lifted(bank, seat):
    desk = await seat(bank.staff["secadmin"])
    async with refused("NOT_SUSPENDED", desk):
        await lift(desk, staff_id=bank.staff["lin"].id, reason="cleared")
    await suspend(desk, staff_id=bank.staff["lin"].id, reason="inquiry")
    await lift(desk, staff_id=bank.staff["lin"].id, reason="cleared")
    async with refused("NOT_SUSPENDED", desk):
        await lift(desk, staff_id=bank.staff["lin"].id, reason="cleared")


async def test_the_customers_of_who_is_suspended_stay_listed_for_their_branch(bank, seat):
    await suspend(await seat(bank.staff["secadmin"]), staff_id=bank.staff["lin"].id, reason="inquiry")
    assert set(await shown(await seat(bank.staff["han"]))) == {"C000001", "C000002"}


@pytest.mark.parametrize("who", ["han", "wu", "officer", "sysadmin", "logadmin", "nobody", "lin"])
async def test_who_may_not_stop_anybody(bank, seat, who):
    desk = await seat(bank.staff[who])
    for act in (suspend, lift, leave):
        async with refused("FORBIDDEN", desk):
            await act(desk, staff_id=bank.staff["luo"].id, reason="because")


async def test_nobody_stops_or_lifts_himself_under_any_number(bank, seat):
    await bank.staff["secadmin"].fetch_related("person")
    twin = await staff_member("twin", "沈安", bank.staff["secadmin"].person)
    desk = await seat(bank.staff["secadmin"])
    for it in (bank.staff["secadmin"], twin):
        for act in (suspend, lift, leave):
            async with refused("SELF_GRANT", desk):
                await act(desk, staff_id=it.id, reason="because")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"valid_from": NOW - SECOND}, "BACKDATED", id="backdated"),
        pytest.param({"valid_to": NOW}, "BAD_PERIOD", id="no time at all"),
        pytest.param({"reason": ""}, "BAD_USER_INPUT", id="no reason"),
        pytest.param({"reason": "x" * 201}, "BAD_USER_INPUT", id="too long a reason"),
    ],
)
async def test_what_is_no_suspension(bank, seat, said, code):
    desk = await seat(bank.staff["secadmin"])
    async with refused(code, desk):
        await suspend(desk, **{"staff_id": bank.staff["lin"].id, "reason": "inquiry"} | said)


async def test_a_leaver_with_customers_hands_them_over_first(bank, seat):
    desk = await seat(bank.staff["secadmin"])
    lin, tang = bank.staff["lin"].id, bank.staff["tang"].id
    async with refused("HANDOVER_REQUIRED", desk):
        await leave(desk, staff_id=lin, reason="retires")
    async with refused("HANDOVER_REQUIRED", desk):
        await leave(desk, staff_id=lin, reason="retires", receiver_id=lin)
    for receiver in (tang, bank.staff["gao"].id, bank.staff["nobody"].id):
        async with refused("MANAGER_NOT_HERE", desk):
            await leave(desk, staff_id=lin, reason="retires", receiver_id=receiver)


async def test_leaving_ends_everything_and_passes_the_customers_on_in_one_second(bank, seat, policy):
    at = NOW + 60 * SECOND
    session = await open_session(bank.staff["lin"].id, NOW, RULES)
    running = await seat(bank.staff["luo"])
    assert await shown(running) == {"C000001": "MASKED", "C000002": "VISIBLE"}
    sec = await seat(bank.staff["secadmin"])
    await leave(sec, staff_id=bank.staff["lin"].id, reason="retires", at=at, receiver_id=bank.staff["luo"].id)
    for moment, lins, luos in ((at - TICK, "VISIBLE", "MASKED"), (at, None, "VISIBLE")):
        seen = await shown(await seat(bank.staff["luo"], moment))
        assert seen == {"C000001": luos, "C000002": "VISIBLE"}
        if lins:
            assert (await shown(await seat(bank.staff["lin"], moment)))["C000001"] == lins
            assert (await resolve(session.token, moment)).staff_id == bank.staff["lin"].id
        else:
            with pytest.raises(Unauthenticated):
                await seat(bank.staff["lin"], moment)
            with pytest.raises(Unauthenticated):
                await resolve(session.token, moment)
    old, new = await ManagerAssignment.filter(customer=bank.customers["zhou"]).order_by("valid_from")
    assert (old.manager_id, old.ended_at, old.ended_by_id) == (
        bank.staff["lin"].id,
        at,
        bank.staff["secadmin"].id,
    )
    assert (new.manager_id, new.valid_from, new.ended_at) == (bank.staff["luo"].id, at, None)
    role = await Assignment.get(staff=bank.staff["lin"])
    assert (role.ended_at, role.end_reason) == (at, "retires")


async def test_leaving_now_stops_a_running_desk_and_the_sessions(bank, seat, policy):
    running, session = await seat(bank.staff["lin"]), await signed_in(policy, bank.staff["lin"])
    sec = await seat(bank.staff["secadmin"])
    gone = await leave(sec, staff_id=bank.staff["lin"].id, reason="left", receiver_id=bank.staff["luo"].id)
    assert gone.left_at == NOW
    for desk in (running, session):
        with pytest.raises(Unauthenticated):
            await desk.read(ASSETS)
    assert (await Session.get(staff=bank.staff["lin"])).end_reason == "LEFT"
    assert (await shown(await seat(bank.staff["luo"])))["C000001"] == "VISIBLE"


async def test_delegations_and_supervision_end_with_the_leaver(bank, seat):
    await Assignment.create(
        staff=bank.staff["nobody"],
        role="cust_mgr",
        institution=bank.places["CDW"],
        department="WEALTH_CENTRE",
        valid_from=START,
        recorded_at=START,
    )
    await delegate(
        await seat(bank.staff["han"]),
        principal_id=bank.staff["lin"].id,
        deputy_id=bank.staff["nobody"].id,
        reason="holiday",
        valid_to=NOW + dt.timedelta(days=9),
    )
    deputy = await seat(bank.staff["nobody"])
    assert (await shown(deputy))["C000001"] == "VISIBLE"
    sec = await seat(bank.staff["secadmin"])
    await leave(sec, staff_id=bank.staff["lin"].id, reason="left", receiver_id=bank.staff["luo"].id)
    assert (await shown(deputy))["C000001"] == "MASKED"
    assert (await Delegation.get()).ended_at == NOW
    await leave(sec, staff_id=bank.staff["zhao"].id, reason="left")
    assert (await SupervisionLine.get()).ended_at == NOW


async def test_who_has_no_customers_needs_no_receiver_and_leaves_once(bank, seat):
    desk = await seat(bank.staff["secadmin"])
    await leave(desk, staff_id=bank.staff["gao"].id, reason="left")
    async with refused("STAFF_HAS_LEFT", desk):
        await leave(desk, staff_id=bank.staff["gao"].id, reason="left")
    async with refused("STAFF_HAS_LEFT", desk):
        await suspend(desk, staff_id=bank.staff["gao"].id, reason="left")


async def test_a_handover_told_ahead_is_passed_on_as_well(bank, seat):
    """Lin leaves now; the customer who was to come to her next week comes to her successor."""
    start = NOW + dt.timedelta(days=7)
    zhou = await ManagerAssignment.get(customer=bank.customers["zhou"])
    qian = await ManagerAssignment.get(customer=bank.customers["qian"])
    await qian.end(at=start, now=NOW, by=None, reason="planned")
    planned = await ManagerAssignment.create(
        customer=bank.customers["qian"], manager=bank.staff["lin"], valid_from=start, recorded_at=NOW
    )
    sec = await seat(bank.staff["secadmin"])
    await leave(sec, staff_id=bank.staff["lin"].id, reason="left", receiver_id=bank.staff["luo"].id)
    for row in (zhou, planned):
        await row.refresh_from_db()
    assert (zhou.ended_at, planned.ended_at) == (NOW, start)
    received = await ManagerAssignment.filter(manager=bank.staff["luo"], recorded_at=NOW).order_by(
        "valid_from"
    )
    assert [(row.customer_id, row.valid_from) for row in received] == [
        (bank.customers["zhou"].id, NOW),
        (bank.customers["qian"].id, start),
    ]
