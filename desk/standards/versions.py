"""Versions of a standard: drafted by one person, approved by another, law from a day on (Notice 2, Art. 5, 6, 8)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from authz import Action, Facts, Kind
from desk import law
from desk.acts import act
from desk.desk import Desk
from desk.standards.terms import coded, thresholds_of
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.standards import Criterion, Standard
from models.vocabulary import AveragingRule, Combine, CriterionKind, LawState, Tier
from models.wording import worded

_KIND = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)
LONGEST_LOOK_BACK = 600


class NoStandard(Refusal):
    """No version of this standard is law on that day, or the one asked for was never approved."""

    code = "NO_STANDARD"
    article = "6"


async def standard_in_force(code: str, on: dt.date, version: int | None = None) -> Standard:
    """The version that was law on a day, or a given approved version whenever it was law (who would fail?)."""
    versions = await Standard.filter(code=code, state=LawState.APPROVED).order_by("-version")
    for standard in versions:
        if standard.version == version or (version is None and standard.in_force(on)):
            return standard
    if version is not None:
        raise NoStandard(
            f"There is no approved version {version} of standard {code}. Look at the list of standards.",
            field="version",
        )
    raise NoStandard(
        f"No version of standard {code} is in force on {on.isoformat()}. Look at the list of standards.",
        field="standardCode",
    )


@act("draftStandard", Standard)
async def draft_standard(
    desk: Desk,
    *,
    code: str,
    name: str,
    currency: str,
    thresholds: Mapping[CriterionKind, str | Decimal],
    effective_from: dt.date,
    source: str,
    combine: Combine = Combine.ANY,
    averaging_rule: AveragingRule = AveragingRule.DAILY_12,
    spend_kinds: Sequence[str] = ("card",),
    loan_look_back_months: int = 24,
    tier: Tier = Tier.HEAD_OFFICE,
    owner_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> Standard:
    """Write the next version of a standard, or the first. It judges nobody until another person approves it.

    For head office's policy officer; for a tier-1 branch's own standard (`tier` BRANCH, `owner_id`) also for its
    officer. Thresholds are amounts of `currency`, e.g. 500000.00. A version is never edited: draft the next one,
    in the same currency and of the same owner. BAD_USER_INPUT names the field that is wrong.
    """
    owner = await desk.open(Institution, owner_id) if owner_id else None
    desk.require(Action.PROPOSE, Kind.STANDARD, Facts(path=owner.path if owner else None))
    _owned_rightly(tier, owner)
    kinds = _spend_kinds(spend_kinds, CriterionKind.SPEND in thresholds)
    if not 0 <= loan_look_back_months <= LONGEST_LOOK_BACK:
        raise BadInput(f"Look back 0 to {LONGEST_LOOK_BACK} months on loans.", field="loanLookBackMonths")
    amounts = thresholds_of(thresholds, currency)
    standard = Standard(
        code=coded(code),
        name=worded(name, 120, "name", required=True),
        tier=tier,
        owner_id=owner_id,
        currency=currency,
        combine=combine,
        averaging_rule=averaging_rule,
        spend_kinds=kinds,
        loan_look_back_months=loan_look_back_months,
        state=LawState.DRAFT,
        effective_from=effective_from,
        source=worded(source, 200, "source", required=True),
        drafted_by_id=desk.staff_id,
    )
    last = await Standard.filter(code=code).order_by("-version").first()
    standard.version = _next_to(last, standard)
    await standard.save()
    for kind, threshold in amounts.items():
        await Criterion.create(standard_id=standard.id, kind=kind, threshold=threshold)
    return standard


@act("submitStandard", Standard)
async def submit_standard(desk: Desk, *, standard_id: UUID, idempotency_key: str | None = None) -> Standard:
    """Put a draft before whoever approves it. For who may draft it (`draft_standard`). WRONG_STATE."""
    return await law.submit(desk, Standard, standard_id)


@act("returnStandard", Standard)
async def return_standard(
    desk: Desk, *, standard_id: UUID, reason: str, idempotency_key: str | None = None
) -> Standard:
    """退回: the approver says what the next version must say otherwise.

    WRONG_STATE, STANDARD_BY_WRITER, RETURN_REASON_REQUIRED.
    """
    return await law.give_back(desk, Standard, standard_id, reason)


@act("approveStandard", Standard)
async def approve_standard(desk: Desk, *, standard_id: UUID, idempotency_key: str | None = None) -> Standard:
    """Make a submitted version law from its day on; the version before it ends on the day before. Evaluations made stay.

    For head office's head of policy; for a branch's own standard also for its approver. WRONG_STATE unless it is
    submitted. Another person than the writer, else STANDARD_BY_WRITER. EFFECTIVE_TOO_EARLY when it would begin
    before the version that it follows.
    """
    return await law.succeed(desk, Standard, standard_id)


def _owned_rightly(tier: Tier, owner: Institution | None) -> None:
    """Head office's tier has head office's standard; a tier-1 branch sets that of its own tier (Art. 6, 8)."""
    if tier is Tier.HEAD_OFFICE:
        if owner is not None:
            raise BadInput(
                "The standard of the head-office tier is head office's. Leave out the owner.", field="ownerId"
            )
    elif owner is None:
        raise BadInput(
            "A branch-tier standard belongs to a tier-1 branch. Name it as the owner.", field="ownerId"
        )
    else:
        law.must_be_tier1(owner, "A branch-tier standard is that")


def _next_to(last: Standard | None, standard: Standard) -> int:
    """The number of the next version. Whose it is and in what currency it is stays, for campaigns name only the code."""
    if last is None:
        return 1
    if (last.owner_id, last.tier) != (standard.owner_id, standard.tier):
        raise BadInput(
            "This code is that of another institution's standard. Choose another one.", field="code"
        )
    if last.currency != standard.currency:
        raise BadInput(
            f"This standard is in {last.currency}. Keep that, or choose another code.", field="currency"
        )
    return last.version + 1


def _spend_kinds(kinds: Sequence[str], needed: bool) -> str:
    if needed and not kinds:
        raise BadInput("Name the kinds of spend that count, e.g. card.", field="spendKinds")
    if any(not _KIND.fullmatch(kind) for kind in kinds):
        raise BadInput("A kind of spend has up to 24 letters, digits, _ and -.", field="spendKinds")
    text = ",".join(dict.fromkeys(kinds))
    if len(text) > 200:
        raise BadInput(
            "These are too many kinds of spend: 200 characters in all are kept.", field="spendKinds"
        )
    return text
