"""Every root field, asked by everybody: who has no role gets what is open, and nobody gets what is another's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLField, get_named_type

from authz import DataClass, Policy
from desk.desk import Desk, adopt
from schema import schema
from schema.context import Context
from schema.problems import ID_TABLES
from schema.scalars import global_id
from tests import cast
from tests.accepting import GOLDEN, accept
from tests.cast import PEOPLE
from tests.conftest import NOW
from tests.schema.custody import STAFF
from tests.schema.documents import arguments, minimal, selection
from tests.schema.expected import GROUNDS, PROPOSALS, READERS, RECORD_READERS, SEES, reads, seen
from tests.schema.walking import GRAPH, root, table_of
from tests.schema.whole import OF, Whole, build

DEPTH = 3
OF_A_CUSTOMER = frozenset(
    {
        "account",
        "archive",
        "consent",
        "customer",
        "customer_merge",
        "evaluation",
        "exception_case",
        "exception_shortfall",
        "filing",
        "handover_line",
        "invitation",
        "loan",
        "membership",
        "membership_event",
        "registration",
        "work_item",
    }
)
BOOKS = {
    "CARD": frozenset({"card", "card_back", "card_event"}),
    "CENTRE": frozenset(
        {
            "movement_line",
            "signature",
            "stock_account",
            "stock_day",
            "stock_handover",
            "stock_handover_line",
            "stock_holding",
            "stock_movement",
            "stock_quota",
            "stocktake",
            "stocktake_line",
        }
    ),
    "BRANCH": frozenset({"card_order"}),
    "LIST": frozenset({"destruction_line", "destruction_list"}),
    "REPORT": frozenset({"card_report"}),
}
"""Of whose rows each reader of expected.READERS learns the ids."""
CELLS = {DataClass.VIP_STATUS: 1, DataClass.ASSET: 8}
"""How many of the planted texts are the customer's own cells; the rest stand in papers that not all of them read."""
ACTORS = [*(key for key, *_ in PEOPLE), *STAFF]
AT_NANJING = frozenset({"tang", "nan", "qi", "yue", "mo", "bian"})


def home(actor: str) -> str:
    return "feng" if actor in AT_NANJING else "zhou"


def away(actor: str) -> str:
    return "zhou" if home(actor) == "feng" else "feng"


def ids(whole: Whole, who: str) -> dict[str, str]:
    """A global id for each id field of an input."""
    return {
        name: global_id(table, whole.ids[table][who])
        for name, table in ID_TABLES.items()
        if who in whole.ids.get(table, {})
    }


Question = tuple[str, dict[str, Any]]
"""A document and its variables: the same document for everybody, so that it is read once."""


def questions(whole: Whole, name: str, field: GraphQLField) -> Iterator[Question]:
    """The root field of Query with every id that it could be given, without a purpose and with one."""
    named = get_named_type(field.type)
    for purpose, depth in ((False, 2), (True, DEPTH)):
        if "productId" in field.args:
            yield from _of_stock(whole, name, field, selection(named, depth, purpose=purpose))
            continue
        if "id" not in field.args:
            below = selection(named, depth, purpose=purpose)
            yield f"{{ {name}{arguments(field, {}, purpose)} {below} }}", {}
            continue
        for kind in [named] if table_of(named) else GRAPH.get_possible_types(named):
            below = selection(kind, 2, purpose=purpose)
            one = arguments(field, {"id": "$id"}, purpose)
            document = f"query ($id: ID!) {{ {name}{one} {{ ... on {kind.name} {below} }} }}"
            for row in whole.ids.get(table_of(kind), {}).values():
                yield document, {"id": global_id(table_of(kind), row)}


def _of_stock(whole: Whole, name: str, field: GraphQLField, below: str) -> Iterator[Question]:
    """Of each product at its centre and at the branch above."""
    asked = arguments(field, {"institutionId": "$place", "productId": "$product"}, False)
    for who in OF:
        for place in ("centre", "above"):
            yield (
                f"query ($place: ID!, $product: ID!) {{ {name}{asked} {below} }}",
                {
                    "place": global_id("institution", whole.ids["institution"][f"{who} {place}"]),
                    "product": global_id("card_product", whole.ids["card_product"][who]),
                },
            )


def acts(whole: Whole, name: str, field: GraphQLField, who: str) -> Question:
    """The mutation with the smallest input that is about this customer and his office."""
    told = {argument: f"${argument}" for argument in field.args}
    types = ", ".join(f"${argument}: {one.type}" for argument, one in field.args.items())
    below = selection(get_named_type(field.type), 2, purpose=True)
    given = {argument: minimal(one.type, ids(whole, who)) for argument, one in field.args.items()}
    head = f"mutation ({types})" if types else "mutation"
    return f"{head} {{ {name}{arguments(field, told, True)} {below} }}", given


async def answered(context: Context, question: Question) -> tuple[dict[str, Any], str]:
    """The data, and the whole body as a text. What nobody has foreseen is an error of the product, and fails here."""
    document, variables = question
    answer = await schema.execute(document, variable_values=variables, context_value=context)
    for error in answer.errors or ():
        if not getattr(error.original_error, "code", ""):
            raise AssertionError(f"{error.message}\n{document[:200]}\n{variables}") from error.original_error
    body = {
        "data": answer.data,
        "errors": [
            {"message": error.message, "extensions": error.extensions} for error in answer.errors or ()
        ],
    }
    return answer.data or {}, json.dumps(body, ensure_ascii=False, default=str)


