"""The lists of the graph: how the arguments of each become the desk's filter, order and page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authz import Action
from desk.selection import AllOf, Condition, Filter, Not, Op
from desk.sights.managing import ManagerStanding
from models.vocabulary import MEMBERS
from schema.filters import Take, by_amount, by_id, by_name, plain
from schema.list_of import ListOf
from schema.stock_lists import STOCK


def unserved(raw: Mapping[str, Any], take: Take) -> list[Filter]:
    """The exception list of Art. 9: members whom no full-time manager serves now, or all others."""
    members = Condition("state", Op.IN, take(tuple(state.value for state in MEMBERS)))
    served = Condition("manager_standing", Op.EQ, take(ManagerStanding.FULL_TIME.value))
    found = AllOf((members, Not(served)))
    return [found if raw["eq"] else Not(found)]


def still_open(raw: Mapping[str, Any], _: Take) -> list[Filter]:
    """What nobody has closed yet, or what somebody has."""
    found = Condition("closed_at", Op.EQ, None)
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
    "card": ListOf(
        {
            "number": plain("number"),
            "state": plain("state"),
            "customerId": by_id("customer_id", "customer"),
            "issuerId": by_id("issuer_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "termEnds": plain("term_ends"),
        }
    ),
    "card_order": ListOf(
        {
            "number": plain("number"),
            "state": plain("state"),
            "institutionId": by_id("institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "manufacturerId": by_id("manufacturer_id", "manufacturer"),
        }
    ),
    "card_report": ListOf(
        {
            "kind": plain("kind"),
            "outcome": plain("outcome"),
            "number": plain("number"),
            "institutionId": by_id("institution_id", "institution"),
            "reportedAt": plain("reported_at"),
            "open": still_open,
        }
    ),
    "card_product": ListOf({"tier": plain("tier"), "design": plain("design")}),
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
    "destruction_list": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "state": plain("state"),
            "listedAt": plain("listed_at"),
            "destroyedAt": plain("destroyed_at"),
        }
    ),
    "destruction_list.to_approve": ListOf(of="destruction_list", awaiting=Action.APPROVE),
    "destruction_list.to_witness": ListOf(of="destruction_list", awaiting=Action.READ),
    "designation": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "staffId": by_id("staff_id", "staff"),
            "duty": plain("duty"),
            "holdsNow": plain("holds_now"),
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
    "manufacturer": ListOf(),
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
    "number_segment": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "withdrawn": plain("withdrawn"),
        }
    ),
    "proposal": ListOf(),
    "screening": ListOf(),
    "staff": ListOf({"number": plain("number")}),
    "standard": ListOf(
        {
            "code": plain("code"),
            "ownerId": by_id("owner_id", "institution"),
            "tier": plain("tier"),
            "state": plain("state"),
            "phase": plain("phase"),
        }
    ),
    "stock_handover": ListOf(
        {
            "state": plain("state"),
            "institutionId": by_id("institution_id", "institution"),
            "giverId": by_id("giver_id", "staff"),
            "receiverId": by_id("receiver_id", "staff"),
            "witnessId": by_id("witness_id", "staff"),
            "secondWitnessId": by_id("second_witness_id", "staff"),
        }
    ),
    "stocktake": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
            "kind": plain("kind"),
            "state": plain("state"),
            "openedAt": plain("opened_at"),
        }
    ),
    "stocktake.to_count": ListOf(of="stocktake", awaiting=Action.COUNT),
    "stocktake.to_explain": ListOf(of="stocktake", awaiting=Action.RECORD),
    "stock_quota": ListOf(
        {
            "institutionId": by_id("institution_id", "institution"),
            "productId": by_id("product_id", "card_product"),
        }
    ),
    "supervision_line": ListOf(
        {
            "staffId": by_id("staff_id", "staff"),
            "supervisorId": by_id("supervisor_id", "staff"),
            "holdsNow": plain("holds_now"),
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
LISTS |= STOCK
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
        ("stock_handover", Action.READ),
        ("work_item", Action.RECORD),
    )
}
