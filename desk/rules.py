"""Implementing rules (实施细则): each tier-1 branch issues its own, in versions, by two persons of it (Notice 1)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Facts, Kind
from desk import law
from desk.acts import act
from desk.desk import Desk
from models.institutions import Institution
from models.rules import ImplementingRule
from models.vocabulary import LawState
from models.wording import worded


@act("draftImplementingRule", ImplementingRule)
async def draft_implementing_rule(
    desk: Desk,
    *,
    owner_id: UUID,
    title: str,
    document: str,
    effective_from: dt.date,
    summary: str = "",
    idempotency_key: str | None = None,
) -> ImplementingRule:
    """Write the next version of a tier-1 branch's rules, or the first. By the branch's policy officer.

    `document` says where the text itself is kept: number and place. BAD_USER_INPUT names the field that is wrong.
    """
    owner = await desk.open(Institution, owner_id)
    desk.require(Action.PROPOSE, Kind.IMPLEMENTING_RULE, Facts(path=owner.path))
    law.must_be_tier1(owner, "Implementing rules are those")
    rule = ImplementingRule(
        owner_id=owner.id,
        title=worded(title, 120, "title", required=True),
        document=worded(document, 120, "document", required=True),
        summary=worded(summary, 1000, "summary"),
        state=LawState.DRAFT,
        effective_from=effective_from,
        drafted_by_id=desk.staff_id,
    )
    last = await rule.family().order_by("-version").first()
    rule.version = last.version + 1 if last else 1
    await rule.save()
    return rule


@act("submitImplementingRule", ImplementingRule)
async def submit_implementing_rule(
    desk: Desk, *, implementing_rule_id: UUID, idempotency_key: str | None = None
) -> ImplementingRule:
    """Put a draft before the branch's approver. By its policy officer. WRONG_STATE."""
    return await law.submit(desk, ImplementingRule, implementing_rule_id)


@act("returnImplementingRule", ImplementingRule)
async def return_implementing_rule(
    desk: Desk, *, implementing_rule_id: UUID, reason: str, idempotency_key: str | None = None
) -> ImplementingRule:
    """退回: the branch's approver says what the next version must say otherwise.

    WRONG_STATE, STANDARD_BY_WRITER, RETURN_REASON_REQUIRED.
    """
    return await law.give_back(desk, ImplementingRule, implementing_rule_id, reason)


@act("approveImplementingRule", ImplementingRule)
async def approve_implementing_rule(
    desk: Desk, *, implementing_rule_id: UUID, idempotency_key: str | None = None
) -> ImplementingRule:
    """Issue a submitted version: in force from its day on; the version before it ends on the day before.

    By the branch's own approver, another person than the writer, else STANDARD_BY_WRITER. WRONG_STATE;
    EFFECTIVE_TOO_EARLY.
    """
    return await law.succeed(desk, ImplementingRule, implementing_rule_id)
