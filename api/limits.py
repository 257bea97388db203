"""How much a document may ask, and what an operation costs with the variables it came with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import OperationType

from api.bodies import Json
from api.errors import LIMIT_EXCEEDED, DocumentError

# Fields that may be executed once in a request, else one POST carries ten thousand guesses of a password.
ONCE_PER_REQUEST = frozenset({"signIn"})

# Lists without pages, and how many rows of each count: a membership has filings, and each of them that membership.
UNPAGED = {"assignments": 10, "balances": 10, "criteria": 10, "files": 10, "filings": 10, "loans": 10}

# What a field costs in cells where that is more than one: an explanation asks the policy some hundred questions.
HEAVY = {"explain": 20_000}

# Largest page that an Int variable can name; keeps products of nested pages small numbers.
MAX_INT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one document may hold. Of 458 operations of a real back office none comes near them."""

    source: int = 64 * 1024
    """Characters of the text."""
    tokens: int = 2_000
    comments: int = 200
    operations: int = 10
    nesting: int = 50
    """Selection sets inside each other, inline fragments and spreads included: bounds recursion everywhere."""
    depth: int = 15
    """Fields inside each other."""
    fields: int = 1_000
    """Fields after the fragments are expanded."""
    aliases: int = 100
    directives: int = 100
    mutations: int = 4
    """Root fields of one mutation."""
    nodes: int = 10_000
    """Objects that the pages asked for can hold, by multiplying page sizes down each path; a root field is one."""
    cells: int = 250_000
    """Fields of those objects: about a second of work of one processor."""
    once: frozenset[str] = ONCE_PER_REQUEST
    unpaged: Mapping[str, int] = field(default_factory=lambda: UNPAGED)
    heavy: Mapping[str, int] = field(default_factory=lambda: HEAVY)


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Page:
    """A list whose size depends on a variable: `sizes` are numbers and names of variables, the largest counts."""

    sizes: tuple[int | str, ...]
    nodes: int
    cells: int
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One operation as the survey found it."""

    name: str | None
    kind: OperationType
    introspects: bool
    nodes: int
    cells: int
    pages: tuple[Page, ...]
    defaults: Mapping[str, int]
    """Defaults of the integer variables."""


def cost(shape: Shape, variables: Mapping[str, Json], limits: Limits = LIMITS) -> int:
    """The nodes that an operation asks for with these variables. Raises LIMIT_EXCEEDED for too many nodes or cells."""
    nodes, cells = _add(shape.nodes, shape.cells, shape.pages, shape.defaults, variables)
    within(
        "nodes", limits.nodes, nodes, "Ask for smaller pages (first, last) or for fewer lists inside lists."
    )
    within("cells", limits.cells, cells, "Ask for smaller pages (first, last) or for fewer fields in each.")
    return nodes


def _add(
    nodes: int, cells: int, pages: Iterable[Page], defaults: Mapping[str, int], variables: Mapping[str, Json]
) -> tuple[int, int]:
    for page in pages:
        below_nodes, below_cells = _add(page.nodes, page.cells, page.pages, defaults, variables)
        size = max(page_size(given, defaults, variables) for given in page.sizes)
        nodes += size * (1 + below_nodes)
        cells += size * below_cells
    return nodes, cells


def page_size(given: int | str, defaults: Mapping[str, int], variables: Mapping[str, Json]) -> int:
    """A page of 0, of less, or of no integer at all is refused where it is read; it must not lower the sum here."""
    if isinstance(given, str):
        value = variables[given] if given in variables else defaults.get(given, 1)
        # GraphQL takes 50.0 for an Int as well.
        whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
        given = int(value) if whole else 1  # type: ignore[arg-type]
    return min(max(given, 1), MAX_INT)


def within(limit: str, allowed: int, asked: int, remedy: str) -> None:
    """Refuse what is over the limit of this name."""
    if asked > allowed:
        raise exceeded(limit, allowed, remedy)


def exceeded(limit: str, allowed: int, remedy: str) -> DocumentError:
    """The refusal of a request that is over a limit: which limit, how much it allows, and what to do instead."""
    message = f"The request exceeds the limit of {allowed} for {limit}. {remedy}"
    return DocumentError(LIMIT_EXCEEDED, message, extensions={"limit": limit, "allowed": allowed})
