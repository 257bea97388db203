"""Separation of duties as refusals: nobody for himself, nobody alone, no roles that exclude each other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from authz import Role
from authz.duties import Duty, DutyRefused, check, incompatible
from models.errors import Refusal


class SelfGrant(Refusal):
    """A person is told from another by identity document, so a second staff number helps nobody."""

    code = "SELF_GRANT"
    article = "4.2"


class DutyBroken(Refusal):
    """One person in two parts of a duty, or roles that exclude each other. The code is the duty's."""

    def __init__(self, refused: DutyRefused) -> None:
        super().__init__(refused.message)
        self.code = refused.code
        self.article = refused.article


def not_himself(actor_person: UUID, beneficiary: UUID) -> None:
    """SELF_GRANT when both are one human being."""
    if actor_person == beneficiary:
        raise SelfGrant("Nobody changes his own rights. Ask another person who may.")


def apart(duty: Duty, *persons: UUID) -> None:
    """The parts of a duty are different persons. Refuses with the duty's own code."""
    try:
        check(duty, *persons)
    except DutyRefused as refused:
        raise DutyBroken(refused) from None


def together(roles: Iterable[Role]) -> None:
    """One person may hold these roles at once. Refuses SECURITY_WITH_BUSINESS or ROLE_READS_ONLY."""
    refused = incompatible(roles)
    if refused is not None:
        raise DutyBroken(refused)
