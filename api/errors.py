"""Errors as the client sees them: expected ones with their code, every other one as an incident id and nothing else.

An exception is *expected* when its class has a string `code` and `public = True`; then its text was written for the
caller (`models.errors.Refusal`, the desk's `NotFound`, `Forbidden`, `Unauthenticated`, and `RequestError` below).
Everything else is a fault of ours: its text may hold SQL, paths or a customer's data, so it leaves only as an id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from traceback import walk_tb
from typing import NotRequired, TypedDict
from uuid import uuid4

from graphql import GraphQLError, VariableDefinitionNode
from strawberry.exceptions import StrawberryInputCoercionError

from api import logs

BAD_USER_INPUT = "BAD_USER_INPUT"
INTERNAL = "INTERNAL"
LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"

GENERIC_VALIDATION = "The document does not fit the schema. Check it against this release's schema.graphql."
GENERIC_ARGUMENT = "An argument does not have the value that its type needs."


class Location(TypedDict):
    line: int
    column: int


class FormattedError(TypedDict):
    """One entry of `errors` in an answer, as the GraphQL specification shapes it."""

    message: str
    locations: NotRequired[list[Location]]
    path: NotRequired[list[str | int]]
    extensions: dict[str, object]


class RequestError(Exception):
    """The request is refused before anything was executed; carries the HTTP status and headers of the answer."""

    public = True

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 400,
        headers: Iterable[tuple[str, str]] = (),
        extensions: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.headers = tuple(headers)
        self.extensions = dict(extensions or {})

    @property
    def errors(self) -> list[FormattedError]:
        return [{"message": str(self), "extensions": {"code": self.code, **self.extensions}}]


class DocumentError(RequestError):
    """HTTP was in order but the GraphQL request is not: document, operation, limits or variables.

    Answered with 400 as `application/graphql-response+json` and, as its specification asks, 200 as `application/json`.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        extensions: Mapping[str, object] | None = None,
        errors: Sequence[FormattedError] = (),
    ) -> None:
        super().__init__(code, message, extensions=extensions)
        self._errors = list(errors)

    @property
    def errors(self) -> list[FormattedError]:
        return self._errors or super().errors


def is_expected(error: BaseException | None) -> bool:
    """Whether the text of `error` was written for the caller (the class says `public = True` and has a `code`)."""
    return (
        error is not None
        and getattr(type(error), "public", False) is True
        and isinstance(getattr(error, "code", None), str)
    )


def expected_entry(error: BaseException) -> FormattedError:
    """The entry of an expected error: its text, its code, and the field and article it names, if any."""
    extensions: dict[str, object] = {"code": getattr(error, "code")}  # noqa: B009 - the class is open by design
    for name in ("field", "article"):
        if value := getattr(error, name, ""):
            extensions[name] = value
    return {"message": str(error), "extensions": extensions}


def root_cause(error: GraphQLError) -> BaseException | None:
    """The exception under the wrappers that graphql-core puts around it, or None where it is graphql-core's own."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def syntax_error(error: GraphQLError) -> DocumentError:
    """A document that does not parse. The text speaks of the client's own document only, so it is always shown."""
    # So ends graphql-core's text when a bound of the parser (length, tokens, comments, nesting) stopped it.
    code = LIMIT_EXCEEDED if error.message.endswith("Parsing aborted.") else PARSE_FAILED
    entry: FormattedError = {"message": error.message, "extensions": {"code": code}}
    if error.locations:
        entry["locations"] = _locations(error)
    return DocumentError(code, error.message, errors=[entry])


def validation_errors(errors: Sequence[GraphQLError], *, production: bool) -> DocumentError:
    """A document that does not fit the schema. In production one sentence for all: the details map the schema."""
    shown = [_input_entry(error) for error in errors if is_expected(root_cause(error))]
    if not shown and not production:
        for error in errors:
            entry: FormattedError = {"message": error.message, "extensions": {"code": VALIDATION_FAILED}}
            if error.locations:
                entry["locations"] = _locations(error)
            shown.append(entry)
    return DocumentError(VALIDATION_FAILED, GENERIC_VALIDATION, errors=shown)


