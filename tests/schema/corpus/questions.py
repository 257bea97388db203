"""A document with what is given beside it, and the response keys that it has in each place of the answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

TABLES = {
    "Account": "account",
    "Archive": "archive",
    "Campaign": "campaign",
    "Card": "card",
    "CardOrder": "card_order",
    "CardProduct": "card_product",
    "CardReport": "card_report",
    "Customer": "customer",
    "CustomerMerge": "customer_merge",
    "Designation": "designation",
    "DestructionList": "destruction_list",
    "Evaluation": "evaluation",
    "ExceptionCase": "exception_case",
    "Filing": "filing",
    "Handover": "handover",
    "ImplementingRule": "implementing_rule",
    "Indicator": "indicator",
    "Institution": "institution",
    "Invitation": "invitation",
    "Loan": "loan",
    "Manufacturer": "manufacturer",
    "Membership": "membership",
    "MonthRun": "month_run",
    "MovementLine": "movement_line",
    "NumberSegment": "number_segment",
    "Proposal": "proposal",
    "Screening": "screening",
    "Signature": "signature",
    "Staff": "staff",
    "Standard": "standard",
    "StockAccount": "stock_account",
    "StockDay": "stock_day",
    "StockHandover": "stock_handover",
    "StockHolding": "stock_holding",
    "StockMovement": "stock_movement",
    "StockQuota": "stock_quota",
    "Stocktake": "stocktake",
    "StocktakeLine": "stocktake_line",
    "SupervisionLine": "supervision_line",
    "WhatIf": "what_if",
    "WorkItem": "work_item",
}
"""What can be asked by its id, and under which name its ids are kept."""

PUBLIC = frozenset(
    {
        "campaigns",
        "cardOrders",
        "cardProducts",
        "cardReports",
        "delegations",
        "designations",
        "destructionLists",
        "implementingRules",
        "indicators",
        "numberSegments",
        "staff",
        "standards",
        "stockAccounts",
        "stockDays",
        "stockHandovers",
        "stockHoldings",
        "stockMovements",
        "stockQuotas",
        "stocktakes",
        "supervisionLines",
        "whatIfs",
    }
)
"""Lists, beside those of institutions, of which no filter is refused to anybody."""
BY_ID = {
    "card": "card",
    "cardOrder": "card_order",
    "cardProduct": "card_product",
    "cardReport": "card_report",
    "customer": "customer",
    "designation": "designation",
    "destructionList": "destruction_list",
    "handover": "handover",
    "institution": "institution",
    "numberSegment": "number_segment",
    "staffMember": "staff",
    "stockAccount": "stock_account",
    "stockHandover": "stock_handover",
    "stockMovement": "stock_movement",
    "stockQuota": "stock_quota",
    "stocktake": "stocktake",
}
CASES = {"ExceptionCase", "Filing"}
"""What shows more of whom it is about, while it is open before who asks."""


def is_public(coordinate: str) -> bool:
    """Whether nobody's filter of this list is refused."""
    return "nstitution" in coordinate or coordinate.removeprefix("Query.") in PUBLIC


@dataclass
class Question:
    """A document with what is given beside it. `lists` says which list stands at which path of the answer."""

    text: str
    variables: dict[str, Any]
    operation: str | None
    lists: dict[tuple[str, ...], tuple[str, dict[str, Any]]]
    doubtful: bool = False
    """Whether it may not even be valid."""


@dataclass
class Entry:
    """What a response key stands for: the same field and arguments wherever else it is asked in the same place."""

    name: str
    arguments: str
    kind: Any
    below: Scope


@dataclass
class Scope:
    """The response keys of one place of the answer. Whatever is merged into it must not contradict it."""

    entries: dict[str, Entry] = field(default_factory=dict)
    prefix: str = ""
    """What every key begins with, so that several types may stand in the same place."""

    def fits(self, other: Scope) -> bool:
        return all(
            key not in self.entries
            or (
                (self.entries[key].name, self.entries[key].arguments) == (entry.name, entry.arguments)
                and self.entries[key].below.fits(entry.below)
            )
            for key, entry in other.entries.items()
        )

    def take(self, other: Scope) -> None:
        """The keys of another place too, which may hold this one, or be held by it."""
        for key, entry in other.copy().entries.items():
            if key in self.entries:
                self.entries[key].below.take(entry.below)
            else:
                self.entries[key] = entry

    def copy(self) -> Scope:
        kept = {key: replace(entry, below=entry.below.copy()) for key, entry in self.entries.items()}
        return Scope(kept, self.prefix)
