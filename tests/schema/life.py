"""The rest of a membership's life in the small bank with a whole history: exceptions, invitations, handovers, merges,
monthly runs, and the law that all of it rests on. Every row has a value that only it has."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from authz import DataClass
from models.campaigns import Campaign, CampaignThreshold
from models.customers import Customer
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.handovers import Handover, HandoverLine
from models.history import MembershipEvent
from models.identity import FormerName, IdentityDocument
from models.indicators import Indicator, IndicatorFigure
from models.invitations import Invitation
from models.merges import CustomerMerge
from models.months import MonthRun, WorkItem
from models.rules import ImplementingRule
from models.vault import identity_text, mask_identity, vault
from models.what_if import WhatIf, WhatIfLine
from tests.cast import START, sealed

if TYPE_CHECKING:
    from tests.schema.whole import Whole

TIER1 = {"CD": "SC", "NJ": "JS"}
APPROVER = {"SC": "deng", "JS": "nan"}
RUN = UUID("00000000-0000-4000-8000-0000000000fe")
DAY = dt.date(2026, 10, 31)


async def live(whole: Whole, who: str, digit: int, word: str, of: tuple[str, str, str, str]) -> None:
    manager, office, centre, _ = of
    await _case(whole, who, digit, word, manager, office)
    await _identity(whole, who, digit, word)
    await _work(whole, who, digit, word, manager, centre)
    await _law(whole, who, digit, word, office)


def text_of(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


async def _case(whole: Whole, who: str, digit: int, word: str, manager: str, office: str) -> None:
    """Zhou's exception was refused, Qian's is open before Deng, Feng's was given back."""
    cast, ids = whole.cast, whole.ids
    customer, person, branch = cast.customers[who], cast.staff[manager], cast.places[TIER1[office]]
    state = {"zhou": "REJECTED", "qian": "SUBMITTED", "feng": "RETURNED"}[who]
    decider = cast.staff[APPROVER[branch.code]]
    decided: dict[str, Any] = {
        "decided_at": cast.now, "decided_by_id": decider.id, "decided_person_id": decider.person_id,
        "decision_reason": f"decision {word}", "version": 2,
    }  # fmt: skip
    case = await ExceptionCase.create(
        membership_id=ids["membership"][who], customer=customer, evaluation_id=ids["evaluation"][who],
        category="PUBLIC_FIGURE", reason=f"fame {word}", submitted_to=branch, submitted_to_path=branch.path, state=state,
        digest="0" * 64, submitted_at=cast.now, submitted_by_id=person.id, submitted_person_id=person.person_id,
        **({} if state == "SUBMITTED" else decided),
    )  # fmt: skip
    short = 7_000_00 + digit * 111_11
    shortfall = await ExceptionShortfall.create(
        case=case, customer=customer, kind="SPEND", currency="CNY", threshold=100_000_00, figure=100_000_00 - short,
        short=short,
    )  # fmt: skip
    invitation = await Invitation.create(
        customer=customer, channel="counter", state="ACCEPTED", invited_at=START, invited_by_id=person.id,
        recorded_at=START, answered_at=START, answered_recorded_at=START, answered_by_id=person.id,
        words=f"words {word}",
    )  # fmt: skip
    event = await MembershipEvent.create(
        membership_id=ids["membership"][who], customer=customer, state="APPLIED", version=1, at=START, recorded_at=START,
        by_id=person.id, reason=f"event {word}",
    )  # fmt: skip
    whole.add(who, case, shortfall, invitation, event)
    planted = whole.planted[who]
    planted[DataClass.ASSET] += [text_of(short), text_of(100_000_00 - short)]
    planted[DataClass.SERVICE] += [f"words {word}", f"event {word}"]
    whole.grounds[who] = [f"fame {word}", *([] if state == "SUBMITTED" else [f"decision {word}"])]


async def _identity(whole: Whole, who: str, digit: int, word: str) -> None:
    """What he was called, what he showed before, and a second row of his that was merged into this one."""
    cast = whole.cast
    customer, number, row_id = cast.customers[who], f"G7000{digit}{digit}{digit}{digit}", uuid4()
    document = await IdentityDocument.create(
        id=row_id, customer=customer, identity_kind="PASSPORT",
        identity_cipher=sealed("identity_document", "identity_cipher", row_id, number),
        identity_mask=mask_identity(number), identity_index=vault().index("identity", identity_text("PASSPORT", number)),
        replaced_at=START, recorded_at=START, reason="renewed",
    )  # fmt: skip
    name = await FormerName.create(
        customer=customer, name=f"旧名{word}", until=START.date(), recorded_at=START, reason="marriage"
    )
    twin = await _twin(cast.customers[who], f"{customer.number}-T")
    head = cast.staff["han"]
    merge = await CustomerMerge.create(
        kept=customer, gone=twin, state="MERGED", reason=f"one person {word}", proposed_at=START, proposed_by_id=head.id,
        proposed_person_id=head.person_id, decided_at=START, decided_by_id=cast.staff["wu"].id,
        decided_person_id=cast.staff["wu"].person_id,
    )  # fmt: skip
    whole.add(who, document, name, merge)
    whole.planted[who][DataClass.IDENTITY_DOC] += [number]
    whole.planted[who][DataClass.NAME] += [f"旧名{word}"]


