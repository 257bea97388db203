"""Planned: what a root field resolves to when its plan has already answered everything below it."""

from __future__ import annotations

from typing import Any

import orjson
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class Planned:
    """The JSON of a root field, whole and in the order asked."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class PlanExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, which walks no further below what a plan has answered.

    Root fields, mutations, introspection, problems and errors are graphql-core's as ever.
    """

    def complete_value(
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, *more: Any
    ) -> Any:
        if type(result) is Planned:
            return self.told(result)
        return super().complete_value(return_type, field_details_list, info, path, result, *more)

    def told(self, result: Planned) -> Any:
        return orjson.loads(result.text)


class TextExecutor(PlanExecutor):
    """The same for an answer that goes out as text: what the database wrote is not read again."""

    def told(self, result: Planned) -> Any:
        return orjson.Fragment(result.text)
