"""A sight: where one table keeps the facts a decision needs, what is derived beside its columns, what hangs on it.

In the SQL fragments `t` is the table itself, `c` the customer it belongs to, `a` the account, NOW the moment of the desk,
and TODAY its business day in Shanghai, which the compiler binds as parameters (desk/gate/slots.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tortoise.models import Model

from authz import DataClass, Kind

# Each is a character that SQL never has, so that a statement without them is told at a glance.
NOW = "\x1c"
TODAY = "\x1d"
OF_CUSTOMER = "JOIN customer c ON c.id = t.customer_id"
OF_ACCOUNT = "JOIN account a ON a.serial = t.account_serial JOIN customer c ON c.id = a.customer_id"


@dataclass(frozen=True, slots=True)
class Derived:
    """A column that is computed. `mask` is what a MASKED cell shows; `sealed` names the ciphertext column."""

    sql: str
    mask: str | None = None
    sealed: str = ""
    type: str = ""
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows of `table` whose `remote` equals this row's `local`. `where` narrows them; `limit` per row."""

    table: str
    local: str
    remote: str
    many: bool = True
    where: str = ""
    order: tuple[tuple[str, bool], ...] = ()
    same_customer: bool = False
    """The rows are the very customer's whose row, or whose account's or loan's row, this is: by the joins of both sights,
    what decides about the one decides about the other."""


@dataclass(frozen=True, slots=True)
class Sight:
    model: type[Model]
    kind: Kind
    joins: str = ""
    path: str | None = None
    customer: str | None = None
    act_path: str | None = None
    row_class: DataClass | None = None
    masked_rows: bool = False
    current: str = ""
    derived: dict[str, Derived] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    order: tuple[str, ...] = ("id",)
    tiers: dict[str, str] = field(default_factory=dict)
    """Where a row keeps the branch of each level above it, so that the page of a subtree is a range of an index."""
    of_merged: bool = False
    """Rows about a merge are there whatever became of the customer whom it kept."""

    @property
    def alive(self) -> str:
        """SQL: the customer whose row this is was not merged into another one, else nobody sees it (ADR 0024)."""
        return "c.merged_into_id IS NULL" if "JOIN customer c" in self.joins and not self.of_merged else ""


def of_customer(model: type[Model], kind: Kind = Kind.CUSTOMER, **more: object) -> Sight:
    return Sight(model, kind, OF_CUSTOMER, "c.owner_path", "c.id", **more)  # type: ignore[arg-type]
