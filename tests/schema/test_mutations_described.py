"""Every mutation says on what it rests and who may call it; one of card custody also what it refuses."""

from __future__ import annotations

import re

from graphql import GraphQLEnumType, GraphQLInputObjectType

from authz import DataClass
from authz.classes import class_of
from desk.errors import NotFound
from schema.stock.words import OPENLY
from tests.schema.walking import GRAPH, root

SOURCE = re.compile(r"\b(Notice|Annex|Art\.|(decisions|domain|security)\.md) \d+")
CALLER = re.compile(r"(^|[.;] )By [a-z]")
CODE = re.compile(r"\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b")
OF_CUSTODY = re.compile(r"Notice 4|Annex 1")
SAID_OPENLY = (
    "DraftCardReturnInput",
    "DraftCardVoidInput",
    "DraftStockChangeInput",
    "RejectStockMovementInput",
    "TakeInCardInput",
    "WithdrawStockMovementInput",
)
"""Whose reason stands on a movement that may be about one customer's card, or voids cards."""


def described() -> dict[str, str]:
    return {name: one.description or "" for name, one in root("Mutation").items()}


def without(pattern: re.Pattern[str], told: dict[str, str]) -> list[str]:
    return [f"{name}: {text}" for name, text in told.items() if not pattern.search(text)]


def test_a_mutation_names_its_article_notice_or_decision() -> None:
    assert without(SOURCE, described()) == []


def test_a_mutation_names_who_may_call_it() -> None:
    assert without(CALLER, described()) == []


def test_a_mutation_of_custody_names_what_it_refuses() -> None:
    custody = {name: text for name, text in described().items() if OF_CUSTODY.search(text)}
    assert {"signStockMovement", "handOutCard", "witnessDestruction", "confirmCount"} <= set(custody)
    assert without(CODE, custody) == []


def test_a_mutation_names_no_code_that_nobody_meets() -> None:
    codes = GRAPH.type_map["ProblemCode"]
    assert isinstance(codes, GraphQLEnumType)
    met = {*codes.values, NotFound.code}
    named = {name: set(CODE.findall(text)) - met for name, text in described().items()}
    assert {name: wrong for name, wrong in named.items() if wrong} == {}


def test_a_reason_that_everyone_reads_says_so() -> None:
    """What a card's own story keeps to who reads the customer's services is open on the movement."""
    assert (class_of("stock_movement", "reason"), class_of("stock_movement", "reject_reason")) == (
        DataClass.PUBLIC,
        DataClass.PUBLIC,
    )
    assert class_of("card_event", "reason") == DataClass.SERVICE
    for name in SAID_OPENLY:
        given = GRAPH.type_map[name]
        assert isinstance(given, GraphQLInputObjectType)
        assert (given.fields["reason"].description or "").endswith(OPENLY), name
