"""The log: one JSON object a line, from a closed list of fields, so that no protected value can reach it."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TextIO
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Value = str | int | float | bool | None | list[str]

# Every field that a line may carry. There is none for text from a person, a row or an exception: a message that
# quotes one cannot be written, which is the point. Add a field only for something that is never about a customer.
FIELDS = frozenset(
    {
        "area", "causes", "code", "cost", "error", "incident", "kind", "method", "milliseconds", "operation", "places",
        "request", "staff", "status",
    }
)  # fmt: skip

SCOPE_KEY = "guibin.request"

_logger = logging.getLogger("guibin")
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,79}")
_STAFF = re.compile(r"[0-9A-Za-z_-]{1,20}")
_AREA = re.compile(r"/[a-z._-]{0,20}")
_METHOD = re.compile(r"[A-Z]{1,10}")
_LONGEST = 200


@dataclass(slots=True)
class RequestLog:
    """What the access log will say about one request; the GraphQL view fills in what it learns."""

    id: str = field(default_factory=lambda: uuid4().hex)
    operation: str | None = None
    kind: str | None = None
    staff: str | None = None
    code: str | None = None
    cost: int | None = None

    @staticmethod
    def of(scope: Scope) -> RequestLog:
        """The record of this request: the one that `AccessLog` opened, or a new one where it is not in front."""
        known = scope.get(SCOPE_KEY)
        return known if isinstance(known, RequestLog) else RequestLog()


def event(name: str, *, level: int = logging.INFO, **fields: Value) -> None:
    """Write one line. `name` is a constant of the program; an unknown field is a TypeError, here and not in a review."""
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"The log has no field {sorted(unknown)}; it takes {sorted(FIELDS)}.")
    _logger.log(
        level, name, extra={"fields": {key: value for key, value in fields.items() if value is not None}}
    )


def incident(request: RequestLog, incident_id: str, classes: list[str], places: list[str]) -> None:
    """An unplanned exception: its classes (outermost first) and places, never its text."""
    event(
        "incident",
        level=logging.ERROR,
        incident=incident_id,
        request=request.id,
        operation=known_name(request.operation),
        error=classes[0],
        causes=classes[1:] or None,
        places=places,
    )


def known_name(name: str | None) -> str | None:
    """An operation name fit for the log: a GraphQL name of at most 80 characters, else `?`."""
    return name if name is None or _NAME.fullmatch(name) else "?"


class JsonLines(logging.Formatter):
    """One record, one line, ASCII only: CR, LF, ESC, DEL, U+2028 and bidi controls arrive escaped.

    Records of other libraries may quote SQL, values or whole exceptions, so of those only the logger, the level and
    the place are kept, and the text of the server's own notices (address, start, stop).
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Value] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
        }
        fields = record.__dict__.get("fields")
        if record.name == _logger.name and isinstance(fields, dict):
            line |= {"event": str(record.msg)}
            line |= {str(key): _short(value) for key, value in fields.items()}
        else:
            line |= {"event": "library", "logger": record.name, "place": f"{record.module}:{record.lineno}"}
            if record.name.startswith("uvicorn") and record.levelno <= logging.INFO and not record.exc_info:
                line["text"] = _short(record.getMessage())
            if record.exc_info and record.exc_info[0] is not None:
                line["error"] = f"{record.exc_info[0].__module__}.{record.exc_info[0].__qualname__}"
        return json.dumps(line, ensure_ascii=True, separators=(",", ":")).replace("\x7f", "\\u007f")


def set_up(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Send every log of the process through `JsonLines` to `stream` (standard error). Called once, by the app."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    _logger.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)
    # Its lines hold the query string; ours below take its place.
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)


class AccessLog:
    """Outermost ASGI wrapper: gives each HTTP request an id (`X-Request-Id` on the answer) and logs it once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = scope[SCOPE_KEY] = RequestLog()
        started = time.perf_counter()
        # 499, as other servers write it: the client went away before there was an answer.
        status = 499

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", record.id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            status = 500
            raise
        finally:
            self._write(scope, record, status, time.perf_counter() - started)

    @staticmethod
    def _write(scope: Scope, record: RequestLog, status: int, seconds: float) -> None:
        # Only the first step of the path: the rest may name a customer.
        area = "/" + scope["path"].split("/", 2)[1] if "/" in scope["path"] else "?"
        event(
            "request",
            request=record.id,
            method=_checked(_METHOD, scope["method"]),
            area=_checked(_AREA, area),
            status=status,
            milliseconds=round(seconds * 1000, 1),
            operation=known_name(record.operation),
            kind=record.kind,
            staff=None if record.staff is None else _checked(_STAFF, record.staff),
            code=record.code,
            cost=record.cost,
        )


def _checked(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else "?"


def _short(value: Value) -> Value:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[:_LONGEST] + "..."
    if isinstance(value, list):
        return [str(_short(item)) for item in value[:40]]
    return value
