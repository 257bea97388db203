"""Which rows: a union of closed-form clauses, askable in Python and translatable to SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from authz.words import Facts


@dataclass(frozen=True, slots=True)
class Clause:
    """A conjunction of facts about a row; those that are None do not matter.

    `path` is exact; `low <= path < high` is a half-open range in code point order; `managers` and
    `customers` are sets of which the row must have a member. A clause that says nothing, or asks for a
    member of an empty set, raises ValueError: the first would reach everything, the second nothing.
    """

    everything: bool = False
    path: str | None = None
    low: str | None = None
    high: str | None = None
    managers: frozenset[UUID] | None = None
    customers: frozenset[UUID] | None = None

    def __post_init__(self) -> None:
        facts = (self.path, self.low, self.high, self.managers, self.customers)
        if any(fact is not None and not fact for fact in facts):
            raise ValueError("a clause must not ask for an empty path or a member of an empty set")
        if (self.low is None) != (self.high is None):
            raise ValueError("a range of paths needs both ends")
        if self.everything == any(fact is not None for fact in facts):
            raise ValueError(
                "a clause reaches everything, or states at least one fact; not both, not neither"
            )

    @classmethod
    def below(cls, path: str) -> Clause:
        """The institution at `path` ('/1/12/') and all below it. '0' follows '/', so '/1/120/' is outside."""
        if not path.endswith("/"):
            raise ValueError(f"the path {path!r} must end with '/': else a look-alike would be below it")
        return cls(low=path, high=path[:-1] + "0")

    def covers(self, facts: Facts) -> bool:
        """Is it certain that the row is meant? A fact the row lacks is never certain."""
        if self.everything:
            return True
        if self.path is not None and facts.path != self.path:
            return False
        if self.low is not None and self.high is not None and not self.low <= (facts.path or "") < self.high:
            return False
        if self.managers is not None and self.managers.isdisjoint(facts.managers):
            return False
        return self.customers is None or facts.customer_id in self.customers

    def may_cover(self, facts: Facts) -> bool:
        """Is it possible that the row is meant? An unknown path or customer might be; no managers are none.

        A deny asks this: what SQL says of NULL in `NOT (customer_id IN (...))`, and fail closed.
        """
        if self.everything:
            return True
        if facts.path and self.path is not None and facts.path != self.path:
            return False
        if facts.path and self.low and self.high and not self.low <= facts.path < self.high:
            return False
        if self.managers is not None and self.managers.isdisjoint(facts.managers):
            return False
        return self.customers is None or facts.customer_id is None or facts.customer_id in self.customers


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows that some `allow` clause covers and no `deny` clause may cover; `others` are further such sets.

    In SQL: OR over `parts()` of (OR of allow) AND NOT (OR of deny). No allow clause: no row. `others` is
    empty unless two grants meet different denies, which a single pair of sets cannot say.
    """

    allow: frozenset[Clause] = frozenset()
    deny: frozenset[Clause] = frozenset()
    others: frozenset[Reach] = field(default=frozenset())

    def parts(self) -> tuple[Reach, ...]:
        """The sets of which this is the union, each without `others`; empty when nothing is reached."""
        first = (Reach(self.allow, self.deny),) if self.allow else ()
        return (*first, *self.others)

    @property
    def nothing(self) -> bool:
        """No row can be reached, whatever its facts."""
        return not self.allow and not self.others

    @property
    def narrow(self) -> bool:
        """Only rows of single institutions, of named customers or of named managers: never a whole subtree."""
        clauses = [clause for part in self.parts() for clause in part.allow]
        return all(clause.path or clause.managers or clause.customers for clause in clauses)

    @property
    def everything(self) -> bool:
        """Every row is reached, whatever its facts."""
        return any(not part.deny and EVERYTHING_CLAUSE in part.allow for part in self.parts())

    def covers(self, facts: Facts) -> bool:
        """Is this row reached?"""
        for clause in self.allow:
            if clause.covers(facts):
                if not any(denied.may_cover(facts) for denied in self.deny):
                    return True
                break
        return any(other.covers(facts) for other in self.others) if self.others else False

    def __or__(self, other: Reach) -> Reach:
        """The rows of either, exactly: a deny takes nothing from the other side."""
        if self.nothing or self == other:
            return other
        if other.nothing:
            return self
        by_deny: dict[frozenset[Clause], frozenset[Clause]] = {}
        for part in (*self.parts(), *other.parts()):
            by_deny[part.deny] = by_deny.get(part.deny, frozenset()) | part.allow
        kept: list[Reach] = []
        # Fewest denies first, so that what a freer part already reaches is dropped.
        for deny, allow in sorted(
            by_deny.items(), key=lambda pair: (len(pair[0]), sorted(map(repr, pair[0])))
        ):
            rest = frozenset(
                clause
                for clause in allow
                if not any(_reached(clause, deny, part) for part in kept)
                and not _reached(clause, deny, Reach(allow - {clause}, deny))
            )
            if rest:
                kept.append(Reach(rest, deny))
        return Reach(kept[0].allow, kept[0].deny, frozenset(kept[1:]))


EVERYTHING_CLAUSE = Clause(everything=True)
EVERYTHING = Reach(frozenset({EVERYTHING_CLAUSE}))
NOTHING = Reach()


def _reached(clause: Clause, deny: frozenset[Clause], part: Reach) -> bool:
    """Does `part` already hold every row of `clause` minus `deny`? False when that is not plain to see."""
    return part.deny <= deny and any(_implies(clause, wider) for wider in part.allow)


def _implies(narrow: Clause, wide: Clause) -> bool:
    """Is every row of `narrow` a row of `wide`? False when that is not plain to see."""
    if wide.everything or narrow == wide:
        return True
    if narrow.everything:
        return False
    if wide.path is not None and narrow.path != wide.path:
        return False
    if wide.low is not None and wide.high is not None:
        if narrow.path is not None:
            inside = wide.low <= narrow.path < wide.high
        elif narrow.low is not None and narrow.high is not None:
            inside = wide.low <= narrow.low and narrow.high <= wide.high
        else:
            inside = False
        if not inside:
            return False
    if wide.managers is not None and (narrow.managers is None or not narrow.managers <= wide.managers):
        return False
    return wide.customers is None or (narrow.customers is not None and narrow.customers <= wide.customers)
