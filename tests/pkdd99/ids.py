"""The opaque ids of the bank's rows, as somebody would know them who was told."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from models.accounts import Account, Loan
from models.archives import Archive
from models.customers import Customer
from models.filing import Filing
from models.institutions import Institution
from models.membership import Membership
from models.standards import Evaluation


@dataclass
class Ids:
    """Customers by number, institutions by code, and one row of each other table by its customer's number."""

    customer: Mapping[str, str]
    institution: Mapping[str, str]
    others: Mapping[str, Mapping[str, str]]

    def of(self, table: str) -> Mapping[str, str]:
        return self.others[table]

    @classmethod
    async def read(cls) -> Ids:
        others = {}
        for model in (Account, Loan, Evaluation, Membership, Filing, Archive):
            table = str(model._meta.db_table)
            rows = await model.all().order_by("id").values_list("customer__number", "id")
            others[table] = {number: opaque(table, row) for number, row in rows}
        customers = await Customer.all().values_list("number", "id")
        places = await Institution.all().values_list("code", "id")
        return cls(
            {number: opaque("customer", row) for number, row in customers},
            {code: opaque("institution", row) for code, row in places},
            others,
        )


def opaque(table: str, row: UUID) -> str:
    """The opaque id of a row, written out once more."""
    return base64.urlsafe_b64encode(table.encode() + b":" + row.bytes).decode().rstrip("=")
