"""The app over HTTP in tests: the small bank behind it, a clock that the test sets, people who sign in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx2

from api.app import create_app
from api.negotiation import CLIENT_HEADER
from api.settings import Settings
from models.people import Staff

PASSWORD = "jade-lantern-72"
KEYS = '{"current": 1, "encryption": {"1": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}, "index": "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="}'
"""Those of tests/conftest.py, as a process reads them."""
SIGN_IN = """mutation ($number: String!, $password: String!) { signIn(input: {number: $number, password: $password}) {
  __typename ... on Session { expiresAt person { number } } ... on Problem { code } } }"""
ME = "{ me { number } }"


def settings(db: str, **more: str) -> Settings:
    return Settings.read({"GUIBIN_DATABASE_URL": db, "GUIBIN_KEYS": KEYS} | more)


def production(db: str, **more: str) -> Settings:
    """Production speaks PostgreSQL; the rules of the edge are the same above either database."""
    return settings(
        db if db.startswith("postgres") else "postgres://nobody@nowhere/none",
        GUIBIN_ENV="production",
        GUIBIN_TRUSTED_PROXIES="127.0.0.1",
        **more,
    )


class House:
    """A client of the app. `now` is the app's time."""

    def __init__(self, of: Settings, now: dt.datetime) -> None:
        self.now = now
        self.settings = of
        transport = httpx2.ASGITransport(create_app(of, now=lambda: self.now))
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://guibin.test")

    async def ask(
        self,
        query: str,
        *,
        cookie: str = "",
        bearer: str = "",
        headers: dict[str, str] | None = None,
        **variables: Any,
    ) -> httpx2.Response:
        sent = dict(headers or {})
        if cookie:
            sent |= {"cookie": cookie, CLIENT_HEADER: "tests"}
        if bearer:
            sent["authorization"] = f"Bearer {bearer}"
        # The tests choose what is sent; a jar would send cookies of its own.
        self.client.cookies.clear()
        return await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=sent)

    async def sign_in(self, staff: Staff, password: str = PASSWORD, **how: Any) -> httpx2.Response:
        return await self.ask(SIGN_IN, number=staff.number, password=password, **how)

    async def token(self, staff: Staff, **how: Any) -> str:
        """The token of a new session."""
        answer = await self.sign_in(staff, **how)
        assert answer.json()["data"]["signIn"]["__typename"] == "Session", answer.text
        return token_of(answer)

    async def me(self, token: str) -> str:
        """The staff number of whose token it is, or the code of the refusal."""
        body = (await self.ask(ME, bearer=token)).json()
        return body["data"]["me"]["number"] if body.get("data") else code_of(body)


def token_of(answer: httpx2.Response) -> str:
    name_and_value = answer.headers["set-cookie"].partition(";")[0]
    return name_and_value.partition("=")[2]


def code_of(body: dict[str, Any]) -> str:
    (error,) = body["errors"]
    return error["extensions"]["code"]
