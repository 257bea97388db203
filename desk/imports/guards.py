"""Guards: a workbook judged by its zip directory and prologues before anything of it is unpacked (security.md 59-62)."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

from desk.imports.limits import Limits
from desk.imports.refusals import Fault, FileRefused

UNREADABLE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the zip and workbook libraries raise on broken parts. None of it says more than that it is broken."""
_PROLOGUE = 1 << 16


def guard(stream: BinaryIO, limits: Limits) -> None:
    """Judge the zip by its directory before a byte is unpacked, then each part by its prologue. Raises FileRefused."""
    stream.seek(0, 2)
    if stream.tell() > limits.workbook_file:
        raise _bomb(f"The workbook has more than {limits.workbook_file >> 20} MiB.")
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if len(parts) > 1_000 or len({part.filename for part in parts}) != len(parts):
                raise _bomb("The workbook has too many parts, or the same part twice.")
            if sum(part.file_size for part in parts) > limits.workbook_unpacked:
                raise _bomb(f"The workbook unpacks to more than {limits.workbook_unpacked >> 20} MiB.")
            for part in parts:
                _guard_part(archive, part, limits)
    except UNREADABLE:
        raise broken() from None


def broken() -> FileRefused:
    return FileRefused(
        Fault(
            "BROKEN_WORKBOOK",
            "The workbook cannot be read.",
            "Open it and save it again as .xlsx, or as CSV.",
        )
    )


def _guard_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    if part.flag_bits & 1:
        raise FileRefused(
            Fault("ENCRYPTED", "The workbook is protected by a password.", "Save it without a password.")
        )
    if part.file_size > 1 << 20 and part.file_size > limits.workbook_ratio * max(part.compress_size, 1):
        raise _bomb(f"A part of the workbook is packed more than {limits.workbook_ratio} to one.")
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels", ".vml")):
        return
    if name.startswith("xl/worksheets/"):
        cap = limits.workbook_unpacked
    else:
        cap = limits.workbook_strings if name.endswith("sharedstrings.xml") else limits.workbook_part
    if part.file_size > cap:
        raise _bomb(f"A part of the workbook unpacks to more than {cap >> 20} MiB.")
    with archive.open(part) as source:
        _refuse_doctype(source.read(_PROLOGUE))


def _refuse_doctype(prologue: bytes) -> None:
    """A document type can only stand before the first element, and no workbook has one: entities are an attack."""
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise _bomb("The workbook declares XML entities.")

    class Reached(Exception):
        """The first element has begun."""

    def element(*_: object) -> None:
        raise Reached

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(prologue, False)
    except (Reached, expat.ExpatError):
        # What is not XML fails in openpyxl, with the same refusal as other broken parts.
        return
    if len(prologue) == _PROLOGUE:
        raise _bomb("A part of the workbook hides its beginning.")


def _bomb(message: str) -> FileRefused:
    return FileRefused(
        Fault("UNSAFE_WORKBOOK", message, "Copy the table into a new workbook, or save as CSV.")
    )
