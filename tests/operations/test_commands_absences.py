"""people delegate for posts, and handover lists, on the command line: as the graph, by the same acts."""

from __future__ import annotations

import re

from models.database import database
from models.handovers import Handover
from models.people import Assignment, Delegation
from tests.operations.cli import ok, refused

LIN, HEAD, CHEN = "S100001", "S100002", "S100015"


async def test_a_post_is_filled_for_a_time(demo: str) -> None:
    async with database(demo):
        above = await Assignment.get(role="pb_officer", institution__code="510000").prefetch_related("staff")
        keeper = await Assignment.filter(role="archive_keeper", institution__code="510100W").prefetch_related(
            "staff"
        )
    fill = (
        "people", "delegate", HEAD, "--to", keeper[0].staff.number, "--role", "wc_head", "--post", "510100W",
        "--until", "2099-01-31", "--reason", "leave", "--as",
    )  # fmt: skip
    await refused(demo, "FORBIDDEN", *fill, HEAD)
    await refused(demo, "NOT_FOUND", *fill[:8], "510000", *fill[9:], above.staff.number)
    assert f"stands in for {HEAD}" in await ok(demo, *fill, above.staff.number)
    await refused(demo, "POST_COVERED", *fill, above.staff.number)
    async with database(demo):
        held = await Delegation.get(role="wc_head")
        assert held.assignment_id == (await Assignment.get(role="wc_head", institution__code="510100W")).id


async def test_a_handover_list_is_drawn_up_signed_and_called_off(demo: str) -> None:
    draw = (
        "people", "hand-over", LIN, "--to", CHEN, "--witness", HEAD, "--centre", "510100W", "--at", "2099-01-31",
        "--reason", "moves", "--as",
    )  # fmt: skip
    await refused(demo, "FORBIDDEN", *draw, LIN)
    said = await ok(demo, *draw, HEAD)
    found = re.search(r"sign-handover ([0-9a-f-]{36})", said)
    assert found is not None
    sign = ("people", "sign-handover", found[1], "--as")
    await refused(demo, "NOT_HIS_TO_SIGN", *sign, LIN)
    assert "other signature is missing" in await ok(demo, *sign, HEAD)
    assert "pass at 2099-01-31T00:00:00+08:00" in await ok(demo, *sign, CHEN)
    off = ("people", "call-off-handover", found[1], "--as")
    await refused(demo, "FORBIDDEN", *off, CHEN)
    assert "stay where they are" in await ok(demo, *off, HEAD)
    async with database(demo):
        assert (await Handover.get()).state == "CALLED_OFF"
