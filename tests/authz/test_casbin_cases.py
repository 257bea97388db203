"""Casbin's own cases: covered ones give the expected decision in three ways, refused ones raise and say why."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import asyncpg
import casbin
import pytest
from casbin.persist.adapters.string_adapter import StringAdapter
from hypothesis import given, settings
from hypothesis import strategies as st

from authz import Facts, PolicyError, Reach
from tests.accepting import GOLDEN, accept
from tests.authz.upstream import Upstream
from tests.conftest import need
from tests.databases import Postgres
from tests.shared_data import shared

HEAD = """\
Casbin's own cases (apache/casbin at 09850855, *_test.go): what our way of compiling covers, and what it refuses.
Covered: enforce(), the compiled reach in Python and the compiled reach as SQL give the expected decision.
Refused: reading the model or the policy raises, with the reason shown. docs/decisions/0015 says what this proves.
Written by `make accept`.
"""
NOWHERE = "an object that no policy names"


@dataclass(frozen=True)
class Case:
    id: str
    test: str
    model: Path
    policy: Path | None
    words: tuple[Any, ...]
    expected: bool

    @cached_property
    def text(self) -> str:
        return self.policy.read_text(encoding="utf-8") if self.policy else ""

    def compile(self) -> Upstream:
        """Raises PolicyError for what cannot be translated."""
        return Upstream(self.model.read_text(encoding="utf-8"), self.text)

    def enforcer(self) -> casbin.Enforcer:
        return casbin.Enforcer(str(self.model), str(self.policy) if self.policy else None)

    def request(self, upstream: Upstream) -> dict[str, str]:
        return dict(zip(upstream.request, self.words, strict=True))

    def objects(self, upstream: Upstream) -> list[str]:
        """Rows to try: the case's own object, every word of its policy, and one that nothing names."""
        words = {word.strip() for line in self.text.splitlines() for word in line.split(",")[1:]}
        return sorted({self.request(upstream).get("obj", NOWHERE), NOWHERE, *words})


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    folder = shared("data/authz-cases/casbin")
    lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Case(
            raw["id"],
            raw["test"],
            folder / raw["model"],
            folder / raw["policy"] if raw["policy"] else None,
            tuple(raw["request"]),
            raw["expected"],
        )
        for raw in map(json.loads, lines)
    ]


@pytest.fixture(scope="module")
def covered(cases: list[Case]) -> list[tuple[Case, Upstream]]:
    return [(case, found) for case in cases if isinstance(found := compiled(case), Upstream)]


def compiled(case: Case) -> Upstream | PolicyError:
    try:
        return case.compile()
    except PolicyError as error:
        return error


@pytest.mark.shared
def test_the_golden_list_says_of_every_case_covered_or_refused_and_why(cases: list[Case]) -> None:
    lines, counts = [], Counter[str]()
    for case in cases:
        found = compiled(case)
        answer = "covered" if isinstance(found, Upstream) else "refused"
        counts[answer] += 1
        why = ("allow" if case.expected else "deny") if isinstance(found, Upstream) else str(found)
        words = ", ".join(map(str, case.words))
        lines.append(f"{answer}  {case.id:<24}{case.test}({words}): {why}")
    assert len(cases) == len({case.id for case in cases}) == 258
    assert counts["covered"] >= 80
    total = f"{len(cases)} cases: {counts['covered']} covered, {counts['refused']} refused.\n"
    accept(GOLDEN / "casbin_cases.txt", "\n".join([HEAD + total, *lines, ""]))


@pytest.mark.shared
def test_a_covered_case_has_the_expected_decision_in_three_ways(
    covered: list[tuple[Case, Upstream]],
) -> None:
    """Not for the case's own object only: for every row, so that the list is right and not one answer by luck."""
    decided = Counter[bool]()
    database = sqlite3.connect(":memory:")
    for case, upstream in covered:
        objects = case.objects(upstream)
        request = case.request(upstream)
        reach = upstream.reach({name: word for name, word in request.items() if name != "obj"})
        in_python = [name for name in objects if reach.covers(Facts(name))]
        in_sql = list(selected(database, reach, objects))
        enforcer = case.enforcer()
        by_casbin = [
            name
            for name in objects
            if enforcer.enforce(*(request | ({"obj": name} if "obj" in request else {})).values())
        ]
        assert in_python == by_casbin, case
        assert in_sql == by_casbin, case
        assert (request.get("obj", NOWHERE) in in_sql) is case.expected, case
        decided[case.expected] += 1
    assert decided[True] >= 30
    assert decided[False] >= 50


