"""Policies of any number of rules under which the readers of the bench see the same: the fewest, the shipped one, more."""

from __future__ import annotations

import random
from itertools import islice

from authz.policy import POLICY
from authz.rules import endings
from authz.words import BaseRole, Kind, Role

NEEDED = (
    "staff, all, institution, PUBLIC, read, *, allow",
    "staff, all, staff, PUBLIC, read, *, allow",
    "cust_mgr, own_branch, customer, VIP_STATUS, read, *, allow",
    "cust_mgr, own_branch, customer, NAME, read, *, allow",
    "cust_mgr, assigned, customer, ACCOUNT, read, assignment, allow",
    "cust_mgr, assigned, customer, ASSET, read, assignment, allow",
    "cust_mgr, assigned, customer, TRANSACTION, read, assignment, allow",
    "cust_mgr, own_branch, archive, VIP_STATUS, read, *, allow",
    "officer, branch_and_below, customer, VIP_STATUS, read, *, allow",
    "officer, branch_and_below, archive, VIP_STATUS, read, *, allow",
)
"""What the questions of the bench need: ten rules."""
READERS = {Role.CUST_MGR, Role.PB_OFFICER, BaseRole.OFFICER, BaseRole.STAFF}
SHIPPED = 0


def policy_of(rules: int) -> str:
    """The text of a policy of so many rules; the shipped one for SHIPPED. ValueError below ten."""
    shipped = [line for line in POLICY.read_text(encoding="utf-8").splitlines() if line.strip()]
    if rules == SHIPPED:
        return "\n".join(shipped)
    if rules < len(NEEDED):
        raise ValueError(f"{rules} rules: the bench's readers need {len(NEEDED)}.")
    roles = [line for line in shipped if line.startswith("g")]
    own = [line for line in shipped if line.startswith("p,")]
    has = own if rules >= len(own) else [f"p, {rule}" for rule in NEEDED]
    known = set(has)
    # All in the readers' way: rules that give people in other roles something, half of what can be said at most.
    spoken = tuple(f"p, {role}," for role in READERS)
    others = (
        line
        for line in generated(2 * rules).splitlines()
        if not line.startswith(spoken) and line not in known
    )
    has += islice(others, rules - len(has))
    return "\n".join([*roles, *has])


def generated(size: int, seed: int = 1) -> str:
    """A policy of `size` distinct rules, drawn from all that the vocabulary can say, in random order.

    The first rule is always the same one, whatever the size and the seed.
    """
    rng = random.Random(seed)
    places = [
        (role, scope, sorted(ends)) for role, scopes in endings().items() for scope, ends in scopes.items()
    ]
    kinds = list(Kind)
    lines = {f"p, {NEEDED[3]}": None}
    while len(lines) < size:
        role, scope, ends = rng.choice(places)
        lines[f"p, {role}, {scope}, {rng.choice(kinds)}, {rng.choice(ends)}"] = None
    return "\n".join(lines)
