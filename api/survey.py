"""The survey of a document: one linear walk that measures every selection set once and never expands a fragment.

GraphQL expands fragments, so 800 bytes can stand for 2^22 fields. Here each fragment's measure is remembered and added
up wherever it is spread. Page sizes that come from variables stay symbols (`Page`), so a survey is kept with its
document and only `limits.cost` runs anew for each request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from api.errors import PARSE_FAILED, DocumentError
from api.limits import LIMITS, MAX_INT, Limits, Page, Shape, page_size, within


@dataclass(frozen=True, slots=True)
class Survey:
    """All operations of a document."""

    shapes: tuple[Shape, ...]

    def select(self, operation_name: str | None) -> Shape:
        """The operation to execute (GetOperation of the specification): the only one, or the one that is named."""
        if operation_name is None:
            if len(self.shapes) == 1:
                return self.shapes[0]
            if not self.shapes:
                raise DocumentError("NO_OPERATION", "The document holds no operation.")
            raise DocumentError(
                "OPERATION_NAME_REQUIRED",
                f"The document holds {len(self.shapes)} operations. Name one in operationName.",
            )
        for shape in self.shapes:
            if shape.name == operation_name:
                return shape
        raise DocumentError(
            "UNKNOWN_OPERATION", "The document holds no operation of the name in operationName."
        )


def survey(document: DocumentNode, limits: Limits = LIMITS) -> Survey:
    """Measure a parsed document. Raises LIMIT_EXCEEDED for the first limit that it breaks, and refuses empty selections.

    Unknown fragments and cycles of fragments count nothing here: validation, which follows, refuses both.
    """
    return _Surveyor(document, limits).survey()


@dataclass(slots=True)
class _Measure:
    """What a selection set holds, its fragments added in but not written out."""

    depth: int = 0
    nesting: int = 1
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    top: int = 0
    """Fields of the set itself."""
    single: int = 0
    """Of these, objects that are no page."""
    once: dict[str, int] = field(default_factory=dict)
    introspects: bool = False
    nodes: int = 0
    cells: int = 0
    pages: list[Page] = field(default_factory=list)

    def include(self, other: _Measure, *, deeper: int) -> None:
        """Add what a fragment (`deeper` 0) or a field's own selection set (1) holds, save nodes, cells and pages."""
        self.depth = max(self.depth, other.depth + deeper)
        self.nesting = max(self.nesting, other.nesting + 1)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.introspects = self.introspects or other.introspects
        for name, times in other.once.items():
            self.once[name] = self.once.get(name, 0) + times

    def include_weight(self, other: _Measure) -> None:
        self.nodes += other.nodes
        self.cells += other.cells
        self.pages += other.pages


