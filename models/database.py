"""The database set-up: one configuration for both dialects, opened for as long as a block runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import asyncpg
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext

from models import MODULES
from models.ids import global_id_of_text
from models.migrating import Migrator
from models.sqlite import WAIT

DEFAULT_URL = "sqlite://var/guibin.sqlite3"


class NoReset(asyncpg.Connection):  # type: ignore[misc]
    """A pooled connection that spends no round trip on resetting what we never set outside a transaction."""

    def get_reset_query(self) -> str:
        return ""


def config(url: str, *, pool: int = 10) -> dict[str, Any]:
    """Tortoise's configuration for a URL: `sqlite://path` or `postgres://user@host/database`."""
    if url.startswith("sqlite://"):
        connection: dict[str, Any] = expand_db_url(url)
        connection["engine"] = "models.sqlite"
        connection["credentials"] |= {"busy_timeout": WAIT, "synchronous": "NORMAL"}
    else:
        connection = expand_db_url(url.replace("postgresql://", "postgres://"))
        connection["engine"] = "tortoise.backends.asyncpg"
        connection["credentials"] |= {"minsize": 1, "maxsize": pool, "connection_class": NoReset}
    return {
        "connections": {"default": connection},
        "apps": {
            "models": {
                "models": MODULES,
                "default_connection": "default",
                "migrations": "migrations.models",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


@contextlib.asynccontextmanager
async def database(url: str, *, pool: int = 10) -> AsyncGenerator[TortoiseContext]:
    """Open the database for a block. Requests run in other tasks, so the context is the process's fallback."""
    # Tortoise caches INSERT text process-wide without the dialect (stack.md 0.5).
    EXECUTOR_CACHE.clear()
    if url.startswith("sqlite://") and ":memory:" not in url:
        Path(url.removeprefix("sqlite://").partition("?")[0]).parent.mkdir(parents=True, exist_ok=True)
    async with TortoiseContext() as context:
        await context.init(config=config(url, pool=pool), _enable_global_fallback=True)
        await _lend_functions()
        try:
            yield context
        finally:
            await context.close_connections()


async def _lend_functions() -> None:
    """SQLite cannot write base64: it borrows the writing of ids from us."""
    client: Any = get_connection("default")
    if client.capabilities.dialect == "sqlite":
        await client.create_connection(with_db=True)
        await client._connection.create_function("global_id", 2, global_id_of_text, deterministic=True)


MIGRATION_LOCK = 0x6775_6962  # any number, the same for every migrator
APP_ROLE_MAY = "SELECT, INSERT, UPDATE, DELETE"
TRAIL = "access_record"


async def migrate(url: str, *, app_role: str = "", progress: Callable[[str], None] = lambda _: None) -> None:
    """Bring the tables of the open database up to date. One migrator at a time; needs the owner role.

    With `app_role`, that role gets the rights of the application on every table, and on the trail only reading
    and adding (decisions.md 17).
    """
    connection = get_connection("default")
    postgres = connection.capabilities.dialect == "postgres"
    executor = Migrator(connection, config(url)["apps"])
    async with contextlib.AsyncExitStack() as stack:
        if postgres:
            holder = await asyncpg.connect(url.replace("postgresql://", "postgres://"))
            stack.push_async_callback(holder.close)
            await holder.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await executor.migrate(progress=lambda event, _, name: progress(f"{event} {name}"))
        if postgres and app_role:
            quoted = '"' + app_role.replace('"', '""') + '"'
            await connection.execute_script(
                f"GRANT USAGE ON SCHEMA public TO {quoted};"
                f"GRANT {APP_ROLE_MAY} ON ALL TABLES IN SCHEMA public TO {quoted};"
                f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted};"
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {TRAIL}, placement, ownership FROM {quoted};"
            )


TORTOISE_ORM = config(os.environ.get("GUIBIN_DATABASE_URL", DEFAULT_URL))
