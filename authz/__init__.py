"""Who may do what to which row. Pure: no database, no GraphQL, no clock.

The policy is data (`policy.csv`, `model.conf`), every word of it is in `words.py`, and the answer to "which
rows" is a `Reach` of plain data, which Python can ask and the desk can translate to SQL.
"""

from authz.ladder import Rung
from authz.model import PolicyError
from authz.policy import Grant, Policy
from authz.reach import EVERYTHING, NOTHING, Clause, Reach
from authz.rules import Rule
from authz.words import (
    ORDINARY,
    Action,
    Actor,
    Basis,
    BasisGrant,
    DataClass,
    Facts,
    Group,
    Kind,
    ReasonCode,
    Role,
    Scope,
    Seat,
    Visibility,
)

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "ORDINARY",
    "Action",
    "Actor",
    "Basis",
    "BasisGrant",
    "Clause",
    "DataClass",
    "Facts",
    "Grant",
    "Group",
    "Kind",
    "Policy",
    "PolicyError",
    "Reach",
    "ReasonCode",
    "Role",
    "Rule",
    "Rung",
    "Scope",
    "Seat",
    "Visibility",
]
