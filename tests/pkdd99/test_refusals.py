"""A refusal changes nothing in the whole database but the trail, by exactly one record. A sample; `accept` tries all."""

from __future__ import annotations

import pytest

from tests.pkdd99.ids import Ids
from tests.pkdd99.refusals import Tries, each_leaves_one_record

pytestmark = pytest.mark.shared


async def test_a_refusal_leaves_one_record_and_nothing_else(czech, http, policy, expected, folder):
    tries = Tries(http, policy, expected, await Ids.read(), "D013")
    await tries.prepare()
    every = [*tries.reads(), *tries.acts(), *tries.jobs(folder)]
    sample = every[::2] if czech.startswith("sqlite") else every[1::4]
    assert len(await each_leaves_one_record(sample)) == len(sample)
