"""Customers in the graph: sections, pages, filters, aliases and fragments, all through the gate."""

from __future__ import annotations

import pytest

from schema.scalars import global_id
from tests.schema.ask import ask, refused

WHOLE = """
query ($purpose: PurposeInput) {
  customers(first: 10, purpose: $purpose) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { cursor node { ...cells } }
  }
}
fragment cells on Customer {
  id
  owner { name }
  status { visibility number tier manager { staff { name } } }
  name { visibility reason { code remedy } value }
  identity { visibility kind number }
  contact { visibility mobile address }
  personal { visibility birthDate occupation }
  accounts { visibility nodes { number currency institution { name } } }
  assets { visibility reason { code } band balances { balance { amount currency } day } loans { outstanding { amount } } }
  transactions(first: 2) { visibility reason { code } totalCount nodes { amount { amount } day } }
}
"""
ADVICE = {"code": "ADVICE"}


async def test_a_manager_reads_his_customer_whole_and_his_colleagues_masked(bank, seat):
    data = await ask(await seat(bank.staff["lin"]), WHOLE, purpose=ADVICE)
    assert data["customers"]["totalCount"] == 2
    zhou, qian = (edge["node"] for edge in data["customers"]["edges"])
    assert zhou["status"] == {
        "visibility": "VISIBLE", "number": "C000001", "tier": None, "manager": {"staff": {"name": "林晓"}},
    }  # fmt: skip
    assert zhou["name"] == {"visibility": "VISIBLE", "reason": None, "value": "周明"}
    assert zhou["identity"] == {
        "visibility": "VISIBLE",
        "kind": "RESIDENT_ID",
        "number": "11010519491231002X",
    }
    assert zhou["contact"]["mobile"] == "13900139000"
    assert zhou["accounts"]["nodes"][0]["number"] == "6217000010000000001"
    assert zhou["assets"]["balances"] == [
        {"balance": {"amount": "600000.01", "currency": "CNY"}, "day": "2025-01-01"}
    ]
    assert zhou["assets"]["loans"] == [{"outstanding": {"amount": "800000.00"}}]
    assert zhou["transactions"]["totalCount"] == 3
    assert [line["amount"]["amount"] for line in zhou["transactions"]["nodes"]] == ["100.00", "100.01"]
    assert qian["name"]["value"] == "钱芳"
    assert qian["identity"] == {"visibility": "MASKED", "kind": None, "number": "440***********0014"}
    assert qian["contact"]["mobile"] == "139****9000"
    assert qian["assets"] == {
        "visibility": "MASKED", "reason": {"code": "NOT_ASSIGNED"}, "band": None, "balances": [], "loans": [],
    }  # fmt: skip
    assert qian["transactions"] == {
        "visibility": "WITHHELD", "reason": {"code": "NOT_ASSIGNED"}, "totalCount": 0, "nodes": [],
    }  # fmt: skip


async def test_one_section_twice_with_and_without_a_purpose(bank, seat):
    query = """query ($id: ID!) { customer(id: $id) {
      with: assets(purpose: {code: ADVICE}) { visibility loans { number } }
      without: assets { visibility reason { code } }
      again: assets(purpose: {code: ADVICE}) { band }
    } }"""
    zhou = global_id("customer", bank.customers["zhou"].id)
    data = await ask(await seat(bank.staff["lin"]), query, id=zhou)
    assert data["customer"] == {
        "with": {"visibility": "VISIBLE", "loans": [{"number": "L1"}]},
        "without": {"visibility": "MASKED", "reason": {"code": "PURPOSE_REQUIRED"}},
        "again": {"band": None},
    }


@pytest.mark.parametrize("who", ["tang", "teller", "mei", "nobody", "compliance", "sysadmin"])
async def test_out_of_reach_absent_and_malformed_are_one_answer(bank, seat, who):
    desk = await seat(bank.staff[who])
    query = "query ($id: ID!) { customer(id: $id) { id } }"
    for text in (
        global_id("customer", bank.customers["zhou"].id),
        global_id("customer", bank.places["CD"].id),
        "x",
    ):
        assert await refused(desk, query, id=text) == "NOT_FOUND"


