"""What is handed on and what is to do: monthly runs and their worklists, handovers, merges."""

from __future__ import annotations

from authz import DataClass, Kind
from desk.sights.sight import NOW, Derived, Relation, Sight, of_customer
from models.handovers import Handover, HandoverLine
from models.identity import FormerName, IdentityDocument
from models.merges import CustomerMerge
from models.months import MonthRun, WorkItem
from models.vocabulary import HandoverState

SIGHTS: dict[str, Sight] = {
    "customer_merge": Sight(
        CustomerMerge,
        Kind.CUSTOMER_MERGE,
        "JOIN customer c ON c.id = t.kept_id",
        "c.owner_path",
        "c.id",
        of_merged=True,
        order=("proposed_at", "id"),
        # Its number is told once both are one customer, whose secrets are those of `kept`; before that by its own reach.
        derived={
            "gone_number": Derived(
                "(SELECT g.number FROM customer g WHERE g.id = t.gone_id"
                " AND t.state IN ('MERGED', 'SPLIT_PROPOSED'))"
            )
        },
        relations={
            "kept": Relation("customer", "t.kept_id", "t.id", many=False),
            "gone": Relation("customer", "t.gone_id", "t.id", many=False),
            "proposed_by": Relation("staff", "t.proposed_by_id", "t.id", many=False),
            "decided_by": Relation("staff", "t.decided_by_id", "t.id", many=False),
            "split_proposed_by": Relation("staff", "t.split_proposed_by_id", "t.id", many=False),
            "split_by": Relation("staff", "t.split_by_id", "t.id", many=False),
        },
    ),
    "former_name": of_customer(FormerName, row_class=DataClass.NAME, order=("until", "id")),
    "handover": Sight(
        Handover,
        Kind.HANDOVER,
        "JOIN institution i ON i.id = t.institution_id",
        "i.acting_path",
        order=("drawn_up_at", "id"),
        derived={
            # Nobody has to be there in the second of a signed handover: whoever reads it later is told that it is done.
            "state": Derived(
                f"(CASE WHEN t.state = '{HandoverState.SIGNED.value}' AND t.done_at <= {NOW}"
                f" THEN '{HandoverState.DONE.value}' ELSE t.state END)",
                nullable=False,
            )
        },
        relations={
            "giver": Relation("staff", "t.giver_id", "t.id", many=False),
            "receiver": Relation("staff", "t.receiver_id", "t.id", many=False),
            "witness": Relation("staff", "t.witness_id", "t.id", many=False),
            "institution": Relation("institution", "t.institution_id", "t.id", many=False),
            "lines": Relation("handover_line", "t.id", "t.handover_id"),
        },
    ),
    "handover_line": of_customer(
        HandoverLine,
        order=("customer_id",),
        relations={"customer": Relation("customer", "t.customer_id", "t.id", many=False)},
    ),
    "identity_document": of_customer(
        IdentityDocument,
        row_class=DataClass.IDENTITY_DOC,
        masked_rows=True,
        order=("replaced_at", "id"),
        derived={
            "identity_number": Derived(
                "t.identity_cipher", "t.identity_mask", sealed="identity_cipher", nullable=False
            )
        },
    ),
    "month_run": Sight(MonthRun, Kind.SCREENING, order=("as_of",)),
    "work_item": of_customer(
        WorkItem,
        Kind.WORK_ITEM,
        order=("due_on", "id"),
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "membership": Relation("membership", "t.membership_id", "t.id", many=False),
            "evaluation": Relation("evaluation", "t.evaluation_id", "t.id", many=False),
            "manager": Relation("staff", "t.manager_id", "t.id", many=False),
            "done_by": Relation("staff", "t.done_by_id", "t.id", many=False),
            "run": Relation("month_run", "t.run_id", "t.id", many=False),
        },
    ),
}
