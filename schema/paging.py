"""Pages: Relay connections, `first` or `last` (exactly one, 1 to 100), cursors that only their own list accepts."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

import strawberry

from desk.selection import Page
from models.errors import BadInput
from schema.fields import given

T = TypeVar("T")
LARGEST_PAGE = 100

First = Annotated[int | None, strawberry.argument(description="The first so many rows, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="Begin after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="The last so many rows, 1 to 100.")]
Before = Annotated[str | None, strawberry.argument(description="End before this cursor.")]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = given("Whether rows follow.")
    has_previous_page: bool = given("Whether rows go before.")
    start_cursor: str | None = given("Cursor of the page's first row.")
    end_cursor: str | None = given("Cursor of the page's last row.")


@strawberry.type(description="One row of a page.")
class Edge(Generic[T]):
    cursor: str = given("The place of this row in its list.")
    node: T = given("The row.")


@strawberry.type(description="A page of rows.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = given("The rows with their cursors.")
    nodes: list[T] = given("The rows.")
    page_info: PageInfo = given("How to go on.")
    total_count: int = given("All rows of the list, by the same rules as the page. Counted only when asked.")


def page_of(arguments: dict[str, Any]) -> Page:
    """The page that coerced arguments ask for. BAD_USER_INPUT unless exactly one of first and last, 1 to 100."""
    first, last = arguments.get("first"), arguments.get("last")
    if (first is None) == (last is None):
        raise BadInput("Give exactly one of first and last.", field="first")
    size: int = first if first is not None else (last or 0)
    if not 1 <= size <= LARGEST_PAGE:
        name = "first" if first is not None else "last"
        raise BadInput(f"{name} is {size}; it must be 1 to {LARGEST_PAGE}.", field=name)
    after, before = arguments.get("after"), arguments.get("before")
    if (first is not None and before is not None) or (last is not None and after is not None):
        raise BadInput("Use first with after, or last with before.", field="first")
    return Page(first=first, after=after, last=last, before=before)
