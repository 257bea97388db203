"""What hangs on a row and what stands in it: relations, sections and plain cells, each written a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.schema.corpus.naive_cells import LAWS
from tests.schema.corpus.rights import Rights, View
from tests.schema.corpus.tables import Tables, holds

TYPE_OF = {
    "access_record": "AccessRecord",
    "account": "Account",
    "archive": "Archive",
    "campaign": "Campaign",
    "customer": "Customer",
    "customer_merge": "CustomerMerge",
    "evaluation": "Evaluation",
    "exception_case": "ExceptionCase",
    "filing": "Filing",
    "handover": "Handover",
    "implementing_rule": "ImplementingRule",
    "indicator": "Indicator",
    "institution": "Institution",
    "invitation": "Invitation",
    "loan": "Loan",
    "membership": "Membership",
    "month_run": "MonthRun",
    "proposal": "Proposal",
    "screening": "Screening",
    "staff": "Staff",
    "standard": "Standard",
    "what_if": "WhatIf",
    "work_item": "WorkItem",
}
"""The types that `node` may answer, and of which table each is."""
NODES = frozenset(TYPE_OF) - {"access_record"}
CELL_CLASS = {
    "access_record": "AUDIT",
    "account": "ACCOUNT",
    "account_holder": "ACCOUNT",
    "archive": "VIP_STATUS",
    "balance": "ASSET",
    "customer_merge": "VIP_STATUS",
    "evaluation": "VIP_STATUS",
    "exception_case": "VIP_STATUS",
    "exception_shortfall": "ASSET",
    "filing": "VIP_STATUS",
    "former_name": "NAME",
    "handover": "VIP_STATUS",
    "handover_line": "VIP_STATUS",
    "identity_document": "IDENTITY_DOC",
    "invitation": "VIP_STATUS",
    "loan": "ASSET",
    "manager_assignment": "VIP_STATUS",
    "membership": "VIP_STATUS",
    "membership_event": "VIP_STATUS",
    "transaction_line": "TRANSACTION",
    "work_item": "VIP_STATUS",
}
"""The class of the cells that stand in no section; PUBLIC where it is not here."""
SECTIONS = {
    ("customer", "status"): "VIP_STATUS",
    ("customer", "name"): "NAME",
    ("customer", "identity"): "IDENTITY_DOC",
    ("customer", "contact"): "CONTACT",
    ("customer", "personal"): "PERSONAL",
    ("customer", "accounts"): "ACCOUNT",
    ("customer", "assets"): "ASSET",
    ("evaluation", "figures"): "ASSET",
    ("assignment", "load"): "VIP_STATUS",
    ("exception_case", "grounds"): "SERVICE",
    ("invitation", "words"): "SERVICE",
    ("membership_event", "reason"): "SERVICE",
}
ONE, MANY = False, True
Rows = Callable[[Tables, Any], list[Any]]


def to(table: str, column: str) -> tuple[str, bool, Rows]:
    """The row that a column of this one names."""

    def found(tables: Tables, row: Any) -> list[Any]:
        other = tables.get(table, getattr(row, column))
        return [] if other is None else [other]

    return table, ONE, found


def of(
    table: str, column: str, many: bool = MANY, order: tuple[str, ...] = ("id",)
) -> tuple[str, bool, Rows]:
    """The rows that name this one in a column of theirs, in their own order."""

    def found(tables: Tables, row: Any) -> list[Any]:
        rows = tables.where(table, column, row.id)
        return sorted(rows, key=lambda one: [_plain(getattr(one, name)) for name in order])

    return table, many, found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def managers(tables: Tables, row: Any) -> list[Any]:
    terms = [
        term for term in tables.where("manager_assignment", "customer_id", row.id) if holds(term, tables.now)
    ]
    return sorted(terms, key=lambda term: (term.valid_from, str(term.id)))


def membership(tables: Tables, row: Any) -> list[Any]:
    found = [one for one in tables.where("membership", "customer_id", row.id) if not one.over]
    return sorted(found, key=lambda one: str(one.id))


def evaluation(tables: Tables, row: Any) -> list[Any]:
    found = tables.latest_evaluation(row)
    return [] if found is None else [found]


def balances(tables: Tables, row: Any) -> list[Any]:
    """Of each account and kind, those of the newest day."""
    found = []
    for account in tables.accounts_of(row):
        figures = tables.where("balance", "account_serial", account.serial)
        found += [
            one for one in figures if not any(two.kind == one.kind and two.day > one.day for two in figures)
        ]
    return sorted(found, key=lambda one: (one.day, one.id))


def lines(tables: Tables, row: Any) -> list[Any]:
    accounts = tables.accounts_of(row)
    return [
        one
        for account in accounts
        for one in tables.where("transaction_line", "account_serial", account.serial)
    ]


def moves(tables: Tables, row: Any) -> list[Any]:
    """The largest first, and of the same size in the order of the branches' ids."""
    found = tables.where("what_if_line", "what_if_id", row.id)
    return sorted(found, key=lambda one: (-one.moved, str(one.institution_id)))


