"""Invitations (邀请): whom his manager asked, and what he answered (客户自愿, Art. 3)."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from authz import DataClass
from desk import invitations
from models.vocabulary import InvitationState
from schema.context import Info
from schema.fields import column, one, planned, renamed, section
from schema.filters import IdFilter
from schema.node import Node
from schema.paging import After, Before, Connection, First, Last
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.resolving import listed
from schema.sections import Confidential, PurposeArgument, Section
from schema.wheres import AND, NOT, OR, compare

if TYPE_CHECKING:
    from schema.customers import Customer

strawberry.enum(InvitationState, description="What a customer answered when he was asked (Art. 3).")


@strawberry.type(
    description="What the customer said.", directives=[Confidential(class_=DataClass.SERVICE, article="3")]
)
class WordsSection(Section):
    value: str | None = renamed("words", about="His words, as his manager wrote them down.")


@strawberry.type(description="邀请 (Art. 3). Nobody is asked twice at a time, or again soon after a refusal.")
class Invitation(Node):
    TABLE: ClassVar[str] = "invitation"

    channel: str = column(about="How he was asked.")
    state: InvitationState = column(about="OPEN until he answers.")
    invited_at: dt.datetime = column(about="When he was asked.")
    answered_at: dt.datetime | None = column(about="When he answered.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Who was asked."
    )
    invited_by: Staff | None = one("invited_by", "staff", about="Who recorded it.")

    @strawberry.field(description="His answer in words.", metadata=section(DataClass.SERVICE))
    def words(self, purpose: PurposeArgument = None) -> WordsSection:
        return planned()


InvitationResult = Annotated[
    Invitation | Problem, strawberry.union("InvitationResult", description="An invitation, or why not.")
]


@strawberry.input(description="Compares an invitation's state. An empty `in` matches nothing.")
class InvitationStateFilter:
    eq: InvitationState | None = compare("Equal.")
    in_: list[InvitationState] | None = compare("One of these.", name="in")


@strawberry.input(description="Filters invitations.")
class InvitationWhere:
    state: InvitationStateFilter | None = compare("State.")
    customer_id: IdFilter | None = compare("Who was asked.")
    and_: list[InvitationWhere] | None = compare(AND, name="and")
    or_: list[InvitationWhere] | None = compare(OR, name="or")
    not_: InvitationWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How invitations are ordered.")
class InvitationOrder(Enum):
    INVITED_AT_ASC = "invited_at asc"
    INVITED_AT_DESC = "invited_at desc"


@strawberry.input(description="An invitation that was made.")
class InviteCustomerInput:
    customer_id: strawberry.ID = strawberry.field(description="Who was asked.")
    channel: str = strawberry.field(description="How he was asked: at the counter, by telephone, by letter.")
    invited_at: dt.datetime | None = strawberry.field(default=None, description="When he was asked; now.")
    idempotency_key: str | None = key()


@strawberry.input(description="What the customer answered.")
class AnswerInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="Which invitation.")
    accepted: bool = strawberry.field(description="Whether he wants to be a VIP customer.")
    words: str = strawberry.field(default="", description="His words; needed when he declined.")
    answered_at: dt.datetime | None = strawberry.field(default=None, description="When he answered; now.")
    idempotency_key: str | None = key()


@strawberry.type
class Query:
    @strawberry.field(description="Invitations of the customers that the caller reaches.")
    async def invitations(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: InvitationWhere | None = None,
        order_by: list[InvitationOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Invitation]:
        return await listed(info, "invitation")


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Record that a customer was invited (Art. 3). By his customer manager.")
    async def invite_customer(self, info: Info, input: InviteCustomerInput) -> InvitationResult:
        return await performed(
            info, "invitation", lambda: invitations.invite(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(description="Record what an invited customer answered (Art. 3). By his manager.")
    async def answer_invitation(self, info: Info, input: AnswerInvitationInput) -> InvitationResult:
        return await performed(
            info,
            "invitation",
            lambda: invitations.answer_invitation(info.context.desk, **given_arguments(input)),
        )
