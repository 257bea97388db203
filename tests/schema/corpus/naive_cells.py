"""What stands in each cell, visible or masked, and as filters compare it: each written a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.schema.corpus import naive_custody_cells
from tests.schema.corpus.showing import (
    account_mask,
    address_mask,
    band,
    identity_mask,
    mobile_mask,
    money,
    opened,
    words,
)
from tests.schema.corpus.tables import Tables, holds

LAWS = ("campaign", "implementing_rule", "indicator", "standard")
MEMBERS = {"ACTIVE", "REVIEW_DUE", "SUSPENDED"}
"""The states of whoever is a VIP customer."""
Cell = Callable[[Tables, Any], Any]


def _latest(column: str) -> Cell:
    def take(tables: Tables, customer: Any) -> Any:
        found = tables.latest_evaluation(customer)
        return None if found is None else getattr(found, column)

    return take


def _figure(column: str) -> Cell:
    def take(tables: Tables, customer: Any) -> Any:
        found = tables.latest_evaluation(customer)
        return None if found is None else money(getattr(found, column), found.currency)

    return take


def _own(column: str) -> Cell:
    return lambda tables, row: getattr(row, column)


def _own_money(column: str) -> Cell:
    return lambda tables, row: money(getattr(row, column), row.currency)


def _account_money(column: str) -> Cell:
    return lambda tables, row: money(getattr(row, column), tables.account(row).currency)


def _words(column: str) -> Cell:
    return lambda tables, row: words(getattr(row, column))


def _upper(column: str) -> Cell:
    return lambda tables, row: getattr(row, column).upper()


def _standing(column: str) -> Cell:
    def take(tables: Tables, loan: Any) -> Any:
        found = max(
            tables.where("loan_standing", "loan_id", loan.id), key=lambda one: one.as_of, default=None
        )
        value = None if found is None else getattr(found, column)
        return money(value, loan.currency) if column in {"outstanding", "overdue"} else value

    return take


def _tier(tables: Tables, customer: Any) -> Any:
    found = tables.where("membership", "customer_id", customer.id)
    return next((one.tier for one in found if one.state in MEMBERS - {"SUSPENDED"} and not one.over), None)


def _band(tables: Tables, customer: Any) -> Any:
    return band(tables.latest_evaluation(customer))


def _phase(tables: Tables, law: Any) -> str:
    """What a text is on the day: an approved one comes, holds from its first day to its last, and has been."""
    if law.state != "APPROVED":
        return str(law.state)
    today = tables.today
    if law.effective_to is not None and law.effective_to < today:
        return "SUPERSEDED"
    return "EFFECTIVE" if law.effective_from <= today else "APPROVED"


def _lacks_rule(tables: Tables, place: Any) -> bool:
    if (place.level, place.kind, place.merged_into_id) != ("TIER1", "BRANCH", None):
        return False
    issued = tables.where("implementing_rule", "owner_id", place.id)
    return all(_phase(tables, rule) != "EFFECTIVE" for rule in issued)


def _of_standard(tables: Tables, threshold: Any) -> Any:
    """A campaign's amount, in the currency that the versions of its standard share."""
    code = tables.get("campaign", threshold.campaign_id).standard_code
    versions = tables.where("standard", "code", code)
    return money(threshold.threshold, versions[0].currency) if versions else None


def _branch(tables: Tables, post: Any) -> str:
    return str(tables.get("institution", post.institution_id).acting_path)


def _at_work(tables: Tables, staff: Any) -> bool:
    """He has not left, and is not suspended."""
    suspended = any(holds(one, tables.now) for one in tables.where("suspension", "staff_id", staff.id))
    return not suspended and (staff.left_at is None or tables.now < staff.left_at)


def _manager_standing(tables: Tables, member: Any) -> str:
    """Art. 9: served by one who works full-time as a customer manager of the owning branch, or how he is not."""
    customer = tables.get("customer", member.customer_id)
    serving = tables.managers(customer)
    if not serving:
        return "NOBODY"
    (manager,) = serving
    posts = [
        post
        for post in tables.where("assignment", "staff_id", manager)
        if post.role == "cust_mgr"
        and holds(post, tables.now)
        and _branch(tables, post) == customer.owner_path
    ]
    if not posts or not _at_work(tables, tables.get("staff", manager)):
        return "NOT_AT_WORK"
    return "FULL_TIME" if any(post.full_time for post in posts) else "PART_TIME"


def _unserved(tables: Tables, member: Any) -> bool:
    return member.state in MEMBERS and _manager_standing(tables, member) != "FULL_TIME"


def _members(tables: Tables, post: Any) -> int | None:
    """Whom a manager serves now, of the branch that his post is for; nothing of any other post."""
    if post.role != "cust_mgr" or not holds(post, tables.now):
        return None
    terms = [
        term
        for term in tables.where("manager_assignment", "manager_id", post.staff_id)
        if holds(term, tables.now)
    ]
    served = [tables.get("customer", term.customer_id) for term in terms]
    return sum(
        member.state in MEMBERS
        for customer in served
        if customer.owner_path == _branch(tables, post)
        for member in tables.where("membership", "customer_id", customer.id)
    )


def _load(tables: Tables, post: Any) -> str | None:
    """Against 100 to 200 members."""
    members = _members(tables, post)
    if members is None:
        return None
    return "BELOW" if members < 100 else "WITHIN" if members <= 200 else "ABOVE"


def _handed_over(tables: Tables, handover: Any) -> str:
    """A signed one is done from its second on, whoever is there to see it."""
    if handover.state == "SIGNED" and handover.done_at <= tables.now:
        return "DONE"
    return str(handover.state)


