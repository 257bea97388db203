"""Handover: customers pass from one manager to another in one moment, and none is left behind unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from authz import Role
from desk.actors import at_work, holding
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.people.given import open_after
from models.customers import Customer, ManagerAssignment
from models.errors import Refusal
from models.people import Staff
from models.vocabulary import InstitutionKind, Level


class HandoverRequired(Refusal):
    """Customers would stay with a manager who can no longer serve them."""

    code = "HANDOVER_REQUIRED"
    article = "9"


class ManagerNotHere(Refusal):
    code = "MANAGER_NOT_HERE"
    article = "9"


class ManagerRecused(Refusal):
    """Nobody serves himself or a relative (回避)."""

    code = "MANAGER_RECUSED"
    article = "4.2"


async def must_manage_here(
    manager_id: UUID, customers: Iterable[Customer], at: dt.datetime, field: str = "managerId"
) -> None:
    """He may serve these customers at `at`: a customer manager of a centre or outlet of each owning branch, at work.

    MANAGER_NOT_HERE, MANAGER_RECUSED; the message names no customer.
    """
    customers = list(customers)
    s = Statement(is_postgres())
    when = s.bind(at)
    rows = await fetch(
        s,
        "SELECT i.acting_path AS path FROM assignment a JOIN institution i ON i.id = a.institution_id"
        f" JOIN staff f ON f.id = a.staff_id WHERE a.staff_id = {s.bind(manager_id)}"
        f" AND a.role = {s.bind(str(Role.CUST_MGR))} AND {holding('a', when)} AND {at_work('f', when)}"
        f" AND (i.kind = {s.bind(str(InstitutionKind.WEALTH_CENTRE))} OR i.level = {s.bind(str(Level.OUTLET))})",
    )
    if {customer.owner_path for customer in customers} - {row["path"] for row in rows}:
        raise ManagerNotHere(
            "He is not a customer manager of a centre or outlet of the owning branch at that moment. "
            "Choose one who is.",
            field=field,
        )
    s = Statement(is_postgres())
    mine = s.any_of("r.customer_id", {customer.id for customer in customers})
    recused = await fetch(
        s,
        "SELECT 1 AS recused FROM recusal r JOIN staff f ON f.person_id = r.person_id"
        f" WHERE f.id = {s.bind(manager_id)} AND {mine} LIMIT 1",
    )
    if recused:
        raise ManagerRecused(
            "He must not touch the file of one of these customers. Choose another manager.", field=field
        )


async def hand_over_all(desk: Desk, giver: Staff, receiver_id: UUID | None, at: dt.datetime) -> None:
    """Every customer whom `giver` serves at `at` or later passes to the receiver in that second.

    HANDOVER_REQUIRED without a receiver, unless there is nobody to hand over. A customer whose handover to
    somebody is fixed already is left to that.
    """
    served = await _served(giver.id, at)
    if not served:
        return
    if receiver_id is None or receiver_id == giver.id:
        raise HandoverRequired(
            f"{len(served)} customers are assigned to {giver.name}. Name a manager who receives them.",
            field="receiverId",
        )
    customers = (
        await Customer.filter(id__in={row.customer_id for row in served})
        .order_by("id")
        .select_for_update(no_key=True)
    )
    await must_manage_here(receiver_id, customers, at, "receiverId")
    # Read again now that the customers are held: somebody may have been quicker.
    for row in await _served(giver.id, at):
        await pass_on(desk, row, receiver_id, at, f"handed over by {giver.number}")


async def _served(manager_id: UUID, at: dt.datetime) -> list[ManagerAssignment]:
    return await ManagerAssignment.filter(
        open_after(at), manager_id=manager_id, ended_at__isnull=True
    ).order_by("customer_id", "valid_from")


async def pass_on(
    desk: Desk, row: ManagerAssignment, receiver_id: UUID, at: dt.datetime, reason: str
) -> ManagerAssignment:
    """End one assignment and begin the next in the same second, for what is left of its term."""
    start = await row.cease(at=at, now=desk.now, by=desk.staff_id, reason=reason)
    return await assign(desk, row.customer_id, receiver_id, start, row.valid_to)


async def assign(
    desk: Desk, customer_id: UUID, manager_id: UUID, start: dt.datetime, end: dt.datetime | None = None
) -> ManagerAssignment:
    return await ManagerAssignment.create(
        customer_id=customer_id,
        manager_id=manager_id,
        valid_from=start,
        valid_to=end,
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )


async def stranded(manager_ids: Iterable[UUID], at: dt.datetime) -> set[UUID]:
    """Manager assignments that are not over at `at` though the manager then has no post for the owning branch."""
    s = Statement(is_postgres())
    when = s.bind(at)
    rows = await fetch(
        s,
        "SELECT m.id FROM manager_assignment m JOIN customer c ON c.id = m.customer_id"
        f" WHERE {s.any_of('m.manager_id', set(manager_ids))}"
        f" AND (m.valid_to IS NULL OR {when} < m.valid_to) AND (m.ended_at IS NULL OR {when} < m.ended_at)"
        " AND NOT EXISTS (SELECT 1 FROM assignment a JOIN institution i ON i.id = a.institution_id"
        f" WHERE a.staff_id = m.manager_id AND a.role = {s.bind(str(Role.CUST_MGR))}"
        f" AND i.acting_path = c.owner_path AND {holding('a', when)})",
    )
    return {as_uuid(row["id"]) for row in rows}


def must_strand_nobody(before: set[UUID], after: set[UUID]) -> None:
    """HANDOVER_REQUIRED when a change took somebody's customers out of his hands."""
    if after - before:
        raise HandoverRequired(
            f"{len(after - before)} customers would be left with a manager who no longer works for their branch. "
            "Assign them to another manager first."
        )
