"""The customers: who they are, which branch owns them, which manager serves them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from examples.demo.cast import LIN, MOVED
from examples.demo.check_digits import Identities, mobile
from examples.demo.days import Window, some_day
from examples.demo.names import FOREIGNERS, draw_name, draw_work
from examples.demo.people import MOVED_ON, START, Staff
from examples.demo.places import CHENGDU, ROADS, Tree
from examples.demo.plans import Plan
from examples.demo.planted import NOBODY, Planted
from examples.demo.wealth import draw_plan
from models.vocabulary import Gender, HolderRole, IdentityKind, Level

PER_MANAGER = 150
"""Customers a full-time manager is given at most, when managers are counted out."""


@dataclass(frozen=True, slots=True)
class Client:
    """One customer: his row, his managers' rows, his plan, and whose first account he also holds."""

    number: str
    owner: str
    opened: dt.date
    plan: Plan
    row: tuple[object, ...]
    managers: tuple[tuple[str, str, str, str], ...]
    holds: tuple[str, HolderRole] | None


def weights(tree: Tree) -> list[str]:
    """The owners of a run of customers: Chengdu four, another tier-2 branch three, a sub-branch two."""
    wheel: list[str] = []
    for owner in tree.owners:
        share = 2 if tree.by_code[owner].level == Level.SUB_BRANCH else 3
        wheel += [owner] * (4 if owner == CHENGDU else share)
    return wheel


