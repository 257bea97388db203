"""Reports of cards (挂失, 拾获) in the graph: what was told at which counter. Never whose card it is."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated, ClassVar

import strawberry

from desk.cards import reporting, returning
from models.custody import CardReportKind, CardReportOutcome
from models.vocabulary import IdentityKind
from schema.cards.words import CardReportKindFilter, CardReportOutcomeFilter
from schema.context import Info
from schema.fields import column, one
from schema.filters import BooleanFilter, IdFilter, MomentFilter, TextFilter
from schema.institutions import Institution
from schema.node import Node
from schema.people import Staff
from schema.problems import Problem, given_arguments, key, performed
from schema.stock.words import OPENLY
from schema.wheres import AND, NOT, OR, compare


@strawberry.type(
    description="挂失 / 拾获 (Annex 1). A card that somebody lost or brought in, of ours or of another bank."
)
class CardReport(Node):
    TABLE: ClassVar[str] = "card_report"

    kind: CardReportKind = column(about="Lost or found.")
    number: str = column(about="The number, as it was told or read.")
    note: str = column(about="What was said about it.")
    outcome: CardReportOutcome = column(about="What becomes of the card.")
    reported_at: dt.datetime = column(about="When.")
    closed_at: dt.datetime | None = column(about="When that was done.")
    closing_note: str = column(about="What became of it; empty while it is open.")
    institution: Institution | None = one("institution", "institution", about="At which counter.")
    reported_by: Staff | None = one("reported_by", "staff", about="Who wrote it down.")
    closed_by: Staff | None = one("closed_by", "staff", about="Who closed it.")


CardReportResult = Annotated[
    CardReport | Problem, strawberry.union("CardReportResult", description="A report of a card, or why not.")
]


@strawberry.input(description="Filters reports of cards.")
class CardReportWhere:
    kind: CardReportKindFilter | None = compare("Lost or found.")
    outcome: CardReportOutcomeFilter | None = compare("What becomes of the card.")
    number: TextFilter | None = compare("The number, as it was told or read.")
    institution_id: IdFilter | None = compare("At which counter.")
    reported_at: MomentFilter | None = compare("When.")
    open: BooleanFilter | None = compare("Whether what becomes of the card is still to be told.")
    and_: list[CardReportWhere] | None = compare(AND, name="and")
    or_: list[CardReportWhere] | None = compare(OR, name="or")
    not_: CardReportWhere | None = compare(NOT, name="not")


@strawberry.enum(description="How reports of cards are ordered.")
class CardReportOrder(Enum):
    REPORTED_AT_ASC = "reported_at asc"
    REPORTED_AT_DESC = "reported_at desc"


@strawberry.input(description="A card that was lost or found.")
class ReportCardInput:
    kind: CardReportKind = strawberry.field(description="Lost or found.")
    number: str = strawberry.field(description="The number on the card, or as its holder tells it.")
    institution_id: strawberry.ID = strawberry.field(description="At which counter.")
    identity_kind: IdentityKind | None = strawberry.field(
        default=None, description="Which document the holder showed; needed when he lost it."
    )
    note: str = strawberry.field(default="", description="Where and how.")
    idempotency_key: str | None = key()


@strawberry.input(description="A found card that the finding institution takes into its own stock.")
class TakeInCardInput:
    report_id: strawberry.ID = strawberry.field(description="Which report.")
    reason: str = strawberry.field(description=f"Why it does not go back to its holder. {OPENLY}")
    idempotency_key: str | None = key()


@strawberry.input(description="A report that is dealt with.")
class CloseCardReportInput:
    report_id: strawberry.ID = strawberry.field(description="Which report.")
    note: str = strawberry.field(
        description="What became of the card: to whom it was sent, with which receipt."
    )
    idempotency_key: str | None = key()


@strawberry.type
class ReportMutation:
    @strawberry.mutation(
        description="挂失 / 拾获. Report a card; one of ours is dead at once (Annex 1, Art. 3). By a "
        "teller, a manager, the custodian or the head, at his own counter. BAD_VIP_CARD_NUMBER and "
        "NO_SUCH_CARD for a lost one; BAD_USER_INPUT without the document that its holder showed; FORBIDDEN "
        "for one's own card and one's relatives'."
    )
    async def report_card(self, info: Info, input: ReportCardInput) -> CardReportResult:
        return await performed(
            info, "card_report", lambda: reporting.report_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Take a found card into the stock where it was found, to be signed by two (Annex 1). By "
        "its designated custodian. NOT_DESIGNATED; WRONG_STATE for a report that is closed, of a loss, or of "
        "no customer's card; NOT_IN_STOCK when its plastic is accounted for; BAD_USER_INPUT without a "
        "reason."
    )
    async def take_in_card(self, info: Info, input: TakeInCardInput) -> CardReportResult:
        return await performed(
            info, "card_report", lambda: returning.take_in_card(info.context.desk, **given_arguments(input))
        )

    @strawberry.mutation(
        description="Close a report of a card with what became of it (Annex 1). By a teller or the "
        "custodian where it was reported. WRONG_STATE once it is closed; BAD_USER_INPUT without a note."
    )
    async def close_card_report(self, info: Info, input: CloseCardReportInput) -> CardReportResult:
        return await performed(
            info,
            "card_report",
            lambda: reporting.close_card_report(info.context.desk, **given_arguments(input)),
        )
