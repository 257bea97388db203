"""The bank with a whole history, on a fresh copy of one SQLite database, or on PostgreSQL."""

from __future__ import annotations

import copy
import functools
import logging
import shutil
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest
import strawberry.schema.schema as executing
from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse

from authz import Policy
from desk.desk import adopt
from models.database import database
from tests import cast
from tests.cards import Cards
from tests.conftest import NOW
from tests.custody import Custody
from tests.schema.inbox_acts import more_people
from tests.schema.whole import Whole, build

KEPT = 512
parse_once = functools.lru_cache(KEPT)(parse)
CHECKED: dict[tuple[int, int], tuple[DocumentNode, list[GraphQLError]]] = {}
"""The document is kept beside what was found in it, so that its id stays its own."""


@pytest.fixture(scope="module", autouse=True)
def documents_are_read_once() -> Iterator[None]:
    """Parsing and validating are pure, and take most of the time of tests that ask the same as many people."""
    validate = executing.validate_document

    def validate_once(graph: GraphQLSchema, document: DocumentNode, rules: Any) -> list[GraphQLError]:
        key = (id(graph), id(document))
        if key not in CHECKED:
            if len(CHECKED) >= KEPT:
                CHECKED.clear()
            CHECKED[key] = (document, validate(graph, document, rules))
        return CHECKED[key][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executing, "parse", parse_once)
        patch.setattr(executing, "validate_document", validate_once)
        yield


def nobody_foresaw(record: logging.LogRecord) -> bool:
    """Whether an error is neither one of ours, which has a code, nor graphql-core's own."""
    cause = record.exc_info[1] if record.exc_info else None
    return cause is not None and not getattr(cause, "code", "") and not isinstance(cause, GraphQLError)


@pytest.fixture(scope="module", autouse=True)
def refusals_are_answers() -> Iterator[None]:
    """Strawberry writes a stack trace for each. They are many here, are read as answers, and the traces tell nothing."""
    log = logging.getLogger("strawberry.execution")
    log.addFilter(nobody_foresaw)
    yield
    log.removeFilter(nobody_foresaw)


@pytest.fixture(scope="session")
async def whole_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, policy: Policy
) -> tuple[Path, Whole]:
    """A closed SQLite file with the whole bank in it."""
    path = tmp_path_factory.mktemp("whole") / "whole.sqlite3"
    shutil.copy(sqlite_template, path)
    async with database(f"sqlite://{path}"):
        await adopt(policy)
        whole = await build(await cast.build(NOW))
    return path, whole


@pytest.fixture
async def whole_file(whole_template: tuple[Path, Whole], tmp_path: Path) -> Path:
    """A copy of one's own, closed."""
    return Path(shutil.copy(whole_template[0], tmp_path / "whole.sqlite3"))


@pytest.fixture
async def whole(whole_template: tuple[Path, Whole], whole_file: Path) -> AsyncGenerator[Whole]:
    """The whole bank, open on SQLite."""
    async with database(f"sqlite://{whole_file}"):
        yield copy.copy(whole_template[1])


@pytest.fixture
async def sichuan(custody: Custody) -> Custody:
    """Cards at Sichuan in Ku's charge; Jian supervises him."""
    return await more_people(custody, "SC", "ku", "jian")


@pytest.fixture
async def centre(cards: Cards) -> Cards:
    """A member, and cards at the centre in He's charge; Zhao supervises her."""
    await more_people(cards, "CDW", "he", "zhao")
    return cards
