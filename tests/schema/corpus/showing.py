"""Cells as the graph shows them, worked out a second time: masks, bands, amounts, ids, words."""

from __future__ import annotations

import base64
import re
from typing import Any
from uuid import UUID

from authz import ReasonCode
from authz.reasons import EXPLANATIONS
from models.vault import vault

DECIMALS = {"CNY": 2, "CZK": 2, "JPY": 0, "USD": 2}
"""Of the currencies that the bank of the corpus has."""
FLOORS = ((5_000_000, "FROM_5M"), (1_000_000, "FROM_1M"), (500_000, "FROM_500K"), (50_000, "FROM_50K"))
UPPER = re.compile(r"(?<!^)(?=[A-Z])")


def snake(name: str) -> str:
    return UPPER.sub("_", name).lower()


def global_id(table: str, key: UUID) -> str:
    return base64.urlsafe_b64encode(f"{table}:".encode() + key.bytes).decode().rstrip("=")


def amount(minor: int, currency: str) -> str:
    """Minor units as a decimal number with all digits of the currency."""
    places = DECIMALS[currency]
    digits = str(abs(minor)).rjust(places + 1, "0")
    sign = "-" if minor < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def money(minor: int | None, currency: str | None) -> dict[str, str] | None:
    if minor is None or currency is None:
        return None
    return {"amount": amount(minor, currency), "currency": currency}


def words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def band(evaluation: Any) -> str | None:
    if evaluation is None:
        return None
    whole = evaluation.average_savings // 100
    return next((name for floor, name in FLOORS if whole >= floor), "BELOW_50K")


def opened(table: str, column: str, row: Any) -> str | None:
    """The clear text of a sealed cell, by the keys of the tests."""
    sealed = getattr(row, column)
    return None if sealed is None else vault().open(table, column, row.id, bytes(sealed))


def ends(text: str | None, first: int, last: int, least: int, stars: int | None = None) -> str | None:
    """The first and last characters with stars between them; nothing but stars of a text that is too short."""
    if text is None:
        return None
    if len(text) < least:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last if stars is None else stars) + text[-last:]


def account_mask(account: Any) -> str | None:
    return ends(opened("account", "number_cipher", account), 6, 4, 12)


def identity_mask(row: Any, table: str = "customer") -> str | None:
    return ends(opened(table, "identity_cipher", row), 3, 4, 9)


def mobile_mask(customer: Any) -> str | None:
    return ends(opened("customer", "mobile_cipher", customer), 3, 4, 11, stars=4)


def address_mask(customer: Any) -> str | None:
    text = opened("customer", "address_cipher", customer)
    return None if text is None else text[: min(6, len(text) // 2)] + "***"


def reason(code: str | None) -> dict[str, str] | None:
    """The words of a reason are data, and one table for all."""
    if code is None:
        return None
    why = EXPLANATIONS[ReasonCode(code)]
    return {
        "code": code,
        "message": why.sentence,
        "messageZh": why.chinese,
        "article": why.article,
        "remedy": why.remedy,
        "remedyZh": why.remedy_chinese,
    }
