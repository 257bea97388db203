"""用途. Why a confidential section is read: a closed list, and which class needs one from whom."""

from __future__ import annotations

from enum import StrEnum

from authz.words import DataClass, Role


class Purpose(StrEnum):
    """The closed list. A text of the reader's own goes beside it into the trail."""

    ADVICE = "ADVICE"
    ARCHIVE_KEEPING = "ARCHIVE_KEEPING"
    COMPLAINT = "COMPLAINT"
    CORRECTION = "CORRECTION"
    CUSTOMER_REQUEST = "CUSTOMER_REQUEST"
    FILING_EVIDENCE = "FILING_EVIDENCE"
    HANDOVER = "HANDOVER"
    IDENTITY_CHECK = "IDENTITY_CHECK"
    REGULAR_REVIEW = "REGULAR_REVIEW"
    SERVICE_CONTACT = "SERVICE_CONTACT"
    SUPERVISION = "SUPERVISION"


SENTENCES = {
    Purpose.ADVICE: "Prepare or give advice that the customer asked for.",
    Purpose.ARCHIVE_KEEPING: "Build, check or repair the customer's archive.",
    Purpose.COMPLAINT: "Answer a complaint of the customer.",
    Purpose.CORRECTION: "Correct a figure or an entry that is wrong.",
    Purpose.CUSTOMER_REQUEST: "Do what the customer asked for, other than advice.",
    Purpose.FILING_EVIDENCE: "Show or check that the customer meets the standard he is filed by.",
    Purpose.HANDOVER: "Hand the customer over to another manager, or take him over.",
    Purpose.IDENTITY_CHECK: "Make sure that the person at the counter is the customer.",
    Purpose.REGULAR_REVIEW: "Re-verify at the end of the term that the customer still qualifies.",
    Purpose.SERVICE_CONTACT: "Prepare a contact that belongs to the service of the customer.",
    Purpose.SUPERVISION: "Check the work of a customer manager as his business supervisor.",
}
"""What each purpose means, in one sentence that a reader chooses by."""

EVERYBODY = frozenset({*Role, None})

NEEDED: dict[DataClass, frozenset[Role | None]] = {
    DataClass.ASSET: frozenset({Role.CUST_MGR}),
    DataClass.IDENTITY_DOC: frozenset({Role.ARCHIVE_KEEPER, Role.CUST_MGR, Role.WC_HEAD}),
    DataClass.TRANSACTION: EVERYBODY,
}
"""Who must say why before a cell of the class is shown (domain.md 5.2 and 5.3). None: without a seat."""


def needed(cls: DataClass, role: Role | None) -> bool:
    """Must a reader say why, when the grant he reads by comes from a seat of this role?"""
    return role in NEEDED.get(cls, ())
