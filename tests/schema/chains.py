"""Chains: from a root field from row to row, by every relation that the graph has, to a given number of rows."""

from __future__ import annotations

import random
from collections.abc import Container, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from graphql import get_named_type, is_leaf_type

from tests.schema.documents import arguments
from tests.schema.walking import GRAPH, below, is_many, is_node, root

ELSEWHERE = frozenset({"node", "accessRecords"})
BY_ID = frozenset(name for name, field in root("Query").items() if "id" in field.args) - ELSEWHERE
"""A node begins the same chains as the row's own list; a record of the trail leads nowhere."""


class Hop(NamedTuple):
    """One relation: from which type, by which fields (a section or a page on the way), to which type."""

    start: str
    fields: tuple[str, ...]
    end: str


Chain = tuple[Hop, ...]


def _hops(start: str, kind: Any, fields: tuple[str, ...] = (), seen: tuple[str, ...] = ()) -> Iterator[Hop]:
    for name, field in kind.fields.items():
        if name == "edges" or (not fields and kind is GRAPH.query_type and name in ELSEWHERE):
            continue
        for found in below(field):
            if is_node(found):
                yield Hop(start, (*fields, name), found.name)
            elif found.name not in seen:
                yield from _hops(start, found, (*fields, name), (*seen, kind.name))


@cache
def hops(start: str) -> tuple[Hop, ...]:
    """All that lead on from a type; from `Query`, all beginnings."""
    return tuple(_hops(start, GRAPH.type_map[start]))


def chains(rows: int) -> list[Chain]:
    """All of so many rows, and the shorter ones that lead no further."""
    found: list[Chain] = [(hop,) for hop in hops("Query")]
    for _ in range(rows - 1):
        found = [longer for chain in found for longer in _longer(chain)]
    return found


def _longer(chain: Chain) -> list[Chain]:
    return [(*chain, hop) for hop in hops(chain[-1].end)] or [chain]


def sampled(all_of: int, rows: int, seed: int) -> list[Chain]:
    """Every chain of `all_of` rows, gone on with at random to `rows`, or to where it ends; every hop is in the last two."""
    rng = random.Random(seed)

    def gone_on(chain: Chain) -> Chain:
        while len(chain) < rows and (further := hops(chain[-1].end)):
            chain = (*chain, rng.choice(further))
        return chain

    found = [gone_on(chain) for chain in chains(all_of)]
    missing = edges(chains(rows)) - edges(found, all_of)
    everything = chains(rows)
    rng.shuffle(everything)
    for chain in everything:
        new = missing & edges([chain], all_of)
        if new:
            found.append(chain)
            missing -= new
    return found


def edges(found: Sequence[Chain], after: int = 0) -> set[Hop]:
    """The hops of these chains, those of their first `after` rows left out."""
    return {hop for chain in found for hop in chain[after:] if hop.start != "Query"}


def width(chain: Chain) -> int:
    """How much its document asks, in characters of the rows' own cells."""
    return sum(len(_cells(hop.end, True)) for hop in chain)


def document(chain: Chain, purpose: bool, whole_rows: Container[int] = range(100)) -> str:
    """Asks for all cells of these rows, of others for their ids. A root field that takes an id takes `$id`."""
    first, *rest = chain
    field = root("Query")[first.fields[0]]
    by_id = first.fields[0] in BY_ID
    head = "query ($id: ID!) " if by_id else ""
    asked = arguments(field, {"id": "$id"} if by_id else {}, purpose and by_id)
    text = _row(first.end, rest, purpose, [number in whole_rows for number in range(len(chain))])
    for name in reversed(first.fields[1:]):
        text = f"{{ {name} {text} }}"
    return f"{head}{{ {first.fields[0]}{asked} {text} }}"


def _row(kind: str, rest: Sequence[Hop], purpose: bool, wholes: Sequence[bool]) -> str:
    cells = _cells(kind, purpose) if wholes[0] else "__typename id"
    if not rest:
        return f"{{ {cells} }}"
    hop, *further = rest
    below = _row(hop.end, further, purpose, wholes[1:])
    return f"{{ {cells} {_way(GRAPH.type_map[kind], hop.fields, below, purpose)} }}"


def _way(kind: Any, fields: tuple[str, ...], row: str, purpose: bool) -> str:
    name, *more = fields
    field = kind.fields[name]
    if more:
        on_the_way = get_named_type(field.type)
        # Rows without ids are one cell of the row that they hang on, so they are always asked whole.
        own = _cells(on_the_way.name, purpose) if is_many(field) and not is_node(on_the_way) else ""
        row = f"{{ {own} {_way(on_the_way, tuple(more), row, purpose)} }}"
    return f"{name}{arguments(field, {}, purpose)} {row}"


@cache
def _cells(kind: str, purpose: bool) -> str:
    """All that is the row's own; of related rows their ids."""

    def text(one: Any) -> str:
        found = ["__typename"]
        for name, field in one.fields.items():
            named = get_named_type(field.type)
            asked = f"{name}{arguments(field, {}, purpose)}"
            if is_leaf_type(named):
                found.append(asked)
            elif named.name == "Reason":
                found.append(f"{asked} {{ __typename code }}")  # its words follow from its code
            elif is_node(named):
                found.append(f"{asked} {{ __typename id }}")
            elif name != "edges":
                found.append(f"{asked} {text(named)}")
        return f"{{ {' '.join(found)} }}"

    return text(GRAPH.type_map[kind])[1:-1].strip()
