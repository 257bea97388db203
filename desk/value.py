"""Values: classes of which two that say the same are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """A frozen dataclass to the type checker, and one that nobody guards while the program runs.

    A question of some size is a hundred of these, and a guarded one takes several times as long to be made: it sets its
    fields past its own guard, one call for each.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
