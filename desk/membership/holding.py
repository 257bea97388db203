"""Holding: a row of one customer with his row locked, and what is closed with a membership that ends."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar
from uuid import UUID

from authz import Action, Kind
from desk.archives import close_archive
from desk.cards.ending import end_cards
from desk.desk import Desk
from models.cards import Card
from models.customers import Customer
from models.errors import BadInput
from models.exceptions import ExceptionCase
from models.filing import Filing
from models.invitations import Invitation
from models.membership import Membership
from models.registration import Consent
from models.vocabulary import ExceptionState, FilingState

M = TypeVar("M", Card, Customer, Consent, Membership, Filing, ExceptionCase, Invitation)


async def hold(customer_id: UUID) -> Customer:
    """The customer's row, locked until the act ends: acts on one customer's standing come one after another.

    Not FOR UPDATE, which would also keep a screening from writing evaluations that refer to him.
    """
    return await Customer.filter(id=customer_id).select_for_update(no_key=True).get()


async def take(
    desk: Desk, table: type[M], id: UUID, action: Action, kind: Kind | None = None
) -> tuple[M, Customer]:
    """A row for one act, and its customer's row locked.

    Permission is asked once more under the lock: whose customer he is may have changed while we waited for it.
    """
    seen = await desk.open(table, id, action, kind=kind)
    customer = await hold(id if isinstance(seen, Customer) else seen.customer_id)
    return await desk.open(table, id, action, kind=kind), customer


def must_be_past(moment: dt.datetime, now: dt.datetime, field: str) -> None:
    """What was signed was signed already. Valid time may lie back as far as it does (decisions.md 26)."""
    if moment > now:
        raise BadInput("This lies in the future. Give the time when it was signed.", field=field)


async def close(desk: Desk, membership: Membership, why: str) -> None:
    """With a membership that has just ended: what is undecided out of everybody's hands, its card ended, the archive closed.

    Within the act that ends it, so that all of it happens or none.
    """
    for filing in await Filing.filter(membership_id=membership.id, state=FilingState.SUBMITTED):
        await filing.lapse(desk.now, why)
    for case in await ExceptionCase.filter(membership_id=membership.id, state=ExceptionState.SUBMITTED):
        await case.lapse(desk.now, why)
    await end_cards(desk, membership, why)
    await close_archive(membership)