def tells(value: Any) -> bool:
    """Does an answer hold anything besides being empty? A problem says no."""
    if isinstance(value, dict):
        if value.get("__typename") == "Problem":
            return False
        return any(
            tells(one) for name, one in value.items() if name not in {"__typename", "pageInfo", "totalCount"}
        )
    if isinstance(value, list):
        return any(map(tells, value))
    return value is not None


async def test_who_is_not_signed_in_gets_nothing(whole: Whole) -> None:
    for operation in ("Query", "Mutation"):
        for name, field in root(operation).items():
            asked = (
                [*questions(whole, name, field)]
                if operation == "Query"
                else [acts(whole, name, field, "zhou")]
            )
            for document, variables in asked:
                answer = await schema.execute(document, variable_values=variables, context_value=Context())
                assert not answer.data, name
                codes = [getattr(error.original_error, "code", "") for error in answer.errors or ()]
                assert codes == ["UNAUTHENTICATED"], f"{name}: {answer.errors}"


async def test_a_nobody_gets_what_is_open(whole: Whole, policy: Policy) -> None:
    """Signed in, without a role. The list is golden: a field that is opened, or closed, is a line in its diff."""
    desk = await Desk.take(policy, whole.cast.staff["nobody"].id, NOW)
    found = set()
    for name, field in root("Query").items():
        for question in questions(whole, name, field):
            data, _ = await answered(Context(desk), question)
            if tells(data.get(name)):
                found.add(f"Query.{name}")
    for name, field in root("Mutation").items():
        for who in OF:
            data, _ = await answered(Context(desk), acts(whole, name, field, who))
            if tells(data.get(name)):
                found.add(f"Mutation.{name}")
    accept(GOLDEN / "open_fields.txt", "\n".join(sorted(found)) + "\n")


async def swept(whole: Whole, policy: Policy, actor: str) -> tuple[str, str]:
    """All that the queries answer, and all that the acts answer, as two texts."""
    lin = await Desk.take(policy, whole.cast.staff["lin"].id, NOW)
    for question in questions(whole, "customers", root("Query")["customers"]):
        await answered(Context(lin), question)
    desk = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
    read, done = [], []
    for name, field in root("Query").items():
        for question in questions(whole, name, field):
            read.append((await answered(Context(desk), question))[1])
    for name, field in root("Mutation").items():
        for who in (away(actor), home(actor)):
            done.append((await answered(Context(desk), acts(whole, name, field, who)))[1])
    return "\n".join(read), "\n".join(done)


def hidden(whole: Whole, actor: str, customer: str) -> list[str]:
    """The texts that must not be in any answer to the actor."""
    shown = seen(actor, customer)
    found = [text for cls in DataClass if cls not in shown for text in whole.planted[customer][cls]]
    read = reads(actor, customer)
    tables = set() if shown else set(OF_A_CUSTOMER)
    tables |= {table for reader in BOOKS.keys() - read for table in BOOKS[reader]}
    rows = [(table, whole.ids[table][customer]) for table in sorted(tables) if customer in whole.ids[table]]
    found += [global_id(table, row) for table, row in rows]
    if actor not in RECORD_READERS:
        found += [str(row) for _, row in rows]
    kept = whole.kept[customer]
    found += [text for reader in READERS[customer].keys() - read for text in kept[reader]]
    # Whose card it is, is his name: who reads the one has been told the other.
    name = whole.cast.customers[customer].name
    found = [text for text in found if "HOLDER" not in read or text != name]
    if actor not in GROUNDS[customer]:
        found += whole.grounds[customer]
    office = OF[customer][1]
    if actor not in PROPOSALS[office]:
        found += [f"grant {office}"]
    return found


def check(whole: Whole, actor: str, read: str, done: str) -> None:
    for customer in OF:
        leaked = [text for text in hidden(whole, actor, customer) if text in read or text in done]
        assert leaked == [], f"{actor} was told of {customer}"
        # The same search finds what he may see, so it would have found what he may not.
        cells = [
            text for cls in seen(actor, customer) for text in whole.planted[customer][cls][: CELLS.get(cls)]
        ]
        cells += whole.grounds[customer] if actor in GROUNDS[customer] else []
        cells += [text for reader in reads(actor, customer) for text in whole.kept[customer][reader]]
        cells += [whole.cast.customers[customer].name] if "HOLDER" in reads(actor, customer) else []
        assert [text for text in cells if text not in read] == [], f"{actor} could not see {customer}"


@pytest.mark.parametrize("actor", ACTORS)
async def test_nobody_is_told_what_is_not_his(actor: str, whole: Whole, policy: Policy) -> None:
    check(whole, actor, *await swept(whole, policy, actor))


@pytest.fixture
async def whole_on_postgres(db: str, policy: Policy) -> Whole:
    await adopt(policy)
    return await build(await cast.build(NOW))


@pytest.mark.parametrize("db", ["postgres"], indirect=True)
@pytest.mark.parametrize("actor", ["luo", "bai", "nan", "he", "nobody"])
async def test_nor_is_he_on_postgres(actor: str, whole_on_postgres: Whole, policy: Policy) -> None:
    check(whole_on_postgres, actor, *await swept(whole_on_postgres, policy, actor))


def test_the_table_of_expectations_is_about_the_cast() -> None:
    assert set(SEES) <= set(ACTORS)
    assert {who for told in (PROPOSALS, GROUNDS) for some in told.values() for who in some} <= set(ACTORS)
    assert {who for told in READERS.values() for some in told.values() for who in some} <= set(ACTORS)
