"""Cells met by many paths: what each showed when it was first met, and chains walked to meet them again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import validate

from authz import Policy
from desk.desk import Desk
from schema import schema
from schema.context import Context
from schema.scalars import global_id
from tests.conftest import NOW
from tests.schema.chains import Chain, document
from tests.schema.conftest import parse_once
from tests.schema.walking import GRAPH, table_of
from tests.schema.whole import Whole

DECIDERS = {"bai": "Filing", "deng": "ExceptionCase"}
"""To whom an open case shows more: chains through such cases are not for them (the tests of open cases are)."""
Cell = tuple[str, str, str]
"""Type, id, field."""


async def asked(desk: Desk, document: str, **variables: Any) -> dict[str, Any]:
    answer = await schema.execute(document, variable_values=variables, context_value=Context(desk))
    unforeseen = [error for error in answer.errors or () if not getattr(error.original_error, "code", "")]
    assert not unforeseen, unforeseen
    return answer.data or {}


def cells(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[Cell, str, tuple[str, ...]]]:
    """Every cell of every row in an answer, with the path on which it was met."""
    if isinstance(value, list):
        for one in value:
            yield from cells(one, path)
    if not isinstance(value, dict):
        return
    if "id" in value:
        for name, shown in own(value):
            yield (value["__typename"], value["id"], name), shown, path
    for name, below in value.items():
        yield from cells(below, (*path, name))


def own(row: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The cells of a row or of a section of it; that a section is there is a cell as well."""
    for name, shown in row.items():
        if name.startswith("__") or name.endswith("ursor"):
            continue  # a cursor is of its own list
        if isinstance(shown, dict) and "id" not in shown:
            yield f"{prefix}{name}", "a section"
            yield from own(shown, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", shallow(shown)


def shallow(value: Any) -> str:
    """A cell as a text: a related row by its id, a list by all of these. What related rows show are cells of their own."""

    def plain(one: Any) -> Any:
        if isinstance(one, list):
            return [plain(item) for item in one]
        if isinstance(one, dict):
            if "id" in one:
                return one["id"]
            return {name: plain(item) for name, item in one.items() if not name.endswith("ursor")}
        return one

    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True)


class Seen:
    """The first answer for each cell, and the paths that gave another one."""

    def __init__(self) -> None:
        self.first: dict[Cell, tuple[str, tuple[str, ...]]] = {}
        self.paths: dict[str, set[tuple[str, ...]]] = {}
        self.compared = 0

    def add(self, data: Any) -> None:
        for cell, shown, path in cells(data):
            self.paths.setdefault(cell[0], set()).add(path)
            if cell not in self.first:
                self.first[cell] = (shown, path)
                continue
            known, where = self.first[cell]
            self.compared += 1
            assert shown == known, f"{cell}\nby {'.'.join(where)}: {known}\nby {'.'.join(path)}: {shown}"


class Walk:
    """Chains asked for by several people; what each saw, without a purpose and with one."""

    def __init__(self, whole: Whole, desks: Mapping[str, Desk]) -> None:
        self.whole, self.desks, self.documents = whole, desks, 0
        self.known: set[Chain] = set()
        self.seen = {(actor, purpose): Seen() for actor in desks for purpose in (False, True)}

    @classmethod
    async def of(cls, policy: Policy, whole: Whole, *actors: str) -> Walk:
        return cls(
            whole, {actor: await Desk.take(policy, whole.cast.staff[actor].id, NOW) for actor in actors}
        )

    @property
    def compared(self) -> int:
        return sum(one.compared for one in self.seen.values())

    async def walk(self, walked: Sequence[Chain]) -> None:
        """The first person asks for every chain with a purpose; the others take turns, every second time without one.

        A row is asked whole when it is first come to by its path, later as a station on the way.
        """
        first, *others = self.desks
        for number, chain in enumerate(walked):
            turns = [(first, True)]
            if others:
                turn, place = divmod(number, len(others))
                turns.append((others[place], turn % 2 == 0))
            paths = [chain[: row + 1] for row in range(len(chain))]
            new = {row for row, path in enumerate(paths) if path not in self.known} | {len(chain) - 1}
            self.known |= set(paths)
            for actor, purpose in turns:
                await self._ask(chain, new, number, actor, purpose)

    async def _ask(self, chain: Chain, new: set[int], number: int, actor: str, purpose: bool) -> None:
        if any(hop.end == DECIDERS.get(actor) for hop in chain):
            return
        text = document(chain, purpose, new)
        if number % 20 == 0:
            assert not validate(GRAPH, parse_once(text)), text
        variables = {}
        if "$id" in text:
            table = table_of(GRAPH.type_map[chain[0].end])
            ids = list(self.whole.ids[table].values())
            variables["id"] = global_id(table, ids[number % len(ids)])
        self.seen[actor, purpose].add(await asked(self.desks[actor], text, **variables))
        self.documents += 1
