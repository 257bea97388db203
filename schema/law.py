"""What standards, campaigns, indicators and implementing rules have in common in the graph: they are law for a time."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import strawberry

from models.vocabulary import LawPhase, LawState
from schema.fields import column, one
from schema.node import Node
from schema.people import Staff
from schema.wheres import compare

strawberry.enum(LawState, description="How far a text has come; an APPROVED one is law between its days.")
strawberry.enum(
    LawPhase,
    description="What it is on the business day: an APPROVED one is still to come, an EFFECTIVE one is law, "
    "a SUPERSEDED one was.",
)


@strawberry.input(description="Compares a state. An empty `in` matches nothing.")
class LawStateFilter:
    eq: LawState | None = compare("Equal.")
    in_: list[LawState] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares what it is on the business day. An empty `in` matches nothing.")
class LawPhaseFilter:
    eq: LawPhase | None = compare("Equal.")
    in_: list[LawPhase] | None = compare("One of these.", name="in")


@strawberry.type
class Law(Node):
    """No type of the graph itself: the fields that each of them has."""

    TABLE: ClassVar[str] = ""

    state: LawState = column(about="How far it has come.")
    phase: LawPhase = column(about="What it is on the business day (Asia/Shanghai).")
    effective_from: dt.date = column(about="First day.")
    effective_to: dt.date | None = column(about="Last day, which counts to 24:00; null: open end.")
    submitted_at: dt.datetime | None = column(about="When it was put before the approver.")
    approved_at: dt.datetime | None = column(about="When it was approved.")
    return_reason: str = column(about="Why it was returned; its correction is drafted anew.")
    drafted_by: Staff | None = one("drafted_by", "staff", about="Who wrote it.")
    approved_by: Staff | None = one("approved_by", "staff", about="Who approved it: another person.")
