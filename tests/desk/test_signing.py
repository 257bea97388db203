"""Signing in: one answer to whatever is wrong, guesses run out, and a session is over at a moment and at once."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import statistics
import time
from collections import Counter

import orjson
import pytest
from argon2 import PasswordHasher

from desk.desk import Desk
from desk.errors import Unauthenticated
from desk.people.attempts import SigningRules
from desk.people.leaving import suspend
from desk.people.passwords import set_password
from desk.people.sessions import end_sessions
from desk.people.signing import SignInRefused, resolve, sign_in, sign_out
from models.errors import Refusal
from models.people import Credential, Session, SignInAttempt, Staff, Suspension
from models.trail import AccessRecord
from tests.conftest import NOW

PASSWORD = "correct horse 42"
HERE = "10.1.1.1"
SECOND, MINUTE, TICK = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(microseconds=1)


@pytest.fixture
async def lin(bank) -> Staff:
    await set_password(bank.staff["lin"].id, PASSWORD, NOW - MINUTE)
    return bank.staff["lin"]


async def refusal(number: str, password: str, now: dt.datetime = NOW, address: str = HERE) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        await sign_in(number, password, address, now)
    assert await Session.filter(ended_at__isnull=True).count() == 0
    return caught.value


async def reasons() -> list[str]:
    rows = await AccessRecord.filter(operation="signIn", decision="REFUSE").order_by("at")
    return [orjson.loads(row.record)["why"] for row in rows]


async def test_a_session_opens_with_a_token_that_is_kept_nowhere(lin, policy):
    signed = await sign_in("S-lin", PASSWORD, HERE, NOW)
    assert (signed.staff_id, signed.expires_at) == (lin.id, NOW + 15 * MINUTE)
    assert len(signed.token) >= 43
    row = await Session.get()
    assert row.token_hash == hashlib.sha256(signed.token.encode()).hexdigest()
    assert (row.created_at, row.last_seen_at, row.expires_at) == (NOW, NOW, NOW + 15 * MINUTE)
    assert await resolve(signed.token, NOW) == (lin.id, signed.session_id, NOW + MINUTE)
    record = await AccessRecord.get(operation="signIn")
    assert (record.decision, record.staff_id, record.object_id) == ("ALLOW", lin.id, signed.session_id)
    said = orjson.loads(record.record)
    assert (said["address"], said["session"]) == (HERE, str(signed.session_id))
    assert signed.token not in record.record
    assert PASSWORD not in record.record
    desk = await Desk.take(policy, signed.staff_id, NOW, session_id=signed.session_id)
    await desk.must_be_fresh()


async def test_every_sign_in_has_a_token_of_its_own(lin):
    one, two = [await sign_in("S-lin", PASSWORD, HERE, NOW) for _ in range(2)]
    assert one.token != two.token
    assert one.session_id != two.session_id


async def test_one_answer_to_whatever_is_wrong(lin, bank):
    answers = [await refusal("S-lin", "wrong horse 42"), await refusal("S-king", PASSWORD)]
    answers += [await refusal("S-luo", PASSWORD), await refusal("S-lin\0", PASSWORD)]
    answers.append(await refusal("S-lin", "\ud800" * 20))
    answers.append(await refusal("S-lin", "x" * 200_000))
    await Credential.all().update(locked_at=NOW)
    answers.append(await refusal("S-lin", PASSWORD))
    await Credential.all().update(locked_at=None)
    await Staff.filter(id=lin.id).update(left_at=NOW)
    answers.append(await refusal("S-lin", PASSWORD, NOW + SECOND))
    answers.append(await refusal("S-lin", PASSWORD, NOW + SECOND))
    assert {(type(it), it.code, it.message, it.field) for it in answers} == {
        (SignInRefused, "SIGN_IN_REFUSED", answers[0].message, "")
    }
    assert Counter(await reasons()) == {"WRONG": 3, "UNKNOWN": 3, "LOCKED": 1, "INACTIVE": 1}
    records = await AccessRecord.filter(operation="signIn")
    assert {row.staff_id for row in records} == {None}
    assert {row.object_id for row in records} == {lin.id, bank.staff["luo"].id, None}


async def test_a_suspended_person_is_refused_like_a_wrong_password(lin, bank, seat):
    await suspend(await seat(bank.staff["secadmin"]), staff_id=lin.id, reason="inquiry")
    assert (await refusal("S-lin", PASSWORD)).message == (await refusal("S-lin", "wrong horse 42")).message
    assert sorted(await reasons()) == ["INACTIVE", "WRONG"]


async def test_five_guesses_and_then_not_even_the_right_one_until_the_window_has_passed(lin):
    for step in range(5):
        await refusal("S-lin", "wrong horse 42", NOW + step * SECOND)
    await refusal("S-lin", PASSWORD, NOW + 10 * SECOND)
    assert await reasons() == ["WRONG"] * 5
    assert await SignInAttempt.filter(bucket__startswith="account:").count() == 5
    await refusal("S-lin", PASSWORD, NOW + 15 * MINUTE - TICK)
    assert (await sign_in("S-lin", PASSWORD, HERE, NOW + 15 * MINUTE)).staff_id == lin.id
    assert await SignInAttempt.filter(bucket__startswith="account:").count() == 0


async def test_an_unknown_number_runs_out_of_guesses_like_a_known_one(lin):
    for _ in range(5):
        await refusal("S-king", "wrong horse 42")
    await refusal("S-king", "wrong horse 42")
    assert await reasons() == ["UNKNOWN"] * 5


async def test_success_begins_the_count_anew(lin):
    for _ in range(2):
        for _ in range(4):
            await refusal("S-lin", "wrong horse 42")
        await sign_in("S-lin", PASSWORD, HERE, NOW)
        await Session.all().update(ended_at=NOW)
    assert await reasons() == ["WRONG"] * 8


async def test_an_address_runs_out_of_guesses_and_successes_there_do_not_count(lin):
    rules = SigningRules(address_failures=3)
    for _ in range(4):
        await sign_in("S-lin", PASSWORD, HERE, NOW, rules=rules)
    for number in ("S-a", "S-b", "S-c", "S-d"):
        with pytest.raises(SignInRefused):
            await sign_in(number, "wrong horse 42", HERE, NOW, rules=rules)
    assert await reasons() == ["UNKNOWN"] * 3
    with pytest.raises(SignInRefused):
        await sign_in("S-lin", PASSWORD, HERE, NOW, rules=rules)
    assert (await sign_in("S-lin", PASSWORD, "10.2.2.2", NOW, rules=rules)).staff_id == lin.id


async def test_of_forty_guesses_at_once_at_most_five_are_tried(lin):
    async def guess(n: int) -> None:
        await refusal("S-lin", f"wrong horse {n}", address=f"10.0.0.{n}")

    await asyncio.gather(*(guess(n) for n in range(40)))
    assert len(await reasons()) <= 5
    assert await SignInAttempt.filter(bucket__startswith="account:").count() <= 5


async def test_an_account_that_is_guessed_at_all_day_is_locked(lin):
    rules = SigningRules(failures_to_lock=7)
    for step in range(7):
        with pytest.raises(SignInRefused):
            await sign_in("S-lin", "wrong horse 42", HERE, NOW + step * 5 * MINUTE, rules=rules)
    locked = await Credential.get()
    assert locked.locked_at == NOW + 30 * MINUTE
    last = await AccessRecord.filter(operation="signIn").order_by("-at").first()
    assert last is not None
    assert orjson.loads(last.record)["attempts_exhausted"] is True
    later = NOW + dt.timedelta(days=2)
    with pytest.raises(SignInRefused):
        await sign_in("S-lin", PASSWORD, HERE, later, rules=rules)
    await set_password(lin.id, PASSWORD, later)
    assert (await sign_in("S-lin", PASSWORD, HERE, later, rules=rules)).staff_id == lin.id


async def test_an_unknown_number_takes_as_long_as_a_wrong_password(lin):
    """Medians of interleaved tries, each beside its neighbour, so that a machine that slows down does so for both; 5 ms
    is the bar (security.md 18). A hash takes tens of them."""
    rules = SigningRules(failures=10**6, address_failures=10**6, failures_to_lock=10**6)
    taken: dict[str, list[float]] = {"S-lin": [], "S-king": []}
    for _ in range(15):
        for number, times in taken.items():
            began = time.process_time()
            with pytest.raises(SignInRefused):
                await sign_in(number, "wrong horse 42", HERE, NOW, rules=rules)
            times.append(time.process_time() - began)
    known, unknown = (statistics.median(times) for times in taken.values())
    assert min(known, unknown) > 0.015
    apart = statistics.median(one - other for one, other in zip(*taken.values(), strict=True))
    # Wider than the bar, for other work on the machine; without a hash it would be all of the time.
    assert abs(apart) < max(0.010, known * 0.15)


async def test_a_hash_of_other_parameters_is_replaced_at_sign_in(lin):
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await Credential.all().update(password_hash=weak)
    await sign_in("S-lin", PASSWORD, HERE, NOW)
    strong = (await Credential.get()).password_hash
    assert strong.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    await sign_in("S-lin", PASSWORD, HERE, NOW)
    assert (await Credential.get()).password_hash == strong


async def test_wide_letters_of_an_input_method_are_the_letters_they_show(lin):
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter != " " else "\u3000" for letter in PASSWORD)
    assert (await sign_in("S-lin", wide, HERE, NOW)).staff_id == lin.id


async def test_an_idle_session_ends_after_fifteen_minutes_to_the_tick(lin):
    signed = await sign_in("S-lin", PASSWORD, HERE, NOW)
    await resolve(signed.token, NOW + MINUTE - TICK)
    assert (await Session.get()).expires_at == NOW + 15 * MINUTE
    await resolve(signed.token, NOW + 15 * MINUTE - TICK)
    end = NOW + 30 * MINUTE - TICK
    assert (await Session.get()).expires_at == end
    with pytest.raises(Unauthenticated):
        await resolve(signed.token, end)


async def test_use_is_noted_once_a_minute(lin):
    signed = await sign_in("S-lin", PASSWORD, HERE, NOW)
    for at, seen in ((59 * SECOND, NOW), (60 * SECOND, NOW + MINUTE), (119 * SECOND, NOW + MINUTE)):
        await resolve(signed.token, NOW + at)
        assert (await Session.get()).last_seen_at == seen


async def test_no_session_lives_longer_than_eight_hours(lin):
    signed = await sign_in("S-lin", PASSWORD, HERE, NOW)
    at, end = NOW, NOW + dt.timedelta(hours=8)
    while at + 10 * MINUTE < end:
        at += 10 * MINUTE
        await resolve(signed.token, at)
    assert (await Session.get()).expires_at == end
    await resolve(signed.token, end - TICK)
    with pytest.raises(Unauthenticated):
        await resolve(signed.token, end)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800", "\0"])
async def test_what_is_no_token(lin, token):
    await sign_in("S-lin", PASSWORD, HERE, NOW)
    with pytest.raises(Unauthenticated):
        await resolve(token, NOW)


async def test_signing_out_ends_one_session_at_once_for_every_worker(lin, policy):
    one, two = [await sign_in("S-lin", PASSWORD, HERE, NOW) for _ in range(2)]
    running = await Desk.take(policy, lin.id, NOW, session_id=one.session_id)
    other = await Desk.take(policy, lin.id, NOW, session_id=two.session_id)
    await sign_out(one.session_id, NOW)
    await sign_out(one.session_id, NOW + SECOND)
    with pytest.raises(Unauthenticated):
        await resolve(one.token, NOW)
    with pytest.raises(Unauthenticated):
        await running.look_again(running.must_be_fresh)
    await other.look_again(other.must_be_fresh)
    ended = await Session.get(id=one.session_id)
    assert (ended.ended_at, ended.end_reason) == (NOW, "SIGNED_OUT")
    record = await AccessRecord.get(operation="signOut")
    assert (record.staff_id, record.object_id) == (lin.id, one.session_id)


async def test_all_sessions_of_a_person_end_together(lin):
    tokens = [(await sign_in("S-lin", PASSWORD, HERE, NOW)).token for _ in range(3)]
    assert await end_sessions(lin.id, "TEST", NOW) == 3
    for token in tokens:
        with pytest.raises(Unauthenticated):
            await resolve(token, NOW)


async def test_a_session_of_who_has_left_ends_at_its_next_use(lin):
    signed = await sign_in("S-lin", PASSWORD, HERE, NOW)
    await Staff.filter(id=lin.id).update(left_at=NOW + SECOND)
    await resolve(signed.token, NOW + SECOND - TICK)
    with pytest.raises(Unauthenticated):
        await resolve(signed.token, NOW + SECOND)
    assert (await Session.get()).end_reason == "LEFT"


async def test_a_suspension_beside_a_sign_in_leaves_no_session(lin, bank, seat):
    """Ten races: whichever comes first, no session of the suspended person is alive afterwards."""
    sec = await seat(bank.staff["secadmin"])
    for _ in range(10):
        outcome, _ = await asyncio.gather(
            sign_in("S-lin", PASSWORD, HERE, NOW),
            suspend(sec, staff_id=lin.id, reason="inquiry"),
            return_exceptions=True,
        )
        assert isinstance(outcome, tuple | Refusal)
        assert await Session.filter(ended_at__isnull=True).count() == 0
        await Suspension.all().delete()
