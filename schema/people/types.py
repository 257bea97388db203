"""People in the graph: staff, roles, delegations, proposals, and who serves whom."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import strawberry

from authz import DataClass, Role
from desk.sights.managing import FEWEST, MOST, LoadStanding
from models.vocabulary import Department, ProposalKind, ProposalState
from schema.fields import column, many, one, planned, renamed, section
from schema.institutions import Institution
from schema.node import Node
from schema.sections import Confidential, Section

for _words, _about in (
    (LoadStanding, f"How many members a manager serves, against {FEWEST} to {MOST} (a sister rule)."),
    (Role, "岗位 (domain.md 4.1)."),
    (Department, "部门."),
    (ProposalKind, "What is proposed for a person (decisions.md 8)."),
    (ProposalState, "What became of a proposal."),
):
    strawberry.enum(_words, description=_about)


@strawberry.type(
    description="How many members a customer manager serves: counts, for the head of the branch and the levels above.",
    directives=[Confidential(class_=DataClass.VIP_STATUS, article="9")],
)
class LoadSection(Section):
    members: int | None = column(
        about="Members of the post's branch whom he serves now; null for other roles, or when the post is not held now."
    )
    standing: LoadStanding | None = renamed(
        "load",
        about=f"Against {FEWEST} to {MOST} members for each manager (a sister rule; it refuses nothing).",
    )


@strawberry.type(description="任职. A role held at an institution.")
class Assignment(Node):
    TABLE: ClassVar[str] = "assignment"

    role: Role = column(about="岗位.")
    department: Department = column(about="部门.")
    full_time: bool = column(about="专职 (Art. 9).")
    valid_from: dt.datetime = column(about="First moment.")
    valid_to: dt.datetime | None = column(about="First moment no longer; null: open end.")
    ended_at: dt.datetime | None = column(about="When it was ended before its time.")
    holds_now: bool = column(about="Whether it is held at this moment.")
    institution: Institution | None = one("institution", "institution", about="Where the role is held.")
    staff: Staff | None = one("staff", "staff", about="Who holds it.")

    @strawberry.field(
        description="A customer manager's load (Art. 9).", metadata=section(DataClass.VIP_STATUS)
    )
    def load(self) -> LoadSection:
        return planned()


@strawberry.type(description="员工. A person who works here.")
class Staff(Node):
    TABLE: ClassVar[str] = "staff"

    number: str = column(about="Staff number.")
    name: str = column(about="Name.")
    left_at: dt.datetime | None = column(about="When the person left; null when he has not.")
    assignments: list[Assignment] = many("assignments", "assignment", about="Roles, past ones too.")


@strawberry.type(description="客户经理分配 (Art. 9).")
class ManagerAssignment(Node):
    TABLE: ClassVar[str] = "manager_assignment"

    valid_from: dt.datetime = column(about="First moment.")
    valid_to: dt.datetime | None = column(about="First moment no longer; null: open end.")
    staff: Staff | None = one("staff", "staff", about="The manager.")


@strawberry.type(
    description="代班. While it holds, the deputy sees what is assigned to the principal, or sits in his seat."
)
class Delegation(Node):
    TABLE: ClassVar[str] = "delegation"

    role: Role = column(about="Which role is covered.")

    valid_from: dt.datetime = column(about="First moment.")
    valid_to: dt.datetime | None = column(about="First moment no longer.")
    ended_at: dt.datetime | None = column(about="When it was ended before its time.")
    reason: str = column(about="Why.")
    principal: Staff | None = one("principal", "staff", about="Who is stood in for.")
    deputy: Staff | None = one("deputy", "staff", about="Who stands in.")
    assignment: Assignment | None = one(
        "assignment", "assignment", about="The post that is filled; null for a customer manager."
    )


@strawberry.type(description="任职动议. What a head proposes and sec_admin executes (decisions.md 8).")
class Proposal(Node):
    TABLE: ClassVar[str] = "proposal"

    kind: ProposalKind = column(about="What is proposed.")
    state: ProposalState = column(about="What became of it.")
    role: str = column(about="岗位, where one is meant.")
    valid_from: dt.datetime = column(about="From when.")
    valid_to: dt.datetime | None = column(about="Until when; null: open end.")
    reason: str = column(about="Why.")
    proposed_at: dt.datetime = column(about="When it was proposed.")
    decided_at: dt.datetime | None = column(about="When it was decided.")
    decision_note: str = column(about="Why it was refused.")
    staff: Staff | None = one("staff", "staff", about="For whom.")
    institution: Institution | None = one("institution", "institution", about="Where.")
