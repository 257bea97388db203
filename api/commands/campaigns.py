"""campaign: draft, submit, approve, return and list head office's campaigns (阶段性政策, Notice 2)."""

from __future__ import annotations

import datetime as dt

import click

from api.commands import finding
from api.commands.printing import shown, table
from api.commands.running import as_staff, command, open_house
from api.commands.standards import amounts
from api.commands.typed import DAY, word
from desk.selection import Child, Selection
from desk.standards.campaigns import approve_campaign, draft_campaign, return_campaign, submit_campaign
from models.money import from_minor
from models.vocabulary import Combine

of_campaign = click.option("--code", required=True, help="Code of the campaign.")


@click.group()
def campaign() -> None:
    """Thresholds for a time, by head office alone; they lapse by themselves (Notice 2)."""


@campaign.command()
@of_campaign
@click.option("--name", required=True, help="What people call it.")
@click.option("--standard", required=True, help="The head-office standard whose thresholds it replaces.")
@click.option("--savings", metavar="AMOUNT", help="Average savings over 12 months, met by >=.")
@click.option("--loan", metavar="AMOUNT", help="Loan balance in good standing, met by >=.")
@click.option("--spend", metavar="AMOUNT", help="Spend over 12 months, met by >=.")
@click.option("--combine", type=word(Combine), help="One criterion, or every one. [as the standard says]")
@click.option("--from", "first", type=DAY, required=True, help="Its first day.")
@click.option("--to", "last", type=DAY, required=True, help="Its last day, which counts to 24:00.")
@click.option("--reason", required=True, help="Why.")
@as_staff
@command
async def draft(
    code: str,
    name: str,
    standard: str,
    savings: str | None,
    loan: str | None,
    spend: str | None,
    combine: str | None,
    first: dt.date,
    last: dt.date,
    reason: str,
    staff: str,
) -> None:
    """Write a campaign. It changes nothing until another person approves it."""
    async with open_house() as house:
        made = await draft_campaign(
            await house.desk(staff),
            code=code,
            name=name,
            standard_code=standard,
            thresholds=amounts(savings, loan, spend),
            effective_from=first,
            effective_to=last,
            reason=reason,
            combine=Combine(combine) if combine else None,
        )
    click.echo(
        f"Campaign {made.code} is written. Put it before its approver: "
        f"python -m api campaign submit --code {made.code} --as STAFF"
    )


@campaign.command()
@of_campaign
@as_staff
@command
async def submit(code: str, staff: str) -> None:
    """Put a drafted campaign before head office's head of policy."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await submit_campaign(desk, campaign_id=await finding.campaign(desk, code))
    click.echo(
        f"Campaign {made.code} is submitted. Another person approves it: "
        f"python -m api campaign approve --code {made.code} --as STAFF"
    )


@campaign.command()
@of_campaign
@as_staff
@command
async def approve(code: str, staff: str) -> None:
    """Let a submitted campaign hold between its days. By another person than its writer."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await approve_campaign(desk, campaign_id=await finding.campaign(desk, code))
    click.echo(
        f"Campaign {made.code} is approved, from {made.effective_from} to {made.effective_to} at 24:00."
    )


@campaign.command("return")
@of_campaign
@click.option("--reason", required=True, help="What a new draft must say otherwise.")
@as_staff
@command
async def give_back(code: str, reason: str, staff: str) -> None:
    """Return a submitted campaign with a reason. It stays as it is; the correction has a code of its own."""
    async with open_house() as house:
        desk = await house.desk(staff)
        made = await return_campaign(desk, campaign_id=await finding.campaign(desk, code), reason=reason)
    click.echo(f"Campaign {made.code} is returned: {shown(made.return_reason)}")


@campaign.command("list")
@as_staff
@command
async def list_campaigns(staff: str) -> None:
    """List every campaign with the thresholds that it replaces."""
    async with open_house() as house:
        desk = await house.desk(staff)
        thresholds = Selection("campaign_threshold", columns=("kind", "threshold", "currency"))
        found = await finding.rows(
            desk,
            Selection(
                "campaign",
                columns=("code", "standard_code", "phase", "effective_from", "effective_to", "combine"),
                children=(Child("thresholds", "thresholds", thresholds),),
            ),
        )
    table(
        ("code", "standard", "phase", "from", "to", "combine", "thresholds"),
        [
            (
                it["code"],
                it["standard_code"],
                it["phase"],
                it["effective_from"],
                it["effective_to"],
                it["combine"],
                ", ".join(
                    f"{row['kind']} {from_minor(row['threshold'], row['currency'])} {row['currency']}"
                    for row in it["thresholds"].rows
                ),
            )
            for it in found
        ],
    )
