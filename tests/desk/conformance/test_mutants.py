"""The conformance check must catch every seeded mistake in the writing of SQL; an intact gate passes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice

import pytest

from desk.gate.plans import PROGRAMS
from tests.desk.conformance.bank import Bank
from tests.desk.conformance.cases import cases
from tests.desk.conformance.checking import Check
from tests.desk.conformance.mutants import MUTANTS
from tests.desk.conformance.oracle import Divergence

CASES = 240
SQLITE = pytest.mark.parametrize("kind_of_database", ["sqlite"], indirect=True, scope="module")


@SQLITE
@pytest.mark.parametrize("wrong", MUTANTS, ids=lambda function: function.__name__)
async def test_the_mutant_is_caught(
    wrong: Callable[[pytest.MonkeyPatch], None],
    generated_bank: Bank,
    kind_of_database: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert kind_of_database == "sqlite"
    wrong(monkeypatch)
    PROGRAMS.clear()
    try:
        for case in islice(cases(), CASES):
            await Check(generated_bank, case, False, Counter()).run()
    except Divergence:
        return
    finally:
        PROGRAMS.clear()
    pytest.fail(f"{CASES} policies did not tell this mutant from the gate")


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 20
