"""The policy file read strictly: every word is known and every line can be translated, or nothing loads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

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

DEEPEST = 8
"""Steps of role inheritance. Casbin's own role manager stops looking, silently, after nine."""

MODEL = {
    "request_definition": {"r": "sub, obj, res, grp, act, basis"},
    "policy_definition": {"p": "role, scope, res, cls, act, basis, eft"},
    "role_definition": {"g": "_, _", "g2": "_, _"},
    "policy_effect": {"e": "some(where (p.eft == allow)) && !some(where (p.eft == deny))"},
    "matchers": {
        "m": "r.res == p.res && r.act == p.act"
        ' && (p.basis == "*" || r.basis == p.basis) && (p.cls == "*" || g2(r.grp, p.cls))'
        " && holds(r.sub, p.role, p.scope, r.basis, r.obj)"
    },
}
"""What the compiler translates. `model.conf` must say the same."""

NEVER_DENY = {Scope.ASSIGNED, Scope.BRANCH_AND_BELOW, Scope.BY_BASIS, Scope.OWN_BRANCH}
"""A deny must not vanish with a fact that may be missing: it is for everybody of the role, or for recusal."""

SCOPE_BASES = {
    Scope.ASSIGNED: {ANY, Basis.ASSIGNMENT, Basis.DELEGATION},
    Scope.BY_BASIS: {ANY, Basis.CASE, Basis.CONSENT, Basis.FILING, Basis.LAW},
}


class PolicyError(ValueError):
    """The policy cannot be used. Says the line, the word and the words that are allowed there."""


class Rule(NamedTuple):
    """One `p` line. `cls` and `basis` may be `*`."""

    role: Role | BaseRole
    scope: Scope
    res: Kind
    cls: str
    act: Action
    basis: str
    eft: Effect


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
GROUPS: dict[str, str] = {group.value: group for group in Group}


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy that was read: its rules in file order, what each role inherits, the class of each field group."""

    rules: tuple[Rule, ...]
    held: Mapping[str, frozenset[str]]
    """For every role: itself and all it inherits."""
    classes: Mapping[str, DataClass]
    """The data class of a field group."""
    lines: tuple[str, ...]
    """The canonical lines: no comments, no blanks, one space after a comma."""
    version: str
    """sha256 of the canonical text of model and policy."""


def read(text: str, model: str) -> Rules:
    """Read a policy and its model. Raises PolicyError for whatever is unknown or cannot be translated."""
    _check_model(model)
    seen: dict[tuple[str, ...], int] = {}
    rules: list[Rule] = []
    parents: dict[str, list[str]] = {}
    classes: dict[str, DataClass] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = tuple(cell.strip() for cell in line.split(","))
        if cells == ("",) or cells[0].startswith("#"):
            continue
        if cells in seen:
            raise PolicyError(f"line {number} repeats line {seen[cells]}; remove one of them")
        seen[cells] = number
        kind, *words = cells
        if kind == "p":
            rules.append(_rule(number, words))
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
    if not rules:
        raise PolicyError(
            "the policy has no rule; refusing it, because an empty policy is more likely lost than meant"
        )
    lines = tuple(", ".join(cells) for cells in seen)
    digest = hashlib.sha256("\n".join((*_canonical_model(), *lines)).encode())
    return Rules(tuple(rules), _closure(parents), classes, lines, digest.hexdigest())


def _rule(number: int, words: list[str]) -> Rule:
    if len(words) != len(COLUMNS):
        raise PolicyError(
            f"line {number} has {len(words)} columns after 'p'; a rule has {len(COLUMNS)}: {', '.join(COLUMNS)}"
        )
    known = [
        _known(number, column, word, COLUMNS[column]) for column, word in zip(COLUMNS, words, strict=True)
    ]
    rule = Rule._make(known)  # each word was just looked up in its column's list
    if rule.act not in CELL_ACTIONS and rule.cls != ANY:
        raise PolicyError(
            f"line {number}: '{rule.act}' is done to a row, not to a data class; write * for {rule.cls}"
        )
    if rule.scope is Scope.RECUSED and rule.eft is not Effect.DENY:
        raise PolicyError(f"line {number}: the scope 'recused' is for denying only")
    if rule.eft is Effect.DENY and rule.scope in NEVER_DENY:
        raise PolicyError(f"line {number}: a deny has the scope 'all' or 'recused', not '{rule.scope}'")
    if rule.role == BaseRole.STAFF and rule.scope not in (Scope.ALL, Scope.BY_BASIS, Scope.RECUSED):
        raise PolicyError(f"line {number}: 'staff' has no place, so it has no scope '{rule.scope}'")
    if rule.basis not in SCOPE_BASES.get(rule.scope, COLUMNS["basis"]):
        allowed = ", ".join(sorted(SCOPE_BASES[rule.scope]))
        raise PolicyError(
            f"line {number}: the scope '{rule.scope}' never has the basis '{rule.basis}'; one of: {allowed}"
        )
    return rule


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


def _closure(parents: dict[str, list[str]]) -> dict[str, frozenset[str]]:
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

    for role in ROLES:
        climb(role, ())
    return held


def _check_model(text: str) -> None:
    """Refuse a model that says anything else than what the compiler does."""
    found: dict[str, dict[str, str]] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            if section in found:
                raise PolicyError(f"model line {number} repeats the section [{section}]")
            found[section] = {}
            continue
        key, equals, value = line.partition("=")
        if not equals or not section or key.strip() in found[section]:
            raise PolicyError(f"model line {number} is not a new 'key = value' under a [section]: {line}")
        found[section][key.strip()] = value.strip()
    for section in sorted(found.keys() | MODEL.keys()):
        if found.get(section) != MODEL.get(section):
            raise PolicyError(
                f"the model's [{section}] says {found.get(section)}; only {MODEL.get(section)} can be translated"
            )


def _canonical_model() -> list[str]:
    return [
        f"[{section}] {key} = {value}" for section, pairs in MODEL.items() for key, value in pairs.items()
    ]
