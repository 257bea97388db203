"""The policy file read strictly: every word is known and every line can be translated, or nothing loads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from authz.model import PolicyError, canonical, check
from authz.words import (
    ANY,
    CELL_ACTIONS,
    Action,
    BaseRole,
    Basis,
    DataClass,
    Effect,
    Group,
    Kind,
    Role,
    Scope,
)

__all__ = ["COLUMNS", "GROUPS", "ROLES", "PolicyError", "Rule", "Rules", "closure", "endings", "read"]

DEEPEST = 8
"""Steps of role inheritance. Casbin's own role manager stops looking, silently, after nine."""

NEVER_DENY = {Scope.ASSIGNED, Scope.BRANCH_AND_BELOW, Scope.BY_BASIS, Scope.OWN_BRANCH}
"""A deny must not vanish with a fact that may be missing: it is for everybody of the role, or for recusal."""

SCOPE_BASES: dict[str, set[str]] = {
    Scope.ASSIGNED: {ANY, Basis.ASSIGNMENT, Basis.DELEGATION},
    Scope.BY_BASIS: {ANY, Basis.CASE, Basis.CONSENT, Basis.FILING, Basis.LAW},
}


class Rule(NamedTuple):
    """One `p` line. `cls` and `basis` may be `*`."""

    role: Role | BaseRole
    scope: Scope
    res: Kind
    cls: str
    act: Action
    basis: str
    eft: Effect

    @property
    def text(self) -> str:
        """The rule as it stands in policy.csv."""
        return ", ".join(("p", *self))


def _words(
    *vocabularies: type[Role | BaseRole | Scope | Kind | DataClass | Action | Basis | Effect],
) -> dict[str, str]:
    return {word.value: word for words in vocabularies for word in words}


ROLES = _words(Role, BaseRole)
COLUMNS: dict[str, dict[str, str]] = {
    "role": ROLES,
    "scope": _words(Scope),
    "res": _words(Kind),
    "cls": {ANY: ANY} | _words(DataClass),
    "act": _words(Action),
    "basis": {ANY: ANY} | _words(Basis),
    "eft": _words(Effect),
}
CLASSES = _words(DataClass)
_WORDS = tuple(COLUMNS.values())
GROUPS: dict[str, str] = {group.value: group for group in Group}


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy that was read. Every line is known to be good; its words are looked up again when they are asked for."""

    texts: Sequence[str]
    """Line by line as in the file, canonically: one space after a comma, and empty for a comment or a blank."""
    spoken: Mapping[str, Sequence[int]]
    """For every role: the numbers of the lines that speak of it, in file order."""
    held: Mapping[str, frozenset[str]]
    """For every role: itself and all it inherits."""
    classes: Mapping[str, DataClass]
    """The data class of a field group."""
    version: str
    """sha256 of the canonical text of model and policy."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The canonical lines: no comments, no blanks."""
        return tuple(text for text in self.texts if text)

    def rule(self, number: int) -> Rule:
        """The rule that stands on a line, counted from 1."""
        words = self.texts[number - 1].split(", ")[1:]
        return Rule._make(known[word] for known, word in zip(_WORDS, words, strict=True))

    def number(self, rule: Rule) -> int:
        """The line on which a rule stands. ValueError for a rule of another policy."""
        return self.texts.index(rule.text) + 1


def read(text: str, model: str) -> Rules:
    """Read a policy and its model. Raises PolicyError for whatever is unknown or cannot be translated.

    A line laid out canonically is looked up in the closed set of lines that can be meant (`endings`); any other line
    is taken apart word by word, which is slower and says what is wrong with it. Both ask the same three checks.
    """
    check(model)
    texts = text.splitlines()
    spoken: dict[str, list[int]] = {role: [] for role in ROLES}
    places = {role: (ends, spoken[role].append) for role, ends in endings().items()}
    kinds = COLUMNS["res"]
    others: dict[tuple[str, ...], int] = {}
    parents: dict[str, list[str]] = {}
    classes: dict[str, DataClass] = {}
    for number, line in enumerate(texts, start=1):
        try:
            kind, role, scope, res, end = line.split(", ", 4)
            ends, add = places[role]
            if end in ends[scope] and res in kinds and kind == "p":
                add(number)
                continue
        except (KeyError, ValueError):
            pass
        texts[number - 1] = _other(number, line, others, spoken, parents, classes)
    if not any(spoken.values()):
        raise PolicyError(
            "the policy has no rule; refusing it, because an empty policy is more likely lost than meant"
        )
    said = [line for line in texts if line] if others else texts
    if len(set(said)) < len(said):
        _refuse_repeated(texts)
    return Rules(texts, spoken, closure(ROLES, parents), classes, _version(said))


def _other(
    number: int,
    line: str,
    others: dict[tuple[str, ...], int],
    spoken: dict[str, list[int]],
    parents: dict[str, list[str]],
    classes: dict[str, DataClass],
) -> str:
    """Take in a line that is not a canonical rule, and give its canonical text; empty for a comment or a blank.

    `others` remembers every such line by its cells, with its number; comments and blanks are one entry, `()`.
    """
    cells = tuple(cell.strip() for cell in line.split(","))
    if cells == ("",) or cells[0].startswith("#"):
        others.setdefault((), number)
        return ""
    if cells in others:
        raise PolicyError(f"line {number} repeats line {others[cells]}; remove one of them")
    others[cells] = number
    kind, *words = cells
    if kind == "p":
        spoken[_rule(number, words).role].append(number)
    elif kind == "g":
        child, parent = _pair(number, words, ("role", ROLES), ("role", ROLES))
        if child == BaseRole.STAFF:
            raise PolicyError(f"line {number}: everybody is 'staff', so it must not inherit '{parent}'")
        parents.setdefault(child, []).append(parent)
    elif kind == "g2":
        group, cls = _pair(number, words, ("field group", GROUPS), ("data class", CLASSES))
        if group in classes:
            raise PolicyError(
                f"line {number}: the field group '{group}' is already of class {classes[group]}"
            )
        classes[group] = DataClass(cls)
    else:
        raise PolicyError(f"line {number} begins with '{kind}'; a line begins with one of: p, g, g2")
    return ", ".join(cells)


