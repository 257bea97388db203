"""Documents that are refused, each in one known way, and some that only look as if they were."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graphql import get_named_type

from tests.schema.corpus.arguments import literal
from tests.schema.generating import Word

if TYPE_CHECKING:
    from tests.schema.corpus.generating import Generator
    from tests.schema.corpus.questions import Question

FILTERED = (
    "archives", "assignments", "campaigns", "cardOrders", "cardProducts", "cardReports", "cards", "customerMerges",
    "customers", "delegations", "designations", "destructionLists", "evaluations", "exceptionCases", "filings", "handovers",
    "implementingRules", "indicators", "institutions", "invitations", "memberships", "numberSegments", "staff", "standards",
    "stockAccounts", "stockDays", "stockHandovers", "stockHoldings", "stockMovements", "stockQuotas", "stocktakes",
    "supervisionLines", "whatIfs", "workItems",
)  # fmt: skip
ABSENT = base64.urlsafe_b64encode(b"customer:" + UUID(int=7).bytes).decode().rstrip("=")
PAGES: tuple[dict[str, Any], ...] = (
    {},
    {"first": 0},
    {"first": 101},
    {"last": -1},
    {"last": 0},
    {"first": 2, "last": 2},
    {"first": None},
    {"first": None, "last": None},
    {"first": 5, "before": "x"},
    {"last": 5, "after": "x"},
)
HEALTHY = ("well: me { number }", "well: institutions(first: 2) { totalCount nodes { code } }", "__typename")
BROKEN = (
    "{ customers(first: 2) { nodes { id nothing } } }",
    "{ customers(first: 2, size: 5) { nodes { id } } }",
    "{ customers(first: 2) { nodes { id owner } } }",
    "{ customers(first: 2) { nodes { id { value } } } }",
    "{ customers(first: 2) { nodes { ...missing } } }",
    "{ customers(first: 2) { nodes { id } } ...cycle } fragment cycle on Query { ...cycle }",
    "{ customers(first: 2) { nodes { ... on Institution { id } } } }",
    "query ($unused: Int) { customers(first: 2) { nodes { id } } }",
    "{ customers(first: $undeclared) { nodes { id } } }",
    "query ($first: String) { customers(first: $first) { nodes { id } } }",
    "{ customers(first: 2) { nodes { id } } customers(first: 3) { nodes { id } } }",
    "{ customers(first: 2) { nodes { a: id a: status { number } } } }",
    '{ customers(first: "2") { nodes { id } } }',
    "{ customers(first: 2, orderBy: [AGE_ASC]) { nodes { id } } }",
    "{ customers(first: 2, orderBy: [null]) { nodes { id } } }",
    "{ customers(first: 2, where: {age: {eq: 1}}) { nodes { id } } }",
    "{ customers(first: 2, portfolio: null) { nodes { id } } }",
    '{ customers(first: 2, purpose: {text: "why"}) { nodes { id } } }',
    '{ customers(first: 2, where: {openedOn: {ge: "yesterday"}}) { nodes { id } } }',
    '{ customers(first: 2, where: {spend: {currency: "CNY", ge: "1e5"}}) { nodes { id } } }',
    '{ customers(first: 2, where: {spend: {currency: "CNY", ge: 5}}) { nodes { id } } }',
    "{ evaluations(first: 2, where: {passed: {}}) { nodes { id } } }",
    "{ node { id } }",
    "{ me @skip { id } }",
    "{ me @skip(if: null) { id } }",
    "{ nobody { id } }",
)
"""What validation refuses."""
WRONG_VALUES: tuple[tuple[str, Any], ...] = (
    ("query ($v: Portfolio! = REACH) { customers(first: 2, portfolio: $v) { totalCount } }", "NOBODYS"),
    ("query ($v: Portfolio) { customers(first: 2, portfolio: $v) { totalCount } }", None),
    ("query ($v: [CustomerOrder!]) { customers(first: 2, orderBy: $v) { totalCount } }", ["NUMBER_ASC", "X"]),
    ("query ($v: [CustomerOrder!]) { customers(first: 2, orderBy: $v) { totalCount } }", [None]),
    ("query ($v: Int) { customers(first: $v) { totalCount } }", "2"),
    ("query ($v: Int) { customers(first: $v) { totalCount } }", 2**40),
    ("query ($v: ID!) { customer(id: $v) { id } }", None),
    ("query ($v: ID!) { customer(id: $v) { id } }", True),
    ("query ($v: Date) { customers(first: 2, where: {openedOn: {ge: $v}}) { totalCount } }", "2026-02-30"),
    ("query ($v: Date) { customers(first: 2, where: {openedOn: {ge: $v}}) { totalCount } }", "soon"),
    (
        'query ($v: Amount) { customers(first: 2, where: {spend: {currency: "CNY", ge: $v}}) { totalCount } }',
        "NaN",
    ),
    ("query ($v: CustomerWhere) { customers(first: 2, where: $v) { totalCount } }", {"age": {"eq": 1}}),
    ("query ($v: CustomerWhere) { customers(first: 2, where: $v) { totalCount } }", {"not": []}),
    ("query ($v: PurposeInput) { customers(first: 2, purpose: $v) { totalCount } }", {"text": "why"}),
    ("query ($v: PurposeInput) { customers(first: 2, purpose: $v) { totalCount } }", {"code": "FUN"}),
    ("query ($v: Boolean!) { me @include(if: $v) { id } }", "true"),
    ("query ($v: Boolean!) { me @include(if: $v) { id } }", None),
    ("query ($v: BooleanFilter) { evaluations(first: 2, where: {passed: $v}) { totalCount } }", {"eq": None}),
    ("query ($v: String) { customers(first: 2, where: {number: {in: [$v]}}) { totalCount } }", None),
)
"""Values of variables that do not fit."""


def fault(it: Generator) -> Question:
    """One of the known ways, in turn with the seed."""
    make = it.rng.choice(
        (pages, pages, below, below, nulls, nulls, nulls, nulls, nulls, many, ids, ids, broken, broken, wrong, wrong, unseen, cursors, cursors, twice, money)
    )  # fmt: skip
    return make(it)


def document(it: Generator, name: str, given: dict[str, Any], inside: str = "") -> Question:
    """A root field with these arguments, and a little below it."""
    one = it.query_type.fields[name]
    kind: Any = get_named_type(one.type)
    inner = inside or it.rng.choice(
        ["nodes { id }", "edges { cursor }", "totalCount", "pageInfo { endCursor }"]
    )
    if "nodes" not in kind.fields:
        inner = inside or "id"
    written = ", ".join(
        f"{key}: {it.writer.write(one.args[key].type, value)}" for key, value in given.items()
    )
    label = it.rng.choice([name, name, f"wrong: {name}"])
    parts = [f"{label}{f'({written})' if written else ''} {{ {inner} }}"]
    if it.chance(0.2):
        parts = [it.inline("", parts).replace("@skip(if: true)", "").replace("@include(if: false)", "")]
    if it.chance(0.2):
        # Beside a root field that is answered: the refusal is told, and nothing of the other.
        parts.insert(it.rng.randrange(len(parts) + 1), it.rng.choice(HEALTHY))
    return it.finished(parts)


def size(it: Generator) -> dict[str, Any]:
    return {it.rng.choice(["first", "last"]): it.rng.choice([1, 3, 50])}


def pages(it: Generator) -> Question:
    name = it.rng.choice([name for name, one in it.query_type.fields.items() if "first" in one.args])
    return document(it, name, it.rng.choice(PAGES))


def below(it: Generator) -> Question:
    """Wrong arguments of a list within a row that may not even be there."""
    given = it.rng.choice(PAGES)
    children = f"children{_literals(given)} {{ totalCount }}"
    lines = f"transactions{_literals(given)} {{ visibility }}"
    wrong = f'children(first: 2, where: {{parentId: {{eq: "{it.rng.choice(["none", it.values.id("customer")])}"}}}})'
    twice = "children(first: 2, orderBy: [CODE_ASC, CODE_DESC])"
    kept = it.rng.choice([children, f"{wrong} {{ totalCount }}", f"{twice} {{ totalCount }}"])
    name, inside = it.rng.choice(
        (
            ("institutions", f"nodes {{ id {kept} }}"),
            ("institutions", f"nodes {{ parent {{ parent {{ parent {{ {kept} }} }} }} }}"),
            ("customers", f"edges {{ node {{ id owner {{ {kept} }} }} }}"),
            ("customers", f"nodes {{ id {lines} }}"),
            ("archives", f"nodes {{ customer {{ {lines} }} }}"),
            ("proposals", "nodes { institution { ... on Node { id } ...p } }"),
        )
    )
    question = document(it, name, size(it), inside)
    if "...p" in inside:
        question.text += f" fragment p on Institution {{ {kept} }}"
    return question


def _literals(given: dict[str, Any]) -> str:
    told = ", ".join(f"{key}: {literal(value)}" for key, value in given.items())
    return f"({told})" if told else ""


def nulls(it: Generator) -> Question:
    """A null where a comparison, or a list of values, belongs; those that were not yet tried first."""
    places = [
        (name, of, within)
        for name in FILTERED
        for of, about in where_of(it, name).items()
        for within in ("", "in", "has")
        if not within or within in getattr(get_named_type(about.type), "fields", {})
    ]
    places.sort(key=lambda place: (it.asked[f"null {place[0]}", "".join(place[1:])], it.rng.random()))
    name, of, within = places[0]
    where: dict[str, Any] = {of: {within: None} if within else None}
    # The first of several is refused, and what it is compared with.
    more = [place for place in places[1:] if place[0] == name and not place[2] and place[1] != of]
    where |= {another: None for _, another, _ in more[: it.rng.choice([1, 3, 5])]}
    for one, compared in where.items():
        it.asked[f"null {name}", one + (within if compared else "")] += 1
    if it.chance(0.4):
        where = {it.rng.choice(["and", "or"]): [where]} if it.chance(0.6) else {"not": where}
    return document(it, name, size(it) | {"where": where})


def where_of(it: Generator, name: str) -> dict[str, Any]:
    """The fields of a list's filter."""
    kind: Any = get_named_type(it.query_type.fields[name].args["where"].type)
    return dict(kind.fields)


