"""Name search: the condition finds exactly what Python's `in` finds, and PostgreSQL answers it from its indexes."""

from __future__ import annotations

import gzip
import itertools
import random
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.transactions import in_transaction

from desk.dialect import Statement, connection, fetch, is_postgres
from desk.imports.cells import CellRefused, parse
from desk.sights.searching import NAME, characters_of, name_contains, sought
from models.database import database
from models.errors import BadInput
from models.institutions import Institution
from models.vocabulary import InstitutionKind, Level
from tests.conftest import need
from tests.shared_data import shared

ROWS = 60_000
TIER1 = 30
COLUMNS = (
    "id, number, name, identity_kind, identity_cipher, identity_mask, identity_index, opened_on, owner_id,"
    " owner_path, tier1_id, tier2_id"
)
CHARACTERS = "ix_customer_name_characters"
SUBTREE = "/1/7/"


def contains(s: Statement, column: str, text: str) -> str:
    place = s.bind(text)
    if not s.postgres:
        return name_contains(column, "", place, False)
    s.values.append(characters_of(text))
    return name_contains(column, f"${len(s.values)}::text[]", place, True)


# -- what is found --------------------------------------------------------------------------------------------------

ODD = "%_\\'\"*?[]$1:;-·.（）()王明小欧阳𠮷𰻝㐀e\u0301é\U000e0100Ａａ１ ßİiı\u0130한\u1112\u1161\u11ab~^"
TEXTS = st.text(st.sampled_from(ODD), min_size=1, max_size=6)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(TEXTS, min_size=1, max_size=8), text=TEXTS)
async def test_it_finds_what_contains_the_text_and_nothing_else(db, names, text):
    s = Statement(is_postgres())
    stored = " UNION ALL ".join(
        f"SELECT {number} AS number, {s.bind(name)} AS name" for number, name in enumerate(names)
    )
    rows = await fetch(s, f"SELECT t.number FROM ({stored}) t WHERE {contains(s, 't.name', text)}")
    assert sorted(row["number"] for row in rows) == [n for n, name in enumerate(names) if text in name]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("周明", "明", True),
        ("明周", "周明", False),
        ("明明", "明明明", False),
        ("𠮷田", "𠮷", True),
        ("吉田", "𠮷", False),
        ("100%", "%", True),
        ("1000", "%", False),
        ("a_b", "_", True),
        ("axb", "_", False),
        ("O'Neil", "'N", True),
        ("Anna", "anna", False),
        ("back\\slash", "\\", True),
    ],
    ids=lambda value: str(value),
)
async def test_every_character_means_itself(db, name, text, found):
    s = Statement(is_postgres())
    rows = await fetch(
        s, f"SELECT 1 AS it FROM (SELECT {s.bind(name)} AS name) t WHERE {contains(s, 't.name', text)}"
    )
    assert bool(rows) is found


# -- what is asked --------------------------------------------------------------------------------------------------


@given(st.text(max_size=8) | TEXTS | st.text(st.sampled_from(ODD), min_size=118, max_size=124))
def test_a_text_is_sought_as_the_importer_stores_it(text):
    try:
        stored = parse(NAME, text).value
    except CellRefused:
        with pytest.raises(BadInput) as refused:
            sought(text, "where.name")
        assert refused.value.field == "where.name"
    else:
        assert sought(text) == stored
        assert stored


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (" 周明\u3000", "周明"),
        ("Rene\u0301", "René"),
        ("Ａｎｎａ", "Anna"),
        ("\uf9d1", "六"),  # a compatibility ideograph, which NFC turns into the common one
        ("100%", "100%"),
    ],
    ids=["padding", "decomposed", "full width", "compatibility", "sign"],
)
def test_spellings_of_one_name_are_one_text(text, wanted):
    assert sought(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3000\t", "a\0b", "\ud842", "\u200b", "\ue000", "王" * 121],
    ids=["empty", "blank", "padding", "NUL", "half a character", "invisible", "private", "too long"],
)
def test_what_no_name_can_contain_is_refused(text):
    with pytest.raises(BadInput) as refused:
        sought(text)
    assert (refused.value.code, refused.value.field) == ("BAD_USER_INPUT", "where")


def test_the_characters_of_a_text_are_its_different_code_points():
    assert characters_of("王小小𠮷") == ["王", "小", "𠮷"]


# -- how fast -------------------------------------------------------------------------------------------------------


def generated() -> list[str]:
    """Surnames and given names, the first ones far more often than the last, as in life."""
    surnames = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏锺汪田任姜"
    given_names = (
        "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华红建国志玉春雪梅海燕小晓东宁子轩欣怡浩然"
    )
    chance = random.Random(7)

    def one(characters: str) -> str:
        return characters[min(int(chance.paretovariate(0.6)) - 1, len(characters) - 1)]

    return [
        one(surnames) + "".join(chance.choice(given_names) for _ in range(chance.choice((1, 2, 2))))
        for _ in range(ROWS)
    ]


def of_the_past() -> list[str]:
    """Every fourth name of a corpus of 255,351."""
    with gzip.open(shared("data/names/ancient_names_25w.txt.gz"), "rt", encoding="utf-8-sig") as lines:
        names = [line.strip() for line in itertools.islice(lines, 4, None, 4)]
    return [name for name in names if name][:ROWS]


