"""A cell has the same visibility and the same value by every path (authorization.md, 4), the open filing excepted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import get_named_type

from authz import DataClass, Policy
from desk.desk import Desk
from desk.gate.ladders import Ladder
from desk.gate.levels import Level
from desk.gate.plans import PROGRAMS
from schema import schema
from schema.context import Context
from schema.scalars import global_id
from tests.conftest import NOW
from tests.schema.documents import PURPOSE, arguments, selection
from tests.schema.walking import root, table_of
from tests.schema.whole import Whole

DEPTH = 4
ACTORS = ("lin", "luo", "han", "gao", "wu", "officer", "tang", "nobody")
Cell = tuple[str, str, str]
"""Type, id, field."""


async def asked(desk: Desk, document: str, **variables: Any) -> dict[str, Any]:
    answer = await schema.execute(document, variable_values=variables, context_value=Context(desk))
    unforeseen = [error for error in answer.errors or () if not getattr(error.original_error, "code", "")]
    assert not unforeseen, unforeseen
    return answer.data or {}


def cells(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Cell, str, tuple[str, ...]]]:
    """Every cell of every row in an answer, with the path on which it was met."""
    if isinstance(value, list):
        for one in value:
            yield from cells(one, path)
    if not isinstance(value, dict):
        return
    if "id" in value:
        for name, shown in value.items():
            if not name.startswith("__"):
                yield (value["__typename"], value["id"], name), shallow(shown), path
    for name, below in value.items():
        yield from cells(below, (*path, name))


def shallow(value: Any) -> str:
    """A cell as a text: a section with all that is its own, a related row by its id, a list by all of these."""

    def plain(one: Any) -> Any:
        if isinstance(one, list):
            return [plain(item) for item in one]
        if isinstance(one, dict):
            if "id" in one:
                return one["id"]
            # A cursor is of its own list, and a page's rows are cells of their own.
            return {name: plain(item) for name, item in one.items() if not name.endswith("ursor")}
        return one

    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True)


class Seen:
    """The first answer for each cell, and the paths that gave another one."""

    def __init__(self) -> None:
        self.first: dict[Cell, tuple[str, tuple[str, ...]]] = {}
        self.paths: dict[str, set[tuple[str, ...]]] = {}
        self.compared = 0

    def add(self, data: Any) -> None:
        for cell, shown, path in cells(data):
            self.paths.setdefault(cell[0], set()).add(path)
            if cell not in self.first:
                self.first[cell] = (shown, path)
                continue
            known, where = self.first[cell]
            self.compared += 1
            assert shown == known, f"{cell}\nby {'.'.join(where)}: {known}\nby {'.'.join(path)}: {shown}"


@pytest.mark.parametrize("actor", ACTORS)
async def test_every_path_shows_the_same(actor: str, whole: Whole, policy: Policy) -> None:
    """From every root field, all that hangs below it, four rows deep; without a purpose and with one."""
    desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
    for purpose in (False, True):
        seen = Seen()
        for name, field in root("Query").items():
            if name == "accessRecords":
                continue
            named = get_named_type(field.type)
            if "id" not in field.args:
                below = selection(named, DEPTH, purpose=purpose)
                seen.add(await asked(desk, f"{{ {name}{arguments(field, {}, False)} {below} }}"))
            elif table_of(named):
                await _by_id(desk, whole, seen, name, field, purpose)
        assert seen.compared > (1000 if actor != "nobody" else 100)
        if actor in {"lin", "officer"}:
            assert len(seen.paths["Customer"]) >= 30, seen.paths["Customer"]


async def _by_id(desk: Desk, whole: Whole, seen: Seen, name: str, field: Any, purpose: bool) -> None:
    """By its own root field, and as a node."""
    kind = get_named_type(field.type)
    below = selection(kind, DEPTH - 1, purpose=purpose)
    for document in (
        f"query ($id: ID!) {{ {name}(id: $id) {below} }}",
        f"query ($id: ID!) {{ node(id: $id) {{ __typename ... on {kind.name} {below} }} }}",
    ):
        for row in whole.ids[table_of(kind)].values():
            seen.add(await asked(desk, document, id=global_id(table_of(kind), row)))


NODE = get_named_type(root("Query")["customer"].type)
CELLS = selection(NODE, 2, purpose=True)
FORMS = {
    "nodes": f"{{ customers(first: 9) {{ nodes {CELLS} }} }}",
    "edges": f"{{ customers(first: 9) {{ edges {{ node {CELLS} }} }} }}",
    "both": f"{{ customers(first: 9) {{ edges {{ node {CELLS} }} nodes {CELLS} }} }}",
    "last": f"{{ customers(last: 9) {{ nodes {CELLS} }} }}",
    "two aliases": f"{{ a: customers(first: 9) {{ nodes {CELLS} }} b: customers(first: 1) {{ nodes {CELLS} }} }}",
    "fragment": f"{{ customers(first: 9) {{ ...page }} }} fragment page on CustomerConnection {{ nodes {{ ...cells }} }} "
    f"fragment cells on Customer {CELLS}",
    "fragment on the interface": f"{{ customers(first: 9) {{ nodes {{ ... on Node {{ __typename id }} ...cells }} }} }} "
    f"fragment cells on Customer {CELLS}",
    "inline without a type": f"{{ customers(first: 9) {{ nodes {{ ... {CELLS} }} }} }}",
    "included": f"{{ customers(first: 9) @include(if: true) {{ nodes {{ ... @skip(if: false) {CELLS} }} }} }}",
    "in two parts": f"{{ customers(first: 9) {{ nodes {{ __typename id name(purpose: {PURPOSE}) {{ value }} }} "
    f"nodes {CELLS} }} }}",
    "purpose of the list": f"{{ customers(first: 9, purpose: {PURPOSE}) "
    f"{{ nodes {selection(NODE, 2, purpose=False)} }} }}",
    "filtered": f'{{ customers(first: 9, where: {{number: {{in: ["C000001", "C000002", "C000003"]}}}}) {{ nodes {CELLS} }} }}',
    "ordered": f"{{ customers(first: 9, orderBy: [OPENED_ON_DESC]) {{ nodes {CELLS} }} }}",
    "through his manager's branch": f"{{ memberships(first: 9) {{ nodes {{ customer {CELLS} }} }} }}",
    "there and back": "{ customers(first: 9) { nodes { membership { customer { archive { customer "
    f"{CELLS} }} }} }} }} }} }}",
}


@pytest.mark.parametrize("actor", ["lin", "gao", "officer"])
async def test_every_form_of_asking_shows_the_same(actor: str, whole: Whole, policy: Policy) -> None:
    desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
    seen = Seen()
    for form, document in FORMS.items():
        before = seen.compared
        seen.add(await asked(desk, document))
        if form != "nodes":
            assert seen.compared > before, form


async def test_an_open_filing_shows_its_recorder_the_evidence_and_no_other_path_does(
    whole: Whole, policy: Policy
) -> None:
    """The one path that is a permission (decisions.md 1): it opens below this filing and nowhere else."""
    desk = await Desk.take(policy, whole.cast.staff["bai"].id, NOW)
    cells = f"{{ id name {{ visibility value }} assets(purpose: {PURPOSE}) {{ visibility }} }}"
    evaluation = f"evaluation {{ figures {{ visibility }} customer {cells} }}"
    membership = f"membership {{ customer {cells} }}"
    data = await asked(
        desk,
        f"{{ filings(first: 9) {{ nodes {{ id state customer {cells} {evaluation} {membership} }} }}"
        f" customers(first: 9) {{ nodes {cells} }} memberships(first: 9) {{ nodes {{ customer {cells} }} }}"
        f" evaluations(first: 9) {{ nodes {{ customer {cells} }} }} }}",
    )
    qian = global_id("customer", whole.cast.customers["qian"].id)
    shown: dict[str, set[str]] = {}
    for filing in data["filings"]["nodes"]:
        for row in (filing["customer"], filing["evaluation"]["customer"], filing["membership"]["customer"]):
            shown.setdefault(filing["state"], set()).add(row["name"]["visibility"])
            assert (filing["state"] == "SUBMITTED") <= (row["id"] == qian)
        assert filing["evaluation"]["figures"]["visibility"] == (
            "VISIBLE" if filing["state"] == "SUBMITTED" else "WITHHELD"
        )
    assert shown == {"SUBMITTED": {"VISIBLE"}, "RECORDED": {"WITHHELD"}, "RETURNED": {"WITHHELD"}}
    elsewhere = [
        *data["customers"]["nodes"],
        *(node["customer"] for node in data["memberships"]["nodes"] + data["evaluations"]["nodes"]),
    ]
    assert {row["name"]["visibility"] for row in elsewhere} == {"WITHHELD"}
    assert {row["assets"]["visibility"] for row in elsewhere} == {"WITHHELD"}
    assert qian in {row["id"] for row in elsewhere}


async def test_a_path_that_shows_more_is_found(
    whole: Whole, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the tests above might compare nothing."""
    real = Level.ladder

    def wrong(me: Level, data_class: DataClass, purposeful: bool) -> Ladder:
        return real(me, data_class, purposeful or me.relation is not None)

    monkeypatch.setattr(Level, "ladder", wrong)
    PROGRAMS.clear()
    with pytest.raises(AssertionError, match=r"by .*\n *by "):
        await test_every_path_shows_the_same("lin", whole, policy)
    PROGRAMS.clear()
