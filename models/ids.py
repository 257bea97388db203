"""The opaque id of a row, as it leaves the house: nothing in it is a sequence, and nothing in it can be guessed."""

from __future__ import annotations

import base64
from uuid import UUID


def global_id(table: str, row_id: UUID) -> str:
    """The opaque id of a row of `table`. SQL writes the same (desk/gate/pen.py)."""
    return base64.urlsafe_b64encode(table.encode() + b":" + row_id.bytes).decode().rstrip("=")


def global_id_of_text(table: str, row_id: str | None) -> str | None:
    """The same for SQLite, which has no base64 of its own and keeps ids as text."""
    return None if row_id is None else global_id(table, UUID(row_id))
