"""A cell has the same visibility and the same value by every path (authorization.md, 4), the open filing excepted."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
import strawberry.schema.schema as executing
from graphql import get_named_type

from authz import DataClass, Policy
from desk.desk import Desk, adopt
from desk.gate.ladders import Ladder
from desk.gate.levels import Level
from desk.gate.plans import PROGRAMS
from models.database import database
from schema.scalars import global_id
from tests import cast
from tests.conftest import NOW, need
from tests.databases import Postgres
from tests.schema.chains import chains, document, edges, sampled, width
from tests.schema.documents import PURPOSE, arguments, selection
from tests.schema.met import Seen, Walk, asked
from tests.schema.walking import root, table_of
from tests.schema.whole import Whole, build

BUSH, ALL_OF, ROWS, DEEPEST = 3, 4, 6, 8
"""Rows in a line: of documents that ask for every relation at once; of chains that are all walked, of those that are
sampled, and of the longest."""
CHAINS = int(os.environ.get("PATH_CHAINS", "0"))
"""Chains of ROWS rows to walk at least, beside the sample. There are some 45,000."""
ACTORS = ("lin", "luo", "han", "gao", "wu", "bai", "deng", "officer", "tang", "nobody")


@pytest.fixture(scope="module")
def unvalidated() -> Iterator[None]:
    """Validation sees no data, and takes most of the time; `walk` samples it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executing, "validate_document", lambda *_: [])
        yield


@pytest.fixture
async def on_postgres(postgres: Postgres | None, policy: Policy) -> AsyncGenerator[Whole]:
    """The whole bank, open on PostgreSQL."""
    server = need(postgres)
    name = await server.create()
    try:
        async with database(server.url(name)):
            await adopt(policy)
            yield await build(await cast.build(NOW))
    finally:
        await server.drop(name)


