"""The desk: a person at work. Every row is reached, and every act is permitted, through a `Desk`."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from tortoise.models import Model
from tortoise.transactions import in_transaction

from authz import Action, Actor, DataClass, Facts, Kind, Policy
from desk import receipts
from desk.actors import HOUSE_ID, Sitter, sit
from desk.clock import business_day
from desk.dialect import Statement, connection, fetch, is_postgres
from desk.errors import Forbidden, NotFound, Stale, Unauthenticated
from desk.gate.plain import answer_of
from desk.gate.plans import Plan, plan_of, run
from desk.gate.predicates import Predicates
from desk.gate.view import View
from desk.selection import Answer, Selection
from desk.sights import BY_MODEL, SIGHTS
from desk.trail import REFUSE, Entry, Record, insert, of_release, record_of
from models.errors import Refusal
from models.institutions import House

M = TypeVar("M", bound=Model)
T = TypeVar("T")
LOOKS = 3
"""How often a read is begun again when rights change under it, before it is given up."""


async def adopt(policy: Policy) -> None:
    """Put a policy in force for the house. From then on a view made under another one sees nothing."""
    await (
        House.filter(id=HOUSE_ID).exclude(policy_version=policy.version).update(policy_version=policy.version)
    )


@dataclass(slots=True)
class Desk:
    """One person, one moment, one session. Made for each request by `Desk.take`; not shared, not kept."""

    policy: Policy
    sitter: Sitter
    now: dt.datetime
    session_id: UUID | None = None
    operation: str = ""
    in_act: bool = field(default=False)

    @classmethod
    async def take(
        cls, policy: Policy, staff_id: UUID, now: dt.datetime, *, session_id: UUID | None = None
    ) -> Desk:
        """Sit a person down with the rights he has at `now`. Unauthenticated when he may not work here."""
        return cls(policy, await sit(staff_id, now), now, session_id)

    @property
    def actor(self) -> Actor:
        return self.sitter.actor

    @property
    def staff_id(self) -> UUID:
        return self.sitter.actor.staff_id

    @property
    def today(self) -> dt.date:
        """The business day, in Asia/Shanghai."""
        return business_day(self.now)

    def view(self) -> View:
        return View(self.policy, self.sitter, self.actor, self.now, self.session_id)

    async def read(self, selection: Selection) -> Answer:
        """Rows in the desk's own shape, by the same gate as `answer`."""
        plan, values = plan_of(selection)
        text = await self.answer(plan, values)
        assert text is not None  # a list is always there
        return answer_of(selection, text)

    async def answer(self, plan: Plan, values: Sequence[Sequence[Any]]) -> str | None:
        """The only way to rows, in one statement: rows by reach, cells by class, the JSON as the plan shapes it.

        None where the one row that was asked is absent or invisible. A receipt is committed before anything
        confidential leaves. FilterRefused and BadCursor when the question asks what it may not; refusals leave a
        record too.
        """
        try:
            return await self.look_again(lambda: self._answer(plan, values))
        except Refusal as refusal:
            await self.refuse(plan.selection.table, refusal.code)
            raise

    async def _answer(self, plan: Plan, values: Sequence[Sequence[Any]]) -> str | None:
        text, release = await run(plan, self.view(), values)
        if release.confidential:
            query = hashlib.sha256(f"{plan.told} {values!r}".encode()).hexdigest()
            entry = of_release(self.operation or "read", plan.selection.table, release, query)
            await receipts.file(self._record_of(entry))
        return text

    async def look_again(self, look: Callable[[], Awaitable[T]]) -> T:
        """Do something that the fence may stop; sit down anew and repeat when it does."""
        for _ in range(LOOKS):
            try:
                if self.sitter.valid_until is not None and self.now >= self.sitter.valid_until:
                    raise Stale
                return await look()
            except Stale:
                if self.session_id is not None and not await self._session_lives():
                    raise Unauthenticated from None
                await self._sit_anew()
                if self.sitter.policy_version != self.policy.version:
                    raise PolicyChanged from None
        raise Forbidden("Your rights are being changed at this moment. Try again.")

    async def _sit_anew(self) -> None:
        """With the rights he has now. A change that was recorded after this desk was taken moves its clock on:
        at the old moment he would still hold what has ended since."""
        self.sitter = await sit(self.staff_id, self.now)
        changed = self.sitter.changed_at
        if changed is not None and changed > self.now:
            self.now = changed
            self.sitter = await sit(self.staff_id, self.now)

    async def _session_lives(self) -> bool:
        s = Statement(is_postgres())
        rows = await fetch(
            s,
            f"SELECT 1 AS lives FROM session WHERE id = {s.bind(self.session_id)} AND ended_at IS NULL"
            f" AND {s.bind(self.now)} < expires_at",
        )
        return bool(rows)

    async def open(
        self,
        table: type[M],
        id: UUID,
        action: Action = Action.READ,
        *,
        kind: Kind | None = None,
        lock: bool = False,
    ) -> M:
        """One row, for one act. NotFound when it is absent or invisible; Forbidden when visible but not yours.

        `kind` names what the act is done to when that is not the table itself (a customer's registration).
        """
        sight = SIGHTS[BY_MODEL[table]]
        s = Statement(is_postgres())
        view = self.view()
        exists = Predicates(s, sight, self.now).reach(self.policy.rows_reach(self.actor, sight.kind))
        may = EVERY_READ if action is Action.READ else self._may(s, table, action, kind)
        current = "".join(f" AND {condition}" for condition in (sight.current, sight.alive) if condition)
        rows = await fetch(
            s,
            f"WITH g AS (SELECT 1 AS open WHERE {view.fence(s)}), q AS (SELECT t.id AS id,"
            f" CASE WHEN {may} THEN 1 ELSE 0 END AS may FROM {BY_MODEL[table]} t {sight.joins}"
            f" WHERE t.id = {s.bind(id)} AND {exists}{current}) SELECT g.open, q.id, q.may FROM g LEFT JOIN q ON 1 = 1",
        )
        if not rows:
            raise Stale
        if rows[0]["id"] is None:
            raise NotFound
        if not rows[0]["may"]:
            raise Forbidden
        query = table.filter(pk=id)
        found = await (query.select_for_update() if lock else query).first()
        if found is None:
            raise NotFound
        return found

    def _may(self, s: Statement, table: type[Model], action: Action, kind: Kind | None) -> str:
        sight = SIGHTS[BY_MODEL[table]]
        wanted = self.policy.reach(self.actor, kind or sight.kind, DataClass.PUBLIC, action)
        path = sight.act_path if kind is None else None
        return Predicates(s, sight, self.now, path=path).reach(wanted)

    def require(self, action: Action, kind: Kind, facts: Facts) -> None:
        """Permission for an act on something that is not a row yet, or whose facts are in hand."""
        if not self.policy.allows(self.actor, kind, DataClass.PUBLIC, action, facts):
            raise Forbidden

    def may_somewhere(self, action: Action, kind: Kind) -> bool:
        """Whether the person may do this to some row at all, for menus and jobs."""
        return not self.policy.reach(self.actor, kind, DataClass.PUBLIC, action).nothing

    async def record(self, entry: Entry) -> None:
        """One record in the current transaction."""
        await insert(connection(), (self._record_of(entry),))

    def _record_of(self, entry: Entry) -> Record:
        return record_of(
            entry,
            sitter=self.sitter,
            session_id=self.session_id,
            now=self.now,
            policy_version=self.policy.version,
        )

    async def refuse(
        self, resource: str, code: str, *, object_id: UUID | None = None, operation: str = ""
    ) -> None:
        """Record a refusal, after whatever was refused has been rolled back (decisions.md 18).

        Unauthenticated, and no record, when the session is over: nobody is refused in the name of who has gone.
        """
        if self.session_id is not None and not self.in_act and not await self._session_lives():
            raise Unauthenticated
        async with in_transaction():
            await self.record(
                Entry(operation or self.operation or "read", REFUSE, resource, code=code, object_id=object_id)
            )

    async def must_be_fresh(self) -> None:
        """Inside a transaction: nothing of this person's rights has changed, and nothing will until it ends."""
        s = Statement(is_postgres())
        share = " FOR SHARE" if s.postgres else ""
        view = self.view()
        if s.postgres:
            await fetch(s, f"SELECT f.id FROM staff f WHERE f.id = {s.bind(self.staff_id)}{share}")
            s = Statement(True)
        rows = await fetch(s, f"SELECT 1 AS open WHERE {view.fence(s)}")
        if not rows:
            raise Stale

    def working_on(self, operation: str) -> Desk:
        return replace(self, operation=operation)


class PolicyChanged(Exception):
    """Another policy version is in force than the one this worker holds; the worker must load it."""

    code = "POLICY_CHANGED"
    public = True
    message = "The policy has just changed. Try again."


EVERY_READ = "(1 = 1)"
