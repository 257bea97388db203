"""Sections: the cells of one data class, with their visibility, the reason, and what to do about it."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.schema_directive import Location

from authz import DataClass, ReasonCode, Visibility
from authz.purposes import Purpose as PurposeCode
from desk.selection import Portfolio, Purpose
from schema.fields import given

strawberry.enum(DataClass, description="The data class of a cell (domain.md 5.2).")
strawberry.enum(
    Visibility,
    description="What a cell is to the reader: the value, its mask, withheld for a reason, or absent from the bank.",
)
strawberry.enum(ReasonCode, description="Why a cell is masked or withheld. The first that applies.")
strawberry.enum(PurposeCode, description="用途. The closed list of purposes.")
strawberry.enum(
    Portfolio, description="Whose rows a list covers: my own customers, my branch's, or all that I reach."
)


@strawberry.schema_directive(
    locations=[Location.OBJECT],
    description="The data class of the type's fields, and the article of the Measures that protects them.",
)
class Confidential:
    class_: DataClass = strawberry.directive_field(name="class")
    article: str = "11"


@strawberry.type(description="Why a cell is masked or withheld.")
class Reason:
    code: ReasonCode = given("The first reason that applies.")
    message: str = given("The reason in a sentence.")
    message_zh: str = given("The reason in Chinese.")
    article: str = given("The article of the Measures, or the rule, that it rests on.")
    remedy: str = given("What to do, or whom to ask.")
    remedy_zh: str = given("The same in Chinese.")


@strawberry.interface(
    description="Cells of one data class. `null` stays a value: `visibility` says what is shown."
)
class Section:
    visibility: Visibility = given("Whether the cells are shown, masked or withheld.")
    reason: Reason | None = given("Why not, and the remedy; null when VISIBLE.")


@strawberry.input(
    description="用途. Why a confidential section is read. It is written into the access trail."
)
class PurposeInput:
    code: PurposeCode = strawberry.field(description="One of the closed list.")
    text: str = strawberry.field(default="", description="Your own words, at most 200 characters.")

    def told(self) -> Purpose:
        return _purpose(self.code, self.text)


PURPOSE_TEXT = 200
PurposeArgument = Annotated[
    PurposeInput | None, strawberry.argument(description="Why it is read; some classes need it (Art. 11).")
]


def purpose_of(raw: Any) -> Purpose | None:
    """The desk's purpose of a coerced PurposeInput (a plain dictionary)."""
    if raw is None:
        return None
    return _purpose(PurposeCode(raw["code"]), str(raw.get("text") or ""))


def _purpose(code: PurposeCode, text: str) -> Purpose:
    return Purpose(code.value, text[:PURPOSE_TEXT])


__all__ = [
    "Confidential",
    "PurposeArgument",
    "PurposeInput",
    "Reason",
    "Section",
    "purpose_of",
]