def _gone_number(tables: Tables, merge: Any) -> Any:
    """While both are one customer."""
    one = merge.state in {"MERGED", "SPLIT_PROPOSED"}
    return tables.get("customer", merge.gone_id).number if one else None


CELLS: dict[tuple[str, str], Cell] = {
    **{(law, "phase"): _phase for law in LAWS},
    ("campaign_threshold", "threshold"): _of_standard,
    ("indicator", "threshold"): _own_money("threshold"),
    ("institution", "lacksImplementingRule"): _lacks_rule,
    ("account", "number"): lambda tables, row: opened("account", "number_cipher", row),
    ("archive", "gaps"): _words("gaps"),
    ("assignment", "holdsNow"): lambda tables, row: holds(row, tables.now),
    ("assignment", "role"): _upper("role"),
    ("customer_merge", "goneNumber"): _gone_number,
    ("delegation", "role"): _upper("role"),
    ("exception_shortfall", "figure"): _own_money("figure"),
    ("exception_shortfall", "short"): _own_money("short"),
    ("exception_shortfall", "threshold"): _own_money("threshold"),
    ("grounds", "decided"): _own("decision_reason"),
    ("grounds", "submitted"): _own("reason"),
    ("handover", "state"): _handed_over,
    ("identity_document", "kind"): _own("identity_kind"),
    ("identity_document", "number"): lambda tables, row: opened("identity_document", "identity_cipher", row),
    ("load", "members"): _members,
    ("load", "standing"): _load,
    ("membership", "managerStanding"): _manager_standing,
    ("membership_event", "cause"): lambda tables, row: row.cause or None,
    ("reason", "value"): _own("reason"),
    ("words", "value"): _own("words"),
    ("balance", "accountNumber"): lambda tables, row: account_mask(tables.account(row)),
    ("balance", "balance"): _account_money("amount"),
    ("criterion", "threshold"): lambda tables, row: money(
        row.threshold, tables.get("standard", row.standard_id).currency
    ),
    ("loan", "classification"): _standing("classification"),
    ("loan", "outstanding"): _standing("outstanding"),
    ("loan", "overdue"): _standing("overdue"),
    ("loan", "principal"): _own_money("principal"),
    ("loan", "standingAsOf"): _standing("as_of"),
    ("standard", "averagingRule"): _upper("averaging_rule"),
    ("standard", "spendKinds"): _words("spend_kinds"),
    ("transaction_line", "accountNumber"): lambda tables, row: account_mask(tables.account(row)),
    ("transaction_line", "amount"): _account_money("amount"),
    ("transaction_line", "balanceAfter"): _account_money("balance_after"),
    ("assets", "asOf"): _latest("as_of"),
    ("assets", "averageSavings12m"): _figure("average_savings"),
    ("assets", "band"): _band,
    ("assets", "loanBalance"): _figure("loan_balance"),
    ("assets", "spend12m"): _figure("spend"),
    ("contact", "address"): lambda tables, row: opened("customer", "address_cipher", row),
    ("contact", "mobile"): lambda tables, row: opened("customer", "mobile_cipher", row),
    ("figures", "averageSavings"): _own_money("average_savings"),
    ("figures", "criteriaMet"): _words("criteria_met"),
    ("figures", "indicatorsMet"): _words("indicators_met"),
    ("figures", "loanBalance"): _own_money("loan_balance"),
    ("figures", "missing"): _words("missing"),
    ("figures", "spend"): _own_money("spend"),
    ("identity", "kind"): _own("identity_kind"),
    ("identity", "number"): lambda tables, row: opened("customer", "identity_cipher", row),
    ("name", "value"): _own("name"),
    ("status", "tier"): _tier,
}
CELLS |= naive_custody_cells.CELLS
"""Cells that are not simply the column of their name, by table or section."""
MASKS: dict[tuple[str, str], Cell] = {
    ("account", "number"): lambda tables, row: account_mask(row),
    ("assets", "band"): _band,
    ("identity_document", "number"): lambda tables, row: identity_mask(row, "identity_document"),
    ("contact", "address"): lambda tables, row: address_mask(row),
    ("contact", "mobile"): lambda tables, row: mobile_mask(row),
    ("identity", "number"): lambda tables, row: identity_mask(row),
    ("name", "value"): lambda tables, row: row.name[:1] + "**",
}
"""What a masked cell shows; nothing where it is not here."""
COLUMNS: dict[tuple[str, str], Cell] = {
    **{(law, "phase"): _phase for law in LAWS},
    ("assignment", "holds_now"): lambda tables, row: holds(row, tables.now),
    ("assignment", "load"): _load,
    ("assignment", "role"): _upper("role"),
    ("delegation", "role"): _upper("role"),
    ("handover", "state"): _handed_over,
    ("institution", "lacks_implementing_rule"): _lacks_rule,
    ("membership", "manager_standing"): _manager_standing,
    ("membership", "unserved"): _unserved,
    ("customer", "average_savings"): _latest("average_savings"),
    ("customer", "figures_currency"): _latest("currency"),
    ("customer", "loan_balance"): _latest("loan_balance"),
    ("customer", "spend"): _latest("spend"),
    ("customer", "tier"): _tier,
}
COLUMNS |= naive_custody_cells.COLUMNS
"""Columns of filters and orders that stand in another table."""


def column(tables: Tables, table: str, row: Any, name: str) -> Any:
    """A cell as filters and orders compare it."""
    cell = COLUMNS.get((table, name))
    return cell(tables, row) if cell else getattr(row, name)
