"""The arguments of a field of the document: coerced by graphql-core, and quickly where only variables change."""

from __future__ import annotations

from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_argument_values,
    get_nullable_type,
    is_leaf_type,
)
from graphql.execution.values import VariableValues


def with_sources(variables: Any) -> VariableValues:
    """Strawberry's executor hands resolvers the bare values, where graphql-core keeps their sources beside them."""
    return variables if isinstance(variables, VariableValues) else VariableValues({}, variables)


def bare(info: Any) -> dict[str, Any]:
    """The coerced variables of a request. graphql-core's own type of `info` says they come with their sources."""
    found: dict[str, Any] = info.variable_values
    return found


def _varies(node: ValueNode) -> bool:
    if isinstance(node, VariableNode):
        return True
    if isinstance(node, ListValueNode):
        return any(_varies(value) for value in node.values)
    return isinstance(node, ObjectValueNode) and any(_varies(one.value) for one in node.fields)


class Arguments:
    """The arguments of one field node, to be had again and again for other variables."""

    __slots__ = ("_constants", "_definition", "_mixed", "_node", "_plain", "_variables")

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        self._constants: dict[str, Any] | None = None
        self._variables: list[tuple[str, str]] = []
        self._plain = True
        """Only variables change them, and each of these is a single value."""
        self._mixed = False
        """A list or an object holds a variable: graphql-core puts it together each time."""
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                asked = definition.args[argument.name.value]
                self._variables.append((asked.out_name or argument.name.value, argument.value.name.value))
                self._plain = self._plain and is_leaf_type(get_nullable_type(asked.type))
            elif _varies(argument.value):
                self._mixed = True
                self._plain = False

    def key(self, variables: dict[str, Any]) -> tuple[Any, ...] | None:
        """Equal for equal arguments; None where it takes longer to tell than to take them apart."""
        if not self._plain:
            return None
        return tuple([variables.get(variable, Undefined) for _, variable in self._variables])

    def of(self, variables: dict[str, Any]) -> dict[str, Any]:
        """The coerced arguments. GraphQLError where a value does not fit."""
        if self._constants is None or self._mixed:
            return self._coerced(variables)
        found = dict(self._constants)
        for name, variable in self._variables:
            value = variables.get(variable, Undefined)
            if value is None or value is Undefined:
                # Defaults, and null where none may be: graphql-core knows.
                return self._coerced(variables)
            found[name] = value
        return found

    def _coerced(self, variables: dict[str, Any]) -> dict[str, Any]:
        found = get_argument_values(self._definition, self._node, with_sources(variables))
        if self._constants is None:
            varying = {name for name, _ in self._variables}
            self._constants = {name: value for name, value in found.items() if name not in varying}
        return found
