"""What waits for whose signature in the stock (Notice 4): what desk/stock/seats.py asks of a person, as SQL.

A deputy's seat counts as his own while he stands in (代班). Who is kept apart from a list does not meet it: who sent a
transfer does not take it in, a manager and his customer's relatives have no hand in a card, who approved or watched a
destruction does not book it.
"""

from __future__ import annotations

from authz import Action, Role
from desk.actors import at_work, holding
from desk.sights.sight import NOW
from desk.turns import ME, MY_PERSON, Step, by_another, person_of
from models.custody import CardState, MovementKind, MovementState, OrderState, SignatureStep, StockDuty


def _seats(role: Role, place: str = "", path: str = "") -> str:
    """SQL: the staff in whose seats of this role the reader sits now; of one institution, or of all that act for one
    branch, where that is named."""
    there = f" AND b.institution_id = {place}" if place else ""
    if path:
        there += f" AND EXISTS (SELECT 1 FROM institution h WHERE h.id = b.institution_id AND h.acting_path = {path})"
    own_above = (
        "EXISTS (SELECT 1 FROM assignment p JOIN institution pi ON pi.id = p.institution_id"
        f" JOIN institution bi ON bi.id = b.institution_id WHERE p.staff_id = {ME} AND {holding('p', NOW)}"
        " AND substr(bi.acting_path, 1, length(pi.acting_path)) = pi.acting_path)"
    )
    stands_in = (
        f"EXISTS (SELECT 1 FROM delegation v WHERE v.deputy_id = {ME} AND v.principal_id = b.staff_id"
        f" AND v.assignment_id = b.id AND v.role = b.role AND {holding('v', NOW)}) AND {own_above}"
    )
    return (
        f"SELECT b.staff_id FROM assignment b WHERE b.role = '{role.value}' AND {holding('b', NOW)}{there}"
        f" AND (b.staff_id = {ME} OR ({stands_in}))"
    )


def _designated(place: str, duty: StockDuty) -> str:
    """SQL: he is a person whom the institution has designated for this duty, or fills his seat."""
    return (
        f"EXISTS (SELECT 1 FROM designation g WHERE g.institution_id = {place} AND g.duty = '{duty.value}'"
        f" AND {holding('g', NOW)} AND g.staff_id IN ({_seats(Role.CARD_CUSTODIAN, place)}))"
    )


def _keeps(place: str) -> str:
    return _designated(place, StockDuty.STOCK)


def _relative(customer: str) -> str:
    return f"EXISTS (SELECT 1 FROM recusal r WHERE r.customer_id = {customer} AND r.person_id = {MY_PERSON})"


def _manages(card: str) -> str:
    """SQL: he requested the card, or serves its customer, under whatever staff number."""
    return (
        f"({card}.requested_person_id = {MY_PERSON} OR EXISTS (SELECT 1 FROM manager_assignment m"
        f" JOIN staff f ON f.id = m.manager_id WHERE m.customer_id = {card}.customer_id"
        f" AND {holding('m', NOW)} AND f.person_id = {MY_PERSON}))"
    )


