"""Cursors: the place in an ordered list, encrypted, authenticated, and bound to actor, filter and order.

AES-SIV, so that equal places give equal bytes: a random nonce would make two equal answers differ.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from desk.errors import BadCursor
from models.vault import vault

MAX_LENGTH = 2048


def _cipher() -> AESSIV:
    seed = vault().index("cursor-key", "1")
    return AESSIV(hashlib.sha512(seed.encode()).digest())


def seal(values: list[Any], bound_to: str) -> str:
    """The cursor of a row: the values of its order columns, for whoever `bound_to` names."""
    plain = orjson.dumps(values, default=str)
    return base64.urlsafe_b64encode(_cipher().encrypt(plain, [bound_to.encode()])).decode().rstrip("=")


def open_cursor(cursor: str, bound_to: str, kinds: list[str]) -> list[Any]:
    """The values back, or BadCursor: forged, foreign and outdated cursors are one and the same refusal."""
    refusal = BadCursor("This cursor is not of this list. Start again from the first page.", field="after")
    if len(cursor) > MAX_LENGTH:
        raise refusal
    try:
        sealed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        values = orjson.loads(_cipher().decrypt(sealed, [bound_to.encode()]))
    except (InvalidTag, ValueError):
        raise refusal from None
    if not isinstance(values, list) or len(values) != len(kinds):
        raise refusal
    return [_value(value, kind) for value, kind in zip(values, kinds, strict=True)]


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "uuid":
        return UUID(value)
    if kind == "date":
        return dt.date.fromisoformat(value)
    if kind == "datetime":
        return dt.datetime.fromisoformat(value)
    return value
