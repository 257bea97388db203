"""Finding and reading the published files of rates and holidays."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path


class SourceError(ValueError):
    """A published file is absent or is not what it should be. The message says where and what to do."""


def table(directory: Path, pattern: str) -> Iterator[tuple[str, list[str]]]:
    """The place (`file line N`) and cells of every line, the header first, of the one file of this name."""
    found = sorted(path for end in ("", ".gz") for path in directory.glob(pattern + end))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise SourceError(
            f"{directory}: exactly one file {pattern} or {pattern}.gz is needed, found {names}."
        )
    path = found[0]
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            text = stream.read().decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name}: cannot be read ({error}). Fetch the file again.") from None
    width = 0
    for number, cells in enumerate(csv.reader(text.splitlines()), start=1):
        place = f"{path.name} line {number}"
        width = width or len(cells)
        if len(cells) != width:
            raise SourceError(f"{place}: {len(cells)} cells instead of {width}. Fetch the file again.")
        yield place, cells


def day_of(place: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SourceError(f"{place}: {text!r} is not a day YYYY-MM-DD. Fetch the file again.") from None
