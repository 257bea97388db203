"""Each person of the Czech bank sees exactly what he may, over HTTP: a sample here, everybody in `accept`."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.pkdd99 import expected as expected_answers
from tests.pkdd99 import handed_in, table
from tests.pkdd99.filing import file_all
from tests.pkdd99.ids import Ids
from tests.pkdd99.reading import Reading, Scope, told_by_the_trail
from tests.pkdd99.serving import come_and_go, served
from tests.pkdd99.visitors import Visitor, values_in
from tests.pkdd99.whole import clients_by_district, due_cells, heads, managers, of_these, officers

pytestmark = pytest.mark.shared
FILED = ("D007", "D013")
LOOKED_AT = "D013"
"""A small district, so that its head and managers can be looked at whole."""
SAMPLE = {
    "sqlite": ("D013K", "D013B", "D013R", "D013T", "T02B", "T02E", "T02P", "HQN", "HQP", "HQF", "HQS"),
    "postgres": ("D013R", "T02B", "HQN", "HQP", "HQF"),
}
TOTAL = "{ customers(first: 1) { totalCount } }"


@pytest.mark.parametrize("module", [expected_answers, handed_in, table])
def test_what_is_due_is_not_taken_from_what_it_checks(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    own = {"tests.pkdd99", "tests.pkdd99.handed_in", "tests.pkdd99.oracle", "tests.pkdd99.table"}
    assert {name.partition(".")[0] for name in names - own} <= sys.stdlib_module_names


async def test_every_cell_that_is_due_and_no_other(czech, http, expected, raw):
    assert await file_all(http, expected, await Ids.read(), FILED) == 11
    reading = Reading(http, expected, await Ids.read())
    for staff in (f"{LOOKED_AT}H", f"{LOOKED_AT}M1", f"{LOOKED_AT}M2"):
        await reading.look(staff, Scope(foreign=10))
    due = due_cells(raw, heads([LOOKED_AT]), managers([LOOKED_AT]))
    assert reading.listed == due
    assert reading.by_id == due
    for staff in SAMPLE[czech.partition(":")[0]]:
        await reading.look(staff, Scope(listed=20, by_id=6, foreign=6))
    assert set(of_these(reading.listed, "officer", "recorder")) >= {
        ("officer", "his subtree's", "assets", True, "WITHHELD", "AGGREGATES_ONLY"),
        ("recorder", "his subtree's", "assets", True, "WITHHELD", "BASIS_REQUIRED"),
    }
    # No error text, of hundreds of refusals, holds a value of any customer of the bank.
    codes = ["NOT_FOUND", "FILTER_NOT_ALLOWED", "BAD_CURSOR"]
    assert values_in(reading.errors, codes) == codes
    assert values_in(reading.errors, expected.secrets()) == []
    assert await told_by_the_trail(expected) == set()


async def test_the_districts_add_up_to_the_whole(http, expected, raw):
    async def total(staff: str) -> int:
        visitor = await Visitor.enter(http, staff)
        return int((await visitor.ask(TOTAL))["customers"]["totalCount"])

    counts = clients_by_district(raw)
    found = {staff[:4]: await total(staff) for staff in heads(expected.files.districts)}
    assert found == counts
    assert await total("HQN") == sum(counts.values()) == 5369
    assert sum([await total(staff) for staff in officers()]) == 5369


async def test_a_real_server_with_passwords(czech, keys, expected):
    people = ["D013H", "D013M1", "T02B", "HQP"] if czech.startswith("sqlite") else ["D013M2", "HQN"]
    async with served(czech, keys, workers=1 if czech.startswith("sqlite") else 2) as address:
        assert await come_and_go(address, expected, people, Scope(listed=10, by_id=3, foreign=3)) > 40