def managers_needed(tree: Tree, customers: int) -> dict[str, int]:
    """How many managers each centre needs: at least two, so that one can stand in for the other."""
    wheel = weights(tree)
    return {
        centre: max(2, -(-customers * wheel.count(owner) // (len(wheel) * PER_MANAGER)))
        for owner, centre in tree.centre_of.items()
    }


class Customers:
    """Draws customers one by one, planted ones first."""

    def __init__(
        self, rng: random.Random, identities: Identities, tree: Tree, staff: Staff, window: Window
    ) -> None:
        self._rng = rng
        self._identities = identities
        self._tree = tree
        self._window = window
        self._workers = {worker.number: worker for worker in staff.workers}
        self._teams = {owner: staff.managers_at(centre) for owner, centre in tree.centre_of.items()}
        self._given = dict.fromkeys(tree.owners, 0)
        self._last_of: dict[str, str] = {}
        self._drawn = 0

    def draw(self, count: int, planted: tuple[Planted, ...]) -> Iterator[Client]:
        """`count` customers in all. `count` must not be less than the planted ones."""
        numbers: dict[str, str] = {}
        for it in planted:
            client = self._planted(it, numbers)
            numbers[it.name] = client.number
            yield client
        wheel = weights(self._tree)
        self._rng.shuffle(wheel)
        for nth in range(count - len(planted)):
            yield self._ordinary(wheel[nth % len(wheel)])

    def _planted(self, it: Planted, numbers: dict[str, str]) -> Client:
        number = self._next_number()
        opened = it.plan.opened or dt.date(2012, 3, 1) + dt.timedelta(days=37 * self._drawn)
        if it.staff:
            worker = self._workers[it.staff]
            kind, identity, nation, birth = IdentityKind.RESIDENT_ID, worker.identity, "CHN", worker.birth
        else:
            birth = it.birth or some_day(self._rng.randrange(10**6), dt.date(1960, 1, 1), dt.date(1993, 1, 1))
            if it.identity:
                kind, identity, nation = it.identity
            else:
                kind, nation = IdentityKind.RESIDENT_ID, "CHN"
                identity = self._identities.draw(birth, it.male)
        row = (
            number, it.name, kind.value, identity, self._gender(it.male), birth.isoformat(), nation,
            mobile(self._drawn), self._address(it.owner), *draw_work(self._rng), it.owner, opened.isoformat(),
        )  # fmt: skip
        holds = (numbers[it.holds[0]], it.holds[1]) if it.holds else None
        managers = self._managers(number, it.owner, opened, it.manager)
        return Client(number, it.owner, opened, it.plan, row, managers, holds)

    def _ordinary(self, owner: str) -> Client:
        rng = self._rng
        number = self._next_number()
        plan = draw_plan(rng, self._window)
        male = bool(rng.randrange(2))
        birth = some_day(rng.randrange(10**6), dt.date(1945, 1, 1), dt.date(2004, 1, 1))
        adult = max(dt.date(2005, 1, 1), dt.date(birth.year + 18, 1, 1))
        opened = plan.opened or some_day(rng.randrange(10**6), adult, dt.date(2024, 12, 1))
        name, kind, identity, nation = self._document(birth, male)
        occupation, employer = draw_work(rng)
        row = (
            number, name, kind.value, identity, self._gender(male), birth.isoformat(), nation,
            self._sometimes(mobile(self._drawn)), self._sometimes(self._address(owner)),
            self._sometimes(occupation), self._sometimes(employer), owner, opened.isoformat(),
        )  # fmt: skip
        manager = NOBODY if rng.randrange(50) == 0 else ""
        managers = self._managers(number, owner, opened, manager)
        return Client(number, owner, opened, plan, row, managers, self._co_holding(number, owner, plan))

    def _next_number(self) -> str:
        self._drawn += 1
        return f"C{self._drawn:08d}"

    @staticmethod
    def _gender(male: bool) -> str:
        return (Gender.MALE if male else Gender.FEMALE).value

    def _sometimes(self, value: str) -> str:
        """The value, or nothing in one case of forty: archives are meant to have gaps."""
        return value if self._rng.randrange(40) else ""

    def _address(self, owner: str) -> str:
        number = self._rng.randrange(1, 400)
        return f"{self._tree.by_code[owner].address}{self._rng.choice(ROADS)}{number}号"

    def _document(self, birth: dt.date, male: bool) -> tuple[str, IdentityKind, str, str]:
        """Name, kind and number of the document, nationality."""
        draw = self._rng.randrange(100)
        if draw == 0:
            name, nation = self._rng.choice(FOREIGNERS)
            return name, IdentityKind.PASSPORT, f"P{self._drawn:08d}", nation
        name = draw_name(self._rng, male)
        if draw == 1:
            return name, IdentityKind.TRAVEL_PERMIT, f"H{self._drawn:08d}", "HKG"
        if draw == 2:
            return name, IdentityKind.MILITARY_ID, f"M{self._drawn:08d}", "CHN"
        return name, IdentityKind.RESIDENT_ID, self._identities.draw(birth, male), "CHN"

    def _co_holding(self, number: str, owner: str, plan: Plan) -> tuple[str, HolderRole] | None:
        """One in thirty shares the account of the branch's customer before him."""
        before = self._last_of.get(owner)
        if plan.deposits and plan.opened is None:
            self._last_of[owner] = number
        if before is None or self._rng.randrange(30):
            return None
        return before, HolderRole.DISPONENT if self._rng.randrange(5) < 2 else HolderRole.JOINT

    def _managers(
        self, number: str, owner: str, opened: dt.date, manager: str
    ) -> tuple[tuple[str, str, str, str], ...]:
        """Rows of manager_assignments.csv: whoever serves him now, and for a few whoever did before."""
        if manager == NOBODY:
            return ()
        team = self._teams[owner]
        now = manager or team[self._given[owner] % len(team)]
        self._given[owner] += 1
        start = max(opened.isoformat(), START)
        changed = MOVED_ON.isoformat()
        others = [it for it in team if it not in (now, MOVED)]
        if start >= changed or not others or (now != MOVED and self._rng.randrange(30)):
            return ((number, now, start, ""),)
        before = MOVED if now == LIN else self._rng.choice(others)
        return (number, before, start, changed), (number, now, changed, "")
