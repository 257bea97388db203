"""待办 of card custody of the oracle: what waits for whose hand, by the words of Notice 4 and Annex 1.

A deputy's seat counts as his own while he stands in. Who had a hand in the other side of a list has none in this one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.schema.corpus.rights import Rights
from tests.schema.corpus.tables import Tables, holds

Turn = Callable[[Tables, Rights, Any], bool]


def _person(tables: Tables, staff_id: Any) -> UUID | None:
    staff = tables.get("staff", staff_id)
    return None if staff is None else staff.person_id


def _may(tables: Tables, rights: Rights, act: str, row: Any) -> bool:
    table = str(row._meta.db_table)
    return rights.may(table, act, row, tables.facts(table, row).path)


def _path(tables: Tables, post: Any) -> str:
    return str(tables.get("institution", post.institution_id).acting_path)


def _sits(tables: Tables, rights: Rights, post: Any) -> bool:
    """It is his own, or he fills it for its holder, and has one of his own there or above."""
    if not holds(post, tables.now):
        return False
    if post.staff_id == rights.staff_id:
        return True
    given = [
        one
        for one in tables.where("delegation", "deputy_id", rights.staff_id)
        if holds(one, tables.now)
        and (one.principal_id, one.assignment_id, one.role) == (post.staff_id, post.id, post.role)
    ]
    own = [one for one in tables.where("assignment", "staff_id", rights.staff_id) if holds(one, tables.now)]
    return bool(given) and any(_path(tables, post).startswith(_path(tables, one)) for one in own)


def _seats(tables: Tables, rights: Rights, role: str) -> list[Any]:
    return [post for post in tables.where("assignment", "role", role) if _sits(tables, rights, post)]


def _keeps(tables: Tables, rights: Rights, place: Any, duty: str = "STOCK") -> bool:
    """The institution has designated him for its stock, or for ordering, or whose seat he fills there."""
    keepers = {
        post.staff_id for post in _seats(tables, rights, "card_custodian") if post.institution_id == place
    }
    return any(
        one.duty == duty and one.staff_id in keepers and holds(one, tables.now)
        for one in tables.where("designation", "institution_id", place)
    )


def _manages(tables: Tables, rights: Rights, card: Any) -> bool:
    """He requested the card, or serves its holder, under whatever number."""
    serving = tables.managers(tables.get("customer", card.customer_id))
    return rights.actor.person_id in {card.requested_person_id, *(_person(tables, one) for one in serving)}


def _apart(tables: Tables, rights: Rights, movement: Any) -> bool:
    """He neither sent what is taken in, nor has a hand in the card, nor approved or watched what is cut."""
    me = rights.actor.person_id
    if movement.kind == "ALLOCATE_IN" and _has_signed(tables, movement.source_id, me):
        return False
    card = tables.get("card", movement.card_id)
    if card is not None:
        if card.customer_id in rights.actor.recused:
            return False
        if movement.kind == "ISSUE" and _manages(tables, rights, card):
            return False
    listed = tables.get("destruction_list", movement.destruction_id)
    if listed is None:
        return True
    watching = (_person(tables, listed.first_witness_id), _person(tables, listed.second_witness_id))
    return me not in {listed.accounting_person_id, listed.audit_person_id, *watching}


def _has_signed(tables: Tables, movement_id: Any, person_id: Any) -> bool:
    return any(
        one.person_id == person_id and one.voided_at is None
        for one in tables.where("signature", "movement_id", movement_id)
    )


def _to_sign(tables: Tables, rights: Rights, movement: Any) -> bool:
    return (
        movement.state == "DRAFT"
        and bool(tables.where("movement_line", "movement_id", movement.id))
        and _keeps(tables, rights, movement.institution_id)
        and _apart(tables, rights, movement)
        and _may(tables, rights, "sign", movement)
    )


def _to_countersign(tables: Tables, rights: Rights, movement: Any) -> bool:
    """Signed by another, in the seat of somebody whose supervisor he is, or whose supervisor's seat he fills."""
    supervisors = {post.staff_id for post in _seats(tables, rights, "card_supervisor")}
    signed = [
        one
        for one in tables.where("signature", "movement_id", movement.id)
        if one.step == "SIGN" and one.voided_at is None and one.person_id != rights.actor.person_id
    ]
    in_line = any(
        line.supervisor_id in supervisors and holds(line, tables.now)
        for one in signed
        for line in tables.where("supervision_line", "staff_id", one.for_staff_id)
    )
    return (
        movement.state == "SIGNED"
        and in_line
        and _apart(tables, rights, movement)
        and _may(tables, rights, "countersign", movement)
    )


def _at_work(tables: Tables, staff: Any) -> bool:
    gone = staff.left_at is not None and staff.left_at <= tables.now
    return not gone and not any(
        holds(one, tables.now) for one in tables.where("suspension", "staff_id", staff.id)
    )


def _to_reject(tables: Tables, rights: Rights, movement: Any) -> bool:
    """Signed, and there is nobody in the whole bank, and at work, who may countersign it."""
    return (
        movement.state == "SIGNED"
        and _may(tables, rights, "reject", movement)
        and not any(
            _to_countersign(tables, rights.of(staff.id), movement)
            for staff in tables.all("staff")
            if _at_work(tables, staff)
        )
    )


def _to_list(tables: Tables, rights: Rights, movement: Any) -> bool:
    return (
        (movement.kind, movement.state) == ("ALLOCATE_IN", "DRAFT")
        and not tables.where("movement_line", "movement_id", movement.id)
        and _keeps(tables, rights, movement.institution_id)
        and not _has_signed(tables, movement.source_id, rights.actor.person_id)
        and _may(tables, rights, "propose", movement)
    )