async def test_pages_go_forward_and_back(bank, seat):
    desk = await seat(bank.staff["officer"])
    query = """query ($first: Int, $after: String, $last: Int, $before: String) {
      customers(first: $first, after: $after, last: $last, before: $before, orderBy: [NUMBER_DESC]) {
        totalCount nodes { status { number } name { visibility reason { code } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    one = (await ask(desk, query, first=2))["customers"]
    assert one["totalCount"] == 3
    assert [node["status"]["number"] for node in one["nodes"]] == ["C000003", "C000002"]
    assert one["nodes"][0]["name"]["visibility"] == "WITHHELD"
    two = (await ask(desk, query, first=2, after=one["pageInfo"]["endCursor"]))["customers"]
    assert [node["status"]["number"] for node in two["nodes"]] == ["C000001"]
    assert two["pageInfo"]["hasNextPage"] is False
    back = (await ask(desk, query, last=1, before=two["pageInfo"]["startCursor"]))["customers"]
    assert [node["status"]["number"] for node in back["nodes"]] == ["C000002"]
    other = await seat(bank.staff["han"])
    assert await refused(other, query, first=2, after=one["pageInfo"]["endCursor"]) == "BAD_CURSOR"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("", "BAD_USER_INPUT"),
        ("(first: 1, last: 1)", "BAD_USER_INPUT"),
        ("(first: 0)", "BAD_USER_INPUT"),
        ("(last: 101)", "BAD_USER_INPUT"),
        ("(first: -1)", "BAD_USER_INPUT"),
        ('(first: 1, after: "forged")', "BAD_CURSOR"),
        ("(first: 1, orderBy: [AVERAGE_SAVINGS_ASC])", "FILTER_NOT_ALLOWED"),
        ('(first: 1, where: {name: {eq: "周明"}})', "FILTER_NOT_ALLOWED"),
    ],
)
async def test_what_a_list_refuses(bank, seat, arguments, code):
    desk = await seat(bank.staff["officer"])
    assert await refused(desk, f"{{ customers{arguments} {{ totalCount }} }}") == code


async def test_filters(bank, seat):
    desk = await seat(bank.staff["han"])

    async def numbers(where: str) -> list[str]:
        data = await ask(
            desk, f"{{ customers(first: 9, where: {where}) {{ nodes {{ status {{ number }} }} }} }}"
        )
        return [node["status"]["number"] for node in data["customers"]["nodes"]]

    chengdu = global_id("institution", bank.places["CD"].id)
    assert await numbers('{name: {eq: "周明"}}') == ["C000001"]
    assert await numbers("{number: {in: []}}") == []
    assert await numbers('{not: {number: {eq: "C000001"}}}') == ["C000002"]
    assert await numbers('{or: [{number: {eq: "C000001"}}, {number: {eq: "C000002"}}]}') == [
        "C000001",
        "C000002",
    ]
    assert await numbers(f'{{ownerId: {{eq: "{chengdu}"}}, openedOn: {{ge: "2015-01-01"}}}}') == [
        "C000001",
        "C000002",
    ]
    assert await numbers("{tier: {eq: HEAD_OFFICE}}") == []


async def test_node_and_me_and_lists(bank, seat):
    desk = await seat(bank.staff["lin"])
    zhou = global_id("customer", bank.customers["zhou"].id)
    data = await ask(
        desk,
        """query ($id: ID!) {
          me { number name assignments { role institution { code } } }
          node(id: $id) { __typename id ... on Customer { name { value } } ... on Institution { code } }
          institutions(first: 3, where: {level: {in: [TIER1, TIER2]}}) { nodes { code children(first: 5) { nodes { code } } } }
          standards(first: 1) { nodes { code criteria { kind threshold { amount currency } } spendKinds averagingRule } }
        }""",
        id=zhou,
    )
    assert data["me"]["assignments"] == [{"role": "CUST_MGR", "institution": {"code": "CDW"}}]
    assert data["node"] == {"__typename": "Customer", "id": zhou, "name": {"value": "周明"}}
    assert [node["code"] for node in data["institutions"]["nodes"]] == ["SC", "CD", "CDW"]
    assert data["standards"]["nodes"][0]["averagingRule"] == "DAILY_12"
    assert {"kind": "SPEND", "threshold": {"amount": "100000.00", "currency": "CNY"}} in data["standards"][
        "nodes"
    ][0]["criteria"]
