"""A real registry of 2,322 institutions, from CSV and from .xlsx: one tree, parents by id, and nothing guessed."""

import collections
import csv
import gzip
import io
import shutil

import pytest

from authz import Role
from desk.desk import Desk, adopt
from desk.imports.loading import run_import
from desk.imports.profiles import read_profile
from desk.people.founding import create_admin
from models.institutions import House, Institution, Placement
from tests.conftest import NOW
from tests.desk.imports.runs import codes, imported
from tests.digest import changed, digest
from tests.shared_data import ROOT, shared

pytestmark = pytest.mark.shared

REGISTRY = "ningbo_fi_registry_20200904"
HQ = ("C1010511003703", "中国建设银行股份有限公司")
LEVELS = ("HEAD_OFFICE", "TIER1", "TIER2", "SUB_BRANCH", "OUTLET")


@pytest.fixture
def files(tmp_path):
    """The registry in both forms."""
    folder = shared("data/branches")
    text = tmp_path / f"{REGISTRY}.csv"
    text.write_bytes(gzip.decompress((folder / f"{REGISTRY}.csv.gz").read_bytes()))
    book = tmp_path / f"{REGISTRY}.xlsx"
    shutil.copy(folder / f"{REGISTRY}.xlsx", book)
    return {"csv": text, "xlsx": book}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def ccb():
    return read_profile(ROOT / "examples" / "profiles" / "ningbo_registry.toml")


@pytest.fixture
async def empty(db, policy):
    """An empty house, founded by its administrator alone: a desk for a head office of any code."""

    async def found(code=HQ[0], name=HQ[1]):
        await adopt(policy)
        staff = await create_admin(
            number="A001",
            name="施明",
            identity_kind="RESIDENT_ID",
            identity_number="11010519491231002X",
            role=Role.SYS_ADMIN,
            password="correct horse 42",
            now=NOW,
            head_office_code=code,
            head_office_name=name,
        )
        return await Desk.take(policy, staff.id, NOW)

    return found


async def tree():
    """Every institution by code, with its parent's code and the codes above it; no ids, so that trees compare."""
    places = await Institution.all()
    by_id = {place.id: place for place in places}
    by_number = {str(place.number): place.code for place in places}
    return {
        place.code: (
            place.name,
            place.level,
            place.kind,
            by_id[place.parent_id].code if place.parent_id else None,
            tuple(by_number[number] for number in place.path.strip("/").split("/")),
            place.number,
            place.admin_code,
        )
        for place in places
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_banks_part_becomes_the_tree_that_was_derived_by_others(empty, files, ccb, form):
    admin = await empty()
    epoch = (await House.get()).tree_epoch
    report = await imported(admin, files[form], profiles=[ccb])
    assert (report.files[0].rows_read, report.files[0].new) == (141, 141)
    assert (await House.get()).tree_epoch > epoch
    found = await tree()
    due = rows_of(shared("data/branches/ccb_ningbo_tree.csv"))
    assert len(due) == len(found) == 142
    ours = {"0": "HEAD_OFFICE", "1": "TIER1", "2": "SUB_BRANCH", "3": "OUTLET"}
    for row in due:
        name, level, _, parent, _, _, admin_code = found[row["org_id"]]
        assert (name, level, parent or "") == (row["org_name"], ours[row["level"]], row["parent_org_id"])
        assert (admin_code or "") == row["district_code"]
    assert await Placement.all().count() == 142


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_what_is_odd_is_told_and_kept(empty, files, ccb, form):
    report = await imported(await empty(), files[form], profiles=[ccb])
    kept = [row for row in rows_of(files["csv"]) if row["level_3_value"] == HQ[1]]
    abolished = collections.Counter(row["district_code"] for row in kept)
    said = [remark for remark in report.files[0].remarks if remark.startswith("district_code")]
    # 江东 (330204) and 奉化 as a city (330283) ended in 2016; 330201 was never a place.
    assert [(line.split()[1], line.split(", ")[1]) for line in said] == [
        (code, f"{abolished[code]} in all) is no division in force on 2023-06-30: abolished since")
        for code in ("330204", "330283")
    ]
    assert all(line.endswith("or mistyped. It was kept as it is.") for line in said)


async def test_a_missing_head_office_is_reported_and_not_guessed_by_its_name(empty, files, ccb):
    admin = await empty("OTHER", HQ[1])
    before = await digest()
    report = await run_import(admin, [files["csv"]], profiles=[ccb])
    row = 2 + next(place for place, row in enumerate(rows_of(files["csv"])) if row["id"] == "C1010533000018")
    assert codes(report) == [(files["csv"].name, row, "parent_org_id", "UNKNOWN_REFERENCE")]
    (trouble,) = report.files[0].troubles
    assert trouble.message == "The institution above it is neither in this file nor in the system."
    assert (
        trouble.remedy == "Add a row for it, or correct the code. It is found by its code, never by its name."
    )
    assert set(changed(before, await digest())) == {"import_run", "import_file", "access_record"}


async def test_twice_and_in_the_other_form_nothing_changes(empty, files, ccb):
    admin = await empty()
    await imported(admin, files["csv"], profiles=[ccb])
    before = await tree()
    report = await imported(admin, files["xlsx"], profiles=[ccb])
    assert (report.files[0].new, report.files[0].unchanged, report.files[0].corrected) == (0, 141, 0)
    report = await imported(admin, files["csv"], profiles=[ccb])
    assert report.files[0].state == "UNCHANGED"
    assert await tree() == before


def whole(rows, folder):
    """A profile that hangs every bank of the registry under one head office, and a file of the 42 banks above them.

    So every bank stands a level lower than in its own house, and two institutions would stand under outlets.
    """
    parents = {row["id"]: row["parent_org_id"] for row in rows}
    absent = sorted({parent for parent in parents.values() if parent and parent not in parents})

    def depth(code):
        return 1 if code in absent or not parents[code] else depth(parents[code]) + 1

    levels = {"": LEVELS[1]} | {
        parent: LEVELS[min(depth(parent) + 1, 4)] for parent in set(parents.values()) if parent
    }
    lines = [
        'file = "institutions"',
        'names = ["*registry*"]',
        "[columns]",
        'code = "id"\nname = "org_name"\nparent_code = "parent_org_id"\nlevel = "parent_org_id"\nadmin_code = "district_code"',
        '[constants]\nkind = "BRANCH"',
        '[values.parent_code]\n"" = "ALL"',
        "[values.level]",
        *(f'"{parent}" = "{level}"' for parent, level in levels.items()),
    ]
    deep = [row["id"] for row in rows if depth(row["id"]) > 4]
    lines += [f'[[skip]]\nheader = "id"\nis = "{code}"' for code in deep]
    path = folder / "whole.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    above = folder / "institutions_0.csv"
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["code", "name", "level", "kind", "parent_code"])
    names = {row["parent_org_id"]: row["parent_org_name"] for row in rows}
    writer.writerows([code, names[code], LEVELS[1], "BRANCH", "ALL"] for code in absent)
    above.write_text(out.getvalue(), encoding="utf-8")
    return read_profile(path), above, absent, deep


