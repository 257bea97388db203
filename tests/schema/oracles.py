"""Planted oracles: faults of the gate or the desk, each of which lets a hidden value show through in its own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from authz import DataClass
from desk.desk import Desk
from desk.gate import cells, filters, levels
from desk.gate.cases import CASES
from desk.gate.columns import Column, column, order_column
from desk.gate.levels import Level
from desk.gate.plans import Plan
from desk.selection import Selection
from desk.sights import SIGHTS
from models.customers import Customer
from models.errors import BadInput

Patch = pytest.MonkeyPatch


def sort(patch: Patch) -> None:
    """Sorts without asking whether the class is visible."""

    def wrong(selection: Selection) -> set[Any]:
        return {column(selection.table, name).data_class for name in filters.columns_of(selection.where)}

    patch.setattr(levels, "classes_probed", wrong)


def filter_(patch: Patch) -> None:
    """Filters without asking whether the class is visible."""

    def wrong(selection: Selection) -> set[Any]:
        return {order_column(selection.table, order.column).data_class for order in selection.order}

    patch.setattr(levels, "classes_probed", wrong)


def aggregate(patch: Patch) -> None:
    """Counts all rows there are."""
    real = Level.total

    def wrong(me: Level) -> str:
        return real(me) if me.relation else f"(SELECT count(*) FROM {me.selection.table} t {me.sight.joins})"

    patch.setattr(Level, "total", wrong)


def nested_pick(patch: Patch) -> None:
    """Related rows without the class that they belong to."""
    real = Level.existence

    def wrong(me: Level) -> str:
        # A shortfall has cells that cannot be null: without its class it would be no answer at all.
        unclassed = me.sight.row_class and me.selection.table != "exception_shortfall"
        return "(1 = 1)" if me.relation and unclassed else real(me)

    patch.setattr(Level, "existence", wrong)


def error_text(patch: Patch) -> None:
    """A refusal that says whose customer it is."""

    async def told(customer: Customer | None) -> None:
        raise BadInput(f"{customer.name if customer else 'Nobody'} is another branch's customer.")

    _when_not_found(patch, told)


def work(patch: Patch) -> None:
    """One statement more, with a hidden value in it; the answer is the same."""

    async def looked(customer: Customer | None) -> None:
        if customer is not None:
            await Customer.filter(opened_on__lt=customer.opened_on).count()

    _when_not_found(patch, looked)


def _when_not_found(patch: Patch, act: Callable[[Customer | None], Any]) -> None:
    real = Desk.answer

    async def wrong(me: Desk, plan: Plan, values: Any) -> Any:
        text = await real(me, plan, values)
        if plan.selection.table == "customer" and text is None:
            await act(await Customer.get_or_none(id=values[0][0]))
        return text

    patch.setattr(Desk, "answer", wrong)


def decided_case(patch: Patch) -> None:
    """An exception shows its evidence to who decided it, after he did."""
    patch.setitem(CASES, "exception_case", replace(CASES["exception_case"], state="REJECTED"))


def merged(patch: Patch) -> None:
    """Who was merged into another is there for all who see the branch."""
    patch.setitem(SIGHTS, "customer", replace(SIGHTS["customer"], current=""))


def blind_count(patch: Patch) -> None:
    """Whatever lies anywhere is counted as under way to whoever asks."""
    _column(
        patch,
        "stock_account",
        "on_the_way",
        lambda it: replace(it, sql=it.sql.replace("h.to_institution_id = t.institution_id AND ", "")),
    )


def holder(patch: Patch) -> None:
    """Whose card it is, is told to all who see that there is one."""
    _column(patch, "card", "holder_name", lambda it: replace(it, data_class=DataClass.VIP_STATUS))


def _column(patch: Patch, table: str, name: str, change: Callable[[Column], Column]) -> None:
    def wrong(of: str, called: str) -> Column:
        real = column(of, called)
        return change(real) if (of, called) == (table, name) else real

    assert change(column(table, name)) != column(table, name)
    patch.setattr(cells, "column", wrong)


ORACLES: tuple[tuple[Callable[[Patch], None], str], ...] = (
    (sort, "officer"),
    (filter_, "officer"),
    (aggregate, "lin"),
    (nested_pick, "lin"),
    (error_text, "tang"),
    (work, "tang"),
    (decided_case, "deng"),
    (merged, "han"),
    (blind_count, "he"),
    (holder, "wu"),
)
"""Each with somebody who could make use of it."""
