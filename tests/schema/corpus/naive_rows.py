"""What hangs on a row and what stands in it: relations, sections and plain cells, each written a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.schema.corpus.rights import Rights, View
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

TYPE_OF = {
    "access_record": "AccessRecord",
    "account": "Account",
    "archive": "Archive",
    "customer": "Customer",
    "evaluation": "Evaluation",
    "filing": "Filing",
    "institution": "Institution",
    "loan": "Loan",
    "membership": "Membership",
    "proposal": "Proposal",
    "screening": "Screening",
    "staff": "Staff",
    "standard": "Standard",
}
"""The types that `node` may answer, and of which table each is."""
NODES = frozenset(TYPE_OF) - {"access_record"}
CELL_CLASS = {
    "access_record": "AUDIT",
    "account": "ACCOUNT",
    "archive": "VIP_STATUS",
    "balance": "ASSET",
    "evaluation": "VIP_STATUS",
    "filing": "VIP_STATUS",
    "loan": "ASSET",
    "manager_assignment": "VIP_STATUS",
    "membership": "VIP_STATUS",
    "transaction_line": "TRANSACTION",
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


RELATIONS: dict[tuple[str, str], tuple[str, bool, Rows]] = {
    ("account", "institution"): to("institution", "institution_id"),
    ("archive", "custodyCentre"): to("institution", "custody_centre_id"),
    ("archive", "customer"): to("customer", "customer_id"),
    ("archive", "membership"): to("membership", "membership_id"),
    ("archive", "servicing"): to("institution", "servicing_id"),
    ("assignment", "institution"): to("institution", "institution_id"),
    ("customer", "archive"): of("archive", "customer_id", ONE),
    ("customer", "evaluation"): ("evaluation", ONE, evaluation),
    ("customer", "membership"): ("membership", ONE, membership),
    ("customer", "owner"): to("institution", "owner_id"),
    ("evaluation", "customer"): to("customer", "customer_id"),
    ("evaluation", "screening"): to("screening", "screening_id"),
    ("evaluation", "standard"): to("standard", "standard_id"),
    ("filing", "customer"): to("customer", "customer_id"),
    ("filing", "decidedBy"): to("staff", "decided_by_id"),
    ("filing", "evaluation"): to("evaluation", "evaluation_id"),
    ("filing", "membership"): to("membership", "membership_id"),
    ("filing", "submittedBy"): to("staff", "submitted_by_id"),
    ("filing", "submittedTo"): to("institution", "submitted_to_id"),
    ("import_run", "files"): of("import_file", "run_id", MANY, ("name", "id")),
    ("institution", "parent"): to("institution", "parent_id"),
    ("manager_assignment", "staff"): to("staff", "manager_id"),
    ("membership", "archive"): of("archive", "membership_id", ONE, ("number",)),
    ("membership", "customer"): to("customer", "customer_id"),
    ("membership", "filings"): of("filing", "membership_id", MANY, ("submitted_at", "id")),
    ("proposal", "institution"): to("institution", "institution_id"),
    ("proposal", "staff"): to("staff", "staff_id"),
    ("screening", "standard"): to("standard", "standard_id"),
    ("staff", "assignments"): of("assignment", "staff_id", MANY, ("valid_from", "id")),
    ("standard", "criteria"): of("criterion", "standard_id", MANY, ("kind", "id")),
    ("standard", "owner"): to("institution", "owner_id"),
}
WITHIN: dict[tuple[str, str], tuple[str, bool, Rows]] = {
    ("accounts", "nodes"): of("account", "customer_id", MANY, ("serial",)),
    ("assets", "balances"): ("balance", MANY, balances),
    ("assets", "loans"): of("loan", "customer_id", MANY, ("number",)),
    ("status", "manager"): ("manager_assignment", ONE, managers),
}
"""Rows that are asked within a section, which withholds them with its cells."""

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
    return next((one.tier for one in found if one.state == "ACTIVE" and not one.over), None)


def _band(tables: Tables, customer: Any) -> Any:
    return band(tables.latest_evaluation(customer))


CELLS: dict[tuple[str, str], Cell] = {
    ("account", "number"): lambda tables, row: opened("account", "number_cipher", row),
    ("archive", "gaps"): _words("gaps"),
    ("assignment", "role"): _upper("role"),
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
    ("figures", "loanBalance"): _own_money("loan_balance"),
    ("figures", "missing"): _words("missing"),
    ("figures", "spend"): _own_money("spend"),
    ("identity", "kind"): _own("identity_kind"),
    ("identity", "number"): lambda tables, row: opened("customer", "identity_cipher", row),
    ("name", "value"): _own("name"),
    ("status", "tier"): _tier,
}
"""Cells that are not simply the column of their name, by table or section."""
MASKS: dict[tuple[str, str], Cell] = {
    ("account", "number"): lambda tables, row: account_mask(row),
    ("assets", "band"): _band,
    ("contact", "address"): lambda tables, row: address_mask(row),
    ("contact", "mobile"): lambda tables, row: mobile_mask(row),
    ("identity", "number"): lambda tables, row: identity_mask(row),
    ("name", "value"): lambda tables, row: row.name[:1] + "**",
}
"""What a masked cell shows; nothing where it is not here."""
COLUMNS: dict[tuple[str, str], Cell] = {
    ("customer", "average_savings"): _latest("average_savings"),
    ("customer", "figures_currency"): _latest("currency"),
    ("customer", "loan_balance"): _latest("loan_balance"),
    ("customer", "spend"): _latest("spend"),
    ("customer", "tier"): _tier,
}
"""Columns of filters and orders that stand in another table."""


def column(tables: Tables, table: str, row: Any, name: str) -> Any:
    """A cell as filters and orders compare it."""
    cell = COLUMNS.get((table, name))
    return cell(tables, row) if cell else getattr(row, name)


def related(rights: Rights, table: str, rows: list[Any], view: View) -> list[Any]:
    """Those of the rows that exist for the person."""
    return [row for row in rows if rights.exists(table, row, view)]
