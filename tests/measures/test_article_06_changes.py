"""Article 6: what changed after a filing was submitted is not recorded as if it had not."""

from __future__ import annotations

import pytest

from authz import Policy
from authz.policy import POLICY
from desk.desk import adopt
from models.filing import Filing
from models.institutions import Institution
from models.membership import Membership
from models.standards import Evaluation
from tests.digest import refused

pytestmark = pytest.mark.measure("A6c")


@pytest.mark.parametrize("what", ["figures", "evidence", "name", "owner", "membership", "office"])
async def test_a_change_after_submission_voids_it(story, what):
    filing = await story.submitted()
    zhou = story.bank.customers["zhou"]
    if what == "figures":
        await Evaluation.filter(id=filing.evaluation_id).update(average_savings=500_000_01)
    elif what == "evidence":
        await Evaluation.filter(id=filing.evaluation_id).update(evidence='{"2026-10": "1.00"}')
    elif what == "name":
        await type(zhou).filter(id=zhou.id).update(name="周日月")
    elif what == "owner":
        await type(zhou).filter(id=zhou.id).update(owner_id=story.bank.places["SC"].id)
    elif what == "membership":
        await Membership.all().update(version=7)
    else:
        await Filing.all().update(digest="0" * 64)
    async with refused("CONTENT_CHANGED", await story.desk("bai")):
        await story.record(filing)
    await story.give_back(filing)


async def test_another_policy_voids_it(story):
    filing = await story.submitted()
    lines = POLICY.read_text(encoding="utf-8").splitlines()
    story.policy = Policy.of("\n".join(line for line in lines if "partner_staff" not in line))
    await adopt(story.policy)
    async with refused("CONTENT_CHANGED", await story.desk("bai")):
        await story.record(filing)


async def test_an_office_that_no_longer_leads_the_branch_records_nothing(story):
    """The customer went to another line: his filing is out of the old recorder's reach, so it is not there."""
    filing = await story.submitted(to="SC")
    zhou = story.bank.customers["zhou"]
    await type(zhou).filter(id=zhou.id).update(owner_path=story.bank.places["NJ"].path)
    async with refused("NOT_FOUND", await story.desk("cheng")):
        await story.record(filing, "cheng")


async def test_an_office_that_was_merged_away_records_nothing(story):
    filing = await story.submitted()
    await Institution.filter(code="CD").update(merged_into_id=story.bank.places["MY"].id)
    async with refused("FILING_LEVEL", await story.desk("bai")):
        await story.record(filing)


async def test_only_the_version_that_was_seen_is_decided(story):
    filing = await story.submitted()
    desk = await story.desk("bai")
    async with refused("STALE_VERSION", desk):
        await story.record(filing, version=2)
    async with refused("STALE_VERSION", desk):
        await story.give_back(filing, version=0)
    await story.record(filing)
    async with refused("STALE_VERSION", desk):
        await story.record(filing)
    async with refused("WRONG_STATE", desk):
        await story.record(filing, version=2)
    async with refused("WRONG_STATE", desk):
        await story.give_back(filing, version=2)