RELATIONS: dict[tuple[str, str], tuple[str, bool, Rows]] = {
    ("account", "holders"): of("account_holder", "account_id", MANY, ("role", "id")),
    ("account", "institution"): to("institution", "institution_id"),
    ("archive", "custodyCentre"): to("institution", "custody_centre_id"),
    ("archive", "customer"): to("customer", "customer_id"),
    ("archive", "membership"): to("membership", "membership_id"),
    ("archive", "servicing"): to("institution", "servicing_id"),
    ("account_holder", "customer"): to("customer", "customer_id"),
    ("assignment", "institution"): to("institution", "institution_id"),
    ("assignment", "staff"): to("staff", "staff_id"),
    ("customer", "archive"): of("archive", "customer_id", ONE),
    ("customer", "evaluation"): ("evaluation", ONE, evaluation),
    ("customer", "exceptions"): of("exception_case", "customer_id", MANY, ("submitted_at", "id")),
    ("customer", "merges"): of("customer_merge", "kept_id", MANY, ("proposed_at", "id")),
    ("customer", "membership"): ("membership", ONE, membership),
    ("customer", "owner"): to("institution", "owner_id"),
    ("customer_merge", "decidedBy"): to("staff", "decided_by_id"),
    ("customer_merge", "gone"): to("customer", "gone_id"),
    ("customer_merge", "kept"): to("customer", "kept_id"),
    ("customer_merge", "proposedBy"): to("staff", "proposed_by_id"),
    ("customer_merge", "splitBy"): to("staff", "split_by_id"),
    ("customer_merge", "splitProposedBy"): to("staff", "split_proposed_by_id"),
    ("delegation", "assignment"): to("assignment", "assignment_id"),
    ("delegation", "deputy"): to("staff", "deputy_id"),
    ("delegation", "principal"): to("staff", "principal_id"),
    ("evaluation", "customer"): to("customer", "customer_id"),
    ("evaluation", "screening"): to("screening", "screening_id"),
    ("evaluation", "standard"): to("standard", "standard_id"),
    ("exception_case", "shortfalls"): of(
        "exception_shortfall", "case_id", MANY, ("kind", "indicator_code", "id")
    ),
    ("handover", "giver"): to("staff", "giver_id"),
    ("handover", "institution"): to("institution", "institution_id"),
    ("handover", "receiver"): to("staff", "receiver_id"),
    ("handover", "witness"): to("staff", "witness_id"),
    ("handover_line", "customer"): to("customer", "customer_id"),
    ("import_run", "files"): of("import_file", "run_id", MANY, ("name", "id")),
    ("institution", "parent"): to("institution", "parent_id"),
    ("invitation", "customer"): to("customer", "customer_id"),
    ("invitation", "invitedBy"): to("staff", "invited_by_id"),
    ("manager_assignment", "staff"): to("staff", "manager_id"),
    ("membership", "archive"): of("archive", "membership_id", ONE, ("number",)),
    ("membership", "customer"): to("customer", "customer_id"),
    ("membership", "events"): of("membership_event", "membership_id", MANY, ("version", "id")),
    ("membership", "exceptions"): of("exception_case", "membership_id", MANY, ("submitted_at", "id")),
    ("membership", "filings"): of("filing", "membership_id", MANY, ("submitted_at", "id")),
    ("membership_event", "by"): to("staff", "by_id"),
    ("proposal", "institution"): to("institution", "institution_id"),
    ("proposal", "staff"): to("staff", "staff_id"),
    ("screening", "campaign"): to("campaign", "campaign_id"),
    ("screening", "standard"): to("standard", "standard_id"),
    ("staff", "assignments"): of("assignment", "staff_id", MANY, ("valid_from", "id")),
    ("standard", "criteria"): of("criterion", "standard_id", MANY, ("kind", "id")),
    ("campaign", "thresholds"): of("campaign_threshold", "campaign_id", MANY, ("kind", "id")),
    ("implementing_rule", "owner"): to("institution", "owner_id"),
    ("indicator", "owner"): to("institution", "owner_id"),
    ("standard", "owner"): to("institution", "owner_id"),
    ("what_if", "baseline"): to("standard", "baseline_id"),
    ("what_if", "campaign"): to("campaign", "campaign_id"),
    ("what_if", "lines"): ("what_if_line", MANY, moves),
    ("what_if", "standard"): to("standard", "standard_id"),
    ("what_if_line", "institution"): to("institution", "institution_id"),
    ("work_item", "customer"): to("customer", "customer_id"),
    ("work_item", "doneBy"): to("staff", "done_by_id"),
    ("work_item", "evaluation"): to("evaluation", "evaluation_id"),
    ("work_item", "manager"): to("staff", "manager_id"),
    ("work_item", "membership"): to("membership", "membership_id"),
    ("work_item", "run"): to("month_run", "run_id"),
}
CASES: dict[str, tuple[str, bool, Rows]] = {
    "customer": to("customer", "customer_id"),
    "decidedBy": to("staff", "decided_by_id"),
    "evaluation": to("evaluation", "evaluation_id"),
    "membership": to("membership", "membership_id"),
    "submittedBy": to("staff", "submitted_by_id"),
    "submittedTo": to("institution", "submitted_to_id"),
}
RELATIONS |= {
    (case, name): relation for case in ("exception_case", "filing") for name, relation in CASES.items()
}
RELATIONS |= {(law, "draftedBy"): to("staff", "drafted_by_id") for law in LAWS}
RELATIONS |= {(law, "approvedBy"): to("staff", "approved_by_id") for law in LAWS}
WITHIN: dict[tuple[str, str], tuple[str, bool, Rows]] = {
    ("accounts", "nodes"): of("account", "customer_id", MANY, ("serial",)),
    ("assets", "balances"): ("balance", MANY, balances),
    ("assets", "loans"): of("loan", "customer_id", MANY, ("number",)),
    ("identity", "formerDocuments"): of("identity_document", "customer_id", MANY, ("replaced_at", "id")),
    ("name", "formerNames"): of("former_name", "customer_id", MANY, ("until", "id")),
    ("status", "manager"): ("manager_assignment", ONE, managers),
}
"""Rows that are asked within a section, which withholds them with its cells."""


def related(rights: Rights, table: str, rows: list[Any], view: View) -> list[Any]:
    """Those of the rows that exist for the person."""
    return [row for row in rows if rights.exists(table, row, view)]
