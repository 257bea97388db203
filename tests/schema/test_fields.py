"""Every field of the graph says what it shows, and shows it in the class that its column has."""

from __future__ import annotations

import importlib

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType
from tortoise.models import Model

from authz import DataClass
from authz.classes import CLOSED, COLUMNS, INTERNAL, TABLES, class_of
from desk.gate.columns import column
from desk.sights import SIGHTS
from models import MODULES
from schema import NODES
from tests.accepting import GOLDEN, accept
from tests.schema.walking import (
    GRAPH,
    Place,
    confidential,
    is_node,
    object_types,
    places,
    python_name,
    root,
    show_of,
)

OPEN = {DataClass.PUBLIC, DataClass.VIP_STATUS}
"""Classes that everybody who reaches a row sees of it."""
PLACES = list(places())
FREE = {"Money"}
"""Types that are values and no rows: they carry nothing but what the field above them says."""


def test_everything_is_described() -> None:
    silent = []
    for name, kind in GRAPH.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLEnumType) and not kind.description:
            silent.append(name)
        if hasattr(kind, "fields"):
            if not kind.description and name not in {"Query", "Mutation"}:
                silent.append(name)
            silent += [f"{name}.{field}" for field, one in kind.fields.items() if not one.description]
        if not isinstance(kind, GraphQLInputObjectType) and hasattr(kind, "fields"):
            # `input` is what its type says; ids are what their field says.
            silent += [
                f"{name}.{field}({argument})"
                for field, one in kind.fields.items()
                for argument, given in one.args.items()
                if not given.description and argument not in {"input", "id", "where", "orderBy", "portfolio"}
            ]
    assert silent == []


def test_the_walk_meets_every_type() -> None:
    """Else the tests below would pass over a type."""
    met = {place.type.name for place in PLACES}
    assert {kind.name for kind in object_types()} - met - {"Query", "Mutation"} == set()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_field_shows_what_the_desk_has_in_its_class(place: Place) -> None:
    show = show_of(place.field)
    if place.type.name in FREE:
        return
    assert show is not None, f"{place} does not say what it shows: use schema.fields"
    if show.given:
        return
    assert place.table in SIGHTS, f"{place} is of no table that the desk opens"
    if show.relation:
        relation = SIGHTS[place.table].relations.get(show.relation)
        assert relation is not None, f"{place}: {place.table} has no relation {show.relation}"
        assert relation.table == show.table
        assert show.table in TABLES
        return
    if show.section is not None:
        return
    for name in show.columns or (python_name(place.field),):
        found = column(place.table, name).data_class
        if place.section is not None:
            assert found in {place.section, DataClass.PUBLIC}, (
                f"{place} is {found} in a {place.section} section"
            )
        elif found not in OPEN:
            assert confidential(place.type) == found, f"{place} is {found}; its type must say @confidential"


def test_a_type_is_confidential_in_the_class_that_it_shows() -> None:
    """What @confidential says is what the section's cells, or the rows' class, are."""
    for place in PLACES:
        said, show = confidential(place.type), show_of(place.field)
        if said is None or show is None or show.given or show.relation:
            continue
        for name in show.columns or (python_name(place.field),):
            assert column(place.table, name).data_class in {said, DataClass.PUBLIC}, str(place)
        if place.section is not None:
            assert place.section == said, str(place)


def test_every_node_can_be_asked_for() -> None:
    """A type with ids is one that `node` finds, or one that only an act answers."""
    found = {node.TABLE for node in NODES}
    assert found <= set(SIGHTS)
    nodes = {kind.name for kind in object_types() if is_node(kind)}
    listed = {kind.name for kind in GRAPH.get_possible_types(GRAPH.type_map["Node"])}  # type: ignore[arg-type]
    assert nodes == listed


def test_interfaces_are_what_we_know() -> None:
    faces = {name for name, kind in GRAPH.type_map.items() if isinstance(kind, GraphQLInterfaceType)}
    assert faces == {"Node", "Section"}
    assert root("Query")
    assert root("Mutation")


def tables() -> dict[str, list[str]]:
    """The columns of every table, from Tortoise's own definitions."""
    found = {}
    for module in MODULES:
        for thing in vars(importlib.import_module(module)).values():
            if isinstance(thing, type) and issubclass(thing, Model) and not thing._meta.abstract:
                meta = thing._meta
                plain = {name for name, field in meta.fields_map.items() if field.has_db_field}
                found[meta.db_table] = sorted(plain | {f"{name}_id" for name in meta.fk_fields})
    return found


def test_every_table_is_classified_or_closed() -> None:
    found = set(tables())
    assert found - set(TABLES) - CLOSED == set(), "a table without a class: name it in authz/classes.py"
    assert set(TABLES) | CLOSED == found, "authz/classes.py names a table that is no more"
    assert not set(TABLES) & CLOSED


def test_no_column_is_classified_that_is_not_there() -> None:
    known = tables()
    stale = []
    for name in COLUMNS:
        table, _, one = name.partition(".")
        derived = SIGHTS[table].derived if table in SIGHTS else {}
        if one not in known.get(table, []) and one not in derived:
            stale.append(name)
    assert stale == []
    plain = [
        f"{table}.{one}"
        for table, sight in SIGHTS.items()
        for one in sight.derived
        if f"{table}.{one}" not in COLUMNS
    ]
    assert plain == [], "a derived column has a class of its own, whatever its table's is"


def test_the_class_of_every_column_has_been_reviewed() -> None:
    """A new column does not take its table's class in silence: it is a line in this golden file, or the build fails."""
    known = tables()
    lines = [
        f"{table}.{one} {class_of(table, one)}"
        for table in sorted(set(known) & set(TABLES))
        for one in sorted({*known[table], *(SIGHTS[table].derived if table in SIGHTS else {})})
    ]
    accept(GOLDEN / "column_classes.txt", "\n".join(lines) + "\n")


def test_sealed_and_internal_columns_never_leave() -> None:
    for table, columns in tables().items():
        for one in columns:
            if table in TABLES and one.endswith(("_cipher", "_index", "_hash")):
                assert class_of(table, one) == INTERNAL, f"{table}.{one} must be INTERNAL"
