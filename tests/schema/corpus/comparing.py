"""One document asked of the system and of the oracle: the same body, key by key in order, and the same errors."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import strawberry.schema.schema as executing
from graphql import ExecutionResult, GraphQLError, validate

from desk.desk import Desk
from schema import schema
from schema.context import Context
from tests.schema.corpus.answers import Asking, Cursor, Place
from tests.schema.corpus.coverage import Coverage
from tests.schema.corpus.generating import Generator
from tests.schema.corpus.naive import GRAPH, answer
from tests.schema.corpus.questions import Question
from tests.schema.corpus.rights import Rights
from tests.schema.corpus.showing import global_id
from tests.schema.corpus.tables import Tables

AROUND = 300
"""Characters of an answer that are told before and after the first difference."""
Error = tuple[tuple[str | int, ...], str, str]
"""Path, code and message."""


class Different(AssertionError):
    """The system's answer is not the oracle's."""


def errors_of(errors: list[GraphQLError] | None) -> list[Error]:
    """The errors of an answer, each with the code of what was raised below all wrappers."""
    found = []
    for error in errors or ():
        cause: BaseException | None = error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        message = error.message
        if message.startswith("Cannot query field"):
            # The house does not help to guess the names of fields.
            message = message.partition(" Did you mean")[0]
        found.append((tuple(error.path or ()), str(getattr(cause, "code", "")), message))
    return found


def cursors(told: Any, expected: Any) -> Iterator[tuple[str, Place]]:
    """Each cursor of the system beside the place that it must stand for."""
    if isinstance(expected, Cursor):
        if isinstance(told, str) and told:
            yield told, expected.place
    elif isinstance(expected, dict) and isinstance(told, dict):
        for name, one in expected.items():
            yield from cursors(told.get(name), one)
    elif isinstance(expected, list) and isinstance(told, list):
        for one, other in zip(told, expected, strict=False):
            yield from cursors(one, other)


def put(told: Any, expected: Any, means: dict[str, Place]) -> Any:
    """The system's answer with the places in the stead of its cursors."""
    if isinstance(expected, Cursor):
        return str(means[told]) if isinstance(told, str) and told in means else told
    if isinstance(expected, dict) and isinstance(told, dict):
        return {name: put(one, expected.get(name), means) for name, one in told.items()}
    if isinstance(expected, list) and isinstance(told, list) and len(expected) == len(told):
        return [put(one, other, means) for one, other in zip(told, expected, strict=True)]
    return told


def apart(told: str, expected: str) -> str:
    """Both texts from a little before the place where they part."""
    same = len(os.path.commonprefix([told, expected]))
    start = max(0, same - AROUND)
    return f"the system: …{told[start : same + AROUND]}…\nthe oracle: …{expected[start : same + AROUND]}…"


@dataclass
class Comparison:
    """A run of documents over one open database."""

    tables: Tables
    policy: str
    generator: Generator
    coverage: Coverage
    rights: dict[str, Rights] = field(default_factory=dict)
    means: dict[str, dict[str, Place]] = field(default_factory=dict)
    """By person: what each cursor of the system stands for."""
    shown: set[tuple[str, str]] = field(default_factory=set)
    tally: Counter[str] = field(default_factory=Counter)

    async def ask(self, actor: str, desk: Desk, question: Question) -> None:
        """Different, with the smallest that is needed to ask it again, when they disagree."""
        if actor not in self.rights:
            self.rights[actor] = Rights(self.tables, self.policy, desk.staff_id)
        known = self.means.setdefault(actor, {})
        asking = Asking(self.tables, self.rights[actor], known)
        expected = self.expected(question, asking)
        told = await schema.execute(
            question.text,
            variable_values=question.variables,
            context_value=Context(desk),
            operation_name=question.operation,
        )
        self._learn(known, told.data, expected.data)
        found = (put(told.data, expected.data, known), errors_of(told.errors))
        wanted = (expected.data, errors_of(expected.errors))
        one, other = (json.dumps(body, ensure_ascii=False) for body in (found, wanted))
        if one != other:
            raise Different(
                f"{actor}: {question.text}\n{json.dumps(question.variables, ensure_ascii=False)}"
                f" {question.operation or ''}\n{apart(one, other)}"
            )
        self.tally["documents"] += 1
        self.shown |= asking.shown
        if not expected.errors:
            self.tally["valid"] += 1
            self._remember(actor, question, asking, told.data, expected.data)
        for _, code, _ in wanted[1]:
            self.tally[code or "invalid"] += 1

    def _learn(self, known: dict[str, Place], told: Any, expected: Any) -> None:
        """What each new cursor stands for. In one answer a place has one cursor, wherever it is shown.

        One that was met below an open case first, and elsewhere later, is gone on with where it was met later.
        """
        by_place: dict[Place, str] = {}
        for cursor, place in cursors(told, expected):
            held = known.get(cursor)
            if held is not None and str(held) != str(place):
                raise Different(f"one cursor for {held} and for {place}")
            if held is None or (held.list[-1] and not place.list[-1]):
                known[cursor] = place
            if by_place.setdefault(place, cursor) != cursor:
                raise Different(f"two cursors for {place}")

    def expected(self, question: Question, asking: Asking) -> ExecutionResult:
        # The very parser of the system, for as long as the tests read each document once.
        document = executing.parse(question.text)  # type: ignore[attr-defined]
        # The others the system must find valid, or the answers differ.
        found = validate(GRAPH, document) if question.doubtful else []
        if found:
            return ExecutionResult(None, found)
        self.coverage.add(document, question.variables, question.operation)
        return answer(asking, document, question.variables, question.operation)

    def _remember(self, actor: str, question: Question, asking: Asking, told: Any, expected: Any) -> None:
        """The rows that were answered, to be asked by their ids, and cursors of the lists, to go on from."""
        for table, key in sorted(asking.rows, key=str):
            self.generator.seen[actor][table][global_id(table, key)] = None
        by_list: dict[tuple[Any, ...], list[str]] = {}
        for cursor, place in cursors(told, expected):
            by_list.setdefault(place.list, []).append(cursor)
        for path, (coordinate, values) in question.lists.items():
            if len(path) == 1 and isinstance(expected, dict) and path[0] in expected:
                self.generator.learn(actor, coordinate, expected[path[0]])
            key = asking.lists.get(path, (True,))
            if (found := by_list.get(key)) and not key[-1]:
                self.generator.remember(actor, coordinate, values, found[:4])
