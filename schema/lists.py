"""The lists of the graph: how the arguments of each become the desk's filter, order and page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.selection import Portfolio, Selection
from schema.filters import Maker, by_amount, by_id, by_name, filter_of, orders_of, plain
from schema.paging import page_of
from schema.sections import purpose_of


@dataclass(frozen=True, slots=True)
class ListOf:
    """How the arguments of one list become the desk's filter, order and page."""

    makers: Mapping[str, Maker] = field(default_factory=dict)

    def base(self, table: str, arguments: dict[str, Any]) -> Selection:
        return Selection(
            table,
            where=filter_of(arguments.get("where"), self.makers),
            order=orders_of(arguments.get("orderBy")),
            page=page_of(arguments),
            portfolio=Portfolio(arguments.get("portfolio") or Portfolio.REACH),
            purpose=purpose_of(arguments.get("purpose")),
        )


LISTS: dict[str, ListOf] = {
    "access_record": ListOf(),
    "archive": ListOf(
        {"state": plain("state"), "custodyCentreId": by_id("custody_centre_id", "institution")}
    ),
    "balance": ListOf(),
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
    "evaluation": ListOf(
        {
            "passed": plain("passed"),
            "screeningId": by_id("screening_id", "screening"),
            "asOf": plain("as_of"),
            "borderline": plain("borderline"),
        }
    ),
    "filing": ListOf({"state": plain("state"), "submittedToId": by_id("submitted_to_id", "institution")}),
    "import_run": ListOf(),
    "institution": ListOf(
        {
            "code": plain("code"),
            "level": plain("level"),
            "kind": plain("kind"),
            "parentId": by_id("parent_id", "institution"),
        }
    ),
    "membership": ListOf({"state": plain("state"), "tier": plain("tier")}),
    "proposal": ListOf(),
    "screening": ListOf(),
    "staff": ListOf(),
    "standard": ListOf(),
    "transaction_line": ListOf(),
}
