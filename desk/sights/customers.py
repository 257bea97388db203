"""Customers and their figures: everything that Article 11 keeps secret."""

from __future__ import annotations

from authz import DataClass, Kind
from desk.sights.sight import OF_ACCOUNT, Derived, Relation, Sight, of_customer
from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, Spend, TransactionLine
from models.customers import Customer, ManagerAssignment, Ownership

_LATEST = "SELECT e.{} FROM evaluation e WHERE e.customer_id = t.id ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1"
_BANDS = (
    (5_000_000_00, "FROM_5M"),
    (1_000_000_00, "FROM_1M"),
    (500_000_00, "FROM_500K"),
    (50_000_00, "FROM_50K"),
)
_BAND = (
    "(SELECT CASE "
    + " ".join(f"WHEN e.average_savings >= {floor} THEN '{name}'" for floor, name in _BANDS)
    + " ELSE 'BELOW_50K' END FROM evaluation e WHERE e.customer_id = t.id"
    " ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1)"
)
_NEWEST = (
    "NOT EXISTS (SELECT 1 FROM balance n WHERE n.account_serial = t.account_serial AND n.kind = t.kind"
    " AND n.superseded_at IS NULL AND n.day > t.day)"
)
_STANDING = (
    "(SELECT s.{} FROM loan_standing s WHERE s.loan_id = t.id AND s.superseded_at IS NULL"
    " ORDER BY s.as_of DESC LIMIT 1)"
)


