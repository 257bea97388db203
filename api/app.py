"""The app: the graph over HTTP, a health check, one page, and the house behind them for as long as it runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import heap, logs
from api.graphql import GraphQLEndpoint
from api.keys import load_keys
from api.session import Clock, Sessions, clock
from api.settings import Settings
from authz import Policy
from desk import jobs
from models import vault
from models.database import database
from schema import schema as the_schema
from schema.planned import TextExecutor

HEALTH_SECONDS = 2.0
LEVELS = {"debug": 10, "info": 20, "warning": 30}
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Guibin</title>
<h1>Guibin API is running</h1>
<p>The graph answers POST requests at <code>/graphql</code>. The page is built in a later release.</p>
</html>
"""
HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
HSTS = (b"strict-transport-security", b"max-age=31536000")


def create_app(settings: Settings, *, now: Clock = clock, schema: strawberry.Schema = the_schema) -> ASGIApp:
    """The ASGI app of one worker. The database is opened, and migrations and policy are checked, when it starts.

    Every worker of a house runs the same release: a start under another policy than the one in force is refused,
    and a worker that outlives a change of policy answers 503 POLICY_CHANGED until it is replaced.
    """
    vault.install(load_keys(settings))
    policy = Policy.load()

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with database(settings.database_url, pool=settings.pool):
            await jobs.must_be_migrated()
            await jobs.must_be_in_force(policy)
            yield

    async def health(request: Request) -> Response:
        """200 when the database answers this worker, else 503; nothing of why."""
        try:
            async with asyncio.timeout(HEALTH_SECONDS):
                await jobs.must_answer(policy)
        except Exception:  # noqa: BLE001 - whatever is wrong, the answer is that it is
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok"})

    graph = GraphQLEndpoint(
        schema,
        Sessions(settings, policy, now),
        production=settings.production,
        deadline=settings.deadline,
        executor=TextExecutor,
    )
    app = Starlette(
        routes=[
            Route("/", _page, methods=["GET"]),
            Route("/health", health, methods=["GET"]),
            Route("/graphql", graph),
        ],
        lifespan=lifespan,
    )
    # A redirect would put the Host header of the caller into an answer.
    app.router.redirect_slashes = False
    return logs.AccessLog(SafeHeaders(app, production=settings.production))


def from_environment() -> ASGIApp:
    """What uvicorn calls in every worker."""
    settings = Settings.read(os.environ)
    logs.set_up(level=LEVELS[settings.log_level])
    app = create_app(settings)
    heap.settle()
    return app


async def _page(request: Request) -> Response:
    return HTMLResponse(PAGE)


class SafeHeaders:
    """Headers that every answer has: nothing of it is framed, sniffed, cached by others or loads from elsewhere."""

    def __init__(self, app: ASGIApp, *, production: bool) -> None:
        self._app = app
        self._headers = (*HEADERS, HSTS) if production else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name for name, _ in given}
                given += [header for header in self._headers if header[0] not in names]
                if b"cache-control" not in names:
                    given.append((b"cache-control", b"no-store"))
                message["headers"] = given
            await send(message)

        await self._app(scope, receive, send_safely)
