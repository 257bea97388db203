"""What waits for the reader, as SQL: he may do the act to the row, as `Desk.open` would ask, and it is his turn."""

from __future__ import annotations

from dataclasses import replace

from authz import Action, DataClass, Policy
from desk.gate.predicates import Predicates
from desk.gate.profile import Fact
from desk.gate.slots import Now, Slots
from desk.inbox import BEYOND, WAITING
from desk.sights import SIGHTS
from desk.turns import ME, PERMITTED_BY, Step


def waits(slots: Slots, policy: Policy, table: str, awaiting: Action | Step) -> str:
    """KeyError for an act of which desk/inbox.py does not say when it is anybody's turn."""
    turn = WAITING[table, awaiting].replace(ME, slots.bind(Fact("me")))
    action = PERMITTED_BY[awaiting] if isinstance(awaiting, Step) else awaiting
    if action is Action.READ:
        return turn  # whoever it exists for
    sight = SIGHTS[table]
    wanted = policy.reach(slots.profile.actor, sight.kind, DataClass.PUBLIC, action)
    may = Predicates(slots, sight, Now(), path=sight.act_path).reach(wanted)
    if (beyond := BEYOND.get((table, action))) is not None:
        other = replace(sight, path=beyond[0], customer=beyond[1])
        may += f" AND {Predicates(slots, other, Now()).reach(wanted)}"
    return f"{may} AND {turn}"
