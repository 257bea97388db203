"""Who manages whom at the moment of the desk, as SQL: whether a member has his full-time manager, and a manager's load."""

from __future__ import annotations

from enum import StrEnum

from authz import Role
from desk.actors import at_work, holding
from desk.sights.sight import NOW, Derived
from models.vocabulary import MEMBERS

FEWEST, MOST = 100, 200
"""Members per customer manager. Not the Measures but a sister rule, 商业银行个人理财经理实施细则 (secondary source):
a deviation is for head office to approve, so that it is shown here and refuses nothing."""


class ManagerStanding(StrEnum):
    """Whether a customer has his full-time manager now (Art. 9). NOT_AT_WORK: one is assigned, but he has left, is
    absent by order, or no longer works for the owning branch."""

    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    NOT_AT_WORK = "NOT_AT_WORK"
    NOBODY = "NOBODY"


class LoadStanding(StrEnum):
    """How many members a manager serves, against what a sister rule holds for right (FEWEST, MOST)."""

    BELOW = "BELOW"
    WITHIN = "WITHIN"
    ABOVE = "ABOVE"


_MEMBERS = ", ".join(f"'{state.value}'" for state in MEMBERS)
_POST = (
    f"SELECT CASE WHEN a.full_time THEN '{ManagerStanding.FULL_TIME.value}' ELSE '{ManagerStanding.PART_TIME.value}' END"
    " FROM assignment a JOIN institution i ON i.id = a.institution_id"
    f" WHERE a.staff_id = f.id AND a.role = '{Role.CUST_MGR.value}' AND {holding('a', NOW)}"
    " AND i.acting_path = c.owner_path ORDER BY a.full_time DESC LIMIT 1"
)
_STANDING = (
    f"COALESCE((SELECT CASE WHEN {at_work('f', NOW)}"
    f" THEN COALESCE(({_POST}), '{ManagerStanding.NOT_AT_WORK.value}') ELSE '{ManagerStanding.NOT_AT_WORK.value}' END"
    " FROM manager_assignment m JOIN staff f ON f.id = m.manager_id"
    f" WHERE m.customer_id = t.customer_id AND {holding('m', NOW)}), '{ManagerStanding.NOBODY.value}')"
)
MANAGER_STANDING = Derived(_STANDING, nullable=False)
"""Of a membership. That somebody is suspended is RESTRICTED, so one word covers it, leaving and moving away; who sees his
posts may still infer it, which the list of members without a manager cannot avoid."""

_SERVED = (
    "(SELECT count(*) FROM manager_assignment m JOIN customer k ON k.id = m.customer_id"
    f" JOIN membership b ON b.customer_id = k.id WHERE m.manager_id = t.staff_id AND {holding('m', NOW)}"
    f" AND k.owner_path = i.acting_path AND b.state IN ({_MEMBERS}))"
)
_NOW_MANAGER = f"t.role = '{Role.CUST_MGR.value}' AND {holding('t', NOW)}"
_LOAD = (
    f"(SELECT CASE WHEN n.served < {FEWEST} THEN '{LoadStanding.BELOW.value}'"
    f" WHEN n.served > {MOST} THEN '{LoadStanding.ABOVE.value}' ELSE '{LoadStanding.WITHIN.value}' END"
    f" FROM (SELECT {_SERVED} AS served) n)"
)
OF_POSTS: dict[str, Derived] = {
    "holds_now": Derived(f"({holding('t', NOW)})", type="bool", nullable=False),
    "members": Derived(f"(CASE WHEN {_NOW_MANAGER} THEN {_SERVED} END)", type="int"),
    "load": Derived(f"(CASE WHEN {_NOW_MANAGER} THEN {_LOAD} END)"),
}
"""Of an assignment: a manager's members in the branch that the post is for. With two posts for one branch, both say it."""
