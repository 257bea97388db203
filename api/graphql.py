"""The graph over HTTP: one strict ASGI view, POST only, by the GraphQL-over-HTTP specification."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import orjson
import strawberry
from graphql import ExecutionResult, OperationType
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from strawberry.execution import optimized_is_awaitable

from api import bodies
from api.bodies import Ask, Disconnected
from api.documents import Document, Documents
from api.errors import (
    BAD_USER_INPUT,
    DocumentError,
    FormattedError,
    Incidents,
    RequestError,
    expected_entry,
    is_expected,
    variable_errors,
)
from api.limits import LIMITS, Limits, Shape, cost
from api.logs import RequestLog
from api.negotiation import JSON, check_same_site, choose_media_type

ContextFactory = Callable[[Request], Awaitable[object]]

RETRY_AFTER = "2"

# What HTTP says of an expected error that `context` raises; any other is a plain bad request.
_STATUS_OF_CODE = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "RATE_LIMITED": 429, "OVERLOADED": 503}
_HEADERS_OF_STATUS = {
    # HTTP wants a challenge with a 401; browsers ignore a scheme they do not know, so no password box pops up.
    401: (("www-authenticate", 'Session realm="guibin"'),),
    429: (("retry-after", RETRY_AFTER),),
    503: (("retry-after", RETRY_AFTER),),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    body: bytes
    media_type: str = JSON
    headers: Sequence[tuple[str, str]] = ()

    async def send(self, send: Send) -> None:
        headers = [
            ("content-type", f"{self.media_type}; charset=utf-8"),
            ("content-length", str(len(self.body))),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            *self.headers,
        ]
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


class GraphQLEndpoint:
    """An ASGI app that answers GraphQL requests with `schema`.

    `context(request)` is awaited once the body is well formed and before the document is read, so that only callers it
    admits cost more than a JSON parse. It returns what resolvers get as `info.context`, or raises an expected error:
    UNAUTHENTICATED is answered with 401 and FORBIDDEN with 403 under either media type, because who calls is decided
    before there is a GraphQL request to answer. Of the object it returns the view reads, if they are there:

    - `may_introspect`: True lets the caller introspect in production;
    - `staff_number`: for the access log;
    - `response_headers`: pairs added to the answer after execution (a sign-in sets its cookie so).

    `production` hides what a document or variable got wrong and refuses introspection. `deadline` is in seconds, for
    the body and again for the execution: 408 and 503. Subscriptions are refused. `executor` is the schema's own unless
    another is given, whose answers may hold `orjson.Fragment`.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        context: ContextFactory,
        *,
        production: bool,
        deadline: float,
        limits: Limits = LIMITS,
        executor: type[Any] | None = None,
    ) -> None:
        if schema.extensions or schema.directives or schema.config.enable_experimental_incremental_execution:
            raise TypeError(
                "GraphQLEndpoint runs graphql-core itself: Strawberry extensions, operation directives and incremental"
                " execution would silently do nothing. Build the schema without them."
            )
        self._schema = schema
        self._context = context
        self._production = production
        self._deadline = deadline
        self._limits = limits
        self._executor = executor or schema.execution_context_class
        self._documents = Documents(schema, production=production, limits=limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        log = RequestLog.of(scope)
        incidents = Incidents(log, production=self._production)
        media_type = JSON
        try:
            if scope["method"] != "POST":
                raise RequestError(
                    "METHOD_NOT_ALLOWED", "Send a POST request.", status=405, headers=[("allow", "POST")]
                )
            headers = Headers(scope=scope)
            media_type = choose_media_type(headers)
            check_same_site(headers)
            bodies.check_headers(headers)
            ask = bodies.parse(await self._receive_body(receive))
            answer = await self._within_deadline(
                self._answer(ask, Request(scope), log, incidents, media_type)
            )
        except Disconnected:
            return
        except DocumentError as refusal:
            answer = self._refuse(refusal, 200 if media_type == JSON else 400, media_type, log)
        except RequestError as refusal:
            answer = self._refuse(refusal, refusal.status, media_type, log)
        except Exception as error:  # noqa: BLE001 - the outermost boundary: nothing leaves unmasked
            entry = incidents.unplanned(error)
            log.code = "INTERNAL"
            answer = Answer(500, orjson.dumps({"errors": [entry]}), media_type)
        await answer.send(send)

    async def _receive_body(self, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(self._deadline):
                return await bodies.receive_body(receive)
        except TimeoutError:
            raise RequestError(
                "REQUEST_TIMEOUT",
                "The body did not arrive in time.",
                status=408,
                headers=[("connection", "close")],
            ) from None

    async def _within_deadline(self, work: Awaitable[Answer]) -> Answer:
        try:
            async with asyncio.timeout(self._deadline) as clock:
                return await work
        except TimeoutError:
            if not clock.expired():
                raise
            raise RequestError(
                "TIMEOUT",
                f"The request was stopped after {self._deadline:g} seconds; what it had not committed is undone."
                " Ask for less, or try again later.",
                status=503,
                headers=_HEADERS_OF_STATUS[503],
            ) from None

    async def _answer(
        self, ask: Ask, request: Request, log: RequestLog, incidents: Incidents, media_type: str
    ) -> Answer:
        context = await self._admit(request)
        log.staff = getattr(context, "staff_number", None)
        log.operation = ask.operation_name
        document = self._documents.get(ask.query)
        shape = document.survey.select(ask.operation_name)
        log.operation, log.kind = shape.name, shape.kind.value
        self._check_kind(shape, context)
        log.cost = cost(shape, ask.variables, self._limits)
        result = await self._execute(document, ask, context)
        body: dict[str, object] = {}
        if result.errors:
            entries = [incidents.field_error(error) for error in result.errors]
            body["errors"] = entries
            log.code = str(entries[0]["extensions"]["code"])
        body["data"] = result.data
        body["extensions"] = {"cost": {"requested": log.cost}}
        encoded = orjson.dumps(body, option=orjson.OPT_PASSTHROUGH_DATACLASS)
        return Answer(200, encoded, media_type, tuple(getattr(context, "response_headers", ())))

    async def _admit(self, request: Request) -> object:
        try:
            return await self._context(request)
        except RequestError:
            raise
        except Exception as error:
            if not is_expected(error):
                raise
            entry = expected_entry(error)
            code = str(entry["extensions"].pop("code"))
            status = _STATUS_OF_CODE.get(code, 400)
            headers = _HEADERS_OF_STATUS.get(status, ())
            raise RequestError(
                code, entry["message"], status=status, headers=headers, extensions=entry["extensions"]
            ) from None

    def _check_kind(self, shape: Shape, context: object) -> None:
        if shape.kind is OperationType.SUBSCRIPTION:
            raise DocumentError(
                "BAD_REQUEST", "Subscriptions are not served here. Send a query or a mutation."
            )
        if shape.introspects and self._production and getattr(context, "may_introspect", False) is not True:
            raise DocumentError(
                "INTROSPECTION_REFUSED",
                "Introspection is off. Use the schema.graphql of this release instead.",
            )

    async def _execute(self, document: Document, ask: Ask, context: object) -> ExecutionResult:
        executor = self._executor.build(
            self._schema._schema,  # Strawberry has no public name for graphql-core's schema
            document.node,
            context_value=context,
            raw_variable_values=ask.variables,
            operation_name=ask.operation_name,
            max_coercion_errors=10,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            hide_suggestions=True,
            operation_extensions=ask.extensions,
        )
        if isinstance(executor, list):
            raise variable_errors(executor, production=self._production)
        result: Any = executor.execute_operation()
        if isawaitable(result):
            result = await result
        assert isinstance(result, ExecutionResult)
        return result

    @staticmethod
    def _refuse(refusal: RequestError, status: int, media_type: str, log: RequestLog) -> Answer:
        errors: list[FormattedError] = refusal.errors
        log.code = str(errors[0]["extensions"].get("code", BAD_USER_INPUT))
        return Answer(status, orjson.dumps({"errors": errors}), media_type, refusal.headers)
