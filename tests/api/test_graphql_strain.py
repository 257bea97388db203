"""The graph over HTTP in production and under strain: what a stranger learns, deadlines, and random requests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random

import httpx2
import pytest
import strawberry
from graphql import get_introspection_query
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.extensions import MaskErrors

from api.graphql import GraphQLEndpoint
from tests.api.audits import serve
from tests.api.small_graph import CANARY, Caller, Client, build_schema, codes

RESPONSE = "application/graphql-response+json"
JSON = "application/json"


GUESSES = [
    ("{ me { name rnk } }", None, ["Person", "rank", "Did you mean"]),
    ("{ me }", None, ["Person", "selection"]),
    ("{ wish(wish: {firstName: 1, ag: 2}) }", None, ["Wish", "String", "note"]),
    ("query($w: Wish!) { wish(wish: $w) }", {"w": {"frstName": "a", "age": 1}}, ["Wish", "firstName", "note", "String"]),
    ("query($w: Wsh!) { wish(wish: $w) }", {}, ["Wish", "Did you mean"]),
    ("{ square(off: 3) }", None, ["Query", "of:"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "names"), GUESSES)
async def test_in_production_a_wrong_guess_tells_nothing_of_the_schema(query, variables, names):
    response = await Client(production=True).ask(query, variables)
    assert response.status_code == 400
    assert not [name for name in names if name in response.text]


async def test_in_production_a_wrong_variable_is_named_and_no_more():
    query = "query Q(" + " ".join(f"$v{index}: Int!" for index in range(12)) + ") {"
    query += " ".join(f"a{index}: square(of: $v{index})" for index in range(12)) + " }"
    errors = (await Client(production=True).ask(query, {"v0": "13812345678"})).json()["errors"]
    assert errors[0]["message"] == "Variable '$v0' does not have the value that its type needs."
    assert errors[-1]["message"] == "A variable does not have the value that its type needs."
    assert len(errors) == 11


async def test_in_production_every_wrong_guess_looks_alike():
    answers = {
        (await Client(production=True).ask(query)).text
        for query, variables, _ in GUESSES
        if variables is None
    }
    assert len(answers) == 1


async def test_in_development_it_tells_what_and_where_but_never_suggests():
    response = await Client().ask("{\n  me { rnk }\n}")
    (error,) = response.json()["errors"]
    assert error["message"] == "Cannot query field 'rnk' on type 'Person'."
    assert error["locations"] == [{"line": 2, "column": 8}]


@pytest.mark.parametrize(
    "query",
    [
        get_introspection_query(),
        '{ __type(name: "Person") { name } }',
        "{ a: __schema { queryType { name } } }",
        "{ ...f } fragment f on Query { ...{ __schema { queryType { name } } } }",
    ],
)
async def test_introspection_in_production_is_for_those_who_may(query):
    refused = await Client(production=True, may_introspect=False).ask(query)
    assert (refused.status_code, codes(refused)) == (400, ["INTROSPECTION_REFUSED"])
    for client in (Client(production=True, may_introspect=True), Client(may_introspect=False)):
        assert (await client.ask(query)).json()["data"]


async def test_typename_is_no_introspection():
    response = await Client(production=True, may_introspect=False).ask("{ __typename }")
    assert response.json()["data"] == {"__typename": "Query"}


async def test_a_context_without_attributes_is_enough_and_may_not_introspect():
    async def context(_request):
        return None

    client = Client(context=context, production=True)
    assert (await client.ask("{ me { name } }")).status_code == 200
    assert codes(await client.ask("{ __schema { queryType { name } } }")) == ["INTROSPECTION_REFUSED"]


async def test_headers_of_the_context_arrive_with_the_answer():
    response = await Client().ask('mutation { signIn(password: "x") }')
    assert response.headers["set-cookie"].startswith("__Host-session=opaque")


async def test_ten_thousand_guesses_in_one_request_try_none():
    client = Client()
    guesses = " ".join(f'a{i}: signIn(password: "{i}")' for i in range(10_000))
    for query in (f"mutation {{ {guesses} }}", 'mutation { signIn(password: "1") a: signIn(password: "2") }'):
        assert codes(await client.ask(query)) == ["LIMIT_EXCEEDED"]
    assert client.effects == []


async def test_a_request_over_its_deadline_is_stopped_and_may_be_tried_again():
    client = Client(deadline=0.05)
    response = await client.ask("{ a: slow b: slow }")
    assert (response.status_code, codes(response)) == (503, ["TIMEOUT"])
    assert int(response.headers["retry-after"]) > 0
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert (await client.ask("{ me { name } }")).status_code == 200


async def test_a_timeout_inside_a_resolver_is_no_deadline():
    async def context(_request):
        raise TimeoutError(CANARY)

    response = await Client(context=context).ask("{ me { name } }")
    assert (response.status_code, codes(response)) == (500, ["INTERNAL"])


async def test_a_body_that_never_ends_is_408_and_a_client_that_left_gets_nothing():
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    sent = []

    async def send(message):
        sent.append(message)

    async def never():
        await asyncio.sleep(60)

    async def gone():
        return {"type": "http.disconnect"}

    app = Client(deadline=0.05).app
    await app(scope, gone, send)
    assert sent == []
    await app(scope, never, send)
    assert sent[0]["status"] == 408


@strawberry.directive(locations=[DirectiveLocation.FIELD])
def shout(value: DirectiveValue[str]) -> str:
    return value.upper()


@pytest.mark.parametrize("option", [{"extensions": [MaskErrors]}, {"directives": [shout]}])
def test_a_schema_whose_extensions_would_do_nothing_is_refused(option):
    schema = build_schema(**option)

    async def context(_request):
        return Caller()

    with pytest.raises(TypeError, match="would silently do nothing"):
        GraphQLEndpoint(schema, context, production=True, deadline=1)


def test_over_a_socket_a_stream_without_end_is_cut_off():
    taken = 0

    def stream():
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield b" " * 65536

    with serve(Client().app) as address, httpx2.Client() as http:
        # The close may overtake the answer, as TCP has it; a client that stops to listen sees the 413.
        with contextlib.suppress(httpx2.TransportError):
            response = http.post(f"{address}/graphql", content=stream(), headers={"content-type": JSON})
            assert (response.status_code, codes(response)) == (413, ["PAYLOAD_TOO_LARGE"])
        assert http.post(f"{address}/graphql", json={"query": "{ me { name } }"}).status_code == 200
    assert taken < 500


def mutated(randomness: random.Random) -> bytes:
    """A body near a good one: cut, doubled, with bytes flipped, or with values of other types."""
    values = [None, True, 0, -1, 1.5, 2**70, "", "{ me { name } }", "mutation { rename(name: \"a\") { name } }", "{__typename",
              "query a{__typename} query b{__typename}", [], {}, [[]], {"n": {"n": []}}, "客户", "\u2028", "a" * 3000]  # fmt: skip
    names = ["query", "operationName", "variables", "extensions", "n", "persistedQuery", ""]
    body = {randomness.choice(names): randomness.choice(values) for _ in range(randomness.randrange(5))}
    if randomness.random() < 0.7:
        body["query"] = randomness.choice([value for value in values if isinstance(value, str)])
    text = bytearray(json.dumps(body, ensure_ascii=randomness.random() < 0.5).encode())
    for _ in range(randomness.choice([0, 0, 1, 3])):
        where = randomness.randrange(len(text) + 1)
        kind = randomness.randrange(4)
        if kind == 0:
            text[where:where] = randomness.randbytes(randomness.randrange(1, 4))
        elif kind == 1:
            del text[where : where + randomness.randrange(1, 9)]
        elif kind == 2:
            text[where:where] = text[: randomness.randrange(20)]
        else:
            text = (
                bytearray(randomness.choice([b"[", b'{"a":', b'"', b"\\u"]) * randomness.randrange(300))
                + text
            )
    return bytes(text)


@pytest.mark.parametrize("production", [False, True], ids=["development", "production"])
async def test_two_thousand_random_bodies_never_fault(production):
    randomness = random.Random(20)
    client = Client(production=production)
    seen = set()
    for _ in range(2000):
        body = mutated(randomness)
        response = await client.send(body, accept=randomness.choice([JSON, RESPONSE]))
        assert response.status_code < 500, body
        assert isinstance(response.json(), dict)
        assert "INTERNAL" not in codes(response), body
        seen.add((response.status_code, *codes(response)[:1]))
    assert {
        (200,),
        (400, "BAD_REQUEST"),
        (400, "GRAPHQL_PARSE_FAILED"),
        (400, "OPERATION_NAME_REQUIRED"),
    } <= seen


def random_document(randomness: random.Random) -> str:
    """Words of GraphQL in any order, at times wrapped so that they parse."""
    words = ["{", "}", "(", ")", "[", "]", ":", "...", "@include(if: $b)", "on", "Query", "query", "mutation", "fragment",
             "f", "...f", "me", "name", "people(first: 3)", "friends(last: $n)", "$n", "Int", "!", "=", "12", "-1.5e9",
             "9" * 400, '"\\ud800"', '"\\u{1F600}"', '"x', '"""', "#", "null", "true", "echo(text: \"a\")", "&", "客户",
             "\x00", "square(of: $n)", "wish(wish: {})", "__schema", "__typename", ","]  # fmt: skip
    good = [
        "me { name }",
        "people(first: 2) { name friends(last: $n) { rank } }",
        "x: square(of: $n)",
        "...{ __typename }",
    ]
    if randomness.random() < 0.5:
        return "{ " + " ".join(randomness.choices(words, k=randomness.randrange(1, 14))) + " }"
    parts = [*randomness.choices(good, k=3), *randomness.choices(words, k=randomness.randrange(3))]
    randomness.shuffle(parts)
    return "query($n: Int = 2, $b: Boolean = true) { me @include(if: $b) { name } " + " ".join(parts) + " }"


@pytest.mark.parametrize("production", [False, True], ids=["development", "production"])
async def test_two_thousand_random_documents_never_fault(production):
    randomness = random.Random(7)
    client = Client(production=production)
    executed = 0
    for _ in range(2000):
        query = random_document(randomness)
        variables = {
            "n": randomness.choice([None, 1, -1, 2**31, "1", 1.0, True, []]),
            "b": randomness.choice([None, True]),
        }
        response = await client.ask(query, variables)
        assert response.status_code < 500, query
        assert "INTERNAL" not in codes(response), query
        executed += response.status_code == 200
    assert executed > 50
