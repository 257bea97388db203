"""Row rules: what must hold between the cells of one row, whatever the database holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from authz.words import Role
from desk.imports.cells import Value
from desk.imports.refusals import Fault
from models import numbers
from models.errors import Refusal
from models.money import to_minor
from models.vocabulary import IdentityKind, InstitutionKind, Level

Found = Iterator[tuple[str, Fault]]


def faults(kind: str, row: Mapping[str, Value], today: dt.date) -> Found:
    """The faults of one row of a kind, each with its column. `today` bounds birth dates."""
    rule = RULES.get(kind)
    return rule(row, today) if rule else iter(())


def _institution(row: Mapping[str, Value], today: dt.date) -> Found:
    head = row["level"] == Level.HEAD_OFFICE and row["kind"] == InstitutionKind.BRANCH
    if head and row["parent_code"]:
        yield (
            "parent_code",
            Fault("HEAD_OFFICE_PARENT", "Head office has nothing above it.", "Leave it empty."),
        )
    if not head and not row["parent_code"]:
        yield "parent_code", Fault("NO_PARENT", "Only head office has no parent.", "Name the code above it.")
    if row["parent_code"] and row["parent_code"] == row["code"]:
        yield "parent_code", Fault("OWN_PARENT", "It cannot stand under itself.", "Name the code above it.")
    yield from _valid("cnaps_code", row, numbers.cnaps_code)
    yield from _valid("admin_code", row, numbers.admin_code)


def _person(row: Mapping[str, Value], today: dt.date) -> Found:
    yield from _valid("mobile", row, numbers.mobile)
    if row["identity_kind"] != IdentityKind.RESIDENT_ID:
        return
    try:
        read = numbers.resident_id(str(row["identity_number"]), today)
    except Refusal as refusal:
        yield "identity_number", fault_of(refusal)
        return
    differs = Fault(
        "ID_SAYS_OTHERWISE",
        "The resident ID number says otherwise.",
        "Compare the document, and correct the number or this cell.",
    )
    if row.get("birth_date") not in (None, read.born):
        yield "birth_date", differs
    if row.get("gender") not in (None, read.gender):
        yield "gender", differs


def _assignment(row: Mapping[str, Value], today: dt.date) -> Found:
    if row["role"] not in set(Role):
        yield (
            "role",
            Fault("UNKNOWN_ROLE", "There is no such role.", f"Use one of {', '.join(sorted(Role))}."),
        )
    yield from _ordered(row, "valid_from", "valid_to")


def _supervision(row: Mapping[str, Value], today: dt.date) -> Found:
    if row["supervisor_number"] == row["staff_number"]:
        yield (
            "supervisor_number",
            Fault("OWN_SUPERVISOR", "Nobody supervises himself.", "Name another person."),
        )
    yield from _ordered(row, "valid_from", "valid_to")


def _dated(row: Mapping[str, Value], today: dt.date) -> Found:
    yield from _ordered(row, "valid_from", "valid_to")


def _account(row: Mapping[str, Value], today: dt.date) -> Found:
    yield from _valid("currency", row, numbers.currency)
    opened, closed = row["opened_on"], row["closed_on"]
    if isinstance(opened, dt.date) and isinstance(closed, dt.date) and closed < opened:
        yield "closed_on", Fault("CLOSED_EARLY", "It closes before it opens.", "Correct one of the days.")


def _loan(row: Mapping[str, Value], today: dt.date) -> Found:
    wrong = list(_valid("currency", row, numbers.currency))
    yield from wrong
    if wrong:
        return
    for column in ("principal", "outstanding", "overdue"):
        yield from _amount(column, row, str(row["currency"]))


def _indicator_figure(row: Mapping[str, Value], today: dt.date) -> Found:
    wrong = list(_valid("currency", row, numbers.currency))
    yield from wrong
    if not wrong:
        yield from _amount("amount", row, str(row["currency"]))


def _rate(row: Mapping[str, Value], today: dt.date) -> Found:
    yield from _valid("currency", row, numbers.currency)
    yield from _valid("quote_currency", row, numbers.currency)
    if row["currency"] == row["quote_currency"]:
        yield "quote_currency", Fault("SAME_CURRENCY", "Both currencies are the same.", "Leave the row out.")


def _ordered(row: Mapping[str, Value], first: str, last: str) -> Found:
    begins, ends = row[first], row[last]
    if isinstance(begins, dt.date) and isinstance(ends, dt.date) and ends <= begins:
        yield last, Fault("ENDS_EARLY", f"{last} is not after {first}.", "Correct one of the days.")


def _amount(column: str, row: Mapping[str, Value], currency: str) -> Found:
    amount = row[column]
    if isinstance(amount, Decimal):
        try:
            to_minor(amount, currency)
        except Refusal as refusal:
            yield column, fault_of(refusal)


def _valid(column: str, row: Mapping[str, Value], validator: Callable[[str], Any]) -> Found:
    if row[column] is not None:
        try:
            validator(str(row[column]))
        except Refusal as refusal:
            yield column, fault_of(refusal)


def fault_of(refusal: Refusal) -> Fault:
    """A validator's refusal as a fault: its first sentence says what is wrong, the rest what to do."""
    message, _, remedy = refusal.message.partition(". ")
    return Fault(refusal.code, message.rstrip(".") + ".", remedy or "Correct the cell.")


RULES: dict[str, Callable[[Mapping[str, Value], dt.date], Found]] = {
    "institutions": _institution,
    "staff": _person,
    "assignments": _assignment,
    "supervision_lines": _supervision,
    "customers": _person,
    "manager_assignments": _dated,
    "accounts": _account,
    "loans": _loan,
    "indicator_figures": _indicator_figure,
    "exchange_rates": _rate,
}
