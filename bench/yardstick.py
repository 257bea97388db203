"""How fast this machine is beside the one for which design aims in milliseconds were set.

    python -m bench.yardstick

The yardstick is a decision of pycasbin itself among 111 rules, built as the design notes built theirs, with the same
release of it: an interpreter at work, as whatever is measured beside it. It took 386 us there. Beside it stands what
graphql-core takes for a field that is an attribute, 2.9 us there, by which this machine may be another.
"""

from __future__ import annotations

import time
from typing import Any

import casbin
import click
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    execute_sync,
    parse,
)

THERE = 386.0
"""Microseconds that the decision took on the machine of the design notes."""
A_FIELD_THERE = 2.9
"""Microseconds that graphql-core took there for a field."""
FIELDS = 2000
OTHERS = 100
IN_A_ROW = 5
MODEL = """
[request_definition]
r = sub, obj, act, scope
[policy_definition]
p = sub, obj, act, scope
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act && (p.scope == "subtree" || p.scope == r.scope)
"""
RULES = (
    ("staff", "customer", "read", "subtree"),
    ("staff", "card", "read", "subtree"),
    ("manager", "asset", "read", "own"),
    ("supervisor", "asset", "read", "own"),
    ("manager", "archive", "read", "subtree"),
    ("supervisor", "archive", "read", "subtree"),
    ("compliance", "archive", "read", "subtree"),
    ("supervisor", "stats", "read", "subtree"),
    ("analyst", "stats", "read", "subtree"),
    ("clerk", "card_stock", "move", "own"),
    ("supervisor", "card_stock", "review", "own"),
)
DENIED = ("analyst", "card_stock", "review", "own")
"""Every rule is looked at before this is denied."""


class Yardstick:
    def __init__(self) -> None:
        model = casbin.Model()
        model.load_model_from_text(MODEL)
        self._enforcer: Any = casbin.Enforcer(model)
        for number in range(OTHERS):
            self._enforcer.add_policy(f"partner{number % 20}", f"service{number}", "read", "subtree")
        for rule in RULES:
            self._enforcer.add_policy(*rule)
        for role in ("manager", "supervisor", "clerk", "compliance", "analyst"):
            self._enforcer.add_grouping_policy(role, "staff")

    def read(self) -> float:
        """Microseconds of one decision just now, when it was asked some times in a row, as it was there."""
        return min(self._once() for _ in range(IN_A_ROW))

    def _once(self) -> float:
        begun = time.perf_counter()
        allowed = self._enforcer.enforce(*DENIED)
        took = (time.perf_counter() - begun) * 1e6
        if allowed:
            raise RuntimeError("the yardstick's policy does not say what it should")
        return took


class Row:
    name = "x"


def a_field() -> float:
    """Microseconds that graphql-core takes for a field, the best of five runs."""
    kind = GraphQLObjectType("Row", {"name": GraphQLField(GraphQLString)})
    graph = GraphQLSchema(GraphQLObjectType("Query", {"rows": GraphQLField(GraphQLList(kind))}))
    document, rows = parse("{ rows { name } }"), {"rows": [Row() for _ in range(FIELDS)]}
    found = []
    for _ in range(IN_A_ROW):
        begun = time.perf_counter()
        execute_sync(graph, document, root_value=rows)
        found.append((time.perf_counter() - begun) * 1e6 / FIELDS)
    return min(found)


@click.command()
def main() -> None:
    """Print both measures, there and here."""
    for title, there, here in (
        ("pycasbin, a decision among 111 rules", THERE, Yardstick().read()),
        ("graphql-core, a field", A_FIELD_THERE, a_field()),
    ):
        click.echo(f"{title}: {there:,.1f} us there, {here:,.1f} us here, {here / there:.2f} times")


if __name__ == "__main__":
    main()
