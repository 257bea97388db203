"""The whole bank in memory, as plain rows by id, and what a decision may know of each of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from tortoise.models import Model

from authz import Facts
from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, TransactionLine
from models.archives import Archive
from models.campaigns import Campaign, CampaignThreshold
from models.card_reports import CardReport
from models.cards import Card, CardBack, CardEvent
from models.customers import Customer, ManagerAssignment
from models.designations import Designation
from models.destruction import DestructionLine, DestructionList
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.filing import Filing
from models.handovers import Handover, HandoverLine
from models.history import MembershipEvent
from models.identity import FormerName, IdentityDocument
from models.imports import ImportFile, ImportRun
from models.indicators import Indicator
from models.institutions import Institution, SupervisionLine
from models.invitations import Invitation
from models.membership import Membership
from models.merges import CustomerMerge
from models.months import MonthRun, WorkItem
from models.movements import MovementLine, Signature, StockMovement
from models.orders import CardOrder
from models.people import Assignment, Delegation, Proposal, Recusal, Staff, Suspension
from models.products import CardPrice, CardProduct, Manufacturer
from models.quotas import StockQuota
from models.rules import ImplementingRule
from models.segments import NumberSegment
from models.standards import Criterion, Evaluation, Screening, Standard
from models.stock import StockAccount, StockDay, StockHolding
from models.stock_handovers import StockHandover, StockHandoverLine
from models.stocktakes import Stocktake, StocktakeLine
from models.trail import AccessRecord
from models.what_if import WhatIf, WhatIfLine

MODELS: dict[str, type[Model]] = {
    "access_record": AccessRecord,
    "account": Account,
    "account_holder": AccountHolder,
    "archive": Archive,
    "assignment": Assignment,
    "balance": Balance,
    "campaign": Campaign,
    "campaign_threshold": CampaignThreshold,
    "card": Card,
    "card_back": CardBack,
    "card_event": CardEvent,
    "card_order": CardOrder,
    "card_price": CardPrice,
    "card_product": CardProduct,
    "card_report": CardReport,
    "criterion": Criterion,
    "customer": Customer,
    "customer_merge": CustomerMerge,
    "delegation": Delegation,
    "designation": Designation,
    "destruction_line": DestructionLine,
    "destruction_list": DestructionList,
    "evaluation": Evaluation,
    "exception_case": ExceptionCase,
    "exception_shortfall": ExceptionShortfall,
    "filing": Filing,
    "former_name": FormerName,
    "handover": Handover,
    "handover_line": HandoverLine,
    "identity_document": IdentityDocument,
    "implementing_rule": ImplementingRule,
    "import_file": ImportFile,
    "import_run": ImportRun,
    "indicator": Indicator,
    "institution": Institution,
    "invitation": Invitation,
    "loan": Loan,
    "loan_standing": LoanStanding,
    "manager_assignment": ManagerAssignment,
    "manufacturer": Manufacturer,
    "membership": Membership,
    "membership_event": MembershipEvent,
    "month_run": MonthRun,
    "movement_line": MovementLine,
    "number_segment": NumberSegment,
    "proposal": Proposal,
    "recusal": Recusal,
    "screening": Screening,
    "signature": Signature,
    "staff": Staff,
    "standard": Standard,
    "stock_account": StockAccount,
    "stock_day": StockDay,
    "stock_handover": StockHandover,
    "stock_handover_line": StockHandoverLine,
    "stock_holding": StockHolding,
    "stock_movement": StockMovement,
    "stock_quota": StockQuota,
    "stocktake": Stocktake,
    "stocktake_line": StocktakeLine,
    "supervision_line": SupervisionLine,
    "suspension": Suspension,
    "transaction_line": TransactionLine,
    "what_if": WhatIf,
    "what_if_line": WhatIfLine,
    "work_item": WorkItem,
}
OF_A_PLACE = frozenset(
    {
        "card_order",
        "card_report",
        "designation",
        "destruction_list",
        "number_segment",
        "stock_account",
        "stock_day",
        "stock_handover",
        "stock_holding",
        "stock_movement",
        "stock_quota",
        "stocktake",
    }
)
"""Tables of card custody whose rows are an institution's."""
FIGURES = frozenset({"balance", "transaction_line", "loan_standing"})
"""Tables whose rows are superseded and never changed: only those that stand are of the bank as it is."""


