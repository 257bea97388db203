"""Recipes: how to turn a root field of a known document, with new variables, into a plan and its values, quickly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    NamedTypeNode,
    OperationDefinitionNode,
    VariableNode,
    get_named_type,
)

from desk.gate.lifting import Values, page_lifted, purpose_lifted
from desk.gate.plans import Plan, plan_of_form
from desk.selection import Param, Purpose, Selection
from desk.shape import Node, One
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

Base: TypeAlias = tuple[Selection, list[Any]]
"""What somebody asks, without its values, and these."""


@dataclass(slots=True)
class Asked:
    """A field with arguments: what it asks with these variables, without the values, and the values."""

    number: int
    arguments: Arguments
    table: str
    seen: dict[tuple[Any, ...], Base] = field(default_factory=dict)
    """What plain arguments (a size, a cursor, words) were found to ask, the last few of them."""

    def of(self, variables: dict[str, Any]) -> Base:
        key = self.arguments.key(variables)
        if key is not None and (known := self.seen.get(key)) is not None:
            return known
        values = Values(self.number)
        found = terms(self.table, self.arguments.of(variables), values), values.taken
        if key is not None:
            if len(self.seen) >= SEEN_KEPT:
                self.seen.clear()
            self.seen[key] = found
        return found


def terms(table: str, arguments: dict[str, Any], values: Values) -> Selection:
    """What the arguments of a field ask, without the values: of a section a purpose, of a list all that it takes."""
    if not table:
        return Selection("", purpose=purpose_lifted(purpose_of(arguments.get("purpose")), values))
    if (found := LISTS.get(table)) is not None:
        return found.form(table, arguments, values)
    return Selection(table, page=page_lifted(page_of(arguments), values))


Key: TypeAlias = tuple[Any, ...]


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

    def keep(self, key: tuple[Selection, ...], shape: Node) -> Plan:
        plan = self.forms[key] = plan_of_form(key[0].shown_as(shape))
        while len(self.forms) > FORMS_KEPT:
            self.forms.popitem(last=False)
        return plan


@dataclass(frozen=True, slots=True)
class _Found:
    nodes: tuple[FieldNode, ...]
    flags: tuple[str, ...]


class Recipes:
    """What is kept of all documents: not too many recipes, and not too heavy together."""

    def __init__(self) -> None:
        self._flags: OrderedDict[Key, _Found] = OrderedDict()
        self._recipes: OrderedDict[Key, Recipe] = OrderedDict()
        self.weight = 0

    def all(self) -> list[Recipe]:
        return list(self._recipes.values())

    def of(self, info: GraphQLResolveInfo[Any], table: str) -> Recipe:
        ids = tuple(map(id, info.field_nodes))
        found = self._flags.get(ids)
        if found is None:
            nodes = tuple(info.field_nodes)
            flags: set[str] = set()
            if _may_vary(info.operation):
                _flags(nodes, info.fragments, set(), flags)
            found = self._flags[ids] = _Found(nodes, tuple(sorted(flags)))
            while len(self._flags) > RECIPES_KEPT:
                self._flags.popitem(last=False)
        variables = bare(info)
        key = (ids, table, *[variables.get(name) for name in found.flags])
        recipe = self._recipes.get(key)
        if recipe is None:
            recipe = self._recipes[key] = Recipe(found.nodes)
            while len(self._recipes) > RECIPES_KEPT:
                self._drop()
        else:
            self._recipes.move_to_end(key)
        return recipe

    def weigh(self, used: Recipe, more: int) -> None:
        """Drop what was not used for longest while all together are too heavy. One document alone never is for long."""
        used.weight += more
        self.weight += more
        while self.weight > WEIGHT_KEPT and len(self._recipes) > 1:
            self._drop()
        if used.weight > WEIGHT_KEPT:
            used.shapes.clear()
            used.forms.clear()
            self.weight -= used.weight
            used.weight = 0

    def _drop(self) -> None:
        _, dropped = self._recipes.popitem(last=False)
        self.weight -= dropped.weight


RECIPES = Recipes()


def _may_vary(operation: OperationDefinitionNode) -> bool:
    """Whether a variable could decide what is asked at all: only a Boolean can."""
    return any(
        isinstance(kind := getattr(one.type, "type", one.type), NamedTypeNode)
        and kind.name.value == "Boolean"
        for one in operation.variable_definitions or ()
    )


def _flags(
    nodes: Sequence[Any],
    fragments: Mapping[str, FragmentDefinitionNode],
    seen: set[str],
    found: set[str],
) -> None:
    """Find the variables that decide what is asked at all."""
    for node in nodes:
        for directive in node.directives or ():
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    found.add(argument.value.name.value)
        if isinstance(node, FragmentSpreadNode):
            if node.name.value not in seen:
                seen.add(node.name.value)
                _flags([fragments[node.name.value]], fragments, seen, found)
        elif node.selection_set:
            _flags(node.selection_set.selections, fragments, seen, found)


def list_plan(info: GraphQLResolveInfo[Any], table: str) -> tuple[Plan, list[list[Any]]]:
    """The plan of a root field that answers a page of `table`, and its values."""
    return _plan(info, RECIPES.of(info, table), table, None)


def row_plan(
    info: GraphQLResolveInfo[Any], table: str, row: UUID, purpose: Purpose | None
) -> tuple[Plan, list[list[Any]]]:
    """The plan of a root field that answers one row of `table`, plainly or as one of a union, and its values."""
    base = _row_form(table, purpose is not None), [row, purpose] if purpose else [row]
    return _plan(info, RECIPES.of(info, table), table, base)


@cache
def _row_form(table: str, purposeful: bool) -> Selection:
    """One row of a table by its id, for a purpose or for none, without the values."""
    return Selection(table, ids=(Param(0, 0),), purpose=Param(0, 1) if purposeful else None)


def _plan(
    info: GraphQLResolveInfo[Any], recipe: Recipe, table: str, base: Base | None
) -> tuple[Plan, list[list[Any]]]:
    if not recipe.asked and not recipe.forms:
        return _drawn(recipe, info, table, base)
    variables = bare(info)
    found = [] if base is None else [base]
    found += [asked.of(variables) for asked in recipe.asked]
    key = tuple([form for form, _ in found])
    plan = recipe.forms.get(key)
    if plan is None:
        shape = recipe.shapes.get(key[1:])
        if shape is None:
            return _drawn(recipe, info, table, base)
        plan = recipe.keep(key, shape)
    elif len(recipe.forms) > 1:
        recipe.forms.move_to_end(key)
    return plan, [values for _, values in found]


def _drawn(
    recipe: Recipe, info: GraphQLResolveInfo[Any], table: str, base: Base | None
) -> tuple[Plan, list[list[Any]]]:
    """Draw the field, noting what asks on the way; the next time only the asking is done again."""
    variables = bare(info)
    asked: list[Asked] = []
    found: list[Base] = []

    def ask(definition: GraphQLField, node: FieldNode, of_table: str) -> Selection:
        one = Asked(len(found), Arguments(definition, node), of_table)
        asked.append(one)
        found.append(one.of(variables))
        return found[-1][0]

    drawer = Drawer(info, ask)
    shape: Node
    if base is None:
        ask(info.parent_type.fields[info.field_name], info.field_nodes[0], table)
        kind: Any = get_named_type(info.return_type)
        shape = drawer.root(kind)
    else:
        found.append(base)
        shape = One(drawer.root(_kind_of(info, table)))
    key = tuple([form for form, _ in found])
    recipe.asked = asked
    recipe.shapes[key[1:]] = shape
    plan = recipe.keep(key, shape)
    RECIPES.weigh(recipe, drawer.weight)
    return plan, [values for _, values in found]


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
