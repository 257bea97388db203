"""The arguments of a field of the document: coerced by graphql-core, and quickly where only variables change."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Arguments:
    """The arguments of one field node, to be had again and again for other variables."""

    definition: GraphQLField
    node: FieldNode
    _constants: dict[str, Any] | None = None
    _variables: list[tuple[str, str]] = field(default_factory=list)
    _mixed: bool = False
    """A list or an object holds a variable: graphql-core puts it together each time."""

    def __post_init__(self) -> None:
        for argument in self.node.arguments or ():
            if isinstance(argument.value, VariableNode):
                out_name = self.definition.args[argument.name.value].out_name or argument.name.value
                self._variables.append((out_name, argument.value.name.value))
            elif _varies(argument.value):
                self._mixed = True

    @property
    def constant(self) -> bool:
        return not self._mixed and not self._variables

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
        found = get_argument_values(self.definition, self.node, with_sources(variables))
        if self._constants is None:
            varying = {name for name, _ in self._variables}
            self._constants = {name: value for name, value in found.items() if name not in varying}
        return found
