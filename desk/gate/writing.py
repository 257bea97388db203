"""Writing the answer: the nodes of a shape become the SQL that gives their JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.gate.cells import cell
from desk.gate.columns import order_column
from desk.gate.ladders import Ladder
from desk.gate.levels import Level
from desk.gate.pen import CLOSE, OPEN, Line, braced, escaped, json, key, quoted
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

CELLS = (Cell, Coded, Codes, Money)


class Writer:
    """Writes the rows of one level."""

    def __init__(self, work: Compilation, level: Level, part: Ladder | None = None) -> None:
        self.work, self.level, self.part = work, level, part
        self.pen = work.pen
        self._rows: list[Line] = []
        self._counts = self._edges = False

    # The list, in the shape of its own nodes.

    def listed(self, shape: Node) -> str:
        """SQL for the whole list, or for the one row."""
        level, line = self.level, Line()
        if isinstance(shape, One):
            self._row(shape.row, None, line)
            return self.work.placing.row(level, self.pen.joined(self._receipted(line)))
        self._list(shape, line)
        if not (self._rows or self._counts or self._edges):
            return f"(SELECT {self.pen.joined(line)})"
        texts = {}
        for number, row in enumerate(self._rows):
            texts[f"r{number}"] = self.pen.joined(row if number else self._receipted(row))
        if self._edges:
            texts["u"] = self.pen.numbered(f"q{level.number}.n", self.pen.joined(self._cursor(Line())))
        columns = []
        for name, text in texts.items():
            # The row that only tells that there are more is not shown, nor is anything below it read.
            shown = f"CASE WHEN q{level.number}.n <= {level.size} THEN {text} END" if self._counts else text
            columns.append(f"{shown} AS {name}")
        rows = self.work.placing.rows(level, columns, level.size + 1 if self._counts else level.size)
        return f"(SELECT {self.pen.joined(line)} FROM {rows} w{level.number})"

    def _list(self, node: Node, line: Line) -> None:
        level = self.level
        match node:
            case Constant(text):
                line.known += escaped(text)
            case Object(entries):
                braced(line, entries, lambda child: self._list(child, line))
            case Each(row):
                name = f"w{level.number}.r{len(self._rows)}"
                self._rows.append(Line())
                self._row(row, None, self._rows[-1])
                line.known += "["
                line.put(self.pen.gathered(name, f"w{level.number}.n", level.backwards))
                line.known += "]"
            case Total():
                line.put(self.pen.number(level.total()))
            case HasNext() | HasPrevious():
                page = level.selection.page
                if isinstance(node, HasNext) is level.backwards:
                    line.known += "true" if page is not None and page.cursor is not None else "false"
                else:
                    self._counts = True
                    line.put(f"CASE WHEN count(*) > {level.size} THEN 'true' ELSE 'false' END")
            case Edge(last):
                self._edges = True
                end = "max" if last is not level.backwards else "min"
                line.put(f"coalesce(substr({end}(w{level.number}.u), 5), 'null')")
            case _:
                line.put(_standing(node, self.part))

    # One row, in the shape of its nodes.

    def _receipted(self, row: Line) -> Line:
        """The row, and before it between two marks which it is, and where it stands for each class that is counted."""
        if not self.work.receipts:
            return row
        level, number, line = self.level, self.pen.number, Line()
        line.known = f"{OPEN}r{level.number}:"
        line.put(number(level.column("t.id")))
        before = ":"
        for ladder in level.counted.values():
            if ladder.place:
                line.known = before
                line.put(number(ladder.place))
                before = ","
        if level.walked:
            line.known = before
            line.put(f"CASE WHEN {level.walked} THEN '1' ELSE '0' END")
        line.known = CLOSE
        line.follow(row)
        return line

    def _row(self, node: Node, part: Ladder | None, line: Line, purpose: object = None) -> None:
        level = self.level
        given = purpose if part is not None else level.purpose
        match node:
            case Object(entries):
                start = "{"
                for word, child in entries:
                    line.known += key(word, start)
                    # Most of what is asked are cells.
                    if isinstance(child, CELLS):
                        line.put(cell(level, child, given is not None, counted=part is None))
                    else:
                        self._row(child, part, line, purpose)
                    start = ","
                line.known += "}" if entries else "{}"
            case Part(data_class, own, content):
                own = own or level.purpose
                if own is not None:
                    level.purposes[own] = None
                ladder = level.reckoned(data_class, own is not None, counted=_tells(content))
                if isinstance(content, Below):
                    line.put(self._below(content, ladder, own))
                else:
                    self._row(content, ladder, line, own)
            case Below():
                line.put(self._below(node, part, given))
            case Constant(text):
                line.known += escaped(text)
            case Cursor():
                self._cursor(line)
            case Id(opaque):
                table, key_of_row = level.selection.table, level.column("t.id")
                if opaque:
                    line.put(self.pen.opaque_id(table, key_of_row))
                else:
                    line.put(self.pen.cell(key_of_row, order_column(table, "id").type, False))
            case _:
                line.put(_standing(node, part))

    def _cursor(self, line: Line) -> Line:
        level = self.level
        line.known += f"{OPEN}c{level.number}:["
        for number, (sql, col, _) in enumerate(level.keys):
            if number:
                line.known += ","
            line.put(self.pen.cell(level.column(sql), col.type, col.nullable))
        line.known += f"]{CLOSE}"
        return line

    def _below(self, below: Below, part: Ladder | None, purpose: object) -> str:
        level, selection = self.level, below.selection
        shape = selection.shape
        assert shape is not None
        relation = SIGHTS[level.selection.table].relations[below.relation]
        if part is not None and not part.shows():
            return self._nothing(shape, part)
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
        return found if part is None else part.some_or(found, self._nothing(shape, part))

    def _nothing(self, shape: Node, part: Ladder) -> str:
        """The list where the section that holds it shows nothing of it."""
        line = Line()
        _empty(shape, part, line)
        return self.pen.joined(line)


def _empty(node: Node, part: Ladder, line: Line) -> None:
    match node:
        case Constant(text):
            line.known += escaped(text)
        case Object(entries):
            braced(line, entries, lambda child: _empty(child, part, line))
        case Each():
            line.known += "[]"
        case One() | Edge():
            line.known += "null"
        case Total():
            line.known += "0"
        case HasNext() | HasPrevious():
            line.known += "false"
        case _:
            line.put(_standing(node, part))


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
