"""Why something confidential was read is on record, wherever the reader said it (Art. 11, decisions.md 14, 18)."""

from __future__ import annotations

import json

import pytest

from authz import Policy
from desk.desk import Desk
from models.trail import AccessRecord
from schema.scalars import global_id
from tests.conftest import NOW
from tests.schema.ask import ask
from tests.schema.walking import root
from tests.schema.whole import Whole

PURPOSE = '{code: ADVICE, text: "because"}'
ABOVE = '{code: COMPLAINT, text: "above"}'
SHORT = "{ short { amount } }"
ZHOU = "7111.11"
BECAUSE = [["ADVICE", "because"]]
DOCUMENTS = {
    "of the rows themselves": f"{{ exceptionCases(first: 9) {{ nodes {{ shortfalls(purpose: {PURPOSE}) {SHORT} }} }} }}",
    "of the list": f"{{ exceptionCases(first: 9, purpose: {PURPOSE}) {{ nodes {{ shortfalls {SHORT} }} }} }}",
    "of the rows, rather than of the list": f"{{ exceptionCases(first: 9, purpose: {ABOVE}) {{ nodes {{"
    f" shortfalls(purpose: {PURPOSE}) {SHORT} }} }} }}",
    "of a list that takes none": "{ handovers(first: 9) { nodes { lines(first: 9) { nodes { customer { exceptions {"
    f" shortfalls(purpose: {PURPOSE}) {SHORT} }} }} }} }} }} }} }}",
    "of a node": f"query ($id: ID!) {{ node(id: $id, purpose: {PURPOSE}) {{ ... on Loan {{ number }} }} }}",
}


async def recorded(desk: Desk) -> list[list[str]]:
    """The purposes of the one receipt that there is."""
    (record,) = await AccessRecord.filter(staff_id=desk.staff_id)
    return list(json.loads(record.record)["purposes"])


@pytest.mark.parametrize("where", DOCUMENTS)
async def test_a_receipt_says_why_rows_of_a_class_were_read(where: str, whole: Whole, policy: Policy) -> None:
    lin = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    document = DOCUMENTS[where]
    given = {"id": global_id("loan", whole.ids["loan"]["zhou"])} if "$id" in document else {}
    shown = json.dumps(await ask(lin, document, **given))
    assert ZHOU in shown or "LOAN-zhou-1" in shown
    assert await recorded(lin) == BECAUSE


async def test_without_a_purpose_a_manager_is_shown_no_shortfall(whole: Whole, policy: Policy) -> None:
    lin = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    found = (await ask(lin, f"{{ exceptionCases(first: 9) {{ nodes {{ shortfalls {SHORT} }} }} }}"))[
        "exceptionCases"
    ]
    assert [case["shortfalls"] for case in found["nodes"]] == [[], []]
    assert await AccessRecord.filter(staff_id=lin.staff_id).count() == 0


async def test_a_receipt_says_why_a_list_was_filtered_by_figures(whole: Whole, policy: Policy) -> None:
    lin = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    found = await ask(
        lin,
        f'{{ customers(first: 9, purpose: {PURPOSE}, where: {{averageSavings: {{currency: "CNY", ge: "1.00"}}}})'
        " { totalCount nodes { id } } }",
    )
    assert found["customers"]["totalCount"] == 1
    assert await recorded(lin) == BECAUSE


BELOW = {
    "customer": ("customer", "assets { band }"),
    "card": ("card", "customer { assets { band } }"),
    "node": ("card", "... on Card { customer { assets { band } } }"),
}
"""Root fields of one row that take a purpose: whose row, and figures below it."""


def test_every_field_of_one_row_that_takes_a_purpose_is_tried() -> None:
    taking = {name for name, field in root("Query").items() if {"id", "purpose"} <= set(field.args)}
    assert taking - {"explain"} == set(BELOW)


@pytest.mark.parametrize("name", BELOW)
async def test_the_purpose_of_one_row_is_that_of_what_is_below_it(
    name: str, whole: Whole, policy: Policy
) -> None:
    lin = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    table, cells = BELOW[name]
    given = {"id": global_id(table, whole.ids[table]["zhou"])}
    await ask(lin, f"query ($id: ID!) {{ {name}(id: $id, purpose: {PURPOSE}) {{ {cells} }} }}", **given)
    assert await recorded(lin) == BECAUSE
