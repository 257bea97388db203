"""The staff of the demo bank: every role at the places where it belongs, and who supervises whom."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from authz.words import Role
from examples.demo.cast import CARD_STAFF, CAST, EXTRAS, MOVED, CastMember
from examples.demo.check_digits import Identities, mobile
from examples.demo.days import some_day
from examples.demo.names import draw_name
from examples.demo.places import CHENGDU, Place, Tree
from models.vocabulary import Department, IdentityKind, Level

START = "2020-01-01"
MOVED_ON = dt.date(2025, 4, 1)
"""The day the moved manager left the Chengdu centre for another."""

_Post = tuple[Role, Department]
_PB, _OPS = Department.PERSONAL_BANKING, Department.OPERATIONS
_LAW, _IT = Department.LEGAL_COMPLIANCE, Department.TECHNOLOGY
_CARDS, _WEALTH = Department.BANK_CARDS, Department.WEALTH_CENTRE
_AUDIT = Department.INTERNAL_AUDIT

_BRANCH: tuple[_Post, ...] = (
    (Role.FILING_RECORDER, _PB),
    (Role.COMPLAINT_OFFICER, _OPS),
    (Role.LEGAL_LIAISON, _LAW),
    (Role.LEGAL_APPROVER, _LAW),
    (Role.CARD_CUSTODIAN, _CARDS),
    (Role.CARD_SUPERVISOR, _CARDS),
)


def _partners(*departments: Department) -> tuple[_Post, ...]:
    return tuple((role, it) for it in departments for role in (Role.PARTNER_STAFF, Role.PARTNER_HEAD))


POSTS: dict[Level, tuple[_Post, ...]] = {
    Level.HEAD_OFFICE: (
        *_BRANCH,
        (Role.HQ_POLICY, _PB),
        (Role.HQ_POLICY_APPR, _PB),
        (Role.COMPLIANCE, _LAW),
        (Role.DPO, _LAW),
        (Role.AUDITOR, _AUDIT),
        (Role.SYS_ADMIN, _IT),
        (Role.SEC_ADMIN, _IT),
        (Role.LOG_ADMIN, _IT),
        *_partners(Department.BANK_CARDS, Department.E_BANKING),
    ),
    Level.TIER1: (
        *_BRANCH,
        (Role.PB_OFFICER, _PB),
        (Role.EXC_APPROVER, _PB),
        (Role.COMPLIANCE, _LAW),
        (Role.AUDITOR, _AUDIT),
        *_partners(Department.PERSONAL_CREDIT, Department.INTERNATIONAL),
    ),
    Level.TIER2: (*_BRANCH, (Role.PB_OFFICER, _PB), *_partners(Department.PERSONAL_CREDIT)),
    Level.SUB_BRANCH: ((Role.COMPLAINT_OFFICER, _OPS),),
    Level.OUTLET: ((Role.TELLER, _OPS), (Role.TELLER, _OPS)),
}
CENTRE_POSTS: tuple[_Post, ...] = (
    (Role.WC_HEAD, _WEALTH),
    (Role.ARCHIVE_KEEPER, _WEALTH),
    (Role.CARD_CUSTODIAN, _WEALTH),
    (Role.CARD_SUPERVISOR, _WEALTH),
)
SUPERVISES: dict[Role, tuple[Role, ...]] = {
    Role.CARD_SUPERVISOR: (Role.CARD_CUSTODIAN,),
    Role.WC_HEAD: (Role.CUST_MGR, Role.ARCHIVE_KEEPER, Role.CARD_SUPERVISOR),
    Role.LEGAL_APPROVER: (Role.LEGAL_LIAISON,),
    Role.PARTNER_HEAD: (Role.PARTNER_STAFF,),
    Role.HQ_POLICY_APPR: (Role.HQ_POLICY,),
}


@dataclass(frozen=True, slots=True)
class Worker:
    """A person in a post."""

    number: str
    name: str
    identity: str
    birth: dt.date
    mobile: str
    role: Role
    department: Department
    place: str
    full_time: bool


class Staff:
    """Fills every post, first with the cast, then with people made up."""

    def __init__(
        self, rng: random.Random, identities: Identities, tree: Tree, managers: dict[str, int]
    ) -> None:
        """`managers` says how many full-time customer managers each centre needs.

        The card staff joined a bank that was drawn already, so they leave the draws of all others as they were.
        """
        self._rng = rng
        self._identities = identities
        self._cast = [*CAST, *EXTRAS, *CARD_STAFF]
        self.workers: list[Worker] = []
        for place in tree.places:
            for role, department in self._posts(place, managers):
                self.workers.append(self._hire(place, role, department))
        self.workers += [self._sign_on(member) for member in self._cast if member not in CARD_STAFF]
        drawn = rng.getstate()
        self.workers += [self._sign_on(member) for member in self._cast if member in CARD_STAFF]
        rng.setstate(drawn)

    @staticmethod
    def _posts(place: Place, managers: dict[str, int]) -> tuple[_Post, ...]:
        if place.is_centre:
            return (*CENTRE_POSTS, *(((Role.CUST_MGR, _WEALTH),) * managers[place.code]))
        return POSTS[place.level]

    def _hire(self, place: Place, role: Role, department: Department) -> Worker:
        seat = (place.code, role, department, True)
        found = [it for it in self._cast if (it.place, it.role, it.department, it.full_time) == seat]
        if found:
            self._cast.remove(found[0])
        if found and found[0] not in CARD_STAFF:
            return self._sign_on(found[0])
        serial = len(self.workers) + 1
        male = bool(self._rng.randrange(2))
        person = draw_name(self._rng, male)
        if found:
            # What is drawn for the one made up is drawn all the same: everybody else stays who he was.
            return self._sign_on(found[0])
        return self._worker(f"S2{serial:05d}", person, male, role, department, place.code, True)

    def _sign_on(self, member: CastMember) -> Worker:
        number, role, _, name, male, place, department, full_time = member
        return self._worker(number, name, male, role, department, place, full_time)

    def _worker(
        self,
        number: str,
        name: str,
        male: bool,
        role: Role,
        department: Department,
        place: str,
        full_time: bool,
    ) -> Worker:
        birth = some_day(self._rng.randrange(10**6), dt.date(1968, 1, 1), dt.date(1997, 1, 1))
        identity = self._identities.draw(birth, male)
        phone = mobile(90_000_000 + len(self.workers))
        return Worker(number, name, identity, birth, phone, role, department, place, full_time)

    def managers_at(self, centre: str) -> list[str]:
        """Staff numbers of the full-time customer managers of a centre (Art. 9)."""
        return [
            it.number
            for it in self.workers
            if it.place == centre and it.role == Role.CUST_MGR and it.full_time
        ]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Rows of staff.csv."""
        for it in self.workers:
            yield it.number, it.name, IdentityKind.RESIDENT_ID.value, it.identity, it.mobile

    def assignment_rows(self) -> Iterator[tuple[str, ...]]:
        """Rows of assignments.csv: one post each, and the former post of the manager who moved."""
        for it in self.workers:
            held = (it.number, it.role.value)
            terms = (it.department.value, "true" if it.full_time else "false")
            start = START
            if it.number == MOVED:
                start = MOVED_ON.isoformat()
                yield *held, f"{CHENGDU}W", *terms, START, start
            yield *held, it.place, *terms, start, ""

    def supervision_rows(self) -> Iterator[tuple[str, ...]]:
        """Rows of supervision_lines.csv. A supervisor's line stays within his institution and department."""
        seats: dict[tuple[str, Department, Role], list[str]] = {}
        for it in self.workers:
            seats.setdefault((it.place, it.department, it.role), []).append(it.number)
        for (place, department, role), supervisors in seats.items():
            for below in SUPERVISES.get(role, ()):
                for person in seats.get((place, department, below), []):
                    start = MOVED_ON.isoformat() if person == MOVED else START
                    yield supervisors[0], person, start, ""
