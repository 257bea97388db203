"""Delivery lists: what the factory says is in the boxes, read from its file into ranges and a receipt to be signed (Notice 4).

A list has a row for each stretch of numbers (first, last, quantity) or a row for each card (number), and perhaps which are
defective. A million single numbers come to the ranges in which they lie.
"""

from __future__ import annotations

import itertools
import operator
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from desk.desk import Desk
from desk.imports.columns import Cell, Column, FileKind, Sign
from desk.imports.refusals import Fault, FileRefused
from desk.imports.report import FileReport
from desk.imports.scanning import typed_blocks
from desk.imports.sheets import open_any_of
from desk.imports.typed import TypedBlock
from desk.stock.receiving import check_receipt, draft_receipt
from models.custody import StockState
from models.movements import MovementLine, StockMovement
from models.orders import CardOrder
from models.products import CardProduct
from models.serials import LEVELS, MOST_RANGES, SERIAL_DIGITS, TIERS, Range, check_digit, compact, quantity
from models.vocabulary import Tier

LONGEST_NAME = 100
"""Of the file's name, as the receipt keeps it."""
_WHOLE = 16
_SERIAL = "serial of up to 12 digits, or the whole number on the card"
_DEFECT = Column("defect", Cell.BOOLEAN, "true when what the row names is defective", "false", required=False)


def _number(name: str, about: str, example: str) -> Column:
    return Column(name, Cell.DIGITS, f"{about}: {_SERIAL}", example, longest=_WHOLE)


NUMBERS = FileKind(
    "delivery", "One row for each card.", ("number",), (_number("number", "the card", "1010000010000008"), _DEFECT)
)  # fmt: skip
STRETCHES = FileKind(
    "delivery",
    "One row for each stretch of numbers that lie in a row.",
    ("first",),
    (
        _number("first", "the first card", "000001000000"),
        _number("last", "the last card", "000001009999"),
        Column("quantity", Cell.INTEGER, "how many cards that is", "10000", sign=Sign.POSITIVE),
        _DEFECT,
    ),
)
HEADERS = {
    "number": ("卡号", "号码"),
    "first": ("起始号", "起始号码", "起始卡号"),
    "last": ("终止号", "终止号码", "终止卡号", "截止号"),
    "quantity": ("数量", "张数"),
    "defect": ("瑕疵", "次品"),
}
"""What factories call our columns."""
_OURS = {theirs: ours for ours, names in HEADERS.items() for theirs in (ours, *names)}

_NO_NUMBER = Fault(
    "BAD_CARD_NUMBER",
    "The cell is neither a serial of up to 12 digits nor a whole card number of 16.",
    "Read it from the card, or from the box.",
)
_WRONG_DIGIT = Fault(
    "WRONG_CHECK_DIGIT",
    "The last digit does not prove this number, so a digit is wrong.",
    "Read it from the card, or from the box.",
)
_OTHER_PRODUCT = Fault(
    "OTHER_PRODUCT",
    "The number is of another product than the order.",
    "Name the order that it was delivered for, or take the row out and send the card back.",
)
_BACKWARDS = Fault(
    "BAD_RANGE", "The last number is before the first.", "Exchange them, or correct one of them."
)
_WRONG_QUANTITY = Fault(
    "WRONG_QUANTITY",
    "The quantity is not that of first to last, both included.",
    "Count the cards, and correct the row.",
)
_NOTHING = Fault("EMPTY_LIST", "The list names no card.", "Have the factory send it anew.")
_SCATTERED = Fault(
    "TOO_MANY_RANGES",
    f"The numbers lie in more than {MOST_RANGES} ranges.",
    "Divide the list, and receive each part by itself.",
)


class Listed(NamedTuple):
    """A range as a person lists it."""

    first: str
    last: str | None = None


@dataclass(slots=True)
class Delivery:
    """What a list comes to: all that was delivered, and which of it is defective. Empty where it has faults.

    `digest` is the SHA-256 of the file, which the receipt keeps with its name.
    """

    report: FileReport
    digest: str = ""
    ranges: list[Range] = field(default_factory=list)
    defects: list[Range] = field(default_factory=list)
    movement: StockMovement | None = None

    @property
    def quantity(self) -> int:
        return quantity(self.ranges)

    @property
    def defective(self) -> int:
        return quantity(self.defects)


async def receive(
    desk: Desk,
    *,
    order_id: UUID,
    path: Path,
    defects: Sequence[Listed] = (),
    encoding: str | None = None,
    dry_run: bool = False,
    idempotency_key: str | None = None,
) -> Delivery:
    """Read the factory's list, and draft one receipt of it. By the designated custodian of the ordering institution.

    `defects` were found at counting, beside those of the list. Faults of the file are in the report, each with row, column
    and remedy, and then nothing is drafted. With `dry_run` everything is checked and nothing written. Otherwise as
    draft_receipt: NOT_DESIGNATED, WRONG_STATE, MORE_THAN_ORDERED, NUMBER_KNOWN, DEFECT_NOT_DELIVERED, BAD_RANGE,
    NUMBER_TWICE, BAD_VIP_CARD_NUMBER. Two persons sign before anything is in stock.
    """
    order = await desk.open(CardOrder, order_id)
    product = await CardProduct.get(id=order.product_id)
    found = read_delivery(path, product, desk, encoding=encoding)
    if found.report.errors:
        return found
    came = [Listed(f"{one.first:012}", f"{one.last:012}") for one in found.ranges]
    spoiled = [Listed(f"{one.first:012}", f"{one.last:012}") for one in found.defects] + list(defects)
    if dry_run:
        _, _, passages = await check_receipt(desk, order.id, came, spoiled)
        found.defects = [one for one, _, becomes in passages if becomes is StockState.SPOILED]
    else:
        found.movement = await draft_receipt(
            desk,
            order_id=order.id,
            ranges=came,
            defects=spoiled,
            reason=f"{path.name[:LONGEST_NAME]}, SHA-256 {found.digest}",
            idempotency_key=idempotency_key,
        )
        lines = MovementLine.filter(movement_id=found.movement.id, to_state=StockState.SPOILED)
        found.defects = [line.range for line in await lines.order_by("first_serial")]
    return found