class _Surveyor:
    """Walks one document. Recursion is bounded by `Limits.nesting`, which is checked on the way down."""

    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self._limits = limits
        self._operations: list[OperationDefinitionNode] = []
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self._operations.append(definition)
            elif isinstance(definition, FragmentDefinitionNode):
                self._fragments.setdefault(definition.name.value, definition)
        # None marks a fragment that is being measured: meeting it again is a cycle.
        self._measured: dict[str, _Measure | None] = {}

    def survey(self) -> Survey:
        within("operations", self._limits.operations, len(self._operations), "Send them one by one.")
        shapes = tuple(self._shape(operation) for operation in self._operations)
        # A fragment that nothing uses is refused by validation, which itself recurses: so it is measured as well.
        for name in self._fragments:
            self._fragment(name, 1)
        return Survey(shapes)

    def _shape(self, operation: OperationDefinitionNode) -> Shape:
        measure = self._selection_set(operation.selection_set, 1)
        variables = operation.variable_definitions or ()
        measure.directives += len(operation.directives or ())
        measure.directives += sum(len(variable.directives or ()) for variable in variables)
        self._check(measure)
        if operation.operation is OperationType.MUTATION:
            within(
                "mutations", self._limits.mutations, measure.top, "Send the others in a request of their own."
            )
        return Shape(
            name=operation.name.value if operation.name else None,
            kind=operation.operation,
            introspects=measure.introspects,
            nodes=measure.nodes + measure.single,
            cells=measure.cells,
            pages=tuple(measure.pages),
            defaults={
                variable.variable.name.value: int(variable.default_value.value)
                for variable in variables
                if isinstance(variable.default_value, IntValueNode) and _is_short(variable.default_value)
            },
        )

    def _selection_set(self, selection_set: SelectionSetNode, nesting: int) -> _Measure:
        within("nesting", self._limits.nesting, nesting, "Use fewer fragments inside fragments.")
        if not selection_set.selections:
            raise DocumentError(
                PARSE_FAILED, "A selection of no fields ({ }) is not answered. Name a field in it."
            )
        total = _Measure()
        for selection in selection_set.selections:
            total.directives += len(selection.directives or ())
            if isinstance(selection, FieldNode):
                self._field(selection, total, nesting)
            elif part := self._part(selection, nesting + 1):
                total.include(part, deeper=0)
                total.include_weight(part)
                total.top += part.top
                total.single += part.single
            self._check(total)
        return total

    def _part(self, selection: SelectionNode, nesting: int) -> _Measure | None:
        if isinstance(selection, InlineFragmentNode):
            return self._selection_set(selection.selection_set, nesting)
        assert isinstance(selection, FragmentSpreadNode)
        return self._fragment(selection.name.value, nesting)

    def _fragment(self, name: str, nesting: int) -> _Measure | None:
        fragment = self._fragments.get(name)
        if fragment is None:
            return None
        if name not in self._measured:
            self._measured[name] = None
            measure = self._selection_set(fragment.selection_set, nesting)
            measure.directives += len(fragment.directives or ())
            self._measured[name] = measure
        return self._measured[name]

    def _field(self, node: FieldNode, total: _Measure, nesting: int) -> None:
        name = node.name.value
        total.fields += 1
        total.cells += self._limits.heavy.get(name, 1)
        total.top += 1
        total.aliases += node.alias is not None
        total.depth = max(total.depth, 1)
        total.introspects = total.introspects or name in ("__schema", "__type")
        if name in self._limits.once:
            total.once[name] = total.once.get(name, 0) + 1
        if node.selection_set is None:
            return
        below = self._selection_set(node.selection_set, nesting + 1)
        total.include(below, deeper=1)
        sizes = _page_sizes(node.arguments or ())
        if not sizes and name in self._limits.unpaged:
            sizes = (self._limits.unpaged[name],)
        if not sizes:
            total.single += 1
            total.include_weight(below)
        elif below.pages or any(isinstance(size, str) for size in sizes):
            total.pages.append(Page(sizes, below.nodes, below.cells, tuple(below.pages)))
        else:
            size = max(page_size(size, {}, {}) for size in sizes)
            total.nodes += size * (1 + below.nodes)
            total.cells += size * below.cells

    def _check(self, measure: _Measure) -> None:
        """Checked after each selection, so that no sum of an expanded bomb is ever large."""
        limits = self._limits
        within("depth", limits.depth, measure.depth, "Ask for the inner objects in a request of their own.")
        within("nesting", limits.nesting, measure.nesting, "Use fewer fragments inside fragments.")
        within(
            "fields", limits.fields, measure.fields, "Ask for fewer fields; a fragment counts at each spread."
        )
        within(
            "aliases", limits.aliases, measure.aliases, "Send some of the fields in a request of their own."
        )
        within("directives", limits.directives, measure.directives, "Leave out what is not needed instead.")
        for name, times in measure.once.items():
            within(name, 1, times, "It is executed once in a request, under whatever alias.")


def _page_sizes(arguments: Iterable[ArgumentNode]) -> tuple[int | str, ...]:
    return tuple(
        _literal_or_name(argument.value) for argument in arguments if argument.name.value in ("first", "last")
    )


def _literal_or_name(value: ValueNode) -> int | str:
    if isinstance(value, VariableNode):
        return value.name.value
    if isinstance(value, IntValueNode):
        return int(value.value) if _is_short(value) else MAX_INT
    return 1


def _is_short(value: IntValueNode) -> bool:
    """Python refuses to read integers of thousands of digits; GraphQL's Int has at most ten and a sign."""
    return len(value.value) <= 11