async def _twin(kept: Customer, number: str) -> Customer:
    row_id, text = uuid4(), f"T{number}"
    return await Customer.create(
        id=row_id, number=number, name=kept.name, identity_kind="OTHER",
        identity_cipher=sealed("customer", "identity_cipher", row_id, text), identity_mask=mask_identity(text),
        identity_index=vault().index("identity", identity_text("OTHER", text)), opened_on=START.date(),
        owner_id=kept.owner_id, owner_path=kept.owner_path, tier1_id=kept.tier1_id, tier2_id=kept.tier2_id,
        merged_into_id=kept.id,
    )  # fmt: skip


async def _work(whole: Whole, who: str, digit: int, word: str, manager: str, centre: str) -> None:
    cast = whole.cast
    customer, person = cast.customers[who], cast.staff[manager]
    run = await MonthRun.get_or_none(id=RUN) or await MonthRun.create(
        id=RUN, as_of=DAY, step="DONE", started_by_id=cast.staff["officer"].id, started_at=START, finished_at=START,
        screened=4711,
    )  # fmt: skip
    item = await WorkItem.create(
        run=run, customer=customer, manager_id=person.id, kind="NEAR_MISS", tier="HEAD_OFFICE",
        due_on=DAY + dt.timedelta(days=digit), note=f"note {word}",
    )  # fmt: skip
    handover = await Handover.create(
        giver=person, receiver=cast.staff["gao"], witness=cast.staff["zhao"], institution=cast.places[centre],
        state="DONE", at=START, reason=f"leave {centre}", digest="0" * 64, drawn_up_by_id=cast.staff["han"].id,
        drawn_up_at=START, receiver_signed_at=START, witness_signed_at=START, done_at=START,
    )  # fmt: skip
    line = await HandoverLine.create(handover=handover, customer=customer)
    whole.add(who, run, item, handover, line)
    whole.planted[who][DataClass.VIP_STATUS] += [f"note {word}"]


async def _law(whole: Whole, who: str, digit: int, word: str, office: str) -> None:
    """Law is public; the figure of an indicator is the customer's."""
    cast = whole.cast
    branch, wrote, approved = cast.places[TIER1[office]], cast.staff["officer"], cast.staff["approver"]
    law: dict[str, Any] = {
        "effective_from": dt.date(2026, digit, 1), "drafted_by_id": wrote.id, "submitted_at": START,
    }  # fmt: skip
    agreed = {"state": "APPROVED", "approved_by_id": approved.id, "approved_at": START}
    campaign = await Campaign.create(
        code=f"SPRING{digit}", name=f"春季{digit}", standard_code="MEASURES", reason=f"spring {digit}", combine="ANY",
        effective_to=law["effective_from"], **law, **agreed,
    )  # fmt: skip
    threshold = await CampaignThreshold.create(
        campaign=campaign, kind="AVERAGE_SAVINGS", threshold=400_000_00 + digit
    )
    indicator = await Indicator.create(
        code=f"FUND{digit}", version=1, name=f"基金{digit}", owner=branch, currency="CNY", threshold=200_000_00 + digit,
        reason=f"funds {digit}", **law, **agreed,
    )  # fmt: skip
    held = 210_000_00 + digit * 1_111_11
    figure = await IndicatorFigure.create(
        indicator_code=indicator.code, customer=cast.customers[who], as_of=DAY, currency="CNY", amount=held,
        recorded_at=START, import_id=RUN,
    )  # fmt: skip
    rule = await ImplementingRule.create(
        owner=branch, version=digit, title=f"实施细则{digit}", document=f"shelf {digit}", summary=f"summary {digit}",
        state="SUBMITTED", **law,
    )  # fmt: skip
    what_if = await WhatIf.create(
        campaign=campaign,
        as_of=DAY,
        scope_path=branch.path,
        asked_by_id=wrote.id,
        made_at=START,
        evaluated=digit,
    )
    line = await WhatIfLine.create(
        what_if=what_if, institution=branch, evaluated=digit, passing=0, entering=digit, leaving=0, borderline=0,
        incomplete=0, moved=digit,
    )  # fmt: skip
    whole.add(who, campaign, threshold, indicator, figure, rule, what_if, line)
    whole.planted[who][DataClass.ASSET] += [text_of(held)]
