"""Every list of the oracle: what its filter compares, of which class each column is, and its own order."""

from __future__ import annotations

from tests.schema.corpus.conditions import ListOf

_FIGURE = "figures_currency"
STATE = {"state": "state"}
SENT = {"submittedToId": "submitted_to_id", **STATE}
LAW = {"phase": "phase", **STATE}
OWNED = {"ownerId": "owner_id", **LAW}
OWNER = {"ownerId": "institution"}
LISTS: dict[str, ListOf] = {
    "access_record": ListOf(("at", "id"), otherwise="AUDIT"),
    "archive": ListOf(
        ("number",),
        {"state": "state", "custodyCentreId": "custody_centre_id"},
        {"custodyCentreId": "institution"},
    ),
    "assignment": ListOf(
        ("valid_from",),
        {
            "role": "role",
            "staffId": "staff_id",
            "institutionId": "institution_id",
            "holdsNow": "holds_now",
            "load": "load",
        },
        {"staffId": "staff", "institutionId": "institution"},
        classes={"load": "VIP_STATUS"},
        otherwise="PUBLIC",
    ),
    "campaign": ListOf(
        ("code",),
        {
            "code": "code",
            "standardCode": "standard_code",
            "effectiveFrom": "effective_from",
            "effectiveTo": "effective_to",
            **LAW,
        },
        otherwise="PUBLIC",
    ),
    "customer": ListOf(
        ("number",),
        {
            "number": "number",
            "name": "name",
            "ownerId": "owner_id",
            "tier": "tier",
            "openedOn": "opened_on",
            "averageSavings": "average_savings",
            "loanBalance": "loan_balance",
            "spend": "spend",
        },
        {"ownerId": "institution"},
        frozenset({"averageSavings", "loanBalance", "spend"}),
        {"name": "NAME", **dict.fromkeys(("average_savings", "loan_balance", "spend", _FIGURE), "ASSET")},
    ),
    "customer_merge": ListOf(("proposed_at",), STATE),
    "delegation": ListOf(
        ("valid_from",),
        {"role": "role", "principalId": "principal_id", "deputyId": "deputy_id"},
        {"principalId": "staff", "deputyId": "staff"},
        otherwise="PUBLIC",
    ),
    "evaluation": ListOf(
        ("as_of", "recorded_at"),
        {"passed": "passed", "screeningId": "screening_id", "asOf": "as_of", "borderline": "borderline"},
        {"screeningId": "screening"},
        classes={"borderline": "ASSET", "average_savings": "ASSET"},
    ),
    "exception_case": ListOf(("submitted_at",), SENT, {"submittedToId": "institution"}),
    "filing": ListOf(("submitted_at",), SENT, {"submittedToId": "institution"}),
    "handover": ListOf(
        ("drawn_up_at",),
        {"giverId": "giver_id", "receiverId": "receiver_id", "witnessId": "witness_id", **STATE},
        dict.fromkeys(("giverId", "receiverId", "witnessId"), "staff"),
    ),
    "handover_line": ListOf(("customer_id",)),
    "implementing_rule": ListOf(("owner_id", "version"), OWNED, OWNER, otherwise="PUBLIC"),
    "import_run": ListOf(("started_at",), otherwise="PUBLIC"),
    "indicator": ListOf(("code", "version"), {"code": "code", **OWNED}, OWNER, otherwise="PUBLIC"),
    "institution": ListOf(
        ("path",),
        {
            "code": "code",
            "level": "level",
            "kind": "kind",
            "parentId": "parent_id",
            "lacksImplementingRule": "lacks_implementing_rule",
        },
        {"parentId": "institution"},
        otherwise="PUBLIC",
    ),
    "invitation": ListOf(("invited_at",), {"customerId": "customer_id", **STATE}, {"customerId": "customer"}),
    "membership": ListOf(
        (),
        {
            "tier": "tier",
            "termEnds": "term_ends",
            "managerStanding": "manager_standing",
            "unserved": "unserved",
            **STATE,
        },
    ),
    "month_run": ListOf(("as_of",), otherwise="PUBLIC"),
    "proposal": ListOf(("proposed_at",), otherwise="PUBLIC"),
    "screening": ListOf(("started_at",), otherwise="PUBLIC"),
    "staff": ListOf(("number",), {"number": "number"}, otherwise="PUBLIC"),
    "standard": ListOf(
        ("code", "version"), {"code": "code", "tier": "tier", **OWNED}, OWNER, otherwise="PUBLIC"
    ),
    "transaction_line": ListOf(("day",), otherwise="TRANSACTION"),
    "what_if": ListOf(
        ("made_at",),
        {"standardId": "standard_id", "campaignId": "campaign_id", "asOf": "as_of"},
        {"standardId": "standard", "campaignId": "campaign"},
        otherwise="PUBLIC",
    ),
    "work_item": ListOf(("due_on",), {"kind": "kind", "dueOn": "due_on", **STATE}),
}
"""Of each table that the graph lists."""