@pytest.mark.shared
@pytest.mark.postgres
async def test_postgresql_selects_the_same_rows(
    covered: list[tuple[Case, Upstream]], postgres: Postgres | None
) -> None:
    connection = await asyncpg.connect(need(postgres).admin_url)
    try:
        await connection.execute('CREATE TEMP TABLE object (name TEXT COLLATE "C" PRIMARY KEY)')
        for case, upstream in covered:
            objects = case.objects(upstream)
            reach = upstream.reach(case.request(upstream))
            await connection.execute("DELETE FROM object")
            await connection.executemany("INSERT INTO object VALUES ($1)", [(name,) for name in objects])
            sql, words = where(reach, "${}")
            found = await connection.fetch(f"SELECT name FROM object WHERE {sql} ORDER BY name", *words)
            assert [row["name"] for row in found] == [o for o in objects if reach.covers(Facts(o))], case
    finally:
        await connection.close()


def selected(database: sqlite3.Connection, reach: Reach, objects: list[str]) -> Iterator[str]:
    database.execute("DROP TABLE IF EXISTS object")
    database.execute("CREATE TABLE object (name TEXT PRIMARY KEY) WITHOUT ROWID")
    database.executemany("INSERT INTO object VALUES (?)", [(name,) for name in objects])
    sql, words = where(reach, "?{}")
    for (name,) in database.execute(f"SELECT name FROM object WHERE {sql} ORDER BY name", words):
        yield name


def where(reach: Reach, mark: str) -> tuple[str, list[str]]:
    """What `Reach` says of itself: OR over its parts of (OR of allow) AND NOT (OR of deny)."""
    words: list[str] = []

    def one(clause) -> str:
        if clause.everything:
            return "1 = 1"
        words.append(clause.path)
        return f"name = {mark.format(len(words))}"

    parts = []
    for part in reach.parts():
        allow = " OR ".join(one(clause) for clause in part.allow)
        deny = " OR ".join(one(clause) for clause in part.deny) or "1 = 0"
        parts.append(f"(({allow}) AND NOT ({deny}))")
    return " OR ".join(parts) or "1 = 0", words


MODEL = """\
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
g2 = _, _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && (g2(r.obj, p.obj, r.dom) || r.obj == p.obj) && r.act == p.act
"""
POLICY = """\
p, clerk, files, read, allow
p, clerk, safe, read, deny
g, ann, clerk
g2, safe, files, here
g2, desk, files, here
"""


LINES = st.one_of(
    st.tuples(
        st.just("p"),
        st.sampled_from(["ann", "clerk", "head"]),
        st.sampled_from(["desk", "safe", "files"]),
        st.sampled_from(["read", "write"]),
        st.sampled_from(["allow", "allow", "deny"]),
    ),
    st.sampled_from([("g", "ann", "clerk"), ("g", "clerk", "head"), ("g", "bob", "head")]),
    st.sampled_from([("g2", "safe", "files", "here"), ("g2", "desk", "files", "there")]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=9, unique=True))
def test_generated_policies_of_the_fragment_agree_with_casbin(lines: list[tuple[str, ...]]) -> None:
    policy = "\n".join(", ".join(line) for line in lines)
    upstream = Upstream(MODEL, policy)
    model = casbin.Enforcer.new_model(text=MODEL)
    enforcer = casbin.Enforcer(model, StringAdapter(policy))
    for sub, dom, act in product(("ann", "bob", "head"), ("here", "there"), ("read", "write")):
        reach = upstream.reach({"sub": sub, "dom": dom, "act": act})
        for obj in ("desk", "safe", "files", "Safe"):
            asked = (sub, dom, obj, act)
            assert reach.covers(Facts(obj)) is enforcer.enforce(*asked), (asked, policy)


