"""The rows of a statement in order of customer, a part at a time, from either database.

A statement runs once, however many customers it is about; its rows are fetched as they are needed, so memory stays
flat. Needs an open transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import asyncpg

from desk.dialect import Statement, connection
from models.errors import Refusal

PART = 5_000
"""Rows fetched at a time, and customers evaluated at a time."""

Row = Sequence[Any]
Grouped = dict[Any, list[Row]]


class FigureTooLarge(Refusal):
    """Amounts that no bank holds: a sum left 64 bits, so some balance, loan or spend was imported wrongly.

    Every single amount that an import accepts is far inside: the sum over one customer's accounts, one month and
    one currency of |amount| x 31 must stay below 2^63, which is about 3,000 trillion yuan a day.
    """

    code = "FIGURE_TOO_LARGE"
    public = False

    def __init__(self) -> None:
        super().__init__(
            "A sum of balances, loans or spend is too large to be true. Look for an amount imported in the wrong unit."
        )


class Stream:
    """The rows of one statement whose first column is the customer and which is ordered by it."""

    def __init__(self, statement: Statement, text: str) -> None:
        self._statement, self._text = statement, text
        self._raw: Any = None
        self._cursor: Any = None
        self._ahead: list[Row] = []
        self._place = 0

    async def __aenter__(self) -> Self:
        # The raw connection of the current transaction: Tortoise has no cursor.
        self._raw = connection()._connection
        if self._statement.postgres:
            # Its snapshot is of now. SQLite's is the transaction's, and it works as soon as it is asked.
            self._cursor = await self._raw.cursor(self._text, *self._statement.values)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._cursor is not None and not self._statement.postgres:
            await self._cursor.close()

    async def part(self) -> list[Row]:
        """The next PART rows; empty at the end."""
        try:
            if self._statement.postgres:
                return list(await self._cursor.fetch(PART))
            if self._cursor is None:
                self._cursor = await self._raw.execute(self._text, self._statement.values)
            return list(await self._cursor.fetchmany(PART))
        except (sqlite3.OperationalError, asyncpg.NumericValueOutOfRangeError) as error:
            raise _meant(error) from error

    async def look_ahead(self) -> None:
        """Fetch the first rows, which is when the database does most of its work."""
        self._ahead, self._place = await self.part(), 0

    async def until(self, customer: Any) -> Grouped:
        """The rows not yet taken of all customers up to and including this one, by customer."""
        found: Grouped = {}
        while True:
            for row in self._ahead[self._place :]:
                if row[0] > customer:
                    return found
                found.setdefault(row[0], []).append(row)
                self._place += 1
            self._ahead, self._place = await self.part(), 0
            if not self._ahead:
                return found


def _meant(error: Exception) -> Exception:
    """A sum beyond 64 bits is a refusal with a remedy; any other error stays what it is."""
    if isinstance(error, asyncpg.NumericValueOutOfRangeError) or "integer overflow" in str(error):
        return FigureTooLarge()
    return error
