"""Seeded mistakes in the compiler: the conformance check must catch every one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

import authz.ladder
import authz.policy
import authz.reach
from authz.policy import Grant, Policy
from authz.reach import NOTHING, Clause, Reach
from authz.scopes import clause
from authz.words import ANY, Action, Basis, DataClass, Effect, Scope
from tests.authz.conformance import conform

Patch = pytest.MonkeyPatch
MUTANTS: list[Callable[[Patch], None]] = []
covers, may_cover = Clause.covers, Clause.may_cover
grants, matching = Policy.grants, Policy._matching


def mutant(function: Callable[[Patch], None]) -> Callable[[Patch], None]:
    MUTANTS.append(function)
    return function


def scoped(patch: Patch, wrong: Callable[..., Clause | None]) -> None:
    patch.setattr(authz.policy, "clause", wrong)


@mutant
def upper_end_belongs_to_the_range(patch: Patch) -> None:
    patch.setattr(
        Clause,
        "covers",
        lambda me, row: covers(me, row) or (me.high is not None and row.path == me.high),
    )


@mutant
def own_branch_is_not_below_itself(patch: Patch) -> None:
    patch.setattr(
        Clause, "covers", lambda me, row: covers(me, row) and (me.low is None or row.path != me.low)
    )


@mutant
def range_without_the_slash(patch: Patch) -> None:
    below = classmethod(lambda cls, path: cls(low=path[:-1], high=path[:-1] + "\U0010ffff"))
    patch.setattr(Clause, "below", below)


@mutant
def paths_compared_without_case(patch: Patch) -> None:
    patch.setattr(
        Clause,
        "covers",
        lambda me, row: (
            covers(me, row)
            or bool(me.path and not me.managers and row.path and me.path.lower() == row.path.lower())
        ),
    )


@mutant
def missing_path_matches(patch: Patch) -> None:
    patch.setattr(
        Clause, "covers", lambda me, row: covers(me, row) or (me.path is not None and row.path is None)
    )


@mutant
def missing_customer_is_not_denied(patch: Patch) -> None:
    patch.setattr(Clause, "may_cover", covers)


@mutant
def deny_is_ignored(patch: Patch) -> None:
    patch.setattr(
        Reach, "covers", lambda me, row: any(c.covers(row) for part in me.parts() for c in part.allow)
    )


@mutant
def deny_of_one_basis_falls_on_all(patch: Patch) -> None:
    patch.setattr(Reach, "__or__", lambda a, b: Reach(a.allow | b.allow, a.deny | b.deny))


@mutant
def deny_is_lost_in_a_union(patch: Patch) -> None:
    patch.setattr(Reach, "__or__", lambda a, b: Reach(a.allow | b.allow, a.deny & b.deny))


@mutant
def deny_for_every_class_is_skipped(patch: Patch) -> None:
    patch.setattr(
        Policy,
        "_matching",
        lambda me, *key: tuple(
            found for found in matching(me, *key) if found[0].eft is Effect.ALLOW or found[0].cls != ANY
        ),
    )


@mutant
def deny_for_all_is_skipped(patch: Patch) -> None:
    patch.setattr(authz.policy, "EVERYTHING_CLAUSE", None)
    patch.setattr(
        Policy,
        "grants",
        lambda me, *key: tuple(
            g for g in grants(me, *key) if g.rule.eft is Effect.ALLOW or g.rule.scope is not Scope.ALL
        ),
    )


@mutant
def wildcard_class_is_skipped(patch: Patch) -> None:
    patch.setattr(
        Policy,
        "_matching",
        lambda me, *key: tuple(found for found in matching(me, *key) if found[0].cls != ANY),
    )


@mutant
def wildcard_basis_is_skipped(patch: Patch) -> None:
    patch.setattr(
        Policy,
        "_matching",
        lambda me, *key: tuple(found for found in matching(me, *key) if found[0].basis != ANY),
    )


@mutant
def basis_of_a_rule_is_ignored(patch: Patch) -> None:
    def every_basis(me: Policy, roles: tuple[str, ...], res: object, cls: object, act: object, basis: Basis):
        found = [pair for other in Basis for pair in matching(me, roles, res, cls, act, other)]
        return tuple(dict.fromkeys(found))

    patch.setattr(Policy, "_matching", every_basis)


@mutant
def any_authority_will_do(patch: Patch) -> None:
    def wrong(scope, path, actor, basis):
        if scope is not Scope.BY_BASIS or not actor.bases:
            return clause(scope, path, actor, basis)
        return Clause(customers=frozenset(held.customer_id for held in actor.bases))

    scoped(patch, wrong)


@mutant
def everybody_of_the_branch_is_assigned(patch: Patch) -> None:
    def wrong(scope, path, actor, basis):
        return clause(Scope.OWN_BRANCH if scope is Scope.ASSIGNED else scope, path, actor, basis)

    scoped(patch, wrong)


@mutant
def assignment_follows_to_another_branch(patch: Patch) -> None:
    def wrong(scope, path, actor, basis):
        found = clause(scope, path, actor, basis)
        return Clause(managers=found.managers) if found and found.managers else found

    scoped(patch, wrong)


@mutant
def delegation_counts_without_being_asked(patch: Patch) -> None:
    def wrong(scope, path, actor, basis):
        found = clause(scope, path, actor, basis)
        if found and found.managers:
            return Clause(path=path, managers=actor.delegated | {actor.staff_id})
        return found

    scoped(patch, wrong)


@mutant
def scopes_are_unioned_across_seats(patch: Patch) -> None:
    """RuoYi's way: whichever seat gives the action, every seat's place is reached."""

    def wrong(me, actor, res, cls, act, basis):
        found = grants(me, actor, res, cls, act, basis)
        return found + tuple(
            Grant(g.rule, seat, clause(g.rule.scope, seat.path, actor, basis))
            for g in found
            if g.seat
            for seat in actor.seats
        )

    patch.setattr(Policy, "grants", wrong)


@mutant
def only_the_first_seat_counts(patch: Patch) -> None:
    patch.setattr(
        Policy,
        "_matching",
        lambda me, *key: tuple(found for found in matching(me, *key) if found[1] in (None, 0)),
    )


@mutant
def inherited_roles_are_ignored(patch: Patch) -> None:
    patch.setattr(
        Policy,
        "_matching",
        lambda me, roles, *key: tuple(
            (rule, n) for rule, n in matching(me, roles, *key) if n is None or roles[n] == rule.role
        ),
    )


@mutant
def remembered_whatever_the_basis(patch: Patch) -> None:
    reach = Policy.reach
    seen: dict[object, Reach] = {}

    def wrong(me, actor, res, cls, act, bases):
        return seen.setdefault((id(me), id(actor), res, cls, act), reach(me, actor, res, cls, act, bases))

    patch.setattr(Policy, "reach", wrong)


@mutant
def rows_of_masks_do_not_exist(patch: Patch) -> None:
    def wrong(me, actor, res, bases):
        found = NOTHING
        for cls in DataClass:
            found |= me.reach(actor, res, cls, Action.READ, bases)
        return found

    patch.setattr(Policy, "rows_reach", wrong)


@mutant
def purpose_is_never_needed(patch: Patch) -> None:
    patch.setattr(authz.ladder, "needed", lambda cls, role: False)


@mutant
def reason_forgets_recusal(patch: Patch) -> None:
    class Never:
        RECUSED = None

    patch.setattr(authz.ladder, "Scope", type("Scope", (), {**Scope.__members__, **vars(Never)}))


@mutant
def narrower_clause_swallows_the_wider(patch: Patch) -> None:
    implies = authz.reach._implies
    patch.setattr(authz.reach, "_implies", lambda narrow, wide: implies(wide, narrow))


@pytest.mark.parametrize("wrong", MUTANTS, ids=lambda function: function.__name__)
def test_the_mutant_is_caught(wrong: Callable[[Patch], None], monkeypatch: Patch) -> None:
    wrong(monkeypatch)
    tally: Counter[str] = Counter()
    with pytest.raises(AssertionError, match="the interpreter"):
        conform(250_000, tally)


def test_there_are_twenty_mutants_and_more() -> None:
    """decisions.md 10 asks for twenty."""
    assert len({wrong.__name__ for wrong in MUTANTS}) == len(MUTANTS) >= 20
