"""The garbage collector of a process that answers requests, told what a server needs of it."""

from __future__ import annotations

import gc

YOUNG = 10_000
"""New objects before the young are looked through. One plan of a question never asked makes some thousand of them, and
with Python's own 700 each would be interrupted several times (ADR 0034)."""
ROUNDS = 20
"""Rounds of one generation before the next older is looked through as well."""


def settle() -> None:
    """Call once, when everything that the process keeps for ever is loaded: schema, policy, models.

    It is put out of the collector's sight, which would otherwise walk through all of it again and again. What requests
    leave behind is freed by its reference counts as ever, and what is left in circles by the collector, in larger portions.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, ROUNDS, ROUNDS)
