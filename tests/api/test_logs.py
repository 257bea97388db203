"""The log: one ASCII line a record, no text of people, rows or exceptions, each incident once."""

from __future__ import annotations

import io
import json
import logging

import httpx2
import pytest

from api import logs
from api.logs import AccessLog, RequestLog
from tests.api.small_graph import CANARY, Client

HOSTILE = 'a\r\nb\x1b[31mc\x7f\u2028\u2029\u202e\u2066\u0085"\\客户'


@pytest.fixture
def lines():
    """What the process logs from here on, as a function that reads the lines so far."""
    loggers = [
        logging.getLogger(name) for name in (None, "guibin", "uvicorn", "uvicorn.error", "uvicorn.access")
    ]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    stream = io.StringIO()
    logs.set_up(stream)
    yield lambda: stream.getvalue().splitlines()
    for logger, handlers, level, propagate in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def client_behind_the_access_log(client: Client) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(AccessLog(client.app))
    return httpx2.AsyncClient(
        transport=transport, base_url="http://house", headers={"accept": "application/graphql-response+json"}
    )


def test_a_hostile_value_stays_in_one_ascii_line(lines):
    logs.event("request", operation=HOSTILE)
    (line,) = lines()
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["operation"] == HOSTILE


def test_a_field_that_is_not_on_the_list_cannot_be_written(lines):
    with pytest.raises(TypeError, match="no field"):
        logs.event("request", message="text")
    assert lines() == []


def test_long_values_are_cut(lines):
    logs.event("request", operation="x" * 10_000, places=["y" * 10_000] * 1000)
    assert len(lines()[0]) < 10_000


def test_other_libraries_may_not_quote_anything(lines):
    logging.getLogger("tortoise.db").error("SELECT %s", CANARY)
    logging.getLogger("asyncio").error(f"Task exception was never retrieved: {CANARY}")
    try:
        raise RuntimeError(CANARY)
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert "canary" not in "".join(lines())
    assert json.loads(lines()[2])["error"] == "builtins.RuntimeError"


def test_the_servers_own_notices_are_kept(lines):
    logging.getLogger("uvicorn.error").info("Uvicorn running on %s", "127.0.0.1")
    logging.getLogger("uvicorn.access").info("%s", "GET /?name=Wang")
    (line,) = lines()
    assert json.loads(line)["text"] == "Uvicorn running on 127.0.0.1"


async def test_each_request_is_one_line_with_its_id(lines):
    async with client_behind_the_access_log(Client(staff_number="S042")) as http:
        query = 'query Mine($n: Int!) { people(first: $n) { name } echo(text: "13812345678") }'
        response = await http.post("/graphql?x=13812345678", json={"query": query, "variables": {"n": 3}})
    (line,) = map(json.loads, lines())
    assert response.headers["x-request-id"] == line["request"]
    assert line | {"time": 0, "milliseconds": 0, "request": 0} == {
        "time": 0, "level": "INFO", "event": "request", "request": 0, "method": "POST", "area": "/graphql",
        "status": 200, "milliseconds": 0, "operation": "Mine", "kind": "query", "staff": "S042", "cost": 3,
    }  # fmt: skip
    assert "138" not in lines()[0].replace(line["request"], "")


@pytest.mark.parametrize(
    ("path", "area"),
    [("/graphql", "/graphql"), ("/customers/13812345678", "/customers"), ("/13812345678", "?"), ("/王", "?"), ("/", "/")],
)  # fmt: skip
async def test_only_the_first_step_of_a_path_is_logged(lines, path, area):
    async with client_behind_the_access_log(Client()) as http:
        await http.get(path)
    (line,) = map(json.loads, lines())
    assert (line["area"], line["status"], line["code"]) == (area, 405, "METHOD_NOT_ALLOWED")


async def test_an_operation_name_that_is_no_name_is_not_logged(lines):
    async with client_behind_the_access_log(Client()) as http:
        await http.post("/graphql", json={"query": "{ me { name } }", "operationName": "张三 13812345678"})
    (line,) = map(json.loads, lines())
    assert (line["operation"], line["code"]) == ("?", "UNKNOWN_OPERATION")


async def test_a_fault_is_logged_once_with_its_place_and_without_its_text(lines):
    async with client_behind_the_access_log(Client()) as http:
        response = await http.post("/graphql", json={"query": "query Q { broken }"})
    (error,) = response.json()["errors"]
    fault, request = map(json.loads, lines())
    assert fault["incident"] == error["extensions"]["incident"]
    assert (fault["event"], fault["level"], fault["error"]) == ("incident", "ERROR", "builtins.RuntimeError")
    assert fault["operation"] == "Q"
    assert fault["places"][-1].startswith("tests.api.small_graph:")
    assert fault["places"][-1].endswith(" broken")
    assert fault["request"] == request["request"] == response.headers["x-request-id"]
    assert "canary" not in "".join(lines())
    assert "/" not in fault["places"][-1]


async def test_fifty_rows_that_fail_alike_are_one_incident(lines):
    async with client_behind_the_access_log(Client()) as http:
        response = await http.post("/graphql", json={"query": "{ allBroken { part } }"})
    errors = response.json()["errors"]
    assert len(errors) == 50
    assert len({error["extensions"]["incident"] for error in errors}) == 1
    assert [json.loads(line)["event"] for line in lines()] == ["incident", "request"]


async def test_an_expected_refusal_is_no_incident(lines):
    async with client_behind_the_access_log(Client()) as http:
        await http.post("/graphql", json={"query": "{ wrongState }"})
    (line,) = map(json.loads, lines())
    assert (line["event"], line["status"], line["code"]) == ("request", 200, "WRONG_STATE")


async def test_a_fault_of_the_app_behind_it_is_logged_as_500(lines):
    async def app(scope, receive, send):
        raise RuntimeError(CANARY)

    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(AccessLog(app)), base_url="http://house"
    ) as http:
        with pytest.raises(RuntimeError):
            await http.get("/")
    (line,) = map(json.loads, lines())
    assert line["status"] == 500


async def test_what_is_not_http_passes_through():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    await AccessLog(app)({"type": "lifespan"}, None, None)
    assert seen == ["lifespan"]


def test_a_request_that_no_access_log_saw_still_has_an_id():
    assert len(RequestLog.of({"type": "http"}).id) == 32
