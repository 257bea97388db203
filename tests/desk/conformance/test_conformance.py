"""The gate's statements, on both databases, decide every row and cell as the interpreter does (decisions.md 10)."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from authz import ReasonCode
from tests.desk.conformance.bank import Bank
from tests.desk.conformance.cases import cases
from tests.desk.conformance.checking import Check
from tests.summary import RecordProperty, counted

DECISIONS = int(os.environ.get("CONFORMANCE_DECISIONS", "200000"))
"""On both databases together; `make conformance` asks for a million."""


async def test_statements_decide_as_the_interpreter(
    kind_of_database: str,
    generated_bank: Bank,
    capsys: pytest.CaptureFixture[str],
    record_property: RecordProperty,
) -> None:
    tally: Counter[str] = Counter()
    with counted(record_property, tally):
        for case in cases():
            await Check(generated_bank, case, kind_of_database == "postgres", tally).run()
            tally["cases"] += 1
            if tally["decisions"] >= DECISIONS // 2:
                break
    told = tally["decisions"]
    mix = ", ".join(f"{code} {tally[code]:,}" for code in ("VISIBLE", "MASKED", "WITHHELD", *ReasonCode))
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{told:,} decisions, 0 divergences ({kind_of_database}); {tally['cases']} policies,"
            f" {tally['allows'] / told:.0%} allows, {tally['filters']} filters,"
            f" {tally['filters refused']} refused; {mix}"
        )
    assert tally["allows"] >= 0.2 * told, tally
    assert all(tally[code] for code in (*ReasonCode, "VISIBLE", "MASKED", "WITHHELD")), mix
