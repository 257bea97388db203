"""Seeded mistakes in what writes the gate's SQL (decisions.md 10). Each is a way in which such code has gone wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from authz import Visibility
from desk.gate import filters, ladders, levels, plans, predicates, view
from desk.gate.ladders import Ladder
from desk.gate.levels import Level
from desk.gate.predicates import Predicates
from desk.gate.slots import Slots
from desk.selection import AllOf, AnyOf, Not, Op

Patch = pytest.MonkeyPatch
MUTANTS: list[Callable[[Patch], None]] = []
clause, reach, ladder, managed_by = (
    Predicates._clause,
    Predicates.reach,
    Predicates.ladder,
    Predicates.managed_by,
)
among, holding, where_sql = Slots.among, predicates.holding, filters.where_sql
stands_on, predicate = ladders.stands_on, Level.predicate


def mutant(function: Callable[[Patch], None]) -> Callable[[Patch], None]:
    MUTANTS.append(function)
    return function


def rewritten(patch: Patch, old: str, new: str) -> None:
    """Every clause of a reach, with one piece of its text replaced. PATH is where the table keeps its place."""

    def wrong(me, one, deny):
        place = me._path or "no place"
        return clause(me, one, deny).replace(old.replace("PATH", place), new.replace("PATH", place))

    patch.setattr(Predicates, "_clause", wrong)


def instead(patch: Patch, where: object, name: str, old: str, new: str) -> None:
    """A function that writes text, with one piece of that text replaced."""
    real = getattr(where, name)
    patch.setattr(where, name, lambda *given, **more: real(*given, **more).replace(old, new))


@mutant
def range_includes_its_end(patch: Patch) -> None:
    rewritten(patch, "PATH < ", "PATH <= ")


@mutant
def range_excludes_its_beginning(patch: Patch) -> None:
    rewritten(patch, "PATH >= ", "PATH > ")


@mutant
def range_is_a_prefix_without_slash(patch: Patch) -> None:
    def wrong(me, one, deny):
        if not one.low:
            return clause(me, one, deny)
        low = me._s.bind(one.low)
        return f"substr({me._path}, 1, length({low}) - 1) = substr({low}, 1, length({low}) - 1)"

    patch.setattr(Predicates, "_clause", wrong)


@mutant
def range_is_like(patch: Patch) -> None:
    """SQLite's LIKE does not tell /1/b/ from /1/B/."""

    def wrong(me, one, deny):
        return f"{me._path} LIKE {me._s.bind(one.low)} || '%'" if one.low else clause(me, one, deny)

    patch.setattr(Predicates, "_clause", wrong)


@mutant
def unknown_place_is_below_everything(patch: Patch) -> None:
    rewritten(patch, "(PATH >=", "(PATH IS NULL OR PATH >=")


@mutant
def deny_is_ignored(patch: Patch) -> None:
    instead(patch, Predicates, "reach", " AND NOT ", " OR 1 = 0 AND NOT ")


@mutant
def deny_without_a_customer_denies_nothing(patch: Patch) -> None:
    patch.setattr(Predicates, "_clause", lambda me, one, deny: clause(me, one, False))


@mutant
def only_the_first_part_of_a_reach_counts(patch: Patch) -> None:
    def wrong(me, wanted):
        parts = [reach(me, part) for part in wanted.parts()]
        return parts[0] if parts else predicates.NOTHING

    patch.setattr(Predicates, "reach", wrong)


@mutant
def no_reach_is_every_row(patch: Patch) -> None:
    patch.setattr(predicates, "NOTHING", "(1 = 1)")


@mutant
def facts_are_joined_by_or(patch: Patch) -> None:
    rewritten(patch, " AND EXISTS", " OR EXISTS")


@mutant
def place_is_dropped_beside_a_manager(patch: Patch) -> None:
    def wrong(me, one, deny):
        return managed_by(me, one.managers) if one.managers else clause(me, one, deny)

    patch.setattr(Predicates, "_clause", wrong)


