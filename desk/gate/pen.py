"""The pen: JSON as SQL text in two dialects. Every expression it writes is text and never NULL.

Between U+001E and U+001F stand the few things that the database cannot write itself (desk/gate/release.py); JSON never
holds these characters raw, so what is data cannot be taken for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def escaped(text: str) -> str:
    """A constant as it stands between the quotes of an SQL literal."""
    return text.replace("'", "''")


def quoted(text: str) -> str:
    """A constant as an SQL literal."""
    return f"'{escaped(text)}'"


class Line:
    """JSON being written from left to right: what is known of it already, and SQL expressions that give the rest."""

    __slots__ = ("known", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.known = ""
        """What is known since the last expression, escaped. Whoever writes adds to it."""

    def put(self, expression: str) -> None:
        """Go on with what the database gives."""
        if self.known:
            self.pieces += (f"'{self.known}'", expression)
            self.known = ""
        else:
            self.pieces.append(expression)

    def follow(self, line: Line) -> None:
        """Go on with a line that begins with something known, as every object does."""
        if line.pieces:
            first, *more = line.pieces
            assert first.startswith("'")
            self.pieces += (f"'{self.known}{first[1:]}", *more)
            self.known = line.known
        else:
            self.known += line.known


class Pen:
    """Writes for one dialect."""

    def __init__(self, postgres: bool) -> None:
        self.postgres = postgres

    def joined(self, line: Line) -> str:
        """The whole line as one SQL expression."""
        pieces = line.pieces
        if line.known or not pieces:
            pieces = [*pieces, f"'{line.known}'"]
        while len(pieces) > MOST_PIECES:
            pieces = [
                self._side_by_side(pieces[n : n + MOST_PIECES]) for n in range(0, len(pieces), MOST_PIECES)
            ]
        return self._side_by_side(pieces)

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


def braced(line: Line, entries: Sequence[tuple[str, T]], write: Callable[[T], None]) -> None:
    """An object: its keys, and between them what `write` puts on the line."""
    start = "{"
    for word, entry in entries:
        line.known += key(word, start)
        write(entry)
        start = ","
    line.known += "}" if entries else "{}"


@lru_cache(WORDS_KEPT)
def key(word: str, start: str) -> str:
    """A key of an object, escaped, behind what stands before it."""
    return escaped(f"{start}{json(word)}:")
