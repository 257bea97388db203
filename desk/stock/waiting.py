"""What waits for whose signature in the stock (Notice 4): what desk/stock/seats.py asks of a person, as SQL.

A deputy's seat counts as his own while he stands in (代班). Who is kept apart from a list does not meet it: who sent a
transfer does not take it in, a manager and his customer's relatives have no hand in a card, who approved or watched a
destruction does not book it.
"""

from __future__ import annotations

from authz import Action, Role
from desk.actors import holding
from desk.sights.sight import NOW
from desk.turns import ME, MY_PERSON, by_another, person_of
from models.custody import CardState, MovementKind, MovementState, OrderState, SignatureStep, StockDuty


def _seats(role: Role, place: str = "") -> str:
    """SQL: the staff in whose seats of this role the reader sits now, of one institution where it is named."""
    there = f" AND b.institution_id = {place}" if place else ""
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


def _keeps(place: str) -> str:
    """SQL: he is the person whom the institution has designated for its stock, or fills his seat."""
    return (
        f"EXISTS (SELECT 1 FROM designation g WHERE g.institution_id = {place} AND g.duty = '{StockDuty.STOCK.value}'"
        f" AND {holding('g', NOW)} AND g.staff_id IN ({_seats(Role.CARD_CUSTODIAN, place)}))"
    )


def _relative(customer: str) -> str:
    return f"EXISTS (SELECT 1 FROM recusal r WHERE r.customer_id = {customer} AND r.person_id = {MY_PERSON})"


def _manages(card: str) -> str:
    """SQL: he requested the card, or serves its customer, under whatever staff number."""
    return (
        f"({card}.requested_person_id = {MY_PERSON} OR EXISTS (SELECT 1 FROM manager_assignment m"
        f" JOIN staff f ON f.id = m.manager_id WHERE m.customer_id = {card}.customer_id"
        f" AND {holding('m', NOW)} AND f.person_id = {MY_PERSON}))"
    )


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
_SIGNED_IN_HIS_LINE = (
    "EXISTS (SELECT 1 FROM signature s JOIN supervision_line l ON l.staff_id = s.for_staff_id"
    f" WHERE s.movement_id = t.id AND s.step = '{SignatureStep.SIGN.value}' AND s.voided_at IS NULL"
    f" AND s.person_id <> {MY_PERSON} AND {holding('l', NOW)}"
    f" AND l.supervisor_id IN ({_seats(Role.CARD_SUPERVISOR)}))"
)

CARDS: dict[tuple[str, Action], str] = {
    # An arrival has no list before it is counted, and is not signed for before that.
    ("stock_movement", Action.SIGN): (
        f"t.state = '{MovementState.DRAFT.value}' AND {_LISTED} AND {_keeps('t.institution_id')} AND {_APART}"
    ),
    ("stock_movement", Action.COUNTERSIGN): (
        f"t.state = '{MovementState.SIGNED.value}' AND {_SIGNED_IN_HIS_LINE} AND {_APART}"
    ),
    ("stock_movement", Action.PROPOSE): (
        f"{_ARRIVAL} AND t.state = '{MovementState.DRAFT.value}' AND NOT {_LISTED}"
        f" AND {_keeps('t.institution_id')} AND {_DID_NOT_SEND}"
    ),
    ("card_order", Action.APPROVE): (
        f"t.state = '{OrderState.DRAFT.value}' AND {by_another('t.drafted_person_id')}"
    ),
    ("card", Action.ISSUE): (
        f"t.state = '{CardState.REQUESTED.value}' AND {_keeps('t.issuer_id')}"
        f" AND NOT {_manages('t')} AND NOT {_relative('t.customer_id')}"
    ),
}
"""By table and act, as in desk/inbox.py. `t` is the row."""
