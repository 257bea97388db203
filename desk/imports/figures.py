"""Loading the figures of accounts in bulk: balances, transaction lines and spend, with a version for each correction.

A file is first written straight into the table, which is nearly as fast as the database's own copy. When a key is
taken, that is undone and the file goes through a staging table, where the database compares it with what is held.
"""

from __future__ import annotations

import calendar
import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import compress
from typing import Any

from tortoise.transactions import in_transaction

from desk.dialect import as_uuid
from desk.imports.accounts import accounts_by_number
from desk.imports.ahead import ahead
from desk.imports.job import File
from desk.imports.refusals import FileRefused
from desk.imports.report import FileReport
from desk.imports.rules import fault_of
from desk.imports.scanning import scan, typed_blocks
from desk.imports.staging import Shape, Staging
from desk.imports.store import Collision, Columns, Same, Store, Type
from desk.imports.typed import TypedBlock
from models.errors import Refusal
from models.money import decimals, to_minor
from models.vocabulary import BalanceKind

_KNOWN = 1_000_000

_BALANCE = Shape(
    "balance",
    {"account_serial": Type.INT, "kind": Type.TEXT, "day": Type.DATE},
    {"amount": Type.LONG},
)
SHAPES = {
    "day_end_balances": _BALANCE,
    "month_average_balances": _BALANCE,
    "spends": Shape(
        "spend", {"account_serial": Type.INT, "month": Type.DATE, "kind": Type.TEXT}, {"amount": Type.LONG}
    ),
    "transactions": Shape(
        "transaction_line",
        {"account_serial": Type.INT, "reference": Type.TEXT},
        {
            "day": Type.DATE,
            "direction": Type.TEXT,
            "kind": Type.TEXT,
            "amount": Type.LONG,
            "balance_after": Type.LONG,
            "summary": Type.TEXT,
            "counterparty_bank": Type.TEXT,
        },
    ),
}
_BALANCES = {"day_end_balances": BalanceKind.DAY_END, "month_average_balances": BalanceKind.MONTH_AVERAGE}


_SUITS = {
    BalanceKind.DAY_END: (None, BalanceKind.DAY_END),
    BalanceKind.MONTH_AVERAGE: (None, BalanceKind.DAY_END, BalanceKind.MONTH_AVERAGE),
}
"""Marks of accounts that may take such balances. A mark of DAY_END is no more than a guess until days are held."""

_DAYS_HELD = {
    None: "0 AS days_held",
    BalanceKind.DAY_END: "0 AS days_held",
    BalanceKind.MONTH_AVERAGE: "CASE WHEN EXISTS (SELECT 1 FROM balance b WHERE b.account_serial = account.serial"
    " AND b.kind = 'DAY_END' AND b.superseded_at IS NULL) THEN 1 ELSE 0 END AS days_held",
}


class _Way(Enum):
    """How a reading of the file writes it: straight into the table, through the staging table, or not at all."""

    STRAIGHT = "straight"
    STAGED = "staged"
    NOT = "not"


class _Undo(Exception):
    """Nothing of this reading may stay."""


@dataclass(slots=True)
class _Accounts:
    """What is known of the accounts that the file names. `to_mark` are those whose kind of balances the file sets."""

    serials: dict[str, int] = field(default_factory=dict)
    decimals: dict[str, int] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    to_mark: set[int] = field(default_factory=set)


async def load_figures(file: File) -> None:
    """Load one bulk file. Its own faults are found here too; repeated keys only when there is cause to look."""
    try:
        await _reading(file, _Way.STRAIGHT)
    except Collision:
        _find_repeated_keys(file)
        await _reading(file, _Way.STAGED if file.writing else _Way.NOT)
    else:
        if not file.writing:
            _find_repeated_keys(file)


async def _reading(file: File, way: _Way) -> None:
    """Read the whole file once, inside a savepoint that a fault or a taken key undoes. Raises Collision."""
    outer, store = file.report, file.store
    file.report = FileReport(file.path.name)
    try:
        async with in_transaction():
            file.store = Store()
            await _read(file, way)
            if not file.writing:
                raise _Undo
    except _Undo:
        outer.absorb(file.report)
    except FileRefused:
        outer.absorb(file.report)
        raise
    else:
        outer.absorb(file.report)
    finally:
        file.report, file.store = outer, store


async def _read(file: File, way: _Way) -> None:
    shape = SHAPES[file.kind.name]
    accounts = _Accounts()
    staging = Staging(file.store, shape, file.id, file.job.now)
    if way is _Way.STAGED:
        await staging.create()
    with file.open() as sheet:
        blocks = typed_blocks(sheet, file.report, file.job.today, amounts_as_text=True)
        async with contextlib.aclosing(ahead(blocks)) as coming:
            async for block in coming:
                file.watch(sheet)
                columns, rows = await _columns(file, block, accounts)
                if not file.writing or not rows or way is _Way.NOT:
                    continue
                if way is _Way.STAGED:
                    await staging.merge(columns)
                else:
                    file.report.new += await file.store.insert(shape.table, columns | staging.stamp)
    if way is _Way.STAGED:
        file.report.new += staging.new
        file.report.unchanged += staging.unchanged
        file.report.corrected += staging.corrected
        file.job.corrections.customers |= await _customers(file.store, staging.corrected_accounts)
        await staging.drop()
    if file.writing and way is not _Way.NOT and accounts.to_mark:
        await file.store.execute(
            f"UPDATE account SET balance_kind = $1 WHERE {file.store.among('serial', 2, Type.INT)}",
            [_BALANCES[file.kind.name].value, file.store.several(accounts.to_mark)],
        )


