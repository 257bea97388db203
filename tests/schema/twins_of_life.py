"""The twin's cases, invitations, work, lists, merges and measurements: others, wherever one person may not see them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from tortoise import connections

from authz import DataClass, Facts, Kind
from models.customers import Customer
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.handovers import Handover
from models.history import MembershipEvent
from models.identity import FormerName, IdentityDocument
from models.indicators import IndicatorFigure
from models.invitations import Invitation
from models.membership import Membership
from models.merges import CustomerMerge
from models.months import MonthRun, WorkItem
from models.vault import mask_identity, vault
from models.what_if import WhatIf, WhatIfLine
from tests.cast import START, sealed

if TYPE_CHECKING:
    from tests.schema.twins import Twin

SEEN, HIDDEN = "VISIBLE", "WITHHELD"


async def unguarded() -> None:
    """What is written once may differ in a twin all the same."""
    connection = connections.get("default")
    postgres = connection.capabilities.dialect == "postgres"
    for table in ("identity_document", "former_name", "membership_event"):
        if postgres:
            await connection.execute_script(f"DROP TRIGGER IF EXISTS append_only ON {table}")
        for verb in () if postgres else ("update", "delete"):
            await connection.execute_script(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")


async def unseen(twin: Twin, customer: Customer) -> None:
    """Nothing of a customer who is not there for this person has to stay."""
    of = {"customer_id": customer.id}
    await Invitation.filter(**of).update(channel=twin.text("counter"), state="DECLINED")
    await MembershipEvent.filter(**of).update(state="EVALUATED", cause="HARM_TO_BANK")
    for event in await MembershipEvent.filter(**of):
        more = {"id": uuid4(), "version": event.version + 50}
        told = {name: getattr(event, name) for name in event._meta.db_fields} | more
        await MembershipEvent.create(**told)
    await Membership.filter(**of).update(term_ends=twin.day(None))


async def papers(twin: Twin, customer: Customer, facts: Facts) -> None:
    """What has a right of its own: cases with their grounds, work, and merges into him."""
    of = {"customer_id": customer.id}
    if not twin.reaches(Kind.EXCEPTION, facts):
        for case in await ExceptionCase.filter(**of):
            case.category, case.renewal, case.version = "POTENTIAL", not case.renewal, 7
            case.submitted_at = START
            await case.save()
    if (
        twin.policy.reason(twin.desk.actor, Kind.EXCEPTION, DataClass.SERVICE, facts, purpose_given=True)[0]
        != SEEN
    ):
        for case in await ExceptionCase.filter(**of):
            case.reason, case.decision_reason = twin.text(case.reason), twin.text(case.decision_reason)
            await case.save()
    if not twin.reaches(Kind.WORK_ITEM, facts):
        for item in await WorkItem.filter(**of):
            item.kind, item.tier, item.note = "MISSING_DATA", "BRANCH", twin.text(item.note)
            item.due_on, item.state, item.done_by_id = twin.day(item.due_on), "DONE", twin.desk.staff_id
            await item.save()
            more = {"id": uuid4(), "kind": "NEWLY_ELIGIBLE", "state": "OPEN"}
            await WorkItem.create(**{name: getattr(item, name) for name in item._meta.db_fields} | more)
    if not twin.reaches(Kind.CUSTOMER_MERGE, facts):
        for merge in await CustomerMerge.filter(kept_id=customer.id):
            merge.state, merge.reason, merge.version = "SPLIT_PROPOSED", twin.text(merge.reason), 9
            await merge.save()


async def cells(twin: Twin, customer: Customer, shown: dict[DataClass, str]) -> None:
    of = {"customer_id": customer.id}
    if shown[DataClass.NAME] != SEEN:
        for one in await FormerName.filter(**of):
            told = {
                "until": twin.day(one.until),
                "name": twin.text(one.name),
                "reason": twin.text(one.reason),
            }
            await FormerName.filter(id=one.id).update(**told)
        await FormerName.create(name=twin.text(None), until=twin.day(None), recorded_at=START, **of)
    if shown[DataClass.IDENTITY_DOC] != SEEN:
        await _documents(twin, customer, shown[DataClass.IDENTITY_DOC])
    if shown[DataClass.SERVICE] != SEEN:
        for invitation in await Invitation.filter(**of):
            await Invitation.filter(id=invitation.id).update(words=twin.text(invitation.words))
        for event in await MembershipEvent.filter(**of):
            await MembershipEvent.filter(id=event.id).update(reason=twin.text(event.reason))
    if shown[DataClass.ASSET] != SEEN:
        await _figures(twin, customer)


async def _documents(twin: Twin, customer: Customer, shown: str) -> None:
    """A mask's reader knows how many there were, in which order, and their masks."""
    for one in await IdentityDocument.filter(customer_id=customer.id):
        number = f"Y{twin.rng.randrange(10**8):08}"
        told = {
            "identity_kind": "OTHER",
            "identity_cipher": sealed("identity_document", "identity_cipher", one.id, number),
            "identity_index": vault().index("identity", number),
            "reason": twin.text(one.reason),
        }
        if shown == HIDDEN:
            told["identity_mask"] = mask_identity(number)
            more = {"id": uuid4(), "replaced_at": START.replace(year=2001)}
            await IdentityDocument.create(**{name: getattr(one, name) for name in one._meta.db_fields} | more)
        await IdentityDocument.filter(id=one.id).update(**told)


async def _figures(twin: Twin, customer: Customer) -> None:
    """What was missed, other thresholds of it, and one more."""
    of = {"customer_id": customer.id}
    for one in await ExceptionShortfall.filter(**of):
        one.threshold, one.figure, one.short = (
            twin.amount(it) for it in (one.threshold, one.figure, one.short)
        )
        one.kind = "LOAN_BALANCE"
        await one.save()
    for case in await ExceptionCase.filter(**of):
        await ExceptionShortfall.create(
            case=case,
            kind="AVERAGE_SAVINGS",
            indicator_code="TWIN",
            currency="JPY",
            threshold=2,
            figure=1,
            short=1,
            **of,
        )
    for held in await IndicatorFigure.filter(**of):
        await IndicatorFigure.filter(id=held.id).update(amount=twin.amount(held.amount))


async def house(twin: Twin) -> None:
    """Handover lists of other branches, runs and measurements that are not for this person."""
    for handover in await Handover.all().prefetch_related("institution"):
        if not twin.reaches(Kind.HANDOVER, Facts(handover.institution.acting_path)):
            handover.reason, handover.at, handover.version = twin.text(handover.reason), START, 5
            handover.state = "CALLED_OFF"
            await handover.save()
    if not twin.reaches(Kind.SCREENING, Facts()):
        await MonthRun.all().update(screened=1, near_misses=2, step="IMPORT", as_of=twin.day(None))
    for made in await WhatIf.all():
        if not twin.reaches(Kind.SCREENING, Facts(made.scope_path)):
            made.evaluated, made.entering, made.as_of = 99, 98, twin.day(made.as_of)
            await made.save()
    for line in await WhatIfLine.all().prefetch_related("institution"):
        if not twin.reaches(Kind.SCREENING, Facts(line.institution.path)):
            await WhatIfLine.filter(id=line.id).update(evaluated=97, leaving=96, moved=95)
