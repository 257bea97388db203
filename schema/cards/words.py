"""The closed lists of cards in the words of the graph, and how they are compared."""

from __future__ import annotations

import strawberry

from models.custody import CardCause, CardReportKind, CardReportOutcome, CardState, CardVerdict
from schema.wheres import compare

for _words, _about in (
    (CardState, "VIP卡的状态 (Annex 1), from the request of the customer's manager to whichever end."),
    (CardCause, "Why a card changed its state otherwise than by its issue (Notice 4)."),
    (CardVerdict, "享受依据 (Art. 3): whether a card is the basis of service today, or why not."),
    (CardReportKind, "挂失, or 拾获: a holder lost it, or somebody brought one in."),
    (
        CardReportOutcome,
        "What becomes of a reported card. FOREIGN: none that this bank has had, for its issuer or the police.",
    ),
):
    strawberry.enum(_words, description=_about)


@strawberry.input(description="Compares a card's state. An empty `in` matches nothing.")
class CardStateFilter:
    eq: CardState | None = compare("Equal.")
    in_: list[CardState] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares what was reported. An empty `in` matches nothing.")
class CardReportKindFilter:
    eq: CardReportKind | None = compare("Equal.")
    in_: list[CardReportKind] | None = compare("One of these.", name="in")


@strawberry.input(description="Compares what became of a reported card. An empty `in` matches nothing.")
class CardReportOutcomeFilter:
    eq: CardReportOutcome | None = compare("Equal.")
    in_: list[CardReportOutcome] | None = compare("One of these.", name="in")