@pytest.mark.parametrize(("form", "other"), [("csv", "xlsx"), ("xlsx", "csv")])
async def test_the_whole_registry_is_one_tree_from_either_form(empty, files, form, other, tmp_path):
    admin = await empty("ALL", "全部")
    rows = rows_of(files["csv"])
    profile, above, absent, deep = whole(rows, tmp_path)
    assert len(deep) == 2
    report = await run_import(admin, [files[form]], profiles=[profile])
    assert {trouble.code for trouble in report.files[0].troubles} == {"UNKNOWN_REFERENCE"}
    # 42 institutions name a parent that is not there. What stands under them is not complained of again.
    assert report.files[0].errors == len(absent) == 42
    report = await imported(admin, above, files[form], profiles=[profile])
    assert (len(rows), report.files[1].new) == (2322, 2320)
    found = await tree()
    assert len(found) == 2320 + 42 + 1
    for row in (row for row in rows if row["id"] not in deep):
        name, _, _, parent, line, _, admin_code = found[row["id"]]
        assert (name, parent) == (row["org_name"].strip(), row["parent_org_id"] or "ALL")
        assert line[-2:] == (parent, row["id"])
        assert admin_code == row["district_code"]
    # The other form changes nothing: it is the same tree, and not only as far as is asserted above.
    again = (await imported(admin, files[other], profiles=[profile])).files[0]
    assert (again.new, again.unchanged, again.corrected) == (0, 2320, 0)
    assert await tree() == found


async def test_full_width_digits_and_padding_are_put_right_and_told(empty, files, ccb, tmp_path):
    text = files["csv"].read_text(encoding="utf-8-sig")
    odd = tmp_path / f"odd_{REGISTRY}.csv"
    wide = text.replace("C1010533001681,", "Ｃ１０１０５３３００１６８１ ,", 1).replace(
        "\nC1010533001693,", "\n\u3000C1010533001693,", 1
    )
    assert wide != text
    odd.write_text(wide, encoding="utf-8")
    report = await imported(await empty(), odd, profiles=[ccb])
    normalised = report.files[0].normalised
    assert normalised["code", "full-width characters made half-width"] == 1
    assert normalised["code", "padding removed"] == 2
    assert "column id: padding removed in 2 cell(s)." in report.as_text()
    assert {"C1010533001681", "C1010533001693"} <= set(await Institution.all().values_list("code", flat=True))
