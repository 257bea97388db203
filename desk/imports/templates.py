"""Templates: one CSV for each kind with its header and an example row, and a README of every column."""

from __future__ import annotations

import csv
from pathlib import Path

from desk.imports.columns import Cell, Column, FileKind
from desk.imports.files import FILES

_CELLS: dict[Cell, str] = {
    Cell.BOOLEAN: "`true` or `false`",
    Cell.CODE: "code: letters, digits and `. _ / : -`",
    Cell.DATE: "day, `YYYY-MM-DD`",
    Cell.DIGITS: "digits",
    Cell.ENUM: "one of",
    Cell.INTEGER: "whole number",
    Cell.MONEY: "amount, digits with a point: `1234.56`",
    Cell.MONTH: "month, `YYYY-MM`",
    Cell.RATE: "rate, digits with a point",
    Cell.TEXT: "text",
}

_PREFACE = """# Import files

One file for each kind, CSV or .xlsx. The name begins with the kind: `customers.csv`, `customers_2026-01.xlsx`.
The header is the first row with every column that is not optional. Columns may stand in any order; those marked *optional* may be left out or empty.
CSV is UTF-8 or GB18030, separated by commas (semicolons and tabs are recognised); the encoding found is printed and
`--encoding` overrides it. Full-width digits, padding and days written as `2026/1/31` are put right and reported.
A file with the bank's own headers is read by a profile (`--profile`, docs/adding-a-file.md).
Nothing of a file with a fault is written, and the same file again changes nothing. Files are loaded in this order:
"""


def write_templates(folder: Path) -> list[Path]:
    """Write the templates into `folder`, made if need be; existing files of the same names are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in FILES:
        path = folder / f"{kind.name}.csv"
        # The mark makes spreadsheets read the Chinese examples as UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file, lineterminator="\r\n")
            rows.writerow(kind.header)
            rows.writerow(column.example for column in kind.columns)
        written.append(path)
    readme = folder / "README.md"
    readme.write_text(describe(), encoding="utf-8")
    return [*written, readme]


def describe() -> str:
    """Every kind and every column as Markdown. The documentation of the import is this text."""
    return _PREFACE + "".join(_section(place, kind) for place, kind in enumerate(FILES, 1))


def _section(place: int, kind: FileKind) -> str:
    lines = [
        "",
        f"## {place}. {kind.name}",
        kind.about,
        "",
        f"One row for each {' and '.join(f'`{name}`' for name in kind.key)}.",
        "",
        "| column | holds | meaning | example |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{column.name}` | {_holds(column)} | {column.about} | {f'`{column.example}`' if column.example else ''} |"
        for column in kind.columns
    ]
    return "\n".join(lines) + "\n"


def _holds(column: Column) -> str:
    text = _CELLS[column.cell]
    if column.choices:
        text += " " + ", ".join(f"`{choice}`" for choice in column.choices)
    if column.cell in (Cell.CODE, Cell.DIGITS, Cell.TEXT):
        text += f", up to {column.longest}"
    if column.sign.value != "any":
        text += f", {column.sign.value}"
    return text if column.required else f"{text}; *optional*"
