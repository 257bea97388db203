"""Recipes: how to turn a root field of a known document, with new variables, into a plan and its values, quickly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    VariableNode,
    get_named_type,
)
from graphql.execution.collect_fields import FragmentDetails

from desk.gate.lifting import Values, terms_lifted
from desk.gate.plans import Plan
from desk.selection import Param, Purpose, Selection
from desk.shape import Below, Each, Node, Object, One, Part
from schema.arguments import Arguments, bare
from schema.drawing import Drawer
from schema.lists import LISTS
from schema.paging import page_of
from schema.sections import purpose_of

RECIPES_KEPT = 1024
FORMS_KEPT = 64
"""Forms of one recipe: filters of other shapes, pages of other sizes."""
SEEN_KEPT = 16
WEIGHT_KEPT = 100_000
"""Nodes of all shapes together, about a third of a kilobyte each: few documents may be large, many may be small."""


@dataclass(slots=True)
class Asked:
    """A field with arguments: what it asks with these variables, without the values, and the values."""

    number: int
    arguments: Arguments
    table: str
    known: tuple[Selection, list[Any]] | None = None
    seen: dict[tuple[Any, ...], tuple[Selection, list[Any]]] = field(default_factory=dict)
    """What plain arguments (a size, a cursor, words) were found to ask, the last few of them."""

    def of(self, variables: dict[str, Any]) -> tuple[Selection, list[Any]]:
        if self.known is not None:
            return self.known
        arguments = self.arguments.of(variables)
        try:
            key = tuple(arguments.items())
            if (found := self.seen.get(key)) is not None:
                return found
        except TypeError:  # an object or a list among them
            key = ()
        values = Values(self.number)
        found = terms_lifted(terms(self.table, arguments), values), values.taken
        if self.arguments.constant:
            self.known = found
        elif key:
            if len(self.seen) >= SEEN_KEPT:
                self.seen.clear()
            self.seen[key] = found
        return found


def terms(table: str, arguments: dict[str, Any]) -> Selection:
    """What the arguments of a field ask: of a section a purpose, of a list all that it takes."""
    if not table:
        return Selection("", purpose=purpose_of(arguments.get("purpose")))
    if table in LISTS:
        return LISTS[table].base(table, arguments)
    return Selection(table, page=page_of(arguments))


@dataclass(slots=True)
class Recipe:
    """One root field of one document, for one set of @skip/@include flags."""

    nodes: tuple[FieldNode, ...]
    """Kept, so that the ids that the recipe is found by stay theirs."""
    asked: list[Asked] = field(default_factory=list)
    shapes: dict[tuple[Selection, ...], Node] = field(default_factory=dict)
    """Drawn once for whatever the field itself asks; only what is asked further down changes the shape."""
    forms: OrderedDict[tuple[Selection, ...], Plan] = field(default_factory=OrderedDict)
    weight: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    nodes: tuple[FieldNode, ...]
    flags: tuple[str, ...]


_FLAGS: OrderedDict[tuple[int, ...], _Found] = OrderedDict()
_RECIPES: OrderedDict[tuple[Any, ...], Recipe] = OrderedDict()


def list_plan(info: GraphQLResolveInfo[Any], table: str) -> tuple[Plan, list[list[Any]]]:
    """The plan of a root field that answers a page of `table`, and its values."""
    return _plan(info, table, None)


def row_plan(
    info: GraphQLResolveInfo[Any], table: str, row: UUID, purpose: Purpose | None
) -> tuple[Plan, list[list[Any]]]:
    """The plan of a root field that answers one row of `table`, plainly or as one of a union, and its values."""
    return _plan(info, table, (_row_form(table, purpose is not None), [row, *([purpose] if purpose else [])]))


@cache
def _row_form(table: str, purposeful: bool) -> Selection:
    """One row of a table by its id, for a purpose or for none, without the values."""
    return Selection(table, ids=(Param(0, 0),), purpose=Param(0, 1) if purposeful else None)


Base: TypeAlias = tuple[Selection, list[Any]]


def _plan(info: GraphQLResolveInfo[Any], table: str, base: Base | None) -> tuple[Plan, list[list[Any]]]:
    recipe = _recipe(info, table)
    variables = bare(info)
    forms: list[Selection] = []
    taken: list[list[Any]] = []
    if base is not None:
        forms.append(base[0])
        taken.append(base[1])
    if not recipe.asked and not recipe.forms:
        return _drawn(recipe, info, table, base)
    for asked in recipe.asked:
        form, values = asked.of(variables)
        forms.append(form)
        taken.append(values)
    key = tuple(forms)
    plan = recipe.forms.get(key)
    if plan is None:
        shape = recipe.shapes.get(key[1:])
        if shape is None:
            return _drawn(recipe, info, table, base)
        plan = _kept(recipe, key, shape)
    recipe.forms.move_to_end(key)
    return plan, taken


def _kept(recipe: Recipe, key: tuple[Selection, ...], shape: Node) -> Plan:
    plan = recipe.forms[key] = Plan(replace(key[0], shape=shape))
    while len(recipe.forms) > FORMS_KEPT:
        recipe.forms.popitem(last=False)
    return plan


def _drawn(
    recipe: Recipe, info: GraphQLResolveInfo[Any], table: str, base: Base | None
) -> tuple[Plan, list[list[Any]]]:
    """Draw the field, noting what asks on the way; the next time only the asking is done again."""
    variables = bare(info)
    asked: list[Asked] = []
    forms: list[Selection] = []
    taken: list[list[Any]] = []

    def ask(definition: GraphQLField, node: FieldNode, of_table: str) -> Selection:
        one = Asked(len(taken), Arguments(definition, node), of_table)
        form, values = one.of(variables)
        asked.append(one)
        forms.append(form)
        taken.append(values)
        return form

    drawer = Drawer(info, {name: FragmentDetails(one, None) for name, one in info.fragments.items()}, ask)
    shape: Node
    if base is None:
        ask(info.parent_type.fields[info.field_name], info.field_nodes[0], table)
        kind: Any = get_named_type(info.return_type)
        shape = drawer.connection(kind, info.field_nodes)
    else:
        forms.append(base[0])
        taken.append(base[1])
        shape = One(drawer.row(_kind_of(info, table), info.field_nodes))
    recipe.asked = asked
    recipe.shapes[tuple(forms[1:])] = shape
    recipe.weight += weight(shape)
    plan = _kept(recipe, tuple(forms), shape)
    _lighten(recipe)
    return plan, taken


def _lighten(used: Recipe) -> None:
    """Drop what was not used for longest while all together are too heavy. One document alone never is for long."""
    while sum(recipe.weight for recipe in _RECIPES.values()) > WEIGHT_KEPT and len(_RECIPES) > 1:
        _RECIPES.popitem(last=False)
    if used.weight > WEIGHT_KEPT:
        used.shapes.clear()
        used.forms.clear()
        used.weight = 0


def weight(node: Node) -> int:
    """How many nodes a shape has."""
    match node:
        case Object(entries):
            return 1 + sum(weight(child) for _, child in entries)
        case Each(row) | One(row):
            return 1 + weight(row)
        case Part(_, _, content):
            return 1 + weight(content)
        case Below(_, selection):
            return 1 + (weight(selection.shape) if selection.shape is not None else 0)
    return 1


def _kind_of(info: GraphQLResolveInfo[Any], table: str) -> GraphQLObjectType:
    """The type of the rows of a table: the field's own, or one of those it may answer."""
    named: Any = get_named_type(info.return_type)
    if isinstance(named, GraphQLObjectType) and _table_of(named) == table:
        return named
    for kind in info.schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and _table_of(kind) == table:
            return kind
    raise TypeError(f"no type of the graph shows rows of {table}")


