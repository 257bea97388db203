"""What is done with a customer's card, from its request to its end, and what it is worth at a counter (Notice 4, Art. 3)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from desk.cards import cancelling, handing_out, issuing, reporting, requesting, returning, verifying, voiding
from models.custody import CardCause, CardVerdict
from models.errors import Refusal
from models.vocabulary import IdentityKind
from schema.cards.reports import ReportMutation
from schema.cards.types import CardResult
from schema.context import Info
from schema.problems import GIVEN, Problem, given_arguments, key, performed, problem_of


@strawberry.type(description="验卡 (Art. 3). What a card is worth today, and nothing else.")
class CardVerification:
    verdict: CardVerdict = strawberry.field(description="Valid, or why not.", metadata=GIVEN)


CardVerificationResult = Annotated[
    CardVerification | Problem,
    strawberry.union(
        "CardVerificationResult", description="What a card is worth, or why that cannot be told."
    ),
]


@strawberry.input(description="A card to request.")
class RequestCardInput:
    customer_id: strawberry.ID = strawberry.field(description="For whom: a VIP customer within his term.")
    issuer_id: strawberry.ID = strawberry.field(
        description="发卡机构: the wealth centre of the owning branch."
    )
    form_number: str = strawberry.field(description="领卡申请表. The number of the form that he signed.")
    form_signed_on: dt.date = strawberry.field(description="When he signed it.")
    replaces_id: strawberry.ID | None = strawberry.field(
        default=None, description="The card that it stands in for, with the same last day; or that it renews."
    )
    renews: bool = strawberry.field(default=False, description="Whether it begins another term (Art. 16).")
    idempotency_key: str | None = key()


@strawberry.input(description="The card that is taken out of the stock for a request.")
class DraftCardIssueInput:
    card_id: strawberry.ID = strawberry.field(description="Which request.")
    version: int = strawberry.field(description="The version that was seen.")
    number: str = strawberry.field(description="The number on the card, all 16 digits.")
    idempotency_key: str | None = key()


@strawberry.input(description="A card that is handed to its holder.")
class HandOutCardInput:
    card_id: strawberry.ID = strawberry.field(description="Which card.")
    version: int = strawberry.field(description="The version that was seen.")
    identity_kind: IdentityKind = strawberry.field(description="证件种类 of the document that he shows.")
    identity_number: str = strawberry.field(
        description="证件号码 on it. It is compared with what is on file, and not kept."
    )
    manager_phone: str = strawberry.field(description="The manager's telephone number on the back.")
    customer_signed_on: dt.date | None = strawberry.field(
        default=None, description="When he signed on the back: today."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A card to void: its back is wrong, or it is damaged.")
class DraftCardVoidInput:
    card_id: strawberry.ID = strawberry.field(description="Which card.")
    version: int = strawberry.field(description="The version that was seen.")
    cause: CardCause = strawberry.field(description="WRONG_BACK or DAMAGED.")
    reason: str = strawberry.field(description="What is wrong with it.")
    idempotency_key: str | None = key()


@strawberry.input(description="A card to take in.")
class DraftCardReturnInput:
    card_id: strawberry.ID = strawberry.field(description="Which card.")
    version: int = strawberry.field(description="The version that was seen.")
    cause: CardCause = strawberry.field(description="BY_HOLDER, DAMAGED or UNCLAIMED.")
    reason: str = strawberry.field(description="Why.")
    institution_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where it is taken in; its issuer."
    )
    idempotency_key: str | None = key()


@strawberry.input(description="A card, or a request for one, to cancel.")
class CancelCardInput:
    card_id: strawberry.ID = strawberry.field(description="Which card.")
    version: int = strawberry.field(description="The version that was seen.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = key()


@strawberry.input(description="A card whose term has ended.")
class ExpireCardInput:
    card_id: strawberry.ID = strawberry.field(description="Which card.")
    version: int = strawberry.field(description="The version that was seen.")
    idempotency_key: str | None = key()


@strawberry.input(description="A lost card that its holder has again.")
class GiveBackCardInput:
    card_id: strawberry.ID = strawberry.field(description="Which card.")
    version: int = strawberry.field(description="The version that was seen.")
    identity_kind: IdentityKind = strawberry.field(description="Which document he showed.")
    note: str = strawberry.field(description="How it was found.")
    idempotency_key: str | None = key()


@strawberry.input(description="A card that somebody shows at a counter.")
class VerifyCardInput:
    number: str = strawberry.field(description="The number on the card, all 16 digits.")


@strawberry.type
class Mutation(ReportMutation):
    @strawberry.mutation(
        description="领卡申请. Request a card for a member, by the form he signed (Notice 4). By his manager."
    )
    async def request_card(self, info: Info, input: RequestCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: requesting.request_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Take a card out of the stock for a request (Notice 4). By the issuer's designated custodian; two sign."
    )
    async def draft_card_issue(self, info: Info, input: DraftCardIssueInput) -> CardResult:
        return await performed(
            info, "card", lambda: issuing.draft_card_issue(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="领卡. Hand a card to its holder, who shows who he is and signs (Notice 4). By the custodian, not his manager."
    )
    async def hand_out_card(self, info: Info, input: HandOutCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: handing_out.hand_out_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="作废. Void a card whose back is wrong (Notice 4, 不得涂改). By the issuer's custodian; two sign."
    )
    async def draft_card_void(self, info: Info, input: DraftCardVoidInput) -> CardResult:
        return await performed(
            info, "card", lambda: voiding.draft_card_void(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="回收. Take a card in, given up or not claimed (Annex 1). By the issuer's custodian; two sign."
    )
    async def draft_card_return(self, info: Info, input: DraftCardReturnInput) -> CardResult:
        return await performed(
            info, "card", lambda: returning.draft_card_return(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="注销. Cancel a card, or a request for one (Annex 1). By the customer's manager or the head."
    )
    async def cancel_card(self, info: Info, input: CancelCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: cancelling.cancel_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="到期失效 (Art. 16). Write down that a card has run out, ahead of the monthly run. By the manager."
    )
    async def expire_card(self, info: Info, input: ExpireCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: cancelling.expire_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Give a lost card back to its holder, who shows who he is (Annex 1). By the customer's manager."
    )
    async def give_back_card(self, info: Info, input: GiveBackCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: reporting.give_back_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="验卡 (Art. 3). What a card is worth today, at any branch. Every question is on record."
    )
    async def verify_card(self, info: Info, input: VerifyCardInput) -> CardVerificationResult:
        try:
            return CardVerification(
                verdict=await verifying.verify_card(info.context.desk, **given_arguments(input))
            )
        except Refusal as refusal:
            return problem_of(refusal)
