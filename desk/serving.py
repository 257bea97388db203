"""Who is there to serve: managers of a customer and deciders of an office, as they are at this moment."""

from __future__ import annotations

from uuid import UUID

from authz import Role
from desk.actors import at_work, holding
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from models.customers import Customer
from models.membership import Serving
from models.vocabulary import Department


async def managers_of(desk: Desk, customer: Customer) -> list[Serving]:
    """The customer's current manager with each post he holds for the owning branch (Art. 9).

    Empty when nobody is assigned, or who is assigned has left, is suspended, or no longer works for that branch.
    """
    s = Statement(is_postgres())
    at = s.bind(desk.now)
    rows = await fetch(
        s,
        "SELECT m.manager_id, a.full_time FROM manager_assignment m JOIN staff f ON f.id = m.manager_id"
        " JOIN assignment a ON a.staff_id = f.id JOIN institution i ON i.id = a.institution_id"
        f" WHERE m.customer_id = {s.bind(customer.id)} AND {holding('m', at)} AND {at_work('f', at)}"
        f" AND a.role = {s.bind(str(Role.CUST_MGR))} AND {holding('a', at)}"
        f" AND i.acting_path = {s.bind(customer.owner_path)} ORDER BY a.id",
    )
    return [Serving(as_uuid(row["manager_id"]), bool(row["full_time"])) for row in rows]


async def somebody_decides(desk: Desk, office_id: UUID, role: Role) -> bool:
    """Whether another person than the one at the desk can decide there: filings or exceptions, by his role (Art. 6, 7)."""
    s = Statement(is_postgres())
    at = s.bind(desk.now)
    rows = await fetch(
        s,
        "SELECT 1 AS there FROM assignment a JOIN staff f ON f.id = a.staff_id"
        f" WHERE a.institution_id = {s.bind(office_id)} AND a.role = {s.bind(str(role))}"
        f" AND a.department = {s.bind(str(Department.PERSONAL_BANKING))} AND {holding('a', at)}"
        f" AND f.person_id <> {s.bind(desk.actor.person_id)} AND {at_work('f', at)} LIMIT 1",
    )
    return bool(rows)
