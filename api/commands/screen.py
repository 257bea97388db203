"""screen: evaluate every customer by a standard, print the counts, write what the person may see."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from api.commands import finding
from api.commands.printing import Watched, harmless, table
from api.commands.running import Usage, as_staff, command, open_house
from api.commands.typed import DAY
from authz import DataClass, Visibility
from authz.purposes import Purpose as PurposeCode
from desk.desk import Desk
from desk.errors import Forbidden
from desk.selection import AllOf, Child, Condition, Op, Purpose, Section, Selection
from desk.standards import counts_by_owner, screen
from models.money import from_minor
from models.standards import Screening

HEADER = (
    "customer_number", "name", "owner_code", "as_of", "standard", "passed", "borderline", "criteria_met",
    "currency", "average_savings", "loan_balance", "good_standing", "spend", "missing", "visibility", "reason",
)  # fmt: skip
"""Columns of the CSV. `visibility` and `reason` are those of the figures; a cell that is not visible is empty."""
FIGURES = (
    "criteria_met",
    "currency",
    "average_savings",
    "loan_balance",
    "good_standing",
    "spend",
    "borderline",
    "missing",
)
AMOUNTS = ("average_savings", "loan_balance", "spend")
MOST_BORDERLINE = 20


@click.command("screen")
@click.option("--as-of", type=DAY, required=True, help="The day to judge by, e.g. 2026-10-31.")
@click.option("--standard", required=True, help="Code of the standard, e.g. MEASURES.")
@click.option("--version", type=click.IntRange(1), help="An approved version, in place of the one in force.")
@click.option("--institution", metavar="CODE", help="Only the customers of this institution and below.")
@click.option(
    "--csv",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one row for each customer into a new file, as far as this person may see.",
)
@click.option(
    "--purpose", type=click.Choice([it.value for it in PurposeCode]), help="Why the figures are read."
)
@click.option("--purpose-text", default="", help="The purpose in the person's own words.")
@as_staff
@command
async def screen_customers(
    as_of: dt.date,
    standard: str,
    version: int | None,
    institution: str | None,
    target: Path | None,
    purpose: str | None,
    purpose_text: str,
    staff: str,
) -> None:
    """Evaluate customers by a standard, keep the evidence, and print counts for each institution.

    The CSV (UTF-8 with BOM) has the columns customer_number, name, owner_code, as_of, standard, passed, borderline,
    criteria_met, currency, average_savings, loan_balance, good_standing, spend, missing, visibility, reason. It is
    read through the gate like everything else: rows outside the person's reach are absent, cells that he may not
    see are empty with the reason beside them, and what is shown leaves its receipts in the trail. Texts that a
    spreadsheet would run as a formula begin with an apostrophe.
    """
    if target is not None and target.exists():
        raise Usage(f"{target} exists. Name a new file, so that nothing is overwritten.")
    why = Purpose(purpose, purpose_text) if purpose else None
    async with open_house() as house:
        desk = await house.desk(staff)
        path = "/" if institution is None else await path_of(desk, institution)
        with Watched() as watched:
            try:
                run = await screen(
                    desk,
                    as_of=as_of,
                    standard_code=standard,
                    version=version,
                    scope_path=path,
                    progress=watched.step,
                )
            except Forbidden:
                raise Forbidden(
                    "You may not screen these customers. Name your own branch with --institution, "
                    "or ask head office's policy officer."
                ) from None
        await summary(desk, run)
        await borderline(desk, run, why)
        if target is not None:
            written = await write_csv(desk, run, target, why)
            click.echo(f"\n{written:,} row(s) written to {target}")


async def path_of(desk: Desk, code: str) -> str:
    found = await finding.only(
        desk, "institution", f"institution with the code {code}", newest="code", columns=("path",), code=code
    )
    return str(found["path"])


async def summary(desk: Desk, run: Screening) -> None:
    """Counts for each owning branch. Institutions are public, counts are the screening's own result."""
    places = await finding.rows(desk, Selection("institution", columns=("code", "name")))
    names = {row["id"]: (row["code"], row["name"]) for row in places}
    counts = await counts_by_owner(run.id)
    table(
        ("institution", "name", "evaluated", "passed", "borderline", "incomplete"),
        [
            (*names.get(it.owner_id, ("?", "?")), it.evaluated, it.passed, it.borderline, it.incomplete)
            for it in counts
        ]
        + [("all", "", run.evaluated, run.passed, run.borderline, run.incomplete)],
    )
    click.echo(
        f"\nAs of {run.as_of}, months {run.window_from:%Y-%m} to {run.window_to:%Y-%m}. "
        f"Borderline: a figure within 5 % of its threshold. Incomplete: figures are missing."
    )