def _order(tables: Tables, rights: Rights, order: Any) -> bool:
    return (
        order.state == "DRAFT"
        and order.drafted_person_id != rights.actor.person_id
        and _may(tables, rights, "approve", order)
    )


def _to_place(tables: Tables, rights: Rights, order: Any) -> bool:
    return (
        order.state == "APPROVED"
        and _keeps(tables, rights, order.institution_id, "ORDER")
        and _may(tables, rights, "execute", order)
    )


def _to_settle(tables: Tables, rights: Rights, order: Any) -> bool:
    return order.state == "RECEIVED" and _may(tables, rights, "record", order)


def _to_issue(tables: Tables, rights: Rights, card: Any) -> bool:
    return card.state == "REQUESTED" and _card(tables, rights, card)


def _to_hand_out(tables: Tables, rights: Rights, card: Any) -> bool:
    return card.state == "RESERVED" and _card(tables, rights, card)


def _card(tables: Tables, rights: Rights, card: Any) -> bool:
    return (
        _keeps(tables, rights, card.issuer_id)
        and not _manages(tables, rights, card)
        and card.customer_id not in rights.actor.recused
        and _may(tables, rights, "issue", card)
    )


def _stocktake(tables: Tables, rights: Rights, counting: Any) -> bool:
    """The first counter lists, then the second confirms."""
    turn = counting.first_counter_id if counting.counted_at is None else counting.second_counter_id
    return counting.state == "OPEN" and turn == rights.staff_id and _may(tables, rights, "count", counting)


def _to_explain(tables: Tables, rights: Rights, counting: Any) -> bool:
    """He does not keep these cards; some difference has no word of explanation, and no movement that books it."""
    return (
        counting.state in {"DIFFERENCE", "EXPLAINED"}
        and any(
            _unexplained(tables, one) for one in tables.where("stocktake_line", "stocktake_id", counting.id)
        )
        and rights.actor.person_id not in _keepers(tables, counting.institution_id)
        and _may(tables, rights, "record", counting)
    )


def _unexplained(tables: Tables, line: Any) -> bool:
    booking = tables.get("stock_movement", line.movement_id)
    undone = booking is not None and any(
        (one.kind, one.state) == ("REVERSE", "POSTED")
        for one in tables.where("stock_movement", "source_id", booking.id)
    )
    booked = booking is not None and booking.state != "REJECTED" and not undone
    return line.finding in {"MISSING", "EXTRA"} and not line.explanation and not booked


def _keepers(tables: Tables, place: Any) -> set[UUID | None]:
    """Who is named for this stock, and who stands in for one of them as a custodian."""
    named = {
        one.staff_id
        for one in tables.where("designation", "institution_id", place)
        if one.duty == "STOCK" and holds(one, tables.now)
    }
    deputies = {
        one.deputy_id
        for one in tables.where("delegation", "role", "card_custodian")
        if one.principal_id in named and holds(one, tables.now)
    }
    return {_person(tables, one) for one in named | deputies}


def _to_approve(tables: Tables, rights: Rights, listed: Any) -> bool:
    """For accounting at the very branch, for audit whoever audits; none who has had to do with the list."""
    witnesses = (_person(tables, listed.first_witness_id), _person(tables, listed.second_witness_id))
    persons = {listed.listed_person_id, listed.accounting_person_id, listed.audit_person_id, *witnesses}
    posts = [one for one in tables.where("assignment", "staff_id", rights.staff_id) if holds(one, tables.now)]
    path = tables.facts("destruction_list", listed).path
    accounting = any(
        (one.role, one.department, _path(tables, one)) == ("partner_head", "OPERATIONS", path)
        for one in posts
    )
    audit = any(one.role == "auditor" for one in posts)
    turn = (accounting and listed.accounting_at is None) or (audit and listed.audit_at is None)
    return (
        listed.state == "DRAFT"
        and turn
        and rights.actor.person_id not in persons
        and _may(tables, rights, "approve", listed)
    )


def _to_witness(tables: Tables, rights: Rights, listed: Any) -> bool:
    missing = {
        listed.first_witness_id: listed.first_witnessed_at,
        listed.second_witness_id: listed.second_witnessed_at,
    }
    return listed.state == "APPROVED" and missing.get(rights.staff_id, tables.now) is None


def _handover(tables: Tables, rights: Rights, handover: Any) -> bool:
    """Each whom it names; where there is a second witness, the giver is not there to sign."""
    missing = {
        handover.receiver_id: handover.receiver_signed_at,
        handover.witness_id: handover.witness_signed_at,
    }
    if handover.second_witness_id is None:
        missing[handover.giver_id] = handover.giver_signed_at
    else:
        missing[handover.second_witness_id] = handover.second_witness_signed_at
    return handover.state == "DRAWN_UP" and missing.get(rights.staff_id, tables.now) is None


WAITING: dict[str, tuple[str, Turn]] = {
    "arrivalsToList": ("stock_movement", _to_list),
    "cardOrdersToApprove": ("card_order", _order),
    "cardOrdersToPlace": ("card_order", _to_place),
    "cardOrdersToSettle": ("card_order", _to_settle),
    "cardsToHandOut": ("card", _to_hand_out),
    "cardsToIssue": ("card", _to_issue),
    "destructionsToApprove": ("destruction_list", _to_approve),
    "destructionsToWitness": ("destruction_list", _to_witness),
    "movementsToCountersign": ("stock_movement", _to_countersign),
    "movementsToReject": ("stock_movement", _to_reject),
    "movementsToSign": ("stock_movement", _to_sign),
    "stockHandoversToSign": ("stock_handover", _handover),
    "stocktakesToCount": ("stocktake", _stocktake),
    "stocktakesToExplain": ("stocktake", _to_explain),
}
