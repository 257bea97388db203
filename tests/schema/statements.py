"""The statements that a block sends to the database, of either kind, as Tortoise logs them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tortoise.log import db_client_logger

COUNTED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
Statement = tuple[str, Any]
"""Its text and its parameters."""


class _Taker(logging.Handler):
    """Takes statements that read or write rows; what opens a connection or a transaction is none."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.taken: list[Statement] = []

    def emit(self, record: logging.LogRecord) -> None:
        text, values = record.args if isinstance(record.args, tuple) and record.args else (record.msg, None)
        if str(text).startswith(COUNTED):
            self.taken.append((str(text), values))


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """The list grows while the block runs; whoever counts in between may clear it."""
    taker, level, propagate = _Taker(), db_client_logger.level, db_client_logger.propagate
    db_client_logger.addHandler(taker)
    db_client_logger.setLevel(logging.DEBUG)
    db_client_logger.propagate = False  # pytest would write every statement out and keep it
    try:
        yield taker.taken
    finally:
        db_client_logger.removeHandler(taker)
        db_client_logger.setLevel(level)
        db_client_logger.propagate = propagate
