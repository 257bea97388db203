"""The pen: JSON as SQL text in two dialects. Every expression it writes is text and never NULL.

Between U+001E and U+001F stand the few things that the database cannot write itself (desk/gate/release.py); JSON never
holds these characters raw, so what is data cannot be taken for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import orjson

from models.money import MINOR_UNITS

OPEN, CLOSE = "\x1e", "\x1f"
DATE = '\\"YYYY-MM-DD\\"'
MOMENT = '\\"YYYY-MM-DD"T"HH24:MI:SS"+00:00"\\"'
MOMENT_WITH_MICROSECONDS = '\\"YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"\\"'
MOST_PIECES = 80
"""PostgreSQL's functions take a hundred arguments, SQLite's expressions have a greatest depth."""
WHOLE_CURRENCIES = sorted(code for code, digits in MINOR_UNITS.items() if digits == 0)


class Literal(str):
    """JSON text that is known while the statement is written."""

    __slots__ = ()


class Pen:
    """Writes for one dialect. Piece: a `Literal` of JSON, or SQL that gives text."""

    def __init__(self, postgres: bool) -> None:
        self.postgres = postgres

    def quoted(self, text: str) -> str:
        """A constant as an SQL literal."""
        return "'" + text.replace("'", "''") + "'"

    def joined(self, pieces: Sequence[str]) -> str:
        """The pieces one after another, as one SQL expression."""
        merged: list[str] = []
        known = ""
        for piece in pieces:
            if isinstance(piece, Literal):
                known += piece
                continue
            if known:
                merged.append(self.quoted(known))
                known = ""
            merged.append(piece)
        if known or not merged:
            merged.append(self.quoted(known))
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
            name = self.quoted(f"{table}:")
            return (
                f"('\"' || translate(rtrim(encode(convert_to({name}, 'UTF8') || uuid_send({expression}),"
                " 'base64'), '='), '+/', '-_') || '\"')"
            )
        return f"('\"' || global_id({self.quoted(table)}, {expression}) || '\"')"

    def coded(self, expression: str, names: Sequence[tuple[str, str]], nullable: bool) -> str:
        """A code under its name. A code without a name is null: the tables do not let one in."""
        if all(value == name for value, name in names):
            return self.cell(expression, "", nullable)
        whens = " ".join(
            f"WHEN {self.quoted(value)} THEN {self.quoted(json(name))}" for value, name in sorted(names)
        )
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
        whole = ", ".join(self.quoted(code) for code in WHOLE_CURRENCIES)
        if self.postgres:
            return (
                f"('\"' || CASE WHEN {currency} IN ({whole}) THEN ({minor})::text"
                f" ELSE (({minor})::numeric * 0.01)::text END || '\"')"
            )
        return (
            f"('\"' || CASE WHEN {currency} IN ({whole}) THEN CAST({minor} AS TEXT)"
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
def json(value: str) -> str:
    """A word of ours as JSON: keys, names and codes."""
    return orjson.dumps(value).decode()