@pytest.fixture(scope="module", params=[generated, pytest.param(of_the_past, marks=pytest.mark.shared)])
async def town(request, postgres) -> AsyncGenerator[list[str]]:
    """A bank of 60,000 customers in 30 tier-1 branches, in a database of its own."""
    names = request.param()
    server = need(postgres)
    database_name = await server.create()
    try:
        async with database(server.url(database_name)):
            owner = await Institution.create(
                number=1,
                code="1",
                name="总行",
                level=Level.HEAD_OFFICE,
                kind=InstitutionKind.BRANCH,
                path="/1/",
                acting_path="/1/",
            )
            async with in_transaction():
                # VACUUM calls a page visible to all only when its rows are known to be on the disk, and the index can
                # answer alone only then; the test databases do not wait for the disk.
                await connection().execute_query("SET LOCAL synchronous_commit = on")
                await connection().execute_query(
                    f"INSERT INTO customer ({COLUMNS}) SELECT gen_random_uuid(), 'C' || lpad(n::text, 9, '0'), name,"
                    " 'RESIDENT_ID', ''::bytea, '', n::text, '2020-01-01', $2::uuid,"
                    f" '/1/' || n % {TIER1} || '/' || n % (7 * {TIER1}) || '/' || n % 2000 || '/',"
                    f" md5('tier1' || n % {TIER1})::uuid, md5('tier2' || n % (7 * {TIER1}))::uuid"
                    " FROM unnest($1::text[]) WITH ORDINALITY AS stored (name, n)",
                    [names, owner.id],
                )
            await connection().execute_query("VACUUM ANALYZE customer")
            yield names
    finally:
        await server.drop(database_name)


def subtree(s: Statement) -> str:
    return f"t.owner_path >= {s.bind(SUBTREE)} AND t.owner_path < {s.bind(SUBTREE[:-1] + '0')}"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


async def planned(s: Statement, text: str) -> list[dict[str, Any]]:
    rows = await connection().execute_query_dict(f"EXPLAIN (FORMAT JSON) {text}", s.values)
    (found,) = rows[0].values()
    return list(nodes((orjson.loads(found) if isinstance(found, str) else found)[0]["Plan"]))


def indexes(plan: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in plan if "Index Name" in node}


def of_length(names: list[str], length: int) -> list[str]:
    """The text that is in the most names, some that are in any, and one that is nowhere."""
    known = Counter(name[at : at + length] for name in names for at in range(len(name) - length + 1))
    return [known.most_common(1)[0][0], *random.Random(length).sample(sorted(known), 8), "𠮷㐀𰻝"[:length]]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
async def test_in_the_embedded_database_a_subtree_is_searched_in_its_index(db):
    s = Statement(False)
    where = f"{subtree(s)} AND {contains(s, 't.name', '王')} ORDER BY t.number, t.id LIMIT 21"
    rows = await fetch(s, f"EXPLAIN QUERY PLAN SELECT t.id, t.number FROM customer t WHERE {where}")
    assert "USING COVERING INDEX idx_customer_owner_p" in rows[0]["detail"]


@pytest.mark.parametrize("length", [1, 2, 3])
async def test_the_index_of_characters_finds_a_name_in_the_whole_bank(town, length):
    _, *texts = of_length(town, length)  # what a third of all names have, the index need not find
    for text in texts:
        s = Statement(True)
        where = f"FROM customer t WHERE {contains(s, 't.name', text)}"
        plan = await planned(s, f"SELECT t.number {where}")
        assert indexes(plan) == {CHARACTERS}, text
        rows = await fetch(s, f"SELECT t.number {where}")
        assert {row["number"] for row in rows} == numbers(town, text)


@pytest.mark.parametrize("length", [1, 2, 3])
async def test_a_page_of_a_subtree_reads_neither_the_whole_bank_nor_rows_it_drops(town, length):
    """The ids of a page come out of the indexes of characters and of the subtree, then only its rows are read."""
    for text in of_length(town, length):
        s = Statement(True)
        page = (
            f"SELECT t.id, t.number FROM customer t WHERE {subtree(s)} AND {contains(s, 't.name', text)}"
            " ORDER BY t.number, t.id LIMIT 21"
        )
        plan = await planned(s, f"SELECT c.number FROM ({page}) k JOIN customer c ON c.id = k.id")
        assert {node["Node Type"] for node in plan}.isdisjoint({"Seq Scan"}), text
        searched = [node for node in plan if node.get("Alias") == "t"]
        assert [node["Node Type"] for node in searched] in (["Index Only Scan"], ["Bitmap Heap Scan"]), text
        rows = await fetch(s, page)
        assert [row["number"] for row in rows] == sorted(
            numbers(town, text) & {number_of(n) for n in range(1, len(town) + 1) if n % TIER1 == 7}
        )[:21]


def number_of(place: int) -> str:
    return f"C{place:09}"


def numbers(names: list[str], text: str) -> set[str]:
    return {number_of(place) for place, name in enumerate(names, start=1) if text in name}
