"""What a resolver may know of the request: the person's desk, and nothing of HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import strawberry

from desk.desk import Desk


@dataclass(slots=True)
class Context:
    """Made for each request. `response_headers` is what the edge adds to the answer."""

    desk: Desk
    may_introspect: bool = False
    staff_number: str = ""
    response_headers: list[tuple[str, str]] = field(default_factory=list)


Info: TypeAlias = strawberry.Info[Context, None]
