"""What the oracle answers of card custody that is no row: whose a card number is, and the ledger of a stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.schema.corpus.answers import Asking, Seen
from tests.schema.corpus.conditions import Refusal, not_found, row_id
from tests.schema.corpus.naive_custody_cells import STATES, books, same_stock
from tests.schema.corpus.rights import View
from tests.schema.corpus.showing import global_id
from tests.schema.corpus.tables import Tables

TIERS = {"1": "HEAD_OFFICE", "2": "BRANCH"}
MOST_DAYS = 366


def issuer(asking: Asking, arguments: Mapping[str, Any], view: View) -> dict[str, Any]:
    tables = asking.tables
    tier, design, serial = number_of(arguments["cardNumber"])
    products = [one for one in tables.where("card_product", "design", design) if one.tier == tier]
    basis, place = _known(tables, products, serial, arguments["cardNumber"])
    row = tables.get("institution", place)
    while row is not None and row.merged_into_id is not None:
        row = tables.get("institution", row.merged_into_id)
    return {"basis": basis, "institution": None if row is None else Seen("institution", row, view)}


def number_of(text: str) -> tuple[str, str, int]:
    """Level, design and serial; its last digit proves the others (ISO/IEC 7812-1)."""
    if len(text) != 16 or not (text.isascii() and text.isdigit()) or text[0] not in TIERS:
        raise Refusal(
            "BAD_VIP_CARD_NUMBER",
            "A VIP card number has 16 digits and begins with 1 or 2. Read it from the card again.",
        )
    doubled = [int(sign) * (1 + at % 2) for at, sign in enumerate(reversed(text))]
    if sum(one // 10 + one % 10 for one in doubled) % 10:
        raise Refusal(
            "BAD_VIP_CARD_NUMBER",
            "The last digit does not prove this number, so a digit is wrong. Read it from the card again.",
        )
    return TIERS[text[0]], text[1:3], int(text[3:15])


def _known(tables: Tables, products: list[Any], serial: int, number: str) -> tuple[str, Any]:
    """By the deepest segment that holds it; else by who issued the card, and then by where it lies."""
    if not products:
        return "NO_PRODUCT", None
    (product,) = products

    def within(table: str) -> list[Any]:
        rows = tables.where(table, "product_id", product.id)
        return [one for one in rows if one.first_serial <= serial <= one.last_serial]

    segments = [one for one in within("number_segment") if one.withdrawn_at is None]
    if segments:
        return "SEGMENT", max(segments, key=lambda one: one.depth).institution_id
    issued = [
        one for one in tables.where("card", "number", number) if one.state != "REFUSED" and one.issued_at
    ]
    if issued:
        return "MOVEMENT", issued[0].issuer_id
    lying = within("stock_holding")
    return ("MOVEMENT", lying[0].institution_id) if lying else ("NOT_RECEIVED", None)


def ledger(asking: Asking, arguments: Mapping[str, Any], view: View) -> dict[str, Any]:
    """Every day between two, and the account beside the other books."""
    tables, first, last = asking.tables, arguments["from"], arguments["to"]
    place = row_id("institution", arguments["institutionId"])
    product = row_id("card_product", arguments["productId"])
    _must_be_period(first, last, tables.today)
    found = [
        one
        for one in tables.where("stock_account", "institution_id", place)
        if one.product_id == product and asking.rights.exists("stock_account", one, view)
    ]
    if not found:
        raise not_found()
    (account,) = found
    moved = {one.day: one for one in same_stock(tables, "stock_day", account)}
    before = [day for day in moved if day < first]
    opening = standing = moved[max(before)].closing if before else 0
    days, differences = [], _differences(tables, account)
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        row = moved.get(day)
        told = {"day": day.isoformat(), "opening": standing, "cameIn": 0, "wentOut": 0, "movements": 0}
        if row is not None:
            if row.opening != standing:
                differences.append(
                    _difference(f"{day} opening, and the closing before it", standing, row.opening)
                )
            told |= {
                "opening": row.opening, "cameIn": row.came_in, "wentOut": row.went_out, "movements": row.movements,
            }  # fmt: skip
            standing = row.closing
        days.append(told | {"closing": standing})
    return {
        "accountId": global_id("stock_account", account.id),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "opening": opening,
        "cameIn": sum(one["cameIn"] for one in days),
        "wentOut": sum(one["wentOut"] for one in days),
        "closing": standing,
        "days": days,
        "receivedSoFar": account.received,
        "cameInSoFar": account.came_in,
        "wentOutSoFar": account.went_out,
        "states": [{"state": state, "quantity": getattr(account, state.lower())} for state in STATES],
        "differences": differences,
    }


def _difference(what: str, booked: int, found: int) -> dict[str, Any]:
    return {"what": what, "booked": booked, "found": found}


def _differences(tables: Tables, account: Any) -> list[dict[str, Any]]:
    came = account.received + account.came_in - account.went_out
    total = sum(getattr(account, state.lower()) for state in STATES)
    told = [("came less went, and all states", came, total), *books(tables, account)]
    return [_difference(*one) for one in told if one[1] != one[2]]


def _must_be_period(first: dt.date, last: dt.date, today: dt.date) -> None:
    why = ""
    if first > last:
        why = f"{first} is after {last}. Give the earlier day first."
    elif last > today:
        why = f"{last} has not come yet. Give {today} or an earlier day."
    elif (last - first).days >= MOST_DAYS:
        why = f"A ledger goes over at most {MOST_DAYS} days. Ask in parts."
    if why:
        raise Refusal("BAD_PERIOD", why)
