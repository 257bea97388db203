"""The life of a membership after its beginning, told step by step: Han suspends, Wu cancels, Lin renews and Bai records."""

from __future__ import annotations

import datetime as dt
from typing import Any

from desk.invitations import answer_invitation, invite
from desk.membership import withdraw_membership
from desk.membership.renewals import begin_review, expire_membership
from desk.membership.standing import cancel_membership, record_death, resume_membership, suspend_membership
from models.history import MembershipEvent
from models.invitations import Invitation
from models.membership import Membership
from models.standards import Evaluation, Standard
from models.terms import SHANGHAI, review_from
from models.vocabulary import CancellationCause
from tests.story import Story

DAY = dt.timedelta(days=1)
ARREARS = CancellationCause.LOAN_ARREARS


def on(story: Story, day: dt.date, at: str = "10:00:00") -> None:
    """From now on it is this moment in Shanghai."""
    moment = dt.datetime.combine(day, dt.time.fromisoformat(at), SHANGHAI)
    story.bank.now = moment.astimezone(dt.UTC)


async def ask_him(story: Story, who: str = "lin", customer: str = "zhou", **said: Any) -> Invitation:
    told = {"customer_id": story.bank.customers[customer].id, "channel": "at the counter"}
    return await invite(await story.desk(who), **told | said)


async def answer(
    story: Story, invitation: Invitation, accepted: bool, who: str = "lin", **said: Any
) -> Invitation:
    told = {"words": "" if accepted else "not interested"}
    desk = await story.desk(who)
    return await answer_invitation(desk, invitation_id=invitation.id, accepted=accepted, **told | said)


async def suspend(story: Story, membership: Membership, who: str = "han", **said: Any) -> Membership:
    told = {"cause": ARREARS, "reason": "three instalments unpaid"}
    return await suspend_membership(await story.desk(who), membership_id=membership.id, **told | said)


async def resume(story: Story, membership: Membership, who: str = "han", **said: Any) -> Membership:
    told = {"reason": "paid up"}
    return await resume_membership(await story.desk(who), membership_id=membership.id, **told | said)


async def cancel(story: Story, membership: Membership, who: str = "wu", **said: Any) -> Membership:
    told = {"cause": ARREARS, "reason": "judgment of the court"}
    return await cancel_membership(await story.desk(who), membership_id=membership.id, **told | said)


async def death(story: Story, membership: Membership, who: str = "lin", **said: Any) -> Membership:
    told = {"died_on": (await story.desk(who)).today, "document": "death certificate 7, binder 9"}
    return await record_death(await story.desk(who), membership_id=membership.id, **told | said)


async def withdraw(story: Story, membership: Membership, who: str = "lin") -> Membership:
    return await withdraw_membership(await story.desk(who), membership_id=membership.id, reason="moving away")


async def review(story: Story, membership: Membership, who: str = "lin", **said: Any) -> Membership:
    return await begin_review(await story.desk(who), membership_id=membership.id, **said)


async def expire(story: Story, membership: Membership, who: str = "lin", **said: Any) -> Membership:
    return await expire_membership(await story.desk(who), membership_id=membership.id, **said)


async def member(story: Story, customer: str = "zhou") -> Membership:
    """His membership that is not over."""
    return await Membership.get(customer_id=story.bank.customers[customer].id, over=False)


async def under_review(story: Story, who: str = "lin", customer: str = "zhou") -> Membership:
    """A member since now, and then the first day of his review, on which his manager begins it."""
    await story.recorded(who, customer)
    membership = await member(story, customer)
    assert membership.term_ends is not None
    on(story, review_from(membership.term_ends))
    return await review(story, membership, who)


async def verified(story: Story, customer: str = "zhou", **figures: Any) -> Evaluation:
    """What a screening as of today finds."""
    told = {"as_of": (await story.desk()).today}
    return await story.evaluation(customer, **told | figures)


async def branch_standard(owner: Any) -> Standard:
    """A branch's own standard, for branch tier, otherwise as head office's (Art. 8)."""
    values = dict(await Standard.get(code="MEASURES", version=1).values())
    del values["id"]
    return await Standard.create(**values | {"code": "OWN", "tier": "BRANCH", "owner_id": owner.id})


async def story_of(membership: Membership) -> list[tuple[int, str]]:
    """Versions and states, as the events tell them."""
    return [(e.version, e.state) for e in await events_of(membership)]


async def events_of(membership: Membership) -> list[MembershipEvent]:
    return await MembershipEvent.filter(membership_id=membership.id).order_by("version")
