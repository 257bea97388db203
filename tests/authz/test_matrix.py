"""The golden matrix is what the shipped policy gives, and every role and class is in it."""

from __future__ import annotations

import difflib

from authz import Policy, Role
from tests.authz.matrix import GOLDEN, matrix


def test_the_policy_gives_what_the_golden_matrix_says() -> None:
    now = matrix(Policy.load())
    then = GOLDEN.read_text(encoding="utf-8")
    drift = "\n".join(
        difflib.unified_diff(then.splitlines(), now.splitlines(), "accepted", "now", n=0, lineterm="")
    )
    assert not drift, f"the policy changed for people; read this, then run `make accept`:\n{drift}"


def test_every_role_has_a_section() -> None:
    sections = [
        line[3:] for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line.startswith("== ")
    ]
    assert sections[1:] == [role.value for role in Role]
