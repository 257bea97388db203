"""The pen writes JSON with whatever quotes it holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from desk.gate.pen import Line, Pen, braced, escaped

PEN = Pen(postgres=False)


def said(line: Line) -> object:
    """What SQLite makes of a line."""
    with closing(sqlite3.connect(":memory:")) as database:
        (text,) = database.execute(f"SELECT {PEN.joined(line)}").fetchone()
    return json.loads(text)


def an_object(entries: tuple[tuple[str, str], ...]) -> Line:
    """Of constants, but of what begins with SELECT, which the database gives."""
    line = Line()

    def write(what: str) -> None:
        if what.startswith("SELECT"):
            line.put(f"({what})")
        else:
            line.known += escaped(what)

    braced(line, entries, write)
    return line


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), {}),
        ((("a", "1"),), {"a": 1}),
        ((("it's", '"o\'clock"'), ("b", "SELECT '\"x''y\"'")), {"it's": "o'clock", "b": "x'y"}),
        ((("a", "SELECT '1'"), ("b", "SELECT '2'"), ("c", "3")), {"a": 1, "b": 2, "c": 3}),
    ],
)
def test_an_object_is_json(entries: tuple[tuple[str, str], ...], expected: object) -> None:
    assert said(an_object(entries)) == expected
    ahead = Line()
    ahead.known = escaped('["it\'s", ')
    ahead.put("'2'")
    ahead.known = ", "
    ahead.follow(an_object(entries))
    ahead.known += "]"
    assert said(ahead) == ["it's", 2, expected]


def test_a_line_of_many_pieces_is_one_expression() -> None:
    entries = tuple((f"k{number}", f"SELECT '{number}'") for number in range(300))
    assert said(an_object(entries)) == {f"k{number}": number for number in range(300)}


def test_no_line_follows_that_begins_with_an_expression() -> None:
    bare = Line()
    bare.put("t.id")
    with pytest.raises(AssertionError):
        Line().follow(bare)
