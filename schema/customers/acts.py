"""What is done with customers: who serves and owns them, and how their documents and names are renewed."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from desk import customers, identity
from desk.selection import Purpose
from models.vocabulary import IdentityKind
from schema.context import Info
from schema.customers.types import Customer
from schema.people import ManagerAssignment
from schema.problems import Problem, given_arguments, key, performed
from schema.sections import PurposeInput

CustomerResult = Annotated[
    Customer | Problem, strawberry.union("CustomerResult", description="A customer, or why not.")
]
ManagerAssignmentResult = Annotated[
    ManagerAssignment | Problem,
    strawberry.union("ManagerAssignmentResult", description="Who serves the customer, or why not."),
]


@strawberry.input(description="A manager for a customer.")
class AssignManagerInput:
    customer_id: strawberry.ID = strawberry.field(description="Which customer.")
    manager_id: strawberry.ID = strawberry.field(description="Who serves him.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="Another owning branch for a customer.")
class TransferOwnerInput:
    customer_id: strawberry.ID = strawberry.field(description="Which customer.")
    to_id: strawberry.ID = strawberry.field(description="The new owning branch.")
    manager_id: strawberry.ID = strawberry.field(description="His manager there (Art. 9).")
    reason: str = strawberry.field(description="Why.")
    at: dt.datetime | None = strawberry.field(default=strawberry.UNSET, description="From when; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="An identity document to look up (decisions.md 4).")
class LookUpIdentityInput:
    kind: IdentityKind = strawberry.field(description="证件种类.")
    number: str = strawberry.field(description="证件号码, whole and exact.")
    purpose: PurposeInput = strawberry.field(description="Why it is looked up. It is written into the trail.")


@strawberry.input(description="A new identity document of a customer.")
class ReplaceIdentityDocumentInput:
    customer_id: strawberry.ID = strawberry.field(description="Which customer.")
    kind: IdentityKind = strawberry.field(description="证件种类 of the new document.")
    number: str = strawberry.field(
        description="证件号码 of the new document; a resident ID of 15 digits too."
    )
    reason: str = strawberry.field(description="Why, e.g. that the old one ran out.")
    at: dt.datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Since when he has it; now."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A new name of a customer.")
class RenameCustomerInput:
    customer_id: strawberry.ID = strawberry.field(description="Which customer.")
    name: str = strawberry.field(
        description="The name as on the document, composed (NFC), a minority name with the middle dot U+00B7."
    )
    reason: str = strawberry.field(description="Why.")
    on: dt.date | None = strawberry.field(
        default=strawberry.UNSET, description="The first day of the new name; today."
    )
    idempotency_key: str | None = key()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Give a customer a manager; access follows to the second (Art. 9). By the head."
    )
    async def assign_manager(self, info: Info, input: AssignManagerInput) -> ManagerAssignmentResult:
        return await performed(
            info,
            "manager_assignment",
            lambda: customers.assign_manager(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="Move a customer to another owning branch (decisions.md 3). By an officer over both."
    )
    async def transfer_owner(self, info: Info, input: TransferOwnerInput) -> CustomerResult:
        return await performed(
            info, "customer", lambda: customers.transfer_owner(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Find the customer who has this document (Art. 11, decisions.md 4). By a manager or "
        "head of his branch. A recorded act; NOT_FOUND for nobody and out of reach."
    )
    async def look_up_identity(self, info: Info, input: LookUpIdentityInput) -> CustomerResult:
        purpose = Purpose(input.purpose.code.value, input.purpose.text)
        return await performed(
            info,
            "customer",
            lambda: identity.look_up_identity(
                info.context.desk, kind=input.kind.value, number=input.number, purpose=purpose
            ),
        )

    @strawberry.mutation(
        description="换证: record the customer's new document; the former one still finds him (decisions.md "
        "27). By his manager."
    )
    async def replace_identity_document(
        self, info: Info, input: ReplaceIdentityDocumentInput
    ) -> CustomerResult:
        return await performed(
            info,
            "customer",
            lambda: identity.replace_identity_document(info.context.desk, **given_arguments(input)),
        )

    @strawberry.mutation(
        description="更名: record the customer's new name, and keep the former one (decisions.md 27). By his "
        "manager."
    )
    async def rename_customer(self, info: Info, input: RenameCustomerInput) -> CustomerResult:
        return await performed(
            info, "customer", lambda: identity.rename_customer(info.context.desk, **given_arguments(input))
        )