def _table_of(kind: GraphQLObjectType) -> str:
    definition = (kind.extensions or {}).get("strawberry-definition")
    return getattr(getattr(definition, "origin", None), "TABLE", "")


def _recipe(info: GraphQLResolveInfo[Any], table: str) -> Recipe:
    ids = tuple(map(id, info.field_nodes))
    found = _FLAGS.get(ids)
    if found is None:
        nodes = tuple(info.field_nodes)
        found = _FLAGS[ids] = _Found(nodes, tuple(sorted(set(_flags(nodes, info.fragments, set())))))
        while len(_FLAGS) > RECIPES_KEPT:
            _FLAGS.popitem(last=False)
    variables = bare(info)
    key = (ids, table, tuple(variables.get(name) for name in found.flags))
    recipe = _RECIPES.get(key)
    if recipe is None:
        recipe = _RECIPES[key] = Recipe(found.nodes)
        while len(_RECIPES) > RECIPES_KEPT:
            _RECIPES.popitem(last=False)
    else:
        _RECIPES.move_to_end(key)
    return recipe


def _flags(
    nodes: Sequence[Any], fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[str]:
    """The variables that decide what is asked at all."""
    for node in nodes:
        for directive in node.directives or ():
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
        if isinstance(node, FragmentSpreadNode):
            if node.name.value not in seen:
                seen.add(node.name.value)
                yield from _flags([fragments[node.name.value]], fragments, seen)
        elif node.selection_set:
            yield from _flags(node.selection_set.selections, fragments, seen)
