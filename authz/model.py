"""The one Casbin model that the compiler translates. Another one is refused when it is loaded."""

from __future__ import annotations


class PolicyError(ValueError):
    """The policy cannot be used. Says the line, the word and the words that are allowed there."""


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


def check(text: str) -> None:
    """Refuse a model that says anything else than what the compiler does. Raises PolicyError."""
    found = parse(text)
    for section in sorted(found.keys() | MODEL.keys()):
        if found.get(section) != MODEL.get(section):
            raise PolicyError(
                f"the model's [{section}] says {found.get(section)}; only {MODEL.get(section)} can be translated"
            )


def parse(text: str) -> dict[str, dict[str, str]]:
    """The sections of a model file and what each defines. Raises PolicyError for a line that defines nothing."""
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
    return found


def canonical() -> list[str]:
    """The model in canonical lines, for the version of a policy."""
    return [
        f"[{section}] {key} = {value}" for section, pairs in MODEL.items() for key, value in pairs.items()
    ]