_OF_STOCK = {"institutionId": "institution_id", "productId": "product_id"}
_STOCK = {"institutionId": "institution", "productId": "card_product"}
LISTS |= {
    "card": ListOf(
        ("requested_at",),
        {
            "number": "number",
            "customerId": "customer_id",
            "issuerId": "issuer_id",
            "productId": "product_id",
            "termEnds": "term_ends",
            **STATE,
        },
        {"customerId": "customer", "issuerId": "institution", "productId": "card_product"},
    ),
    "card_order": ListOf(
        ("drafted_at",),
        {"number": "number", "manufacturerId": "manufacturer_id", **STATE, **_OF_STOCK},
        {"manufacturerId": "manufacturer", **_STOCK},
        otherwise="PUBLIC",
    ),
    "card_price": ListOf(("effective_from",), otherwise="PUBLIC"),
    "card_product": ListOf(("tier", "design"), {"tier": "tier", "design": "design"}, otherwise="PUBLIC"),
    "card_report": ListOf(
        ("reported_at",),
        {
            "kind": "kind",
            "outcome": "outcome",
            "number": "number",
            "institutionId": "institution_id",
            "reportedAt": "reported_at",
            "open": "open",
        },
        {"institutionId": "institution"},
        otherwise="PUBLIC",
    ),
    "designation": ListOf(
        ("valid_from",),
        {
            "institutionId": "institution_id",
            "staffId": "staff_id",
            "duty": "duty",
            "holdsNow": "holds_now",
        },
        {"institutionId": "institution", "staffId": "staff"},
        otherwise="PUBLIC",
    ),
    "destruction_line": ListOf(("first_serial",), otherwise="PUBLIC"),
    "destruction_list": ListOf(
        ("listed_at",),
        {"listedAt": "listed_at", "destroyedAt": "destroyed_at", **STATE, **_OF_STOCK},
        _STOCK,
        otherwise="PUBLIC",
    ),
    "manufacturer": ListOf(("code",), otherwise="PUBLIC"),
    "movement_line": ListOf(("first_serial",), otherwise="PUBLIC"),
    "number_segment": ListOf(
        ("first_serial", "depth"), {"withdrawn": "withdrawn", **_OF_STOCK}, _STOCK, otherwise="PUBLIC"
    ),
    "stock_account": ListOf((), {"agrees": "agrees", **_OF_STOCK}, _STOCK, otherwise="PUBLIC"),
    "stock_day": ListOf(("day",), {"day": "day", **_OF_STOCK}, _STOCK, otherwise="PUBLIC"),
    "stock_handover": ListOf(
        ("drawn_up_at",),
        {
            "giverId": "giver_id",
            "institutionId": "institution_id",
            "receiverId": "receiver_id",
            "secondWitnessId": "second_witness_id",
            "witnessId": "witness_id",
            **STATE,
        },
        {
            "institutionId": "institution",
            **dict.fromkeys(("giverId", "receiverId", "secondWitnessId", "witnessId"), "staff"),
        },
        otherwise="PUBLIC",
    ),
    "stock_handover_line": ListOf(("product_id", "first_serial"), otherwise="PUBLIC"),
    "stock_holding": ListOf(
        ("product_id", "first_serial"),
        {"toInstitutionId": "to_institution_id", **STATE, **_OF_STOCK},
        {"toInstitutionId": "institution", **_STOCK},
        otherwise="PUBLIC",
    ),
    "stock_movement": ListOf(
        ("drafted_at",),
        {
            "otherId": "other_id",
            "orderId": "order_id",
            "sourceId": "source_id",
            "draftedById": "drafted_by_id",
            "kind": "kind",
            "draftedAt": "drafted_at",
            "postedOn": "posted_on",
            **STATE,
            **_OF_STOCK,
        },
        {
            "otherId": "institution",
            "orderId": "card_order",
            "sourceId": "stock_movement",
            "draftedById": "staff",
            **_STOCK,
        },
        otherwise="PUBLIC",
    ),
    "stock_quota": ListOf(("set_at",), _OF_STOCK, _STOCK, otherwise="PUBLIC"),
    "stocktake": ListOf(
        ("opened_at",),
        {"kind": "kind", "openedAt": "opened_at", **STATE, **_OF_STOCK},
        _STOCK,
        otherwise="PUBLIC",
    ),
    "stocktake_line": ListOf(("finding", "first_serial"), otherwise="PUBLIC"),
    "supervision_line": ListOf(
        ("valid_from",),
        {"staffId": "staff_id", "supervisorId": "supervisor_id", "holdsNow": "holds_now"},
        {"staffId": "staff", "supervisorId": "staff"},
        otherwise="PUBLIC",
    ),
}
