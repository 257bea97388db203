"""The GraphQL endpoint over HTTP: methods, media types, status codes, refusals, deadlines, masked errors."""

from __future__ import annotations

import pytest

from api.errors import RequestError
from models.errors import Refusal
from tests.api.small_graph import CANARY, Client, codes

RESPONSE = "application/graphql-response+json"
JSON = "application/json"


class Unauthenticated(Refusal):
    code = "UNAUTHENTICATED"


class Forbidden(Refusal):
    code = "FORBIDDEN"


async def test_a_query_is_answered_with_its_cost():
    response = await Client().ask("query A($n: Int) { people(first: $n) { name } me { rank } }", {"n": 2})
    assert response.status_code == 200
    assert response.json() == {
        "data": {"people": [{"name": "p0"}, {"name": "p1"}], "me": {"rank": 1}},
        "extensions": {"cost": {"requested": 3}},
    }
    assert response.headers["content-type"] == f"{RESPONSE}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_text_of_any_script_goes_in_and_out():
    text = "客户\U00020bb7 \u2028 \x7f"
    response = await Client().ask("query($t: String!) { echo(text: $t) }", {"t": text})
    assert response.json()["data"] == {"echo": text}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"])
async def test_only_post_is_allowed(method):
    response = await Client().send({"query": "{ me { name } }"}, method=method)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{JSON}, {RESPONSE};q=0.5", JSON),
        (f"*/*, {RESPONSE}", RESPONSE),
        (f"*/*, {JSON};q=0", RESPONSE),
        (f"*/*, {RESPONSE};q=0", JSON),
        (f"text/html, {JSON};charset=UTF-8", JSON),
        ("text/html, */*;q=0.1", JSON),
        (f"{JSON};q=2", None),
        (f"{JSON};charset=gb18030", None),
        (f"{JSON};q=0, {RESPONSE};q=0", None),
        ("text/html", None),
        ("multipart/mixed", None),
        (",;q=,", None),
    ],
)
async def test_the_media_type_is_the_one_accepted(accept, answered):
    response = await Client().send({"query": "{ me { name } }"}, accept=accept)
    assert response.status_code == (406 if answered is None else 200)
    assert response.headers["content-type"] == f"{answered or JSON}; charset=utf-8"


REQUEST_ERRORS = [
    pytest.param({"query": "{"}, "GRAPHQL_PARSE_FAILED", id="syntax"),
    pytest.param({"query": ""}, "GRAPHQL_PARSE_FAILED", id="empty document"),
    pytest.param({"query": "{ me { } }"}, "GRAPHQL_PARSE_FAILED", id="empty selection"),
    pytest.param({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED", id="unknown field"),
    pytest.param({"query": "{ me { name } } type A { b: Int }"}, "GRAPHQL_VALIDATION_FAILED", id="definitions"),
    pytest.param({"query": "query($n: Int!) { square(of: $n) }"}, "BAD_USER_INPUT", id="variable absent"),
    pytest.param(
        {"query": "query($n: Int!) { square(of: $n) }", "variables": {"n": 2**40}}, "BAD_USER_INPUT", id="33 bits"
    ),
    pytest.param({"query": "query a { me { name } } query b { me { rank } }"}, "OPERATION_NAME_REQUIRED", id="two"),
    pytest.param({"query": "{ me { name } }", "operationName": "a"}, "UNKNOWN_OPERATION", id="other name"),
    pytest.param({"query": "{ people(first: 10001) { name } }"}, "LIMIT_EXCEEDED", id="too many nodes"),
    pytest.param({"query": "{ people(first: %s) { name } }" % ("9" * 5000)}, "GRAPHQL_VALIDATION_FAILED", id="page of 5,000"),
    pytest.param({"query": "{ square(of: %s) }" % ("9" * 5000)}, "GRAPHQL_VALIDATION_FAILED", id="Int of 5,000 digits"),
    pytest.param({"query": "subscription { ticks }"}, "BAD_REQUEST", id="subscription"),
    pytest.param({"query": "{ a: me { name } a: me { rank } ...f } fragment f on Query { ...f }"},
                 "GRAPHQL_VALIDATION_FAILED", id="cycle"),
]  # fmt: skip


@pytest.mark.parametrize("production", [False, True], ids=["development", "production"])
@pytest.mark.parametrize(("body", "code"), REQUEST_ERRORS)
async def test_a_request_error_is_400_or_200_by_media_type(body, code, production):
    client = Client(production=production)
    new = await client.send(body)
    old = await client.send(body, accept=JSON)
    assert (new.status_code, old.status_code) == (400, 200)
    assert codes(new) == codes(old)
    assert codes(new)[0] == code
    assert "data" not in new.json()


@pytest.mark.parametrize("accept", [JSON, RESPONSE])
@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        pytest.param(b"{", {}, 400, "BAD_REQUEST", id="not JSON"),
        pytest.param('{"query": "{客户}"}'.encode("gb18030"), {}, 400, "BAD_REQUEST", id="GB18030"),
        pytest.param(b"[" * 100_000, {}, 400, "BAD_REQUEST", id="100,000 deep"),
        pytest.param(b"null", {}, 400, "BAD_REQUEST", id="null"),
        pytest.param(b"123", {}, 400, "BAD_REQUEST", id="123"),
        pytest.param(b"{}", {"content_type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE", id="text/plain"),
        pytest.param(b"x" * 2_000_000, {}, 413, "PAYLOAD_TOO_LARGE", id="2 MB"),
        pytest.param(b"{}", {"sec_fetch_site": "cross-site"}, 403, "CROSS_SITE", id="cross-site"),
    ],
)
async def test_what_is_no_graphql_request_has_its_http_status_under_both(body, headers, status, code, accept):
    response = await Client().send(body, accept=accept, **headers)
    assert (response.status_code, codes(response)) == (status, [code])


async def test_of_two_operations_the_named_one_runs():
    query = "query a { me { name } } query b { me { rank } }"
    response = await Client().ask(query, operationName="b")
    assert response.json()["data"] == {"me": {"rank": 1}}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        pytest.param({}, True, id="neither"),
        pytest.param({"cookie": "s=1"}, False, id="cookie alone"),
        pytest.param({"cookie": "s=1", "x_guibin_client": "web"}, True, id="cookie and client header"),
        pytest.param({"cookie": "s=1", "x_guibin_client": ""}, True, id="any value will do"),
        pytest.param({"sec_fetch_site": "same-origin"}, True, id="same-origin"),
        pytest.param({"sec_fetch_site": "none"}, True, id="none"),
        pytest.param({"sec_fetch_site": "same-site"}, False, id="same-site"),
        pytest.param({"sec_fetch_site": "cross-site", "x_guibin_client": "web"}, False, id="cross-site"),
        pytest.param({"origin": "http://house"}, True, id="own origin"),
        pytest.param({"origin": "http://other"}, False, id="other origin"),
        pytest.param({"origin": "null"}, False, id="origin null"),
        pytest.param({"origin": "http://[x"}, False, id="origin malformed"),
        pytest.param({"origin": "http://other", "sec_fetch_site": "same-origin"}, True, id="behind a proxy"),
    ],
)
async def test_another_sites_page_cannot_act(headers, allowed):
    client = Client()
    response = await client.send({"query": 'mutation { rename(name: "x") { name } }'}, **headers)
    assert response.status_code == (200 if allowed else 403)
    assert client.effects == (["x"] if allowed else [])


