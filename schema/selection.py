"""A GraphQL field with everything below it becomes a Selection, read from the Strawberry definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    get_directive_values,
    get_named_type,
)

from authz import DataClass
from desk.selection import Child, Purpose, Section, Selection
from schema.fields import META, Show, key_of, with_sources
from schema.fields import arguments as arguments_of_node
from schema.lists import LISTS
from schema.paging import page_of
from schema.sections import purpose_of


@dataclass(slots=True)
class Part:
    """A section being collected: the same section asked twice is one."""

    data_class: DataClass
    purpose: Purpose | None
    columns: dict[str, None] = field(default_factory=dict)
    children: dict[str, Draft] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """A Selection being collected."""

    table: str
    relation: str = ""
    base: Selection | None = None
    columns: dict[str, None] = field(default_factory=dict)
    sections: dict[str, Part] = field(default_factory=dict)
    children: dict[str, Draft] = field(default_factory=dict)
    count: bool = False
    rows: bool = False

    def freeze(self) -> Selection:
        base = self.base or Selection(self.table)
        return replace(
            base,
            columns=tuple(self.columns),
            sections=tuple(
                Section(key, part.data_class, tuple(part.columns), _children(part.children), part.purpose)
                for key, part in self.sections.items()
            ),
            children=_children(self.children),
            count=self.count,
            rows=self.rows,
        )


def _children(drafts: dict[str, Draft]) -> tuple[Child, ...]:
    return tuple(Child(key, draft.relation, draft.freeze()) for key, draft in drafts.items())


def rows_selection(info: GraphQLResolveInfo[Any], table: str, base: Selection | None = None) -> Selection:
    """The Selection of a field that answers rows of `table`, plainly or as one of a union."""
    draft = Draft(table, base=base, rows=True)
    for node in info.field_nodes:
        named = get_named_type(info.return_type)
        Collector(info, table).rows(draft, None, named, node)
    return draft.freeze()


def list_selection(info: GraphQLResolveInfo[Any], table: str, arguments: dict[str, Any]) -> Selection:
    """The Selection of a field that answers a connection of `table`."""
    draft = Draft(table, base=LISTS[table].base(table, arguments))
    for node in info.field_nodes:
        Collector(info).connection(draft, get_named_type(info.return_type), node)
    return draft.freeze()


class Collector:
    """Walks the syntax under one field, following fragments and @skip/@include."""

    def __init__(self, info: GraphQLResolveInfo[Any], table: str = "") -> None:
        self._info = info
        self._table = table

    def rows(self, draft: Draft, part: Part | None, parent: Any, node: FieldNode) -> None:
        for selected, of_type in self._fields(
            parent, node.selection_set.selections if node.selection_set else ()
        ):
            name = selected.name.value
            if name == "__typename":
                continue
            definition = of_type.fields[name]
            strawberry_field: Any = definition.extensions["strawberry-definition"]
            show: Show = strawberry_field.metadata[META]
            if show.given:
                continue
            arguments = arguments_of_node(definition, selected, self._info.variable_values)
            key = key_of(name, arguments)
            target: Any = part or draft
            below = get_named_type(definition.type)
            if show.section is not None:
                own = self._section(draft, key, show, arguments)
                if show.connection:
                    child = self._child(own.children, "page", show, arguments)
                    self.connection(child, below, selected)
                else:
                    self.rows(draft, own, below, selected)
            elif show.connection:
                child = self._child(target.children, key, show, arguments)
                self.connection(child, below, selected)
            elif show.relation:
                child = self._child(target.children, key, show, None)
                child.rows = True
                self.rows(child, None, below, selected)
            else:
                for column in show.columns or (strawberry_field.python_name,):
                    target.columns[column] = None

    def connection(self, draft: Draft, parent: Any, node: FieldNode) -> None:
        for selected, of_type in self._fields(
            parent, node.selection_set.selections if node.selection_set else ()
        ):
            name = selected.name.value
            if name == "totalCount":
                draft.count = True
            elif name == "nodes":
                draft.rows = True
                self.rows(draft, None, get_named_type(of_type.fields[name].type), selected)
            elif name in {"edges", "pageInfo"}:
                draft.rows = True
                if name == "edges":
                    self._edges(draft, get_named_type(of_type.fields[name].type), selected)

    def _edges(self, draft: Draft, parent: Any, node: FieldNode) -> None:
        for selected, of_type in self._fields(
            parent, node.selection_set.selections if node.selection_set else ()
        ):
            if selected.name.value == "node":
                self.rows(draft, None, get_named_type(of_type.fields["node"].type), selected)

    def _section(self, draft: Draft, key: str, show: Show, arguments: dict[str, Any]) -> Part:
        assert show.section is not None
        return draft.sections.setdefault(key, Part(show.section, purpose_of(arguments.get("purpose"))))

    def _child(
        self, children: dict[str, Draft], key: str, show: Show, arguments: dict[str, Any] | None
    ) -> Draft:
        if key not in children:
            base = None
            if arguments is not None:
                base = LISTS[show.table].base(show.table, arguments) if show.table in LISTS else None
                base = base or Selection(show.table, page=page_of(arguments))
            children[key] = Draft(show.table, show.relation, base)
        return children[key]

    def _fields(
        self, parent: Any, selections: Sequence[SelectionNode]
    ) -> Iterator[tuple[FieldNode, GraphQLObjectType]]:
        for selection in selections:
            if not self._included(selection):
                continue
            if isinstance(selection, FieldNode):
                yield selection, parent
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                named = self._info.schema.get_type(condition.name.value) if condition else parent
                yield from self._below(parent, named, selection.selection_set.selections)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._info.fragments[selection.name.value]
                named = self._info.schema.get_type(fragment.type_condition.name.value)
                yield from self._below(parent, named, fragment.selection_set.selections)

    def _below(
        self, parent: Any, named: Any, selections: Sequence[SelectionNode]
    ) -> Iterator[tuple[FieldNode, GraphQLObjectType]]:
        """Fields of a fragment: of the object type itself when it is narrower than what holds it."""
        if isinstance(parent, GraphQLObjectType):
            if named is parent or getattr(named, "name", "") in {face.name for face in parent.interfaces}:
                yield from self._fields(parent, selections)
            return
        if self._of_table(named):
            yield from self._fields(named, selections)

    def _of_table(self, named: Any) -> bool:
        """Below an interface or a union, only the fragments on the type that this row will have count."""
        definition = (named.extensions or {}).get("strawberry-definition")
        table = getattr(getattr(definition, "origin", None), "TABLE", None)
        return table is None or table == self._table

    def _included(self, node: SelectionNode) -> bool:
        values = with_sources(self._info.variable_values)
        skip = get_directive_values(GraphQLSkipDirective, node, values)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, values)
        return include is None or bool(include["if"])
