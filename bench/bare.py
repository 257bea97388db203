"""The handler to compare with: Starlette, asyncpg, one hand-written statement a route. No GraphQL, no policy, no trail.

    GUIBIN_DATABASE_URL=... GUIBIN_KEYS=... .venv/bin/python -m bench.bare PORT

POST /Q1 (and so on, bench/questions.py) with the session's cookie and {"id": UUID} where the question is about one
customer. 401 when the session is none; 404 when its person does not reach the customer.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from api.commands.serve import options
from api.keys import load_keys
from api.settings import Settings
from bench.questions import QUESTIONS, Question
from models import vault
from models.database import NoReset

OPENED = re.compile("\u2026([0-9a-f-]{36})")
NUMBERS = "SELECT id, number_cipher FROM account WHERE id = ANY($1::uuid[])"


def bare_app() -> ASGIApp:
    settings = Settings.read(os.environ)
    vault.install(load_keys(settings))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(
            settings.database_url, min_size=1, max_size=settings.pool, connection_class=NoReset
        ) as pool:
            app.state.pool = pool
            yield

    async def health(request: Request) -> Response:
        return Response()

    routes = [Route(f"/{question.name}", answering(question), methods=["POST"]) for question in QUESTIONS]
    return Starlette(routes=[*routes, Route("/health", health)], lifespan=lifespan)


def answering(question: Question) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        token = request.cookies.get("guibin")
        if token is None:
            return Response(status_code=401)
        known: list[Any] = [hashlib.sha256(token.encode()).hexdigest()]
        if question.by_id:
            known.append(UUID(orjson.loads(await request.body())["id"]))
        async with request.app.state.pool.acquire() as connection:
            text = await connection.fetchval(question.statement, *known)
            if text is None:
                return Response(status_code=404 if question.by_id else 401)
            if question.opens:
                text = await opened(connection, text)
        return Response(text, media_type="application/json")

    return answer


async def opened(connection: asyncpg.Connection, text: str) -> str:
    """The answer with every marked account number opened in its place: digits, which JSON takes as they are."""
    rows = await connection.fetch(NUMBERS, [UUID(found) for found in OPENED.findall(text)])
    keeper = vault.vault()
    numbers = {
        str(row["id"]): keeper.open("account", "number_cipher", UUID(int=row["id"].int), row["number_cipher"])
        for row in rows
    }
    return OPENED.sub(lambda found: numbers[found[1]], text)


if __name__ == "__main__":
    os.environ["GUIBIN_PORT"] = sys.argv[1]
    uvicorn.run("bench.bare:bare_app", **options(Settings.read(os.environ)))
