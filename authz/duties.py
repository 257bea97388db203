"""职责分离. Who must not be the same person (domain.md 4.2), as data without a switch that disables it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from authz.words import Role


class Duty(StrEnum):
    """A pair of the table of duties; also the code of the refusal when it is broken."""

    ARCHIVE_LOAN = "ARCHIVE_LOAN_BY_READER"
    CARD_ISSUE = "CARD_ISSUED_BY_MANAGER"
    CARD_MOVEMENT = "MOVEMENT_SIGNED_BY_ONE"
    CARD_ORDER = "ORDER_BY_ONE"
    CARD_TRANSFER = "TRANSFER_SIGNED_BY_ONE"
    COMPLAINT = "COMPLAINT_ABOUT_HANDLER"
    DESTRUCTION = "DESTRUCTION_BY_ONE"
    EXCEPTION = "EXCEPTION_BY_SUBMITTER"
    EXPORT = "EXPORT_BY_REQUESTER"
    FILING = "FILING_BY_SUBMITTER"
    GRANT = "GRANT_BY_ONE"
    GRANT_TO_SELF = "GRANT_TO_SELF"
    HANDOVER = "HANDOVER_BY_ONE"
    LEGAL_REQUEST = "LEGAL_REQUEST_BY_ONE"
    PASSWORD_RESET = "PASSWORD_RESET_BY_ONE"
    READ_ONLY = "ROLE_READS_ONLY"
    SECURITY = "SECURITY_WITH_BUSINESS"
    STANDARD = "STANDARD_BY_WRITER"
    STOCKTAKE = "STOCK_COUNTED_BY_KEEPER"


@dataclass(frozen=True, slots=True)
class Separation:
    """`who` lists the parts in the order in which `check` takes their persons; all must differ."""

    duty: Duty
    who: tuple[str, ...]
    rule: str
    article: str


SEPARATIONS = {
    separation.duty: separation
    for separation in (
        Separation(
            Duty.CARD_MOVEMENT,
            ("card custodian", "card supervisor"),
            "A stock movement is signed by the custodian and by his own supervisor on that date.",
            "Notice 4",
        ),
        Separation(
            Duty.CARD_TRANSFER,
            ("sending custodian", "sending supervisor", "receiving custodian", "receiving supervisor"),
            "A transfer of cards is signed by four persons, two at each end.",
            "Notice 4",
        ),
        Separation(
            Duty.CARD_ISSUE,
            ("customer manager", "issuing clerk"),
            "The customer's manager does not hand out the card.",
            "Notice 4",
        ),
        Separation(
            Duty.FILING,
            ("submitter", "recorder"),
            "Who submitted a filing does not record it; the recorder is at the same institution or above, at tier-2 or above.",
            "Art. 6",
        ),
        Separation(
            Duty.EXCEPTION,
            ("submitter", "approver"),
            "Who submitted an exception does not approve it; the approver is at the tier-1 branch above.",
            "Art. 7",
        ),
        Separation(
            Duty.CARD_ORDER,
            ("order maker", "order approver"),
            "Who made a card order does not approve it.",
            "Notice 4",
        ),
        Separation(
            Duty.ARCHIVE_LOAN,
            ("archive reader", "loan approver"),
            "Nobody approves his own reading of an archive.",
            "Art. 11",
        ),
        Separation(
            Duty.DESTRUCTION,
            ("list maker", "approver", "first witness", "second witness"),
            "Destruction needs four persons: who lists, who approves, and two witnesses.",
            "Art. 11",
        ),
        Separation(
            Duty.STOCKTAKE,
            ("card custodian", "second counter"),
            "The custodian does not count his own stock alone.",
            "Notice 4",
        ),
        Separation(
            Duty.STANDARD,
            ("writer", "approver"),
            "Who wrote a standard, campaign, indicator or implementing rule does not approve it.",
            "Notice 2",
        ),
        Separation(
            Duty.LEGAL_REQUEST,
            ("legal liaison", "legal approver"),
            "Who handles a legal request does not approve it.",
            "Art. 11",
        ),
        Separation(
            Duty.EXPORT,
            ("requester", "approver"),
            "Nobody approves his own export.",
            "Art. 11",
        ),
        Separation(
            Duty.COMPLAINT,
            ("handler", "person complained of"),
            "Nobody handles a complaint about himself.",
            "4.2 回避",
        ),
        Separation(
            Duty.HANDOVER,
            ("giver", "receiver", "witness"),
            "A handover list is signed by who gives, who receives and a witness.",
            "Notice 4",
        ),
        Separation(
            Duty.GRANT,
            ("proposer", "executor"),
            "Who proposed a grant does not execute it.",
            "4.2",
        ),
        Separation(
            Duty.GRANT_TO_SELF,
            ("proposer or executor", "beneficiary"),
            "Nobody grants to himself.",
            "4.2",
        ),
        Separation(
            Duty.PASSWORD_RESET,
            ("proposer", "executor"),
            "A password reset or an unlock takes two persons.",
            "4.2",
        ),
    )
}
"""The pairs of persons. Two more duties bind the roles of one person: see `incompatible`."""

ADMINISTRATORS = frozenset({Role.LOG_ADMIN, Role.SEC_ADMIN, Role.SYS_ADMIN})
WATCHERS = frozenset({Role.AUDITOR, Role.COMPLIANCE, Role.DPO})
BUSINESS_ROLES = frozenset(Role) - ADMINISTRATORS - WATCHERS
"""Roles that do the bank's business with customers, cards and standards."""


class DutyRefused(Exception):
    """Separation of duties forbids it. `code` is the duty's, `article` where it stands; names no person."""

    def __init__(self, duty: Duty, message: str, article: str) -> None:
        super().__init__(message)
        self.code = duty.value
        self.message = message
        self.article = article


def check(duty: Duty, *person_ids: UUID) -> None:
    """Raise DutyRefused when one person has two parts of a duty.

    The ids are those of persons, not of staff numbers or seats: one person with two staff numbers is one.
    They come in the order of `SEPARATIONS[duty].who`; another number of them is a ValueError.
    """
    separation = SEPARATIONS[duty]
    if len(person_ids) != len(separation.who):
        raise ValueError(f"{duty.name} is between {', '.join(separation.who)}; got {len(person_ids)} persons")
    if len(set(person_ids)) < len(person_ids):
        raise DutyRefused(duty, f"{separation.rule} Ask another person.", separation.article)


def incompatible(roles: Iterable[Role]) -> DutyRefused | None:
    """Why one person must not hold these roles together; None when he may.

    An administrator holds no business role; the three administrators exclude each other, so that who grants
    neither runs the machine nor keeps the trail; auditor, compliance and dpo only read, so they hold nothing else
    that writes.
    """
    held = frozenset(roles)
    administrators = held & ADMINISTRATORS
    watchers = held & WATCHERS
    business = held & BUSINESS_ROLES
    if len(administrators) > 1 or (administrators and (business or watchers)):
        return DutyRefused(
            Duty.SECURITY,
            f"'{min(administrators)}' excludes every other role: {_names(held - {min(administrators)})}. "
            "End one of them first.",
            "4.2",
        )
    if watchers and business:
        return DutyRefused(
            Duty.READ_ONLY,
            f"'{min(watchers)}' only reads, so it excludes {_names(business)}. End one of them first.",
            "4.2",
        )
    return None


def _names(roles: frozenset[Role]) -> str:
    return ", ".join(f"'{role}'" for role in sorted(roles))
