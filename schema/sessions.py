"""Signing in and out, and one's own password."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from desk.errors import Unauthenticated
from desk.people.passwords import change_own_password
from models.errors import Refusal
from schema.context import Entrance, Info
from schema.fields import META, Show, given
from schema.people import Staff
from schema.problems import Problem, problem_of
from schema.resolving import by_row_id


@strawberry.type(description="登录会话. An open session. Its token is in the cookie.")
class Session:
    expires_at: dt.datetime = given("When it ends unless it is used.")

    @strawberry.field(description="Who is signed in.", metadata={META: Show(given=True)})
    async def person(self, info: Info) -> Staff:
        return await by_row_id(info, "staff", info.context.desk.staff_id)


@strawberry.type(description="Nobody is signed in any more.")
class SignedOut:
    at: dt.datetime = given("When.")


SessionResult = Annotated[
    Session | Problem, strawberry.union("SessionResult", description="An open session, or why not.")
]


@strawberry.input(description="A staff number and its password.")
class SignInInput:
    number: str = strawberry.field(description="Staff number.")
    password: str = strawberry.field(description="Password.")
    new_password: str | None = strawberry.field(
        default=None, description="A new password, where the old one must be changed."
    )


@strawberry.input(description="A new password for oneself.")
class ChangePasswordInput:
    old: str = strawberry.field(description="The password now.")
    new: str = strawberry.field(description="8 to 128 characters, not a common one.")


def entrance(info: Info) -> Entrance:
    if info.context.entrance is None:
        raise Unauthenticated("There is no door here to sign in at.")
    return info.context.entrance


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Sign in, at most once a request (decisions.md 31). By anybody with a staff number and "
        "its password."
    )
    async def sign_in(self, info: Info, input: SignInInput) -> SessionResult:
        try:
            signed = await entrance(info).sign_in(input.number, input.password, input.new_password)
        except Refusal as refusal:
            return problem_of(refusal)
        info.context.sitting = signed.desk
        answer: Any = Session(expires_at=signed.expires_at)
        return answer

    @strawberry.mutation(
        description="Sign out: the session is dead at once, on every worker (decisions.md 7). By who is "
        "signed in."
    )
    async def sign_out(self, info: Info) -> SignedOut:
        now = info.context.desk.now
        await entrance(info).sign_out()
        return SignedOut(at=now)

    @strawberry.mutation(
        description="Change one's own password; all sessions end, sign in anew (security.md 22). By who is "
        "signed in."
    )
    async def change_password(
        self, info: Info, input: ChangePasswordInput
    ) -> Annotated[
        SignedOut | Problem, strawberry.union("ChangePasswordResult", description="Signed out, or why not.")
    ]:
        try:
            await change_own_password(
                info.context.desk, old=input.old, new=input.new, address=entrance(info).address
            )
        except Refusal as refusal:
            return problem_of(refusal)
        return SignedOut(at=info.context.desk.now)
