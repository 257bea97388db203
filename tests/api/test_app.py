"""The app: its few routes, the headers of every answer, and what it says when it cannot work."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from desk.people.passwords import set_password
from models.institutions import House as TheHouse
from tests.api.house import ME, PASSWORD, House, code_of, settings
from tests.cast import Cast
from tests.conftest import NOW
from tests.databases import Postgres


@pytest.fixture
async def house(db: str, bank: Cast) -> AsyncGenerator[House]:
    await set_password(bank.staff["lin"].id, PASSWORD, NOW)
    found = House(settings(db), NOW)
    yield found
    await found.client.aclose()


async def test_the_page_says_that_it_runs(house: House) -> None:
    answer = await house.client.get("/")
    assert answer.status_code == 200
    assert "Guibin API is running" in answer.text
    assert "<script" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_health_says_nothing_but_that(house: House) -> None:
    answer = await house.client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/graphql", 405),
        ("PUT", "/graphql", 405),
        ("TRACE", "/graphql", 405),
        ("POST", "/health", 405),
        ("POST", "/", 405),
        ("POST", "/graphql/", 404),
        ("GET", "/graphiql", 404),
        ("GET", "/docs", 404),
        ("GET", "/..%2fapi/app.py", 404),
    ],
)
async def test_nothing_else_is_there(house: House, method: str, path: str, status: int) -> None:
    answer = await house.client.request(method, path)
    assert answer.status_code == status
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/health", "/graphql", "/nothing"])
async def test_every_answer_has_the_safe_headers_once(house: House, path: str) -> None:
    answer = await house.client.get(path)
    for name, value in (
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ):
        assert answer.headers.get_list(name) == [value], (path, name)
    assert "server" not in answer.headers
    assert len(answer.headers["x-request-id"]) == 32
    assert "strict-transport-security" not in answer.headers


async def test_a_worker_of_another_release_answers_nothing(house: House, bank: Cast) -> None:
    token = await house.token(bank.staff["lin"])
    await TheHouse.all().update(policy_version="another")
    answer = await house.ask(ME, bearer=token)
    assert (answer.status_code, code_of(answer.json())) == (503, "POLICY_CHANGED")
    assert answer.headers["retry-after"] == "2"
    health = await house.client.get("/health")
    assert (health.status_code, health.json()) == (503, {"status": "unavailable"})


async def test_without_its_database_it_says_try_again(
    house: House, bank: Cast, db: str, postgres: Postgres
) -> None:
    if db.startswith("sqlite"):
        pytest.skip("an embedded database does not go away by itself")
    token = await house.token(bank.staff["lin"])
    await postgres.drop(db.rpartition("/")[2])
    answer = await house.ask(ME, bearer=token)
    assert (answer.status_code, code_of(answer.json())) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "2"
    assert code_of((await house.sign_in(bank.staff["lin"])).json()) == "UNAVAILABLE"
    health = await house.client.get("/health")
    assert (health.status_code, health.json()) == (503, {"status": "unavailable"})
