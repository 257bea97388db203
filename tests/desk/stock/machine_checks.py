"""What must be true of the book of cards at every moment, whatever people have tried: read with plain SQL, row by row."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from desk.dialect import as_datetime, connection
from models.custody import StockState
from models.movements import MovementLine, StockMovement

TABLES = (
    "stock_holding", "stock_account", "stock_day", "stock_movement", "movement_line", "signature", "card_order",
    "number_segment", "card", "card_event", "card_back", "stocktake", "stocktake_line", "destruction_list",
    "destruction_line",
)  # fmt: skip
STATES = [state.value.lower() for state in StockState]
Row = dict[str, Any]
Where = tuple[str, str]
"""An institution's id and a state."""


@dataclass(frozen=True, slots=True)
class Book:
    """Every row of the stock, as text where the databases differ."""

    rows: dict[str, list[Row]]

    def of(self, table: str, **told: Any) -> list[Row]:
        return [
            row for row in self.rows[table] if all(row[column] == value for column, value in told.items())
        ]


async def read_book() -> Book:
    return Book({table: await _rows(table) for table in TABLES})


async def _rows(table: str) -> list[Row]:
    found = await connection().execute_query_dict(f'SELECT * FROM "{table}"')
    return sorted(({name: _plain(value) for name, value in dict(row).items()} for row in found), key=repr)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def numbers(book: Book) -> dict[tuple[str, int], Where]:
    """Where every number is. A number that is in two places at once is the end of it."""
    found: dict[tuple[str, int], Where] = {}
    for row in book.rows["stock_holding"]:
        assert row["quantity"] == row["last_serial"] - row["first_serial"] + 1
        for number in range(row["first_serial"], row["last_serial"] + 1):
            assert (row["product_id"], number) not in found, f"{number} is in two holdings"
            found[row["product_id"], number] = row["institution_id"], row["state"]
    return found


async def check(book: Book) -> None:
    """Everything that is said of stock, signatures and the days."""
    where = numbers(book)
    _accounts(book, where)
    _days(book)
    _segments(book)
    _signatures(book, await _rows("supervision_line"), await _rows("designation"))
    assert replayed(book) == where, "what lies there is not what was signed for"


def _accounts(book: Book, where: dict[tuple[str, int], Where]) -> None:
    lying = Counter((product, *place) for (product, _), place in where.items())
    counted = 0
    for row in book.rows["stock_account"]:
        states = {state: row[state] for state in STATES}
        for state, quantity in states.items():
            assert quantity == lying[row["product_id"], row["institution_id"], state.upper()], (state, row)
        assert row["received"] + row["came_in"] - row["went_out"] == sum(states.values())
        counted += sum(states.values())
    assert counted == len(where) == sum(row["received"] for row in book.rows["stock_account"])
    came, went = (
        sum(row[column] for row in book.rows["stock_account"]) for column in ("came_in", "went_out")
    )
    assert came == went, "what left one institution has not come to another"


def _days(book: Book) -> None:
    for account in book.rows["stock_account"]:
        key = {column: account[column] for column in ("institution_id", "product_id")}
        closing = 0
        for day in sorted(book.of("stock_day", **key), key=lambda row: row["day"]):
            assert day["opening"] == closing
            closing = day["closing"]
            assert closing == day["opening"] + day["came_in"] - day["went_out"]
        assert closing == account["in_stock"]


def _segments(book: Book) -> None:
    valid = book.of("number_segment", withdrawn_at=None)
    by_id = {row["id"]: row for row in valid}
    last: dict[tuple[str, int], int] = {}
    for row in sorted(valid, key=lambda row: row["first_serial"]):
        key = row["product_id"], row["depth"]
        assert last.get(key, -1) < row["first_serial"], "two segments of one depth overlap"
        last[key] = row["last_serial"]
        if row["parent_id"] is not None:
            parent = by_id[row["parent_id"]]
            assert (
                parent["first_serial"] <= row["first_serial"] <= row["last_serial"] <= parent["last_serial"]
            )


def _signatures(book: Book, lines: list[Row], designations: list[Row]) -> None:
    valid = defaultdict(list)
    for row in book.of("signature", voided_at=None):
        valid[row["movement_id"]].append(row)
    posted = {row["id"]: row for row in book.of("stock_movement", state="POSTED")}
    for row in book.rows["stock_movement"]:
        signed = {one["step"]: one for one in valid[row["id"]]}
        assert len(signed) == len(valid[row["id"]]), "one step was signed twice"
        assert all(one["digest"] == row["digest"] for one in signed.values())
        assert row["digest"] == content(row, book.of("movement_line", movement_id=row["id"]))
        if row["state"] != "POSTED":
            assert "COUNTERSIGN" not in signed
            assert ("SIGN" in signed) == (row["state"] == "SIGNED") or row["state"] == "REJECTED"
            continue
        first, second = signed["SIGN"], signed["COUNTERSIGN"]
        assert first["person_id"] != second["person_id"]
        assert _held(designations, first["signed_at"], staff_id=first["for_staff_id"])
        in_line = {"supervisor_id": second["for_staff_id"], "staff_id": first["for_staff_id"]}
        assert _held(lines, second["signed_at"], **in_line)
        if row["kind"] == "ALLOCATE_IN":
            sent = valid[posted[row["source_id"]]["id"]]
            assert len({one["person_id"] for one in (first, second, *sent)}) == 4
    assert {row["movement_id"] for row in book.rows["stock_holding"]} <= posted.keys()


def content(row: Row, lines: list[Row]) -> str:
    """The digest of what is there now."""
    movement = StockMovement(**{name: value for name, value in row.items() if value is not None})
    return movement.content(
        MovementLine(
            **{name: line[name] for name in ("first_serial", "last_serial", "from_state", "to_state")}
        )
        for line in lines
    )


def _held(dated: list[Row], at: str, **told: Any) -> bool:
    """Some such fact held at that moment."""
    moment = _when(at)
    return any(
        _when(row["valid_from"]) <= moment
        and all(row[end] is None or moment < _when(row[end]) for end in ("valid_to", "ended_at"))
        for row in dated
        if all(row[column] == value for column, value in told.items())
    )


def _when(text: str) -> dt.datetime:
    found = as_datetime(text)
    assert found is not None
    return found


def replayed(book: Book) -> dict[tuple[str, int], Where]:
    """Where every number would be if nothing had ever happened but what two persons have signed, in that order."""
    lines = defaultdict(list)
    for line in book.rows["movement_line"]:
        lines[line["movement_id"]].append(line)
    # Signed out by two for its holder, who signs himself when he gets it: no third list is written for that.
    handed_out = {(row["product_id"], row["serial"]) for row in book.rows["card"] if row["issued_at"]}
    found: dict[tuple[str, int], Where] = {}
    for row in sorted(book.of("stock_movement", state="POSTED"), key=lambda row: _when(row["posted_at"])):
        elsewhere = row["other_id"] if row["kind"] in ("ALLOCATE_IN", "RETURN_IN") else None
        holder = elsewhere or row["institution_id"]
        for line in lines[row["id"]]:
            for number in range(line["first_serial"], line["last_serial"] + 1):
                key = row["product_id"], number
                was = found.pop(key, None)
                if was == (holder, "RESERVED") and key in handed_out:
                    was = holder, "ISSUED"
                assert was == ((holder, line["from_state"]) if line["from_state"] else None), (number, row)
                if line["to_state"]:
                    found[key] = row["institution_id"], line["to_state"]
    for key, (holder, state) in found.items():
        if state == "RESERVED" and key in handed_out:
            found[key] = holder, "ISSUED"
    return found
