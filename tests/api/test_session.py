"""Sessions at the edge: cookies and bearer tokens, their end at once and on time, and what a nobody may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator

import pytest

from desk.people.leaving import suspend
from desk.people.passwords import set_password
from models.people import Session
from models.trail import AccessRecord
from tests.api.house import ME, PASSWORD, House, code_of, production, settings, token_of
from tests.cast import Cast
from tests.conftest import NOW

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
async def house(db: str, bank: Cast) -> AsyncGenerator[House]:
    await set_password(bank.staff["lin"].id, PASSWORD, NOW)
    found = House(settings(db), NOW)
    yield found
    await found.client.aclose()


@pytest.fixture
async def strict(db: str, bank: Cast) -> AsyncGenerator[House]:
    """The same in production."""
    for name in ("lin", "auditor", "sysadmin"):
        await set_password(bank.staff[name].id, PASSWORD, NOW)
    found = House(production(db), NOW)
    yield found
    await found.client.aclose()


async def test_the_cookie_of_a_development_machine(house: House, bank: Cast) -> None:
    answer = await house.sign_in(bank.staff["lin"])
    token = token_of(answer)
    assert answer.headers["set-cookie"] == f"guibin={token}; Path=/; HttpOnly; SameSite=Strict"
    assert len(token) == 43
    assert token not in answer.text
    assert answer.json()["data"]["signIn"]["person"] == {"number": "S-lin"}
    assert (await house.ask(ME, cookie=f"guibin={token}")).json()["data"]["me"] == {"number": "S-lin"}


async def test_the_cookie_of_production(strict: House, bank: Cast) -> None:
    answer = await strict.sign_in(bank.staff["lin"])
    token = token_of(answer)
    assert answer.headers["set-cookie"] == f"__Host-guibin={token}; Path=/; HttpOnly; SameSite=Strict; Secure"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert (await strict.ask(ME, cookie=f"__Host-guibin={token}")).json()["data"]["me"] == {"number": "S-lin"}
    # A cookie without the prefix could have been set by a neighbouring site.
    assert code_of((await strict.ask(ME, cookie=f"guibin={token}")).json()) == "UNAUTHENTICATED"


async def test_a_cookie_alone_is_not_enough(house: House, bank: Cast) -> None:
    token = await house.token(bank.staff["lin"])
    answer = await house.ask(ME, headers={"cookie": f"guibin={token}"})
    assert (answer.status_code, code_of(answer.json())) == (403, "CROSS_SITE")


async def test_a_bearer_token_needs_no_client_header_and_outweighs_a_cookie(house: House, bank: Cast) -> None:
    token = await house.token(bank.staff["lin"])
    assert await house.me(token) == "S-lin"
    both = await house.ask(ME, bearer="wrong", cookie=f"guibin={token}")
    assert code_of(both.json()) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer not-a-token"},
        {"authorization": "Bearer " + "x" * 5000},
        {"authorization": "Basic UzpT"},
        {"cookie": "guibin=", "x-guibin-client": "tests"},
        {"cookie": "guibin=nothing; guibin=more", "x-guibin-client": "tests"},
    ],
    ids=["none", "empty", "unknown", "too long", "another scheme", "empty cookie", "two cookies"],
)
async def test_every_nobody_gets_the_same_answer(house: House, headers: dict[str, str]) -> None:
    answer = await house.ask(ME, headers=headers)
    assert answer.text == (await house.ask(ME)).text
    assert code_of(answer.json()) == "UNAUTHENTICATED"


async def test_nobody_may_only_sign_in(house: House, bank: Cast) -> None:
    for query in (ME, "{ customers(first: 1) { totalCount } }", "mutation { signOut { at } }"):
        assert code_of((await house.ask(query)).json()) == "UNAUTHENTICATED"
    assert await AccessRecord.filter(decision="ALLOW", operation__not="setPassword").count() == 0


async def test_a_wrong_password_is_a_problem_and_sets_no_cookie(house: House, bank: Cast) -> None:
    answer = await house.sign_in(bank.staff["lin"], "wrong-password")
    assert answer.json()["data"]["signIn"] == {"__typename": "Problem", "code": "SIGN_IN_REFUSED"}
    assert "set-cookie" not in answer.headers
    assert await Session.all().count() == 0


async def test_signing_in_again_ends_the_session_that_asked(house: House, bank: Cast) -> None:
    first = await house.token(bank.staff["lin"])
    second = await house.token(bank.staff["lin"], bearer=first)
    assert first != second
    assert await house.me(first) == "UNAUTHENTICATED"
    assert await house.me(second) == "S-lin"


async def test_a_failed_sign_in_leaves_the_session_alone(house: House, bank: Cast) -> None:
    first = await house.token(bank.staff["lin"])
    await house.sign_in(bank.staff["lin"], "wrong-password", bearer=first)
    assert await house.me(first) == "S-lin"


async def test_signing_out_ends_one_session_and_takes_the_cookie_away(house: House, bank: Cast) -> None:
    first, second = await house.token(bank.staff["lin"]), await house.token(bank.staff["lin"])
    answer = await house.ask("mutation { signOut { at } }", bearer=first)
    assert answer.headers["set-cookie"] == "guibin=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict"
    assert await house.me(first) == "UNAUTHENTICATED"
    assert await house.me(second) == "S-lin"


async def test_an_idle_session_ends_after_a_quarter_of_an_hour(house: House, bank: Cast) -> None:
    token = await house.token(bank.staff["lin"])
    house.now += 15 * MINUTE - dt.timedelta(seconds=1)
    assert await house.me(token) == "S-lin"
    house.now += 15 * MINUTE
    assert await house.me(token) == "UNAUTHENTICATED"


async def test_a_busy_session_ends_after_eight_hours(house: House, bank: Cast) -> None:
    token = await house.token(bank.staff["lin"])
    while house.now < NOW + dt.timedelta(hours=8) - 10 * MINUTE:
        house.now += 10 * MINUTE
        assert await house.me(token) == "S-lin"
    house.now = NOW + dt.timedelta(hours=8) - dt.timedelta(seconds=1)
    assert await house.me(token) == "S-lin"
    house.now += dt.timedelta(seconds=1)
    assert await house.me(token) == "UNAUTHENTICATED"


async def test_the_lengths_are_settings(db: str, bank: Cast) -> None:
    await set_password(bank.staff["lin"].id, PASSWORD, NOW)
    short = House(settings(db, GUIBIN_SESSION_IDLE="2", GUIBIN_SESSION_ABSOLUTE="5"), NOW)
    token = await short.token(bank.staff["lin"])
    short.now += 2 * MINUTE
    assert await short.me(token) == "UNAUTHENTICATED"
    await short.client.aclose()


async def test_a_suspension_ends_it_at_once(house: House, bank: Cast, seat) -> None:
    token = await house.token(bank.staff["lin"])
    await suspend(await seat(bank.staff["secadmin"]), staff_id=bank.staff["lin"].id, reason="inquiry")
    assert await house.me(token) == "UNAUTHENTICATED"
    assert (await house.sign_in(bank.staff["lin"])).json()["data"]["signIn"]["code"] == "SIGN_IN_REFUSED"


@pytest.mark.parametrize(("who", "may"), [("lin", False), ("auditor", True), ("sysadmin", True)])
async def test_who_introspects_in_production(strict: House, bank: Cast, who: str, may: bool) -> None:
    token = await strict.token(bank.staff[who])
    answer = await strict.ask("{ __schema { queryType { name } } }", bearer=token)
    if may:
        assert answer.json()["data"]["__schema"]["queryType"]["name"] == "Query"
    else:
        assert code_of(answer.json()) == "INTROSPECTION_REFUSED"


async def test_nobody_introspects_in_production_but_everybody_in_development(
    strict: House, house: House
) -> None:
    query = '{ __type(name: "Customer") { name } }'
    assert code_of((await strict.ask(query)).json()) == "INTROSPECTION_REFUSED"
    assert (await house.ask(query)).json()["data"]["__type"]["name"] == "Customer"


async def test_one_request_signs_in_once(house: House, bank: Cast) -> None:
    guess = 'signIn(input: {number: "S-lin", password: "wrong-password"}) { __typename }'
    answer = await house.ask(f"mutation {{ a: {guess} b: {guess} }}")
    assert code_of(answer.json()) == "LIMIT_EXCEEDED"


async def test_a_session_that_is_over_learns_nothing_within_its_warm_minute(house: House, bank: Cast) -> None:
    """The desk is still warm, and every way to an answer asks whether the session lives."""
    token = await house.token(bank.staff["lin"])
    assert await house.me(token) == "S-lin"
    await Session.all().update(ended_at=NOW, end_reason="SIGNED_OUT")
    before = await AccessRecord.all().count()
    change = (
        "mutation ($old: String!) { changePassword(input: {old: $old, new: $old}) {"
        " __typename ... on Problem { code } } }"
    )
    for document, given in (
        (ME, {}),
        ('{ customer(id: "x") { id } }', {}),
        ('{ node(id: "x") { id } }', {}),
        ('{ customers(first: 1, after: "x") { nodes { id } } }', {}),
        (change, {"old": PASSWORD}),
        (change, {"old": "a wrong one"}),
    ):
        answer = (await house.ask(document, bearer=token, **given)).json()
        assert code_of(answer) == "UNAUTHENTICATED", document
    assert await AccessRecord.all().count() == before


async def test_a_warm_desk_costs_no_look_at_the_session(house: House, bank: Cast) -> None:
    """Within the minute after a use that was noted; then it is noted again, which puts off the end."""
    token = await house.token(bank.staff["lin"])
    assert await house.me(token) == "S-lin"
    seen = (await Session.get()).last_seen_at
    house.now = NOW + MINUTE / 2
    assert await house.me(token) == "S-lin"
    assert (await Session.get()).last_seen_at == seen
    house.now = NOW + MINUTE
    assert await house.me(token) == "S-lin"
    assert (await Session.get()).last_seen_at == NOW + MINUTE
