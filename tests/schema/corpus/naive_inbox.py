"""待办 of the oracle: what waits for a person, by the words of the Measures and of docs/roles.md.

He may do the act to the row by the policy, it is still to be done, and whoever did the step before it was not he.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.schema.corpus import naive_stock
from tests.schema.corpus.rights import Rights
from tests.schema.corpus.tables import Tables, holds

Turn = Callable[[Tables, Rights, Any], bool]


def _person(tables: Tables, staff_id: Any) -> UUID | None:
    staff = tables.get("staff", staff_id)
    return None if staff is None else staff.person_id


def _sent_to_him(role: str, act: str) -> Turn:
    """Sent to the personal banking department where he sits; he neither submitted it nor evaluated the customer (4.2)."""

    def turn(tables: Tables, rights: Rights, case: Any) -> bool:
        evaluation = tables.get("evaluation", case.evaluation_id)
        evaluator = tables.get("screening", evaluation.screening_id).started_by_id
        posts = [
            post
            for post in tables.where("assignment", "staff_id", rights.staff_id)
            if holds(post, tables.now) and (post.role, post.department) == (role, "PERSONAL_BANKING")
        ]
        return (
            case.state == "SUBMITTED"
            and case.submitted_to_id in {post.institution_id for post in posts}
            and rights.actor.person_id not in {case.submitted_person_id, _person(tables, evaluator)}
            and rights.may(_table_of(case), act, case, case.submitted_to_path)
        )

    return turn


def _table_of(row: Any) -> str:
    return str(row._meta.db_table)


def _law(tables: Tables, rights: Rights, law: Any) -> bool:
    """Written and put forward by others, and of head office or of a branch for which he approves."""
    owner = tables.get("institution", getattr(law, "owner_id", None))
    return (
        law.state == "SUBMITTED"
        and rights.actor.person_id
        not in {_person(tables, law.drafted_by_id), _person(tables, law.submitted_by_id)}
        and rights.may(_table_of(law), "approve", law, owner.path if owner else None)
    )


def _proposal(tables: Tables, rights: Rights, proposal: Any) -> bool:
    """Neither his own, nor about himself (decisions.md 8)."""
    about = {proposal.proposed_person_id, _person(tables, proposal.staff_id)}
    path = tables.facts("proposal", proposal).path
    return (
        proposal.state == "PROPOSED"
        and rights.actor.person_id not in about
        and rights.may("proposal", "execute", proposal, path)
    )


def _merge(tables: Tables, rights: Rights, merge: Any) -> bool:
    """Proposed by another person, of two customers both of whose branches he stands above (decisions.md 27)."""
    proposers = {"PROPOSED": merge.proposed_person_id, "SPLIT_PROPOSED": merge.split_proposed_person_id}
    kept, gone = tables.get("customer", merge.kept_id), tables.get("customer", merge.gone_id)
    return (
        merge.state in proposers
        and proposers[merge.state] != rights.actor.person_id
        and gone.id not in rights.actor.recused
        and all(rights.may("customer_merge", "merge", merge, one.owner_path) for one in (kept, gone))
    )


def _handover(tables: Tables, rights: Rights, handover: Any) -> bool:
    """His own signature is missing, as receiver or as witness."""
    missing = {
        handover.receiver_id: handover.receiver_signed_at,
        handover.witness_id: handover.witness_signed_at,
    }
    return handover.state == "DRAWN_UP" and missing.get(rights.staff_id, tables.now) is None


def _work(tables: Tables, rights: Rights, item: Any) -> bool:
    """Of his own customers, of those of whom he stands in for, and a head's of those whom nobody serves."""
    customer = tables.get("customer", item.customer_id)
    serving = tables.managers(customer)
    his = serving & {rights.staff_id, *rights.actor.delegated}
    return (
        item.state == "OPEN"
        and bool(his or not serving)
        and rights.may("work_item", "record", item, customer.owner_path)
    )


WAITING: dict[str, tuple[str, Turn]] = {
    "campaignsToApprove": ("campaign", _law),
    "customerMergesToDecide": ("customer_merge", _merge),
    "exceptionsToDecide": ("exception_case", _sent_to_him("exc_approver", "approve")),
    "filingsToRecord": ("filing", _sent_to_him("filing_recorder", "record")),
    "handoversToSign": ("handover", _handover),
    "implementingRulesToApprove": ("implementing_rule", _law),
    "indicatorsToApprove": ("indicator", _law),
    "proposalsToExecute": ("proposal", _proposal),
    "standardsToApprove": ("standard", _law),
    "workItemsToDo": ("work_item", _work),
    **naive_stock.WAITING,
}
"""By root field: of which table, and when it is his turn."""


def waits(tables: Tables, rights: Rights, name: str, row: Any) -> bool:
    return WAITING[name][1](tables, rights, row)
