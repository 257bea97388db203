"""standard: draft, submit, approve, return and list the versions of quantitative standards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import click

from api.commands import finding
from api.commands.printing import shown, table
from api.commands.running import as_staff, command, open_house
from api.commands.typed import DAY, word
from desk.selection import Child, Selection
from desk.standards import approve_standard, draft_standard, return_standard, submit_standard
from models.money import from_minor
from models.vocabulary import AveragingRule, Combine, CriterionKind, Tier

of_version = [
    click.option("--code", required=True, help="Code of the standard."),
    click.option("--version", type=click.IntRange(1), help="The newest when none is given."),
]


def named(function: Callable[..., None]) -> Callable[..., None]:
    """The options that name a version."""
    for option in reversed(of_version):
        function = option(function)
    return function


def amounts(savings: str | None, loan: str | None, spend: str | None) -> dict[CriterionKind, str]:
    """The thresholds that were given."""
    given = {
        CriterionKind.AVERAGE_SAVINGS: savings,
        CriterionKind.LOAN_BALANCE: loan,
        CriterionKind.SPEND: spend,
    }
    return {kind: amount for kind, amount in given.items() if amount is not None}


@click.group()
def standard() -> None:
    """Quantitative standards: versioned law, written by one person and approved by another (Art. 6, 8, Notice 2)."""


@standard.command()
@click.option("--code", required=True, help="Capitals, digits, _ and -, e.g. PKDD.")
@click.option("--name", required=True, help="What people call it.")
@click.option("--currency", required=True, help="Currency of the thresholds, e.g. CNY.")
@click.option("--savings", metavar="AMOUNT", help="Average savings over 12 months, met by >=.")
@click.option("--loan", metavar="AMOUNT", help="Loan balance in good standing, met by >=.")
@click.option("--spend", metavar="AMOUNT", help="Spend over 12 months, met by >=.")
@click.option("--spend-kinds", default="card", help="Kinds of spend that count, separated by commas. [card]")
@click.option("--averaging-rule", type=word(AveragingRule), default=AveragingRule.DAILY_12.value)
@click.option("--combine", type=word(Combine), default=Combine.ANY.value, help="One criterion, or every one.")
@click.option(
    "--loan-look-back", type=click.IntRange(0, 600), default=24, help="Months without a fault. [24]"
)
@click.option("--effective-from", type=DAY, required=True, help="Its first day as law.")
@click.option("--source", required=True, help="The document that says so.")
@click.option("--tier", type=word(Tier), default=Tier.HEAD_OFFICE.value)
@click.option(
    "--owner", metavar="CODE", help="The tier-1 branch whose own standard it is; needs --tier BRANCH."
)
@as_staff
@command
async def draft(
    code: str,
    name: str,
    currency: str,
    savings: str | None,
    loan: str | None,
    spend: str | None,
    spend_kinds: str,
    averaging_rule: str,
    combine: str,
    loan_look_back: int,
    effective_from: dt.date,
    source: str,
    tier: str,
    owner: str | None,
    staff: str,
) -> None:
    """Write the next version of a standard. It judges nobody until another person approves it."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await draft_standard(
            desk,
            code=code,
            name=name,
            currency=currency,
            thresholds=amounts(savings, loan, spend),
            effective_from=effective_from,
            source=source,
            combine=Combine(combine),
            averaging_rule=AveragingRule(averaging_rule),
            spend_kinds=[kind.strip() for kind in spend_kinds.split(",") if kind.strip()],
            loan_look_back_months=loan_look_back,
            tier=Tier(tier),
            owner_id=await finding.institution(desk, owner) if owner else None,
        )
    click.echo(
        f"{made.code} version {made.version} is written. Put it before its approver: "
        f"python -m api standard submit --code {made.code} --version {made.version} --as STAFF"
    )


@standard.command()
@named
@as_staff
@command
async def submit(code: str, version: int | None, staff: str) -> None:
    """Put a drafted version before whoever approves it."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await submit_standard(desk, standard_id=await finding.standard(desk, code, version))
    click.echo(
        f"{made.code} version {made.version} is submitted. Another person approves it: "
        f"python -m api standard approve --code {made.code} --version {made.version} --as STAFF"
    )


@standard.command("return")
@named
@click.option("--reason", required=True, help="What the next version must say otherwise.")
@as_staff
@command
async def give_back(code: str, version: int | None, reason: str, staff: str) -> None:
    """Return a submitted version with a reason. It stays as it is; the correction is the next version."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await return_standard(
            desk, standard_id=await finding.standard(desk, code, version), reason=reason
        )
    click.echo(f"{made.code} version {made.version} is returned: {shown(made.return_reason)}")


@standard.command()
@named
@as_staff
@command
async def approve(code: str, version: int | None, staff: str) -> None:
    """Make a version law from its first day on. By another person than its writer."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await approve_standard(desk, standard_id=await finding.standard(desk, code, version))
    click.echo(f"{made.code} version {made.version} is approved, law from {made.effective_from} on.")


@standard.command("list")
@as_staff
@command
async def list_standards(staff: str) -> None:
    """List every version with its thresholds."""
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await finding.rows(
            desk,
            Selection(
                "standard",
                columns=(
                    "code", "version", "phase", "effective_from", "effective_to", "currency", "combine",
                    "averaging_rule", "spend_kinds",
                ),
                children=(
                    Child("criteria", "criteria", Selection("criterion", columns=("kind", "threshold"))),
                ),
            ),
        )  # fmt: skip
    table(
        ("code", "version", "phase", "from", "to", "combine", "average", "spend", "thresholds"),
        [
            (
                it["code"],
                str(it["version"]),
                it["phase"],
                it["effective_from"],
                it["effective_to"],
                it["combine"],
                it["averaging_rule"],
                it["spend_kinds"],
                ", ".join(
                    f"{row['kind']} {from_minor(row['threshold'], it['currency'])} {it['currency']}"
                    for row in it["criteria"].rows
                ),
            )
            for it in found
        ],
    )