def test_the_fragment_itself() -> None:
    upstream = Upstream(MODEL, POLICY)
    reach = upstream.reach({"sub": "ann", "dom": "here", "act": "read"})
    assert [o for o in ("desk", "files", "safe", "Files", "other") if reach.covers(Facts(o))] == [
        "desk",
        "files",
    ]
    assert upstream.reach({"sub": "ann", "dom": "there", "act": "read"}).allow == reach.allow - {
        clause for clause in reach.allow if clause.path in ("desk", "safe")
    }
    assert upstream.reach({"sub": "bob", "dom": "here", "act": "read"}).nothing


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("r.act == p.act", "regexMatch(r.act, p.act)", "calls 'regexMatch'"),
        ("r.obj == p.obj", "keyMatch(r.obj, p.obj)", "calls 'keyMatch'"),
        ("r.act == p.act", "r.act <= p.act", "says '<='"),
        ("r.act == p.act", "r.act != p.act", "says '!='"),
        ("r.act == p.act", "!g(r.sub, p.sub)", "says '!g"),
        ("r.act == p.act", "r.act in ('a', 'b')", "says 'in' where '=='"),
        ("r.act == p.act", "r.act == p.act == p.act", "goes on with '=='"),
        ("r.act == p.act", "r.act == p.action", "says 'p.action'"),
        ("r.act == p.act", "r.sub.age == p.act", "says 'r.sub.age'"),
        ("r.act == p.act", "r.act == p_act", "says 'p_act'"),
        ("r.act == p.act", "r.act == 'read", "says ''read'"),
        ("r.act == p.act", "true", "says 'true' where a declared field"),
        ("r.act == p.act", "", "where a declared field"),
        ("g(r.sub, p.sub)", "g(r.sub, p.sub, r.dom)", "gives 'g' 3 terms; it has 2"),
        ("g2(r.obj, p.obj, r.dom)", "g2(r.obj, p.obj, r.obj)", "about r.obj twice"),
        ("(g2(", "((g2(", "where ')' should stand"),
        (" && !some(where (p.eft == deny))", " || !some(where (p.eft == deny))", "neither allow-override"),
        ("e = some(where (p.eft == allow)) && ", "e = ", "neither allow-override nor deny-override"),
        ("p = sub, obj", "p = priority, sub, obj", "has priorities"),
        ("r = sub, dom", "r = sub, sub", "named twice"),
        ("r = sub, dom, obj, act", "r = sub, dom, obj, act # who", "is not the name of a field"),
        ("m = g", "m2 = r.sub == p.sub\nm = g", "exactly 'm' can be translated"),
        ("g2 = _, _, _", "g2 = _, _, _, _", "two or three places"),
        ("[matchers]", "[constraint_definition]\nc = sod\n[matchers]", "a section that is not translated"),
    ],
)
def test_a_model_that_cannot_be_translated_raises(old: str, new: str, says: str) -> None:
    assert MODEL.count(old) == 1
    with pytest.raises(PolicyError) as refused:
        Upstream(MODEL.replace(old, new), POLICY)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("p, clerk, files, read", "has 3 columns after 'p', not 4"),
        ("p, clerk, files, read, allow, today", "has 5 columns"),
        ("p, clerk, files, read, permit", "has the effect 'permit'"),
        ("p, clerk, , read, allow", "an empty or a quoted word"),
        ('p, clerk, "files", read, allow', "an empty or a quoted word"),
        ("p2, clerk, files, read, allow", "which the model does not define"),
        ("g, clerk, ann", "roles inherit in a circle"),
        ("\n".join(f"g, role{n}, role{n + 1}" for n in range(9)), "9 steps; at most 8"),
    ],
)
def test_a_policy_that_cannot_be_translated_raises(more: str, says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        Upstream(MODEL, POLICY + more)
    assert says in str(refused.value)
