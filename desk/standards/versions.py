"""Versions of a standard: drafted by one person, approved by another, law from a day on (Notice 2, Art. 5, 6, 8)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from authz import Action, Facts, Kind
from authz.duties import Duty
from desk.acts import act
from desk.desk import Desk
from desk.people.separation import apart
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.money import to_minor
from models.people import Staff
from models.standards import Criterion, Standard
from models.vocabulary import AveragingRule, Combine, CriterionKind, LawState, Level, Tier
from models.wording import worded

_CODE = re.compile(r"[A-Z][A-Z0-9_-]{0,31}", re.ASCII)
_KIND = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)
LONGEST_LOOK_BACK = 600
_ONE_DAY = dt.timedelta(days=1)


class NoStandard(Refusal):
    """No version of this standard is law on that day, or the one asked for was never approved."""

    code = "NO_STANDARD"
    article = "6"


class EffectiveTooEarly(Refusal):
    """A version takes over from its predecessor; it cannot begin before it."""

    code = "EFFECTIVE_TOO_EARLY"
    article = "Notice 2"


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
) -> Standard:
    """Write the next version of a standard, or the first. It judges nobody until another person approves it.

    For head office's policy officer; for a tier-1 branch's own standard (`tier` BRANCH, `owner_id`) also for its
    officer. Thresholds are amounts of `currency`, e.g. 500000.00. A version is never edited: draft the next one.
    """
    owner = await Institution.get_or_none(id=owner_id) if owner_id else None
    desk.require(Action.PROPOSE, Kind.STANDARD, Facts(path=owner.path if owner else None))
    _owned_rightly(tier, owner_id, owner)
    if not _CODE.fullmatch(code):
        raise BadInput(
            "A code has up to 32 capitals, digits, _ and -, and begins with a capital.", field="code"
        )
    kinds = _spend_kinds(spend_kinds, CriterionKind.SPEND in thresholds)
    if not 0 <= loan_look_back_months <= LONGEST_LOOK_BACK:
        raise BadInput(f"Look back 0 to {LONGEST_LOOK_BACK} months on loans.", field="loanLookBackMonths")
    amounts = _amounts(thresholds, currency)
    last = await Standard.filter(code=code).order_by("-version").first()
    if last is not None and (last.owner_id, last.tier) != (owner_id, tier):
        raise BadInput(
            "This code is that of another institution's standard. Choose another one.", field="code"
        )
    standard = await Standard.create(
        code=code,
        version=last.version + 1 if last else 1,
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
    for kind, threshold in sorted(amounts.items()):
        await Criterion.create(standard_id=standard.id, kind=kind, threshold=threshold)
    return standard


@act("submitStandard", Standard)
async def submit_standard(desk: Desk, *, standard_id: UUID, idempotency_key: str | None = None) -> Standard:
    """Put a draft before whoever approves it. For who may draft it (`draft_standard`). WRONG_STATE."""
    standard = await desk.open(Standard, standard_id, Action.PROPOSE, lock=True)
    await standard.submit(desk.now)
    return standard


@act("returnStandard", Standard)
async def return_standard(
    desk: Desk, *, standard_id: UUID, reason: str, idempotency_key: str | None = None
) -> Standard:
    """退回: the approver says what the next version must say otherwise. RETURN_REASON_REQUIRED, WRONG_STATE."""
    standard = await desk.open(Standard, standard_id, Action.APPROVE, lock=True)
    await _by_another(desk, standard)
    await standard.give_back(worded(reason, 400, "reason"))
    return standard


@act("approveStandard", Standard)
async def approve_standard(desk: Desk, *, standard_id: UUID, idempotency_key: str | None = None) -> Standard:
    """Make a submitted version law from its day on; the version before it ends on the day before. Evaluations made stay.

    For head office's head of policy; for a branch's own standard also for its approver. Another person than the
    writer, else STANDARD_BY_WRITER. EFFECTIVE_TOO_EARLY when it would begin before the version that it follows.
    """
    standard = await desk.open(Standard, standard_id, Action.APPROVE, lock=True)
    standard.must_be_submitted()
    await _by_another(desk, standard)
    before = (
        await Standard.filter(code=standard.code, state=LawState.APPROVED)
        .order_by("-effective_from")
        .select_for_update()
        .first()
    )
    if before is not None:
        if standard.effective_from <= before.effective_from:
            raise EffectiveTooEarly(
                f"Version {before.version} is law from {before.effective_from.isoformat()}. "
                "Draft a version that begins later.",
                field="effectiveFrom",
            )
        before.effective_to = standard.effective_from - _ONE_DAY
        await before.save(update_fields=["effective_to"])
    await standard.approve(desk.now, desk.staff_id)
    return standard


async def _by_another(desk: Desk, standard: Standard) -> None:
    writer = await Staff.get(id=standard.drafted_by_id)
    apart(Duty.STANDARD, writer.person_id, desk.actor.person_id)


def _owned_rightly(tier: Tier, owner_id: UUID | None, owner: Institution | None) -> None:
    """Head office's tier has head office's standard; a tier-1 branch sets that of its own tier (Art. 6, 8)."""
    if tier is Tier.HEAD_OFFICE and owner_id is not None:
        raise BadInput(
            "The standard of the head-office tier is head office's. Leave out the owner.", field="ownerId"
        )
    if tier is Tier.BRANCH and (owner is None or owner.level != Level.TIER1):
        raise BadInput(
            "A branch-tier standard belongs to a tier-1 branch. Name it as the owner.", field="ownerId"
        )


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


def _amounts(thresholds: Mapping[CriterionKind, str | Decimal], currency: str) -> dict[CriterionKind, int]:
    if not thresholds:
        raise BadInput("A standard needs at least one criterion.", field="thresholds")
    amounts = {kind: to_minor(amount, currency) for kind, amount in thresholds.items()}
    if min(amounts.values()) <= 0:
        raise BadInput("A threshold is an amount above 0: everybody would meet this one.", field="thresholds")
    return amounts
