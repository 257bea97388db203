"""Node: anything with an opaque id."""

from __future__ import annotations

from typing import ClassVar

import strawberry

from schema.fields import node_id


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    TABLE: ClassVar[str] = ""

    id: strawberry.ID = node_id()