class Tables:
    """Every row of the open database. `keep` reads it; nothing here asks the database again."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.rows: dict[str, dict[Any, Any]] = {}
        self._by: dict[tuple[str, str], dict[Any, list[Any]]] = {}
        self._facts: dict[tuple[str, Any], Facts] = {}

    @property
    def today(self) -> dt.date:
        """The day in Shanghai, which is eight hours ahead the year round."""
        return (self.now.astimezone(dt.UTC) + dt.timedelta(hours=8)).date()

    async def keep(self, *names: str) -> None:
        """Read these tables, or all of them, anew."""
        for name in names or MODELS:
            found = await MODELS[name].all()
            self.rows[name] = {
                row.pk: row
                for row in found
                if name not in FIGURES or getattr(row, "superseded_at", 0) is None
            }
        self._by.clear()
        self._facts.clear()

    def all(self, table: str) -> list[Any]:
        return list(self.rows[table].values())

    def get(self, table: str, key: Any) -> Any:
        return self.rows[table].get(key)

    def where(self, table: str, column: str, value: Any) -> list[Any]:
        """The rows of a table that have this value in this column."""
        index = self._by.get((table, column))
        if index is None:
            index = self._by[table, column] = defaultdict(list)
            for row in self.rows[table].values():
                index[getattr(row, column)].append(row)
        return index.get(value, [])

    def owner(self, table: str, row: Any) -> Any:
        """The customer whom a row is about, or None."""
        match table:
            case "customer":
                return row
            case "customer_merge":
                return self.get("customer", row.kept_id)
            case "account_holder":
                return self.get("customer", self.get("account", row.account_id).customer_id)
        if table in {"balance", "transaction_line"}:
            return self.get("customer", self.account(row).customer_id)
        if table == "loan_standing":
            return self.get("customer", self.get("loan", row.loan_id).customer_id)
        return self.get("customer", row.customer_id) if hasattr(row, "customer_id") else None

    def account(self, figure: Any) -> Any:
        (found,) = self.where("account", "serial", figure.account_serial)
        return found

    def accounts_of(self, customer: Any) -> list[Any]:
        return self.where("account", "customer_id", customer.id)

    def managers(self, customer: Any) -> frozenset[UUID]:
        """Who serves the customer now."""
        terms = self.where("manager_assignment", "customer_id", customer.id)
        return frozenset(term.manager_id for term in terms if holds(term, self.now))

    def facts(self, table: str, row: Any) -> Facts:
        """Of which branch the row is, whose, and who serves him now."""
        key = (table, row.pk)
        if key not in self._facts:
            self._facts[key] = self._facts_of(table, row)
        return self._facts[key]

    def _facts_of(self, table: str, row: Any) -> Facts:
        match table:
            case "access_record":
                return Facts(row.actor_path)
            case "screening" | "what_if":
                return Facts(row.scope_path)
            case "what_if_line":
                return Facts(self.get("institution", row.institution_id).path)
            case "institution":
                return Facts(row.path)
            case "assignment" | "handover" | "proposal":
                place = self.get("institution", row.institution_id)
                return Facts(place.acting_path if place else None)
            case "movement_line" | "signature":
                return self.facts("stock_movement", self.get("stock_movement", row.movement_id))
            case "destruction_line":
                return self.facts("destruction_list", self.get("destruction_list", row.destruction_id))
            case "stock_handover_line":
                return self.facts("stock_handover", self.get("stock_handover", row.handover_id))
            case "stocktake_line":
                return self.facts("stocktake", self.get("stocktake", row.stocktake_id))
        if table in OF_A_PLACE:
            return Facts(self.get("institution", row.institution_id).acting_path)
        customer = self.owner(table, row)
        return Facts(customer.owner_path, customer.id, self.managers(customer)) if customer else Facts()

    def latest_evaluation(self, customer: Any) -> Any:
        """The last day's, the last made of that day, the smallest id of those."""
        found = self.where("evaluation", "customer_id", customer.id)
        found = sorted(found, key=lambda row: str(row.id))
        return max(found, key=lambda row: (row.as_of, row.recorded_at), default=None)


def holds(term: Any, at: dt.datetime) -> bool:
    """From the first moment on; no longer at the very moment of its end."""
    ends = (term.valid_to, term.ended_at)
    return bool(term.valid_from <= at) and all(end is None or at < end for end in ends)
