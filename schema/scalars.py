"""Ids and money: opaque global ids, amounts as decimal strings with their currency."""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from typing import NewType
from uuid import UUID

import strawberry

from desk.errors import NotFound
from models.errors import BadInput
from models.ids import global_id

PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")


def split_id(text: str) -> tuple[str, UUID]:
    """Table and row of a global id. A malformed id is NOT_FOUND, like one that is absent or invisible."""
    try:
        table, _, raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).partition(
            b":"
        )
        return table.decode("ascii"), UUID(bytes=raw)
    except ValueError:
        raise NotFound from None


def row_id(table: str, text: str) -> UUID:
    """The row of a global id that must be of this table; NOT_FOUND otherwise."""
    found, row = split_id(text)
    if found != table:
        raise NotFound
    return row


def _parse_amount(value: object) -> Decimal:
    if not isinstance(value, str) or not PLAIN_NUMBER.fullmatch(value):
        raise BadInput(
            'An amount is a decimal string such as "500000.00": digits, at most one point, no exponent.'
        )
    return Decimal(value)


Amount = NewType("Amount", Decimal)
AMOUNT = strawberry.scalar(
    name="Amount",
    description='A decimal amount as a string, e.g. "500000.00". NaN, Infinity and exponents are refused.',
    serialize=lambda value: format(value, "f"),
    parse_value=_parse_amount,
)


@strawberry.type(description="An amount of money in its currency.")
class Money:
    amount: Amount = strawberry.field(description="Decimal string in the currency's own digits.")
    currency: str = strawberry.field(description="ISO 4217 code.")


@strawberry.input(description="An amount of money that a caller gives.")
class MoneyInput:
    amount: Amount = strawberry.field(description="Decimal string in the currency's own digits.")
    currency: str = strawberry.field(description="ISO 4217 code.")


__all__ = [
    "AMOUNT",
    "Amount",
    "Money",
    "MoneyInput",
    "global_id",
    "row_id",
    "split_id",
]
