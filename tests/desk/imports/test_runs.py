"""Import runs and the tree: a run whose process died says so, one at work is left alone, and the tree stands still."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from desk.imports.divisions import is_in_force
from desk.imports.runs import at_work
from models.imports import ImportRun
from models.institutions import Institution
from tests.conftest import NOW
from tests.desk.imports.runs import imported
from tests.desk.imports.town import TOWN, only
from tests.digest import changed, digest


@pytest.fixture
async def left(admin):
    """What a killed import leaves: its run, still RUNNING."""
    return await ImportRun.create(id=uuid4(), started_by_id=admin.staff_id, started_at=NOW, state="RUNNING")


@pytest.mark.parametrize("dry_run", [False, True])
async def test_a_run_that_died_is_interrupted_when_the_next_begins(admin, left, tmp_path, dry_run):
    await imported(admin, only(tmp_path, "holidays", TOWN["holidays"]), dry_run=dry_run)
    await left.refresh_from_db()
    assert (left.state, left.finished_at) == ("INTERRUPTED", admin.now)
    assert await ImportRun.filter(state="DONE").count() == (0 if dry_run else 1)


async def test_a_run_at_work_is_left_alone(admin, left, tmp_path):
    async with at_work(NOW):
        # The first to begin has found it dead; from here on it stands for one at work.
        await ImportRun.filter(id=left.id).update(state="RUNNING", finished_at=None)
        before = await digest()
        async with at_work(NOW):
            assert changed(before, await digest()) == {}
        await imported(admin, only(tmp_path, "holidays", TOWN["holidays"]))
        await left.refresh_from_db()
        assert (left.state, left.finished_at) == ("RUNNING", None)
    async with at_work(NOW):
        await left.refresh_from_db()
        assert left.state == "INTERRUPTED"


@pytest.mark.parametrize("kind", ["institutions", "customers"])
async def test_the_tree_stands_still_while_paths_are_written(admin, db, town, tmp_path, kind):
    if not db.startswith("postgres"):
        pytest.skip("SQLite has one writer, who has everything for himself")
    text = TOWN[kind].replace("昆明分行", "昆明市分行").replace("李雷", "李磊")
    mover = await asyncpg.connect(db)
    try:
        moving = mover.transaction()
        await moving.start()
        await mover.execute("UPDATE house SET tree_epoch = tree_epoch + 1")
        importing = asyncio.create_task(imported(admin, only(tmp_path / "again", kind, text)))
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        for _ in range(20_000):
            if importing.done() or await mover.fetchval(waiting):
                break
        assert not importing.done()
        assert await mover.fetchval(waiting) == 1
        await moving.rollback()
        report = await importing
    finally:
        await mover.close()
    assert report.files[0].corrected == 1


async def test_a_code_that_is_no_division_is_told_and_kept(admin, tmp_path):
    text = "code,name,level,kind,parent_code,admin_code\nYN,云南省分行,TIER1,BRANCH,HQ,330283\nYX,玉溪分行,TIER2,BRANCH,YN,330283\n"
    report = await imported(admin, only(tmp_path, "institutions", text))
    (remark,) = report.files[0].remarks
    assert remark.startswith(
        "admin_code 330283 (row 2, 2 in all) is no division in force on 2023-06-30: abolished"
    )
    assert remark.endswith("It was kept as it is.")
    assert (await Institution.get(code="YX")).admin_code == "330283"


@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("330000", True),
        ("330200", True),
        ("330213", True),
        ("330283", False),
        ("330204", False),
        ("331400", False),
        ("990000", False),
        ("810000", True),
        ("441900", True),
        ("110101", True),
    ],
)
def test_divisions_in_force(code, due):
    assert is_in_force(code) is due
