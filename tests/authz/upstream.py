"""A Casbin model and policy of others, compiled to reaches: our way of compiling, on models that are not ours.

It reads with the product's own strictness (`authz.model.parse`, `authz.rules.closure`) and answers with the product's
own `Reach`. What it cannot translate exactly raises PolicyError when it is read (docs/decisions/0015).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from authz import NOTHING, Clause, PolicyError, Reach
from authz.model import parse
from authz.reach import EVERYTHING_CLAUSE
from authz.rules import closure
from tests.authz.matchers import EVERY, Asked, Matcher, Roles

FIELD = re.compile(r"[A-Za-z_]\w*")
ROLE = re.compile(r"g[2-9]?")
ALLOW = "some(where (p.eft == allow))"
EFFECTS = {
    ALLOW: frozenset({"allow"}),
    f"{ALLOW} && !some(where (p.eft == deny))": frozenset({"allow", "deny"}),
}
"""Allow-override and deny-override, and the effects that count in each."""


class Upstream:
    """A model with its policy. `reach` gives the rows, by their `obj`, that a request without its row may have."""

    def __init__(self, model: str, policy: str) -> None:
        sections = parse(re.sub(r"\\\n", " ", model))
        unknown = sections.keys() - {
            "request_definition",
            "policy_definition",
            "role_definition",
            "policy_effect",
            "matchers",
        }
        if unknown:
            raise PolicyError(f"the model has a section that is not translated: {min(unknown)}")
        self.request = _fields(_only(sections, "request_definition", "r"))
        self.policy = _fields(_only(sections, "policy_definition", "p"))
        if "priority" in self.policy:
            raise PolicyError("the policy has priorities; the order of rules has no closed form here")
        effect = _only(sections, "policy_effect", "e")
        if effect not in EFFECTS:
            raise PolicyError(f"the effect '{effect}' is neither allow-override nor deny-override")
        self.counting = EFFECTS[effect]
        arities = {name: _places(name, value) for name, value in sections.get("role_definition", {}).items()}
        self.matcher = Matcher(_only(sections, "matchers", "m"), self.request, self.policy, arities)
        self.rules, self.roles = self._read(policy, arities)

    def _read(self, text: str, arities: Mapping[str, int]) -> tuple[list[dict[str, str]], dict[str, Roles]]:
        rules: list[dict[str, str]] = []
        links: dict[str, dict[str, dict[str, list[str]]]] = {name: {} for name in arities}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            kind, *words = (cell.strip() for cell in line.split(","))
            wanted = len(self.policy) if kind == "p" else arities.get(kind)
            if wanted is None:
                raise PolicyError(f"line {number} begins with '{kind}', which the model does not define")
            if len(words) != wanted:
                raise PolicyError(f"line {number} has {len(words)} columns after '{kind}', not {wanted}")
            if not all(words) or '"' in line:
                raise PolicyError(f"line {number} has an empty or a quoted word")
            if kind == "p":
                rule = dict(zip(self.policy, words, strict=True))
                if rule.setdefault("eft", "allow") not in ("allow", "deny"):
                    raise PolicyError(f"line {number} has the effect '{rule['eft']}'")
                rules.append(rule)
            else:
                child, parent, domain = (*words, "")[:3]
                links[kind].setdefault(domain, {}).setdefault(child, []).append(parent)
        return rules, {
            name: Roles({domain: closure(up, up) for domain, up in domains.items()})
            for name, domains in links.items()
        }

    def reach(self, request: Mapping[str, str]) -> Reach:
        """Exactly the rows whose `obj` makes Casbin allow the request; `request` gives every other field."""
        found: dict[str, set[Clause]] = {"allow": set(), "deny": set()}
        # Casbin asks a matcher once when there is no rule; what rests on no word of a rule then holds.
        for rule in self.rules or (None,):
            solution = self.matcher.solve(Asked(request, rule, self.roles))
            clauses = (
                {EVERYTHING_CLAUSE} if solution is EVERY else {Clause(path=word) for word in solution if word}
            )
            found[rule["eft"] if rule else "allow"] |= clauses
        deny = found["deny"] if "deny" in self.counting else set()
        if not found["allow"] or EVERYTHING_CLAUSE in deny:
            return NOTHING
        return Reach(frozenset(found["allow"]), frozenset(deny))


def _only(sections: Mapping[str, Mapping[str, str]], section: str, key: str) -> str:
    found = sections.get(section, {})
    if set(found) != {key}:
        raise PolicyError(f"[{section}] defines {sorted(found)}; exactly '{key}' can be translated")
    return found[key]


def _fields(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if not FIELD.fullmatch(name):
            raise PolicyError(f"'{name}' is not the name of a field")
    if len(set(names)) < len(names):
        raise PolicyError(f"a field is named twice: {text}")
    return names


def _places(name: str, text: str) -> int:
    places = [place.strip() for place in text.split(",")]
    if not ROLE.fullmatch(name) or set(places) != {"_"} or len(places) not in (2, 3):
        raise PolicyError(f"the role definition '{name} = {text}' has not two or three places")
    return len(places)
