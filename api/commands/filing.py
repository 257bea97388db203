"""filing: register a customer, submit the filing, record it or return it (备案, Art. 3, 6, 9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from api.commands import finding
from api.commands.printing import table
from api.commands.running import House, as_staff, command, open_house
from api.commands.typed import DAY, MOMENT, word
from desk.desk import Desk
from desk.filing import record_filing, return_filing, submit_filing
from desk.membership import give_consent
from desk.membership import register as register_customer
from desk.selection import AllOf, Child, Condition, Op, Order, Page, Selection
from desk.standards import evaluate_one
from models.vocabulary import ConsentForm, FilingState

of_customer = click.option("--customer", required=True, metavar="NUMBER", help="The customer's number.")


@click.group()
def filing() -> None:
    """From a customer who applies to a VIP customer on record."""


@filing.command()
@of_customer
@click.option(
    "--centre", required=True, metavar="CODE", help="The wealth centre that keeps the archive (Notice 6)."
)
@click.option("--document", required=True, help="Where the signed voluntary consent is kept (Art. 3).")
@click.option("--notice-version", required=True, help="Which notice the customer was given.")
@click.option("--form", type=word(ConsentForm), default=ConsentForm.WRITTEN.value, help="How he consented.")
@click.option("--signed-at", type=MOMENT, help="When he signed consent and form. [now]")
@click.option("--servicing", metavar="CODE", help="Another outlet that serves him; needs a reason.")
@click.option("--servicing-reason", default="", help="Why another outlet serves him (Notice 6).")
@click.option("--needs", default="", help="Services that he asks for.")
@click.option("--contact", default="", help="How and when he wants to be reached.")
@as_staff
@command
async def register(
    customer: str,
    centre: str,
    document: str,
    notice_version: str,
    form: str,
    signed_at: dt.datetime | None,
    servicing: str | None,
    servicing_reason: str,
    needs: str,
    contact: str,
    staff: str,
) -> None:
    """Record a customer's consent and his registration form. By his full-time customer manager.

    A consent that is on record and in force is used; then --document and --notice-version change nothing.
    """
    async with open_house() as house:
        desk = await house.desk(staff)
        customer_id = await finding.customer(desk, customer)
        consent_id = await _consent_in_force(desk, customer_id, house)
        if consent_id is None:
            consent = await give_consent(
                desk,
                customer_id=customer_id,
                form=ConsentForm(form),
                document=document,
                notice_version=notice_version,
                given_at=signed_at or desk.now,
            )
            consent_id = consent.id
        made = await register_customer(
            desk,
            customer_id=customer_id,
            consent_id=consent_id,
            centre_id=await finding.institution(desk, centre),
            servicing_id=await finding.institution(desk, servicing) if servicing else None,
            servicing_reason=servicing_reason,
            service_needs=needs,
            contact_preference=contact,
            registered_at=signed_at,
        )
    click.echo(
        f"{customer} is registered: {made.state}. Next: python -m api filing submit --customer {customer}"
    )


async def _consent_in_force(desk: Desk, customer_id: Any, house: House) -> Any:
    found = await finding.rows(
        desk,
        Selection(
            "consent",
            columns=("kind", "valid_from", "valid_to", "ended_at"),
            where=Condition("customer_id", Op.EQ, customer_id),
        ),
    )
    for row in found:
        ends = [row[name] for name in ("valid_to", "ended_at") if row[name] is not None]
        if row["kind"] == "VOLUNTARY" and row["valid_from"] <= desk.now and all(desk.now < it for it in ends):
            return row["id"]
    return None


@filing.command()
@of_customer
@click.option(
    "--to", required=True, metavar="CODE", help="The office that will put it on record: tier-2 or above."
)
@click.option(
    "--as-of", type=DAY, help="Evaluate him anew as of this day, in place of his latest evaluation."
)
@click.option("--standard", default="MEASURES", help="The standard for --as-of. [MEASURES]")
@as_staff
@command
async def submit(customer: str, to: str, as_of: dt.date | None, standard: str, staff: str) -> None:
    """Submit a registered customer, or a member under review, with his evaluation. By his customer manager."""
    async with open_house() as house:
        desk = await house.desk(staff)
        customer_id = await finding.customer(desk, customer)
        membership = await finding.only(
            desk,
            "membership",
            f"application of {customer}",
            newest="id",
            customer_id=customer_id,
            over=False,
        )
        if as_of is not None:
            made = await evaluate_one(desk, customer_id=customer_id, as_of=as_of, standard_code=standard)
            evaluation_id = made.id
        else:
            # By several standards of one day he may pass one and fail another: the one that he passes is filed.
            latest = await finding.only(
                desk,
                "evaluation",
                f"passed evaluation of {customer}; evaluate him with --as-of, or submit an exception (Art. 7)",
                newest="as_of",
                customer_id=customer_id,
                passed=True,
            )
            evaluation_id = latest["id"]
        sent = await submit_filing(
            desk,
            membership_id=membership["id"],
            evaluation_id=evaluation_id,
            submitted_to_id=await finding.institution(desk, to),
        )
    click.echo(f"Filing {sent.id} of {customer} is {sent.state}, version {sent.version}, before {to}.")


@filing.command("list")
@click.option("--state", type=word(FilingState), help="Only filings of this state.")
@as_staff
@command
async def list_filings(state: str | None, staff: str) -> None:
    """List the filings that this person may see."""
    where = Condition("state", Op.EQ, state) if state else None
    async with open_house() as house:
        desk = await house.desk(staff)
        found = await finding.rows(
            desk,
            Selection(
                "filing",
                columns=("state", "version", "filing_number", "submitted_at"),
                children=(
                    Child("customer", "customer", Selection("customer", columns=("number",))),
                    Child("to", "submitted_to", Selection("institution", columns=("code",))),
                    Child("by", "submitted_by", Selection("staff", columns=("number",))),
                ),
                where=where,
            ),
        )
    table(
        ("customer", "state", "version", "before", "submitted by", "number"),
        [
            (
                (it["customer"] or {}).get("number"),
                it["state"],
                str(it["version"]),
                (it["to"] or {}).get("code"),
                (it["by"] or {}).get("number"),
                it["filing_number"],
            )
            for it in found
        ],
    )


@filing.command()
@of_customer
@click.option("--version", type=int, required=True, help="The version that was looked at, from filing list.")
@as_staff
@command
async def record(customer: str, version: int, staff: str) -> None:
    """Put a submitted filing on record: the customer is a VIP customer from now on. By another person (Art. 6)."""
    async with open_house() as house:
        desk = await house.desk(staff)
        done = await record_filing(desk, filing_id=await _submitted(desk, customer), version=version)
    click.echo(f"{customer} is on record as {done.filing_number}.")


@filing.command("return")
@of_customer
@click.option("--version", type=int, required=True, help="The version that was looked at, from filing list.")
@click.option("--reason", required=True, help="What is to be corrected.")
@as_staff
@command
async def give_back(customer: str, version: int, reason: str, staff: str) -> None:
    """Return a submitted filing for correction. By whoever could record it."""
    async with open_house() as house:
        desk = await house.desk(staff)
        await return_filing(desk, filing_id=await _submitted(desk, customer), version=version, reason=reason)
    click.echo(f"The filing of {customer} is returned.")


async def _submitted(desk: Desk, number: str) -> Any:
    """The filing that awaits a decision. There is at most one for each customer."""
    answer = await desk.read(
        Selection(
            "filing",
            where=AllOf(
                (
                    Condition("customer_id", Op.EQ, await finding.customer(desk, number)),
                    Condition("state", Op.EQ, FilingState.SUBMITTED.value),
                )
            ),
            order=(Order("submitted_at", descending=True),),
            page=Page(first=1),
        )
    )
    if not answer.rows:
        raise finding.NoSuch(f"No filing of {number} awaits a decision that {desk.sitter.number} may see.")
    return answer.rows[0]["id"]
