"""Which role is held where (domain.md 4.1). A role at the wrong level would reach more than its table says."""

from __future__ import annotations

from authz import Role
from models.errors import Refusal
from models.institutions import Institution
from models.vocabulary import InstitutionKind, Level


class RoleNotHere(Refusal):
    code = "ROLE_NOT_HERE"
    article = "4.1"


_HQ = frozenset({Level.HEAD_OFFICE})
_HQ_OR_TIER1 = _HQ | {Level.TIER1}
_TO_TIER2 = _HQ_OR_TIER1 | {Level.TIER2}
_BRANCHES = _TO_TIER2 | {Level.SUB_BRANCH}
_CENTRE = frozenset({InstitutionKind.WEALTH_CENTRE})
_ANYWHERE = _BRANCHES | {Level.OUTLET} | _CENTRE

PLACES: dict[Role, frozenset[Level | InstitutionKind]] = {
    Role.ARCHIVE_KEEPER: _CENTRE,
    Role.AUDITOR: _HQ_OR_TIER1,
    Role.CARD_CUSTODIAN: _ANYWHERE,
    Role.CARD_SUPERVISOR: _ANYWHERE,
    Role.COMPLAINT_OFFICER: _BRANCHES,
    Role.COMPLIANCE: _HQ_OR_TIER1,
    Role.CUST_MGR: _CENTRE | {Level.OUTLET},
    Role.DPO: _HQ,
    Role.EXC_APPROVER: frozenset({Level.TIER1}),
    Role.FILING_RECORDER: _TO_TIER2,
    Role.HQ_POLICY: _HQ,
    Role.HQ_POLICY_APPR: _HQ,
    Role.LEGAL_APPROVER: _BRANCHES,
    Role.LEGAL_LIAISON: _BRANCHES,
    # Administrators reach the whole house, whatever their place; so their place is head office.
    Role.LOG_ADMIN: _HQ,
    Role.PARTNER_HEAD: _TO_TIER2,
    Role.PARTNER_STAFF: _TO_TIER2,
    Role.PB_OFFICER: frozenset({Level.TIER1, Level.TIER2}),
    Role.SEC_ADMIN: _HQ,
    Role.SYS_ADMIN: _HQ,
    # A counter may stand in the hall of a branch that has no outlet beside it.
    Role.TELLER: frozenset({Level.TIER2, Level.SUB_BRANCH, Level.OUTLET}),
    Role.WC_HEAD: _CENTRE,
}


def belongs(role: Role, place: Institution) -> bool:
    """Is this role held at such a place?"""
    centre = place.kind == InstitutionKind.WEALTH_CENTRE
    return (InstitutionKind.WEALTH_CENTRE if centre else Level(place.level)) in PLACES[role]


def must_belong(role: Role, place: Institution) -> None:
    """ROLE_NOT_HERE when the role is not held at such a place."""
    if not belongs(role, place):
        places = ", ".join(sorted(PLACES[role]))
        raise RoleNotHere(
            f"'{role}' is not a role of {place.name}. It is held at: {places}.", field="institutionId"
        )