async def _customers(store: Store, serials: set[int]) -> set[Any]:
    rows = await store.find("SELECT DISTINCT customer_id FROM account WHERE", "serial", serials, Type.INT)
    return {as_uuid(row["customer_id"]) for row in rows}


def _find_repeated_keys(file: File) -> None:
    found = FileReport(file.path.name)
    for _ in scan(file.path, found, encoding=file.job.encoding, today=file.job.today, profile=file.profile):
        pass
    file.report.absorb_only(found, "REPEATED_KEY")


async def _columns(file: File, block: TypedBlock, accounts: _Accounts) -> tuple[Columns, int]:
    """The columns of the table, from rows whose account is there and whose amounts suit its currency."""
    cells: dict[str, Sequence[Any]] = dict(zip(file.kind.header, block.columns, strict=True))
    numbers = cells["account_number"]
    named = set(numbers)
    await _look_up(file, named, accounts)
    if not accounts.refused.keys().isdisjoint(named):
        good = [number not in accounts.refused for number in numbers]
        for row, number, kept in zip(block.numbers, numbers, good, strict=True):
            if not kept:
                _refuse(file, row, number, accounts.refused[number])
        block = TypedBlock(list(compress(block.numbers, good)), _kept(block.columns, good), (), 0)
        cells = dict(zip(file.kind.header, block.columns, strict=True))
        numbers = cells["account_number"]
    for name in ("amount", "balance_after"):
        if name in cells:
            cells[name] = _minor(file, name, block.numbers, numbers, cells[name], accounts)
    cells["account_serial"] = list(map(accounts.serials.__getitem__, numbers))
    if file.kind.name in _BALANCES:
        kind = _BALANCES[file.kind.name]
        days = cells["day"] if kind is BalanceKind.DAY_END else _month_ends(cells["month"])
        fixed: Columns = {"kind": (Type.TEXT, Same(kind.value)), "day": (Type.DATE, days)}
    else:
        fixed = {}
    types = SHAPES[file.kind.name].types
    return {name: fixed.get(name) or (type, cells[name]) for name, type in types.items()}, len(numbers)


def _kept(columns: tuple[Sequence[Any], ...], good: list[bool]) -> tuple[Sequence[Any], ...]:
    return tuple(list(compress(values, good)) for values in columns)


async def _look_up(file: File, named: set[Any], accounts: _Accounts) -> None:
    if len(accounts.serials) > _KNOWN:
        accounts.serials.clear()
        accounts.decimals.clear()
        accounts.currencies.clear()
    # difference() walks the few that are named, `-` on a view of keys all that are known.
    unknown = named.difference(accounts.serials).difference(accounts.refused)
    if not unknown:
        return
    wanted = _BALANCES.get(file.kind.name)
    found = await accounts_by_number(
        file.store, unknown, f"serial, currency, balance_kind, {_DAYS_HELD[wanted]}"
    )
    for number in unknown:
        account = found.get(number)
        if account is None:
            accounts.refused[number] = "absent"
        elif wanted is not None and (account["days_held"] or account["balance_kind"] not in _SUITS[wanted]):
            accounts.refused[number] = "balances"
        else:
            accounts.serials[number] = serial = account["serial"]
            accounts.currencies[number] = account["currency"]
            accounts.decimals[number] = decimals(account["currency"])
            if wanted is not None and account["balance_kind"] != wanted:
                accounts.to_mark.add(serial)


def _refuse(file: File, row: int, number: str, why: str) -> None:
    if why == "absent":
        file.absent("accounts", number, row, "account_number")
        return
    file.fault(
        row,
        "account_number",
        "OTHER_BALANCES",
        "The account has balances of the other kind.",
        "An account has day-end balances or month averages, never both. Keep to one for each account.",
    )


_EXACT = {places: re.compile(rf"(?:-?[0-9]++\.[0-9]{{{places}}}\n)*+") for places in (1, 2, 3, 4)}


def _minor(
    file: File,
    column: str,
    rows: Sequence[int],
    numbers: Sequence[Any],
    amounts: Sequence[Any],
    accounts: _Accounts,
) -> Sequence[int | None]:
    """Minor units of each account's currency. A decimal too many is a fault of its row."""
    places = {accounts.decimals[number] for number in set(numbers)}
    if len(places) == 1 and None not in amounts:
        exact = _EXACT.get(min(places))
        joined = "\n".join(amounts) + "\n"
        if exact and exact.fullmatch(joined):
            # All amounts have all their decimals: without the point they are minor units already.
            return list(map(int, joined.replace(".", "").split()))
    minor: list[int | None] = []
    for row, number, amount in zip(rows, numbers, amounts, strict=True):
        try:
            minor.append(None if amount is None else to_minor(amount, accounts.currencies[number]))
        except Refusal as refusal:
            file.report.fault(fault_of(refusal), row, column)
            minor.append(None)
    return minor


def _month_ends(months: Sequence[Any]) -> list[dt.date]:
    ends = {
        month: month.replace(day=calendar.monthrange(month.year, month.month)[1]) for month in set(months)
    }
    return list(map(ends.__getitem__, months))
