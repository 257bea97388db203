"""The house itself: institutions, people, standards, reference data, imports and the trail."""

from __future__ import annotations

from authz import DataClass, Kind
from desk.actors import holding
from desk.sights.managing import OF_POSTS
from desk.sights.sight import NOW, TODAY, Derived, Relation, Sight
from models.imports import ImportFile, ImportRun
from models.institutions import Institution, Placement, SupervisionLine
from models.people import Assignment, Delegation, Proposal, Staff
from models.reference import CalendarDay, ExchangeRate
from models.trail import AccessRecord

SIGHTS: dict[str, Sight] = {
    "access_record": Sight(
        AccessRecord, Kind.ACCESS_RECORD, path="t.actor_path", order=("at", "id"), row_class=DataClass.AUDIT
    ),
    "assignment": Sight(
        Assignment,
        Kind.STAFF,
        "JOIN institution i ON i.id = t.institution_id",
        "i.acting_path",
        order=("valid_from", "id"),
        derived=OF_POSTS,
        relations={
            "staff": Relation("staff", "t.staff_id", "t.id", many=False),
            "institution": Relation("institution", "t.institution_id", "t.id", many=False),
        },
    ),
    "calendar_day": Sight(CalendarDay, Kind.REFERENCE, order=("day",)),
    "delegation": Sight(
        Delegation,
        Kind.STAFF,
        order=("valid_from", "id"),
        relations={
            "principal": Relation("staff", "t.principal_id", "t.id", many=False),
            "deputy": Relation("staff", "t.deputy_id", "t.id", many=False),
            "assignment": Relation("assignment", "t.assignment_id", "t.id", many=False),
        },
    ),
    "exchange_rate": Sight(
        ExchangeRate,
        Kind.REFERENCE,
        current="t.superseded_at IS NULL",
        order=("published_on", "currency", "quote_currency"),
    ),
    "import_file": Sight(ImportFile, Kind.IMPORT, order=("name", "id")),
    "import_run": Sight(
        ImportRun,
        Kind.IMPORT,
        order=("started_at", "id"),
        relations={"files": Relation("import_file", "t.id", "t.run_id")},
    ),
    "institution": Sight(
        Institution,
        Kind.INSTITUTION,
        path="t.path",
        order=("path",),
        # Rules and institutions are for every signed-in person, so this tells nothing that he may not ask (N1).
        derived={
            "lacks_implementing_rule": Derived(
                "(t.level = 'TIER1' AND t.kind = 'BRANCH' AND t.merged_into_id IS NULL AND NOT EXISTS"
                " (SELECT 1 FROM implementing_rule r WHERE r.owner_id = t.id AND r.state = 'APPROVED'"
                f" AND r.effective_from <= {TODAY} AND (r.effective_to IS NULL OR {TODAY} <= r.effective_to)))",
                type="bool",
                nullable=False,
            )
        },
        relations={
            "parent": Relation("institution", "t.parent_id", "t.id", many=False),
            "children": Relation("institution", "t.id", "t.parent_id"),
        },
    ),
    "placement": Sight(Placement, Kind.INSTITUTION, order=("valid_from", "id")),
    "proposal": Sight(
        Proposal,
        Kind.PROPOSAL,
        "LEFT JOIN institution i ON i.id = t.institution_id",
        "i.acting_path",
        order=("proposed_at", "id"),
        relations={
            "staff": Relation("staff", "t.staff_id", "t.id", many=False),
            "institution": Relation("institution", "t.institution_id", "t.id", many=False),
        },
    ),
    "staff": Sight(
        Staff,
        Kind.STAFF,
        order=("number",),
        relations={"assignments": Relation("assignment", "t.id", "t.staff_id")},
    ),
    "supervision_line": Sight(
        SupervisionLine,
        Kind.STAFF,
        order=("valid_from", "id"),
        derived={"holds_now": Derived(f"({holding('t', NOW)})", type="bool", nullable=False)},
        relations={
            "staff": Relation("staff", "t.staff_id", "t.id", many=False),
            "supervisor": Relation("staff", "t.supervisor_id", "t.id", many=False),
        },
    ),
}
