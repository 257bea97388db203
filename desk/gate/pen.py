"""The pen: JSON as SQL text in two dialects. Every expression it writes is text and never NULL.

Between U+001E and U+001F stand the few things that the database cannot write itself (desk/gate/release.py); JSON never
holds these characters raw, so what is data cannot be taken for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import TypeAlias, TypeVar

import orjson

from models.money import MINOR_UNITS

OPEN, CLOSE = "\x1e", "\x1f"
DATE = '\\"YYYY-MM-DD\\"'
MOMENT = '\\"YYYY-MM-DD"T"HH24:MI:SS"+00:00"\\"'
MOMENT_WITH_MICROSECONDS = '\\"YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\\"'
WORDS_KEPT = 4096
"""Words as JSON. The keys are whatever people call their fields, so there is no end of them."""
T = TypeVar("T")
Names: TypeAlias = tuple[tuple[str, str], ...]
MOST_PIECES = 80
"""PostgreSQL's functions take a hundred arguments, SQLite's expressions have a greatest depth."""
WHOLE_CURRENCIES = ", ".join(f"'{code}'" for code, digits in sorted(MINOR_UNITS.items()) if digits == 0)


class Literal(str):
    """JSON text that is known while the statement is written."""

    __slots__ = ()


CLOSED, NO_KEYS = Literal("}"), Literal("{}")


def quoted(text: str) -> str:
    """A constant as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


