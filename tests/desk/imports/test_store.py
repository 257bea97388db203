"""The store: what is written in bulk is what is read, on both databases."""

import datetime as dt
from uuid import UUID

import pytest
from tortoise.transactions import in_transaction

from desk.dialect import as_date, as_datetime, as_uuid
from desk.imports.store import Collision, Same, Store, Type, turned

KEY = UUID("00000000-0000-4000-8000-00000000000a")
MOMENT = dt.datetime(1994, 2, 28, 13, 5, 7, 123456, tzinfo=dt.UTC)
TYPES = {
    "id": Type.INT,
    "flag": Type.BOOL,
    "data": Type.BYTES,
    "day": Type.DATE,
    "amount": Type.LONG,
    "words": Type.TEXT,
    "moment": Type.TIME,
    "key": Type.UUID,
}
ROWS = [
    (1, True, b"\x00\xff", dt.date(1900, 1, 1), -(2**62), '𠮷 \\ \t "x"', MOMENT, KEY),
    (-2, False, b"", dt.date(2199, 12, 31), 2**62, "", MOMENT + dt.timedelta(days=20_000), UUID(int=0)),
    (3, None, None, None, None, None, None, None),
]


def plain(row):
    return (
        row["id"],
        None if row["flag"] is None else bool(row["flag"]),
        None if row["data"] is None else bytes(row["data"]),
        as_date(row["day"]),
        row["amount"],
        row["words"],
        as_datetime(row["moment"]),
        None if row["key"] is None else as_uuid(row["key"]),
    )


@pytest.fixture
async def store(db):
    async with in_transaction():
        store = Store()
        described = ", ".join(f"{name} {type.value}" for name, type in TYPES.items())
        await store.execute(f"CREATE TEMP TABLE things ({described}, UNIQUE (id))")
        yield store


async def things(store):
    return sorted((plain(row) for row in await store.fetch("SELECT * FROM things")), key=lambda row: row[0])


async def test_every_type_comes_back(store):
    assert await store.insert("things", turned(TYPES, ROWS)) == 3
    assert await things(store) == sorted(ROWS, key=lambda row: row[0])


async def test_nothing_is_nothing(store):
    assert await store.insert("things", turned(TYPES, [])) == 0
    await store.update("things", turned({"words": Type.TEXT, "id": Type.INT}, []), "id")
    assert await store.find("SELECT id FROM things WHERE", "id", set(), Type.INT) == []


async def test_whole_numbers_and_days_have_a_way_of_their_own(store):
    same = {
        "flag": (Type.BOOL, Same(True)),
        "words": (Type.TEXT, Same("客户")),
        "key": (Type.UUID, Same(None)),
    }
    types = {name: TYPES[name] for name in ("id", "day", "amount")}
    rows = [(number, dt.date(1993, 1, 1) + dt.timedelta(days=number), -number) for number in range(1000)]
    assert await store.insert("things", turned(types, rows) | same) == 1000
    assert await things(store) == [
        (number, True, None, day, amount, "客户", None, None) for number, day, amount in rows
    ]


async def test_rows_are_found_and_changed_by_many_keys(store):
    await store.insert("things", turned(TYPES, ROWS))
    found = await store.find("SELECT id FROM things WHERE", "key", [KEY], Type.UUID)
    assert [row["id"] for row in found] == [1]
    found = await store.find("SELECT id FROM things WHERE", "day", [dt.date(2199, 12, 31)], Type.DATE)
    assert [row["id"] for row in found] == [-2]
    changes = turned(
        {"words": Type.TEXT, "moment": Type.TIME, "id": Type.INT}, [("a", MOMENT, 1), (None, None, -2)]
    )
    await store.update("things", changes, "id")
    rows = {row[0]: (row[5], row[6]) for row in await things(store)}
    assert rows == {1: ("a", MOMENT), -2: (None, None), 3: (None, None)}


async def test_a_taken_key_is_a_collision(db):
    async with in_transaction():
        store = Store()
        await store.execute("CREATE TEMP TABLE taken (id integer UNIQUE)")
        await store.insert("taken", {"id": (Type.INT, [1])})
        with pytest.raises(Collision):
            async with in_transaction():
                await Store().insert("taken", {"id": (Type.INT, [2, 1])})
        assert await Store().fetch("SELECT id FROM taken") == [{"id": 1}]
