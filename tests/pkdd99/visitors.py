"""People of the bank speaking HTTP to the real app: their sessions, their questions, and every answer they got."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx2
from starlette.types import ASGIApp

from api.app import create_app
from api.settings import Settings
from desk.people.sessions import open_session
from desk.people.signing import RULES
from models.people import Staff
from models.vault import Keys
from tests.pkdd99.bank import now

JSON = "application/json"


def keys_as_text(keys: Keys) -> str:
    """Keys in the form of GUIBIN_KEYS, so that app and test open the same cells."""

    def b64(raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    encryption = {str(number): b64(raw) for number, raw in keys.encryption.items()}
    return json.dumps({"current": keys.current, "encryption": encryption, "index": b64(keys.index)})


def settings_for(url: str, keys: Keys) -> dict[str, str]:
    """The environment of an app on this database."""
    return {"GUIBIN_DATABASE_URL": url, "GUIBIN_KEYS": keys_as_text(keys)}


def app_on(url: str, keys: Keys) -> ASGIApp:
    """The real app. The test has the database open already, so the app's own opening is left to a real server."""
    return create_app(Settings.read(settings_for(url, keys)))


def client_of(app: ASGIApp) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://house", timeout=120)


class Refused(AssertionError):
    """A question that should have been answered was refused."""


@dataclass
class Visitor:
    """One signed-in person. `errors` keeps the text of every error body, to be searched for values."""

    staff: str
    http: httpx2.AsyncClient
    token: str = ""
    asked: int = 0
    errors: set[str] = field(default_factory=set)

    @classmethod
    async def enter(cls, http: httpx2.AsyncClient, staff: str) -> Visitor:
        """With a session of the product's own making, and no password to hash."""
        person = await Staff.get(number=staff)
        signed_in = await open_session(person.id, now(), RULES)
        return cls(staff, http, signed_in.token)

    async def send(self, query: str, variables: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        self.asked += 1
        answer = await self.http.post(
            "/graphql",
            content=json.dumps({"query": query, "variables": variables or {}}).encode(),
            headers={"content-type": JSON, "accept": JSON} | self._who(),
        )
        body = answer.json()
        if body.get("errors"):
            self.errors.add(answer.text)
        return answer.status_code, body

    def _who(self) -> dict[str, str]:
        """A token of his own, or nothing: then it is the cookie that tells."""
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a question that must be answered without an error."""
        status, body = await self.send(query, variables)
        if status != 200 or body.get("errors"):
            raise Refused(f"{self.staff}: {status} {body} for {query} with {variables}")
        data = body["data"]
        assert isinstance(data, dict)
        return data

    async def code(self, query: str, **variables: Any) -> str:
        """The one error code of a question that must be refused whole: no data beside it."""
        _, body = await self.send(query, variables)
        assert body.get("data") is None, f"{self.staff} was answered: {body} for {query} with {variables}"
        codes = {str(error["extensions"]["code"]) for error in body["errors"]}
        assert len(codes) == 1, body
        return codes.pop()

    async def refusal(self, mutation: str, **input: Any) -> str:
        """The code with which an act is refused, whether it comes as a Problem or as an error."""
        _, body = await self.send(_mutation(mutation), {"input": input})
        if body.get("errors"):
            return str(body["errors"][0]["extensions"]["code"])
        assert body["data"]["answer"]["__typename"] == "Problem", body
        return str(body["data"]["answer"]["code"])

    async def do(self, mutation: str, **input: Any) -> dict[str, Any]:
        """An act by its mutation. A Problem fails the test, with what it says."""
        data = await self.ask(_mutation(mutation), input=input)
        found = data["answer"]
        assert isinstance(found, dict)
        if found["__typename"] == "Problem":
            raise Refused(f"{self.staff}: {mutation}: {found}")
        return found


def _mutation(field: str) -> str:
    """The document of one act, whose input type is named after it."""
    name = field.partition("(")[0]
    return f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ answer: {field} }}"


def values_in(errors: Iterable[str], values: Iterable[str]) -> list[str]:
    """Which of these values stand in error texts."""
    text = "\n".join(errors)
    return [value for value in values if value in text]
