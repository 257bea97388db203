"""Documents measured by the survey, for the tests of the limits."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Self

import pytest
from graphql import parse

from api.errors import DocumentError
from api.limits import LIMITS, Limits, Shape, cost
from api.survey import survey


def measured(text: str, name: str | None = None, limits: Limits = LIMITS) -> Shape:
    return survey(parse(text), limits).select(name)


def broken_limit(text: str, limits: Limits = LIMITS, **variables: Any) -> object:
    with pytest.raises(DocumentError) as caught:
        cost(measured(text, limits=limits), variables, limits)
    assert caught.value.code == "LIMIT_EXCEEDED"
    return caught.value.extensions["limit"]


class Calls:
    """Counts the calls of functions, of Python and of C, that a block makes: work without a clock."""

    def __enter__(self) -> Self:
        self.count = 0

        def profile(frame: FrameType, event: str, argument: object) -> None:
            if event in ("call", "c_call"):
                self.count += 1

        sys.setprofile(profile)
        return self

    def __exit__(self, *_exception: object) -> None:
        sys.setprofile(None)