class Pen:
    """Writes for one dialect. Piece: a `Literal` of JSON, or SQL that gives text."""

    def __init__(self, postgres: bool) -> None:
        self.postgres = postgres

    def joined(self, pieces: Sequence[str]) -> str:
        """The pieces one after another, as one SQL expression."""
        merged: list[str] = []
        known = ""
        for piece in pieces:
            if type(piece) is Literal:
                known += piece
                continue
            if known:
                merged.append(quoted(known))
                known = ""
            merged.append(piece)
        if known or not merged:
            merged.append(quoted(known))
        while len(merged) > MOST_PIECES:
            merged = [
                self._side_by_side(merged[n : n + MOST_PIECES]) for n in range(0, len(merged), MOST_PIECES)
            ]
        return self._side_by_side(merged)

    def _side_by_side(self, texts: Sequence[str]) -> str:
        if len(texts) == 1:
            return texts[0]
        return f"concat({', '.join(texts)})" if self.postgres else f"({' || '.join(texts)})"

    def cell(self, expression: str, kind: str, nullable: bool) -> str:
        """A value of one of the types of desk/gate/columns.py."""
        found = self._cell(expression, kind)
        return f"coalesce({found}, 'null')" if nullable else found

    def _cell(self, expression: str, kind: str) -> str:
        if kind == "bool":
            return f"CASE WHEN {expression} THEN 'true' WHEN NOT {expression} THEN 'false' END"
        if self.postgres:
            return self._postgres(expression, kind)
        match kind:
            case "int":
                return f"CAST({expression} AS TEXT)"
            case "uuid" | "date":
                return f"('\"' || {expression} || '\"')"
            case "datetime":
                return f"('\"' || replace({expression}, ' ', 'T') || '\"')"
        return f"json_quote({expression})"

    def _postgres(self, expression: str, kind: str) -> str:
        match kind:
            case "int":
                return f"({expression})::text"
            case "uuid":
                return f"('\"' || ({expression})::text || '\"')"
            case "date":
                return f"to_char({expression}, '{DATE}')"
            case "datetime":
                whole = f"date_trunc('second', {expression}) = {expression}"
                return (
                    f"to_char({expression} AT TIME ZONE 'UTC',"
                    f" CASE WHEN {whole} THEN '{MOMENT}' ELSE '{MOMENT_WITH_MICROSECONDS}' END)"
                )
        return f"to_json(({expression})::text)::text"

    def opaque_id(self, table: str, expression: str) -> str:
        """The global id of a row (models/ids.py)."""
        if self.postgres:
            name = quoted(f"{table}:")
            return (
                f"('\"' || translate(rtrim(encode(convert_to({name}, 'UTF8') || uuid_send({expression}),"
                " 'base64'), '='), '+/', '-_') || '\"')"
            )
        return f"('\"' || global_id({quoted(table)}, {expression}) || '\"')"

    def coded(self, expression: str, names: Names, nullable: bool) -> str:
        """A code under its name. A code without a name is null: the tables do not let one in."""
        whens = _renaming(names)
        if not whens:
            return self.cell(expression, "", nullable)
        return f"CASE {expression} {whens} ELSE 'null' END"

    def codes(self, expression: str) -> str:
        """Comma-separated codes as a list of strings."""
        whole = self.cell(expression, "", nullable=False)
        return (
            f"CASE WHEN {expression} IS NULL THEN 'null' WHEN {expression} = '' THEN '[]'"
            f" ELSE '[' || replace({whole}, ',', '\",\"') || ']' END"
        )

    def amount(self, minor: str, currency: str) -> str:
        """Minor units as a decimal string in the currency's own digits; NULL where either is."""
        if self.postgres:
            return (
                f"('\"' || CASE WHEN {currency} IN ({WHOLE_CURRENCIES}) THEN ({minor})::text"
                f" ELSE (({minor})::numeric * 0.01)::text END || '\"')"
            )
        return (
            f"('\"' || CASE WHEN {currency} IN ({WHOLE_CURRENCIES}) THEN CAST({minor} AS TEXT)"
            f" ELSE (CASE WHEN {minor} < 0 THEN '-' ELSE '' END) || (abs({minor}) / 100) || '.'"
            f" || substr('0' || (abs({minor}) % 100), -2) END || '\"')"
        )

    def gathered(self, text: str, number: str, descending: bool) -> str:
        """The texts of all rows with commas between, in the order of their numbers; '' where there is none."""
        if self.postgres:
            way = " DESC" if descending else ""
            return f"coalesce(string_agg({text}, ',' ORDER BY {number}{way}), '')"
        # SQLite 3.40 knows no ORDER BY inside: the rows come ordered from below.
        return f"coalesce(group_concat({text}, ','), '')"

    def numbered(self, number: str, text: str) -> str:
        """A text that sorts by its row's number and of which `substr(..., 5)` is the text itself."""
        if self.postgres:
            return f"lpad(({number})::text, 4, '0') || {text} COLLATE \"C\""
        return f"printf('%04d', {number}) || {text}"

    def number(self, expression: str) -> str:
        return f"({expression})::text" if self.postgres else f"CAST({expression} AS TEXT)"

    def hexadecimal(self, expression: str) -> str:
        return f"encode({expression}, 'hex')" if self.postgres else f"hex({expression})"


@cache
def _renaming(names: Names) -> str:
    """A CASE's branches from each code to its name as JSON; none where every code is called what it is."""
    if all(value == name for value, name in names):
        return ""
    return " ".join(f"WHEN {quoted(value)} THEN {quoted(json(name))}" for value, name in sorted(names))


@lru_cache(WORDS_KEPT)
def json(word: str) -> str:
    """A word as JSON: keys, names and codes."""
    return orjson.dumps(word).decode()


def braced(entries: Iterable[tuple[str, T]], write: Callable[[T], list[str]]) -> list[str]:
    """The pieces of an object: its keys, and what is written of the entries."""
    pieces: list[str] = []
    for word, entry in entries:
        pieces.append(key(word, not pieces))
        pieces += write(entry)
    pieces.append(CLOSED if pieces else NO_KEYS)
    return pieces


@lru_cache(WORDS_KEPT)
def key(word: str, first: bool) -> Literal:
    """A key of an object, with what stands before it."""
    return Literal(f"{'{' if first else ','}{json(word)}:")
