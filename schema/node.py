"""Node: anything with an opaque id, and how its type is told."""

from __future__ import annotations

from typing import Any, ClassVar

import strawberry

from schema.fields import node_id

TABLE_KEY = "__table"


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    TABLE: ClassVar[str] = ""

    id: strawberry.ID = node_id()

    @classmethod
    def is_type_of(cls, obj: Any, info: Any) -> bool:
        """A row knows its table only where several types are possible; elsewhere there is one."""
        table = obj.get(TABLE_KEY) if hasattr(obj, "get") else None
        return table is None or table == cls.TABLE
