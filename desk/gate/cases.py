"""Open cases: a row that is before the reader to be decided is a basis for what is below it, while it is open (5.3)."""

from __future__ import annotations

from dataclasses import dataclass

from authz import Kind, Role
from models.vocabulary import ExceptionState, FilingState


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Before whom a case is: who holds `role` at the place that it was sent to, while it is in `state`."""

    kind: Kind
    role: Role
    state: str


CASES: dict[str, OpenCase] = {
    "exception_case": OpenCase(Kind.EXCEPTION, Role.EXC_APPROVER, ExceptionState.SUBMITTED.value),
    "filing": OpenCase(Kind.FILING, Role.FILING_RECORDER, FilingState.SUBMITTED.value),
}
"""By table. Each has the columns customer_id, state and submitted_to_path."""

DECIDERS = frozenset(case.role for case in CASES.values())
