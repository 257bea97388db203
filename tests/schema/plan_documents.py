"""Documents whose plans are worth reading: each construct of the graph once, and who asks."""

from __future__ import annotations

from tests.schema.documents import PURPOSE

PLANS: dict[str, tuple[str, str]] = {
    "who am I": ("lin", "{ me { number name assignments { role institution { name } } } }"),
    "a page of numbers, by a manager": ("lin", "{ customers(first: 20) { nodes { id status { number } } } }"),
    "a page of numbers, by an officer of the hierarchy": (
        "officer",
        "{ customers(first: 20) { nodes { id status { number } } } }",
    ),
    "a page of numbers, by somebody without a seat": (
        "nobody",
        "{ customers(first: 20) { nodes { id status { number } } } }",
    ),
    "only a total": ("officer", "{ customers(first: 1) { totalCount } }"),
    "a page with its cursors and its total": (
        "officer",
        "{ customers(first: 20) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }",
    ),
    "the last page": ("officer", "{ customers(last: 20) { pageInfo { hasPreviousPage } nodes { id } } }"),
    "the page after a cursor": (
        "officer",
        "query ($after: String) { customers(first: 20, after: $after) { nodes { id } } }",
    ),
    "a name with its reason": (
        "lin",
        "{ customers(first: 20) { nodes { name { visibility reason { code remedy } value } } } }",
    ),
    "a name that no row shows": (
        "officer",
        "{ customers(first: 20) { nodes { name { visibility reason { code } value } } } }",
    ),
    "sealed cells and masks": (
        "lin",
        "{ customers(first: 20) { nodes { identity { number } contact { mobile address } } } }",
    ),
    "assets without a purpose": (
        "lin",
        "{ customers(first: 20) { nodes { assets { visibility band averageSavings12m { amount } } } } }",
    ),
    "assets with a purpose": (
        "lin",
        (
            f"{{ customers(first: 20) {{ nodes {{ assets(purpose: {PURPOSE}) {{ band averageSavings12m {{ amount currency }}"
            " asOf } } } }"
        ),
    ),
    "balances and loans below a section": (
        "lin",
        (
            f"{{ customers(first: 20, purpose: {PURPOSE}) {{ nodes {{ assets {{ balances {{ balance {{ amount }} day }}"
            " loans { number outstanding { amount } } } } } }"
        ),
    ),
    "assets that are denied": (
        "officer",
        (
            f"{{ customers(first: 20, purpose: {PURPOSE}) {{ nodes {{ assets {{ visibility balances {{ day }}"
            " loans { number } } } } }"
        ),
    ),
    "a page of transactions": (
        "lin",
        (
            f"{{ customers(first: 20) {{ nodes {{ transactions(first: 2, purpose: {PURPOSE}) {{ visibility totalCount"
            " nodes { day direction amount { amount } } pageInfo { hasNextPage endCursor } } } } }"
        ),
    ),
    "the deputy and the recused": (
        "luo",
        "{ customers(first: 20) { nodes { accounts { nodes { number } } } } }",
    ),
    "filtered by what everybody sees": (
        "lin",
        "query ($where: CustomerWhere) { customers(first: 20, where: $where) { totalCount nodes { id } } }",
    ),
    "filtered and sorted by figures": (
        "lin",
        (
            f"{{ customers(first: 20, purpose: {PURPOSE}, orderBy: [AVERAGE_SAVINGS_DESC],"
            ' where: {averageSavings: {currency: "CNY", ge: "123456.78"}}) { nodes { id } } }'
        ),
    ),
    "and, or, not and an empty in": (
        "officer",
        (
            '{ customers(first: 20, where: {or: [{number: {eq: "C1"}}, {not: {tier: {in: []}}},'
            ' {and: [{openedOn: {ge: "2020-01-01"}}, {openedOn: {le: "2026-01-01"}}]}]}) { nodes { id } } }'
        ),
    ),
    "my own customers": ("lin", "{ customers(first: 20, portfolio: MINE) { nodes { id } } }"),
    "my branch's customers": ("lin", "{ customers(first: 20, portfolio: BRANCH) { nodes { id } } }"),
    "one customer": (
        "lin",
        (
            "query ($id: ID!) { customer(id: $id) { id status { number tier manager { staff { name } } } name { value }"
            " owner { name } archive { number state } } }"
        ),
    ),
    "a node, by fragments": (
        "lin",
        "query ($id: ID!) { node(id: $id) { __typename id ... on Customer { name { value } } ... on Staff { number } } }",
    ),
    "aliases, fragments and merging": (
        "lin",
        (
            "{ all: customers(first: 20) { rows: nodes { ...a ...b } nodes { __typename } } }"
            " fragment a on Customer { name { value } } fragment b on Customer { name { visibility } owner { name } }"
        ),
    ),
    "institutions within institutions": (
        "nobody",
        "{ institutions(first: 20) { nodes { code level children(first: 5) { totalCount nodes { code } } } } }",
    ),
    "there and back": (
        "lin",
        "{ customers(first: 5) { nodes { membership { customer { archive { customer { status { number } } } } } } } }",
    ),
    "filings before their recorder": (
        "bai",
        (
            f"{{ filings(first: 20) {{ nodes {{ state customer {{ name {{ value }} assets(purpose: {PURPOSE})"
            " { visibility } } } } }"
        ),
    ),
    "filings of others": (
        "lin",
        (
            f"{{ filings(first: 20) {{ nodes {{ state customer {{ name {{ value }} assets(purpose: {PURPOSE})"
            " { visibility } } } } }"
        ),
    ),
    "an exception with what was missed, before its approver": (
        "deng",
        (
            "{ exceptionCases(first: 20) { nodes { state category grounds { submitted } customer { name { value } }"
            " shortfalls { kind short { amount } } } } }"
        ),
    ),
    "members without a full-time manager": (
        "han",
        "{ memberships(first: 20, where: {unserved: {eq: true}}) { totalCount nodes { state managerStanding termEnds } } }",
    ),
    "my own work": (
        "lin",
        (
            "{ workItems(first: 20, portfolio: MINE, orderBy: [DUE_ON_ASC]) { nodes { kind dueOn note"
            " customer { status { number } } } } }"
        ),
    ),
    "filings that wait for their recorder": (
        "bai",
        "{ filingsToRecord(first: 20) { totalCount nodes { submittedAt customer { name { value } } } } }",
    ),
    "merges that wait for an officer above both": (
        "wu",
        "{ customerMergesToDecide(first: 20) { totalCount nodes { state reason goneNumber } } }",
    ),
    "campaigns with what they are today": (
        "nobody",
        (
            "{ campaigns(first: 20, where: {phase: {in: [EFFECTIVE, APPROVED]}}) { nodes { code phase effectiveTo"
            " thresholds { kind threshold { amount currency } } } } }"
        ),
    ),
    "a handover with its lines": (
        "lin",
        (
            "{ handovers(first: 20) { nodes { state at giver { name } lines(first: 5) { totalCount"
            " nodes { customer { status { number } } } } } } }"
        ),
    ),
    "standards with codes and money": (
        "nobody",
        (
            "{ standards(first: 20) { nodes { code spendKinds effectiveFrom criteria { kind threshold { amount currency }"
            " } } } }"
        ),
    ),
}
"""A title, who asks (tests/cast.py), and the document."""
