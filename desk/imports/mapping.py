"""Mapping: the cells of a bank's own file become the texts our columns expect, before any check of their own.

What cannot be turned is a fault here, for left alone it might pass for another day or another amount.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import compress

from desk.imports.cells import FULL_WIDTH, PADDING, UNREADABLE, half_width
from desk.imports.columns import Cell, Column, Sign
from desk.imports.profiles import UNITS, Profile
from desk.imports.refusals import Fault
from desk.imports.rows import bare

Found = tuple[int, str, Fault]
_OWN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)?")


class Mapping:
    """A profile at work on one reading of one file. `told` counts what was put right, `skipped` the rows left out."""

    def __init__(self, profile: Profile, header: Sequence[str]) -> None:
        self.profile = profile
        self.told: Counter[tuple[str, str]] = Counter()
        self.skipped: Counter[int] = Counter()
        self._places = {name: place for place, name in enumerate(header) if name}
        self._readers = [_Reader(profile, column, self.told) for column in profile.kind.columns]

    def records(self, numbers: Sequence[int], rows: list[list[str]]) -> tuple[Sequence[int], list[list[str]]]:
        """The rows that no rule of the profile skips."""
        if not self.profile.skips:
            return numbers, rows
        good = [not self._is_skipped(row) for row in rows]
        return list(compress(numbers, good)), list(compress(rows, good))

    def _is_skipped(self, row: list[str]) -> bool:
        for place, skip in enumerate(self.profile.skips):
            if skip.header:
                at = self._places[skip.header]
                cell = bare(row[at]) if at < len(row) else ""
            else:
                cell = next((text for text in map(bare, row) if text), "")
            if skip.takes(cell):
                self.skipped[place] += 1
                return True
        return False

    def columns(
        self, numbers: Sequence[int], turned: Sequence[Sequence[str]]
    ) -> tuple[Sequence[int], tuple[Sequence[str], ...], list[Found]]:
        """Our columns, in their order, and the faults of rows that are not among them."""
        columns: list[Sequence[str]] = []
        faults: list[Found] = []
        bad: set[int] = set()
        for reader in self._readers:
            cells = [turned[self._places[header]] for header in reader.headers]
            texts, found = reader.read(cells, len(numbers))
            columns.append(texts)
            bad.update(found)
            faults += [(numbers[place], reader.name, fault) for place, fault in found.items()]
        if not bad:
            return numbers, tuple(columns), []
        good = [place not in bad for place in range(len(numbers))]
        kept = tuple(list(compress(texts, good)) for texts in columns)
        return list(compress(numbers, good)), kept, sorted(faults, key=lambda found: found[0])

    def remarks(self) -> Iterator[str]:
        yield f"It was read with the profile {self.profile.name}."
        for place, count in sorted(self.skipped.items()):
            skip = self.profile.skips[place]
            said = {"is": "is", "is_not": "is not", "begins": "begins with", "empty": "is empty"}[skip.manner]
            about = f"{skip.header or 'the first cell'} {said} {skip.text}".strip()
            yield f"{count} row(s) were skipped, as the profile says: {about}."
        amounts = self.profile.amounts
        if amounts is not None and amounts.unit != "元":
            yield f"Amounts are in {amounts.unit}, as the profile says: each was taken times {UNITS[amounts.unit]}."
        unused = [name for name in self._places if name not in self.profile.headers]
        if unused:
            more = f" and {len(unused) - 12} more" if len(unused) > 12 else ""
            yield f"Columns that the profile does not use: {', '.join(unused[:12])}{more}."


class _Wrong(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class _Reader:
    """Turns the cells of one column of ours. Remembers what it has turned, for words and days repeat."""

    def __init__(self, profile: Profile, column: Column, told: Counter[tuple[str, str]]) -> None:
        self.name = column.name
        self.headers = profile.columns.get(column.name, ())
        self._profile, self._column, self._told = profile, column, told
        self._constant = profile.constants.get(column.name, "")
        self._values = profile.values.get(column.name)
        self._exact = {key: word for key, word in (self._values or {}).items() if not key.endswith("*")}
        begins = {key[:-1]: word for key, word in (self._values or {}).items() if key.endswith("*")}
        self._begins = sorted(begins.items(), key=lambda pair: -len(pair[0]))
        self._dates = profile.dates if column.cell in (Cell.DATE, Cell.MONTH) else None
        self._amounts = profile.amounts if column.cell is Cell.MONEY else None

    def read(self, cells: list[Sequence[str]], count: int) -> tuple[Sequence[str], dict[int, Fault]]:
        if not self.headers:
            return [self._constant] * count, {}
        faults: dict[int, Fault] = {}
        if len(cells) == 1:
            texts = list(cells[0])
        else:
            texts = []
            for place, several in enumerate(zip(*cells, strict=True)):
                filled = [text for text in several if not self._is_empty(text)]
                texts.append(filled[0] if filled else "")
                if len(filled) > 1:
                    faults[place] = Fault(
                        "SEVERAL_VALUES",
                        "More than one of these cells is filled.",
                        "Clear the others, or correct the profile.",
                    )
        if not (self._values or self._dates or self._amounts or self._profile.empty):
            return texts, faults
        turned: dict[str, str] = {}
        wrong: dict[str, Fault] = {}
        for text in set(texts):
            try:
                turned[text] = self._turned(text)
            except _Wrong as found:
                turned[text], wrong[text] = "", found.fault
        for place, text in enumerate(texts):
            if text in wrong:
                faults.setdefault(place, wrong[text])
            elif turned[text] != text:
                self._tell(text)
        return [turned[text] for text in texts], faults

    def _is_empty(self, text: str) -> bool:
        return bare(text) == "" or bare(text) in self._profile.empty

    def _tell(self, text: str) -> None:
        """The checks that follow see the turned text, so what was round the original is told here."""
        stripped = bare(text)
        if stripped != text:
            self._told[self.name, PADDING] += 1
        if not self._values and half_width(stripped) != stripped:
            self._told[self.name, FULL_WIDTH] += 1

    def _turned(self, text: str) -> str:
        if text in UNREADABLE:
            return text
        stripped = bare(text)
        if self._is_empty(text) and not (self._values and stripped in self._exact):
            stripped = ""
        if self._values is not None:
            return self._translated(stripped)
        if not stripped:
            return ""
        if self._dates is not None:
            return self._day(half_width(stripped))
        if self._amounts is not None:
            return self._amount(half_width(stripped))
        return text

    def _translated(self, text: str) -> str:
        if text in self._exact:
            return self._exact[text]
        for begins, word in self._begins:
            if text and text.startswith(begins):
                return word
        # A column without words of its own keeps what the profile does not name, for the checks that follow.
        if not self._column.choices or text in self._column.choices or not (text or self._column.required):
            return text
        raise _Wrong(
            Fault(
                "UNTRANSLATED",
                "The profile does not say what this text stands for.",
                f"Correct the cell, or add the text to [values.{self.name}] of the profile.",
            )
        )

    def _day(self, text: str) -> str:
        found = self._dates.fullmatch(text) if self._dates else None
        if found is not None:
            return f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}"
        try:
            # A spreadsheet's own day is a day, however it is shown, and with a time beside it (workbooks.text_of).
            return (
                dt.date.fromisoformat(text[:10]).isoformat()
                if _OWN_DAY.fullmatch(text)
                else self._not_a_day()
            )
        except ValueError:
            return self._not_a_day()

    def _not_a_day(self) -> str:
        raise _Wrong(
            Fault(
                "BAD_DATE",
                f"The cell is not a day written as the profile says: {self._profile.days}.",
                "Correct the cell, or correct dates in the profile.",
            )
        )

    def _amount(self, text: str) -> str:
        amounts = self._amounts
        assert amounts is not None
        plain = text.replace(amounts.currency_sign, "", 1) if amounts.currency_sign else text
        whole = r"[0-9]+"
        if amounts.grouping:
            mark = re.escape(amounts.grouping)
            whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+)"
        found = re.fullmatch(rf"([+-]?)({whole})(?:{re.escape(amounts.decimal)}([0-9]+))?", plain.strip())
        if found is None:
            raise _Wrong(
                Fault(
                    "BAD_AMOUNT",
                    "The cell is not an amount written as the profile says.",
                    "Correct the cell, or correct [amounts] in the profile.",
                )
            )
        sign, digits, decimals = found.groups()
        digits = digits.replace(amounts.grouping, "") if amounts.grouping else digits
        if sign == "+" or (amounts.sign == "drop" and self._column.sign is Sign.POSITIVE):
            sign = ""
        exact = f"{sign}{digits}" + (f".{decimals}" if decimals else "")
        return (
            exact if amounts.unit == "元" else format((Decimal(exact) * UNITS[amounts.unit]).normalize(), "f")
        )
