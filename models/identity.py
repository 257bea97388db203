"""Who a customer is over the years: his identity documents, one after another, and the names he had."""

from __future__ import annotations

import datetime as dt
import re
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.errors import BadInput, Refusal
from models.numbers import resident_id
from models.vault import identity_text, mask_identity, vault
from models.vocabulary import IdentityKind

_DOCUMENT = re.compile(r"[A-Z0-9][A-Z0-9._/:-]{0,39}")


class BadDocument(BadInput):
    code = "BAD_DOCUMENT"


class DocumentTaken(Refusal):
    """One document is one customer. Whose it is, is not said: who asks need not know."""

    code = "DOCUMENT_TAKEN"


class SameDocument(Refusal):
    code = "SAME_DOCUMENT"


class SameName(Refusal):
    code = "SAME_NAME"


def document_number(kind: IdentityKind, text: str, on: dt.date) -> str:
    """The number of a document as it is kept: capitals, and a resident ID always in its 18 characters.

    So both forms of a resident ID have one blind index. BAD_RESIDENT_ID, BAD_DOCUMENT.
    """
    if kind is IdentityKind.RESIDENT_ID:
        return resident_id(text, on).number
    number = text.upper() if text.isascii() else text
    if not _DOCUMENT.fullmatch(number):
        raise BadDocument(
            "A document's number has 1 to 40 letters A to Z, digits and . _ / : -. Copy it from the document.",
            field="number",
        )
    return number


class IdentityDocument(Row):
    """证件. A document that a customer had, and has no longer: the one he has stands in his own row. So an old number
    still finds him. Append-only."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="former_documents", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    identity_kind = fields.CharField(max_length=24)
    identity_cipher = fields.BinaryField()
    identity_mask = fields.CharField(max_length=40)
    identity_index = fields.CharField(max_length=64)
    replaced_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "identity_document"
        indexes = [Index(fields=("customer_id",)), Index(fields=("identity_index",))]

    @classmethod
    async def replace(
        cls,
        customer: Customer,
        kind: IdentityKind,
        number: str,
        *,
        since: dt.datetime,
        now: dt.datetime,
        by: UUID,
        reason: str,
    ) -> None:
        """The customer has this document from now on; the one that he had is kept beside him, sealed anew for its row.

        SAME_DOCUMENT when it is his already; DOCUMENT_TAKEN when another customer has it, or had it.
        """
        index = vault().index("identity", identity_text(kind, number))
        if index == customer.identity_index:
            raise SameDocument(
                "This is the document that is on file already. Nothing was changed.", field="number"
            )
        await cls._must_be_free(customer.id, index)
        await cls._keep(customer, since=since, now=now, by=by, reason=reason)
        customer.identity_kind, customer.identity_mask = kind, mask_identity(number)
        customer.identity_cipher = vault().seal("customer", "identity_cipher", customer.id, number)
        customer.identity_index = index
        await customer.save(
            update_fields=["identity_kind", "identity_cipher", "identity_mask", "identity_index"]
        )

    @classmethod
    async def _must_be_free(cls, customer_id: UUID, index: str) -> None:
        """His own former document may come back; another's never becomes his, as a number would then find two."""
        theirs = await Customer.filter(identity_index=index).exclude(id=customer_id).exists()
        if theirs or await cls.filter(identity_index=index).exclude(customer_id=customer_id).exists():
            raise DocumentTaken(
                "Another customer has this document on file. Compare the number. If both are one person, have the head "
                "propose to merge them.",
                field="number",
            )

    @classmethod
    async def _keep(
        cls, customer: Customer, *, since: dt.datetime, now: dt.datetime, by: UUID, reason: str
    ) -> None:
        row_id, cipher = uuid4(), bytes(customer.identity_cipher)
        number = vault().open("customer", "identity_cipher", customer.id, cipher)
        await cls.create(
            id=row_id,
            customer_id=customer.id,
            identity_kind=customer.identity_kind,
            identity_cipher=vault().seal("identity_document", "identity_cipher", row_id, number),
            identity_mask=customer.identity_mask,
            identity_index=customer.identity_index,
            replaced_at=since,
            recorded_at=now,
            recorded_by_id=by,
            reason=reason,
        )


class FormerName(Row):
    """曾用名. A name that a customer had until a day. Append-only."""

    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="former_names", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    name = fields.CharField(max_length=120)
    until = fields.DateField()
    recorded_at = fields.DatetimeField()
    recorded_by_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "former_name"
        indexes = [Index(fields=("customer_id",))]

    @classmethod
    async def rename(
        cls, customer: Customer, name: str, *, until: dt.date, now: dt.datetime, by: UUID, reason: str
    ) -> None:
        """The customer has another name from that day on; what he was called until then is kept. SAME_NAME."""
        if name == customer.name:
            raise SameName("This is the name that is on file already. Nothing was changed.", field="name")
        await cls.create(
            customer_id=customer.id,
            name=customer.name,
            until=until,
            recorded_at=now,
            recorded_by_id=by,
            reason=reason,
        )
        customer.name = name
        await customer.save(update_fields=["name"])
