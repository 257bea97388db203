"""Columns of a table as the gate sees them: expression, class, mask and type, from Tortoise's own definitions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from tortoise import fields

from authz import DataClass
from authz.classes import INTERNAL, class_of
from desk.dialect import as_date, as_datetime
from desk.sights import SIGHTS

TYPES: tuple[tuple[type, str], ...] = (
    (fields.UUIDField, "uuid"),
    (fields.DatetimeField, "datetime"),
    (fields.DateField, "date"),
    (fields.BooleanField, "bool"),
    (fields.BigIntField, "int"),
    (fields.IntField, "int"),
    (fields.SmallIntField, "int"),
    (fields.DecimalField, "decimal"),
    (fields.BinaryField, "bytes"),
)


CASTS = {
    "uuid": "uuid",
    "datetime": "timestamptz",
    "date": "date",
    "bool": "boolean",
    "int": "bigint",
    "decimal": "numeric",
}


class UnknownColumn(Exception):
    """A programming error in a Selection: no such column, or one that never leaves the desk."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    sql: str
    data_class: DataClass
    mask: str | None
    sealed: str
    type: str
    nullable: bool
    unique: bool = False

    @property
    def cast(self) -> str:
        """PostgreSQL's name of the type, for a value that this column is compared with."""
        return CASTS.get(self.type, "text")

    def value(self, raw: Any) -> Any:
        """The Python value of what the database gave."""
        if raw is None:
            return None
        match self.type:
            case "uuid":
                return raw if type(raw) is UUID else UUID(str(raw))
            case "date":
                return as_date(raw)
            case "datetime":
                return as_datetime(raw)
            case "bool":
                return bool(raw)
            case "decimal":
                return Decimal(raw)
        return raw


@cache
def column(table: str, name: str) -> Column:
    sight = SIGHTS[table]
    try:
        data_class = class_of(table, name)
    except KeyError:
        data_class = INTERNAL
    derived = sight.derived.get(name)
    field = sight.model._meta.fields_map.get(name)
    relational = field is not None and not field.has_db_field
    if (derived is None and field is None) or relational or data_class == INTERNAL:
        raise UnknownColumn(f"{table}.{name} is not a column that a Selection may name")
    if derived is not None:
        kind = derived.type or (_type(field) if field is not None and not derived.sealed else "")
        return Column(
            name, derived.sql, DataClass(data_class), derived.mask, derived.sealed, kind, derived.nullable
        )
    assert field is not None
    return Column(
        name,
        f"t.{field.source_field or name}",
        DataClass(data_class),
        None,
        "",
        _type(field),
        field.null,
        field.unique and not field.null,
    )


@cache
def order_column(table: str, name: str) -> Column:
    """A column to order by. The table's own key orders too, though it is internal."""
    try:
        return column(table, name)
    except UnknownColumn:
        field = SIGHTS[table].model._meta.fields_map[name]
        return Column(
            name,
            f"t.{name}",
            SIGHTS[table].row_class or class_of_row(table),
            None,
            "",
            _type(field),
            False,
            field.unique,
        )


def class_of_row(table: str) -> DataClass:
    return DataClass(class_of(table, "id"))


def _type(field: Any) -> str:
    return next((name for kind, name in TYPES if isinstance(field, kind)), "")
