"""Cells: what a column says to a reader who stands on each rung of its class's ladder."""

from __future__ import annotations

from authz import Visibility
from desk.gate.columns import Column, column
from desk.gate.levels import Level
from desk.gate.pen import CLOSE, OPEN, Literal, Pen, braced, quoted
from desk.shape import AMOUNT, CURRENCY, Cell, Coded, Codes, Money

NULL = Literal("null")
HIDDEN, BROKEN = quoted(NULL), quoted(f"{OPEN}!{CLOSE}")
"""What stands for a cell that may not be shown. BROKEN: it was promised, so the answer is not given (desk/gate/release.py)."""


def cell(level: Level, node: Cell | Coded | Codes | Money, purposeful: bool, *, counted: bool) -> str:
    """SQL for the cell's JSON. What is withheld never leaves the database; `counted` cells are in the receipt."""
    if isinstance(node, Money):
        return _money(level, node, purposeful, counted)
    pen = level.work.pen
    col = column(level.selection.table, node.column)

    def said(visibility: Visibility) -> str:
        if visibility is Visibility.VISIBLE:
            return _sealed(level, col) if col.sealed else _said(pen, node, level.column(col.sql), col)
        if visibility is Visibility.MASKED and col.mask is not None:
            mask = level.column(col.mask)
            return pen.cell(mask, "", True) if col.sealed else _said(pen, node, mask, col)
        return BROKEN if node.required else HIDDEN

    return level.reckoned(col.data_class, purposeful, counted).choose(said)


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
    marked = pen.joined(
        [
            Literal(f"{OPEN}s{number}:"),
            pen.number(row),
            Literal(":"),
            pen.hexadecimal(cipher),
            Literal(CLOSE),
        ]
    )
    return f"CASE WHEN {cipher} IS NULL THEN 'null' ELSE {marked} END" if col.nullable else marked


def _money(level: Level, money: Money, purposeful: bool, counted: bool) -> str:
    pen = level.work.pen
    amount, currency = (column(level.selection.table, name) for name in (money.amount, money.currency))

    def said(visibility: Visibility) -> str:
        if visibility is not Visibility.VISIBLE:
            return HIDDEN
        minor, code = level.column(amount.sql), level.column(currency.sql)
        texts = {AMOUNT: pen.amount(minor, code), CURRENCY: pen.cell(code, "", False)}
        whole = pen.joined(braced(money.entries, lambda what: [texts.get(what) or Literal(what)]))
        unknown = [sql for sql, col in ((minor, amount), (code, currency)) if col.nullable]
        if not unknown:
            return whole
        return f"CASE WHEN {' OR '.join(f'{sql} IS NULL' for sql in unknown)} THEN 'null' ELSE {whole} END"

    return level.reckoned(amount.data_class, purposeful, counted).choose(said)
