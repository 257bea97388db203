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
from schema.stock.words import OPENLY


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
    reason: str = strawberry.field(description=f"What is wrong with it. {OPENLY}")
    idempotency_key: str | None = key()


@strawberry.input(description="A card to take in.")
class DraftCardReturnInput:
    card_id: strawberry.ID = strawberry.field(description="Which card.")
    version: int = strawberry.field(description="The version that was seen.")
    cause: CardCause = strawberry.field(description="BY_HOLDER, DAMAGED or UNCLAIMED.")
    reason: str = strawberry.field(description=f"Why. {OPENLY}")
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
        description="领卡申请. Request a card for a member within his term, by the form he signed (Notice 4). "
        "By his manager. NOT_A_MEMBER, FORM_USED, CARD_UNDER_WAY, ISSUER_NOT_OF_BRANCH, INSTITUTION_MERGED; "
        "CARD_EXISTS unless it replaces or renews that one: NOT_REPLACEABLE, CARD_OF_OTHER_TIER, TERM_OVER, "
        "NOT_DUE_YET, QUALIFICATION_NOT_RENEWED (Art. 16); BAD_USER_INPUT for the form's day."
    )
    async def request_card(self, info: Info, input: RequestCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: requesting.request_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Take a card out of the stock for a request, to be signed by two (Notice 4). By the "
        "issuer's designated custodian, not the customer's manager. NOT_DESIGNATED, CARD_ISSUED_BY_MANAGER, "
        "NOT_A_MEMBER, CARD_OF_OTHER_TIER, NUMBER_OF_ANOTHER, NUMBER_USED, NOT_IN_STOCK, "
        "BAD_VIP_CARD_NUMBER, WRONG_STATE, STALE_VERSION."
    )
    async def draft_card_issue(self, info: Info, input: DraftCardIssueInput) -> CardResult:
        return await performed(
            info, "card", lambda: issuing.draft_card_issue(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="领卡. Hand a card to its holder, who shows who he is and signs; its back is written once "
        "(Notice 4). By the issuer's designated custodian, not the customer's manager. IDENTITY_DIFFERS, "
        "BACK_INCOMPLETE, NO_MANAGER, MANAGER_NOT_FULL_TIME; NOT_DESIGNATED, CARD_ISSUED_BY_MANAGER, "
        "NOT_A_MEMBER, CARD_OF_OTHER_TIER, TERM_OVER, WRONG_STATE, STALE_VERSION, STOCK_BEING_COUNTED; "
        "BAD_DOCUMENT, BAD_RESIDENT_ID, BAD_USER_INPUT."
    )
    async def hand_out_card(self, info: Info, input: HandOutCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: handing_out.hand_out_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="作废. Draft the voiding of a card whose back is wrong (不得涂改), or that is damaged, to be "
        "signed by two (Notice 4). By the issuer's designated custodian. NOT_DESIGNATED, STALE_VERSION; WRONG_STATE unless "
        "it is reserved or issued; NOT_IN_STOCK when it lies elsewhere; BAD_USER_INPUT for another cause, or "
        "without a reason."
    )
    async def draft_card_void(self, info: Info, input: DraftCardVoidInput) -> CardResult:
        return await performed(
            info, "card", lambda: voiding.draft_card_void(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="回收. Draft the taking in of a card that is given up, damaged or not claimed, to be signed "
        "by two (Annex 1). By the designated custodian where it is taken in. NOT_DESIGNATED, WRONG_STATE, "
        "STALE_VERSION; NOT_IN_STOCK when its plastic is not out; BAD_USER_INPUT for another cause, or "
        "without a reason."
    )
    async def draft_card_return(self, info: Info, input: DraftCardReturnInput) -> CardResult:
        return await performed(
            info, "card", lambda: returning.draft_card_return(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="注销. Cancel a card, or a request for one (Annex 1). By the customer's manager or the "
        "head. STALE_VERSION; WRONG_STATE for what is over; BAD_USER_INPUT without a reason."
    )
    async def cancel_card(self, info: Info, input: CancelCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: cancelling.cancel_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="到期失效. Write down that a card has run out, ahead of the monthly run (Art. 16). By the "
        "customer's manager or the head. TERM_RUNNING until 24:00 of its last day; STALE_VERSION; "
        "WRONG_STATE unless it is issued or lost."
    )
    async def expire_card(self, info: Info, input: ExpireCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: cancelling.expire_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="失而复得. Give a lost card back to its holder, who shows who he is (Annex 1). By the "
        "customer's manager. REPLACEMENT_UNDER_WAY, TERM_OVER, STALE_VERSION; WRONG_STATE unless it is lost; "
        "BAD_USER_INPUT without a note."
    )
    async def give_back_card(self, info: Info, input: GiveBackCardInput) -> CardResult:
        return await performed(
            info, "card", lambda: reporting.give_back_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="验卡. What a card is worth today, at any branch; every question is on record (Art. 3). "
        "By whoever serves customers or keeps cards, at any counter. BAD_VIP_CARD_NUMBER; FORBIDDEN to who "
        "serves nobody."
    )
    async def verify_card(self, info: Info, input: VerifyCardInput) -> CardVerificationResult:
        try:
            return CardVerification(
                verdict=await verifying.verify_card(info.context.desk, **given_arguments(input))
            )
        except Refusal as refusal:
            return problem_of(refusal)
