"""Extra indicators (其他指标): proposed by a tier-1 branch, approved by head office, and then for that branch only (Art. 5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

from authz import Action, Facts, Kind
from desk import law
from desk.acts import act
from desk.desk import Desk
from desk.standards.terms import coded, threshold_of
from models.errors import BadInput
from models.indicators import Indicator
from models.institutions import Institution
from models.vocabulary import LawState
from models.wording import worded


@act("proposeIndicator", Indicator)
async def propose_indicator(
    desk: Desk,
    *,
    owner_id: UUID,
    code: str,
    name: str,
    currency: str,
    threshold: str | Decimal,
    effective_from: dt.date,
    reason: str,
    idempotency_key: str | None = None,
) -> Indicator:
    """Write the next version of an indicator, or the first. It counts for nobody until head office approves it.

    By the tier-1 branch's own policy officer; `reason` says why the three criteria do not suffice there. `threshold`
    is an amount of `currency`, met by `>=`. The code keeps its branch and its currency. BAD_USER_INPUT names the field.
    """
    owner = await desk.open(Institution, owner_id)
    desk.require(Action.PROPOSE, Kind.INDICATOR, Facts(path=owner.path))
    law.must_be_tier1(owner, "An extra indicator is that")
    indicator = Indicator(
        code=coded(code),
        name=worded(name, 120, "name", required=True),
        owner_id=owner.id,
        currency=currency,
        threshold=threshold_of(threshold, currency, "threshold"),
        reason=worded(reason, 400, "reason", required=True),
        state=LawState.DRAFT,
        effective_from=effective_from,
        drafted_by_id=desk.staff_id,
    )
    last = await Indicator.filter(code=code).order_by("-version").first()
    indicator.version = _next_to(last, indicator)
    await indicator.save()
    return indicator


@act("submitIndicator", Indicator)
async def submit_indicator(
    desk: Desk, *, indicator_id: UUID, idempotency_key: str | None = None
) -> Indicator:
    """Put a proposal before head office. By the branch's policy officer. WRONG_STATE."""
    return await law.submit(desk, Indicator, indicator_id)


@act("returnIndicator", Indicator)
async def return_indicator(
    desk: Desk, *, indicator_id: UUID, reason: str, idempotency_key: str | None = None
) -> Indicator:
    """退回: head office says why it does not approve, or what the next version must say otherwise.

    WRONG_STATE, STANDARD_BY_WRITER, RETURN_REASON_REQUIRED.
    """
    return await law.give_back(desk, Indicator, indicator_id, reason)


@act("approveIndicator", Indicator)
async def approve_indicator(
    desk: Desk, *, indicator_id: UUID, idempotency_key: str | None = None
) -> Indicator:
    """Let an indicator count in its branch from its day on; the version before it ends on the day before.

    By head office's head of policy, never by the branch (Art. 5), and by another person than the writer, else
    STANDARD_BY_WRITER. WRONG_STATE; EFFECTIVE_TOO_EARLY. Evaluations made stay as they are.
    """
    return await law.succeed(desk, Indicator, indicator_id)


def _next_to(last: Indicator | None, indicator: Indicator) -> int:
    """The number of the next version. Figures are kept by code, so a code is one branch's, in one currency."""
    if last is None:
        return 1
    if last.owner_id != indicator.owner_id:
        raise BadInput("This code is that of another branch's indicator. Choose another one.", field="code")
    if last.currency != indicator.currency:
        raise BadInput(
            f"The figures of this indicator are in {last.currency}. Keep that, or choose another code.",
            field="currency",
        )
    return last.version + 1
