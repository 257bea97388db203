"""The files a bank hands in: one documented header per kind, in the order they are loaded.

This list is the only definition: templates, checks, documentation and the loader read it.
"""

from __future__ import annotations

from enum import StrEnum

from desk.imports.columns import Cell, Column, FileKind, Sign
from models import vocabulary as v

__all__ = ["BY_NAME", "FILES", "Cell", "Column", "FileKind", "Sign", "kind_of"]


def _enum(name: str, words: type[StrEnum], about: str, example: str, required: bool = True) -> Column:
    return Column(name, Cell.ENUM, about, example, required, tuple(word.value for word in words))


def _text(name: str, about: str, example: str, required: bool = True, longest: int = 120) -> Column:
    return Column(name, Cell.TEXT, about, example, required, longest=longest)


def _code(name: str, about: str, example: str, required: bool = True, longest: int = 32) -> Column:
    return Column(name, Cell.CODE, about, example, required, longest=longest)


def _date(name: str, about: str, example: str, required: bool = True) -> Column:
    return Column(name, Cell.DATE, about, example, required)


def _money(name: str, about: str, example: str, required: bool = True, sign: Sign = Sign.ANY) -> Column:
    return Column(name, Cell.MONEY, about, example, required, sign=sign)


def _count(name: str, about: str, example: str) -> Column:
    return Column(name, Cell.INTEGER, about, example, sign=Sign.POSITIVE)


_FROM = _date("valid_from", "first day it holds", "2025-01-01")
_TO = _date("valid_to", "first day it no longer holds; empty: open end", "", required=False)
_CURRENCY = _code("currency", "ISO 4217 code", "CNY", longest=3)
_ACCOUNT = _code("account_number", "the account, as in accounts", "6217000010000000017", longest=40)
_CUSTOMER = _code("customer_number", "the customer, as in customers", "C00000001")

