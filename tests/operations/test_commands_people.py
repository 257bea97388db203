"""People, customers and places on the command line: by the same acts as in the graph."""

from __future__ import annotations

import datetime as dt
import re

from models.customers import Customer
from models.database import database
from models.institutions import Institution
from models.people import Assignment, Delegation, Staff
from tests.operations.cli import cli, ok, refused
from tests.operations.staff import CHEN, EXECUTOR, HEAD, LIN, MIANYANG_MANAGER, OFFICER, POLICY, execute


async def test_a_role_is_proposed_executed_transferred_and_ended(demo: str) -> None:
    grant = (
        "people", "grant", "S100010", "--role", "cust_mgr", "--at", "510100W", "--department", "WEALTH_CENTRE",
        "--reason", "promoted", "--as", HEAD,
    )  # fmt: skip
    said = await ok(demo, *grant)
    listed = await ok(demo, "people", "proposals", "--as", EXECUTOR)
    assert "S100010" in listed
    proposal = re.search(r"execute ([0-9a-f-]{36})", said)
    assert proposal is not None
    await refused(demo, "FORBIDDEN", "people", "execute", proposal[1], "--as", OFFICER)
    assert "GRANT" in await execute(demo, said)
    await refused(demo, "ALREADY_HELD", *grant)
    transfer = (
        "people", "transfer", "S100010", "--from-place", "510100W", "--role", "archive_keeper", "--to", "510100W",
        "--department", "WEALTH_CENTRE", "--reason", "other talents", "--as", HEAD,
    )  # fmt: skip
    await execute(demo, await ok(demo, *transfer))
    end = ("people", "end", "S100010", "--from-place", "510100W", "--reason", "enough", "--as", HEAD)
    said = await ok(demo, *end)
    proposal = re.search(r"execute ([0-9a-f-]{36})", said)
    assert proposal is not None
    assert "is refused" in await ok(
        demo, "people", "refuse", proposal[1], "--note", "he stays", "--as", EXECUTOR
    )
    await execute(demo, await ok(demo, *end))
    await refused(demo, "NOT_FOUND", *end)


async def test_grants_that_an_import_proposed_are_executed_together(demo: str) -> None:
    everything = ("people", "execute", "--all-grants", "--as", EXECUTOR)
    assert await ok(demo, *everything) == "0 grant(s) executed.\n"
    grant = ("--at", "510100W", "--department", "WEALTH_CENTRE", "--reason", "needed", "--as", HEAD)
    await ok(demo, "people", "grant", "S100010", "--role", "cust_mgr", *grant)
    await ok(demo, "people", "grant", "S100010", "--role", "cust_mgr", *grant)
    await ok(demo, "people", "grant", CHEN, "--role", "archive_keeper", *grant)
    done = await cli(demo, *everything)
    assert (done.code, done.out) == (1, "2 grant(s) executed.\n")
    assert "ALREADY_HELD" in done.err


async def test_a_one_time_password_takes_two_people(demo: str) -> None:
    reset = ("people", "reset-password", LIN, "--reason", "forgotten", "--as")
    said = await execute(demo, await ok(demo, *reset, HEAD))
    assert re.fullmatch(r"One-time password, shown once: (\w{4}-){3}\w{4}\n", said)
    await execute(demo, await ok(demo, "people", "unlock", LIN, "--reason", "typing", "--as", HEAD))


async def test_absences_and_leaving(demo: str) -> None:
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(days=7)).isoformat(timespec="seconds")
    delegate = ("people", "delegate", LIN, "--to", CHEN, "--until", until, "--reason", "holiday", "--as")
    await refused(demo, "FORBIDDEN", *delegate, MIANYANG_MANAGER)
    assert "stands in" in await ok(demo, *delegate, HEAD)
    suspend = ("people", "suspend", CHEN, "--reason", "inquiry", "--as", EXECUTOR)
    assert "suspended" in await ok(demo, *suspend)
    await refused(demo, "UNAUTHENTICATED", "filing", "list", "--as", CHEN)
    assert "may work" in await ok(demo, "people", "reinstate", CHEN, "--reason", "cleared", "--as", EXECUTOR)
    await ok(demo, "filing", "list", "--as", CHEN)
    leave = ("people", "leave", LIN, "--reason", "retired", "--as", EXECUTOR)
    await refused(demo, "HANDOVER_REQUIRED", *leave)
    assert "has left" in await ok(demo, *leave, "--receiver", CHEN)
    await refused(demo, "UNAUTHENTICATED", "filing", "list", "--as", LIN)
    async with database(demo):
        assert await Delegation.filter(ended_at__isnull=True).count() == 0
        assert (await Staff.get(number=LIN)).left_at is not None


async def test_customers_change_manager_and_branch(demo: str) -> None:
    give = ("customer", "assign-manager", "C00000001", "--to", CHEN, "--as")
    await refused(demo, "FORBIDDEN", *give, LIN)
    assert f"{CHEN} serves" in await ok(demo, *give, HEAD)
    async with database(demo):
        above = await Assignment.get(role="pb_officer", institution__code="510000").prefetch_related("staff")
    transfer = (
        "customer", "transfer-owner", "C00000001", "--to", "510700", "--manager", MIANYANG_MANAGER, "--reason",
        "moved house", "--as",
    )  # fmt: skip
    await refused(demo, "FORBIDDEN", *transfer, OFFICER)
    assert "belongs to 510700" in await ok(demo, *transfer, above.staff.number)
    async with database(demo):
        moved = await Customer.get(number="C00000001").prefetch_related("owner")
    assert moved.owner.code == "510700"


async def test_places_move_and_merge(demo: str) -> None:
    move = ("institution", "move", "510703", "--under", "510100", "--reason", "reorganised", "--as")
    await refused(demo, "FORBIDDEN", *move, OFFICER)
    assert "stands under 510100" in await ok(demo, *move, POLICY)
    await refused(demo, "ALREADY_THERE", *move, POLICY)
    merge = ("institution", "merge", "510703", "--into", "510104", "--reason", "one branch", "--as", POLICY)
    assert "gone over into 510104" in await ok(demo, *merge)
    listed = await ok(demo, "institution", "list", "--as", LIN)
    assert any(line.split()[-1] == "510100" for line in listed.splitlines() if line.startswith("510703"))
    async with database(demo):
        assert (await Institution.get(code="510703")).merged_into_id is not None
