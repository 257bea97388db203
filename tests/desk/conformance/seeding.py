"""How a mistake is seeded into what writes the gate's SQL: registered in a list, made by a monkeypatch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Patch = pytest.MonkeyPatch
Mutant = Callable[[Patch], None]


def registering(into: list[Mutant]) -> Callable[[Mutant], Mutant]:
    """A decorator that puts each mutant into the list."""

    def mutant(function: Mutant) -> Mutant:
        into.append(function)
        return function

    return mutant


def instead(patch: Patch, where: object, name: str, old: str, new: str) -> None:
    """A function that writes text, with one piece of that text replaced."""
    real = getattr(where, name)
    patch.setattr(where, name, lambda *given, **more: real(*given, **more).replace(old, new))
