"""Identity: who is found by a document, and how a customer's document or name is renewed without losing the old one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid4

from tortoise.transactions import in_transaction

from authz import Action, Kind
from authz.purposes import Purpose as PurposeCode
from desk.acts import act
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.errors import Forbidden, NotFound
from desk.membership import take
from desk.people.given import NotYet, reason_of, until_now, word
from desk.selection import Purpose
from desk.trail import ALLOW, REFUSE, Entry
from models.customers import Customer
from models.errors import Refusal
from models.identity import FormerName, IdentityDocument, document_number
from models.names import customer_name
from models.people import Person, Recusal, Staff
from models.vault import identity_text, vault
from models.vocabulary import IdentityKind
from models.wording import worded

LONGEST_NUMBER = 40
CURRENT, FORMER, MERGED = "CURRENT", "FORMER", "MERGED"
"""How a number led to a customer: it is his, it was his, or it is that of a customer who was merged into him."""


@act("replaceIdentityDocument", Customer)
async def replace_identity_document(
    desk: Desk,
    *,
    customer_id: UUID,
    kind: IdentityKind,
    number: str,
    reason: str,
    at: dt.datetime | None = None,
    idempotency_key: str | None = None,
) -> Customer:
    """换证: the customer's manager records his new document; the former one still finds him (decisions.md 27).

    `at` is since when he has it, up to now. Staff who have the same document are recused from his file at once.
    BAD_RESIDENT_ID, BAD_DOCUMENT, SAME_DOCUMENT, NOT_YET; DOCUMENT_TAKEN when another customer has or had it.
    """
    _, customer = await take(desk, Customer, customer_id, Action.CORRECT)
    document = word(IdentityKind, kind, "kind")
    since, why = until_now(at, desk.now), reason_of(reason)
    text = document_number(document, worded(number, LONGEST_NUMBER, "number", required=True), desk.today)
    await IdentityDocument.replace(
        customer, document, text, since=since, now=desk.now, by=desk.staff_id, reason=why
    )
    await _recuse_himself(desk, customer)
    return customer


@act("renameCustomer", Customer)
async def rename_customer(
    desk: Desk,
    *,
    customer_id: UUID,
    name: str,
    reason: str,
    on: dt.date | None = None,
    idempotency_key: str | None = None,
) -> Customer:
    """更名: the customer's manager records his new name, and the former one is kept with its last day.

    `on` is the first day of the new name, up to today. A filing or an exception that is not decided yet becomes
    CONTENT_CHANGED, because it was submitted under the other name. Search finds the new name only.
    BAD_NAME, SAME_NAME, NOT_YET.
    """
    _, customer = await take(desk, Customer, customer_id, Action.CORRECT)
    why, day = reason_of(reason), on or desk.today
    if day > desk.today:
        raise NotYet("This day is still to come. Record the new name on that day.", field="on")
    await FormerName.rename(
        customer, customer_name(name), until=day, now=desk.now, by=desk.staff_id, reason=why
    )
    return customer


async def _recuse_himself(desk: Desk, customer: Customer) -> None:
    """Nobody touches his own file (回避), whichever document told that it is his own."""
    person = await Person.get_or_none(identity_index=customer.identity_index)
    if person is None or await Recusal.exists(person_id=person.id, customer_id=customer.id):
        return
    await Recusal.create(
        person_id=person.id,
        customer_id=customer.id,
        relation="SELF",
        recorded_at=desk.now,
        recorded_by_id=desk.staff_id,
    )
    await Staff.rights_changed([staff.id for staff in await Staff.filter(person_id=person.id)])


async def look_up_identity(desk: Desk, *, kind: str, number: str, purpose: Purpose) -> Customer:
    """The customer who has, or had, this identity document, for who may look up customers of his branch (decisions.md 4).

    Exact, by blind index; a resident ID of 15 digits finds whom its 18 characters find, and a merged customer's
    document finds the one that was kept. It leaves one record with the purpose, and with how the number led to him
    when he is found; also when nothing is found, and never the number. NotFound for nobody and for a customer out of
    reach, in the same words and by the same statements; Forbidden for who may look nobody up; BAD_USER_INPUT,
    BAD_DOCUMENT, BAD_RESIDENT_ID.
    """
    at_work = replace(desk, operation="lookUpIdentity", in_act=True)
    try:
        given = Purpose(word(PurposeCode, purpose.code, "purpose"), worded(purpose.text, 200, "purpose"))
        document = word(IdentityKind, kind, "identityKind")
        text = worded(number, LONGEST_NUMBER, "identityNumber", required=True)
        text = document_number(document, text, desk.today)
    except Refusal as refusal:
        await at_work.refuse("customer", refusal.code)
        raise
    index = vault().index("identity", identity_text(document, text))
    found, refused = await at_work.look_again(lambda: _look_up(at_work, index, given))
    if refused is not None:
        raise refused
    assert found is not None
    return found


# Not an `act`, whose record would hold a digest of the number; but a word of the graph like one.
look_up_identity.__setattr__("act", "lookUpIdentity")


async def _look_up(
    desk: Desk, index: str, purpose: Purpose
) -> tuple[Customer | None, Forbidden | NotFound | None]:
    """Found or not, the record is committed before anybody is told."""
    found: Customer | None = None
    refused: Forbidden | NotFound | None = None
    how = ""
    async with in_transaction():
        await desk.must_be_fresh()
        if not desk.may_somewhere(Action.LOOK_UP, Kind.CUSTOMER):
            refused = Forbidden()
        else:
            named, how = await _named_by(index)
            try:
                found = await desk.open(Customer, named, Action.LOOK_UP)
            except (Forbidden, NotFound):
                # Seen by another right, or not at all: that this number is a customer's is not for him to learn.
                refused = NotFound()
        more = {"purpose": purpose.code, "purposes": [[purpose.code, purpose.text]]}
        await desk.record(
            Entry(
                desk.operation,
                REFUSE if refused else ALLOW,
                "customer",
                code=refused.code if refused else "",
                object_id=found.id if found else None,
                customer_id=found.id if found else None,
                more=more | {"document": how} if found else more,
            )
        )
    return found, refused


async def _named_by(index: str) -> tuple[UUID, str]:
    """Whom a document's index names, and how; an id that is nobody's when it names nobody.

    One statement whatever it finds. A present document goes before a former one.
    """
    s = Statement(is_postgres())
    place = s.bind(index)
    rows = await fetch(
        s,
        "WITH RECURSIVE named (id, merged_into_id, how) AS ("
        f" SELECT c.id, c.merged_into_id, '{CURRENT}' FROM customer c WHERE c.identity_index = {place}"
        f" UNION ALL SELECT c.id, c.merged_into_id, '{FORMER}' FROM identity_document d"
        f" JOIN customer c ON c.id = d.customer_id WHERE d.identity_index = {place}),"
        " line (id, merged_into_id, how) AS (SELECT id, merged_into_id, how FROM named"
        f" UNION SELECT c.id, c.merged_into_id, '{MERGED}' FROM line l JOIN customer c ON c.id = l.merged_into_id)"
        " SELECT id, how FROM line WHERE merged_into_id IS NULL ORDER BY how LIMIT 1",
    )
    return (as_uuid(rows[0]["id"]), str(rows[0]["how"])) if rows else (uuid4(), "")
