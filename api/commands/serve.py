"""serve: answer requests until stopped."""

from __future__ import annotations

import os
from typing import Any

import click
import uvicorn

from api import logs
from api.app import LEVELS
from api.commands.running import command, open_house
from api.settings import Settings

GRACE_SECONDS = 20


@click.command()
@click.option("--host", help="Address to listen on, in place of GUIBIN_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on, in place of GUIBIN_PORT.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes, in place of GUIBIN_WORKERS.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the API until interrupted.

    Checks settings, keys, database, migrations and policy first, and says what is wrong with them. Several workers
    need PostgreSQL; on SQLite one serves.
    """
    for name, given in (("GUIBIN_HOST", host), ("GUIBIN_PORT", port), ("GUIBIN_WORKERS", workers)):
        if given is not None:
            os.environ[name] = str(given)
    look_first()
    settings = Settings.read(os.environ)
    logs.set_up(level=LEVELS[settings.log_level])
    uvicorn.run("api.app:from_environment", **options(settings))


@command
async def look_first() -> None:
    """Open the house once, so that what is wrong is told to a person and not to a log."""
    async with open_house():
        pass


def options(settings: Settings) -> dict[str, Any]:
    """How uvicorn runs: our own log lines, no header that names the server, proxies believed only where named."""
    return {
        "factory": True,
        "host": settings.host,
        "port": settings.port,
        "workers": workers_of(settings),
        "http": "httptools",
        "loop": "auto",
        "ws": "none",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": settings.trusted_proxies or None,
        "timeout_graceful_shutdown": GRACE_SECONDS,
    }


def workers_of(settings: Settings) -> int:
    """SQLite is one file for one process: a second worker would wait for the first, and neither for a lock."""
    if settings.sqlite and settings.workers > 1:
        click.echo(
            f"SQLite serves one process: starting 1 worker, not {settings.workers}. "
            "Set GUIBIN_DATABASE_URL to PostgreSQL for more.",
            err=True,
        )
        return 1
    return settings.workers
