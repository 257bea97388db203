"""Names of persons: minority names with their middle dot, rare characters, and the look-alikes that are neither."""

from __future__ import annotations

import re
import unicodedata

from models.errors import BadInput

MIDDLE_DOT = "\u00b7"
LOOK_ALIKES = "\u0387\u16eb\u2022\u2024\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f\uff65"
"""What keyboards and old encodings put in place of the middle dot of a minority name."""
LONGEST_NAME = 120

_TO_MIDDLE_DOT = dict.fromkeys(map(ord, LOOK_ALIKES), MIDDLE_DOT)
_PADDED_DOT = re.compile(rf"[ \u00a0\u3000]*{MIDDLE_DOT}[ \u00a0\u3000]*")
_BESIDE_LETTERS = frozenset(f"{MIDDLE_DOT} '\u2019-.,()")
_OF_NAMES = ("L", "M", "Nd", "Nl")
_HAN_PLANES = range(0x20000, 0x3FFFE)


class BadName(BadInput):
    code = "BAD_NAME"


def with_middle_dots(name: str) -> str:
    """The name with U+00B7 for each look-alike, and no blanks beside it: so that one name is written in one way."""
    if name.isascii():
        return name
    return _PADDED_DOT.sub(MIDDLE_DOT, name.translate(_TO_MIDDLE_DOT))


def customer_name(text: str) -> str:
    """A name as it is kept, or BAD_NAME: an import puts right what is refused here (decisions.md 28).

    Composed (NFC), as some keyboards send accents apart and the filing's digest would differ. Any Han ideograph of
    planes 2 and 3 is a letter, also one that is younger than this Python's Unicode tables.
    """
    if not text or text != text.strip() or "  " in text:
        raise BadName(
            "A name is not empty, and has no blanks around it. Type it as on the document.", field="name"
        )
    if len(text) > LONGEST_NAME:
        raise BadName(f"A name has at most {LONGEST_NAME} characters. Shorten it.", field="name")
    if unicodedata.normalize("NFC", text) != text:
        raise BadName("The name holds characters in parts (not NFC). Type it anew.", field="name")
    if with_middle_dots(text) != text:
        raise BadName(
            "The dot of a name is the middle dot U+00B7 without blanks. Type the name with it.", field="name"
        )
    wrong = next((letter for letter in text if not _stands_in_a_name(letter)), None)
    if wrong is not None:
        raise BadName(
            f"U+{ord(wrong):04X} stands in no name. Type the name as on the document, in half-width letters.",
            field="name",
        )
    if not any(unicodedata.category(letter)[0] == "L" or ord(letter) in _HAN_PLANES for letter in text):
        raise BadName("A name has letters. Type it as on the document.", field="name")
    return text


def _stands_in_a_name(letter: str) -> bool:
    if letter in _BESIDE_LETTERS:
        return True
    if 0xFF01 <= ord(letter) <= 0xFF5E:
        return False  # full-width letters and digits
    category = unicodedata.category(letter)
    if category == "Cn":
        return ord(letter) in _HAN_PLANES and ord(letter) & 0xFFFF < 0xFFFE
    return category.startswith(_OF_NAMES)
