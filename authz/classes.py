"""The data class of every column (domain.md 5.2). A column without a class fails the build.

A table's columns have the table's own class unless they are named here. INTERNAL columns never leave the desk.
"""

from __future__ import annotations

from authz.words import DataClass

INTERNAL = "INTERNAL"

_A, _T, _V, _P = DataClass.ASSET, DataClass.TRANSACTION, DataClass.VIP_STATUS, DataClass.PUBLIC

TABLES: dict[str, DataClass] = {
    "access_record": DataClass.AUDIT,
    "account": DataClass.ACCOUNT,
    "account_holder": DataClass.ACCOUNT,
    "archive": _V,
    "assignment": _P,
    "balance": _A,
    "calendar_day": _P,
    "consent": _V,
    "criterion": _P,
    "customer": _V,
    "delegation": _P,
    "evaluation": _A,
    "exchange_rate": _P,
    "filing": _V,
    "import_file": _P,
    "import_run": _P,
    "institution": _P,
    "loan": _A,
    "loan_standing": _A,
    "manager_assignment": _V,
    "membership": _V,
    "ownership": _V,
    "placement": _P,
    "proposal": _P,
    "recusal": DataClass.RESTRICTED,
    "registration": DataClass.PERSONAL,
    "screening": _P,
    "screening_rate": _P,
    "spend": _A,
    "staff": _P,
    "standard": _P,
    "supervision_line": _P,
    "suspension": DataClass.RESTRICTED,
    "transaction_line": _T,
}
"""Tables of which a Selection may be made."""

CLOSED: frozenset[str] = frozenset(
    {"credential", "house", "idempotency_key", "person", "session", "sign_in_attempt"}
)
"""Tables of which no Selection can be made."""

COLUMNS: dict[str, DataClass | str] = {
    "customer.name": DataClass.NAME,
    "customer.identity_kind": DataClass.IDENTITY_DOC,
    "customer.identity_cipher": INTERNAL,
    "customer.identity_mask": INTERNAL,
    "customer.identity_index": INTERNAL,
    "customer.mobile_cipher": INTERNAL,
    "customer.mobile_mask": INTERNAL,
    "customer.mobile_index": INTERNAL,
    "customer.address_cipher": INTERNAL,
    "customer.address_mask": INTERNAL,
    "customer.gender": DataClass.PERSONAL,
    "customer.birth_date": DataClass.PERSONAL,
    "customer.nationality": DataClass.PERSONAL,
    "customer.occupation": DataClass.PERSONAL,
    "customer.employer": DataClass.PERSONAL,
    "customer.owner_path": INTERNAL,
    "customer.tier1_id": INTERNAL,
    "customer.tier2_id": INTERNAL,
    "account.number_cipher": INTERNAL,
    "account.number_mask": INTERNAL,
    "account.number_index": INTERNAL,
    "account.serial": INTERNAL,
    "balance.account_serial": INTERNAL,
    "transaction_line.account_serial": INTERNAL,
    "spend.account_serial": INTERNAL,
    "evaluation.screening_id": _V,
    "evaluation.standard_id": _V,
    "evaluation.customer_id": _V,
    "evaluation.as_of": _V,
    "evaluation.passed": _V,
    "evaluation.recorded_at": _V,
    "filing.digest": INTERNAL,
    "filing.submitted_to_path": INTERNAL,
    "filing.submitted_person_id": INTERNAL,
    "filing.decided_person_id": INTERNAL,
    "institution.acting_path": INTERNAL,
    "proposal.proposed_person_id": INTERNAL,
    "registration.customer_id": _V,
    "staff.person_id": INTERNAL,
    "staff.mobile_cipher": INTERNAL,
    "staff.mobile_mask": INTERNAL,
    "staff.epoch": INTERNAL,
    # Columns that the desk derives (desk/sights.py).
    "customer.identity_number": DataClass.IDENTITY_DOC,
    "customer.mobile": DataClass.CONTACT,
    "customer.address": DataClass.CONTACT,
    "customer.tier": _V,
    "customer.band": _A,
    "customer.average_savings": _A,
    "customer.loan_balance": _A,
    "customer.spend": _A,
    "customer.figures_currency": _A,
    "customer.figures_as_of": _A,
    "balance.currency": _A,
    "balance.account_number": _A,
    "criterion.currency": _P,
    "loan_standing.currency": _A,
    "spend.currency": _A,
    "transaction_line.currency": _T,
    "transaction_line.account_number": _T,
    "account.number": DataClass.ACCOUNT,
    "loan.outstanding": _A,
    "loan.classification": _A,
    "loan.overdue": _A,
    "loan.standing_as_of": _A,
}
"""`table.column` -> class, where it differs from the table's."""


def class_of(table: str, column: str) -> DataClass | str:
    """The class of a column. KeyError for a table that has none: such a table is not open."""
    return COLUMNS.get(f"{table}.{column}", TABLES[table])