def _refuse_repeated(texts: list[str]) -> None:
    seen: dict[str, int] = {}
    for number, line in enumerate(texts, start=1):
        if line and seen.setdefault(line, number) != number:
            raise PolicyError(f"line {number} repeats line {seen[line]}; remove one of them")


def _version(said: list[str]) -> str:
    """Hashed in portions: one string of the whole would cost more to build than its hash."""
    digest = hashlib.sha256("\n".join(canonical()).encode())
    for at in range(0, len(said), 256):
        digest.update(("\n" + "\n".join(said[at : at + 256])).encode())
    return digest.hexdigest()


def _rule(number: int, words: list[str]) -> Rule:
    if len(words) != len(COLUMNS):
        raise PolicyError(
            f"line {number} has {len(words)} columns after 'p'; a rule has {len(COLUMNS)}: {', '.join(COLUMNS)}"
        )
    known = [
        _known(number, column, word, COLUMNS[column]) for column, word in zip(COLUMNS, words, strict=True)
    ]
    rule = Rule._make(known)  # each word was just looked up in its column's list
    wrong = (
        _wrong_class(rule.cls, rule.act)
        or _wrong_scope(rule.scope, rule.basis, rule.eft)
        or _wrong_place(rule.role, rule.scope)
    )
    if wrong:
        raise PolicyError(f"line {number}: {wrong}")
    return rule


def _wrong_class(cls: str, act: str) -> str | None:
    if act not in CELL_ACTIONS and cls != ANY:
        return f"'{act}' is done to a row, not to a data class; write * for {cls}"
    return None


def _wrong_scope(scope: str, basis: str, eft: str) -> str | None:
    if scope == Scope.RECUSED and eft != Effect.DENY:
        return "the scope 'recused' is for denying only"
    if eft == Effect.DENY and scope in NEVER_DENY:
        return f"a deny has the scope 'all' or 'recused', not '{scope}'"
    if basis not in SCOPE_BASES.get(scope, COLUMNS["basis"]):
        allowed = ", ".join(sorted(SCOPE_BASES[scope]))
        return f"the scope '{scope}' never has the basis '{basis}'; one of: {allowed}"
    return None


def _wrong_place(role: str, scope: str) -> str | None:
    if role == BaseRole.STAFF and scope not in (Scope.ALL, Scope.BY_BASIS, Scope.RECUSED):
        return f"'staff' has no place, so it has no scope '{scope}'"
    return None


@cache
def endings() -> dict[str, dict[str, frozenset[str]]]:
    """role -> scope -> every `cls, act, basis, eft` that a rule of them may end with."""
    _, scopes, _, classes, acts, bases, effects = _WORDS
    cells = [(cls, act) for cls, act in product(classes, acts) if not _wrong_class(cls, act)]
    ends = {
        scope: frozenset(
            f"{cls}, {act}, {basis}, {eft}"
            for basis, eft in product(bases, effects)
            if not _wrong_scope(scope, basis, eft)
            for cls, act in cells
        )
        for scope in scopes
    }
    return {role: {scope: ends[scope] for scope in scopes if not _wrong_place(role, scope)} for role in ROLES}


def _pair(
    number: int, words: list[str], left: tuple[str, dict[str, str]], right: tuple[str, dict[str, str]]
) -> tuple[str, str]:
    if len(words) != 2:
        raise PolicyError(
            f"line {number} has {len(words)} columns after g or g2; it has 2: {left[0]}, {right[0]}"
        )
    return _known(number, left[0], words[0], left[1]), _known(number, right[0], words[1], right[1])


def _known(number: int, column: str, word: str, allowed: dict[str, str]) -> str:
    try:
        return allowed[word]
    except KeyError:
        raise PolicyError(
            f"line {number}: '{word}' is not a known {column}; one of: {', '.join(sorted(allowed))}"
        ) from None


def closure(roles: Iterable[str], parents: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """Every role with itself and all it inherits. Raises PolicyError for a circle, and beyond DEEPEST steps."""
    held: dict[str, frozenset[str]] = {}
    depth: dict[str, int] = {}

    def climb(role: str, path: tuple[str, ...]) -> None:
        if role in path:
            raise PolicyError(f"roles inherit in a circle: {' -> '.join((*path, role))}")
        if role in held:
            return
        for parent in parents.get(role, ()):
            climb(parent, (*path, role))
        above = parents.get(role, ())
        held[role] = frozenset({role}).union(*(held[parent] for parent in above))
        depth[role] = 1 + max((depth[parent] for parent in above), default=-1)
        if depth[role] > DEEPEST:
            raise PolicyError(f"'{role}' inherits through {depth[role]} steps; at most {DEEPEST}")

    for role in roles:
        climb(role, ())
    return held
