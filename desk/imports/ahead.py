"""Reading ahead: the next block is read in another thread while the database takes the present one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import TypeVar

T = TypeVar("T")


async def ahead(items: Iterator[T]) -> AsyncGenerator[T]:
    """The items, in order, each taken one step before it is asked for. Waits for a step under way when it is left."""
    end = object()
    coming = asyncio.ensure_future(asyncio.to_thread(next, items, end))
    try:
        while (item := await coming) is not end:
            coming = asyncio.ensure_future(asyncio.to_thread(next, items, end))
            yield item  # type: ignore[misc]
    finally:
        # The file under the iterator is closed next, so nobody may still be reading it.
        await asyncio.wait([coming])
