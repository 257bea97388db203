"""Copies of a whole database: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from models.errors import Refusal


class NoTool(Refusal):
    """pg_dump or pg_restore is not installed here."""

    code = "NO_TOOL"


class CopyFailed(Refusal):
    """The tool or the database refused; nothing usable was written."""

    code = "COPY_FAILED"


class InUse(Refusal):
    """Something has the database open that is to be replaced."""

    code = "IN_USE"


def sqlite_path(url: str) -> Path:
    return Path(url.removeprefix("sqlite://").partition("?")[0])


def dump(url: str, target: Path) -> None:
    """Write a consistent copy of the database, while it is in use, into a file that only its owner may read."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.close(handle)
    if url.startswith("sqlite://"):
        with closing(sqlite3.connect(sqlite_path(url))) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            # A copy in WAL mode would be two files as soon as anybody looks at it.
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    run_tool("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load_sqlite(backup: Path, url: str) -> None:
    """Put a checked copy in the place of the database, in one step. IN_USE while a process has it open."""
    target = sqlite_path(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.restoring")
    try:
        shutil.copyfile(backup, aside)
        aside.chmod(0o600)
        with closing(sqlite3.connect(aside)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise CopyFailed("The backup is damaged: SQLite's integrity check fails. Take another one.")
        _must_be_idle(target)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _must_be_idle(target: Path) -> None:
    """Leaving WAL mode needs the file to oneself; it also empties the log, which must not outlive its database."""
    if not target.exists():
        return
    try:
        with closing(sqlite3.connect(target, timeout=1)) as connection:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError:
        mode = ("wal",)
    except sqlite3.DatabaseError:
        # A damaged file is what a restore is for.
        return
    if mode != ("delete",):
        raise InUse("The database is in use. Stop the server and every other command, then restore again.")


async def empty_postgres(url: str) -> None:
    """Drop everything that is in the database's public schema. Needs the role that owns the database."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '5s'")
            await connection.execute("DROP SCHEMA public CASCADE")
            await connection.execute("CREATE SCHEMA public")
    except asyncpg.LockNotAvailableError:
        raise InUse(
            "The database is in use. Stop the servers and every other command, then restore again."
        ) from None
    except asyncpg.InsufficientPrivilegeError:
        raise CopyFailed(
            "Only the role that owns the database restores. Name it in GUIBIN_DATABASE_URL."
        ) from None
    finally:
        await connection.close()


def load_postgres(backup: Path, url: str) -> None:
    """Load a dump into the database, whole or not at all. What was there must be gone already."""
    run_tool(
        "pg_restore",
        url,
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={_database(url)}",
        str(backup),
    )


def run_tool(name: str, url: str, *arguments: str) -> None:
    """Run a PostgreSQL tool. The password goes by the environment: arguments are seen by every user of the machine."""
    tool = shutil.which(name)
    if tool is None:
        raise NoTool(
            f"{name} is not on PATH. Install the PostgreSQL client of the server's version (Debian: postgresql-client)."
        )
    done = subprocess.run(
        [tool, *arguments], env=os.environ | _environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        # Its messages name tables and settings; a line that quotes a row (DETAIL, CONTEXT) is left out.
        lines = [
            line
            for line in done.stderr.splitlines()
            if line.startswith((name, "pg_")) and not line.startswith(("DETAIL", "CONTEXT"))
        ]
        raise CopyFailed(f"{name} failed: {' / '.join(lines[:3]) or 'no reason given'}")


def _environment(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    given = {
        "PGHOST": query.get("host") or parts.hostname,
        "PGPORT": query.get("port") or (str(parts.port) if parts.port else None),
        "PGUSER": query.get("user") or (unquote(parts.username) if parts.username else None),
        "PGPASSWORD": unquote(parts.password) if parts.password else None,
        "PGDATABASE": _database(url),
        "PGSSLMODE": query.get("sslmode"),
        "PGCONNECT_TIMEOUT": "10",
    }
    return {name: value for name, value in given.items() if value}


def _database(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/"))
