"""Decoding: which encoding a file's bytes are in, found strictly and told to the person (decisions.md 28)."""

from __future__ import annotations

import codecs
import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO

from desk.imports.limits import LIMITS, Limits
from desk.imports.refusals import Fault, FileRefused

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
"""What is recognised, and what `--encoding` takes."""

_BLOCK = 1 << 20
_DAMAGE = 10


@dataclass(frozen=True, slots=True)
class Contents:
    """What one pass over the bytes found: their encoding, SHA-256 and length."""

    encoding: str
    digest: str
    size: int


def inspect(stream: BinaryIO, encoding: str | None = None, limits: Limits = LIMITS) -> Contents:
    """Find the encoding in one pass, two for GB18030. Holds one block in memory. Leaves the stream at its start.

    A byte order mark decides. Valid UTF-8 wins over GB18030, because almost all UTF-8 text is valid GB18030 too and
    would turn into other Chinese characters without a word. `encoding` overrides all of it. Raises FileRefused.
    """
    if encoding is not None and encoding not in ENCODINGS:
        raise FileRefused(
            Fault("UNKNOWN_ENCODING", f"{encoding!r} is not an encoding read here.", _one_of(ENCODINGS))
        )
    start = _start(stream)
    first = encoding or _marked(start) or "utf-8"
    digest, size, fits = _pass(stream, first, limits)
    if fits:
        return Contents(
            "utf-8-sig" if start[:3] == codecs.BOM_UTF8 and first == "utf-8" else first, digest, size
        )
    if encoding is not None or first != "utf-8":
        raise FileRefused(
            Fault(
                "WRONG_ENCODING",
                f"The bytes are not valid {first}{' although the file says so' if encoding is None else ''}.",
                "Export the file again as UTF-8, or name its encoding with --encoding.",
            )
        )
    if _is_damaged_utf8(stream):
        raise FileRefused(
            Fault(
                "DAMAGED_UTF8",
                "The file is UTF-8 with a few broken bytes in it.",
                "Export it again as UTF-8. If it truly is GB18030, say --encoding gb18030.",
            )
        )
    if not _pass(stream, "gb18030", limits)[2]:
        raise FileRefused(
            Fault(
                "UNKNOWN_ENCODING",
                "The bytes are neither UTF-8 nor GB18030.",
                "Export the file again as UTF-8, or name its encoding with --encoding.",
            )
        )
    return Contents("gb18030", digest, size)


def decode(data: bytes, encoding: str | None = None, limits: Limits = LIMITS) -> tuple[str, str]:
    """The text of some bytes and the encoding found. Raises FileRefused. For what is small enough to hold."""
    found = inspect(io.BytesIO(data), encoding, limits).encoding
    return data.decode(found), found


def reader(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The text of an inspected stream, line ends untouched, read block by block."""
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")


def _start(stream: BinaryIO) -> bytes:
    stream.seek(0)
    start = stream.read(4)
    if start[:4] in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise FileRefused(
            Fault("UTF_32", "The file is UTF-32, which is not read here.", "Export it again as UTF-8.")
        )
    return start


def _marked(start: bytes) -> str | None:
    if start[:3] == codecs.BOM_UTF8:
        return "utf-8-sig"
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return None


def _pass(stream: BinaryIO, encoding: str, limits: Limits) -> tuple[str, int, bool]:
    """Digest, length and whether every byte decodes. Refuses NUL characters, giant lines and giant files."""
    stream.seek(0)
    digest, size, fits = hashlib.sha256(), 0, True
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    unbroken = 0
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
        if size > limits.file:
            raise FileRefused(
                Fault(
                    "FILE_TOO_LARGE", f"The file has more than {limits.file >> 20} MiB.", "Split it by rows."
                )
            )
        if not fits:
            continue
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError:
            fits = False
            continue
        if "\0" in text:
            raise FileRefused(
                Fault(
                    "NUL_BYTES",
                    "The file holds NUL characters: it is no text, or UTF-16 without its mark.",
                    "Save it as CSV in UTF-8, or as .xlsx under that name.",
                )
            )
        breaks = [place for place in (text.find("\n"), text.find("\r")) if place >= 0]
        if unbroken + (min(breaks) if breaks else len(text)) > limits.line:
            raise FileRefused(
                Fault(
                    "LINE_TOO_LONG",
                    f"A line has more than {limits.line} characters.",
                    "Save the file as CSV with one row a line.",
                )
            )
        last = max(text.rfind("\n"), text.rfind("\r"))
        unbroken = len(text) - last - 1 if breaks else unbroken + len(text)
    if fits:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            fits = False
    return digest.hexdigest(), size, fits


def _is_damaged_utf8(stream: BinaryIO) -> bool:
    """Whether far more characters are well-formed UTF-8 than bytes are not. In GB18030 text it is the reverse."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    whole = broken = 0
    while True:
        block = stream.read(_BLOCK)
        text = decoder.decode(block, final=not block)
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        # A broken byte became one lone surrogate, which UTF-8 cannot hold.
        bad = len(text) - len(text.encode("utf-8", "ignore").decode())
        broken += bad
        whole += beyond_ascii - bad
        if not block:
            break
    return broken > 0 and whole >= _DAMAGE * broken


def _one_of(words: tuple[str, ...]) -> str:
    return f"Use one of {', '.join(words)}."
