"""Profiles: how a bank's own file stands for one of ours. Data, read from a small TOML file and checked at once."""

from __future__ import annotations

import fnmatch
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from desk.imports.columns import FileKind
from desk.imports.files import BY_NAME
from desk.imports.refusals import Fault, FileRefused

UNITS = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
_MANNERS = ("is", "is_not", "begins", "empty")
_TOP = ("file", "names", "sheet", "dates", "empty", "columns", "constants", "values", "amounts", "skip")
_AMOUNTS = ("unit", "decimal", "grouping", "currency_sign", "sign")
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows that are no records, such as totals. `header` empty: the first cell of the row that holds something."""

    header: str
    manner: str
    text: str

    def takes(self, cell: str) -> bool:
        match self.manner:
            case "is":
                return cell == self.text
            case "is_not":
                return cell != self.text
            case "begins":
                return cell.startswith(self.text)
            case _:
                return not cell


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the file writes amounts. `sign` is "keep", or "drop" where a sign only says in or out."""

    unit: str = "元"
    decimal: str = "."
    grouping: str = ""
    currency_sign: str = ""
    sign: str = "keep"


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile. `columns` has the bank's headers for a column of ours: where there are several, one cell is filled."""

    name: str
    kind: FileKind
    names: tuple[str, ...]
    digest: str
    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheet: str = ""
    dates: re.Pattern[str] | None = None
    days: str = ""
    empty: frozenset[str] = frozenset()
    amounts: Amounts | None = None
    skips: tuple[Skip, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that the file must have."""
        asked = [name for names in self.columns.values() for name in names]
        return tuple(dict.fromkeys(asked + [skip.header for skip in self.skips if skip.header]))

    @property
    def shown(self) -> dict[str, str]:
        """By column of ours, what the bank calls it."""
        return {name: " / ".join(headers) for name, headers in self.columns.items()}

    def fits(self, path: Path) -> bool:
        return any(fnmatch.fnmatchcase(path.name.lower(), name.lower()) for name in self.names)


def read_profile(path: Path) -> Profile:
    """Read a profile and check all of it. Raises FileRefused, whose row is the line to look at."""
    try:
        data = path.read_bytes()[: _LONGEST + 1]
        text = data.decode("utf-8-sig")
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise FileRefused(
            Fault(
                "BAD_PROFILE",
                f"The profile is not TOML: {wrong}.",
                'Texts stand in "…", and each line is a name, = and a value.',
            ),
            row=int(place[1]) if (place := re.search(r"line (\d+)", str(wrong))) else text.count("\n") + 1,
        ) from None
    except UnicodeDecodeError:
        raise FileRefused(
            Fault("BAD_PROFILE", "The profile is not UTF-8.", "Save it again as UTF-8.")
        ) from None
    return _Reading(path.stem, text, hashlib.sha256(data).hexdigest(), found).profile()


def fitting(profiles: Iterable[Profile], path: Path) -> list[Profile]:
    return [profile for profile in profiles if profile.fits(path)]


class _Reading:
    def __init__(self, name: str, text: str, digest: str, found: dict[str, Any]) -> None:
        self._name, self._text, self._digest, self._found = name, text, digest, found

    def profile(self) -> Profile:
        self._known("", self._found, _TOP)
        kind = BY_NAME.get(self._text_of("file", self._found, "file"))
        if kind is None:
            raise self._wrong("file", f"There is no import file {self._found['file']}.", _one_of(BY_NAME))
        names = self._texts("names", self._found.get("names", []), "names")
        if not names:
            raise self._wrong("names", "The profile does not say for which files it is.", 'names = ["*.csv"]')
        columns = self._columns(kind)
        constants = self._named(kind, "constants", self._table("constants"))
        both = columns.keys() & constants.keys()
        if both:
            raise self._wrong(min(both), f"{min(both)} is a column and a constant.", "Keep one of the two.")
        for column in kind.columns:
            if column.required and column.name not in columns and column.name not in constants:
                raise self._wrong(
                    "columns",
                    f"Nothing stands for {column.name}, which {kind.name} must have.",
                    f'Add {column.name} = "…" to [columns] or [constants].',
                )
        if not columns:
            raise self._wrong("columns", "No column stands for any of ours.", "Add them to [columns].")
        days = self._text_of("dates", self._found, "dates", "")
        return Profile(
            self._name,
            kind,
            names,
            self._digest,
            columns,
            {name: self._text_of(name, constants, "constants") for name in constants},
            self._values(kind, columns),
            self._text_of("sheet", self._found, "sheet", ""),
            self._dates(days) if days else None,
            days,
            frozenset(self._texts("empty", self._found.get("empty", []), "empty")),
            self._amounts(),
            tuple(self._skip(entry) for entry in self._list("skip")),
        )

    def _columns(self, kind: FileKind) -> dict[str, tuple[str, ...]]:
        named = self._named(kind, "columns", self._table("columns"))
        found = {}
        for name, headers in named.items():
            found[name] = self._texts(name, headers if isinstance(headers, list) else [headers], "columns")
            if not found[name] or not all(found[name]):
                raise self._wrong(name, f"{name} has no header.", f'{name} = "header", or leave it out.')
        return found

    def _values(self, kind: FileKind, columns: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
        named = self._named(kind, "values", self._table("values"))
        choices = {column.name: column.choices for column in kind.columns}
        found: dict[str, dict[str, str]] = {}
        for name, table in named.items():
            if not isinstance(table, dict):
                raise self._wrong(name, f"values.{name} is not a table.", f"Begin it with [values.{name}].")
            if name not in columns:
                raise self._wrong(
                    name, f"{name} has no header whose values are meant.", "Add it to [columns]."
                )
            found[name] = {key: self._text_of(key, table, f"values.{name}") for key in table}
            for key, word in found[name].items():
                if choices[name] and word and word not in choices[name]:
                    raise self._wrong(key, f"{name} has no word {word}.", _one_of(choices[name]))
        return found

    def _amounts(self) -> Amounts | None:
        table = self._table("amounts")
        if not table:
            return None
        self._known("amounts", table, _AMOUNTS)
        said = {name: self._text_of(name, table, "amounts") for name in table}
        amounts = Amounts(**said)
        if amounts.unit not in UNITS:
            raise self._wrong("unit", f"{amounts.unit} is no unit of amounts.", _one_of(UNITS))
        if amounts.decimal not in (".", ",") or amounts.grouping not in ("", ",", ".", " ", "'"):
            raise self._wrong(
                "decimal", "These marks are not used in amounts.", 'decimal = ".", grouping = ","'
            )
        if amounts.decimal == amounts.grouping:
            raise self._wrong("grouping", "One mark cannot be both.", 'decimal = ".", grouping = ","')
        if amounts.sign not in ("keep", "drop"):
            raise self._wrong("sign", f"{amounts.sign} is not known.", _one_of(("keep", "drop")))
        return amounts

    def _skip(self, entry: Any) -> Skip:
        if not isinstance(entry, dict):
            raise self._wrong("skip", "skip is not a list of tables.", "Begin each rule with [[skip]].")
        self._known("skip", entry, ("header", *_MANNERS))
        manners = [manner for manner in _MANNERS if manner in entry]
        if len(manners) != 1:
            raise self._wrong("skip", "A rule must say one thing of the cell.", _one_of(_MANNERS))
        (manner,) = manners
        header = self._text_of("header", entry, "skip", "")
        if manner == "empty":
            if entry[manner] is not True or not header:
                raise self._wrong("empty", "empty needs a header.", 'header = "…" and empty = true')
            return Skip(header, manner, "")
        text = self._text_of(manner, entry, "skip")
        if not text:
            raise self._wrong(manner, f"{manner} has no text.", "Use empty = true for empty cells.")
        return Skip(header, manner, text)

    def _dates(self, days: str) -> re.Pattern[str]:
        """YYYY, MM (or M) and DD (or D) in any order; * at the end is a time of day that does not matter."""
        pattern = re.escape(days.removesuffix("*"))
        for part, group in (("YYYY", "y"), ("MM", "m"), ("DD", "d")):
            digits = "[0-9]{4}" if group == "y" else "[0-9]{2}"
            if part not in pattern and group != "y":
                part, digits = part[0], "[0-9]{1,2}"
            if pattern.count(part) != 1:
                raise self._wrong(
                    "dates", f"dates = {days} does not say where year, month and day stand.", '"DD/MM/YYYY"'
                )
            pattern = pattern.replace(part, f"(?P<{group}>{digits})")
        return re.compile(pattern + ("(?![0-9]).*" if days.endswith("*") else ""))

    def _named(self, kind: FileKind, table: str, found: dict[str, Any]) -> dict[str, Any]:
        for name in found:
            if name not in kind.header:
                raise self._wrong(name, f"{kind.name} has no column {name}.", _one_of(kind.header))
        return found

    def _known(self, table: str, found: dict[str, Any], known: Iterable[str]) -> None:
        for name in found:
            if name not in known:
                where = f"[{table}]" if table else "A profile"
                raise self._wrong(name, f"{where} has no {name}.", _one_of(known))

    def _table(self, name: str) -> dict[str, Any]:
        found = self._found.get(name, {})
        if not isinstance(found, dict):
            raise self._wrong(name, f"{name} is not a table.", f"Begin it with [{name}].")
        return found

    def _list(self, name: str) -> list[Any]:
        found = self._found.get(name, [])
        if not isinstance(found, list):
            raise self._wrong(name, f"{name} is not a list of tables.", f"Begin each with [[{name}]].")
        return found

    def _texts(self, name: str, found: Any, table: str) -> tuple[str, ...]:
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self._wrong(name, f"{name} is not a list of texts.", f'{name} = ["…", "…"]')
        return tuple(text.strip() for text in found)

    def _text_of(self, name: str, found: Mapping[str, Any], table: str, missing: str | None = None) -> str:
        if name not in found and missing is not None:
            return missing
        text = found.get(name)
        if not isinstance(text, str):
            raise self._wrong(name, f"{name} is missing or not a text.", f'{name} = "…", in quotation marks')
        return text.strip() if table != "amounts" else text

    def _wrong(self, name: str, message: str, remedy: str) -> FileRefused:
        """Names the first line that begins with the name, bare or in quotation marks."""
        begins = re.compile(rf'\s*\[*(?:[\w.]+\.)?["\']?{re.escape(name)}["\']?\s*[]=]')
        lines = [number for number, line in enumerate(self._text.splitlines(), 1) if begins.match(line)]
        return FileRefused(Fault("BAD_PROFILE", message, remedy), row=lines[0] if lines else 0)


def _one_of(words: Iterable[str]) -> str:
    return f"Use one of {', '.join(words)}."
