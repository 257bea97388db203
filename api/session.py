"""Sessions at the edge: whose request this is, by cookie or bearer token, and the door through which people come in."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from starlette.requests import Request

from api.errors import RequestError
from api.outages import NO_DATABASE
from api.settings import Settings
from authz import Policy, Role
from desk.actors import Sitter
from desk.desk import Desk, PolicyChanged
from desk.errors import Unauthenticated
from desk.people import signing
from desk.people.signing import SigningRules
from schema.context import Context, SignedIn

Clock = Callable[[], dt.datetime]

MAY_INTROSPECT = frozenset({Role.AUDITOR, Role.SYS_ADMIN})
LONGEST_TOKEN = 128
WARM_KEPT = 4096
RETRY_AFTER = (("retry-after", "2"),)


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Cookie:
    """The session cookie. Over plain http, in development, a browser would not take one with the `__Host-` prefix."""

    name: str
    attributes: str

    @classmethod
    def of(cls, settings: Settings) -> Cookie:
        base = "Path=/; HttpOnly; SameSite=Strict"
        return cls("__Host-guibin", f"{base}; Secure") if settings.production else cls("guibin", base)

    def holding(self, token: str) -> tuple[str, str]:
        return "set-cookie", f"{self.name}={token}; {self.attributes}"

    def gone(self) -> tuple[str, str]:
        return "set-cookie", f"{self.name}=; Max-Age=0; {self.attributes}"


@dataclass(frozen=True, slots=True)
class Warm:
    """Who was found at the last use of a session that was noted, and until when that need not be done again."""

    sitter: Sitter
    session_id: UUID
    since: dt.datetime
    until: dt.datetime

    def holds(self, now: dt.datetime) -> bool:
        ends = self.sitter.valid_until
        return self.since <= now < self.until and (ends is None or now < ends)


class Sessions:
    """Makes the context of a request: `GraphQLEndpoint` awaits it once for each."""

    def __init__(self, settings: Settings, policy: Policy, now: Clock = clock) -> None:
        self.policy = policy
        self.now = now
        self.rules = SigningRules(idle=settings.session_idle, absolute=settings.session_absolute)
        self.cookie = Cookie.of(settings)
        self._everybody_introspects = not settings.production
        self._warm: dict[bytes, Warm] = {}

    async def __call__(self, request: Request) -> Context:
        """The context of whoever sends this request. A wrong, ended or absent token is nobody's, not an error.

        POLICY_CHANGED (503) when another release's policy is in force, UNAVAILABLE (503) without the database.
        """
        context = Context(may_introspect=self._everybody_introspects)
        door = Door(self, request, context)
        context.entrance = door
        token = self.token(request)
        if token is None:
            return context
        try:
            desk = await self.desk(token)
        except Unauthenticated:
            return context
        except PolicyChanged as changed:
            raise RequestError(changed.code, changed.message, status=503, headers=RETRY_AFTER) from None
        except NO_DATABASE:
            _unavailable()
        context.sitting, door.session_id = desk, desk.session_id
        context.staff_number = desk.sitter.number
        context.may_introspect |= any(seat.role in MAY_INTROSPECT for seat in desk.actor.seats)
        return context

    def token(self, request: Request) -> str | None:
        """The token of a request. A bearer token outweighs a cookie: its sender has chosen it for this request."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(self.cookie.name, "")
        return token if 0 < len(token) <= LONGEST_TOKEN else None

    async def desk(self, token: str) -> Desk:
        """The desk of whose token this is, with the rights he has now.

        Within the minute after a use that was noted, the desk is set up with the rights that were read then: each
        statement is fenced on session, rights, tree and policy (decisions.md 7), so a desk that is out of date sees
        nothing, and looks again.
        """
        now = self.now()
        key = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        if (known := self._warm.get(key)) is not None and known.holds(now):
            return Desk(self.policy, known.sitter, now, known.session_id)
        session = await signing.resolve(token, now, self.rules)
        desk = await self.sit(session.staff_id, session.session_id, now)
        self._warm[key] = Warm(desk.sitter, session.session_id, now, session.noted_until)
        while len(self._warm) > WARM_KEPT:
            self._warm.pop(next(iter(self._warm)))
        return desk

    async def sit(self, staff_id: UUID, session_id: UUID, now: dt.datetime) -> Desk:
        desk = await Desk.take(self.policy, staff_id, now, session_id=session_id)
        if desk.sitter.policy_version != self.policy.version:
            raise PolicyChanged
        return desk


class Door:
    """`schema.context.Entrance` for one request."""

    def __init__(self, sessions: Sessions, request: Request, context: Context) -> None:
        self._sessions = sessions
        self._context = context
        self._address = request.client.host if request.client else ""
        self.session_id: UUID | None = None

    @property
    def address(self) -> str:
        return self._address

    async def sign_in(self, number: str, password: str, new_password: str | None = None) -> SignedIn:
        """A new token for every sign-in, and the token that came with the request is good no more (fixation)."""
        sessions = self._sessions
        now = sessions.now()
        try:
            found = await signing.sign_in(
                number, password, self._address, now, new_password=new_password, rules=sessions.rules
            )
            await self._end(now)
            desk = await sessions.sit(found.staff_id, found.session_id, now)
        except NO_DATABASE:
            _unavailable()
        self.session_id = found.session_id
        self._context.response_headers.append(sessions.cookie.holding(found.token))
        return SignedIn(desk, found.expires_at)

    async def sign_out(self) -> None:
        await self._end(self._sessions.now())
        self._context.response_headers.append(self._sessions.cookie.gone())

    async def _end(self, now: dt.datetime) -> None:
        if self.session_id is not None:
            await signing.sign_out(self.session_id, now)
            self.session_id = None


def _unavailable() -> NoReturn:
    raise RequestError(
        "UNAVAILABLE",
        "The database does not answer at the moment. Try again.",
        status=503,
        headers=RETRY_AFTER,
    ) from None
