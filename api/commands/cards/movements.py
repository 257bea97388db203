"""cards movements, show, sign, countersign, reject, withdraw: the daily work of who keeps cards (双人签字, Notice 4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import click

from api.commands import finding
from api.commands.printing import shown, table
from api.commands.running import as_staff, command, open_house
from api.commands.typed import word
from authz import Action
from desk.desk import Desk
from desk.selection import AllOf, Child, Condition, Filter, Op, Order, Page, Selection
from desk.stock import signing
from models.custody import MovementKind, MovementState
from models.vocabulary import Tier

COLUMNS = ("kind", "state", "version", "quantity", "drafted_at")
PLACES = (
    Child("place", "institution", Selection("institution", columns=("code",))),
    Child("other", "other", Selection("institution", columns=("code",))),
)
TURNS = {
    Action.SIGN: "python -m api cards sign",
    Action.COUNTERSIGN: "python -m api cards countersign",
    Action.PROPOSE: "python -m api cards list-arrival",
    Action.REJECT: "python -m api cards reject --reason WHY",
}
"""What waits, and the command that does it."""
SHOWN = 100

which = click.argument("movement", type=click.UUID)
seen = click.option(
    "--version", type=int, required=True, help="As you have read it with: cards show MOVEMENT"
)
why = click.option("--reason", required=True, help="Why.")


@click.command()
@click.option("--institution", metavar="CODE", help="Only of this stock.")
@click.option("--kind", type=word(MovementKind), help="Only of this kind.")
@click.option("--state", type=word(MovementState), help="Only in this state.")
@click.option("--waiting", is_flag=True, help="Only what waits for STAFF himself (待办).")
@as_staff
@command
async def movements(
    institution: str | None, kind: str | None, state: str | None, waiting: bool, staff: str
) -> None:
    """List movements, the newest first, at most 100 of them; or with --waiting what STAFF is to sign, to list or,
    where nobody can countersign it any more, to reject."""
    async with open_house() as house:
        desk = await house.desk(staff)
        found: list[Filter] = [
            Condition(column, Op.EQ, value) for column, value in (("kind", kind), ("state", state)) if value
        ]
        if institution is not None:
            found.append(Condition("institution_id", Op.EQ, await finding.institution(desk, institution)))
        where = AllOf(tuple(found)) if found else None
        if not waiting:
            _listed(await _page(desk, where))
            return
        for action, does in TURNS.items():
            rows = await _page(desk, where, action)
            if rows:
                click.echo(f"{does} MOVEMENT --version VERSION --as {staff}")
                _listed(rows)


@click.command()
@which
@as_staff
@command
async def show(movement: UUID, staff: str) -> None:
    """Print the list of MOVEMENT, who signed it, and its version: what must be read before it is signed."""
    async with open_house() as house:
        desk = await house.desk(staff)
        row = await movement_of(desk, movement)
        lines = await finding.rows(
            desk,
            Selection(
                "movement_line",
                columns=("first", "last", "quantity", "from_state", "to_state"),
                where=Condition("movement_id", Op.EQ, movement),
            ),
        )
    for name in ("kind", "state", "version", "quantity", "reason", "over_quota_reason", "reject_reason"):
        if row[name] != "":
            click.echo(f"{name.replace('_', ' ')}: {shown(row[name])}")
    other = f", with {shown(row['other']['code'])}" if row["other"] else ""
    product = row["product"]
    click.echo(
        f"institution: {shown(row['place']['code'])}{other}\nproduct: {shown(product['name'])} ({Tier(product['tier'])})"
    )
    for signature in row["signatures"].rows:
        void = " VOID" if signature["voided_at"] else ""
        click.echo(
            f"{signature['step']}: {shown(signature['staff']['name'])}, in the seat of "
            f"{shown(signature['for_staff']['name'])}, {signature['signed_at']:%Y-%m-%d %H:%M} UTC{void}"
        )
    if lines:
        table(
            ("first", "last", "cards", "from", "to"),
            [
                (line["first"], line["last"], line["quantity"], line["from_state"], line["to_state"])
                for line in lines
            ],
        )
    else:
        click.echo("Nothing is listed yet: count what has come, then list it.")


@click.command()
@which
@seen
@as_staff
@command
async def sign(movement: UUID, version: int, staff: str) -> None:
    """Sign the list MOVEMENT as you have read it. By the designated custodian. Nothing moves yet."""
    async with open_house() as house:
        signed = await signing.sign(await house.desk(staff), movement_id=movement, version=version)
    click.echo(
        f"Signed, version {signed.version}. {staff}'s own business supervisor countersigns it: "
        f"python -m api cards countersign {movement} --version {signed.version} --as SUPERVISOR"
    )


@click.command()
@which
@seen
@as_staff
@command
async def countersign(movement: UUID, version: int, staff: str) -> None:
    """Countersign the list MOVEMENT, which posts it. By the business supervisor of who signed it."""
    async with open_house() as house:
        posted = await signing.countersign(await house.desk(staff), movement_id=movement, version=version)
    click.echo(f"Posted: {posted.quantity:,} cards, {posted.kind}.")


@click.command()
@which
@seen
@why
@as_staff
@command
async def reject(movement: UUID, version: int, reason: str, staff: str) -> None:
    """Refuse the list MOVEMENT before it is posted. By a supervisor of the institution."""
    async with open_house() as house:
        await signing.reject(await house.desk(staff), movement_id=movement, version=version, reason=reason)
    click.echo("Rejected. It has moved nothing.")


@click.command()
@which
@seen
@why
@as_staff
@command
async def withdraw(movement: UUID, version: int, reason: str, staff: str) -> None:
    """Take the list MOVEMENT back before it is posted. By the designated custodian."""
    async with open_house() as house:
        await signing.withdraw(await house.desk(staff), movement_id=movement, version=version, reason=reason)
    click.echo("Withdrawn. It has moved nothing.")


async def movement_of(desk: Desk, id: UUID) -> dict[str, Any]:
    """One movement with its signatures, as this person may see it. NOT_FOUND."""
    person = Selection("staff", columns=("name",))
    found = await desk.read(
        Selection(
            "stock_movement",
            ids=(id,),
            columns=(*COLUMNS, "reason", "over_quota_reason", "reject_reason"),
            children=(
                *PLACES,
                Child("product", "product", Selection("card_product", columns=("name", "tier"))),
                Child(
                    "signatures",
                    "signatures",
                    Selection(
                        "signature",
                        columns=("step", "signed_at", "voided_at"),
                        children=(Child("staff", "staff", person), Child("for_staff", "for_staff", person)),
                    ),
                ),
            ),
        )
    )
    if not found.rows:
        raise finding.NoSuch(f"There is no movement {id} that {desk.sitter.number} may see.")
    return found.rows[0]


async def _page(desk: Desk, where: Filter | None, awaiting: Action | None = None) -> list[dict[str, Any]]:
    answer = await desk.read(
        Selection(
            "stock_movement",
            columns=COLUMNS,
            children=PLACES,
            where=where,
            order=(Order("drafted_at", descending=True),),
            page=Page(first=SHOWN),
            awaiting=awaiting,
        )
    )
    return answer.rows


def _listed(rows: list[dict[str, Any]]) -> None:
    table(
        ("movement", "kind", "state", "version", "institution", "other", "cards", "drafted"),
        [
            (
                row["id"],
                row["kind"],
                row["state"],
                row["version"],
                row["place"]["code"],
                row["other"]["code"] if row["other"] else None,
                row["quantity"],
                f"{row['drafted_at']:%Y-%m-%d %H:%M}",
            )
            for row in rows
        ],
    )
