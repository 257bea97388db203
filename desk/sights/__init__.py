"""What the gate knows of every table. A table without a sight cannot be read at all."""

from __future__ import annotations

from tortoise.models import Model

from desk.sights import cards, custody, customers, house, law, months, work
from desk.sights.sight import Relation, Sight

SIGHTS: dict[str, Sight] = (
    customers.SIGHTS | work.SIGHTS | law.SIGHTS | months.SIGHTS | cards.SIGHTS | custody.SIGHTS | house.SIGHTS
)
BY_MODEL: dict[type[Model], str] = {sight.model: name for name, sight in SIGHTS.items()}

__all__ = ["BY_MODEL", "SIGHTS", "Relation", "Sight"]
