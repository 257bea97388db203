"""What people write in their own words: trimmed, not longer than its column, and storable on both databases."""

from __future__ import annotations

import unicodedata

from models.errors import BadInput

UNSTORABLE = frozenset({"Cc", "Cs"})
"""Control characters and lone surrogates, which PostgreSQL does not take."""
BREAKS = frozenset("\n\r\t")


def worded(text: str, longest: int, field: str, *, required: bool = False) -> str:
    """The text without blanks around it. BAD_USER_INPUT, naming the field, when it cannot be kept."""
    text = text.strip()
    if required and not text:
        raise BadInput("This must not be empty. Write what it is.", field=field)
    if len(text) > longest:
        raise BadInput(
            f"This has {len(text)} characters, at most {longest} are kept. Shorten it.", field=field
        )
    if any(unicodedata.category(letter) in UNSTORABLE and letter not in BREAKS for letter in text):
        raise BadInput("This holds control characters. Type it anew.", field=field)
    return text