async def test_every_chain_shows_the_same(
    whole: Whole, policy: Policy, unvalidated: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """All chains of four rows, each gone on with to six; every relation stands at the fifth or sixth, if it can."""
    walked = sampled(ALL_OF, ROWS, seed=1)
    everything = chains(ROWS)
    walked += random.Random(2).sample(everything, min(CHAINS, len(everything)))
    all_walk = await Walk.of(policy, whole, *ACTORS)
    await all_walk.walk(walked)
    late = edges(walked, ALL_OF)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{len(walked)} chains walked of {len(everything):,} of {ROWS} rows (all {len(chains(ALL_OF))} of"
            f" {ALL_OF}; {len(late)} of {len(edges(walked))} relations at row {ALL_OF + 1} or later),"
            f" {all_walk.documents:,} documents of {len(ACTORS)} actors,"
            f" {all_walk.compared:,} cells met again, 0 with another visibility"
        )
    assert edges(walked) == edges(everything)
    assert late == edges(everything, ALL_OF)
    assert len(all_walk.seen["lin", True].paths["Customer"]) >= 30
    for (actor, purpose), one in all_walk.seen.items():
        if (actor, purpose) != ("lin", False):
            assert one.compared > (200 if actor != "nobody" else 50), actor
    assert all_walk.seen["lin", True].compared > 20_000


@pytest.mark.postgres
async def test_chains_show_the_same_on_postgres(
    on_postgres: Whole, policy: Policy, unvalidated: None
) -> None:
    """A sample: every relation once, at whatever depth."""
    sample = await Walk.of(policy, on_postgres, "lin", "officer")
    await sample.walk(sampled(2, ROWS, seed=3))
    assert sample.compared > 1000


async def test_a_chain_of_eight_rows_is_one_statement_as_any(
    whole: Whole, policy: Policy, unvalidated: None
) -> None:
    """The parser of SQLite has a stack of a hundred symbols; the statement must not nest with the document."""
    desk = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    everything = chains(DEEPEST)
    there_and_back = [chain for chain in everything if len({hop.end for hop in chain}) == 2]
    widest = max((chain for chain in everything if chain[0].fields[0] == "customer"), key=width)
    seen = Seen()
    for chain in (*there_and_back[:4], widest):
        assert len(chain) == DEEPEST
        seen.add(
            await asked(desk, document(chain, True), id=global_id("customer", whole.ids["customer"]["zhou"]))
        )
    assert max(len(path) for paths in seen.paths.values() for path in paths) >= DEEPEST
    assert seen.compared > 100


@pytest.mark.parametrize("actor", ["lin", "officer"])
async def test_every_bush_shows_the_same(actor: str, whole: Whole, policy: Policy, unvalidated: None) -> None:
    """From every root field, all that hangs below it at once; without a purpose and with one."""
    desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
    for purpose in (False, True):
        seen = Seen()
        for name, field in root("Query").items():
            if name == "accessRecords":
                continue
            named = get_named_type(field.type)
            if "id" not in field.args:
                below = selection(named, BUSH, purpose=purpose)
                seen.add(await asked(desk, f"{{ {name}{arguments(field, {}, False)} {below} }}"))
            elif table_of(named):
                await _by_id(desk, whole, seen, name, field, purpose)
        assert seen.compared > 1000
        assert len(seen.paths["Customer"]) >= 10, seen.paths["Customer"]


async def _by_id(desk: Desk, whole: Whole, seen: Seen, name: str, field: Any, purpose: bool) -> None:
    """By its own root field, and as a node."""
    kind = get_named_type(field.type)
    below = selection(kind, BUSH - 1, purpose=purpose)
    for text in (
        f"query ($id: ID!) {{ {name}(id: $id) {below} }}",
        f"query ($id: ID!) {{ node(id: $id) {{ __typename ... on {kind.name} {below} }} }}",
    ):
        for row in whole.ids[table_of(kind)].values():
            seen.add(await asked(desk, text, id=global_id(table_of(kind), row)))


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
    for form, text in FORMS.items():
        before = seen.compared
        seen.add(await asked(desk, text))
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


async def test_an_open_exception_shows_its_approver_the_evidence_and_no_other_path_does(
    whole: Whole, policy: Policy
) -> None:
    """As an open filing does: what was missed and whose it is, below this case while it is undecided (5.3)."""
    deng = await Desk.take(policy, whole.cast.staff["deng"].id, NOW)
    cells = "{ id name { visibility } assets { visibility } exceptions { shortfalls { short { amount } } } }"
    rows = (
        "nodes { state shortfalls { short { amount } } grounds { submitted decided } customer " + cells + " }"
    )
    data = await asked(
        deng,
        f"{{ exceptionCases(first: 9) {{ {rows} }} memberships(first: 9) {{ nodes {{ customer {cells} }} }} }}",
    )
    shown = {
        case["state"]: (
            [one["short"]["amount"] for one in case["shortfalls"]],
            case["customer"]["name"]["visibility"],
            case["customer"]["assets"]["visibility"],
            [len(one["shortfalls"]) for one in case["customer"]["exceptions"]],
        )
        for case in data["exceptionCases"]["nodes"]
    }
    assert shown == {
        "SUBMITTED": (["7222.22"], "VISIBLE", "VISIBLE", [1]),
        "REJECTED": ([], "WITHHELD", "WITHHELD", [0]),
    }
    # The words of the case are for whoever decides such cases, open or not (Art. 7).
    assert sorted(case["grounds"]["submitted"] for case in data["exceptionCases"]["nodes"]) == [
        "fame qian-2",
        "fame zhou-1",
    ]
    elsewhere = [node["customer"] for node in data["memberships"]["nodes"]]
    assert {row["name"]["visibility"] for row in elsewhere} == {"WITHHELD"}
    # Nor does whoever comes to the case by another way see more than what is below it.
    assert sorted(len(one["shortfalls"]) for row in elsewhere for one in row["exceptions"]) == [0, 1]
    assert {row["assets"]["visibility"] for row in elsewhere} == {"WITHHELD"}


async def test_a_path_that_shows_more_is_found(
    whole: Whole, policy: Policy, unvalidated: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the tests above might compare nothing."""
    real = Level.ladder

    def wrong(me: Level, data_class: DataClass, purposeful: bool) -> Ladder:
        return real(me, data_class, purposeful or me.relation is not None)

    monkeypatch.setattr(Level, "ladder", wrong)
    sample = await Walk.of(policy, whole, "luo", "lin")
    PROGRAMS.clear()
    with pytest.raises(AssertionError, match=r"by .*\n *by "):
        await sample.walk(sampled(2, ROWS, seed=3))
    PROGRAMS.clear()