def read_delivery(path: Path, product: CardProduct, desk: Desk, *, encoding: str | None = None) -> Delivery:
    """What a list of one product comes to. Never raises for what the file holds: faults are in the report."""
    report = FileReport(path.name, kind=NUMBERS.name)
    found = Delivery(report)
    try:
        with open_any_of(path, (STRETCHES, NUMBERS), _OURS, encoding) as sheet:
            report.encoding, found.digest = sheet.encoding, sheet.digest
            cards = _Cards(product, report, sheet.kind)
            for block in typed_blocks(sheet, report, desk.today):
                cards.add(block)
        ranges, defects = cards.compact()
    except FileRefused as refused:
        report.refuse(refused)
    else:
        if not report.errors:
            found.ranges, found.defects = ranges, defects
    report.state = "REFUSED" if report.errors else "CHECKED"
    return found


class _Cards:
    """The rows of one list as serials, 17 bytes a row and no object for each, until they are put in order."""

    def __init__(self, product: CardProduct, report: FileReport, kind: FileKind) -> None:
        self._kind, self._report = kind, report
        self._begins = LEVELS[Tier(product.tier)] + product.design
        # What four digits add to the sum that the check digit makes whole; the first three are the same on every card.
        self._sums = {f"{four:04}": -int(check_digit(f"{four:04}")) % 10 for four in range(10_000)}
        self._sum = -int(check_digit(self._begins)) % 10
        self._firsts, self._lasts, self._rows = array("q"), array("q"), array("q")
        self._defective = bytearray()

    def add(self, block: TypedBlock) -> None:
        """The rows of a block that are right by themselves. The others are faults."""
        if self._kind is NUMBERS:
            texts, defective = block.columns
            firsts, bad = self._serials(texts, block.numbers, "number")
            lasts = firsts
        else:
            first, last, quantities, defective = block.columns
            firsts, bad = self._serials(first, block.numbers, "first")
            lasts, bad_lasts = self._serials(last, block.numbers, "last")
            bad |= bad_lasts
            for place, count in enumerate(quantities):
                if place not in bad and count != lasts[place] - firsts[place] + 1:
                    bad.add(place)
                    backwards = lasts[place] < firsts[place]
                    self._report.fault(
                        _BACKWARDS if backwards else _WRONG_QUANTITY,
                        block.numbers[place],
                        "last" if backwards else "quantity",
                    )
        good = [place not in bad for place in range(len(firsts))] if bad else itertools.repeat(True)
        self._firsts.extend(itertools.compress(firsts, good))
        self._lasts.extend(itertools.compress(lasts, good))
        self._rows.extend(itertools.compress(block.numbers, good))
        self._defective.extend(map(bool, itertools.compress(defective, good)))

    def compact(self) -> tuple[list[Range], list[Range]]:
        """All that was delivered, and which of it is defective. Faults for a number that two rows name."""
        report, column = self._report, self._kind.key[0]
        found: list[Range] = []
        begin, end, end_row = 0, -1, 0
        for at in self._in_order():
            first = self._firsts[at]
            if first <= end:
                report.fault(
                    Fault("NUMBER_TWICE", f"Row {end_row} has the same number.", "Name each card once."),
                    self._rows[at],
                    column,
                )
            elif first > end + 1:
                if end >= 0:
                    found.append(Range(begin, end))
                begin = first
            if self._lasts[at] > end:
                end, end_row = self._lasts[at], self._rows[at]
        if end >= 0:
            found.append(Range(begin, end))
        elif not report.errors:
            report.fault(_NOTHING)
        if len(found) > MOST_RANGES:
            report.fault(_SCATTERED)
        if report.errors or not any(self._defective):
            return found, []
        return found, compact(
            Range(self._firsts[at], self._lasts[at]) for at, yes in enumerate(self._defective) if yes
        )

    def _in_order(self) -> Sequence[int]:
        places = range(len(self._firsts))
        if all(map(operator.lt, self._firsts, itertools.islice(self._firsts, 1, None))):
            return places
        return sorted(places, key=self._firsts.__getitem__)

    def _serials(
        self, texts: Sequence[object], rows: Sequence[int], column: str
    ) -> tuple[list[int], set[int]]:
        """The serial of each cell, and the places of those that are none."""
        begins, start, sums = self._begins, self._sum, self._sums
        found: list[int] = []
        bad: set[int] = set()
        for place, text in enumerate(map(str, texts)):
            if len(text) == _WHOLE and text[0] in TIERS:
                proven = int(text[15]) + sums[text[3:7]] + sums[text[7:11]] + sums[text[11:15]]
                if text[:3] == begins and (proven + start) % 10 == 0:
                    found.append(int(text[3:15]))
                    continue
                fault = _WRONG_DIGIT if check_digit(text[:-1]) != text[-1] else _OTHER_PRODUCT
            elif len(text) <= SERIAL_DIGITS:
                found.append(int(text))
                continue
            else:
                fault = _NO_NUMBER
            found.append(-1)
            bad.add(place)
            self._report.fault(fault, rows[place], column)
        return found, bad
