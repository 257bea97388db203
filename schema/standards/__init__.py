"""Standards, screenings and evaluations."""

from __future__ import annotations

import strawberry

from schema.context import Info
from schema.filters import IdFilter, TextFilter
from schema.law import LawPhaseFilter, LawStateFilter
from schema.paging import After, Before, Connection, First, Last
from schema.resolving import listed
from schema.sections import PurposeArgument
from schema.standards.acts import Mutation
from schema.standards.types import Evaluation, Screening, Standard
from schema.wheres import AND, NOT, OR, EvaluationOrder, EvaluationWhere, TierFilter, compare

__all__ = ["Evaluation", "Mutation", "Query", "Screening", "Standard"]


@strawberry.input(description="Filters versions of standards.")
class StandardWhere:
    code: TextFilter | None = compare("Code.")
    owner_id: IdFilter | None = compare("Whose; null: head office's.")
    tier: TierFilter | None = compare("The tier it leads to.")
    state: LawStateFilter | None = compare("How far it has come.")
    phase: LawPhaseFilter | None = compare("What it is on the business day.")
    and_: list[StandardWhere] | None = compare(AND, name="and")
    or_: list[StandardWhere] | None = compare(OR, name="or")
    not_: StandardWhere | None = compare(NOT, name="not")


@strawberry.type
class Query:
    @strawberry.field(description="Versions of standards. Every signed-in person sees them.")
    async def standards(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: StandardWhere | None = None,
    ) -> Connection[Standard]:
        return await listed(info, "standard")

    @strawberry.field(description="Screenings of the caller's subtree.")
    async def screenings(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Screening]:
        return await listed(info, "screening")

    @strawberry.field(description="Evaluations of the customers that the caller reaches.")
    async def evaluations(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: EvaluationWhere | None = None,
        order_by: list[EvaluationOrder] | None = None,
        purpose: PurposeArgument = None,
    ) -> Connection[Evaluation]:
        return await listed(info, "evaluation")
