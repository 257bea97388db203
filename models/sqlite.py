"""SQLite as more than one process uses it: the server, and a command beside it.

A transaction that began by reading cannot go over to writing once another process has written: it fails at once, however
long it would be ready to wait. All our transactions write, so each takes its place in the queue when it begins.
"""

from __future__ import annotations

import sqlite3

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError

WAIT = 10_000
"""Milliseconds that a statement waits for another process's transaction before it gives up."""


class Busy(DBConnectionError):
    """Another process, a month or an import, has kept the database to itself for longer than WAIT."""

    code = "UNAVAILABLE"
    public = True


class _Transaction(SqliteTransactionWrapper):
    async def begin(self) -> None:
        """Busy when another process has kept the database to itself for too long."""
        try:
            await self._connection.commit()
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise Busy(
                "The database is busy with other work, such as a month or an import. Nothing was changed. Try again shortly."
            ) from error


class _Context(SqliteTransactionContext):
    async def __aenter__(self) -> TransactionalDBClient:
        """As its base, which keeps the lock for ever when the transaction cannot begin."""
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            self.token = get_connections().set(self.connection_name, self.connection)
            try:
                await self.connection.begin()
            except BaseException:
                get_connections().reset(self.token)
                raise
        except BaseException:
            self._trxlock.release()
            raise
        transaction: TransactionalDBClient = self.connection
        return transaction


class Client(SqliteClient):
    def _in_transaction(self) -> TransactionContext:
        return _Context(_Transaction(self), self._lock)


client_class = Client
"""What Tortoise looks for in an engine."""
