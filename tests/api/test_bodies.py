"""The strict body: what is taken, and that everything else is refused with a code and a sentence."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import Message

from api import bodies
from api.bodies import MAX_BYTES, MAX_DEPTH, Disconnected
from api.errors import RequestError


def refusal(body: bytes) -> str:
    with pytest.raises(RequestError) as caught:
        bodies.parse(body)
    assert (caught.value.code, caught.value.status) == ("BAD_REQUEST", 400)
    return str(caught.value)


def nested(depth: int) -> bytes:
    """A body whose deepest value stands `depth` levels down; variables itself is level 2."""
    inner = "[" * (depth - 2) + "]" * (depth - 2)
    return b'{"query": "{ me }", "variables": {"x": %s}}' % inner.encode()


def test_a_whole_request_is_read():
    ask = bodies.parse(
        '{"query": "{ 名 }", "operationName": "A", "variables": {"x": [1, null]}, "extensions": {"k": true}}'.encode()
    )
    assert (ask.query, ask.operation_name) == ("{ 名 }", "A")
    assert ask.variables == {"x": [1, None]}
    assert ask.extensions == {"k": True}


@pytest.mark.parametrize("rest", ["", ', "operationName": null, "variables": null, "extensions": null'])
def test_absent_and_null_are_the_same_for_what_is_optional(rest):
    ask = bodies.parse(f'{{"query": "{{ me }}"{rest}}}'.encode())
    assert (ask.operation_name, ask.variables, ask.extensions) == (None, {}, {})


def test_integers_keep_every_digit():
    ask = bodies.parse(b'{"query": "", "variables": {"x": 123456789012345678901234567890, "y": -0.5}}')
    assert ask.variables == {"x": 123456789012345678901234567890, "y": -0.5}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param(b"", "not valid JSON", id="empty"),
        pytest.param(b"{", "not valid JSON", id="cut off"),
        pytest.param(b'{"query": "{ me }"} x', "not valid JSON", id="text after it"),
        pytest.param('{"query": "{ 客户 }"}'.encode("gb18030"), "not valid JSON in UTF-8", id="GB18030"),
        pytest.param(b'\xef\xbb\xbf{"query": ""}', "not valid JSON", id="byte order mark"),
        pytest.param(b'{"query": "\xc0\xaf"}', "not valid JSON in UTF-8", id="overlong UTF-8"),
        pytest.param(b'{"query": "", "variables": {"x": "\\ud800"}}', "not valid JSON", id="lone surrogate"),
        pytest.param('{"query": ""}'.encode("utf-16"), "not valid JSON", id="UTF-16"),
        pytest.param(b"null", "not null", id="null"),
        pytest.param(b"123", "not a number", id="number"),
        pytest.param(b"true", "not a boolean", id="boolean"),
        pytest.param(b'"{ me }"', "not a string", id="string"),
        pytest.param(b'[{"query": "{ me }"}]', "not an array", id="batch"),
        pytest.param(b'{"query": null}', "query must be a string, not null", id="query null"),
        pytest.param(b"{}", "query must be a string, not absent", id="query absent"),
        pytest.param(b'{"query": {}}', "query must be a string, not an object", id="query object"),
        pytest.param(b'{"query": "", "variables": []}', "variables must be an object", id="variables array"),
        pytest.param(b'{"query": "", "variables": "{}"}', "variables must be an object", id="variables string"),
        pytest.param(b'{"query": "", "operationName": 1}', "operationName must be a string", id="name number"),
        pytest.param(b'{"query": "", "extensions": false}', "extensions must be an object", id="extensions"),
        pytest.param(b'{"query": "", "variable": {}}', 'Unknown parameter "variable"', id="unknown parameter"),
        pytest.param(b'{"query": "", "query": ""}', '"query" is given twice', id="query twice"),
        pytest.param(
            b'{"query": "", "variables": {"w": [{"id": 1, "\\u0069d": 2}]}}', '"id" is given twice', id="key twice"
        ),
        pytest.param(b'{"query": "", "variables": {"x": NaN}}', "not valid JSON", id="NaN"),
        pytest.param(b'{"query": "", "variables": {"x": -Infinity}}', "not valid JSON", id="Infinity"),
        pytest.param(b'{"query": "", "variables": {"x": 1e400}}', "not valid JSON", id="overflow"),
        pytest.param(
            b'{"query": "", "variables": {"x": %s}}' % (b"9" * 5000), "not valid JSON", id="5000 digits"
        ),
        pytest.param(b"[" * 100_000, "not valid JSON", id="100,000 deep, open"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "not valid JSON", id="100,000 deep, closed"),
        pytest.param(nested(MAX_DEPTH + 1), "more than 64 levels", id="65 deep"),
        pytest.param(b'{"a":' * 1000 + b"1" + b"}" * 1000, "more than 64 levels", id="1,000 objects deep"),
    ],
)  # fmt: skip
def test_a_body_that_deviates_is_refused(body, says):
    assert says in refusal(body)


def test_64_levels_are_taken():
    assert "x" in bodies.parse(nested(MAX_DEPTH)).variables


def test_the_refusal_of_a_long_key_stays_short():
    assert len(refusal(json.dumps({"query": "", "k" * 10_000: 1}).encode())) < 200


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        'Application/JSON;charset="UTF-8"',
        "application/json; profile=x",
    ],
)
def test_json_in_utf_8_is_taken(content_type):
    bodies.check_headers(Headers({"content-type": content_type}))


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json+x",
        "application/jsonp",
        "text/plain; a=application/json",
        "application/json; charset=gb18030",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json, text/plain",
    ],
)
def test_another_content_type_is_415(content_type):
    headers = Headers({} if content_type is None else {"content-type": content_type})
    with pytest.raises(RequestError) as caught:
        bodies.check_headers(headers)
    assert (caught.value.code, caught.value.status) == ("UNSUPPORTED_MEDIA_TYPE", 415)


def test_two_content_types_or_an_encoding_are_415():
    twice = Headers(raw=[(b"content-type", b"application/json"), (b"content-type", b"text/plain")])
    zipped = Headers({"content-type": "application/json", "content-encoding": "gzip"})
    for headers in (twice, zipped):
        with pytest.raises(RequestError) as caught:
            bodies.check_headers(headers)
        assert caught.value.status == 415


@pytest.mark.parametrize(
    ("length", "refused"), [("1048576", False), ("1048577", True), ("9" * 30, True), ("x", False)]
)
def test_the_announced_length_is_checked_first(length, refused):
    headers = Headers({"content-type": "application/json", "content-length": length})
    if not refused:
        bodies.check_headers(headers)
        return
    with pytest.raises(RequestError) as caught:
        bodies.check_headers(headers)
    assert (caught.value.code, caught.value.status) == ("PAYLOAD_TOO_LARGE", 413)


class Chunks:
    """An ASGI receive that hands out `chunks`, then says that the client is gone."""

    def __init__(self, *chunks: bytes, complete: bool = True) -> None:
        self.left = [
            {"type": "http.request", "body": chunk, "more_body": not (complete and index == len(chunks) - 1)}
            for index, chunk in enumerate(chunks)
        ]
        self.asked = 0

    async def __call__(self) -> Message:
        self.asked += 1
        return self.left.pop(0) if self.left else {"type": "http.disconnect"}


async def test_chunks_are_joined_up_to_the_limit():
    assert await bodies.receive_body(Chunks(b"ab", b"", b"c")) == b"abc"
    assert len(await bodies.receive_body(Chunks(b"x" * MAX_BYTES))) == MAX_BYTES


async def test_reading_stops_at_the_limit_however_much_would_come():
    stream = Chunks(*[b"x" * 65536] * 1000)
    with pytest.raises(RequestError) as caught:
        await bodies.receive_body(stream)
    assert caught.value.status == 413
    assert stream.asked == 17


async def test_a_client_that_goes_away_is_not_answered():
    with pytest.raises(Disconnected):
        await bodies.receive_body(Chunks(b"{", complete=False))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=5))
@settings(max_examples=300, deadline=None)
def test_what_json_can_say_arrives_unchanged(variables):
    body = json.dumps({"query": "{ me }", "variables": variables}, ensure_ascii=False).encode()
    assert bodies.parse(body).variables == variables


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | values.map(json.dumps).map(str.encode)
)
@settings(max_examples=500, deadline=None)
def test_no_body_raises_anything_but_a_refusal(body):
    with suppress(RequestError):
        bodies.parse(body)
