"""people: what people may do; changes are proposed by a head and executed by the security administrator."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import click

from api.commands import finding
from api.commands.printing import table
from api.commands.running import REFUSED, Usage, as_staff, command, open_house
from api.commands.typed import MOMENT, word
from authz import Role
from desk.desk import Desk
from desk.people.grants import propose_end, propose_grant, propose_transfer
from desk.people.proposals import execute_proposal, refuse_proposal
from desk.people.resets import execute_reset, propose_reset, propose_unlock
from desk.selection import AllOf, Child, Condition, Op, Selection
from models.errors import Refusal
from models.vocabulary import Department, ProposalKind, ProposalState

reason = click.option("--reason", required=True, help="Why, for the record.")
role = click.option("--role", type=word(Role), required=True)
department = click.option("--department", type=word(Department), required=True)
part_time = click.option("--part-time", is_flag=True, help="Not full-time; serves no VIP customer (Art. 9).")
begins = click.option("--from", "begins", type=MOMENT, help="From when, now or later. [now]")
ends = click.option("--until", "ends", type=MOMENT, help="First moment no longer. [open end]")
at_moment = click.option("--at", type=MOMENT, help="When, now or later. [now]")


@click.group()
def people() -> None:
    """Roles, absences and leavers. Every change takes effect with the next read of every worker."""


@people.command()
@click.argument("member", metavar="STAFF")
@role
@click.option("--at", "place", required=True, metavar="CODE", help="The institution where the role is held.")
@department
@part_time
@begins
@ends
@reason
@as_staff
@command
async def grant(
    member: str,
    role: str,
    place: str,
    department: str,
    part_time: bool,
    begins: dt.datetime | None,
    ends: dt.datetime | None,
    reason: str,
    staff: str,
) -> None:
    """Propose a role for STAFF. By a head of the place; the security administrator executes it."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await propose_grant(
            desk,
            staff_id=await finding.staff(desk, member),
            role=role,
            institution_id=await finding.institution(desk, place),
            department=department,
            reason=reason,
            full_time=not part_time,
            valid_from=begins,
            valid_to=ends,
        )
    _proposed(made.id)


@people.command()
@click.argument("member", metavar="STAFF")
@click.option("--from-place", required=True, metavar="CODE", help="Where the role that ends is held.")
@click.option("--ending-role", type=word(Role), help="The role that ends, if he holds several there.")
@role
@click.option("--to", "place", required=True, metavar="CODE", help="Where the new role is held.")
@department
@part_time
@begins
@ends
@reason
@as_staff
@command
async def transfer(
    member: str,
    from_place: str,
    ending_role: str | None,
    role: str,
    place: str,
    department: str,
    part_time: bool,
    begins: dt.datetime | None,
    ends: dt.datetime | None,
    reason: str,
    staff: str,
) -> None:
    """Propose that a role of STAFF ends and another begins in the same second. By a head of both places."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await propose_transfer(
            desk,
            assignment_id=await _assignment(desk, member, from_place, ending_role),
            role=role,
            institution_id=await finding.institution(desk, place),
            department=department,
            reason=reason,
            full_time=not part_time,
            valid_from=begins,
            valid_to=ends,
        )
    _proposed(made.id)


@people.command()
@click.argument("member", metavar="STAFF")
@click.option("--from-place", required=True, metavar="CODE", help="Where the role that ends is held.")
@click.option("--ending-role", type=word(Role), help="The role that ends, if he holds several there.")
@at_moment
@reason
@as_staff
@command
async def end(
    member: str,
    from_place: str,
    ending_role: str | None,
    at: dt.datetime | None,
    reason: str,
    staff: str,
) -> None:
    """Propose that a role of STAFF ends. By a head of the place."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await propose_end(
            desk,
            assignment_id=await _assignment(desk, member, from_place, ending_role),
            reason=reason,
            at=at,
        )
    _proposed(made.id)


@people.command()
@as_staff
@command
async def proposals(staff: str) -> None:
    """List the proposals that wait for a decision, as far as this person may see them."""
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await undecided(desk)
    table(
        ("proposal", "kind", "person", "name", "role", "place", "from", "reason"),
        [
            (
                it["id"],
                it["kind"],
                (it["staff"] or {}).get("number"),
                (it["staff"] or {}).get("name"),
                it["role"],
                (it["place"] or {}).get("code"),
                f"{it['valid_from']:%Y-%m-%d}",
                it["reason"],
            )
            for it in found
        ],
    )


