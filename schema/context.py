"""What a resolver may know of the request: the person's desk, the door of the house, and nothing of HTTP."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

import strawberry

from desk.desk import Desk
from desk.errors import Unauthenticated


class SignedIn(NamedTuple):
    """Who has just signed in, at his desk. The token goes its own way, in the cookie that the edge sets."""

    desk: Desk
    expires_at: dt.datetime
    """When the session ends unless it is used; each use puts it off, up to the absolute end."""


class Entrance(Protocol):
    """The door of the house, which the edge puts into the context of every request."""

    @property
    def address(self) -> str:
        """Where the request comes from, for counting guesses."""

    async def sign_in(self, number: str, password: str, new_password: str | None = None) -> SignedIn:
        """Open a session for this client and end the one it had. Refuses as `desk.people.signing.sign_in` does."""

    async def sign_out(self) -> None:
        """End the session of this request, if there is one, and take its cookie away."""


@dataclass(slots=True)
class Context:
    """Made for each request. `sitting` is the desk of the signed-in person, None when nobody is signed in.

    `response_headers` is what the edge adds to the answer.
    """

    sitting: Desk | None = None
    may_introspect: bool = False
    staff_number: str | None = None
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    entrance: Entrance | None = None

    @property
    def desk(self) -> Desk:
        """The person's desk. Unauthenticated when nobody is signed in: so every resolver refuses a nobody."""
        if self.sitting is None:
            raise Unauthenticated
        return self.sitting


Info: TypeAlias = strawberry.Info[Context, None]
