"""Law in the making, told step by step on the small bank: who drafts, submits, approves and returns, by name.

Beside the cast, Sichuan has the policy officer Ren (Deng approves there); Jiangsu has Jin and the approver Jun.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from authz import Policy, Role
from desk import rules, standards
from desk.desk import Desk
from desk.standards import campaigns, indicators
from models.campaigns import Campaign
from models.indicators import Indicator
from models.law import Law
from models.people import Assignment, Staff
from models.rules import ImplementingRule
from models.standards import Standard
from models.vocabulary import CriterionKind, Department, Tier
from tests.cast import START, Cast, staff_member
from tests.digest import refused

OFFICERS = (
    ("ren", "任仁", Role.PB_OFFICER, "SC"),
    ("jin", "金晶", Role.PB_OFFICER, "JS"),
    ("jun", "钧天", Role.EXC_APPROVER, "JS"),
)
Act = Callable[..., Awaitable[Any]]
ACTS: dict[type[Law], tuple[str, Act, Act, Act]] = {
    Standard: (
        "standard_id",
        standards.submit_standard,
        standards.approve_standard,
        standards.return_standard,
    ),
    Campaign: (
        "campaign_id",
        campaigns.submit_campaign,
        campaigns.approve_campaign,
        campaigns.return_campaign,
    ),
    Indicator: (
        "indicator_id",
        indicators.submit_indicator,
        indicators.approve_indicator,
        indicators.return_indicator,
    ),
    ImplementingRule: (
        "implementing_rule_id",
        rules.submit_implementing_rule,
        rules.approve_implementing_rule,
        rules.return_implementing_rule,
    ),
}
WRITERS = {Standard: "officer", Campaign: "officer", Indicator: "ren", ImplementingRule: "ren"}
APPROVERS = {Standard: "approver", Campaign: "approver", Indicator: "approver", ImplementingRule: "deng"}


@dataclass(slots=True)
class Laws:
    """`bank` is the named cast. Acts take the person by name and fill in what an ordinary text says."""

    bank: Cast
    policy: Policy

    @classmethod
    async def of(cls, bank: Cast, policy: Policy) -> Laws:
        for key, name, role, place in OFFICERS:
            bank.staff[key] = await staff_member(key, name)
            await Assignment.create(
                staff=bank.staff[key],
                role=role,
                institution=bank.places[place],
                department=Department.PERSONAL_BANKING,
                full_time=True,
                valid_from=START,
                recorded_at=START,
            )
        return cls(bank, policy)

    async def desk(self, who: str, now: dt.datetime | None = None) -> Desk:
        return await Desk.take(self.policy, self.bank.staff[who].id, now or self.bank.now)

    async def standard(self, who: str = "officer", **said: Any) -> Standard:
        """The next version of MEASURES, unless told otherwise."""
        told = {
            "code": "MEASURES",
            "name": "总行级标准",
            "currency": "CNY",
            "thresholds": {CriterionKind.AVERAGE_SAVINGS: "700000.00"},
            "effective_from": dt.date(2026, 12, 1),
            "source": "circular 12",
        }
        return await standards.draft_standard(await self.desk(who), **told | said)

    async def branch_standard(self, who: str = "ren", owner: str = "SC", **said: Any) -> Standard:
        told = {
            "code": "SICHUAN",
            "tier": Tier.BRANCH,
            "owner_id": self.bank.places[owner].id,
            "thresholds": {CriterionKind.AVERAGE_SAVINGS: "100000.00"},
            "effective_from": dt.date(2026, 1, 1),
        }
        return await self.standard(who, **told | said)

    async def campaign(self, who: str = "officer", **said: Any) -> Campaign:
        told = {
            "code": "AUTUMN",
            "name": "金秋活动",
            "standard_code": "MEASURES",
            "thresholds": {CriterionKind.AVERAGE_SAVINGS: "300000.00"},
            "effective_from": dt.date(2026, 11, 1),
            "effective_to": dt.date(2026, 11, 30),
            "reason": "全行营销活动",
        }
        return await campaigns.draft_campaign(await self.desk(who), **told | said)

    async def indicator(self, who: str = "ren", owner: str = "SC", **said: Any) -> Indicator:
        told = {
            "owner_id": self.bank.places[owner].id,
            "code": "SC_FUNDS",
            "name": "基金持有量",
            "currency": "CNY",
            "threshold": "200000.00",
            "effective_from": dt.date(2026, 11, 1),
            "reason": "many customers hold funds",
        }
        return await indicators.propose_indicator(await self.desk(who), **told | said)

    async def rule(self, who: str = "ren", owner: str = "SC", **said: Any) -> ImplementingRule:
        told = {
            "owner_id": self.bank.places[owner].id,
            "title": "四川省分行实施细则",
            "document": "川建银〔2026〕12号",
            "effective_from": dt.date(2026, 11, 1),
        }
        return await rules.draft_implementing_rule(await self.desk(who), **told | said)

    async def submit(self, law: Law, who: str = "", **said: Any) -> Any:
        named, act, _, _ = ACTS[type(law)]
        return await act(await self.desk(who or WRITERS[type(law)]), **{named: law.id}, **said)

    async def approve(self, law: Law, who: str = "", **said: Any) -> Any:
        named, _, act, _ = ACTS[type(law)]
        return await act(await self.desk(who or APPROVERS[type(law)]), **{named: law.id}, **said)

    async def give_back(self, law: Law, who: str = "", reason: str = "the amount", **said: Any) -> Any:
        named, _, _, act = ACTS[type(law)]
        return await act(
            await self.desk(who or APPROVERS[type(law)]), **{named: law.id, "reason": reason}, **said
        )

    async def passed(self, law: Law, *, writer: str = "", approver: str = "") -> Any:
        """Submitted and approved."""
        await self.submit(law, writer)
        return await self.approve(law, approver)


async def walk(laws: Laws, law: Law, writer: str, approver: str, others: tuple[str, ...]) -> None:
    """From draft to law, with every wrong turn on the way; what is refused changes nothing."""

    async def no(code: str, act: Act, who: str, **said: Any) -> None:
        async with refused(code, await laws.desk(who)):
            await act(law, who, **said)

    assert (law.state, law.drafted_by_id) == ("DRAFT", laws.bank.staff[writer].id)
    for who in (approver, *others):
        await no("FORBIDDEN", laws.submit, who)
    await no("WRONG_STATE", laws.approve, approver)
    await no("WRONG_STATE", laws.give_back, approver)

    submitted = await laws.submit(law, writer)
    assert (submitted.state, submitted.submitted_at) == ("SUBMITTED", laws.bank.now)
    await no("WRONG_STATE", laws.submit, writer)
    for who in (writer, *others):
        await no("FORBIDDEN", laws.approve, who)
        await no("FORBIDDEN", laws.give_back, who)
    for reason in ("", " \n"):
        await no("RETURN_REASON_REQUIRED", laws.give_back, approver, reason=reason)
    await no("BAD_USER_INPUT", laws.give_back, approver, reason="x" * 401)

    himself = Staff.filter(id=laws.bank.staff[approver].id)
    await himself.update(person_id=laws.bank.staff[writer].person_id)
    await no("STANDARD_BY_WRITER", laws.approve, approver)
    await no("STANDARD_BY_WRITER", laws.give_back, approver)
    await himself.update(person_id=laws.bank.staff[approver].person_id)

    approved = await laws.approve(law, approver)
    assert (approved.state, approved.approved_at) == ("APPROVED", laws.bank.now)
    assert approved.approved_by_id == laws.bank.staff[approver].id
    await no("WRONG_STATE", laws.approve, approver)
    await no("WRONG_STATE", laws.give_back, approver)
    await no("WRONG_STATE", laws.submit, writer)


async def walk_back(laws: Laws, law: Law, writer: str, approver: str) -> None:
    """Returned with a reason: it stays as it is, for good."""
    await laws.submit(law, writer)
    back = await laws.give_back(law, approver, reason=" write it clearly ")
    assert (back.state, back.return_reason, back.approved_at) == ("RETURNED", "write it clearly", None)
    for act, who in ((laws.submit, writer), (laws.approve, approver), (laws.give_back, approver)):
        async with refused("WRONG_STATE", await laws.desk(who)):
            await act(law, who)
