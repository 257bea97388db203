"""What the tests of the Measures share: the story of a filing on the small bank."""

from __future__ import annotations

import pytest

from authz import Policy
from tests.cast import Cast
from tests.law import Laws
from tests.story import Story


@pytest.fixture
def story(bank: Cast, policy: Policy) -> Story:
    return Story(bank, policy)


@pytest.fixture
async def laws(bank: Cast, policy: Policy) -> Laws:
    return await Laws.of(bank, policy)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts to the nearest one, so that the computation itself is seen."""
    monkeypatch.setattr("desk.standards.what_if.FIVE", 1)
