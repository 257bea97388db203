"""A list of the graph: how the arguments of its field become the desk's filter, order and page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from authz import Action
from desk.gate.lifting import Values, page_lifted, purpose_lifted, where_lifted
from desk.selection import Filter, Order, Portfolio, Selection
from desk.turns import Step
from schema.filters import Maker, filter_of, orders_of
from schema.paging import page_of
from schema.sections import purpose_of


@dataclass(frozen=True, slots=True)
class ListOf:
    """How the arguments of one list become the desk's filter, order and page."""

    makers: Mapping[str, Maker] = field(default_factory=dict)
    of: str = ""
    """The table, where the list has a name of its own: what waits for the reader (schema/inbox.py)."""
    awaiting: Action | Step | None = None
    told: Callable[[Mapping[str, Any]], Filter] | None = None
    """What the field's own arguments ask, where it has others than `where`."""
    order: tuple[Order, ...] = ()
    """Where it is another than the table's own and nobody may choose it."""

    def form(self, table: str, arguments: dict[str, Any], values: Values) -> Selection:
        """What they ask, without the values, which are taken out on the way."""
        if self.told:
            where = where_lifted(self.told(arguments), values)
        else:
            where = filter_of(arguments.get("where"), self.makers, values.take)
        return Selection(
            self.of or table,
            where=where,
            order=self.order or orders_of(arguments.get("orderBy")),
            page=page_lifted(page_of(arguments), values),
            portfolio=Portfolio(arguments.get("portfolio") or Portfolio.REACH),
            purpose=purpose_lifted(purpose_of(arguments.get("purpose")), values),
            awaiting=self.awaiting,
        )
