"""Search by a part of a name, in the graph: among the names that the person sees, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from desk.desk import Desk
from tests.schema.ask import ask, refused

SEARCH = """query ($name: String!, $first: Int!, $after: String) {
  customers(first: $first, after: $after, where: {name: {has: $name}}) {
    totalCount pageInfo { hasNextPage endCursor } nodes { status { number } name { value } } } }"""


async def found(desk: Desk, name: str, first: int = 10) -> list[str]:
    page = (await ask(desk, SEARCH, name=name, first=first))["customers"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["name"]["value"] for node in page["nodes"]]


@pytest.mark.parametrize(
    ("name", "names"),
    [
        pytest.param("周", ["周明"], id="one character"),
        pytest.param("明", ["周明"], id="one character, not the first"),
        pytest.param("周明", ["周明"], id="two characters"),
        pytest.param("明周", [], id="the characters, not side by side"),
        pytest.param("周明 ", ["周明"], id="padded"),
        pytest.param("周明周", [], id="longer than the name"),
        pytest.param("%", [], id="no wildcard"),
        pytest.param("_", [], id="no wildcard for one"),
        pytest.param("冯", [], id="of another branch"),
    ],
)
async def test_a_manager_finds_his_branchs_customers(
    bank: Any, seat: Any, name: str, names: list[str]
) -> None:
    for _ in range(7):  # PostgreSQL would plan a known statement for all values from the sixth time on
        assert await found(await seat(bank.staff["lin"]), name) == names


async def test_another_branch_finds_its_own(bank: Any, seat: Any) -> None:
    assert await found(await seat(bank.staff["tang"]), "冯") == ["冯远"]
    assert await found(await seat(bank.staff["tang"]), "周") == []


async def test_whoever_sees_no_name_cannot_search(bank: Any, seat: Any) -> None:
    """Else he would learn by asking what he may not read (decisions.md 4)."""
    assert (
        await refused(await seat(bank.staff["officer"]), SEARCH, name="周", first=10) == "FILTER_NOT_ALLOWED"
    )


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\x00", "x" * 121])
async def test_a_text_that_no_name_contains_is_refused(bank: Any, seat: Any, name: str) -> None:
    assert await refused(await seat(bank.staff["lin"]), SEARCH, name=name, first=10) == "BAD_USER_INPUT"


async def test_page_by_page(bank: Any, seat: Any) -> None:
    desk = await seat(bank.staff["lin"])
    everything = '{ customers(first: 10, where: {not: {name: {has: "冯"}}}) { nodes { name { value } } } }'
    names = [node["name"]["value"] for node in (await ask(desk, everything))["customers"]["nodes"]]
    assert len(names) == 2
    one = SEARCH.replace(
        "where: {name: {has: $name}}", "where: {or: [{name: {has: $name}}, {name: {in: []}}]}"
    )
    page = (await ask(desk, one, name=names[0][0], first=1))["customers"]
    assert [node["name"]["value"] for node in page["nodes"]] == names[:1]
    assert page["pageInfo"]["hasNextPage"] is False
    after = page["pageInfo"]["endCursor"]
    assert (await ask(desk, one, name=names[0][0], first=1, after=after))["customers"]["nodes"] == []
