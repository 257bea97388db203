"""A Casbin matcher of ==, &&, ||, g and parentheses, solved for the one thing that is not known: the row's `r.obj`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from authz.model import PolicyError

Solution = frozenset[str] | None
"""The values of `r.obj` for which a condition holds; None: for every value."""

EVERY: Solution = None
NONE: frozenset[str] = frozenset()
TOKEN = re.compile(r"""\s*(\|\||&&|==|[(),]|[A-Za-z_][\w.]*|"[^"\\]*"|'[^'\\]*')""")


class Row:
    """Stands for the value of `r.obj` in the row that is sought."""


ROW = Row()
Value = str | Row | None


class Roles:
    """One role definition: who reaches whom, domain by domain; '' where it has none."""

    def __init__(self, held: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
        self.held = held

    def reaches(self, child: str, parent: str, domain: str) -> bool:
        return child == parent or parent in self.held.get(domain, {}).get(child, ())

    def solve(self, child: Value, parent: Value, domain: Value) -> Solution:
        """The row, in whichever place it stands; at most one does."""
        if child is None or parent is None or domain is None:
            return NONE
        if isinstance(domain, Row):
            assert isinstance(child, str)
            assert isinstance(parent, str)
            if child == parent:
                return EVERY
            return frozenset(name for name in self.held if self.reaches(child, parent, name))
        if isinstance(child, Row):
            assert isinstance(parent, str)
            below = (name for name in self.held.get(domain, {}) if self.reaches(name, parent, domain))
            return frozenset({parent, *below})
        if isinstance(parent, Row):
            return self.held.get(domain, {}).get(child, NONE) | {child}
        return EVERY if self.reaches(child, parent, domain) else NONE


@dataclass(frozen=True)
class Asked:
    """Everything that is known: the request without its row, one rule (None: the policy has none), and the roles."""

    request: Mapping[str, str]
    rule: Mapping[str, str] | None
    roles: Mapping[str, Roles]


Condition = Callable[[Asked], Solution]
Term = Callable[[Asked], Value]


class Matcher:
    """Parsed once. Raises PolicyError for whatever is not in the fragment; nothing is skipped."""

    def __init__(
        self, text: str, request: tuple[str, ...], policy: tuple[str, ...], roles: Mapping[str, int]
    ) -> None:
        self.request, self.policy, self.roles = request, policy, roles
        self.tokens = _tokens(text)
        self.solve = self._any()
        if self.tokens:
            raise PolicyError(f"the matcher goes on with '{self.tokens[0]}' where it should end")

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._take("||"):
            parts.append(self._all())
        return lambda asked: _union(part(asked) for part in parts)

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._take("&&"):
            parts.append(self._one())
        return lambda asked: _intersection(part(asked) for part in parts)

    def _one(self) -> Condition:
        if self._take("("):
            inner = self._any()
            self._need(")")
            return inner
        if len(self.tokens) > 1 and self.tokens[1] == "(":
            return self._call()
        left = self._term()
        self._need("==")
        right = self._term()
        return lambda asked: _equal(left(asked), right(asked))

    def _call(self) -> Condition:
        name = self.tokens.pop(0)
        if name not in self.roles:
            raise PolicyError(f"the matcher calls '{name}'; only a role definition can be translated")
        self._need("(")
        words = [self.tokens[0] if self.tokens else ""]
        terms = [self._term()]
        while self._take(","):
            words.append(self.tokens[0] if self.tokens else "")
            terms.append(self._term())
        self._need(")")
        if len(terms) != self.roles[name]:
            raise PolicyError(f"the matcher gives '{name}' {len(terms)} terms; it has {self.roles[name]}")
        if words.count("r.obj") > 1:
            raise PolicyError(f"the matcher asks '{name}' about r.obj twice, which has no closed form")
        if len(terms) == 2:
            terms.append(lambda asked: "")
        child, parent, domain = terms
        return lambda asked: asked.roles[name].solve(child(asked), parent(asked), domain(asked))

    def _term(self) -> Term:
        word = self.tokens.pop(0) if self.tokens else "its end"
        if word[0] in "\"'":
            return lambda asked: word[1:-1]
        of, _, field = word.partition(".")
        if of == "r" and field in self.request:
            return lambda asked: ROW if field == "obj" else asked.request[field]
        if of == "p" and field in self.policy:
            return lambda asked: asked.rule[field] if asked.rule else None
        raise PolicyError(f"the matcher says '{word}' where a declared field or a text should stand")

    def _take(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            found = self.tokens[0] if self.tokens else "its end"
            raise PolicyError(f"the matcher says '{found}' where '{token}' should stand")


def _tokens(text: str) -> list[str]:
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None:
            word = text[at:].split()[0]
            raise PolicyError(
                f"the matcher says '{word}'; only ==, &&, || and role definitions are translated"
            )
        tokens.append(found[1])
        at = found.end()
    return tokens


def _equal(left: Value, right: Value) -> Solution:
    if left is None or right is None:
        return NONE
    if isinstance(left, Row):
        return EVERY if isinstance(right, Row) else frozenset({right})
    if isinstance(right, Row):
        return frozenset({left})
    return EVERY if left == right else NONE


def _union(solutions: Iterable[Solution]) -> Solution:
    found = NONE
    for solution in solutions:
        if solution is EVERY:
            return EVERY
        found |= solution
    return found


def _intersection(solutions: Iterable[Solution]) -> Solution:
    found = EVERY
    for solution in solutions:
        found = solution if found is EVERY else found if solution is EVERY else found & solution
    return found
