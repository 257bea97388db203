"""Two people at one pair of customers in one moment: it comes out as if one had come after the other."""

from __future__ import annotations

import pytest

from models.accounts import Account
from models.customers import Customer
from models.membership import Membership
from models.merges import CustomerMerge
from models.people import Assignment
from tests.cast import START
from tests.desk.duplicates import owned
from tests.desk.test_people_races import together

ROUNDS = range(4)


@pytest.mark.parametrize("turn", ROUNDS)
async def test_each_proposed_into_the_other(twins, turn):
    codes = await together(twins.propose(), twins.propose(kept_id=twins.gone.id, gone_id=twins.kept.id))
    assert codes == ["MERGE_PENDING"]
    assert await CustomerMerge.all().count() == 1


@pytest.mark.parametrize("turn", ROUNDS)
async def test_one_proposal_twice(twins, turn):
    assert await together(twins.propose(), twins.propose()) == ["MERGE_PENDING"]
    assert await CustomerMerge.all().count() == 1


@pytest.mark.parametrize("turn", ROUNDS)
async def test_two_officers_decide_otherwise(twins, turn):
    await Assignment.create(
        staff=twins.bank.staff["deng"],
        role="pb_officer",
        institution=twins.bank.places["SC"],
        department="PERSONAL_BANKING",
        valid_from=START,
        recorded_at=START,
    )
    merge = await twins.propose()
    codes = await together(
        twins.decide(merge), twins.decide(merge, "deng", approved=False, note="two brothers")
    )
    assert codes == ["STALE_VERSION"]
    merge = await CustomerMerge.get(id=merge.id)
    merged = merge.state == "MERGED"
    assert (merge.version, await owned(Account, twins.kept)) == (2, 2 if merged else 1)
    assert (await Customer.get(id=twins.gone.id)).merged_into_id == (twins.kept.id if merged else None)


@pytest.mark.measure("A6c")
@pytest.mark.parametrize("turn", ROUNDS)
async def test_an_application_at_the_moment_of_the_merge(twins, turn):
    consent = await twins.story.consent("luo", "twin")
    merge = await twins.propose()
    (code,) = await together(twins.decide(merge), twins.story.register(consent, "luo"))
    applied = await Membership.exists(customer_id=twins.gone.id)
    assert code == ("MERGE_OF_MEMBER" if applied else "NOT_FOUND")
    gone = await Customer.get(id=twins.gone.id)
    assert (gone.merged_into_id is None) is applied