@mutant
def manager_of_any_customer_will_do(patch: Patch) -> None:
    instead(patch, Predicates, "managed_by", "m.customer_id = t.id", "1 = 1")


@mutant
def term_is_ignored(patch: Patch) -> None:
    patch.setattr(
        predicates, "holding", lambda m, at: holding(m, at).replace(f"{at} < {m}.valid_to", "1 = 1")
    )


@mutant
def early_end_is_ignored(patch: Patch) -> None:
    patch.setattr(
        predicates, "holding", lambda m, at: holding(m, at).replace(f"{at} < {m}.ended_at", "1 = 1")
    )


@mutant
def term_lasts_through_its_last_moment(patch: Patch) -> None:
    instead(patch, predicates, "holding", " < m.valid_to", " <= m.valid_to")


@mutant
def early_end_lasts_through_its_moment(patch: Patch) -> None:
    instead(patch, predicates, "holding", " < m.ended_at", " <= m.ended_at")


@mutant
def term_begins_after_its_first_moment(patch: Patch) -> None:
    instead(patch, predicates, "holding", "valid_from <= ", "valid_from < ")


@mutant
def beginning_is_ignored(patch: Patch) -> None:
    patch.setattr(
        predicates, "holding", lambda m, at: holding(m, at).replace(f"{m}.valid_from <= {at}", "1 = 1")
    )


@mutant
def ladder_is_off_by_one(patch: Patch) -> None:
    patch.setattr(Predicates, "ladder", lambda me, rungs: f"max(({ladder(me, rungs)}) - 1, 0)")


@mutant
def ladder_takes_the_last_rung_that_holds(patch: Patch) -> None:
    def wrong(me, rungs):
        whens = [
            f"WHEN {' AND '.join(map(me.reach, rung.when)) or '1 = 1'} THEN {n}"
            for n, rung in enumerate(rungs)
        ]
        last = whens.pop()
        return f"CASE {' '.join([*reversed(whens), last])} END"

    patch.setattr(Predicates, "ladder", wrong)


@mutant
def rung_holds_when_one_of_its_reaches_does(patch: Patch) -> None:
    def wrong(me, rungs):
        whens = [
            f"WHEN {' OR '.join(map(me.reach, rung.when)) or '1 = 1'} THEN {n}"
            for n, rung in enumerate(rungs)
        ]
        return f"CASE {' '.join(whens)} END"

    patch.setattr(Predicates, "ladder", wrong)


@mutant
def empty_set_matches_all(patch: Patch) -> None:
    def wrong(me, column, source, cast):
        real = among(me, column, source, cast)
        array = real[real.index("json_each(") + len("json_each(") : -2]
        return f"({real} OR json_array_length({array}) = 0)"

    patch.setattr(Slots, "among", wrong)


@mutant
def empty_or_matches_all(patch: Patch) -> None:
    def wrong(s, table, where):
        return "(1 = 1)" if where == AnyOf(()) else where_sql(s, table, where)

    patch.setattr(filters, "where_sql", wrong)
    patch.setattr(levels, "where_sql", wrong)


@mutant
def conditions_are_joined_by_or(patch: Patch) -> None:
    def wrong(s, table, where):
        return where_sql(s, table, AnyOf(where.conditions) if isinstance(where, AllOf) else where)

    patch.setattr(filters, "where_sql", wrong)
    patch.setattr(levels, "where_sql", wrong)


@mutant
def negation_forgets_the_unknown(patch: Patch) -> None:
    def wrong(s, table, where):
        if isinstance(where, Not):
            return f"NOT ({wrong(s, table, where.condition)})"
        return where_sql(s, table, where)

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
    patch.setattr(filters, "order_column", lambda table, name: filters.column("institution", "code"))


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
    patch.setattr(Ladder, "choose", lambda me, said: said(me.rungs[0]))


@mutant
def masks_are_values(patch: Patch) -> None:
    real = Ladder.choose

    def wrong(me, said):
        return real(
            me, lambda rung: said(replace(rung, visibility=Visibility.VISIBLE) if rung.reason else rung)
        )

    patch.setattr(Ladder, "choose", wrong)


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
