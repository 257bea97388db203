"""Cells: what a column says to a reader who stands on each rung of its class's ladder."""

from __future__ import annotations

from collections.abc import Callable

from authz import Visibility
from desk.gate.columns import Column, column
from desk.gate.ladders import Called, Ladder
from desk.gate.levels import Level
from desk.gate.pen import CLOSE, OPEN, Line, Pen, braced, escaped, quoted
from desk.shape import AMOUNT, CURRENCY, Cell, Coded, Codes, Money

HIDDEN, BROKEN = quoted("null"), quoted(f"{OPEN}!{CLOSE}")
"""What stands for a cell that may not be shown. BROKEN: it was promised, so the answer is not given (desk/gate/release.py)."""


def cell(level: Level, node: Cell | Coded | Codes | Money, purposeful: bool, *, counted: bool) -> str:
    """SQL for the cell's JSON. What is withheld never leaves the database; `counted` cells are in the receipt."""
    pen, table = level.work.pen, level.selection.table
    if isinstance(node, Money):
        amount, currency = column(table, node.amount), column(table, node.currency)
        ladder = level.reckoned(amount.data_class, purposeful, counted)
        return ladder.once(
            (table, node),
            lambda ladder, called: _money(pen, ladder, node, amount, currency, called),
            level.column,
        )
    col = column(table, node.column)
    ladder = level.reckoned(col.data_class, purposeful, counted)
    if col.sealed:
        # Its mark is a number of this very statement.
        return _cell(pen, ladder, node, col, level.column, lambda: _sealed(level, col))
    return ladder.once(
        (table, node), lambda ladder, called: _cell(pen, ladder, node, col, called), level.column
    )


def _cell(
    pen: Pen,
    ladder: Ladder,
    node: Cell | Coded | Codes,
    col: Column,
    called: Called,
    opened: Callable[[], str] | None = None,
) -> str:
    hidden, mask = BROKEN if node.required else HIDDEN, col.mask

    def value() -> str:
        return opened() if opened else _said(pen, node, called(col.sql), col)

    if mask is None:
        return ladder.whole_or(value, hidden)

    def masked() -> str:
        return pen.cell(called(mask), "", True) if opened else _said(pen, node, called(mask), col)

    said = {Visibility.VISIBLE: value, Visibility.MASKED: masked}
    return ladder.choose(lambda visibility: said[visibility]() if visibility in said else hidden)


def _said(pen: Pen, node: Cell | Coded | Codes, sql: str, col: Column) -> str:
    match node:
        case Coded(_, names):
            return pen.coded(sql, names, col.nullable)
        case Codes():
            return pen.codes(sql)
    return pen.cell(sql, col.type, col.nullable)


def _sealed(level: Level, col: Column) -> str:
    """What only the process can open goes out between two marks, with the row that it was sealed for."""
    pen = level.work.pen
    number = level.work.sealed_cell(level.selection.table, col.sealed)
    cipher, row = level.column(col.sql), level.column("t.id")
    line = Line()
    line.known = f"{OPEN}s{number}:"
    line.put(pen.number(row))
    line.known = ":"
    line.put(pen.hexadecimal(cipher))
    line.known = CLOSE
    marked = pen.joined(line)
    return f"CASE WHEN {cipher} IS NULL THEN 'null' ELSE {marked} END" if col.nullable else marked


def _money(pen: Pen, ladder: Ladder, money: Money, amount: Column, currency: Column, called: Called) -> str:
    def value() -> str:
        minor, code = called(amount.sql), called(currency.sql)
        texts = {AMOUNT: pen.amount(minor, code), CURRENCY: pen.cell(code, "", False)}
        line = Line()

        def write(what: str) -> None:
            if what in texts:
                line.put(texts[what])
            else:
                line.known += escaped(what)

        braced(line, money.entries, write)
        whole = pen.joined(line)
        unknown = [sql for sql, col in ((minor, amount), (code, currency)) if col.nullable]
        if not unknown:
            return whole
        return f"CASE WHEN {' OR '.join(f'{sql} IS NULL' for sql in unknown)} THEN 'null' ELSE {whole} END"

    return ladder.whole_or(value, HIDDEN)