def variable_errors(errors: Sequence[GraphQLError], *, production: bool) -> DocumentError:
    """Variables that do not fit. In production the type's rule is not told, only which variable is wrong."""
    entries: list[FormattedError] = []
    for error in errors:
        if is_expected(root_cause(error)):
            entries.append(_input_entry(error))
        elif not production:
            entries.append({"message": error.message, "extensions": {"code": BAD_USER_INPUT}})
        else:
            entries.append({"message": _wrong_variable(error), "extensions": {"code": BAD_USER_INPUT}})
    return DocumentError(BAD_USER_INPUT, "The variables do not fit the document.", errors=entries)


class Incidents:
    """Turns what went wrong in one request into entries; logs each unplanned exception once, without its text."""

    def __init__(self, request: logs.RequestLog, *, production: bool) -> None:
        self._request = request
        self._production = production
        self._known: dict[tuple[str, ...], str] = {}

    def field_error(self, error: GraphQLError) -> FormattedError:
        """The entry of an error raised while the operation ran."""
        cause = root_cause(error)
        if is_expected(cause) and cause is not None:
            entry = expected_entry(cause)
        elif cause is None and _is_wrong_argument(error):
            message = GENERIC_ARGUMENT if self._production else error.message
            entry = {"message": message, "extensions": {"code": BAD_USER_INPUT}}
        else:
            entry = self.unplanned(cause or error)
        if error.path is not None:
            entry["path"] = list(error.path)
        return entry

    def unplanned(self, error: BaseException) -> FormattedError:
        """The entry of a fault of ours: an incident id that the log knows, and nothing about the fault."""
        incident = self._incident(error)
        message = f"Something went wrong on our side. Quote incident {incident} when you report it."
        return {"message": message, "extensions": {"code": INTERNAL, "incident": incident}}

    def _incident(self, error: BaseException) -> str:
        # Rows that fail alike (same classes, same place) share one incident, else a list writes a thousand lines.
        classes: list[str] = []
        places: list[str] = []
        link: BaseException | None = error
        while link is not None and len(classes) < 8:
            classes.append(f"{type(link).__module__}.{type(link).__qualname__}")
            places += where(link)
            link = link.__cause__ or link.__context__
        key = (*classes, "at", *places)
        if key not in self._known:
            self._known[key] = uuid4().hex[:12]
            logs.incident(self._request, self._known[key], classes, places)
        return self._known[key]


def where(error: BaseException) -> list[str]:
    """The places of a traceback as `module:line function`, innermost last, at most 20; never text or values."""
    places = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return places[-20:]


def _input_entry(error: GraphQLError) -> FormattedError:
    cause = root_cause(error)
    assert cause is not None
    return expected_entry(cause)


def _wrong_variable(error: GraphQLError) -> str:
    node = next(iter(error.nodes or ()), None)
    if isinstance(node, VariableDefinitionNode):
        return f"Variable '${node.variable.name.value}' does not have the value that its type needs."
    return "A variable does not have the value that its type needs."


def _is_wrong_argument(error: GraphQLError) -> bool:
    """Whether graphql-core or Strawberry refused a value of the caller, as opposed to a value of ours on the way out.

    Both are plain GraphQLErrors, and the latter's text holds the value; they differ by the place that raised them.
    """
    link: Exception | None = error
    while isinstance(link, GraphQLError):
        if isinstance(link, StrawberryInputCoercionError):
            return True
        places = where(link)
        if places and places[-1].startswith("graphql.execution.values:"):
            return True
        link = link.original_error
    return False


def _locations(error: GraphQLError) -> list[Location]:
    return [{"line": location.line, "column": location.column} for location in error.locations or ()]
