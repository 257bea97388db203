"""The import command on a bank's own files: looking at them, profiles, and a run as a system administrator does it."""

from tests.operations.cli import cli, ok
from tests.operations.test_commands import ADMIN, SECRET

PROFILE = """
file = "institutions"
names = ["机构*.csv"]
[columns]
code = "机构号"
name = "机构名称"
level = "级别"
parent_code = "上级机构号"
[constants]
kind = "BRANCH"
[values.level]
"一级分行" = "TIER1"
"""
TABLE = "某银行机构表\n机构号,机构名称,级别,上级机构号\n51,四川分行,一级分行,HQ\n合计,1\n"


def written(folder, profile=PROFILE + '[[skip]]\nbegins = "合计"\n'):
    (folder / "bank.toml").write_text(profile, encoding="utf-8")
    table = folder / "机构表.csv"
    table.write_bytes(TABLE.encode("gb18030"))
    return folder / "bank.toml", table


async def test_looking_at_files_needs_no_house(nowhere, tmp_path):
    _, table = written(tmp_path)
    (tmp_path / "empty.csv").write_bytes(b"")
    said = (await ok(nowhere, "import", "--look", tmp_path)).splitlines()
    empty, bank = said
    assert (
        empty == "empty.csv: The file is empty. Export it again, and begin it with its header. [EMPTY_FILE]"
    )
    assert bank.startswith(
        "机构表.csv: gb18030, header in row 2, 4 column(s), 1 row(s). The last 1 row(s) look like"
    )
    assert bank.endswith(
        "1 row(s) above the header were left out. Columns: 机构号, 机构名称, 级别, 上级机构号."
    )
    assert await ok(nowhere, "import", "--look", table) == bank + "\n"


async def test_a_wrong_profile_and_an_idle_one_are_wrong_use(nowhere, tmp_path):
    profile, table = written(tmp_path, PROFILE.replace('一级分行" = "TIER1', '一级分行" = "一级'))
    done = await cli(nowhere, "import", table, "--profile", profile, "--as", "A1")
    assert (done.code, done.err.strip()) == (
        2,
        "bank.toml, line 12: level has no word 一级. Use one of HEAD_OFFICE, TIER1, TIER2, SUB_BRANCH, OUTLET.",
    )
    profile, table = written(tmp_path, PROFILE.replace("机构*", "网点*"))
    done = await cli(nowhere, "import", table, "--profile", profile, "--as", "A1")
    assert (done.code, done.err.strip()) == (
        2,
        "No file fits the profile bank. Correct its names, or leave it out.",
    )


async def test_a_profiled_file_is_imported_and_told(empty, tmp_path):
    await ok(empty, "migrate")
    await ok(empty, "create-admin", *ADMIN, "sys_admin", stdin=SECRET)
    profile, table = written(tmp_path)
    said = await ok(empty, "import", table, "--profile", profile, "--as", "A1")
    assert "机构表.csv: It was read with the profile bank." in said
    assert "1 row(s) were skipped, as the profile says: the first cell begins with 合计." in said
    assert said.endswith("1 file(s) imported, no faults.\n")
    profile, table = written(tmp_path, PROFILE)
    done = await cli(empty, "import", table, "--profile", profile, "--as", "A1")
    assert done.code == 1
    assert (
        "机构表.csv, row 4: The row is a total, not a record: it has 2 cells, the header has 4." in done.out
    )
