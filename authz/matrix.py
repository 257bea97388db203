"""The matrix: what a policy gives each role, as a text that a reviewer reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from authz.policy import Policy
from authz.words import (
    CELL_ACTIONS,
    ORDINARY,
    Action,
    Actor,
    Basis,
    BasisGrant,
    DataClass,
    Facts,
    Kind,
    ReasonCode,
    Role,
    Seat,
    Visibility,
)

ME, COLLEAGUE, STRANGER, CUSTOMER = (UUID(int=n) for n in range(1, 5))
HERE, LOOK_ALIKE = "/1/12/", "/1/120/"

# relation -> (the row, the bases tried, the basis held, is it a relative's file)
RELATIONS: dict[str, tuple[Facts, frozenset[Basis], Basis | None, bool]] = {
    "assigned": (Facts(HERE, CUSTOMER, frozenset({ME})), ORDINARY, None, False),
    "deputy": (Facts(HERE, CUSTOMER, frozenset({COLLEAGUE})), ORDINARY, None, False),
    "own": (Facts(HERE, CUSTOMER, frozenset({STRANGER})), ORDINARY, None, False),
    "recused": (Facts(HERE, CUSTOMER, frozenset({ME})), ORDINARY, None, True),
    "parent": (Facts("/1/", CUSTOMER), ORDINARY, None, False),
    "child": (Facts("/1/12/3/", CUSTOMER), ORDINARY, None, False),
    "sibling": (Facts(LOOK_ALIKE, CUSTOMER), ORDINARY, None, False),
    "other": (Facts("/2/5/", CUSTOMER), ORDINARY, None, False),
    "filing": (Facts("/1/12/3/", CUSTOMER), frozenset({Basis.FILING}), Basis.FILING, False),
    "case": (Facts("/2/5/", CUSTOMER), frozenset({Basis.CASE}), Basis.CASE, False),
    "consent": (Facts("/2/5/", CUSTOMER), frozenset({Basis.CONSENT}), Basis.CONSENT, False),
    "law": (Facts("/2/5/", CUSTOMER), frozenset({Basis.LAW}), Basis.LAW, False),
}

SHORT = {
    None: "",
    ReasonCode.RECUSED: "recused",
    ReasonCode.PURPOSE_REQUIRED: "purpose",
    ReasonCode.NOT_ASSIGNED: "assign",
    ReasonCode.BASIS_REQUIRED: "basis",
    ReasonCode.OTHER_BRANCH: "branch",
    ReasonCode.AGGREGATES_ONLY: "totals",
    ReasonCode.ROLE_WITHOUT_ACCESS: "role",
}
SIGN = {Visibility.VISIBLE: "shown", Visibility.MASKED: "m:", Visibility.WITHHELD: "-:"}

HEAD = f"""\
What the policy gives, by role. Written by `make accept`; the diff is the review.

Every role sits at {HERE}. Columns: how the row stands to the seat.
  assigned   of the seat's branch, and the person is its manager
  deputy     of the seat's branch, and the person stands in for its manager
  own        of the seat's branch, another's customer
  recused    as assigned, but the person's own or a relative's file
  parent, child, sibling, other   of the branch above /1/, below {HERE}3/, beside {LOOK_ALIKE}, elsewhere /2/5/
  filing, case, consent, law      reached by that authority only, at a place below (filing) or elsewhere
`yes` allowed, `.` refused. An action that a role has nowhere, or only as everybody has it, is not listed.
Cells of a customer: shown, m: masked, -: withheld, with the reason; empty: the row does not exist for him.
A second line, marked +, where a purpose given changes the answer.
"""


def actor(role: Role | None, basis: Basis | None, recused: bool) -> Actor:
    """Who stands in a relation to a row: at HERE in this role, standing in for COLLEAGUE."""
    return Actor(
        ME,
        UUID(int=9),
        (Seat(role, HERE, UUID(int=8)),) if role else (),
        frozenset({COLLEAGUE}),
        (BasisGrant(basis, UUID(int=7), CUSTOMER),) if basis else (),
        frozenset({CUSTOMER}) if recused else frozenset(),
    )


def decisions(policy: Policy, role: Role | None) -> Iterator[str]:
    """One line for every kind, class and action that the role has somewhere and not everybody has."""
    refused = asked = common = 0
    for kind in Kind:
        for act in Action:
            for cls in DataClass if act in CELL_ACTIONS else (None,):
                cells = []
                for row, bases, basis, recused in RELATIONS.values():
                    who = actor(role, basis, recused)
                    cells.append(policy.allows(who, kind, cls or DataClass.PUBLIC, act, row, bases))
                asked += 1
                if not any(cells):
                    refused += 1
                    continue
                if (
                    role
                    and all(cells)
                    and policy.reach(actor(None, None, False), kind, cls or DataClass.PUBLIC, act).everything
                ):
                    common += 1
                    continue
                marks = "".join(f"{'yes' if cell else '.':<9}" for cell in cells)
                yield f"  {kind:<14}{cls or '':<14}{act:<16}{marks}".rstrip()
    yield f"  of {asked} actions {refused} refused everywhere" + (
        f", {common} as for everybody" if role else ""
    )


def customer_cells(policy: Policy, role: Role | None) -> Iterator[str]:
    """What each class of a customer looks like from each relation."""
    for cls in DataClass:
        lines = []
        for purpose in (False, True):
            cells = []
            for row, bases, basis, recused in RELATIONS.values():
                who = actor(role, basis, recused)
                exists = policy.rows_reach(who, Kind.CUSTOMER, bases).covers(row)
                seen, why, _ = policy.reason(who, Kind.CUSTOMER, cls, row, bases, purpose)
                cells.append(SIGN[seen] + SHORT[why] if exists else "")
            lines.append("".join(f"{cell:<11}" for cell in cells).rstrip())
        if lines[0]:
            yield f"  {cls:<14}{'':<2}{lines[0]}"
            if lines[1] != lines[0]:
                yield f"  {'':<14}{'+':<2}{lines[1]}"


def matrix(policy: Policy, roles: Iterable[Role | None] = (None, *Role)) -> str:
    """The text, with a section for each of these roles. None: who is signed in and holds no role."""
    out = [HEAD]
    for role in roles:
        out.append(f"== {role or 'nobody: signed in, without a seat'}")
        out.append(f"  {'':<44}" + "".join(f"{relation:<9}" for relation in RELATIONS).rstrip())
        out += decisions(policy, role)
        cells = list(customer_cells(policy, role))
        if cells:
            out.append(f"  {'cells':<16}" + "".join(f"{relation:<11}" for relation in RELATIONS).rstrip())
            out += cells
        else:
            out.append("  no customer exists for this role")
        out.append("")
    return "\n".join(out)
