"""explain, matrix: why a person sees a cell as he does, and what the policy gives each role."""

from __future__ import annotations

from collections.abc import Iterable

import click

from api.commands import finding
from api.commands.printing import shown, table
from api.commands.running import as_staff, command, open_house
from api.commands.typed import word
from authz import DataClass, Policy, Role
from authz.changes import Change
from authz.explanation import Explanation, Source
from authz.matrix import matrix
from authz.purposes import Purpose
from desk.explaining import Asked, Explained
from desk.explaining import explain as explained
from models.errors import BadInput


@click.command()
@click.option("--customer", required=True, metavar="NUMBER", help="Whose cell.")
@click.option(
    "--class", "data_class", type=word(DataClass), required=True, help="Of which class the cell is."
)
@click.option("--purpose", type=word(Purpose), help="As if it were read for this purpose.")
@click.option(
    "--staff", "other", metavar="STAFF", help="For whom, by who may ask that; it is recorded. [--as]"
)
@as_staff
@command
async def explain(customer: str, data_class: str, purpose: str | None, other: str | None, staff: str) -> None:
    """Say why a cell of a customer is shown, masked or withheld, which rule decided, and what would change it."""
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await explained(
            desk,
            Asked(
                "customer",
                await finding.customer(desk, customer),
                DataClass(data_class),
                purpose_given=purpose is not None,
            ),
            await finding.staff(desk, other) if other else None,
        )
    what = f"for {purpose}" if purpose else "without a purpose"
    click.echo(f"{found.number}, customer {shown(customer)}, {data_class}, {what}")
    _print(found)


def _print(found: Explained) -> None:
    told = found.explanation
    click.echo(f"{told.visibility}{f' {told.reason}' if told.reason else ''}")
    click.echo(told.sentence)
    click.echo(told.chinese)
    click.echo(f"Policy {told.policy_version}" + (f"; article: {told.article}" if told.article else ""))
    click.echo("\nLayers 逐层判定")
    table(
        ("", "question", "问题", "line", "rule"),
        [
            (
                step.held,
                step.question,
                step.chinese,
                *((str(step.source.line), step.source.text) if step.source else ("-", "-")),
            )
            for step in told.steps
        ],
    )
    _rule(found, "Decided by 判定规则", told.deciding)
    _rule(found, "Masked by 掩码规则", told.masking)
    _changes("Each of these alone would open it 任一事实即可开放", told.opens)
    _changes("Each of these with a purpose 说明用途并具备任一事实", told.opens_with_purpose)
    _changes("Each of these alone would close it 任一事实即会关闭", told.closes)
    _request(told)


def _rule(found: Explained, title: str, source: Source | None) -> None:
    if source is None:
        return
    click.echo(f"\n{title}\n  line {source.line}: {source.text}")
    if source.seat is None:
        click.echo("  as everybody who works here 全体员工")
    else:
        code, name = found.places.get(source.seat.institution_id, ("-", "-"))
        click.echo(
            f"  role {source.seat.role} at {shown(code)} {shown(name)}, assignment {source.seat.assignment_id}"
        )
    if source.basis_id is not None:
        click.echo(f"  basis {source.basis} {source.basis_id}")


def _changes(title: str, changes: Iterable[Change]) -> None:
    rows = [(change.fact, change.sentence, change.chinese) for change in changes]
    if rows:
        click.echo(f"\n{title}")
        table(("fact", "what", "事实"), rows)


def _request(told: Explanation) -> None:
    asked = told.request
    if asked is None:
        return
    click.echo(f"\nRequest 权限申请\n  way: {asked.way}\n  class: {asked.data_class}")
    if asked.change is not None:
        click.echo(f"  so that: {asked.change.sentence} {asked.change.chinese}")
    click.echo(f"  {asked.remedy}\n  {asked.remedy_chinese}")


@click.command("matrix")
@click.option("--role", type=word(Role), help="Only this role. [all, and who holds none]")
@click.option("--as", "staff", metavar="STAFF", help="Only the roles that this person holds now.")
@command
async def print_matrix(role: str | None, staff: str | None) -> None:
    """Print what the policy gives: role by resource, class, action and how the row stands to the person."""
    if staff is None:
        roles: list[Role | None] = [Role(role)] if role else [None, *Role]
        click.echo(matrix(Policy.load(), roles), nl=False)
        return
    async with open_house() as house:
        held = {seat.role for seat in (await house.desk(staff)).actor.seats}
        if role and role not in held:
            raise BadInput(
                f"{staff} does not hold the role {role} now. Leave out --as to see it.", field="role"
            )
        click.echo(matrix(house.policy, [Role(role)] if role else sorted(held) or [None]), nl=False)