SIGHTS: dict[str, Sight] = {
    "customer": Sight(
        Customer,
        Kind.CUSTOMER,
        path="t.owner_path",
        customer="t.id",
        order=("number",),
        tiers={"TIER1": "t.tier1_id", "TIER2": "t.tier2_id"},
        current="t.merged_into_id IS NULL",
        derived={
            "name": Derived("t.name", "substr(t.name, 1, 1) || '**'", nullable=False),
            "identity_number": Derived(
                "t.identity_cipher", "t.identity_mask", sealed="identity_cipher", nullable=False
            ),
            "mobile": Derived("t.mobile_cipher", "t.mobile_mask", sealed="mobile_cipher"),
            "address": Derived("t.address_cipher", "t.address_mask", sealed="address_cipher"),
            "tier": Derived(
                "(SELECT m.tier FROM membership m WHERE m.customer_id = t.id AND m.state IN ('ACTIVE', 'REVIEW_DUE') AND NOT m.over)"
            ),
            "band": Derived(_BAND, _BAND),
            "average_savings": Derived(f"({_LATEST.format('average_savings')})", type="int"),
            "loan_balance": Derived(f"({_LATEST.format('loan_balance')})", type="int"),
            "spend": Derived(f"({_LATEST.format('spend')})", type="int"),
            "figures_currency": Derived(f"({_LATEST.format('currency')})"),
            "figures_as_of": Derived(f"({_LATEST.format('as_of')})", type="date"),
        },
        relations={
            "owner": Relation("institution", "t.owner_id", "t.id", many=False),
            "manager": Relation(
                "manager_assignment", "t.id", "t.customer_id", many=False, where="holding", same_customer=True
            ),
            "membership": Relation(
                "membership", "t.id", "t.customer_id", many=False, where="NOT t.over", same_customer=True
            ),
            "memberships": Relation("membership", "t.id", "t.customer_id", same_customer=True),
            "accounts": Relation("account", "t.id", "t.customer_id", same_customer=True),
            "cards": Relation("card", "t.id", "t.customer_id"),
            "balances": Relation("balance", "t.id", "a.customer_id", where=_NEWEST, same_customer=True),
            "loans": Relation("loan", "t.id", "t.customer_id", same_customer=True),
            "evaluation": Relation(
                "evaluation",
                "t.id",
                "t.customer_id",
                many=False,
                order=(("as_of", True), ("recorded_at", True), ("id", False)),
                same_customer=True,
            ),
            "evaluations": Relation("evaluation", "t.id", "t.customer_id", same_customer=True),
            "transactions": Relation("transaction_line", "t.id", "a.customer_id", same_customer=True),
            "filings": Relation("filing", "t.id", "t.customer_id", same_customer=True),
            "exceptions": Relation("exception_case", "t.id", "t.customer_id", same_customer=True),
            "invitations": Relation("invitation", "t.id", "t.customer_id", same_customer=True),
            "merges": Relation("customer_merge", "t.id", "t.kept_id", same_customer=True),
            "former_names": Relation("former_name", "t.id", "t.customer_id", same_customer=True),
            "former_documents": Relation("identity_document", "t.id", "t.customer_id", same_customer=True),
            "indicator_figures": Relation("indicator_figure", "t.id", "t.customer_id", same_customer=True),
            "work_items": Relation("work_item", "t.id", "t.customer_id", same_customer=True),
            "archive": Relation("archive", "t.id", "t.customer_id", many=False, same_customer=True),
        },
    ),
    "manager_assignment": of_customer(
        ManagerAssignment,
        order=("valid_from", "id"),
        relations={"staff": Relation("staff", "t.manager_id", "t.id", many=False)},
    ),
    "ownership": of_customer(Ownership, order=("valid_from", "id")),
    "account": of_customer(
        Account,
        row_class=DataClass.ACCOUNT,
        masked_rows=True,
        order=("serial",),
        derived={
            "number": Derived("t.number_cipher", "t.number_mask", sealed="number_cipher", nullable=False)
        },
        relations={
            "institution": Relation("institution", "t.institution_id", "t.id", many=False),
            "balance": Relation(
                "balance",
                "t.serial",
                "t.account_serial",
                many=False,
                order=(("day", True), ("id", True)),
                same_customer=True,
            ),
            "balances": Relation("balance", "t.serial", "t.account_serial", same_customer=True),
            "transactions": Relation("transaction_line", "t.serial", "t.account_serial", same_customer=True),
            "holders": Relation("account_holder", "t.id", "t.account_id", same_customer=True),
        },
    ),
    "account_holder": Sight(
        AccountHolder,
        Kind.CUSTOMER,
        "JOIN account a ON a.id = t.account_id JOIN customer c ON c.id = a.customer_id",
        "c.owner_path",
        "c.id",
        row_class=DataClass.ACCOUNT,
        # By the owner's branch and manager (decisions.md 27): a co-holder's manager sees neither the account nor its owner.
        # Where a duplicate held the account too, his row waits for a split and is not shown.
        current="NOT EXISTS (SELECT 1 FROM customer h WHERE h.id = t.customer_id AND h.merged_into_id IS NOT NULL)",
        order=("role", "id"),
        relations={"customer": Relation("customer", "t.customer_id", "t.id", many=False)},
    ),
    "balance": Sight(
        Balance,
        Kind.CUSTOMER,
        OF_ACCOUNT,
        "c.owner_path",
        "c.id",
        row_class=DataClass.ASSET,
        current="t.superseded_at IS NULL",
        order=("day", "id"),
        derived={
            "currency": Derived("a.currency", nullable=False),
            "account_number": Derived("a.number_mask", nullable=False),
        },
    ),
    "transaction_line": Sight(
        TransactionLine,
        Kind.CUSTOMER,
        OF_ACCOUNT,
        "c.owner_path",
        "c.id",
        row_class=DataClass.TRANSACTION,
        current="t.superseded_at IS NULL",
        order=("day", "id"),
        derived={
            "currency": Derived("a.currency", nullable=False),
            "account_number": Derived("a.number_mask", nullable=False),
        },
    ),
    "spend": Sight(
        Spend,
        Kind.CUSTOMER,
        OF_ACCOUNT,
        "c.owner_path",
        "c.id",
        row_class=DataClass.ASSET,
        current="t.superseded_at IS NULL",
        order=("month", "id"),
        derived={"currency": Derived("a.currency", nullable=False)},
    ),
    "loan": of_customer(
        Loan,
        row_class=DataClass.ASSET,
        order=("number",),
        derived={
            "outstanding": Derived(_STANDING.format("outstanding"), type="int"),
            "classification": Derived(_STANDING.format("classification")),
            "overdue": Derived(_STANDING.format("overdue"), type="int"),
            "standing_as_of": Derived(_STANDING.format("as_of"), type="date"),
        },
        relations={
            "standings": Relation("loan_standing", "t.id", "t.loan_id", same_customer=True),
            "institution": Relation("institution", "t.institution_id", "t.id", many=False),
        },
    ),
    "loan_standing": Sight(
        LoanStanding,
        Kind.CUSTOMER,
        "JOIN loan l ON l.id = t.loan_id JOIN customer c ON c.id = l.customer_id",
        "c.owner_path",
        "c.id",
        row_class=DataClass.ASSET,
        current="t.superseded_at IS NULL",
        order=("as_of", "id"),
        derived={"currency": Derived("l.currency", nullable=False)},
    ),
}
