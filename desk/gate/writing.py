"""Writing the answer: the nodes of a shape become the SQL that gives their JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.gate.cells import NULL, cell
from desk.gate.columns import order_column
from desk.gate.ladders import Ladder
from desk.gate.levels import Level
from desk.gate.pen import CLOSE, CLOSED, NO_KEYS, OPEN, Literal, braced, json, key, quoted
from desk.shape import (
    Below,
    Cell,
    Coded,
    Codes,
    Constant,
    Cursor,
    Each,
    Edge,
    HasNext,
    HasPrevious,
    Id,
    Money,
    Node,
    Object,
    One,
    Part,
    Standing,
    Total,
    Why,
)
from desk.sights import SIGHTS

if TYPE_CHECKING:
    from desk.gate.compiling import Compilation

EMPTY, COLON, COMMA, CLOSED_MARK = Literal("[]"), Literal(":"), Literal(","), Literal(CLOSE)
CELLS = (Cell, Coded, Codes, Money)


class Writer:
    """Writes the rows of one level."""

    def __init__(self, work: Compilation, level: Level, part: Ladder | None = None) -> None:
        self.work, self.level, self.part = work, level, part
        self.pen = work.pen
        self._rows: list[list[str]] = []
        self._counts = self._edges = False

    # The list, in the shape of its own nodes.

    def listed(self, shape: Node) -> str:
        """SQL for the whole list, or for the one row."""
        level = self.level
        if isinstance(shape, One):
            pieces = self._row(shape.row, None)
            text = self.pen.joined([*self._receipt(), *pieces] if self.work.receipts else pieces)
            return self.work.placing.row(level, text)
        pieces = self._list(shape)
        if not (self._rows or self._counts or self._edges):
            return f"(SELECT {self.pen.joined(pieces)})"
        texts = {f"r{number}": row for number, row in enumerate(self._rows)}
        if self._rows and self.work.receipts:
            texts["r0"] = [*self._receipt(), *texts["r0"]]
        if self._edges:
            texts["u"] = [self.pen.numbered(f"q{level.number}.n", self.pen.joined(self._cursor()))]
        columns = []
        for name, row in texts.items():
            text = self.pen.joined(row)
            # The row that only tells that there are more is not shown, nor is anything below it read.
            shown = f"CASE WHEN q{level.number}.n <= {level.size} THEN {text} END" if self._counts else text
            columns.append(f"{shown} AS {name}")
        rows = self.work.placing.rows(level, columns, level.size + 1 if self._counts else level.size)
        return f"(SELECT {self.pen.joined(pieces)} FROM {rows} w{level.number})"

    def _list(self, node: Node) -> list[str]:
        level = self.level
        match node:
            case Constant(text):
                return [Literal(text)]
            case Object(entries):
                return braced(entries, self._list)
            case Each(row):
                self._rows.append(self._row(row, None))
                name = f"w{level.number}.r{len(self._rows) - 1}"
                gathered = self.pen.gathered(name, f"w{level.number}.n", level.backwards)
                return [Literal("["), gathered, Literal("]")]
            case Total():
                return [self.pen.number(level.total())]
            case HasNext() | HasPrevious():
                page = level.selection.page
                if isinstance(node, HasNext) is level.backwards:
                    return [Literal("true" if page is not None and page.cursor is not None else "false")]
                self._counts = True
                return [f"CASE WHEN count(*) > {level.size} THEN 'true' ELSE 'false' END"]
            case Edge(last):
                self._edges = True
                end = "max" if last is not level.backwards else "min"
                return [f"coalesce(substr({end}(w{level.number}.u), 5), 'null')"]
        return [_standing(node, self.part)]

    # One row, in the shape of its nodes.

    def _receipt(self) -> list[str]:
        """Between two marks: the row, and where it stands for each class that is counted."""
        level = self.level
        number = self.pen.number
        pieces: list[str] = [Literal(f"{OPEN}r{level.number}:"), number(level.column("t.id"))]
        before = COLON
        for ladder in level.counted.values():
            if ladder.place:
                pieces += (before, number(ladder.place))
                before = COMMA
        if level.walked:
            pieces += (before, f"CASE WHEN {level.walked} THEN '1' ELSE '0' END")
        pieces.append(CLOSED_MARK)
        return pieces

    def _row(self, node: Node, part: Ladder | None, purpose: object = None) -> list[str]:
        level = self.level
        given = purpose if part is not None else level.purpose
        match node:
            case Object(entries):
                pieces: list[str] = []
                for word, child in entries:
                    pieces.append(key(word, not pieces))
                    # Most of what is asked are cells.
                    if isinstance(child, CELLS):
                        pieces.append(cell(level, child, given is not None, counted=part is None))
                    else:
                        pieces += self._row(child, part, purpose)
                pieces.append(CLOSED if pieces else NO_KEYS)
                return pieces
            case Part(data_class, own, content):
                own = own or level.purpose
                if own is not None:
                    level.purposes[own] = None
                ladder = level.reckoned(data_class, own is not None, counted=_tells(content))
                if isinstance(content, Below):
                    return self._below(content, ladder, own)
                return self._row(content, ladder, own)
            case Below():
                return self._below(node, part, given)
            case Constant(text):
                return [Literal(text)]
            case Cursor():
                return self._cursor()
            case Id(opaque):
                if opaque:
                    return [self.pen.opaque_id(level.selection.table, level.column("t.id"))]
                return [
                    self.pen.cell(level.column("t.id"), order_column(level.selection.table, "id").type, False)
                ]
        return [_standing(node, part)]

    def _cursor(self) -> list[str]:
        level = self.level
        pieces: list[str] = [Literal(f"{OPEN}c{level.number}:[")]
        for number, (sql, col, _) in enumerate(level.keys):
            if number:
                pieces.append(Literal(","))
            pieces.append(self.pen.cell(level.column(sql), col.type, col.nullable))
        return [*pieces, Literal(f"]{CLOSE}")]

    def _below(self, below: Below, part: Ladder | None, purpose: object) -> list[str]:
        level, selection = self.level, below.selection
        shape = selection.shape
        assert shape is not None
        relation = SIGHTS[level.selection.table].relations[below.relation]
        if part is not None and not part.shows():
            return [self.pen.joined(_empty(shape, part))]
        child = Level(
            self.work,
            selection,
            level.outlooks_below(),
            selection.purpose or purpose,  # type: ignore[arg-type]
            relation,
            level,
        )
        found = Writer(self.work, child, part).listed(shape)
        if isinstance(shape, One):
            found = f"coalesce({found}, 'null')"
        if part is None:
            return [found]
        nothing = self.pen.joined(_empty(shape, part))
        return [part.some_or(found, nothing)]


def _empty(node: Node, part: Ladder | None) -> list[str]:
    """The list where the section that holds it shows nothing of it."""
    match node:
        case Constant(text):
            return [Literal(text)]
        case Object(entries):
            return braced(entries, lambda child: _empty(child, part))
        case Each():
            return [EMPTY]
        case One() | Edge():
            return [NULL]
        case Total():
            return [Literal("0")]
        case HasNext() | HasPrevious():
            return [Literal("false")]
    return [_standing(node, part)]


def _standing(node: Node, part: Ladder | None) -> str:
    """What a section says of itself, by the rung that the row stands on."""
    if part is not None and isinstance(node, Standing):
        return part.once(node, _visibility, str)
    if part is not None and isinstance(node, Why):
        told = dict(node.texts)
        return part.once(
            node,
            lambda ladder, _: ladder.choose_reason(lambda reason: quoted(told[reason] if reason else "null")),
            str,
        )
    raise TypeError(f"{node} has no meaning in this place")


def _visibility(ladder: Ladder, _: object) -> str:
    return ladder.choose(lambda visibility: quoted(json(visibility.value)))


def _tells(node: Node) -> bool:
    """Whether a section says anything beside its visibility and the reason for it."""
    match node:
        case Object(entries):
            return any(_tells(child) for _, child in entries)
        case Constant() | Standing() | Why():
            return False
    return True
