"""Seeded mistakes in what writes the gate's SQL (decisions.md 10). Each is a way in which such code has gone wrong."""

from __future__ import annotations

from desk.gate import predicates
from desk.gate.predicates import Predicates
from tests.desk.conformance import mutants_of_levels
from tests.desk.conformance.seeding import Mutant, Patch, instead, registering

MUTANTS: list[Mutant] = []
"""Those in the reaches and ladders, which stand here, and at the end of this file all others."""
mutant = registering(MUTANTS)
clause, reach, ladder, managed_by = (
    Predicates._clause,
    Predicates.reach,
    Predicates.ladder,
    Predicates.managed_by,
)
holding = predicates.holding


def rewritten(patch: Patch, old: str, new: str) -> None:
    """Every clause of a reach, with one piece of its text replaced. PATH is where the table keeps its place."""

    def wrong(me, one, deny):
        place = me._path or "no place"
        return clause(me, one, deny).replace(old.replace("PATH", place), new.replace("PATH", place))

    patch.setattr(Predicates, "_clause", wrong)


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


MUTANTS += mutants_of_levels.MUTANTS
