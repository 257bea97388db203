"""What the tests of the desk share: the story of a filing, and a customer with two rows."""

from __future__ import annotations

import pytest

from tests.desk.duplicates import Twins, twins_of
from tests.story import Story


@pytest.fixture
def story(bank, policy) -> Story:
    return Story(bank, policy)


@pytest.fixture
async def twins(bank, policy) -> Twins:
    return await twins_of(bank, policy)
