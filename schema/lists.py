"""The lists of the graph: how the arguments of each become the desk's filter, order and page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from authz import Action
from desk.selection import AllOf, Condition, Filter, Not, Op, Portfolio, Selection
from desk.sights.managing import ManagerStanding
from models.vocabulary import MEMBERS
from schema.filters import Maker, by_amount, by_id, by_name, filter_of, orders_of, plain
from schema.paging import page_of
from schema.sections import purpose_of


@dataclass(frozen=True, slots=True)
class ListOf:
    """How the arguments of one list become the desk's filter, order and page."""

    makers: Mapping[str, Maker] = field(default_factory=dict)
    of: str = ""
    """The table, where the list has a name of its own: what waits for the reader (schema/inbox.py)."""
    awaiting: Action | None = None

    def base(self, table: str, arguments: dict[str, Any]) -> Selection:
        return Selection(
            self.of or table,
            where=filter_of(arguments.get("where"), self.makers),
            order=orders_of(arguments.get("orderBy")),
            page=page_of(arguments),
            portfolio=Portfolio(arguments.get("portfolio") or Portfolio.REACH),
            purpose=purpose_of(arguments.get("purpose")),
            awaiting=self.awaiting,
        )


def unserved(raw: Mapping[str, Any]) -> list[Filter]:
    """The exception list of Art. 9: members whom no full-time manager serves now, or all others."""
    members = Condition("state", Op.IN, tuple(state.value for state in MEMBERS))
    served = Condition("manager_standing", Op.EQ, ManagerStanding.FULL_TIME.value)
    found = AllOf((members, Not(served)))
    return [found if raw["eq"] else Not(found)]


LISTS: dict[str, ListOf] = {
    "access_record": ListOf(),
    "archive": ListOf(
        {"state": plain("state"), "custodyCentreId": by_id("custody_centre_id", "institution")}
    ),
    "assignment": ListOf(
        {
            "role": plain("role"),
            "staffId": by_id("staff_id", "staff"),
            "institutionId": by_id("institution_id", "institution"),
            "holdsNow": plain("holds_now"),
            "load": plain("load"),
        }
    ),
    "balance": ListOf(),
    "campaign": ListOf(
        {
            "code": plain("code"),
            "standardCode": plain("standard_code"),
            "state": plain("state"),
            "phase": plain("phase"),
            "effectiveFrom": plain("effective_from"),
            "effectiveTo": plain("effective_to"),
        }
    ),
    "customer": ListOf(
        {
            "number": plain("number"),
            "name": by_name("name"),
            "ownerId": by_id("owner_id", "institution"),
            "tier": plain("tier"),
            "openedOn": plain("opened_on"),
            "averageSavings": by_amount("average_savings", "figures_currency"),
            "loanBalance": by_amount("loan_balance", "figures_currency"),
            "spend": by_amount("spend", "figures_currency"),
        }
    ),
    "customer_merge": ListOf({"state": plain("state")}),
    "delegation": ListOf(
        {
            "role": plain("role"),
            "principalId": by_id("principal_id", "staff"),
            "deputyId": by_id("deputy_id", "staff"),
        }
    ),
    "evaluation": ListOf(
        {
            "passed": plain("passed"),
            "screeningId": by_id("screening_id", "screening"),
            "asOf": plain("as_of"),
            "borderline": plain("borderline"),
        }
    ),
    "exception_case": ListOf(
        {"state": plain("state"), "submittedToId": by_id("submitted_to_id", "institution")}
    ),
    "filing": ListOf({"state": plain("state"), "submittedToId": by_id("submitted_to_id", "institution")}),
    "implementing_rule": ListOf(
        {"ownerId": by_id("owner_id", "institution"), "state": plain("state"), "phase": plain("phase")}
    ),
    "handover": ListOf(
        {
            "state": plain("state"),
            "giverId": by_id("giver_id", "staff"),
            "receiverId": by_id("receiver_id", "staff"),
            "witnessId": by_id("witness_id", "staff"),
        }
    ),
    "import_run": ListOf(),
    "indicator": ListOf(
        {
            "code": plain("code"),
            "ownerId": by_id("owner_id", "institution"),
            "state": plain("state"),
            "phase": plain("phase"),
        }
    ),
    "institution": ListOf(
        {
            "code": plain("code"),
            "level": plain("level"),
            "kind": plain("kind"),
            "parentId": by_id("parent_id", "institution"),
            "lacksImplementingRule": plain("lacks_implementing_rule"),
        }
    ),
    "invitation": ListOf({"state": plain("state"), "customerId": by_id("customer_id", "customer")}),
    "membership": ListOf(
        {
            "state": plain("state"),
            "tier": plain("tier"),
            "termEnds": plain("term_ends"),
            "managerStanding": plain("manager_standing"),
            "unserved": unserved,
        }
    ),
    "month_run": ListOf(),
    "proposal": ListOf(),
    "screening": ListOf(),
    "staff": ListOf(),
    "standard": ListOf(
        {
            "code": plain("code"),
            "ownerId": by_id("owner_id", "institution"),
            "tier": plain("tier"),
            "state": plain("state"),
            "phase": plain("phase"),
        }
    ),
    "transaction_line": ListOf(),
    "what_if": ListOf(
        {
            "standardId": by_id("standard_id", "standard"),
            "campaignId": by_id("campaign_id", "campaign"),
            "asOf": plain("as_of"),
        }
    ),
    "work_item": ListOf({"kind": plain("kind"), "state": plain("state"), "dueOn": plain("due_on")}),
}
LISTS |= {
    f"{table}.waiting": ListOf(of=table, awaiting=action)
    for table, action in (
        ("campaign", Action.APPROVE),
        ("customer_merge", Action.MERGE),
        ("exception_case", Action.APPROVE),
        ("filing", Action.RECORD),
        ("handover", Action.READ),
        ("implementing_rule", Action.APPROVE),
        ("indicator", Action.APPROVE),
        ("proposal", Action.EXECUTE),
        ("standard", Action.APPROVE),
        ("work_item", Action.RECORD),
    )
}
