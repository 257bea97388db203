"""The inputs that filter and order roles and delegations."""

from __future__ import annotations

from enum import Enum

import strawberry

from authz import Role
from desk.sights.managing import LoadStanding
from schema.filters import BooleanFilter, IdFilter, TextFilter
from schema.wheres import AND, NOT, OR, compare


@strawberry.input(description="Filters the people who work here.")
class StaffWhere:
    number: TextFilter | None = compare("工号. Staff number.")
    and_: list[StaffWhere] | None = compare(AND, name="and")
    or_: list[StaffWhere] | None = compare(OR, name="or")
    not_: StaffWhere | None = compare(NOT, name="not")


@strawberry.input(description="Compares a role. An empty `in` matches nothing.")
class RoleFilter:
    eq: Role | None = compare("Equal.")
    in_: list[Role] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares a manager's load. An empty `in` matches nothing.")
class LoadFilter:
    eq: LoadStanding | None = compare("Equal.")
    in_: list[LoadStanding] | None = compare("One of these.", name="in")


@strawberry.input(
    description="Filters roles held. A condition on the load keeps only posts where you see it."
)
class AssignmentWhere:
    role: RoleFilter | None = compare("岗位.")
    staff_id: IdFilter | None = compare("Who holds it.")
    institution_id: IdFilter | None = compare("Where it is held.")
    holds_now: BooleanFilter | None = compare("Whether it is held at this moment.")
    load: LoadFilter | None = compare("A manager's load.")
    and_: list[AssignmentWhere] | None = compare(AND, name="and")
    or_: list[AssignmentWhere] | None = compare(OR, name="or")
    not_: AssignmentWhere | None = compare(NOT, name="not")


@strawberry.input(description="Filters delegations.")
class DelegationWhere:
    role: RoleFilter | None = compare("Which role is covered.")
    principal_id: IdFilter | None = compare("Who is stood in for.")
    deputy_id: IdFilter | None = compare("Who stands in.")
    and_: list[DelegationWhere] | None = compare(AND, name="and")
    or_: list[DelegationWhere] | None = compare(OR, name="or")
    not_: DelegationWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How delegations are ordered.")
class DelegationOrder(Enum):
    VALID_FROM_ASC = "valid_from asc"
    VALID_FROM_DESC = "valid_from desc"
