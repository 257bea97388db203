"""A membership's life in the bank of the corpus: law in every state, cases before everybody, work, lists and merges."""

from __future__ import annotations

import datetime as dt
from typing import Any

from models.accounts import AccountHolder
from models.customers import Customer
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.handovers import Handover, HandoverLine
from models.history import MembershipEvent
from models.identity import FormerName, IdentityDocument
from models.invitations import Invitation
from models.membership import Membership
from models.merges import CustomerMerge
from models.months import MonthRun, WorkItem
from models.people import Assignment, Recusal
from models.standards import Evaluation, Screening
from models.vault import identity_text, mask_identity, vault
from tests.cast import START, sealed
from tests.conftest import NOW
from tests.schema.corpus.affairs_of_law import law, measured
from tests.schema.corpus.affairs_of_people import covers, managers, members
from tests.schema.crowd import like, row_id
from tests.schema.whole import Whole

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
TODAY = NOW.date()


async def affairs(whole: Whole) -> None:
    """All of it, into the open database, which has the whole bank and the crowd."""
    await managers(whole)
    await members()
    await law(whole)
    await measured(whole)
    await _cases(whole)
    await _told(whole)
    await _work(whole)
    await _lists(whole)
    await _merges(whole)
    await covers(whole)


async def _customers(*numbers: str) -> list[Customer]:
    return [await Customer.get(number=number) for number in numbers]


