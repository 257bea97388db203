"""Refusals as data: an expected refusal is an answer, not an error, and every act answers the same way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields
from enum import Enum
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Protocol

import strawberry

import desk
import models
from authz.duties import Duty
from models.errors import Refusal
from schema.context import Info
from schema.fields import META, Show
from schema.ranges import must_be_listable
from schema.resolving import by_row_id
from schema.scalars import row_id

GIVEN = {META: Show(given=True)}
ID_TABLES = {
    "assignment_id": "assignment",
    "campaign_id": "campaign",
    "card_id": "card",
    "case_id": "exception_case",
    "centre_id": "institution",
    "consent_id": "consent",
    "customer_id": "customer",
    "delegation_id": "delegation",
    "deputy_id": "staff",
    "designation_id": "designation",
    "destruction_id": "destruction_list",
    "evaluation_id": "evaluation",
    "filing_id": "filing",
    "first_counter_id": "staff",
    "first_witness_id": "staff",
    "from_id": "institution",
    "giver_id": "staff",
    "gone_id": "customer",
    "handover_id": "handover",
    "implementing_rule_id": "implementing_rule",
    "indicator_id": "indicator",
    "institution_id": "institution",
    "into_id": "institution",
    "issuer_id": "institution",
    "kept_id": "customer",
    "invitation_id": "invitation",
    "manager_id": "staff",
    "manufacturer_id": "manufacturer",
    "membership_id": "membership",
    "merge_id": "customer_merge",
    "movement_id": "stock_movement",
    "order_id": "card_order",
    "owner_id": "institution",
    "parent_id": "institution",
    "principal_id": "staff",
    "product_id": "card_product",
    "proposal_id": "proposal",
    "receiver_id": "staff",
    "replaces_id": "card",
    "report_id": "card_report",
    "segment_id": "number_segment",
    "second_counter_id": "staff",
    "second_witness_id": "staff",
    "servicing_id": "institution",
    "staff_id": "staff",
    "standard_id": "standard",
    "stock_handover_id": "stock_handover",
    "stocktake_id": "stocktake",
    "stocktake_line_id": "stocktake_line",
    "submitted_to_id": "institution",
    "supervision_line_id": "supervision_line",
    "supervisor_id": "staff",
    "to_id": "institution",
    "work_item_id": "work_item",
    "witness_id": "staff",
}
"""Of which table each id of an input must be."""


def key() -> Any:
    """The optional idempotency key of an input."""
    return strawberry.field(
        default=None,
        description="1 to 255 characters. The same key and input have one effect (decisions.md 20).",
    )


class HasId(Protocol):
    """What an act returns: a row, of which only the id is used. Its cells are read anew through the gate."""

    id: Any


def codes() -> set[str]:
    """The codes of all refusals that the house declares, and of the duties that a DutyBroken may carry.

    Every module that may declare one is imported first, else the graph would depend on who was imported before.
    """
    for room in (models, desk):
        for found in walk_packages(room.__path__, f"{room.__name__}."):
            import_module(found.name)
    return _codes(Refusal) | {duty.value for duty in Duty}


def _codes(refusal: type[Refusal]) -> set[str]:
    ours = refusal.__module__.partition(".")[0] in {"desk", "models"}
    return ({refusal.code} if ours else set()).union(*map(_codes, refusal.__subclasses__()))


_make: Any = Enum
_WORDS = _make("ProblemCode", {code: code for code in sorted(codes())})
ProblemCode = strawberry.enum(_WORDS, description="Every rule that an act can meet (docs/measures.md).")


@strawberry.type(description="A rule of the Measures stands in the way. Nothing was changed.")
class Problem:
    code: str = strawberry.field(description="Which rule.", graphql_type=ProblemCode, metadata=GIVEN)
    message: str = strawberry.field(description="What is wrong, and what to do.", metadata=GIVEN)
    field: str = strawberry.field(description="Which input it concerns; empty when none.", metadata=GIVEN)
    article: str = strawberry.field(
        description="The article of the Measures that it rests on; empty when none.", metadata=GIVEN
    )


async def performed(info: Info, table: str, work: Callable[[], Awaitable[HasId]]) -> Any:
    """The outcome of an act, re-read through the gate, or the problem that stood in its way."""
    try:
        row = await work()
    except Refusal as refusal:
        return problem_of(refusal)
    return await by_row_id(info, table, row.id)


def problem_of(refusal: Refusal) -> Problem:
    return Problem(
        code=refusal.code, message=refusal.message, field=_camel(refusal.field), article=refusal.article
    )


def given_arguments(input: Any) -> dict[str, Any]:
    """The arguments of the desk's act: global ids become row ids, what was left out stays out."""
    found: dict[str, Any] = {}
    for field in fields(input):
        value = getattr(input, field.name)
        if value is strawberry.UNSET:
            continue
        must_be_listable(field.name, value)
        table = ID_TABLES.get(field.name)
        found[field.name] = row_id(table, value) if table and value is not None else value
    return found


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