FILES: tuple[FileKind, ...] = (
    FileKind(
        "institutions",
        "The bank's tree: head office, branches, outlets and wealth management centres. Parents may follow.",
        ("code",),
        (
            _code("code", "the bank's own code of the institution, unique", "510100"),
            _text("name", "full name", "成都分行"),
            _enum("level", v.Level, "level in the tree; a wealth centre has its parent's level", "TIER2"),
            _enum("kind", v.InstitutionKind, "branch of the line, or wealth management centre", "BRANCH"),
            _code(
                "parent_code", "code of the institution above; empty for head office only", "510000", False
            ),
            Column("cnaps_code", Cell.DIGITS, "12-digit CNAPS code", "105100000017", False, longest=12),
            Column("admin_code", Cell.DIGITS, "6-digit GB/T 2260 code", "510100", False, longest=6),
        ),
    ),
    FileKind(
        "staff",
        "The people who work here. Passwords are never imported.",
        ("number",),
        (
            _code("number", "staff number, unique; used to sign in", "S100001"),
            _text("name", "name", "林晓"),
            _enum("identity_kind", v.IdentityKind, "kind of identity document", "RESIDENT_ID"),
            _code(
                "identity_number",
                "number of the document; tells persons apart",
                "11010519491231002X",
                longest=40,
            ),
            Column("mobile", Cell.DIGITS, "11-digit mobile number", "13800138000", False, longest=11),
        ),
    ),
    FileKind(
        "assignments",
        "Roles held at institutions. Granted at once only where an institution has no staff yet, else proposed.",
        ("staff_number", "role", "institution_code", "valid_from"),
        (
            _code("staff_number", "as in staff", "S100001"),
            _code("role", "role code (docs/roles.md)", "cust_mgr"),
            _code("institution_code", "where the role is held", "510100W"),
            _enum("department", v.Department, "department", "WEALTH_CENTRE"),
            Column(
                "full_time", Cell.BOOLEAN, "true when this is the person's full-time post (Art. 9)", "true"
            ),
            _FROM,
            _TO,
        ),
    ),
    FileKind(
        "supervision_lines",
        "Who is whose business supervisor (Notice 4).",
        ("supervisor_number", "staff_number", "valid_from"),
        (
            _code("supervisor_number", "the supervisor, as in staff", "S100002"),
            _code("staff_number", "the person supervised", "S100001"),
            _FROM,
            _TO,
        ),
    ),
    FileKind(
        "customers",
        "Personal customers. `owner_code` is the owning branch (归属行): a branch, never a centre or outlet.",
        ("number",),
        (
            _code("number", "customer number, unique", "C00000001"),
            _text("name", "name as on the document", "周明"),
            _enum("identity_kind", v.IdentityKind, "kind of identity document", "RESIDENT_ID"),
            _code(
                "identity_number",
                "number of the document; figures are summed over it",
                "440524198001010013",
                longest=40,
            ),
            _enum("gender", v.Gender, "", "MALE", required=False),
            _date("birth_date", "", "1980-01-01", required=False),
            _code("nationality", "ISO 3166 alpha-3", "CHN", required=False, longest=3),
            Column("mobile", Cell.DIGITS, "11-digit mobile number", "13900139000", False, longest=11),
            _text("address", "postal address", "四川省成都市锦江区某路1号", required=False, longest=200),
            _text("occupation", "", "工程师", required=False, longest=80),
            _text("employer", "", "某公司", required=False),
            _code("owner_code", "owning branch, as in institutions", "510100"),
            _date("opened_on", "first day as a customer", "2010-05-04"),
        ),
    ),
    FileKind(
        "manager_assignments",
        "Which customer manager serves which customer (Art. 9). One at a time.",
        ("customer_number", "manager_number", "valid_from"),
        (_CUSTOMER, _code("manager_number", "staff number of the manager", "S100001"), _FROM, _TO),
    ),
    FileKind(
        "accounts",
        "Accounts. The figures of an account belong to its owner, wherever it sits.",
        ("number",),
        (
            _code("number", "account or card number, unique", "6217000010000000017", longest=40),
            _code("customer_number", "the owner, as in customers", "C00000001"),
            _code("institution_code", "where the account sits", "510100"),
            _enum("kind", v.AccountKind, "", "SAVINGS"),
            _CURRENCY,
            _date("opened_on", "", "2010-05-04"),
            _date("closed_on", "", "", required=False),
        ),
    ),
    FileKind(
        "account_holders",
        "Further holders of an account. The owner need not be repeated.",
        ("account_number", "customer_number"),
        (
            _ACCOUNT,
            _CUSTOMER,
            _enum("role", v.HolderRole, "", "DISPONENT"),
        ),
    ),
    FileKind(
        "day_end_balances",
        "Balances at the end of a day. A day without a row carries the last balance.",
        ("account_number", "day"),
        (
            _ACCOUNT,
            _date("day", "", "2026-01-31"),
            _money("amount", "in the account's currency", "512345.67"),
        ),
        bulk=True,
    ),
    FileKind(
        "month_average_balances",
        "Average of the day-end balances of one month, for accounts without day-end balances.",
        ("account_number", "month"),
        (
            _ACCOUNT,
            Column("month", Cell.MONTH, "YYYY-MM", "2026-01"),
            _money("amount", "in the account's currency", "498000.00"),
        ),
        bulk=True,
    ),
    FileKind(
        "transactions",
        "Transaction lines (账户交易).",
        ("account_number", "reference"),
        (
            _ACCOUNT,
            _code(
                "reference", "the bank's number of the line, unique in the account", "T0000000001", longest=40
            ),
            _date("day", "", "2026-01-15"),
            _enum("direction", v.Direction, "", "DEBIT"),
            _code("kind", "kind of business, free code", "cash", longest=24),
            _money("amount", "positive, in the account's currency", "1200.00", sign=Sign.POSITIVE),
            _money("balance_after", "", "511145.67", required=False),
            _text("summary", "", "取款", required=False),
            _code("counterparty_bank", "", "ICBC", required=False, longest=40),
        ),
        bulk=True,
    ),
    FileKind(
        "loans",
        "Personal loans with their repayment standing: one row for each loan and day of record.",
        ("number", "as_of"),
        (
            _code("number", "loan number", "L0000001", longest=40),
            _code("customer_number", "the borrower, as in customers", "C00000001"),
            _code("institution_code", "lending institution", "510100"),
            _CURRENCY,
            _date("granted_on", "", "2024-03-01"),
            _money("principal", "", "1500000.00", sign=Sign.POSITIVE),
            _count("term_months", "", "120"),
            _date("as_of", "day of this standing", "2026-01-31"),
            _money("outstanding", "balance on that day", "1200000.00", sign=Sign.NOT_NEGATIVE),
            _enum("classification", v.LoanClass, "five-class grading on that day", "NORMAL"),
            _money("overdue", "amount overdue on that day", "0.00", sign=Sign.NOT_NEGATIVE),
        ),
    ),
    FileKind(
        "spends",
        "Spend by kind: one row for each account, month and kind. Refunds are netted off.",
        ("account_number", "month", "kind"),
        (
            _ACCOUNT,
            Column("month", Cell.MONTH, "YYYY-MM", "2026-01"),
            _code("kind", "spend kind, e.g. card, cash, transfer", "card", longest=24),
            _money("amount", "in the account's currency", "8800.00"),
        ),
        bulk=True,
    ),
    FileKind(
        "indicator_figures",
        "Figures of a branch's extra indicators (Art. 5), of its own customers: one row for each indicator, customer and day.",
        ("indicator_code", "customer_number", "as_of"),
        (
            _code("indicator_code", "an indicator that head office has approved", "SC-PAYROLL"),
            _CUSTOMER,
            _date("as_of", "day of the figure", "2026-01-31"),
            _code("currency", "ISO 4217 code, that of the indicator", "CNY", longest=3),
            _money("amount", "in the indicator's currency", "38000.00"),
        ),
    ),
    FileKind(
        "exchange_rates",
        "Published rates: `unit` of `currency` cost `rate` of `quote_currency`. Cross rates are taken by the system.",
        ("published_on", "currency", "quote_currency"),
        (
            _date("published_on", "", "2026-01-30"),
            _code("currency", "ISO 4217 code", "EUR", longest=3),
            _count("unit", "quote unit, e.g. 100 for JPY at PBoC", "1"),
            _code("quote_currency", "ISO 4217 code", "CNY", longest=3),
            Column("rate", Cell.RATE, "", "8.2134", sign=Sign.POSITIVE),
        ),
        bulk=True,
    ),
    FileKind(
        "holidays",
        "Days on which the calendar differs from Monday to Friday.",
        ("day",),
        (
            _date("day", "", "2026-10-01"),
            _enum("kind", v.DayKind, "", "HOLIDAY"),
            _text("name", "", "National Day", longest=80),
        ),
    ),
)

BY_NAME: dict[str, FileKind] = {kind.name: kind for kind in FILES}


def kind_of(file_name: str) -> FileKind | None:
    """The kind a file's name says: `customers.csv`, `customers_2026-01.xlsx`, `Customers.csv`; None for others."""
    lower = file_name.lower()
    for kind in FILES:
        rest = lower.removeprefix(kind.name)
        if rest != lower and not rest[:1].isalpha():
            return kind
    return None