async def _cases(whole: Whole) -> None:
    """Exceptions in every state and before both branches; of one Deng evaluated the customer, of one he is a relative."""
    cast = whole.cast
    deng, nan = cast.staff["deng"], cast.staff["nan"]
    for n, (number, state, branch) in enumerate(
        (
            ("CD00000", "SUBMITTED", "SC"),
            ("CD00004", "SUBMITTED", "SC"),
            ("CD00005", "SUBMITTED", "SC"),
            ("MY00000", "SUBMITTED", "SC"),
            ("MY00001", "APPROVED", "SC"),
            ("CD00002", "REJECTED", "SC"),
            ("NJ00002", "WITHDRAWN", "JS"),
            ("NJ00003", "SUBMITTED", "JS"),
            ("CD00001", "RETURNED", "SC"),
        )
    ):
        customer, place = await Customer.get(number=number), cast.places[branch]
        evaluation = await Evaluation.filter(customer_id=customer.id).order_by("recorded_at", "id").first()
        assert evaluation is not None
        member = await Membership.get(customer_id=customer.id)
        manager = cast.staff["tang" if branch == "JS" else "luo"]
        decided: dict[str, Any] = {} if state == "SUBMITTED" else {"decided_at": NOW, "version": 2}
        if state in {"APPROVED", "REJECTED", "RETURNED"}:
            decided |= {
                "decided_by_id": deng.id,
                "decided_person_id": deng.person_id,
                "decision_reason": f"so {n}",
            }
        case = await ExceptionCase.create(
            membership=member, customer=customer, evaluation=evaluation, reason=f"because {n}", state=state,
            category=("PUBLIC_FIGURE", "POTENTIAL", "ENTERPRISE_HEAD", "MAJOR_CONTRIBUTOR")[n % 4], submitted_to=place,
            submitted_to_path=place.path, renewal=n % 2 == 0, digest="0" * 64, submitted_at=NOW - (n // 2) * DAY,
            submitted_by_id=manager.id, submitted_person_id=manager.person_id,
            approval_number=f"E-{n}" if state == "APPROVED" else None, **decided,
        )  # fmt: skip
        for kind, code in (
            ("SPEND", ""),
            ("INDICATOR", "GOLD"),
            ("INDICATOR", "FUND1"),
            ("LOAN_BALANCE", ""),
        )[: n % 5]:
            kind = kind if kind != "INDICATOR" else "AVERAGE_SAVINGS"
            await ExceptionShortfall.create(
                case=case, customer=customer, kind=kind, indicator_code=code, currency="JPY" if n % 2 else "CNY",
                threshold=500_000_00 + n, figure=n, short=500_000_00,
            )  # fmt: skip
        if number == "CD00004":
            screening = like(
                await Screening.get(id=evaluation.screening_id), id=row_id("by Deng"), started_by_id=deng.id
            )
            await screening.save(force_create=True)
            await Evaluation.filter(id=evaluation.id).update(screening_id=screening.id)
        if number == "CD00005":
            for who in (deng, cast.staff["han"]):
                await Recusal.create(
                    person_id=who.person_id, customer_id=customer.id, relation="SISTER", recorded_at=NOW
                )
    # Nan approves at Jiangsu too, though not in its personal banking department.
    await Assignment.create(
        staff=nan, role="exc_approver", institution=cast.places["JS"], department="OPERATIONS", full_time=False,
        valid_from=START, recorded_at=START,
    )  # fmt: skip


async def _told(whole: Whole) -> None:
    """Invitations open and declined; changes of memberships with their causes; names and documents of before."""
    cast = whole.cast
    lin = cast.staff["lin"].id
    for n, (number, state) in enumerate(
        (
            ("CD00000", "OPEN"),
            ("CD00001", "DECLINED"),
            ("MY00000", "OPEN"),
            ("NJ00000", "ACCEPTED"),
            ("CD00002", "OPEN"),
        )
    ):
        (customer,) = await _customers(number)
        answered = (
            {} if state == "OPEN" else {"answered_at": NOW, "answered_by_id": lin, "words": f"said {n}"}
        )
        await Invitation.create(
            customer=customer, channel="letter", state=state, invited_at=NOW - n * DAY, invited_by_id=lin,
            recorded_at=NOW, **answered,
        )  # fmt: skip
    for number, cause in (
        ("MY00001", "LOAN_ARREARS"),
        ("CD00001", ""),
        ("NJ00001", "HARM_TO_BANK"),
        ("CD00000", ""),
    ):
        (customer,) = await _customers(number)
        member = await Membership.get(customer_id=customer.id)
        for version, state in ((2, "ACTIVE"), (3, "SUSPENDED")):
            await MembershipEvent.create(
                membership=member, customer=customer, state=state, version=version, at=START + version * DAY,
                recorded_at=NOW, tier="BRANCH" if version == 2 else None, by_id=lin if version == 3 else None,
                cause=cause if version == 3 else "", reason=f"{state} {number}", term_ends=member.term_ends,
            )  # fmt: skip
    for number, documents in (("CD00000", 2), ("CD00002", 1), ("NJ00000", 1), ("MY00001", 1)):
        (customer,) = await _customers(number)
        for n in range(documents):
            text, key = f"H{n}{number}", row_id("document", number, n)
            await IdentityDocument.create(
                id=key, customer=customer, identity_kind="PASSPORT" if n else "OTHER",
                identity_cipher=sealed("identity_document", "identity_cipher", key, text),
                identity_mask=mask_identity(text), identity_index=vault().index("identity", identity_text("OTHER", text)),
                replaced_at=START + DAY, recorded_at=NOW, reason="" if n else "expired",
            )  # fmt: skip
            await FormerName.create(
                customer=customer,
                name=f"曾{n}{number}",
                until=TODAY - n * DAY,
                recorded_at=NOW,
                reason="" if n else "court",
            )
    # What was done with a duplicate stays with it, and nobody sees it (decisions.md 27).
    for twin in await Customer.filter(merged_into_id__isnull=False):
        await Invitation.create(
            customer=twin, channel="letter", state="OPEN", invited_at=NOW, invited_by_id=lin, recorded_at=NOW
        )
        await FormerName.create(customer=twin, name="旧", until=TODAY, recorded_at=NOW)
    account = cast.accounts["zhou"]
    for who, role in (("qian", "JOINT"), ("feng", "DISPONENT")):
        await AccountHolder.create(account=account, customer=cast.customers[who], role=role)
    twin = await Customer.get(merged_into_id=cast.customers["zhou"].id)
    await AccountHolder.create(account=account, customer=twin, role="JOINT")
    await AccountHolder.create(account=cast.accounts["feng"], customer=cast.customers["zhou"], role="JOINT")


async def _work(whole: Whole) -> None:
    """Items of two months: for managers, for a head because nobody serves, done and replaced ones."""
    cast = whole.cast
    run = await MonthRun.create(
        as_of=dt.date(2026, 9, 30), step="SCREEN", source="files", started_by_id=cast.staff["officer"].id,
        started_at=NOW - 30 * DAY, screened=9, unmanaged=1,
    )  # fmt: skip
    for n, (number, kind, state) in enumerate(
        (
            ("CD00000", "NEAR_MISS", "OPEN"),
            ("CD00000", "TERM_ENDING", "OPEN"),
            ("CD00001", "NEWLY_ELIGIBLE", "DONE"),
            ("CD00002", "MISSING_DATA", "OPEN"),
            ("CD00003", "MISSING_DATA", "OPEN"),
            ("CD00004", "NO_LONGER_ELIGIBLE", "SUPERSEDED"),
            ("CD00005", "TERM_ENDING", "OPEN"),
            ("MY00000", "NEAR_MISS", "OPEN"),
            ("NJ00000", "NEAR_MISS", "OPEN"),
            ("NJ00001", "TERM_ENDING", "OPEN"),
        )
    ):
        customer = await Customer.get(number=number)
        member = await Membership.get(customer_id=customer.id)
        evaluation = await Evaluation.filter(customer_id=customer.id).order_by("recorded_at", "id").first()
        assert evaluation is not None
        done = (
            {"done_at": NOW, "done_by_id": cast.staff["luo"].id, "note": f"called {n}"}
            if state == "DONE"
            else {}
        )
        await WorkItem.create(
            run=run, customer=customer, kind=kind, state=state, due_on=TODAY + (n % 3) * DAY, tier="BRANCH" if n % 2 else None,
            manager_id=cast.staff["luo"].id if n % 3 else None, evaluation_id=evaluation.id,
            membership_id=member.id if n % 2 else None, **done,
        )  # fmt: skip


async def _lists(whole: Whole) -> None:
    """Handover lists that wait for signatures, are done in this very second, will be done in the next, or were called off."""
    cast = whole.cast
    for giver, receiver, witness, centre, state, done_at, numbers in (
        ("lin", "luo", "han", "CDW", "DRAWN_UP", None, ("CD00000", "CD00002", "CD00004")),
        ("luo", "lin", "wu", "CDW", "SIGNED", NOW, ("CD00001", "CD00003", "MY00000")),
        ("tang", "half", "nan", "NJW", "SIGNED", NOW + SECOND, ("NJ00000",)),
        ("half", "luo", "lin", "MY", "CALLED_OFF", None, ("MY00000", "CD00005", "NJ00001")),
        ("both", "tang", "lin", "CD", "DRAWN_UP", None, ()),
    ):
        signed = NOW - DAY if state == "SIGNED" or giver == "both" else None
        made = await Handover.create(
            giver=cast.staff[giver], receiver=cast.staff[receiver], witness=cast.staff[witness],
            institution=cast.places[centre], state=state, version=2, at=NOW, reason=f"leave {giver}", digest="0" * 64,
            drawn_up_by_id=cast.staff["han"].id, drawn_up_at=NOW - DAY, receiver_signed_at=signed,
            witness_signed_at=signed if done_at else None, done_at=done_at,
        )  # fmt: skip
        for customer in await _customers(*numbers):
            await HandoverLine.create(handover=made, customer=customer)


async def _merges(whole: Whole) -> None:
    """Merges and splits that wait, within a branch and across two; refused ones; and two that were split again."""
    cast = whole.cast
    han, wu = cast.staff["han"], cast.staff["wu"]
    for n, (kept, gone, state, proposer) in enumerate(
        (
            ("CD00000", "CD00003", "PROPOSED", han),
            ("CD00001", "MY00000", "PROPOSED", han),
            ("CD00002", "MY00001", "REFUSED", han),
            ("MY00002", "CD00004", "PROPOSED", wu),
            ("NJ00002", "NJ00003", "SPLIT", cast.staff["nan"]),
            ("CD00004", "CD00005", "PROPOSED", han),
        )
    ):
        one, other = await _customers(kept, gone)
        decided: dict[str, Any] = {}
        if state in {"REFUSED", "SPLIT"}:
            decided = {
                "decided_at": NOW, "decided_by_id": wu.id, "decided_person_id": wu.person_id, "decision_note": f"no {n}",
                "version": 2,
            }  # fmt: skip
        await CustomerMerge.create(
            kept=one, gone=other, state=state, reason=f"same person {n}", proposed_at=NOW - n * DAY,
            proposed_by_id=proposer.id, proposed_person_id=proposer.person_id, **decided,
            **(_split(cast.staff["nan"], wu, NOW) if state == "SPLIT" else {}),
        )  # fmt: skip
    twin = await Customer.get(merged_into_id=cast.customers["qian"].id)
    await CustomerMerge.filter(gone_id=twin.id).update(state="SPLIT_PROPOSED", **_split(han, None, NOW))


def _split(proposer: Any, decider: Any, at: dt.datetime) -> dict[str, Any]:
    found = {
        "split_reason": "two after all", "split_proposed_at": at, "split_proposed_by_id": proposer.id,
        "split_proposed_person_id": proposer.person_id,
    }  # fmt: skip
    if decider is not None:
        found |= {
            "split_at": at, "split_by_id": decider.id, "split_person_id": decider.person_id, "split_note": "indeed",
        }  # fmt: skip
    return found
