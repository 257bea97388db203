"""The records of an explanation: plain data that the desk hands on (authz/explaining.py makes them)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from authz.changes import Change
from authz.rules import Rule
from authz.words import Basis, DataClass, Kind, ReasonCode, Seat, Visibility


class Way(StrEnum):
    """What to ask for. COLLEAGUE: nothing for oneself; somebody else does it."""

    ASSIGNMENT = "ASSIGNMENT"
    BASIS = "BASIS"
    COLLEAGUE = "COLLEAGUE"
    DELEGATION = "DELEGATION"
    PATH = "PATH"
    PURPOSE = "PURPOSE"
    ROLE = "ROLE"
    TRANSFER = "TRANSFER"


@dataclass(frozen=True, slots=True)
class Source:
    """A rule as it stands in the policy file, and what of the actor it speaks of. `seat` None: as staff."""

    rule: Rule
    text: str
    line: int
    policy_version: str
    seat: Seat | None = None
    basis: Basis | None = None
    basis_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One layer: a question, and whether the row and the actor answer it with yes."""

    question: str
    chinese: str
    held: bool
    visibility: Visibility | None = None
    reason: ReasonCode | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """Filled in and not yet sent: who asks, for what, which way, and the remedy in words."""

    staff_id: UUID
    customer_id: UUID | None
    kind: Kind
    data_class: DataClass
    way: Way
    change: Change | None
    remedy: str
    remedy_chinese: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `authz.explaining` says of one cell; its docstring tells what each part is."""

    visibility: Visibility
    reason: ReasonCode | None
    sentence: str
    chinese: str
    article: str
    steps: tuple[Step, ...]
    deciding: Source | None
    masking: Source | None
    policy_version: str
    opens: tuple[Change, ...]
    opens_with_purpose: tuple[Change, ...]
    closes: tuple[Change, ...]
    request: AccessRequest | None
