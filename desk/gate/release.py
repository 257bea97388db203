"""What one read gives out: the database's JSON with its marks replaced, and the count of what was shown.

Between two marks the database leaves what it cannot write: a sealed cell (`s`), a cursor (`c`), who a row is and where
he stands (`r`), and a promise that cannot be kept (`!`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from authz import Basis, DataClass, Visibility
from desk.gate.compiling import SECRET, Floor, Program
from desk.gate.cursors import seal
from desk.gate.pen import CLOSE, OPEN
from desk.gate.view import View
from desk.selection import Param, Purpose
from models.vault import vault


class PromiseBroken(Exception):
    """A cell that the graph calls non-null may not be shown: the policy and the graph do not fit each other."""


@dataclass(slots=True)
class Release:
    """What one root read gave out: cells by class and visibility, rows by table, and on which bases."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: dict[str, set[str]] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    bases: set[tuple[str, str]] = field(default_factory=set)
    purposes: set[tuple[str, str]] = field(default_factory=set)
    probed: set[str] = field(default_factory=set)
    """Confidential classes by which a list was filtered or ordered: who is on it, and who is not, tells of them."""

    @property
    def confidential(self) -> bool:
        return bool(self.probed) or any(
            visibility == Visibility.VISIBLE and DataClass(name) in SECRET
            for (name, visibility), count in self.cells.items()
            if count
        )


@dataclass(slots=True)
class Reading:
    """One answer being read out."""

    program: Program
    view: View
    values: Sequence[Sequence[Any]]
    release: Release = field(default_factory=Release)

    def told(self, text: str) -> str:
        """The JSON as it goes out. What the rows tell of themselves is counted on the way."""
        for floor in self.program.floors:
            self.release.probed.update(floor.probed)
        first, *pieces = text.split(OPEN)
        if not pieces:
            return first
        out = [first]
        rows: list[str] = []
        for piece in pieces:
            head, _, rest = piece.partition(CLOSE)
            match head[0]:
                case "r":
                    rows.append(head)
                case "s":
                    out.append(self._opened(head))
                case "c":
                    out.append(self._cursor(head))
                case _:
                    raise PromiseBroken("A cell of a non-null field may not be shown to this reader.")
            out.append(rest)
        self._count(rows)
        return "".join(out)

    def _opened(self, head: str) -> str:
        number, row, cipher = head[1:].split(":")
        table, name = self.program.sealed[int(number)]
        plain = vault().open(table, name, UUID(row), bytes.fromhex(cipher))
        return orjson.dumps(plain).decode()

    def _cursor(self, head: str) -> str:
        number, _, keys = head[1:].partition(":")
        floor = self.program.floors[int(number)]
        return f'"{seal(orjson.loads(keys), self.bound_to(floor))}"'

    def bound_to(self, floor: Floor) -> str:
        """What a cursor is good for: this person, this table, this filter with its values, this order."""
        given = [self.values[param.ask][param.place] for param in floor.bound_values]
        return repr((self.view.actor.staff_id, floor.bound, given))

    def _count(self, rows: list[str]) -> None:
        by_floor: dict[str, list[tuple[str, str]]] = {}
        for head in rows:
            floor, row, *places = head[1:].split(":")
            by_floor.setdefault(floor, []).append((row, places[0] if places else ""))
        for number, found in by_floor.items():
            self._count_floor(self.program.floors[int(number)], found)

    def _count_floor(self, floor: Floor, rows: list[tuple[str, str]]) -> None:
        release = self.release
        ids = {row for row, _ in rows}
        release.rows.setdefault(floor.table, set()).update(ids)
        if floor.table == "customer":
            release.customers |= ids
        for source in floor.purposes:
            purpose = self.values[source.ask][source.place] if isinstance(source, Param) else source
            assert isinstance(purpose, Purpose)
            release.purposes.add((purpose.code, purpose.text))
        for places, count in Counter(places for _, places in rows).items():
            numbers = [int(number) for number in places.split(",")] if places else []
            for counted in floor.counted:
                rung = counted.rungs[numbers.pop(0) if counted.varies else 0]
                release.cells[counted.data_class, rung.visibility] += count
        if floor.walks:
            release.bases |= {(Basis.FILING.value, row) for row, places in rows if places.endswith("1")}
