"""Article 6: what a filing may rest on: his own, latest, passed evaluation, by a standard that was law on its day."""

from __future__ import annotations

import datetime as dt

import pytest

from models.membership import Membership
from models.standards import Standard
from tests.digest import refused

pytestmark = pytest.mark.measure("A6c")
DAY = dt.timedelta(days=1)


async def test_a_filing_rests_on_the_latest_evaluation_and_only_if_passed(story):
    membership = await story.applied()
    failed = await story.evaluation(passed=False, average_savings=499_999_99, criteria_met="")
    async with refused("EVALUATION_FAILED", await story.desk()):
        await story.submit(membership, failed)
    passed = await story.evaluation(recorded_at=story.bank.now + DAY)
    async with refused("EVALUATION_STALE", await story.desk()):
        await story.submit(membership, failed)
    await story.submit(membership, passed)


async def test_another_customers_evaluation_supports_nothing(story):
    membership = await story.applied()
    hers, foreign = await story.evaluation("qian"), await story.evaluation("feng")
    async with refused("EVALUATION_NOT_HIS", await story.desk()):
        await story.submit(membership, hers)
    async with refused("NOT_FOUND", await story.desk()):
        await story.submit(membership, foreign)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"state": "DRAFT"}, id="draft"),
        pytest.param({"state": "SUPERSEDED"}, id="superseded"),
        pytest.param({"effective_from": dt.date(2026, 11, 1)}, id="not yet in force"),
        pytest.param({"effective_to": dt.date(2026, 10, 30)}, id="no longer in force"),
    ],
)
async def test_a_standard_must_be_law_on_the_evaluations_day(story, change):
    membership, evaluation = await story.applied(), await story.evaluation()
    kept = await Standard.get()
    await Standard.all().update(**change)
    async with refused("EVALUATION_STALE", await story.desk()):
        await story.submit(membership, evaluation)
    await Standard.all().update(**{name: getattr(kept, name) for name in change})
    await Standard.all().update(effective_to=evaluation.as_of)
    await story.submit(membership, evaluation)


async def another_standard(**differing) -> Standard:
    values = dict(await Standard.get().values())
    del values["id"]
    return await Standard.create(**values | differing)


async def test_a_new_version_of_a_standard_outdates_the_evaluation_by_the_old_one(story):
    membership, old = await story.applied(), await story.evaluation()
    await Standard.filter(id=old.standard_id).update(effective_to=old.as_of)
    newer = await another_standard(version=2, effective_from=old.as_of + DAY, effective_to=None)
    await story.evaluation(standard=newer, as_of=old.as_of + 5 * DAY, passed=False)
    async with refused("EVALUATION_STALE", await story.desk()):
        await story.submit(membership, old)


@pytest.mark.measure("A8")
@pytest.mark.parametrize(
    ("owner", "code"), [("SC", None), ("CD", None), ("JS", "STANDARD_OF_ANOTHER_BRANCH")]
)
async def test_a_branch_standard_is_for_its_own_subtree(story, owner, code):
    membership = await story.applied()
    own = await another_standard(code="OWN", tier="BRANCH", owner_id=story.bank.places[owner].id)
    evaluation = await story.evaluation(standard=own)
    if code is None:
        await story.submit(membership, evaluation)
        assert (await Membership.get()).tier == "BRANCH"
        return
    async with refused(code, await story.desk()):
        await story.submit(membership, evaluation)
