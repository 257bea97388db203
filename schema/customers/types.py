"""Customers in the graph: one section for each data class."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from authz import DataClass
from models.vocabulary import Gender, IdentityKind, Tier
from schema.accounts import AccountsSection, AssetsSection, TransactionConnection
from schema.fields import column, many, one, page, planned, renamed, section
from schema.institutions import Institution
from schema.node import Node
from schema.paging import After, Before, First, Last
from schema.people import ManagerAssignment
from schema.sections import Confidential, PurposeArgument, Section

if TYPE_CHECKING:
    from schema.archives import Archive
    from schema.cards import Card
    from schema.exceptions import ExceptionCase
    from schema.membership import Membership
    from schema.merges import CustomerMerge
    from schema.standards import Evaluation

strawberry.enum(Gender, description="性别.")


@strawberry.type(
    description="曾用名. A name that the customer had. Search does not find him by it.",
    directives=[Confidential(class_=DataClass.NAME)],
)
class FormerName:
    name: str | None = column(about="The name.")
    until: dt.date | None = column(about="The first day of the name after it.")
    reason: str | None = column(about="Why it changed.")


@strawberry.type(
    description="An identity document that the customer had. `lookUpIdentity` still finds him by it.",
    directives=[Confidential(class_=DataClass.IDENTITY_DOC)],
)
class FormerDocument:
    kind: IdentityKind | None = renamed("identity_kind", about="证件种类; null when masked.")
    number: str | None = renamed("identity_number", about="证件号码, or its mask (first 3, last 4).")
    replaced_at: dt.datetime | None = column(about="Since when he has the document after it.")
    reason: str | None = column(about="Why it was replaced; null when masked.")


@strawberry.type(description="The customer's name.", directives=[Confidential(class_=DataClass.NAME)])
class NameSection(Section):
    value: str | None = renamed("name", about="The name, its mask (first character), or null when withheld.")
    former_names: list[FormerName] = many(
        "former_names", "former_name", about="曾用名, oldest first; none when masked or withheld."
    )


@strawberry.type(
    description="The customer's identity document.", directives=[Confidential(class_=DataClass.IDENTITY_DOC)]
)
class IdentitySection(Section):
    kind: IdentityKind | None = renamed("identity_kind", about="证件种类; null when masked or withheld.")
    number: str | None = renamed("identity_number", about="证件号码, its mask (first 3, last 4), or null.")
    former_documents: list[FormerDocument] = many(
        "former_documents",
        "identity_document",
        about="Documents before it, oldest first; none when withheld.",
    )


@strawberry.type(
    description="How to reach the customer.", directives=[Confidential(class_=DataClass.CONTACT)]
)
class ContactSection(Section):
    mobile: str | None = column(about="手机, its mask (first 3, last 4), or null.")
    address: str | None = column(about="住址, to the district when masked, or null.")


@strawberry.type(description="Who the customer is.", directives=[Confidential(class_=DataClass.PERSONAL)])
class PersonalSection(Section):
    gender: Gender | None = column(about="性别.")
    birth_date: dt.date | None = column(about="出生日期.")
    nationality: str | None = column(about="国籍, ISO 3166 alpha-3.")
    occupation: str | None = column(about="职业.")
    employer: str | None = column(about="单位名称.")


@strawberry.type(
    description="What every person who reaches the customer may see of him.",
    directives=[Confidential(class_=DataClass.VIP_STATUS)],
)
class StatusSection(Section):
    number: str | None = column(about="客户号.")
    tier: Tier | None = column(about="VIP级别; null when he is no member now.")
    opened_on: dt.date | None = column(about="First day as a customer.")
    manager: ManagerAssignment | None = one("manager", "manager_assignment", about="客户经理 (Art. 9), now.")


@strawberry.type(
    description="客户. A personal customer. Its cells are grouped by data class, each with its visibility."
)
class Customer(Node):
    TABLE: ClassVar[str] = "customer"

    owner: Institution | None = one("owner", "institution", about="归属行. The owning branch.")

    @strawberry.field(
        description="Status: everybody who reaches the row.", metadata=section(DataClass.VIP_STATUS)
    )
    def status(self) -> StatusSection:
        return planned()

    @strawberry.field(description="Name.", metadata=section(DataClass.NAME))
    def name(self, purpose: PurposeArgument = None) -> NameSection:
        return planned()

    @strawberry.field(description="Identity document.", metadata=section(DataClass.IDENTITY_DOC))
    def identity(self, purpose: PurposeArgument = None) -> IdentitySection:
        return planned()

    @strawberry.field(description="Mobile and address.", metadata=section(DataClass.CONTACT))
    def contact(self, purpose: PurposeArgument = None) -> ContactSection:
        return planned()

    @strawberry.field(description="Personal data.", metadata=section(DataClass.PERSONAL))
    def personal(self, purpose: PurposeArgument = None) -> PersonalSection:
        return planned()

    @strawberry.field(description="Accounts.", metadata=section(DataClass.ACCOUNT))
    def accounts(self, purpose: PurposeArgument = None) -> AccountsSection:
        return planned()

    @strawberry.field(description="Balances, loans and figures (Art. 11).", metadata=section(DataClass.ASSET))
    def assets(self, purpose: PurposeArgument = None) -> AssetsSection:
        return planned()

    @strawberry.field(
        description="Transaction lines of the accounts he owns, oldest first (Art. 11).",
        metadata=page("transactions", "transaction_line", DataClass.TRANSACTION),
    )
    def transactions(
        self,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        purpose: PurposeArgument = None,
    ) -> TransactionConnection:
        return planned()

    membership: Annotated[Membership, strawberry.lazy("schema.membership")] | None = one(
        "membership", "membership", about="会员资格 that is not over; null when there is none."
    )
    archive: Annotated[Archive, strawberry.lazy("schema.archives")] | None = one(
        "archive", "archive", about="客户档案 (Art. 10); null before the first membership."
    )
    cards: list[Annotated[Card, strawberry.lazy("schema.cards")]] = many(
        "cards", "card", about="VIP卡 (Notice 4), oldest first, whatever became of them."
    )
    exceptions: list[Annotated[ExceptionCase, strawberry.lazy("schema.exceptions")]] = many(
        "exceptions", "exception_case", about="Exceptions (Art. 7), oldest first."
    )
    evaluation: Annotated[Evaluation, strawberry.lazy("schema.standards")] | None = one(
        "evaluation", "evaluation", about="The latest evaluation; null before the first."
    )
    merges: list[Annotated[CustomerMerge, strawberry.lazy("schema.merges")]] = many(
        "merges", "customer_merge", about="客户合并: duplicates that are to be, or were, merged into him."
    )