@people.command()
@click.argument("proposal", type=click.UUID, required=False)
@click.option("--all-grants", is_flag=True, help="Every grant that waits, such as those of an import.")
@click.option("--note", default="", help="A note for the record.")
@as_staff
@command
async def execute(proposal: UUID | None, all_grants: bool, note: str, staff: str) -> None:
    """Do what was proposed. By the security administrator, another person than proposer and beneficiary.

    A password reset prints the one-time password once: it is good for 24 hours and must be changed at sign-in.
    """
    if (proposal is None) != all_grants:
        raise Usage("Name one proposal, or say --all-grants. See: python -m api people proposals")
    async with open_house() as house:
        desk = await house.desk(staff)
        waiting = await undecided(desk)
        kinds = {it["id"]: it["kind"] for it in waiting}
        if proposal is not None and kinds.get(proposal) == ProposalKind.PASSWORD_RESET:
            _, password = await execute_reset(desk, proposal_id=proposal)
            click.echo(f"One-time password, shown once: {password}")
            return
        if proposal is not None:
            done = await execute_proposal(desk, proposal_id=proposal, note=note)
            click.echo(f"{done.kind} {done.id} is executed.")
            return
        executed, refusals = await execute_grants(desk, waiting, note)
    click.echo(f"{executed} grant(s) executed.")
    for refusal in refusals:
        click.echo(refusal, err=True)
    if refusals:
        raise click.exceptions.Exit(REFUSED)


async def execute_grants(desk: Desk, waiting: list[dict[str, Any]], note: str) -> tuple[int, list[str]]:
    """Execute every waiting grant, each as an act of its own: one that is refused does not stop the others."""
    executed, refusals = 0, []
    for it in waiting:
        if it["kind"] != ProposalKind.GRANT:
            continue
        try:
            await execute_proposal(desk, proposal_id=UUID(str(it["id"])), note=note)
            executed += 1
        except Refusal as refusal:
            refusals.append(f"{it['id']}: {refusal.code}: {refusal.message}")
    return executed, refusals


@people.command()
@click.argument("proposal", type=click.UUID)
@click.option("--note", required=True, help="Why not.")
@as_staff
@command
async def refuse(proposal: UUID, note: str, staff: str) -> None:
    """Refuse a proposal and say why. By the security administrator."""
    async with open_house() as house:
        desk = await house.desk(staff)
        done = await refuse_proposal(desk, proposal_id=proposal, note=note)
    click.echo(f"{done.kind} {done.id} is refused.")


@people.command("reset-password")
@click.argument("member", metavar="STAFF")
@reason
@as_staff
@command
async def reset_password(member: str, reason: str, staff: str) -> None:
    """Propose a new password for STAFF. By a head; the security administrator executes it and tells it once."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await propose_reset(desk, staff_id=await finding.staff(desk, member), reason=reason)
    _proposed(made.id)


@people.command()
@click.argument("member", metavar="STAFF")
@reason
@as_staff
@command
async def unlock(member: str, reason: str, staff: str) -> None:
    """Propose that the account of STAFF is opened after too many wrong passwords. By a head."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await propose_unlock(desk, staff_id=await finding.staff(desk, member), reason=reason)
    _proposed(made.id)


def _proposed(id: object) -> None:
    click.echo(f"Proposed. The security administrator decides: python -m api people execute {id} --as STAFF")


async def undecided(desk: Desk) -> list[dict[str, Any]]:
    """The proposals that wait for a decision."""
    return await finding.rows(
        desk,
        Selection(
            "proposal",
            columns=("kind", "role", "valid_from", "reason"),
            children=(
                Child("staff", "staff", Selection("staff", columns=("number", "name"))),
                Child("place", "institution", Selection("institution", columns=("code",))),
            ),
            where=Condition("state", Op.EQ, ProposalState.PROPOSED.value),
        ),
    )


async def _assignment(desk: Desk, member: str, place: str, role: str | None) -> UUID:
    """The role of a person at a place that is not over."""
    conditions = [
        Condition("staff_id", Op.EQ, await finding.staff(desk, member)),
        Condition("institution_id", Op.EQ, await finding.institution(desk, place)),
        Condition("ended_at", Op.EQ, None),
    ]
    if role:
        conditions.append(Condition("role", Op.EQ, role))
    found = await finding.rows(
        desk, Selection("assignment", columns=("role", "valid_to"), where=AllOf(tuple(conditions)))
    )
    current = [it for it in found if it["valid_to"] is None or desk.now < it["valid_to"]]
    if len(current) != 1:
        held = ", ".join(sorted(str(it["role"]) for it in current)) or "none"
        raise finding.NoSuch(f"{member} holds {len(current)} role(s) at {place}: {held}. Name one role.")
    return UUID(str(current[0]["id"]))
