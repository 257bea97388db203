"""Policies of any number of rules under which the readers of the bench see the same: the fewest, the shipped one, more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from authz.policy import POLICY
from authz.words import CELL_ACTIONS, BaseRole, Basis, DataClass, Kind, Role, Scope

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
    others = (line for line in of_others() if line not in known)
    has += [line for _, line in zip(range(rules - len(has)), others, strict=False)]
    if len(has) < rules:
        raise ValueError(f"{rules} rules: the bench knows only {len(has)}.")
    return "\n".join([*roles, *has])


def of_others() -> Iterator[str]:
    """Rules that give people in other roles something, on the same tables and classes: all in the readers' way."""
    others = [role for role in (*Role, *BaseRole) if role not in READERS]
    acts = sorted(CELL_ACTIONS)
    for basis, act, scope, cls, kind, role in product(
        ("*", *Basis), acts, (Scope.OWN_BRANCH, Scope.BRANCH_AND_BELOW), DataClass, Kind, others
    ):
        yield f"p, {role}, {scope}, {kind}, {cls}, {act}, {basis}, allow"
