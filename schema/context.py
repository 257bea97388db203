"""What a resolver may know of the request: the person's desk, the door, and nothing of HTTP."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import strawberry

from desk.desk import Desk
from desk.errors import Unauthenticated


class SignedIn(Protocol):
    """What a person learns who has just signed in; the token itself goes the edge's way, in a cookie."""

    @property
    def number(self) -> str: ...

    @property
    def must_change(self) -> bool:
        """The password was set by somebody else, and is to be changed now."""
        ...

    @property
    def expires_at(self) -> dt.datetime:
        """When the session ends at the latest; idle ones end earlier."""
        ...


class Entrance(Protocol):
    """The door of the house. The edge puts it into the context of every request."""

    async def sign_in(self, number: str, password: str) -> SignedIn:
        """Let a person in: a new session for this client, its old one ended. Refuses as desk.people.signing does."""
        ...

    async def sign_out(self) -> None:
        """End the session of this request, if it has one. Nobody else's."""
        ...


@dataclass(slots=True)
class Context:
    """Made for each request. `sitting` is the desk of who is signed in, None when nobody is.

    `response_headers` is what the edge adds to the answer.
    """

    sitting: Desk | None = None
    may_introspect: bool = False
    staff_number: str | None = None
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    entrance: Entrance | None = None

    @property
    def desk(self) -> Desk:
        """The person's desk. Unauthenticated when nobody is signed in, so that every resolver refuses a nobody."""
        if self.sitting is None:
            raise Unauthenticated
        return self.sitting


Info: TypeAlias = strawberry.Info[Context, None]