def many(it: Generator) -> Question:
    """More conditions, or more values, than a filter takes; or no list at all."""
    numbers = [f"C{n}" for n in range(101)]
    where: Any = it.rng.choice(
        (
            {"or": [{"number": {"eq": "C1"}} for _ in range(20)]},
            {"not": {"and": [{"ownerId": {}} for _ in range(30)]}},
            {"number": {"in": numbers}},
            {"name": {"has": ""}},
        )
    )
    return document(it, "customers", size(it) | {"where": where})


def ids(it: Generator) -> Question:
    """Of another table, of nothing, of no form; and of rows that the person may or may not see."""
    bad = [ABSENT, "unknown", "", "é", "Y3VzdG9tZXI6", it.values.id("staff"), it.values.id("customer"), 5]
    if it.chance(0.4):
        table = {"institutions": "parentId", "customers": "ownerId", "filings": "submittedToId",
                 "evaluations": "screeningId", "archives": "custodyCentreId", "invitations": "customerId",
                 "handovers": "witnessId", "whatIfs": "campaignId", "indicators": "ownerId"}  # fmt: skip
        name = it.rng.choice(list(table))
        op = it.rng.choice(["eq", "in"])
        value = str(it.rng.choice(bad))
        return document(it, name, size(it) | {"where": {table[name]: {op: [value] if op == "in" else value}}})
    name = it.rng.choice(["customer", "handover", "institution", "staffMember", "node"])
    return document(it, name, {"id": it.rng.choice(bad)})