@pytest.mark.parametrize(
    ("raised", "status", "code", "header"),
    [
        (Unauthenticated("Sign in first."), 401, "UNAUTHENTICATED", "www-authenticate"),
        (Forbidden("This account is suspended."), 403, "FORBIDDEN", None),
        (RequestError("RATE_LIMITED", "Wait.", status=429, headers=[("Retry-After", "9")]), 429, "RATE_LIMITED", "retry-after"),
        (Refusal("No."), 400, "REFUSED", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", [JSON, RESPONSE])
async def test_who_is_not_admitted_gets_an_http_status(raised, status, code, header, accept):
    async def context(_request):
        raise raised

    response = await Client(context=context).send({"query": "{"}, accept=accept)
    assert (response.status_code, codes(response)) == (status, [code])
    assert header is None or header in response.headers


async def test_a_fault_of_the_context_is_an_incident_and_nothing_more():
    async def context(_request):
        raise RuntimeError(CANARY)

    response = await Client(context=context).ask("{ me { name } }")
    (error,) = response.json()["errors"]
    assert response.status_code == 500
    assert error["extensions"]["code"] == "INTERNAL"
    assert "canary" not in response.text


async def test_a_fault_of_a_resolver_leaves_as_an_incident_id():
    response = await Client().ask("{ broken me { name } }")
    body = response.json()
    (error,) = body["errors"]
    assert (response.status_code, body["data"]) == (200, {"broken": None, "me": {"name": "me"}})
    assert (error["path"], error["extensions"]["code"]) == (["broken"], "INTERNAL")
    assert error["extensions"]["incident"] in error["message"]
    assert "canary" not in response.text
    assert "Error" not in response.text


@pytest.mark.parametrize("field", ["tooBig", "missing"])
async def test_a_value_that_cannot_leave_is_not_quoted(field):
    response = await Client().ask("{ " + field + " }")
    assert codes(response) == ["INTERNAL"]
    assert "13812345678" not in response.text


async def test_an_expected_error_keeps_its_text_code_and_field():
    response = await Client(production=True).ask("{ wrongState }")
    assert response.json()["errors"] == [
        {
            "message": "The filing is RETURNED. Submit it again.",
            "path": ["wrongState"],
            "extensions": {"code": "WRONG_STATE", "field": "filing"},
        }
    ]


@pytest.mark.parametrize("production", [False, True])
@pytest.mark.parametrize(
    ("query", "variables"),
    [("query($d: Digits!) { account(digits: $d) }", {"d": "12a"}), ('{ account(digits: "12a") }', None)],
    ids=["variable", "literal"],
)
async def test_a_scalar_may_say_what_is_wrong_with_an_input(query, variables, production):
    response = await Client(production=production).ask(query, variables)
    (error,) = response.json()["errors"]
    assert response.status_code == 400
    assert error["message"] == "Write the digits 0 to 9 only."
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "digits"}


@pytest.mark.parametrize(
    "query",
    [
        "query($n: Int = 3) { square(of: $n) }",
        "query($b: Boolean = true) { me @include(if: $b) { name } }",
    ],
)
async def test_null_for_a_value_that_may_not_be_null_is_the_callers_mistake(query):
    for production in (False, True):
        response = await Client(production=production).ask(query, {"n": None, "b": None})
        assert codes(response) == ["BAD_USER_INPUT"]


async def test_null_for_an_input_that_may_only_be_absent_is_the_callers_mistake():
    query = "query($w: Wish!) { wish(wish: $w) }"
    response = await Client().ask(query, {"w": {"firstName": "a", "age": 1, "note": None}})
    assert codes(response) == ["BAD_USER_INPUT"]
