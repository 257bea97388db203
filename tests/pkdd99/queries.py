"""The documents that are asked of the graph, and answers put into one order so that they can be compared whole."""

from __future__ import annotations

from typing import Any

PURPOSE = "purpose: {code: REGULAR_REVIEW}"

_WHY = "visibility reason { code }"
_MONEY = "{ amount currency }"
_SECTIONS = {
    "status": "number tier openedOn manager { staff { number } }",
    "name": "value",
    "identity": "kind number",
    "contact": "mobile address",
    "personal": "gender birthDate nationality",
    "accounts": "nodes { number kind currency openedOn institution { code } }",
    "assets": f"""band averageSavings12m {_MONEY} loanBalance {_MONEY} spend12m {_MONEY} asOf
        balances {{ accountNumber balance {_MONEY} day importId }}
        loans {{ number outstanding {_MONEY} principal {_MONEY} grantedOn classification overdue {_MONEY} standingAsOf }}""",
}
_FIGURES = f"""averageSavings {_MONEY} loanBalance {_MONEY} goodStanding spend {_MONEY} criteriaMet borderline missing"""
_LINE = f"""reference accountNumber day direction kind amount {_MONEY} balanceAfter {_MONEY} summary counterpartyBank"""
_LINES = f"totalCount nodes {{ {_LINE} }} pageInfo {{ hasNextPage endCursor }}"


def _twice(name: str, cells: str) -> str:
    """A section asked twice under two aliases: without a purpose, and with one."""
    return f"{name}_0: {name} {{ {_WHY} {cells} }} {name}_1: {name}({PURPOSE}) {{ {_WHY} {cells} }}"


CELLS = f"""
fragment cells on Customer {{
  id owner {{ code }}
  status_0: status {{ {_WHY} {_SECTIONS["status"]} }}
  {" ".join(_twice(name, cells) for name, cells in _SECTIONS.items() if name != "status")}
  ...lines ...work
}}
fragment lines on Customer {{
  transactions_0: transactions(first: 1) {{ {_WHY} {_LINES} }}
  transactions_1: transactions(first: $lines, {PURPOSE}) {{ {_WHY} {_LINES} }}
}}
fragment work on Customer {{
  membership {{ state tier filings {{ state submittedTo {{ code }} submittedBy {{ number }} decidedBy {{ number }} }} }}
  archive {{ state custodyCentre {{ code }} servicing {{ code }} }}
  evaluation {{ passed asOf standard {{ code }}
    figures_0: figures {{ {_WHY} {_FIGURES} }} figures_1: figures({PURPOSE}) {{ {_WHY} {_FIGURES} }} }}
}}
"""
LISTED = f"""
query ($first: Int, $after: String, $lines: Int!) {{
  customers(first: $first, after: $after) {{
    totalCount edges {{ node {{ ...cells }} }} pageInfo {{ hasNextPage endCursor }} }}
}}
{CELLS}
"""
BEFORE_ME = f"""
query ($first: Int, $after: String, $lines: Int!) {{
  filings(first: $first, after: $after, where: {{state: {{eq: SUBMITTED}}}}) {{
    totalCount nodes {{ id version customer {{ ...cells }} }} pageInfo {{ hasNextPage endCursor }} }}
}}
{CELLS}
"""
MORE_LINES = f"""
query ($id: ID!, $after: String) {{
  customer(id: $id) {{ transactions(first: 100, after: $after, {PURPOSE}) {{ nodes {{ {_LINE} }} pageInfo {{ hasNextPage endCursor }} }} }}
}}
"""
ONE = "query ($id: ID!) { customer(id: $id) { id status { number } } }"
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
COUNT = "{ customers(first: 1) { totalCount } memberships(first: 1) { totalCount } filings(first: 1) { totalCount } archives(first: 1) { totalCount } evaluations(first: 1) { totalCount } }"
FOUND = """
query ($where: CustomerWhere, $order: [CustomerOrder!], $portfolio: Portfolio! = REACH, $purpose: PurposeInput, $after: String) {
  customers(first: 100, after: $after, where: $where, orderBy: $order, portfolio: $portfolio, purpose: $purpose) {
    totalCount nodes { status { number } } pageInfo { hasNextPage endCursor } }
}
"""

EVALUATED = """
query ($where: EvaluationWhere, $order: [EvaluationOrder!], $purpose: PurposeInput) {
  evaluations(first: 1, where: $where, orderBy: $order, purpose: $purpose) { totalCount nodes { passed } }
}
"""


def several(count: int) -> str:
    """Some customers by id in one document: `customer` and `node` of each, under aliases."""
    variables = " ".join(f"$i{n}: ID!" for n in range(count))
    fields = " ".join(
        f"c{n}: customer(id: $i{n}) {{ ...cells }} n{n}: node(id: $i{n}) {{ __typename id ... on Customer {{ status {{ number }} }} }}"
        for n in range(count)
    )
    return f"query ({variables} $lines: Int!) {{ {fields} }} {CELLS}"


def canonical(node: dict[str, Any]) -> dict[str, Any]:
    """A customer's cells with lists in a fixed order. An import's id differs by run: only that it is there counts."""
    node = {name: value for name, value in node.items() if name != "id"}
    for says in "01":
        node[f"accounts_{says}"]["nodes"].sort(key=lambda account: account["number"])
        assets = node[f"assets_{says}"]
        for balance in assets["balances"]:
            balance["importId"] = balance["importId"] is not None
        assets["balances"].sort(key=lambda balance: balance["accountNumber"])
        assets["loans"].sort(key=lambda loan: loan["number"])
        lines = node[f"transactions_{says}"]
        lines.pop("pageInfo", None)
        lines["nodes"].sort(key=lambda line: (line["day"], int(line["reference"])))
        if node["evaluation"] is not None and node["evaluation"][f"figures_{says}"]["criteriaMet"]:
            node["evaluation"][f"figures_{says}"]["criteriaMet"].sort()
    return node