def broken(it: Generator) -> Question:
    question = document(it, "me", {})
    question.text, question.variables = it.rng.choice(BROKEN), {}
    question.operation = None
    return question


def wrong(it: Generator) -> Question:
    question = document(it, "me", {})
    question.text, value = it.rng.choice(WRONG_VALUES)
    question.variables = {} if it.chance(0.1) else {"v": value}
    question.operation = None
    return question


def unseen(it: Generator) -> Question:
    """By a class that most people see in no row, or only with a purpose."""
    name = it.rng.choice(["customers", "evaluations", "memberships", "filings"])
    given: dict[str, Any] = size(it)
    match name:
        case "customers":
            of = it.rng.choice(["name", "spend", "loanBalance", "averageSavings"])
            compared = {"eq": "周明"} if of == "name" else {"currency": "CNY", "ge": "1.00"}
            given["where"] = {of: compared}
            if it.chance(0.5):
                given = size(it) | {
                    "orderBy": [Word(it.rng.choice(["NAME_ASC", "SPEND_DESC", "LOAN_BALANCE_ASC"]))]
                }
        case "evaluations":
            given["where"] = {"borderline": {"eq": True}}
        case "memberships":
            given["orderBy"] = [Word("TERM_ENDS_DESC")]
        case "filings":
            given["where"] = {"state": {"in": [Word("SUBMITTED")]}}
    if "purpose" in it.query_type.fields[name].args and it.chance(0.3):
        given["purpose"] = {"code": Word("ADVICE")}
    return document(it, name, given)


def cursors(it: Generator) -> Question:
    """Forged, cut, too long, or of another list or another person."""
    known = [cursor for kept in it.memory.values() for _, _, found in kept for cursor in found]
    forged = ["", "x", "é", "A" * 64, "A" * 3000, "bm90aGluZw"]
    if known:
        one = it.rng.choice(known)
        forged += [one, one, one[:-2], one[1:]]
    lists = [name for name, one in it.query_type.fields.items() if "first" in one.args]
    name = it.rng.choice([name for name in lists if name != "accessRecords"])
    size_, cursor = it.rng.choice([("first", "after"), ("last", "before")])
    return document(it, name, {size_: it.rng.choice([2, 50]), cursor: it.rng.choice(forged)})


def twice(it: Generator) -> Question:
    """One column to order by, named twice."""
    name, words = it.rng.choice(
        (
            ("customers", ["NUMBER_ASC", "NUMBER_DESC"]),
            ("institutions", ["CODE_ASC", "PATH_ASC", "CODE_ASC"]),
            ("filings", ["SUBMITTED_AT_ASC", "SUBMITTED_AT_DESC"]),
        )
    )
    return document(it, name, size(it) | {"orderBy": [Word(word) for word in words]})


def money(it: Generator) -> Question:
    """An amount that its currency cannot have, or a currency that nobody has."""
    compared = it.rng.choice(
        (
            {"currency": "CNY", "ge": "1.555"},
            {"currency": "JPY", "lt": "0.5"},
            {"currency": "ZZZ", "eq": "1"},
            {"currency": "cny", "le": "1.00"},
            {"currency": "ZZZ"},
            {"currency": "CNY", "gt": None},
        )
    )
    purpose = {"code": Word("REGULAR_REVIEW")}
    return document(it, "customers", size(it) | {"where": {"spend": compared}, "purpose": purpose})
