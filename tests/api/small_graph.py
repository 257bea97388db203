"""A small real schema and a client for it: what the tests of the HTTP edge send their requests to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, NewType

import httpx2
import strawberry
from starlette.requests import Request
from strawberry.schema.config import StrawberryConfig

from api.graphql import ContextFactory, GraphQLEndpoint
from api.limits import LIMITS, Limits
from models.errors import BadInput, WrongState

CANARY = "canary 13812345678 SELECT * FROM customer"

Digits = NewType("Digits", str)


def read_digits(value: object) -> Digits:
    if not isinstance(value, str) or not value.isascii() or not value.isdigit():
        raise BadInput("Write the digits 0 to 9 only.", field="digits")
    return Digits(value)


@dataclass
class Caller:
    """The context object of these tests."""

    may_introspect: bool = True
    staff_number: str | None = "S001"
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)


@strawberry.type
class Person:
    name: str
    rank: int

    @strawberry.field
    def friends(self, first: int | None = None, last: int | None = None) -> list[Person]:
        return [Person(name=f"{self.name}.{index}", rank=index) for index in range(first or last or 0)]


@strawberry.input
class Wish:
    first_name: str
    age: int
    note: strawberry.Maybe[str]


@strawberry.type
class Query:
    @strawberry.field
    def me(self) -> Person:
        return Person(name="me", rank=1)

    @strawberry.field
    async def people(self, first: int | None = None, last: int | None = None) -> list[Person]:
        await asyncio.sleep(0)
        return [Person(name=f"p{index}", rank=index) for index in range(first or last or 0)]

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def square(self, of: int = 3) -> int | None:
        return of * of

    @strawberry.field
    def account(self, digits: Digits) -> str:
        return f"account {digits}"

    @strawberry.field
    def wish(self, wish: Wish) -> str:
        return f"{wish.first_name}, {wish.age}"

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(CANARY)

    @strawberry.field
    def all_broken(self) -> list[Broken]:
        return [Broken() for _ in range(50)]

    @strawberry.field
    def wrong_state(self) -> str | None:
        raise WrongState("The filing is RETURNED. Submit it again.", field="filing")

    @strawberry.field
    def too_big(self) -> int | None:
        return 13812345678

    @strawberry.field
    def missing(self) -> str:
        return None  # type: ignore[return-value]

    @strawberry.field
    async def slow(self) -> str | None:
        await asyncio.sleep(60)
        return "never"


@strawberry.type
class Broken:
    @strawberry.field
    def part(self) -> str | None:
        raise RuntimeError(CANARY)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, info: strawberry.Info[Caller, None], name: str) -> Person:
        info.context.effects.append(name)
        return Person(name=name, rank=0)

    @strawberry.mutation
    def sign_in(self, info: strawberry.Info[Caller, None], password: str) -> bool:
        info.context.effects.append("tried")
        info.context.response_headers.append(("Set-Cookie", "__Host-session=opaque; Secure; HttpOnly"))
        return False


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncGenerator[int]:
        yield 1


def build_schema(**options: Any) -> strawberry.Schema:
    digits = strawberry.scalar(name="Digits", serialize=str, parse_value=read_digits)
    config = StrawberryConfig(scalar_map={Digits: digits})
    return strawberry.Schema(Query, Mutation, Subscription, config=config, **options)


SCHEMA = build_schema()


class Client:
    """Speaks HTTP to a GraphQLEndpoint in process; keeps the callers that its requests were given."""

    def __init__(
        self,
        *,
        production: bool = False,
        deadline: float = 5.0,
        limits: Limits = LIMITS,
        context: ContextFactory | None = None,
        **caller: Any,
    ) -> None:
        self.callers: list[Caller] = []

        async def admit(request: Request) -> Caller:
            self.callers.append(Caller(**caller))
            return self.callers[-1]

        self.app = GraphQLEndpoint(
            SCHEMA, context or admit, production=production, deadline=deadline, limits=limits
        )
        self._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url="http://house")

    async def send(
        self, body: bytes | dict[str, Any], *, method: str = "POST", **headers: str | None
    ) -> httpx2.Response:
        """Send `body`; header names with underscores, None removes a header that is sent by default."""
        sent = {"content-type": "application/json", "accept": "application/graphql-response+json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        for name, value in headers.items():
            if value is None:
                sent.pop(name.replace("_", "-"), None)
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return await self._http.request(method, "/graphql", content=content, headers=sent)

    async def ask(self, query: str, variables: dict[str, Any] | None = None, **rest: Any) -> httpx2.Response:
        return await self.send({"query": query, "variables": variables, **rest})

    @property
    def effects(self) -> list[str]:
        return [effect for caller in self.callers for effect in caller.effects]


def codes(response: httpx2.Response) -> list[str]:
    """The codes of the errors of an answer, in order."""
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]
