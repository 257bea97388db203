"""A policy with an unknown word, a wrong shape or a rule that cannot be translated does not load."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from authz import Policy, PolicyError
from authz.policy import MODEL, POLICY
from authz.rules import COLUMNS, GROUPS, endings
from bench.policies import decide, somebody
from bench.rulebooks import generated, policy_of

SHIPPED = POLICY.read_text(encoding="utf-8")
ONE = "p, teller, own_branch, customer, NAME, read, *, allow"
KNOWN = {word for words in COLUMNS.values() for word in words} | set(GROUPS) | {"p", "g", "g2"}


def mistakes(word: str, rng: random.Random) -> list[str]:
    """What a hand, an editor or a spreadsheet makes of a word."""
    at = rng.randrange(len(word))
    return [
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word.swapcase(),
        f'"{word}"',
        f"{word}\u200b",
        word.replace("e", "\u0435").replace("A", "\u0410"),
        f"{word} # why",
        f"{word};",
        f"!{word}",
        f"{word}*",
        f"({word})",
        ".*",
        "None",
        "",
    ]


def test_no_unknown_word_loads_anywhere() -> None:
    rng = random.Random(11)
    lines = SHIPPED.splitlines()
    tried = 0
    for number, line in enumerate(lines):
        if not line or line.startswith("#"):
            continue
        cells = line.split(", ")
        for column in rng.sample(range(len(cells)), 2):
            for word in mistakes(cells[column], rng):
                if word in KNOWN:
                    continue
                broken = ", ".join([*cells[:column], word, *cells[column + 1 :]])
                if broken.startswith("#"):
                    continue
                with pytest.raises(PolicyError, match=f"line {number + 1}") as refused:
                    Policy.of("\n".join([*lines[:number], broken, *lines[number + 1 :]]))
                assert f"'{word.strip()}'" in str(refused.value)
                assert "one of: " in str(refused.value)
                tried += 1
    assert tried > 2000


def test_no_known_word_in_a_wrong_column_loads() -> None:
    cells = ONE.split(", ")
    for at, column in enumerate(COLUMNS, start=1):
        for word in KNOWN - set(COLUMNS[column]):
            with pytest.raises(PolicyError, match="is not a known"):
                Policy.of(", ".join([*cells[:at], word, *cells[at + 1 :]]))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no rule"),
        ("# only words\n\n", "has no rule"),
        ("g, teller, cust_mgr", "has no rule"),
        (ONE + ", extra", "line 1 has 8 columns after 'p'; a rule has 7"),
        (ONE.rsplit(",", 1)[0], "line 1 has 6 columns"),
        (ONE.replace(",", "\uff0c"), "begins with"),
        (f"{ONE}\n\n{ONE}", "line 3 repeats line 1"),
        (f"{ONE}\n{ONE.replace(', ', ',')}", "line 2 repeats line 1"),
        (f"p2{ONE[1:]}", "one of: p, g, g2"),
        (f"{ONE}\ng, teller, cashier", "'cashier' is not a known role"),
        (f"{ONE}\ng, teller", "line 2 has 1 columns"),
        (f"{ONE}\ng, teller, teller", "in a circle: teller -> teller"),
        (f"{ONE}\ng, teller, auditor\ng, auditor, dpo\ng, dpo, teller", "in a circle"),
        (f"{ONE}\ng, staff, officer", "must not inherit"),
        (f"{ONE}\ng2, names, NAME\ng2, names, ASSET", "already of class NAME"),
        (f"{ONE}\ng2, NAME, names", "not a known field group"),
        (ONE.replace("own_branch", "recused"), "for denying only"),
        (ONE.replace("allow", "deny"), "a deny has the scope 'all' or 'recused'"),
        (ONE.replace("teller", "staff"), "'staff' has no place"),
        (ONE.replace("read", "record"), "is done to a row"),
        (ONE.replace("own_branch", "assigned").replace("*", "case"), "never has the basis 'case'"),
        (
            ONE.replace("own_branch", "by_basis").replace("*", "assignment"),
            "never has the basis 'assignment'",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        Policy.of(text)
    assert says in str(refused.value)


def test_inheritance_deeper_than_casbin_looks_is_refused() -> None:
    chain = [word for word in COLUMNS["role"] if word != "staff"][:11]
    links = [f"g, {child}, {parent}" for child, parent in itertools.pairwise(chain)]
    Policy.of("\n".join([ONE, *links[:8]]))
    with pytest.raises(PolicyError, match="9 steps; at most 8"):
        Policy.of("\n".join([ONE, *links[:9]]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("&& holds(r.sub, p.role, p.scope, r.basis, r.obj)", ""),
        ("&& holds", "|| holds"),
        ("!some(where (p.eft == deny))", "some(where (p.eft == allow))"),
        ("basis, eft", "eft, basis"),
        ("g2 = _, _", "g2 = _, _, _"),
        ("[matchers]", "[matchers]\nm2 = true"),
        ("[policy_effect]", "[constraint_definition]\nc = none\n[policy_effect]"),
        ("r.act == p.act", "regexMatch(r.act, p.act)"),
        ("[role_definition]", "role_definition"),
    ],
)
def test_another_model_is_refused(old: str, new: str) -> None:
    model = MODEL.read_text(encoding="utf-8")
    assert old in model
    with pytest.raises(PolicyError, match="model"):
        Policy.of(ONE, model.replace(old, new))


def test_the_version_is_of_what_is_said_not_of_how_it_is_laid_out(tmp_path: Path) -> None:
    shipped = Policy.load()
    spaced = "\n\n".join(
        line.replace(", ", " ,  ") for line in SHIPPED.splitlines() if not line.startswith("#")
    )
    assert Policy.of(spaced).version == shipped.version
    assert Policy.of(SHIPPED + ONE).version != shipped.version
    assert len(shipped.version) == 64
    broken = tmp_path / "broken.csv"
    broken.write_text(ONE.replace("teller", "cashier"), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"broken\.csv cannot be used: line 1: 'cashier'"):
        Policy.load(broken)


@pytest.mark.parametrize("role", ["teller", "staff"])
def test_the_closed_set_of_endings_is_exactly_what_loads_word_by_word(role: str) -> None:
    """A wide space sends a line the slow way, which names the mistake."""
    loaded = 0
    columns = [COLUMNS[column] for column in ("scope", "cls", "act", "basis", "eft")]
    for scope, *words in random.Random(5).sample(list(itertools.product(*columns)), 5000):
        end = ", ".join(words)
        try:
            Policy.of(f"p,  {role}, {scope}, filing, {end}")
        except PolicyError:
            assert end not in endings()[role].get(scope, ())
        else:
            assert end in endings()[role][scope]
            loaded += 1
    assert loaded > 100


def test_both_ways_of_reading_give_the_same_policy() -> None:
    text = generated(600)
    quick, slow = Policy.of(text), Policy.of(text.replace(", ", " ,"))
    assert quick.rules == slow.rules
    assert [rule.text for rule in quick.rules] == text.splitlines()
    assert quick.version == slow.version
    assert Policy.of(text + "\n").version == quick.version
    lines = text.splitlines()
    with pytest.raises(PolicyError, match="line 601 repeats line 300"):
        Policy.of("\n".join([*lines, lines[299]]))
    with pytest.raises(PolicyError, match="line 601 has 15 columns"):
        Policy.of("\n".join([*lines, f"{lines[1]}, {lines[2]}"]))


def test_a_rule_knows_its_line_in_the_file() -> None:
    shipped, lines = Policy.load(), SHIPPED.splitlines()
    assert len(shipped.rules) == sum(line.startswith("p, ") for line in lines)
    assert all(lines[shipped.line_of(rule) - 1] == rule.text for rule in shipped.rules)
    other = next(rule for rule in Policy.of(generated(50)).rules if rule not in shipped.rules)
    with pytest.raises(ValueError, match="not in list"):
        shipped.line_of(other)


def test_a_decision_looks_at_no_rule_of_a_role_that_the_actor_does_not_hold() -> None:
    """So that it costs the same with ten rules and with ten thousand."""
    few, many = Policy.load(), Policy.of(policy_of(3000))
    assert len(few.rules) < 500
    assert len(many.rules) > 2900
    for policy in (few, many):
        decide(policy, somebody())
        assert set(policy._about) == {"cust_mgr", "staff"}
    assert few._about["cust_mgr"].keys() == many._about["cust_mgr"].keys()
    assert sum(map(len, few._about["staff"].values())) == sum(map(len, many._about["staff"].values()))
