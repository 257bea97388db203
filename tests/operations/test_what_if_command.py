"""The what-if on the command line: a table for each institution that adds up, and refusals that say what to do."""

from __future__ import annotations

import pytest

from models.database import database
from models.standards import Evaluation
from models.what_if import WhatIf
from tests.operations.cli import cli, ok, refused

OFFICER, POLICY, LIN = "S100006", "S100013", "S100001"
DRAFT = (
    "standard", "draft", "--code", "MEASURES", "--name", "草案", "--currency", "CNY", "--savings", "300000",
    "--effective-from", "2027-01-01", "--source", "circular 8",
)  # fmt: skip
CAMPAIGN = (
    "campaign", "draft", "--code", "SPRING", "--name", "迎春", "--standard", "MEASURES", "--savings", "300000",
    "--from", "2027-01-01", "--to", "2027-03-31", "--reason", "迎春活动",
)  # fmt: skip


def counted(said: str) -> tuple[list[list[int]], list[int]]:
    """The counts of each line of the table, and of its last."""
    rows = [line.replace(",", "").split() for line in said.splitlines()]
    start = next(place for place, row in enumerate(rows) if row[:1] == ["institution"]) + 1
    end = next(place for place, row in enumerate(rows) if row[:1] == ["all"])
    return [list(map(int, row[2:])) for row in rows[start:end]], list(map(int, rows[end][1:]))


def adds_up(lines: list[list[int]], whole: list[int]) -> bool:
    """As far as counts to the nearest five do: each may be two off, and branches of fewer than five have no line."""
    sums = [sum(column) for column in zip(*lines, strict=True)]
    return len(lines) > 3 and all(
        abs(one - other) <= 3 * len(lines) + 3 and other % 5 == 0
        for one, other in zip(sums, whole, strict=True)
    )


@pytest.mark.measure("N2a", "N2b")
async def test_a_draft_is_tried_out_and_the_table_adds_up(demo: str) -> None:
    await ok(demo, *DRAFT, "--as", POLICY)
    async with database(demo):
        screened = await Evaluation.all().count()
    asked = ("what-if", "--standard", "MEASURES", "--version", 2, "--as-of", "2026-10-31", "--as")
    done = await cli(demo, *asked, POLICY)
    assert done.code == 0, done.err
    assert "the draft: customers: 100 %" in done.err
    lines, whole = counted(done.out)
    assert adds_up(lines, whole)
    moved = [line[2] + line[3] for line in lines]
    assert moved == sorted(moved, reverse=True)
    assert whole[2] > 0
    assert f"{whole[1]:,} by the draft" in done.out
    one = await ok(demo, *asked, POLICY, "--scope", "510000")
    assert "绵阳" in one
    assert "南京" not in one
    async with database(demo):
        assert await WhatIf.all().count() == 2
        assert await Evaluation.all().count() == screened
    await refused(demo, "FORBIDDEN", *asked, OFFICER)
    await refused(demo, "FORBIDDEN", *asked, LIN, "--scope", "510000")
    await refused(demo, "WRONG_STATE", *asked[:4], 1, *asked[5:], POLICY)
    await refused(demo, "NOT_FOUND", *asked[:4], 9, *asked[5:], POLICY)


@pytest.mark.measure("N2b")
async def test_a_campaign_is_tried_out_by_its_code(demo: str) -> None:
    await ok(demo, *CAMPAIGN, "--as", POLICY)
    asked = ("what-if", "--campaign", "SPRING", "--as-of", "2026-10-31", "--as", POLICY)
    lines, whole = counted(await ok(demo, *asked))
    assert adds_up(lines, whole)
    assert whole[2] > 0
    assert whole[3] == 0
    for wrong in (("--standard", "MEASURES"), ("--version", 1)):
        done = await cli(demo, *asked, *wrong)
        assert done.code == 2, done.err
    await refused(demo, "NOT_FOUND", *asked[:2], "NONE", *asked[3:])
