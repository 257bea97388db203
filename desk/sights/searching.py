"""Search by a part of a name, of one character and more, Chinese names above all (decisions.md 4).

PostgreSQL keeps an index of the characters that each name is made of (migrations/models/0002_guards.py). The database
finds the names that have all characters of the text, then looks where they stand.
"""

from __future__ import annotations

from desk.imports.cells import CellRefused, parse
from desk.imports.columns import Column
from desk.imports.files import BY_NAME
from models.errors import BadInput

NAME: Column = next(column for column in BY_NAME["customers"].columns if column.name == "name")


def sought(text: str, field: str = "where") -> str:
    """The text as the importer would have stored it as a name: trimmed, NFC, letters and digits of half width.

    BAD_USER_INPUT for an empty text, and for one that no name can contain.
    """
    try:
        return str(parse(NAME, text).value)
    except CellRefused as refused:
        raise BadInput(
            f"A name is searched by 1 to {NAME.longest} characters, none of them invisible, private or broken. "
            "Correct the text.",
            field=field,
        ) from refused


def characters_of(text: str) -> list[str]:
    """The different characters (code points) of a sought text, as PostgreSQL splits it, to be bound as `text[]`."""
    return list(dict.fromkeys(text))


def name_contains(column: str, characters: str, text: str, postgres: bool) -> str:
    """SQL: this column contains the text, every character of which means itself.

    `text` is the place of what `sought` gave; `characters` that of its `characters_of`, which SQLite does not need, and
    nobody who looks through single branches: their names are read by the index of their pages, while the characters'
    would bring those of the whole bank. A statement with characters should be planned with its values: a plan for any
    values knows neither how rare a character is nor how wide the subtree, and may read every name.
    """
    if not postgres:
        return f"instr({column}, {text}) > 0"
    if not characters:
        return f"strpos({column}, {text}) > 0"
    # The cheaper one first: where a subtree is read by its own index, most rows fail here.
    return f"(strpos({column}, {text}) > 0 AND string_to_array({column}, NULL) @> {characters})"
