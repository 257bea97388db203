"""What is done with customers: evaluations, registrations, filings, memberships, archives."""

from __future__ import annotations

from authz import DataClass, Kind
from desk.sights.managing import MANAGER_STANDING
from desk.sights.sight import Derived, Relation, Sight, of_customer
from models.archives import Archive
from models.exceptions import ExceptionCase, ExceptionShortfall
from models.filing import Filing
from models.history import MembershipEvent
from models.invitations import Invitation
from models.membership import Consent, Membership, Registration
from models.standards import Evaluation, Screening, ScreeningRate

SIGHTS: dict[str, Sight] = {
    "archive": of_customer(
        Archive,
        Kind.ARCHIVE,
        order=("number",),
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "membership": Relation("membership", "t.membership_id", "t.id", many=False),
            "custody_centre": Relation("institution", "t.custody_centre_id", "t.id", many=False),
            "servicing": Relation("institution", "t.servicing_id", "t.id", many=False),
        },
    ),
    "consent": of_customer(Consent, order=("valid_from", "id")),
    "evaluation": of_customer(
        Evaluation,
        order=("as_of", "recorded_at", "id"),
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "standard": Relation("standard", "t.standard_id", "t.id", many=False),
            "screening": Relation("screening", "t.screening_id", "t.id", many=False),
        },
    ),
    "exception_case": of_customer(
        ExceptionCase,
        Kind.EXCEPTION,
        act_path="t.submitted_to_path",
        order=("submitted_at", "id"),
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "membership": Relation("membership", "t.membership_id", "t.id", many=False),
            "evaluation": Relation("evaluation", "t.evaluation_id", "t.id", many=False),
            "submitted_to": Relation("institution", "t.submitted_to_id", "t.id", many=False),
            "submitted_by": Relation("staff", "t.submitted_by_id", "t.id", many=False),
            "decided_by": Relation("staff", "t.decided_by_id", "t.id", many=False),
            "shortfalls": Relation("exception_shortfall", "t.id", "t.case_id"),
        },
    ),
    "exception_shortfall": of_customer(
        ExceptionShortfall, row_class=DataClass.ASSET, order=("kind", "indicator_code", "id")
    ),
    "filing": of_customer(
        Filing,
        Kind.FILING,
        act_path="t.submitted_to_path",
        order=("submitted_at", "id"),
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "membership": Relation("membership", "t.membership_id", "t.id", many=False),
            "evaluation": Relation("evaluation", "t.evaluation_id", "t.id", many=False),
            "submitted_to": Relation("institution", "t.submitted_to_id", "t.id", many=False),
            "submitted_by": Relation("staff", "t.submitted_by_id", "t.id", many=False),
            "decided_by": Relation("staff", "t.decided_by_id", "t.id", many=False),
        },
    ),
    "invitation": of_customer(
        Invitation,
        order=("invited_at", "id"),
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "invited_by": Relation("staff", "t.invited_by_id", "t.id", many=False),
        },
    ),
    "membership": of_customer(
        Membership,
        order=("id",),
        derived={"manager_standing": MANAGER_STANDING},
        relations={
            "customer": Relation("customer", "t.customer_id", "t.id", many=False),
            "filings": Relation("filing", "t.id", "t.membership_id"),
            "exceptions": Relation("exception_case", "t.id", "t.membership_id"),
            "events": Relation("membership_event", "t.id", "t.membership_id"),
            "archive": Relation("archive", "t.id", "t.membership_id", many=False),
            "cards": Relation("card", "t.id", "t.membership_id"),
            "registration": Relation("registration", "t.registration_id", "t.id", many=False),
        },
    ),
    "membership_event": of_customer(
        MembershipEvent,
        order=("version", "id"),
        derived={"cause": Derived("NULLIF(t.cause, '')")},
        relations={"by": Relation("staff", "t.by_id", "t.id", many=False)},
    ),
    "registration": of_customer(Registration, order=("registered_at", "id")),
    "screening": Sight(
        Screening,
        Kind.SCREENING,
        path="t.scope_path",
        order=("started_at", "id"),
        relations={
            "standard": Relation("standard", "t.standard_id", "t.id", many=False),
            "campaign": Relation("campaign", "t.campaign_id", "t.id", many=False),
            "rates": Relation("screening_rate", "t.id", "t.screening_id"),
        },
    ),
    "screening_rate": Sight(ScreeningRate, Kind.SCREENING, order=("currency", "month_end")),
}
