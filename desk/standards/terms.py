"""The terms that standards, campaigns and indicators have in common: codes and thresholds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from models.errors import BadInput
from models.money import to_minor
from models.vocabulary import CriterionKind

_CODE = re.compile(r"[A-Z][A-Z0-9_-]{0,31}", re.ASCII)


def coded(text: str) -> str:
    """A code as people say it."""
    if not _CODE.fullmatch(text):
        raise BadInput(
            "A code has up to 32 capitals, digits, _ and -, and begins with a capital.", field="code"
        )
    return text


def threshold_of(amount: str | Decimal, currency: str, field: str = "thresholds") -> int:
    """In minor units. Above 0: everybody would meet anything else."""
    minor = to_minor(amount, currency)
    if minor <= 0:
        raise BadInput("A threshold is an amount above 0: everybody would meet this one.", field=field)
    return minor


def thresholds_of(
    thresholds: Mapping[CriterionKind, str | Decimal], currency: str
) -> dict[CriterionKind, int]:
    """In minor units, in the order in which they are kept."""
    if not thresholds:
        raise BadInput("Give the amount of at least one criterion.", field="thresholds")
    if CriterionKind.INDICATOR in thresholds:
        raise BadInput(
            "An indicator has its own threshold (Art. 5). Propose it as an indicator.", field="thresholds"
        )
    return {kind: threshold_of(amount, currency) for kind, amount in sorted(thresholds.items())}