_ISSUES = f"{_keeps('t.issuer_id')} AND NOT {_manages('t')} AND NOT {_relative('t.customer_id')}"
"""Who gives a card its number, and who hands it out: the same must be true of both."""
_LISTED = "EXISTS (SELECT 1 FROM movement_line x WHERE x.movement_id = t.id)"
_ARRIVAL = f"t.kind = '{MovementKind.ALLOCATE_IN.value}'"
_DID_NOT_SEND = (
    f"NOT ({_ARRIVAL} AND EXISTS (SELECT 1 FROM signature z WHERE z.movement_id = t.source_id"
    f" AND z.voided_at IS NULL AND z.person_id = {MY_PERSON}))"
)
_NO_HAND_IN_THE_CARD = (
    f"NOT EXISTS (SELECT 1 FROM card k WHERE k.id = t.card_id AND ({_relative('k.customer_id')}"
    f" OR (t.kind = '{MovementKind.ISSUE.value}' AND {_manages('k')})))"
)
_NEITHER_APPROVED_NOR_WATCHED = (
    f"NOT EXISTS (SELECT 1 FROM destruction_list n WHERE n.id = t.destruction_id AND {MY_PERSON} IN"
    f" (n.accounting_person_id, n.audit_person_id, {person_of('n.first_witness_id')}, {person_of('n.second_witness_id')}))"
)
_APART = f"{_DID_NOT_SEND} AND {_NO_HAND_IN_THE_CARD} AND {_NEITHER_APPROVED_NOR_WATCHED}"
_SIGNED_FOR = (
    "signature s JOIN supervision_line l ON l.staff_id = s.for_staff_id"
    f" WHERE s.movement_id = t.id AND s.step = '{SignatureStep.SIGN.value}' AND s.voided_at IS NULL AND {holding('l', NOW)}"
)
"""Whose hand is on it, and who supervises him on this day."""
_SIGNED_IN_HIS_LINE = (
    f"EXISTS (SELECT 1 FROM {_SIGNED_FOR} AND s.person_id <> {MY_PERSON}"
    f" AND l.supervisor_id IN ({_seats(Role.CARD_SUPERVISOR)}))"
)
_SUPERVISES_HERE = f"EXISTS ({_seats(Role.CARD_SUPERVISOR, path='i.acting_path')})"
_COUNTERSIGNS = f"{_SIGNED_IN_HIS_LINE} AND {_APART}"
# The supervisors of who has signed and their deputies are few, and only they are asked whether they could.
_SOMEBODY_COUNTERSIGNS = (
    f"EXISTS (SELECT 1 FROM staff w WHERE w.id IN (SELECT l.supervisor_id FROM {_SIGNED_FOR}"
    f" UNION ALL SELECT q.deputy_id FROM delegation q WHERE q.role = '{Role.CARD_SUPERVISOR.value}'"
    f" AND q.principal_id IN (SELECT l.supervisor_id FROM {_SIGNED_FOR})) AND {at_work('w', NOW)}"
    f" AND {f'{_SUPERVISES_HERE} AND {_COUNTERSIGNS}'.replace(ME, 'w.id')})"
)
"""What `waits` and COUNTERSIGN ask of the reader, asked of everybody else: the policy lets a business supervisor
countersign at his own branch (Notice 4), and a test holds it to that."""

CARDS: dict[tuple[str, Action | Step], str] = {
    # An arrival has no list before it is counted, and is not signed for before that.
    ("stock_movement", Action.SIGN): (
        f"t.state = '{MovementState.DRAFT.value}' AND {_LISTED} AND {_keeps('t.institution_id')} AND {_APART}"
    ),
    ("stock_movement", Action.COUNTERSIGN): (f"t.state = '{MovementState.SIGNED.value}' AND {_COUNTERSIGNS}"),
    # Whoever has signed it has left, or nobody supervises him now: nothing but a rejection ends it, or his successor's
    # withdrawal.
    ("stock_movement", Action.REJECT): (
        f"t.state = '{MovementState.SIGNED.value}' AND NOT {_SOMEBODY_COUNTERSIGNS}"
    ),
    ("stock_movement", Action.PROPOSE): (
        f"{_ARRIVAL} AND t.state = '{MovementState.DRAFT.value}' AND NOT {_LISTED}"
        f" AND {_keeps('t.institution_id')} AND {_DID_NOT_SEND}"
    ),
    ("card_order", Action.APPROVE): (
        f"t.state = '{OrderState.DRAFT.value}' AND {by_another('t.drafted_person_id')}"
    ),
    ("card_order", Action.EXECUTE): (
        f"t.state = '{OrderState.APPROVED.value}' AND {_designated('t.institution_id', StockDuty.ORDER)}"
    ),
    # One of which cards are still to come is settled with a reason only, and waits for the cards.
    ("card_order", Action.RECORD): f"t.state = '{OrderState.RECEIVED.value}'",
    ("card", Action.ISSUE): f"t.state = '{CardState.REQUESTED.value}' AND {_ISSUES}",
    ("card", Step.HAND_OUT): f"t.state = '{CardState.RESERVED.value}' AND {_ISSUES}",
}
"""By table and act, as in desk/inbox.py. `t` is the row."""
