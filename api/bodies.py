"""The body of a POST to the graph: strict JSON of bounded size and depth, read into one `Ask`, or refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive

from api.errors import RequestError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64

BAD_REQUEST = "BAD_REQUEST"

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

_PARAMETERS = ("query", "operationName", "variables", "extensions")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client asks: a document, which of its operations, its variables, and protocol extensions."""

    query: str
    operation_name: str | None
    variables: dict[str, Json]
    extensions: dict[str, Json]


class Disconnected(Exception):
    """The client went away before its body was complete; there is nobody to answer."""


def check_headers(headers: Headers) -> None:
    """Refuse a body by its headers, before a byte of it is read: 415 for the type, 413 for the announced length.

    Only `application/json` is taken: a form or text/plain body is what another site's page could send unasked.
    """
    types = headers.getlist("content-type")
    if len(types) != 1 or not _is_json(types[0]):
        raise _unsupported("Send the body as Content-Type: application/json (UTF-8).")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise _unsupported("Send the body without Content-Encoding.")
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > MAX_BYTES:
        raise _too_large()


async def receive_body(receive: Receive) -> bytes:
    """The whole body, at most MAX_BYTES however it is framed. Raises 413, or Disconnected."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Disconnected
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BYTES:
            raise _too_large()
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def parse(body: bytes) -> Ask:
    """Read the JSON of a request into an Ask; any deviation is a RequestError (400) that says which."""
    value = strict_json(body)
    if not isinstance(value, dict):
        raise _bad(f"The body must be a JSON object, not {_kind(value)}.")
    if unknown := [name for name in value if name not in _PARAMETERS]:
        raise _bad(f"Unknown parameter {_quote(unknown[0])}. The parameters are {', '.join(_PARAMETERS)}.")
    query = value.get("query")
    if not isinstance(query, str):
        given = _kind(query) if "query" in value else "absent"
        raise _bad(f"The parameter query must be a string, not {given}.")
    name = value.get("operationName")
    if name is not None and not isinstance(name, str):
        raise _bad(f"The parameter operationName must be a string or null, not {_kind(name)}.")
    return Ask(query, name, _map(value, "variables"), _map(value, "extensions"))


def strict_json(body: bytes) -> Json:
    """The value of a JSON text. Refused: bytes that are not UTF-8, depth over MAX_DEPTH, a key given twice in one
    object, NaN and Infinity (also by overflow), lone surrogates. Integers keep every digit."""
    try:
        # The validator: strict UTF-8, syntax, scalar values and finite numbers, and it bounds recursion itself. But it
        # keeps the last of two equal keys and rounds integers beyond 64 bits, so the value is from a second reading.
        shape: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _bad(f"The body is not valid JSON in UTF-8 ({where}).") from None
    _check_depth(shape)
    value: Json = json.loads(body.decode(), object_pairs_hook=_object)
    return value


def _check_depth(value: Json) -> None:
    level: list[Json] = [value]
    depth = 0
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise _bad(f"The body is nested more than {MAX_DEPTH} levels deep.")
        level = [item for part in level for item in _items(part)]


def _items(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        times = Counter(key for key, _ in pairs)
        raise _bad(f"The key {_quote(times.most_common(1)[0][0])} is given twice in one object.")
    return value


def _map(value: dict[str, Json], name: str) -> dict[str, Json]:
    given = value.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _bad(f"The parameter {name} must be an object or null, not {_kind(given)}.")
    return given


def _is_json(content_type: str) -> bool:
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if media != "application/json":
        return False
    charsets = [parameter for parameter in parameters if parameter.startswith("charset")]
    return all(charset in ("charset=utf-8", 'charset="utf-8"') for charset in charsets)


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    for kind, name in ((dict, "an object"), (list, "an array"), (str, "a string")):
        if isinstance(value, kind):
            return name
    return "a number"


def _quote(key: str) -> str:
    return json.dumps(key if len(key) <= 40 else key[:40] + "...")


def _bad(message: str) -> RequestError:
    return RequestError(BAD_REQUEST, message)


def _unsupported(message: str) -> RequestError:
    return RequestError(
        "UNSUPPORTED_MEDIA_TYPE", message, status=415, headers=[("accept-post", "application/json")]
    )


def _too_large() -> RequestError:
    # Closed, else the server would go on reading (and dropping) whatever the client still sends.
    message = f"The body is larger than {MAX_BYTES} bytes."
    return RequestError("PAYLOAD_TOO_LARGE", message, status=413, headers=[("connection", "close")])
