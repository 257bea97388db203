"""Which fields, arguments and inputs the documents have asked for, in which forms: counted from the text, not by its author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_input_object_type,
    is_non_null_type,
    is_object_type,
    is_required_argument,
)

FORMS = ("plain", "alias", "fragment", "inline", "skip", "include", "merged")
"""Forms of a field. Merged: asked twice for one place of the answer."""
ARGUMENT_FORMS = ("literal", "variable", "default", "left out", "null")
"""Forms of an argument. Default: of a variable that is not given."""
INPUT_FORMS = ("literal", "variable", "null")
"""Forms of a field of an input object; a null may be one that is refused."""
OUTSIDE = frozenset({"explain"})
"""Root fields that the policy answers, and no table: what they say is not for the gate to show."""
Item = tuple[str, str]
"""A coordinate (`Type.field`, `Type.field(argument)`, `Input.field`) and a form."""


def reachable(graph: GraphQLSchema, *, named: bool = False) -> list[GraphQLObjectType]:
    """Every object type that a query may be answered with; of `named`, those that some field names itself."""
    assert graph.query_type is not None
    found: dict[str, GraphQLObjectType] = {}
    waiting: list[Any] = [graph.query_type]
    while waiting:
        kind = waiting.pop()
        if is_abstract_type(kind):
            waiting += [] if named else graph.get_possible_types(kind)
        elif is_object_type(kind) and kind.name not in found:
            found[kind.name] = kind
            waiting += [get_named_type(one.type) for name, one in kind.fields.items() if name not in OUTSIDE]
    return list(found.values())


def wanted(graph: GraphQLSchema) -> set[Item]:
    """Every field with every form in which it can be asked."""
    found: set[Item] = set()
    inputs: dict[str, GraphQLInputObjectType] = {}
    named = reachable(graph, named=True)
    for kind in reachable(graph):
        for name, one in kind.fields.items():
            if name in OUTSIDE:
                continue
            # What is only one of the nodes is asked within a fragment, or not at all.
            found |= {(f"{kind.name}.{name}", form) for form in FORMS[0 if kind in named else 1 :]}
            for argument, about in one.args.items():
                found |= {(f"{kind.name}.{name}({argument})", form) for form in _forms(about)}
                _inputs(get_named_type(about.type), inputs)
    for given in inputs.values():
        for name, field in given.fields.items():
            found |= {(f"{given.name}.{name}", form) for form in INPUT_FORMS[: _nullable(field) + 2]}
    return found


def _forms(argument: GraphQLArgument) -> tuple[str, ...]:
    """A null, or nothing at all, is a form only where it can be valid."""
    if _nullable(argument):
        return ARGUMENT_FORMS
    return ARGUMENT_FORMS[:3] if is_required_argument(argument) else ARGUMENT_FORMS[:4]


def _nullable(place: GraphQLArgument | GraphQLInputField) -> bool:
    return not is_non_null_type(place.type)


def _inputs(kind: Any, found: dict[str, GraphQLInputObjectType]) -> None:
    if is_input_object_type(kind) and kind.name not in found:
        found[kind.name] = kind
        for one in kind.fields.values():
            _inputs(get_named_type(one.type), found)


class Coverage:
    """A tally of what was asked."""

    def __init__(self, graph: GraphQLSchema) -> None:
        self.graph = graph
        self.wanted = wanted(graph)
        self.tally: Counter[Item] = Counter()

    @property
    def missing(self) -> list[Item]:
        return sorted(self.wanted - self.tally.keys())

    @property
    def share(self) -> float:
        return 1 - len(self.missing) / len(self.wanted)

    def add(self, document: DocumentNode, given: dict[str, Any], operation: str | None) -> None:
        """Count one document that is valid."""
        Reader(self, document, given).read(operation)


class Reader:
    """One document on its way into the tally."""

    def __init__(self, coverage: Coverage, document: DocumentNode, given: dict[str, Any]) -> None:
        self.graph, self.tally, self.given = coverage.graph, coverage.tally, given
        self.document = document
        self.fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self.variables: dict[str, VariableDefinitionNode] = {}

    def read(self, operation: str | None) -> None:
        operations = [one for one in self.document.definitions if isinstance(one, OperationDefinitionNode)]
        asked = next(
            one for one in operations if operation is None or (one.name and one.name.value == operation)
        )
        self.variables = {one.variable.name.value: one for one in asked.variable_definitions or ()}
        self.selection(self.graph.query_type, [(asked.selection_set, frozenset())])

    def selection(self, kind: Any, sets: list[tuple[SelectionSetNode | None, frozenset[str]]]) -> None:
        """All that is asked in one place of the answer, together."""
        groups: dict[tuple[str, str], list[tuple[FieldNode, frozenset[str]]]] = {}
        for selections, forms in sets:
            for of_kind, node, how in self.fields(kind, selections, forms):
                key = node.alias.value if node.alias else node.name.value
                groups.setdefault((of_kind, key), []).append((node, how))
        for (of_kind, _), found in groups.items():
            name = found[0][0].name.value
            if name == "__typename":
                continue
            definition = self.graph.type_map[of_kind].fields[name]  # type: ignore[attr-defined]
            for node, how in found:
                self.field(
                    f"{of_kind}.{name}", definition, node, how | ({"merged"} if len(found) > 1 else set())
                )
            below = get_named_type(definition.type)
            if is_object_type(below) or is_abstract_type(below):
                self.selection(below, [(node.selection_set, frozenset()) for node, _ in found])

    def fields(
        self, kind: Any, selections: SelectionSetNode | None, forms: frozenset[str]
    ) -> Iterator[tuple[str, FieldNode, frozenset[str]]]:
        for node in selections.selections if selections else ():
            how = forms | {directive.name.value for directive in node.directives or ()}
            if isinstance(node, FieldNode):
                if not is_abstract_type(kind):
                    yield kind.name, node, how
                continue
            within: Any = node
            if isinstance(node, FragmentSpreadNode):
                within, how = self.fragments[node.name.value], how | {"fragment"}
            else:
                how = how | {"inline"}
            condition = within.type_condition
            narrower: Any = self.graph.type_map[condition.name.value] if condition else kind
            yield from self.fields(
                kind if is_abstract_type(narrower) else narrower, within.selection_set, how
            )

    def field(self, coordinate: str, definition: Any, node: FieldNode, how: frozenset[str]) -> None:
        forms = set(how) | ({"alias"} if node.alias else set())
        self.tally.update((coordinate, form) for form in forms or {"plain"})
        for argument in node.arguments or ():
            about = definition.args[argument.name.value]
            place = f"{coordinate}({argument.name.value})"
            self.tally.update((place, form) for form in self.argument(argument.value))
            self.input(get_named_type(about.type), argument.value)

    def argument(self, value: ValueNode) -> set[str]:
        if isinstance(value, NullValueNode):
            return {"null"}
        if not isinstance(value, VariableNode):
            return {"literal"}
        name = value.name.value
        if name in self.given:
            return {"variable"} | ({"null"} if self.given[name] is None else set())
        if (default := self.variables[name].default_value) is None:
            return {"left out"}
        return {"default"} | ({"null"} if isinstance(default, NullValueNode) else set())

    def input(self, kind: Any, value: ValueNode) -> None:
        """The fields of an input object, as literals, or in the value of a variable."""
        if isinstance(value, VariableNode):
            name = value.name.value
            if name in self.given:
                self.value(kind, self.given[name])
            elif (default := self.variables[name].default_value) is not None:
                self.input(kind, default)
        elif isinstance(value, ListValueNode):
            for one in value.values:
                self.input(kind, one)
        elif isinstance(value, ObjectValueNode) and is_input_object_type(kind):
            for field in value.fields:
                name, inner = field.name.value, field.value
                how = "variable" if isinstance(inner, VariableNode) else "literal"
                self.tally[f"{kind.name}.{name}", "null" if isinstance(inner, NullValueNode) else how] += 1
                self.input(get_named_type(kind.fields[name].type), inner)

    def value(self, kind: Any, value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                self.value(kind, one)
        elif isinstance(value, dict) and is_input_object_type(kind):
            for name, one in value.items():
                if name in kind.fields:
                    self.tally[f"{kind.name}.{name}", "null" if one is None else "variable"] += 1
                    self.value(get_named_type(kind.fields[name].type), one)
