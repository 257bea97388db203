"""Passwords: what may be one, changing one's own, and the reset and the unlock that take two people."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from authz import Role
from desk.desk import Desk
from desk.errors import Unauthenticated
from desk.people import passwords
from desk.people.passwords import acceptable, change_own_password, one_time_password, set_password
from desk.people.proposals import execute_proposal, refuse_proposal
from desk.people.resets import execute_reset, propose_reset, propose_unlock
from desk.people.signing import PasswordMustChange, SignInRefused, resolve, sign_in
from models.errors import Refusal
from models.people import Assignment, Credential, Proposal, Session, SignInAttempt, Staff
from models.trail import AccessRecord
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.digest import changed, digest, refused

OLD, NEW = "correct horse 42", "battery staple 7"
HERE = "10.1.1.1"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
async def lin(bank) -> Staff:
    await set_password(bank.staff["lin"].id, OLD, NOW - SECOND)
    return bank.staff["lin"]


async def opens(password: str, now: dt.datetime = NOW) -> bool:
    try:
        await sign_in("S-lin", password, HERE, now)
    except SignInRefused:
        return False
    return True


@pytest.mark.parametrize(
    "password", ["eight€9x", "x y" * 42 + "zw", "密码很长而且没有人猜得到", "Tr0ub4dor&3"]
)
def test_what_may_be_a_password(password):
    assert acceptable(password, "S-lin") == password


@pytest.mark.parametrize(
    ("password", "code"),
    [
        pytest.param("seven77", "BAD_PASSWORD", id="seven characters"),
        pytest.param("ab cd" * 26, "BAD_PASSWORD", id="130 characters"),
        pytest.param("\ufdfa" * 20 + "abcd", "BAD_PASSWORD", id="long in its plain form"),
        pytest.param("abcdefg\ud800", "BAD_PASSWORD", id="no text"),
        pytest.param("", "BAD_PASSWORD", id="empty"),
        pytest.param("password1", "COMMON_PASSWORD", id="common"),
        pytest.param("PassWord1", "COMMON_PASSWORD", id="common in capitals"),
        pytest.param(
            "\uff57\uff4f\uff41\uff49\uff4e\uff49\uff11\uff13\uff11\uff14",
            "COMMON_PASSWORD",
            id="common in wide letters",
        ),
        pytest.param("aabbaabbaabb", "COMMON_PASSWORD", id="two letters"),
        pytest.param("my S-lin!", "COMMON_PASSWORD", id="the staff number"),
    ],
)
def test_what_may_not(password, code):
    with pytest.raises(Refusal) as caught:
        acceptable(password, "S-lin")
    assert (caught.value.code, caught.value.field) == (code, "password")


async def test_nothing_is_cut_off(lin):
    long = "a long passphrase " * 7 + "12"
    assert len(long) == 128
    await set_password(lin.id, long, NOW)
    assert not await opens(long[:-1])
    assert await opens(long)


async def test_a_password_set_on_the_command_line_ends_every_session(lin):
    signed = await sign_in("S-lin", OLD, HERE, NOW)
    await set_password(lin.id, NEW, NOW)
    with pytest.raises(Unauthenticated):
        await resolve(signed.token, NOW)
    assert (await opens(OLD), await opens(NEW)) == (False, True)
    record = await AccessRecord.filter(operation="setPassword").order_by("-at").first()
    assert record is not None
    assert (record.staff_id, record.object_id) == (None, lin.id)


async def test_a_leaver_gets_no_password(lin):
    await Staff.filter(id=lin.id).update(left_at=NOW)
    with pytest.raises(Refusal, match="has left"):
        await set_password(lin.id, NEW, NOW)


async def test_changing_ones_own_ends_every_session(lin, policy):
    here, elsewhere = [await sign_in("S-lin", OLD, HERE, NOW) for _ in range(2)]
    desk = await Desk.take(policy, lin.id, NOW, session_id=here.session_id)
    await change_own_password(desk, old=OLD, new=NEW, address=HERE)
    for signed in (here, elsewhere):
        with pytest.raises(Unauthenticated):
            await resolve(signed.token, NOW)
    with pytest.raises(Unauthenticated):
        await desk.look_again(desk.must_be_fresh)
    assert (await opens(OLD), await opens(NEW)) == (False, True)
    record = await AccessRecord.get(operation="changePassword")
    assert (record.decision, record.staff_id) == ("ALLOW", lin.id)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("wrong horse 42", NEW, "WRONG_PASSWORD", id="wrong old one"),
        pytest.param(OLD, "password1", "COMMON_PASSWORD", id="common new one"),
        pytest.param(OLD, "short", "BAD_PASSWORD", id="short new one"),
        pytest.param(OLD, OLD, "SAME_PASSWORD", id="the same"),
    ],
)
async def test_what_is_no_change(lin, seat, old, new, code):
    desk = await seat(lin)
    async with refused(code, desk):
        await change_own_password(desk, old=old, new=new)


async def test_guesses_at_the_old_password_run_out(lin, seat):
    desk = await seat(lin)
    for _ in range(5):
        async with refused("WRONG_PASSWORD", desk):
            await change_own_password(desk, old="wrong horse 42", new=NEW)
    async with refused("WRONG_PASSWORD", desk):
        await change_own_password(desk, old=OLD, new=NEW)
    assert not await opens(OLD)


async def test_who_changed_it_first_wins(lin, seat):
    """Both have shown the old password; the second finds another one in its place."""
    desk = await seat(lin)
    seen = (await Credential.get()).password_hash
    await change_own_password(desk, old=OLD, new=NEW)
    async with refused("WRONG_PASSWORD", desk):
        await passwords._change(desk, seen=seen, password_hash=seen)


async def test_a_reset_takes_two_people_and_shows_a_password_once(lin, bank, seat):
    signed = await sign_in("S-lin", OLD, HERE, NOW)
    proposal = await propose_reset(await seat(bank.staff["han"]), staff_id=lin.id, reason="forgotten")
    assert await opens(OLD)
    sec = await seat(bank.staff["secadmin"])
    done, password = await execute_reset(sec, proposal_id=proposal.id)
    assert (done.state, done.decided_by_id) == ("EXECUTED", bank.staff["secadmin"].id)
    assert re.fullmatch(r"([A-HJ-NP-Za-kmnp-z2-9]{4}-){3}[A-HJ-NP-Za-kmnp-z2-9]{4}", password)
    assert all(password not in row.record for row in await AccessRecord.all())
    with pytest.raises(Unauthenticated):
        await resolve(signed.token, NOW)
    assert not await opens(OLD)
    async with refused("WRONG_STATE", sec):
        await execute_reset(sec, proposal_id=proposal.id)


async def test_a_password_that_was_given_opens_no_session_before_it_is_changed(lin, bank, seat):
    proposal = await propose_reset(await seat(bank.staff["han"]), staff_id=lin.id, reason="forgotten")
    _, given = await execute_reset(await seat(bank.staff["secadmin"]), proposal_id=proposal.id)
    before = await digest()
    with pytest.raises(PasswordMustChange):
        await sign_in("S-lin", given, HERE, NOW)
    with pytest.raises(SignInRefused):
        await sign_in("S-lin", "wrong horse 42", HERE, NOW, new_password=NEW)
    for bad, code in ((given, "SAME_PASSWORD"), ("password1", "COMMON_PASSWORD")):
        with pytest.raises(Refusal) as caught:
            await sign_in("S-lin", given, HERE, NOW, new_password=bad)
        assert (caught.value.code, caught.value.field) == (code, "newPassword")
    assert changed(before, await digest()) == {"access_record": 4}
    assert await Session.filter(ended_at__isnull=True).count() == 0
    signed = await sign_in("S-lin", given, HERE, NOW, new_password=NEW)
    assert (await resolve(signed.token, NOW))[:2] == (lin.id, signed.session_id)
    assert not (await Credential.get()).must_change
    assert (await opens(given), await opens(NEW)) == (False, True)


async def test_a_password_that_was_given_is_good_for_a_day(lin, bank, seat):
    proposal = await propose_reset(await seat(bank.staff["han"]), staff_id=lin.id, reason="forgotten")
    _, given = await execute_reset(await seat(bank.staff["secadmin"]), proposal_id=proposal.id)
    end = NOW + dt.timedelta(hours=24)
    with pytest.raises(PasswordMustChange):
        await sign_in("S-lin", given, HERE, end - SECOND)
    with pytest.raises(SignInRefused):
        await sign_in("S-lin", given, HERE, end, new_password=NEW)


async def test_an_unlock_takes_two_people_and_keeps_the_password(lin, bank, seat):
    for _ in range(5):
        assert not await opens("wrong horse 42")
    await Credential.all().update(locked_at=NOW)
    proposal = await propose_unlock(await seat(bank.staff["han"]), staff_id=lin.id, reason="mistyped")
    sec = await seat(bank.staff["secadmin"])
    async with refused("WRONG_STATE", sec):
        await execute_reset(sec, proposal_id=proposal.id)
    await execute_proposal(sec, proposal_id=proposal.id)
    assert await SignInAttempt.filter(bucket__startswith="account:").count() == 0
    assert await opens(OLD)


async def test_a_reset_is_not_executed_without_its_password(lin, bank, seat):
    proposal = await propose_reset(await seat(bank.staff["han"]), staff_id=lin.id, reason="forgotten")
    sec = await seat(bank.staff["secadmin"])
    async with refused("WRONG_STATE", sec):
        await execute_proposal(sec, proposal_id=proposal.id)
    await refuse_proposal(sec, proposal_id=proposal.id, note="ask again")
    assert await opens(OLD)


@pytest.mark.parametrize(
    ("who", "whom", "code"),
    [
        pytest.param("lin", "luo", "FORBIDDEN", id="a colleague"),
        pytest.param("han", "tang", "FORBIDDEN", id="head of another centre"),
        pytest.param("han", "teller", "FORBIDDEN", id="an outlet beside the centre"),
        pytest.param("han", "nobody", "FORBIDDEN", id="somebody without a role"),
        pytest.param("secadmin", "lin", "FORBIDDEN", id="who executes"),
        pytest.param("han", "han", "SELF_GRANT", id="himself"),
    ],
)
async def test_who_may_not_propose(bank, seat, who, whom, code):
    desk = await seat(bank.staff[who])
    for propose in (propose_reset, propose_unlock):
        async with refused(code, desk):
            await propose(desk, staff_id=bank.staff[whom].id, reason="because")


async def test_nobody_executes_what_he_proposed_nor_his_own(lin, bank, seat):
    await bank.staff["secadmin"].fetch_related("person")
    twin = await staff_member("twin", "沈安", bank.staff["secadmin"].person)
    await Assignment.create(
        staff=twin,
        role=Role.SEC_ADMIN,
        institution=bank.places["HQ"],
        department="TECHNOLOGY",
        valid_from=START,
        recorded_at=START,
    )
    sec = await seat(bank.staff["secadmin"])
    own = await propose_reset(await seat(bank.staff["approver"]), staff_id=twin.id, reason="forgotten")
    async with refused("SELF_GRANT", sec):
        await execute_reset(sec, proposal_id=own.id)
    made = await propose_reset(await seat(bank.staff["han"]), staff_id=lin.id, reason="forgotten")
    await Proposal.filter(id=made.id).update(proposed_by_id=twin.id, proposed_person_id=twin.person_id)
    async with refused("PASSWORD_RESET_BY_ONE", sec):
        await execute_reset(sec, proposal_id=made.id)


@pytest.mark.parametrize("who", ["han", "sysadmin", "approver", "lin"])
async def test_only_the_security_administrator_executes_a_reset(lin, bank, seat, who):
    proposal = await propose_reset(await seat(bank.staff["deng"]), staff_id=lin.id, reason="forgotten")
    desk = await seat(bank.staff[who])
    async with refused("FORBIDDEN" if who in ("han", "approver") else "NOT_FOUND", desk):
        await execute_reset(desk, proposal_id=proposal.id)


def test_one_time_passwords_are_acceptable_and_differ():
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(acceptable(it, "S-lin") == it for it in made)
