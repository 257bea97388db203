"""Seeded mistakes in what is written around a reach: filters, pages, cells, statements that are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from authz import Visibility
from desk.gate import filters, ladders, levels, plans, view
from desk.gate.ladders import Ladder
from desk.gate.levels import Level
from desk.gate.slots import Slots
from desk.selection import AllOf, AnyOf, Not, Op
from tests.desk.conformance.seeding import Mutant, Patch, registering

MUTANTS: list[Mutant] = []
mutant = registering(MUTANTS)
among, where_sql = Slots.among, filters.where_sql
stands_on, predicate = ladders.stands_on, Level.predicate


@mutant
def empty_set_matches_all(patch: Patch) -> None:
    def wrong(me, column, source, cast):
        real = among(me, column, source, cast)
        array = real[real.index("json_each(") + len("json_each(") : -2]
        return f"({real} OR json_array_length({array}) = 0)"

    patch.setattr(Slots, "among", wrong)


@mutant
def empty_or_matches_all(patch: Patch) -> None:
    def wrong(s, table, where, **how):
        return "(1 = 1)" if where == AnyOf(()) else where_sql(s, table, where, **how)

    patch.setattr(filters, "where_sql", wrong)
    patch.setattr(levels, "where_sql", wrong)


@mutant
def conditions_are_joined_by_or(patch: Patch) -> None:
    def wrong(s, table, where, **how):
        return where_sql(s, table, AnyOf(where.conditions) if isinstance(where, AllOf) else where, **how)

    patch.setattr(filters, "where_sql", wrong)
    patch.setattr(levels, "where_sql", wrong)


@mutant
def negation_forgets_the_unknown(patch: Patch) -> None:
    def wrong(s, table, where, **how):
        if isinstance(where, Not):
            return f"NOT ({wrong(s, table, where.condition, **how)})"
        return where_sql(s, table, where, **how)

    patch.setattr(filters, "where_sql", wrong)
    patch.setattr(levels, "where_sql", wrong)


@mutant
def greater_means_not_less(patch: Patch) -> None:
    patch.setitem(filters.SIGNS, Op.GT, ">=")


@mutant
def filter_probes_what_is_hidden(patch: Patch) -> None:
    patch.setattr(levels, "classes_probed", lambda selection: set())


@mutant
def filter_probes_what_is_masked(patch: Patch) -> None:
    def wrong(where, rungs, wanted):
        masked = [n for n, rung in enumerate(rungs) if rung.visibility is Visibility.MASKED]
        return stands_on(where, rungs, sorted({*wanted, *masked}))

    patch.setattr(levels, "stands_on", wrong)


@mutant
def first_rungs_must_all_hold(patch: Patch) -> None:
    def wrong(where, rungs, wanted):
        return stands_on(where, rungs, wanted).replace(" OR ", " AND ")

    patch.setattr(levels, "stands_on", wrong)


@mutant
def order_probes_what_is_hidden(patch: Patch) -> None:
    real = filters.classes_probed
    patch.setattr(levels, "classes_probed", lambda selection: real(replace(selection, order=())))


@mutant
def nothing_wanted_is_everything(patch: Patch) -> None:
    patch.setattr(
        levels,
        "stands_on",
        lambda where, rungs, wanted: stands_on(where, rungs, wanted) if wanted else "(1 = 1)",
    )


@mutant
def count_is_of_the_whole_table(patch: Patch) -> None:
    patch.setattr(Level, "total", lambda me: f"(SELECT count(*) FROM {me._from('c.')})")


@mutant
def portfolio_is_ignored(patch: Patch) -> None:
    patch.setattr(levels, "Portfolio", type("Portfolio", (), {"MINE": None, "BRANCH": None}))


@mutant
def page_begins_with_the_row_before(patch: Patch) -> None:
    real = filters.beyond
    patch.setattr(levels, "beyond", lambda *given: real(*given).replace(" > ", " >= ").replace(" < ", " <= "))


@mutant
def page_forgets_the_unknown(patch: Patch) -> None:
    real = filters._further

    def wrong(text, col, *more):
        return real(text, replace(col, nullable=False), *more)

    patch.setattr(filters, "_further", wrong)


@mutant
def cells_of_a_class_are_shown_by_another(patch: Patch) -> None:
    real = Level.ladder
    patch.setattr(Level, "ladder", lambda me, data_class, purposeful: real(me, data_class, True))


@mutant
def withheld_values_leave_the_database(patch: Patch) -> None:
    patch.setattr(Ladder, "choose", lambda me, said: said(me.rungs.shows.said[0]))
    patch.setattr(Ladder, "whole_or", lambda me, value, otherwise: value())


@mutant
def masks_are_values(patch: Patch) -> None:
    real = Ladder.choose

    def wrong(me, said):
        return real(me, lambda found: said(Visibility.VISIBLE if found is Visibility.MASKED else found))

    patch.setattr(Ladder, "choose", wrong)
    patch.setattr(
        Ladder,
        "whole_or",
        lambda me, value, otherwise: me.rungs.some.choose(
            me.place, lambda some: value() if some else otherwise
        ),
    )


@mutant
def children_of_everybody_are_released(patch: Patch) -> None:
    def wrong(me):
        text = predicate(me)
        if me.above is None:
            return text
        return text.replace(f"{me.relation.remote} = {me.above.column(me.relation.local)}", "1 = 1")

    patch.setattr(Level, "predicate", wrong)


@mutant
def one_profile_is_everybodys(patch: Patch) -> None:
    """Statements compiled for one person are kept for all who come after."""
    real = plans.profile_of
    first: list[Any] = []

    def wrong(actor):
        first.append(real(actor))
        return first[0]

    patch.setattr(plans, "profile_of", wrong)


@mutant
def places_of_two_seats_are_mixed_up(patch: Patch) -> None:
    real = view.value_of

    def wrong(fact, actor):
        swapped = {"path": -1 - int(fact.which or 0)} if fact.name == "path" else {}
        return real(replace(fact, which=swapped.get(fact.name, fact.which)), actor)

    patch.setattr(view, "value_of", wrong)