async def borderline(desk: Desk, run: Screening, why: Purpose | None) -> None:
    """The near cases among the customers whose figures this person may see."""
    shown: list[tuple[object, ...]] = []
    more = 0
    async for row in evaluations(desk, run, why, borderline=True):
        if len(shown) < MOST_BORDERLINE:
            shown.append(
                (row["customer_number"], row["name"], row["passed"], *(row[name] for name in AMOUNTS))
            )
        else:
            more += 1
    if not shown:
        click.echo(f"Of the {run.borderline:,} borderline case(s), {desk.sitter.number} may see none.")
        return
    click.echo()
    table(("borderline", "name", "passed", *AMOUNTS), shown)
    if more:
        click.echo(f"... and {more:,} more.")


async def evaluations(
    desk: Desk, run: Screening, why: Purpose | None, *, borderline: bool = False
) -> AsyncGenerator[dict[str, Any]]:
    """The evaluations of a screening that this person reaches, as rows of the CSV."""
    selection = Selection(
        "evaluation",
        columns=("as_of", "passed"),
        sections=(Section("figures", DataClass.ASSET, FIGURES),),
        children=(
            Child(
                "customer",
                "customer",
                Selection(
                    "customer",
                    columns=("number",),
                    sections=(Section("names", DataClass.NAME, ("name",)),),
                    children=(Child("owner", "owner", Selection("institution", columns=("code",))),),
                ),
            ),
            Child("standard", "standard", Selection("standard", columns=("code", "version"))),
        ),
        where=AllOf((Condition("screening_id", Op.EQ, run.id),)),
        purpose=why,
    )
    async for row in finding.paged(desk.working_on("screen"), selection):
        figures = row["figures"]
        if borderline and not figures["borderline"]:
            continue
        yield _flat(row, figures)


def _flat(row: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    customer, standard = row["customer"] or {}, row["standard"] or {}
    owner, reason = customer.get("owner") or {}, figures["reason"]
    currency = figures["currency"]
    return {
        "customer_number": customer.get("number"),
        "name": customer.get("names", {}).get("name"),
        "owner_code": owner.get("code"),
        "as_of": row["as_of"],
        "standard": f"{standard.get('code')} v{standard.get('version')}",
        "passed": row["passed"],
        **{name: figures[name] for name in FIGURES},
        **{name: _amount(figures[name], currency) for name in AMOUNTS},
        "visibility": Visibility(figures["visibility"]).value,
        "reason": str(reason) if reason else None,
    }


def _amount(minor: int | None, currency: str | None) -> Decimal | None:
    return None if minor is None or currency is None else from_minor(minor, currency)


async def write_csv(desk: Desk, run: Screening, target: Path, why: Purpose | None) -> int:
    """Write the rows aside and give the file its name when it is whole. Only its owner may read it."""
    part = target.with_name(f".{target.name}.part")
    count = 0
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(HEADER)
            async for row in evaluations(desk, run, why):
                writer.writerow([cell(row[name]) for name in HEADER])
                count += 1
        os.link(part, target)
    finally:
        part.unlink(missing_ok=True)
    return count


def cell(value: object) -> str:
    """A cell as text. Amounts and days are ours and stay as they are; every other text is made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | dt.date | int | UUID):
        return str(value)
    return harmless(str(value))
