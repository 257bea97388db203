"""待办: what waits for whom. Of each table the state in which a row waits, and who is kept apart from deciding it.

A row waits for a person when the policy lets him do the act to it (`Selection.awaiting`) and what is said here is true
of him. So who opens his list meets no row that the act would then refuse him as the wrong person (domain.md 4.2).
"""

from __future__ import annotations

from authz import Action, Role
from desk.actors import at_work, holding
from desk.sights.sight import NOW
from desk.stock.waiting import CARDS
from desk.stocktakes.waiting import COUNTS
from desk.turns import ME, Step, by_another, person_of
from models.custody import DestructionState
from models.vocabulary import (
    Department,
    ExceptionState,
    FilingState,
    HandoverState,
    LawState,
    MergeState,
    ProposalState,
    WorkState,
)


def _department(role: Role) -> str:
    """SQL: the reader holds this role in the personal banking department that the row was sent to (Art. 6, 7)."""
    return (
        f"EXISTS (SELECT 1 FROM assignment mine WHERE mine.staff_id = {ME} AND mine.role = '{role.value}'"
        f" AND mine.department = '{Department.PERSONAL_BANKING.value}'"
        f" AND mine.institution_id = t.submitted_to_id AND {holding('mine', NOW)})"
    )


def serving(customer: str, owner_path: str, at: str) -> str:
    """SQL: the id of the manager who serves a customer at a moment, as `managers_of` finds him: at work, and with a post
    for the owning branch (Art. 9). No row: nobody does."""
    return (
        f"SELECT s.manager_id FROM manager_assignment s JOIN staff f ON f.id = s.manager_id"
        f" WHERE s.customer_id = {customer} AND {holding('s', at)} AND {at_work('f', at)} AND EXISTS"
        " (SELECT 1 FROM assignment a JOIN institution i ON i.id = a.institution_id WHERE a.staff_id = f.id"
        f" AND a.role = '{Role.CUST_MGR.value}' AND {holding('a', at)} AND i.acting_path = {owner_path})"
    )


_EVALUATOR = (
    "(SELECT o.person_id FROM evaluation e JOIN screening g ON g.id = e.screening_id"
    " JOIN staff o ON o.id = g.started_by_id WHERE e.id = t.evaluation_id)"
)
_SUBMITTED = f"t.state = '{FilingState.SUBMITTED.value}' AND {_department(Role.FILING_RECORDER)}"
_ASKED = f"t.state = '{ExceptionState.SUBMITTED.value}' AND {_department(Role.EXC_APPROVER)}"
_CASE = by_another("t.submitted_person_id", _EVALUATOR)
_LAW = (
    f"t.state = '{LawState.SUBMITTED.value}'"
    f" AND {by_another(person_of('t.drafted_by_id'), person_of('t.submitted_by_id'))}"
)
_ASSIGNED = f"SELECT 1 FROM manager_assignment s WHERE s.customer_id = t.customer_id AND {holding('s', NOW)}"
_STOOD_IN_FOR = (
    f"SELECT v.principal_id FROM delegation v WHERE v.deputy_id = {ME} AND v.role = '{Role.CUST_MGR.value}'"
    f" AND {holding('v', NOW)}"
)

_LISTED_BY_ANOTHER = by_another(
    "t.listed_person_id",
    "t.accounting_person_id",
    "t.audit_person_id",
    person_of("t.first_witness_id"),
    person_of("t.second_witness_id"),
)
_OF_ACCOUNTING = (
    f"EXISTS (SELECT 1 FROM assignment mine JOIN institution y ON y.id = mine.institution_id WHERE mine.staff_id = {ME}"
    f" AND mine.role = '{Role.PARTNER_HEAD.value}' AND mine.department = '{Department.OPERATIONS.value}'"
    f" AND y.acting_path = i.acting_path AND {holding('mine', NOW)})"
)
_OF_AUDIT = (
    f"EXISTS (SELECT 1 FROM assignment mine WHERE mine.staff_id = {ME} AND mine.role = '{Role.AUDITOR.value}'"
    f" AND {holding('mine', NOW)})"
)

WAITING: dict[tuple[str, Action | Step], str] = {
    ("filing", Action.RECORD): f"{_SUBMITTED} AND {_CASE}",
    ("exception_case", Action.APPROVE): f"{_ASKED} AND {_CASE}",
    ("standard", Action.APPROVE): _LAW,
    ("campaign", Action.APPROVE): _LAW,
    ("indicator", Action.APPROVE): _LAW,
    ("implementing_rule", Action.APPROVE): _LAW,
    ("proposal", Action.EXECUTE): (
        f"t.state = '{ProposalState.PROPOSED.value}'"
        f" AND {by_another('t.proposed_person_id', person_of('t.staff_id'))}"
    ),
    ("customer_merge", Action.MERGE): (
        f"((t.state = '{MergeState.PROPOSED.value}' AND {by_another('t.proposed_person_id')})"
        f" OR (t.state = '{MergeState.SPLIT_PROPOSED.value}' AND {by_another('t.split_proposed_person_id')}))"
    ),
    # No role signs, but the two whom the list names.
    ("handover", Action.READ): (
        f"t.state = '{HandoverState.DRAWN_UP.value}'"
        f" AND ((t.receiver_id = {ME} AND t.receiver_signed_at IS NULL)"
        f" OR (t.witness_id = {ME} AND t.witness_signed_at IS NULL))"
    ),
    # For his own side, while that one has not approved (Annex 1).
    ("destruction_list", Action.APPROVE): (
        f"t.state = '{DestructionState.DRAFT.value}' AND {_LISTED_BY_ANOTHER}"
        f" AND ((t.accounting_at IS NULL AND {_OF_ACCOUNTING}) OR (t.audit_at IS NULL AND {_OF_AUDIT}))"
    ),
    ("destruction_list", Action.READ): (
        f"t.state = '{DestructionState.APPROVED.value}'"
        f" AND ((t.first_witness_id = {ME} AND t.first_witnessed_at IS NULL)"
        f" OR (t.second_witness_id = {ME} AND t.second_witnessed_at IS NULL))"
    ),
    ("stock_handover", Action.READ): (
        f"t.state = '{HandoverState.DRAWN_UP.value}'"
        f" AND ((t.receiver_id = {ME} AND t.receiver_signed_at IS NULL)"
        f" OR (t.witness_id = {ME} AND t.witness_signed_at IS NULL)"
        f" OR (t.second_witness_id = {ME} AND t.second_witness_signed_at IS NULL)"
        f" OR (t.giver_id = {ME} AND t.giver_signed_at IS NULL AND t.second_witness_id IS NULL))"
    ),
    # His own customers' and those of whom he stands in for; the head's beside these are the ones that nobody serves.
    ("work_item", Action.RECORD): (
        f"t.state = '{WorkState.OPEN.value}' AND (NOT EXISTS ({serving('c.id', 'c.owner_path', NOW)})"
        f" OR EXISTS ({_ASSIGNED} AND (s.manager_id = {ME} OR s.manager_id IN ({_STOOD_IN_FOR}))))"
    ),
    **CARDS,
    **COUNTS,
}
"""By table and act. `t` is the row; NOW and ME are the reader's moment and the id of his post."""

BEYOND: dict[tuple[str, Action], tuple[str, str]] = {
    ("customer_merge", Action.MERGE): (
        "(SELECT g.owner_path FROM customer g WHERE g.id = t.gone_id)",
        "t.gone_id",
    ),
}
"""A second customer whom the act is about as well: his path and his id. Who decides a merge is above both branches."""
