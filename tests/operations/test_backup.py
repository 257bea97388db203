"""Backup and restore: all of the house comes back, without its keys, and only for who holds them."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from api.keys import new_keys
from api.manifest import Manifest
from models.customers import Customer
from models.database import database
from models.people import Session
from models.trail import AccessRecord
from models.vault import vault
from tests.api.house import KEYS
from tests.digest import changed, digest
from tests.operations.cli import cli, ok, refused

IMPORTER, POLICY = "D000001", "S100013"
OTHER_KEYS = json.dumps(new_keys())


@pytest.fixture(autouse=True)
def tools() -> None:
    """pg_dump where Debian keeps it, when it is not on PATH; the command itself looks on PATH only."""
    if shutil.which("pg_dump") is None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
        if found:
            os.environ["PATH"] += f"{os.pathsep}{found[-1].parent}"


@pytest.fixture
async def copy(demo: str, tmp_path: Path) -> Path:
    """A backup of the demo bank."""
    target = tmp_path / "backups" / "bank.backup"
    said = await ok(demo, "backup", target, "--as", IMPORTER)
    assert "Keep the keys elsewhere" in said
    return target


async def test_everything_comes_back(
    demo: str, empty: str, copy: Path, request: pytest.FixtureRequest
) -> None:
    if demo.partition(":")[0] != empty.partition(":")[0]:
        await refused(empty, "OTHER_DATABASE", "restore", copy, "--as", IMPORTER)
        return
    async with database(demo):
        await Session.create(
            token_hash="x" * 64,
            staff_id=(await AccessRecord.filter(operation="backup").get()).staff_id,
            created_at="2026-01-01T00:00:00Z",
            last_seen_at="2026-01-01T00:00:00Z",
            expires_at="2099-01-01T00:00:00Z",
        )
    again = copy.with_name("second.backup")
    await ok(demo, "backup", again, "--as", IMPORTER)
    async with database(demo):
        before = await digest()
    assert "Everybody signs in anew" in await ok(empty, "restore", again, "--as", IMPORTER)
    async with database(empty):
        assert changed(before, await digest()) == {"access_record": 1}
        assert await Session.filter(ended_at__isnull=True).count() == 0
        assert await AccessRecord.filter(operation="restore", staff_id__isnull=False).count() == 1
    assert "Nothing to do" in await ok(empty, "migrate")
    await ok(empty, "screen", "--as-of", "2026-10-31", "--standard", "MEASURES", "--as", POLICY)
    # A copy of the copy is as good.
    third = copy.with_name("third.backup")
    await ok(empty, "backup", third, "--as", IMPORTER)
    await ok(demo, "restore", third, "--force", "--as", IMPORTER)
    async with database(demo):
        assert changed(before, await digest()).keys() <= {
            "access_record",
            "evaluation",
            "screening",
            "screening_rate",
        }


async def test_neither_file_holds_a_key_or_a_sealed_value(demo: str, copy: Path) -> None:
    async with database(demo):
        rows = await Customer.all().limit(50)
        secrets = [
            vault().open("customer", "identity_cipher", row.id, bytes(row.identity_cipher)) for row in rows
        ]
        secrets += [
            vault().open("customer", "mobile_cipher", row.id, bytes(row.mobile_cipher))
            for row in rows
            if row.mobile_cipher
        ]
    if demo.startswith("sqlite"):
        text = copy.read_bytes()
    else:
        # The custom format is compressed: what it holds is what pg_restore writes.
        tool = await asyncio.create_subprocess_exec(
            "pg_restore", "--file=-", copy, stdout=asyncio.subprocess.PIPE
        )
        text, _ = await tool.communicate()
    text += Manifest.path_of(copy).read_bytes()
    assert len(secrets) > 50
    assert [secret for secret in secrets if secret.encode() in text] == []
    keys = json.loads(KEYS)
    for key in (*keys["encryption"].values(), keys["index"]):
        assert key.encode() not in text
        assert base64.b64decode(key) not in text
        assert base64.b64decode(key).hex().encode() not in text
    assert copy.stat().st_mode & 0o777 == 0o600


async def test_other_keys_open_nothing_and_touch_nothing(demo: str, copy: Path) -> None:
    async with database(demo):
        before = await digest()
    for keys in (OTHER_KEYS, json.dumps(json.loads(KEYS) | {"index": json.loads(OTHER_KEYS)["index"]})):
        await refused(demo, "WRONG_KEYS", "restore", copy, "--force", "--as", IMPORTER, GUIBIN_KEYS=keys)
    done = await cli(
        demo, "restore", copy, "--force", "--as", IMPORTER, GUIBIN_KEYS="", GUIBIN_KEYS_FILE="none"
    )
    assert (done.code, "needs the keys" in done.err) == (2, True)
    async with database(demo):
        assert changed(before, await digest()) == {}


async def test_a_house_in_which_people_work_is_not_replaced_by_mistake(demo: str, copy: Path) -> None:
    async with database(demo):
        before = await digest()
    await refused(demo, "NOT_EMPTY", "restore", copy, "--as", IMPORTER)
    async with database(demo):
        assert changed(before, await digest()) == {}


@pytest.mark.parametrize("what", ["a byte", "its end", "the manifest", "its digest", "no manifest"])
async def test_what_was_changed_is_not_restored(demo: str, copy: Path, what: str) -> None:
    manifest = Manifest.path_of(copy)
    text = json.loads(manifest.read_text(encoding="utf-8"))
    content = bytearray(copy.read_bytes())
    if what == "a byte":
        content[len(content) // 2] ^= 1
    elif what == "its end":
        del content[-100:]
    elif what == "the manifest":
        text["made_by"] = "S100001"
    elif what == "its digest":
        content[-1] ^= 1
        text["sha256"] = "0" * 64
    copy.write_bytes(content)
    manifest.write_text(json.dumps(text), encoding="utf-8")
    if what == "no manifest":
        manifest.unlink()
    code = "WRONG_KEYS" if what in ("the manifest", "its digest") else "BAD_BACKUP"
    await refused(demo, code, "restore", copy, "--force", "--as", IMPORTER)


async def test_only_the_system_administrator_copies_the_house(demo: str, tmp_path: Path) -> None:
    await refused(demo, "FORBIDDEN", "backup", tmp_path / "x", "--as", POLICY)
    assert list(tmp_path.glob("*x*")) == []


async def test_no_backup_is_overwritten(demo: str, copy: Path) -> None:
    before = copy.read_bytes()
    done = await cli(demo, "backup", copy, "--as", IMPORTER)
    assert (done.code, "exists" in done.err) == (2, True)
    assert copy.read_bytes() == before


async def test_a_house_that_is_open_is_not_replaced(demo: str, copy: Path) -> None:
    async with database(demo) as context:
        await Customer.all().count()
        if demo.startswith("sqlite"):
            await refused(demo, "IN_USE", "restore", copy, "--force", "--as", IMPORTER)
            return
        connection = context.db()
        async with connection._in_transaction() as transaction:
            await transaction.execute_query("SELECT COUNT(*) FROM customer")
            await refused(demo, "IN_USE", "restore", copy, "--force", "--as", IMPORTER)


async def test_without_pg_dump_it_says_what_to_install(demo: str, tmp_path: Path, monkeypatch) -> None:
    if demo.startswith("sqlite"):
        pytest.skip("SQLite needs no tool")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "postgresql-client" in await refused(demo, "NO_TOOL", "backup", tmp_path / "x", "--as", IMPORTER)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_sqlite_is_one_file(demo_file: Path, tmp_path: Path) -> None:
    from api.copies import dump

    target = tmp_path / "one.file"
    dump(f"sqlite://{demo_file}", target)
    assert list(tmp_path.iterdir()) == [target]
    with sqlite3.connect(target) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
