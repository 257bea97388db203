"""Where the rows of a level stand in the statement: within the row above on PostgreSQL, beside it on SQLite.

PostgreSQL reads each list for its own parent row, so that an index and a LIMIT serve it. SQLite's parser has a stack of
a hundred symbols, which a few lists within lists fill; there every level is a common table expression of its own, its
rows are read for all parents at once, and the nesting of a statement does not grow with the document's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from desk.gate.levels import Level


@cache
def _of_others(number: int) -> re.Pattern[str]:
    """Finds values of the rows of other levels. It begins with a letter, which `re` finds faster than the edge of a word."""
    return re.compile(rf"q(?<=\bq)(?!{number}\.)[0-9]+\.[a-z]+[0-9]*")


class Placing(Protocol):
    def row(self, level: Level, text: str) -> str:
        """SQL for the text of the level's one row; NULL where there is none."""

    def rows(self, level: Level, columns: list[str], limit: int) -> str:
        """SQL, as a table, for the rows of the level with these columns, in order where the dialect needs it."""

    def statement(self, text: str) -> str:
        """The whole statement that selects `text`."""


class Within:
    """PostgreSQL: a subquery within the row above."""

    def row(self, level: Level, text: str) -> str:
        return f"(SELECT {text} FROM ({level.single()}) q{level.number})"

    def rows(self, level: Level, columns: list[str], limit: int) -> str:
        shown = ", ".join([f"q{level.number}.n AS n", *columns])
        return f"(SELECT {shown} FROM ({level.page(limit)}) q{level.number})"

    def statement(self, text: str) -> str:
        return f"SELECT {text}"


@dataclass(slots=True)
class _Stand:
    level: Level
    columns: list[str]
    limit: int


@dataclass(slots=True)
class Beside:
    """SQLite: `q<n>` are the rows of a level and `t<n>` their texts; `k` is a row's key, `p` its parent's."""

    stands: dict[int, _Stand] = field(default_factory=dict)

    def row(self, level: Level, text: str) -> str:
        self.stands[level.number] = _Stand(level, [f"{text} AS r0"], 1)
        return f"(SELECT t{level.number}.r0 FROM t{level.number}{self._of_parent(level)})"

    def rows(self, level: Level, columns: list[str], limit: int) -> str:
        self.stands[level.number] = _Stand(level, columns, limit)
        way = " DESC" if level.backwards else ""
        # group_concat takes the rows as they come; with a LIMIT, SQLite keeps the order below it.
        return f"(SELECT * FROM t{level.number}{self._of_parent(level)} ORDER BY t{level.number}.n{way} LIMIT -1)"

    def _of_parent(self, level: Level) -> str:
        return f" WHERE t{level.number}.p = q{level.above.number}.k" if level.above else ""

    def statement(self, text: str) -> str:
        numbers = sorted(self.stands)
        # From below: what a level needs of the rows above it is known when its own are written.
        texts = [self._texts(self.stands[number]) for number in reversed(numbers)]
        tables = [self._rows(self.stands[number]) for number in reversed(numbers)]
        parts = [*reversed(tables), *texts]
        return f"WITH {', '.join(parts)} SELECT {text}" if parts else f"SELECT {text}"

    def _rows(self, stand: _Stand) -> str:
        level = stand.level
        if level.above is None:
            inner = f"SELECT i.*, 0 AS p FROM ({level.page(stand.limit)}) i"
        else:
            page = _carried(level.page_of_all(), level.above)
            inner = f"SELECT i.* FROM ({page}) i WHERE i.n <= {stand.limit}"
        return f"q{level.number} AS MATERIALIZED (SELECT j.*, ROW_NUMBER() OVER () AS k FROM ({inner}) j)"

    def _texts(self, stand: _Stand) -> str:
        number = stand.level.number
        columns = ", ".join([f"q{number}.p AS p", f"q{number}.n AS n", *stand.columns])
        return f"t{number} AS MATERIALIZED (SELECT {_carried(columns, stand.level)} FROM q{number})"


def _carried(text: str, level: Level) -> str:
    """The text with what it says of rows further out taken from the level's own row, which carries it along.

    Joining those rows again would do, but SQLite copies a table expression for each mention of it, and those that it
    mentions with it: the statement would double with every level.
    """
    other = level.above
    while other is not None and f"q{other.number}." not in text:
        other = other.above
    if other is None:
        return text
    return _of_others(level.number).sub(lambda found: level.column(found[0]), text)
