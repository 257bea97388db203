"""The fence: a statement made with rights that have changed since, or for a session that is over, gives no row."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from authz import Actor, Policy
from desk.actors import Sitter
from desk.errors import Stale
from desk.gate.plain import answer_of
from desk.gate.plans import plan_of, run
from desk.gate.view import View
from desk.selection import Selection
from models.people import Session
from tests.authz.worlds import STAFF
from tests.cast import START
from tests.conftest import NOW
from tests.desk.conformance.bank import CUSTOMERS, SECOND, Bank

TEXT = "p, staff, all, customer, VIP_STATUS, read, *, allow"


def view(**changed: object) -> View:
    actor = Actor(STAFF[0], UUID(int=97))
    sitter = Sitter(actor, "N1", "员工", 0, 0, "", None)
    return View(Policy.of(TEXT), replace(sitter, **changed), actor, NOW, None)


LIST = Selection("customer", ("number",))
COUNT = Selection("customer", rows=False, count=True)


async def rows(look: View) -> list[int]:
    """How many rows the list and the count have; nothing at all, not even an empty list, when the fence is closed."""
    found = []
    for asked in (LIST, COUNT):
        plan, values = plan_of(asked)
        try:
            text, _ = await run(plan, look, values)
        except Stale:
            found.append(0)
        else:
            assert text is not None
            answer = answer_of(asked, text)
            found.append(len(answer.rows) or answer.total or -1)
    return found


async def test_an_open_fence_gives_everything(generated_bank: Bank) -> None:
    assert await rows(view()) == [CUSTOMERS, CUSTOMERS]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"epoch": 1}, id="the person's rights"),
        pytest.param({"tree_epoch": 1}, id="the tree"),
        pytest.param({"policy_version": "other"}, id="the policy"),
    ],
)
async def test_what_has_changed_closes_the_fence(changed: dict[str, object], generated_bank: Bank) -> None:
    assert await rows(view(**changed)) == [0, 0]


async def test_an_unknown_person_sees_nothing(generated_bank: Bank) -> None:
    stranger = replace(view(), actor=Actor(UUID(int=77), UUID(int=97)))
    assert await rows(stranger) == [0, 0]


@pytest.mark.parametrize(
    ("session", "lives"),
    [
        pytest.param({"expires_at": NOW + SECOND}, True, id="alive"),
        pytest.param({"expires_at": NOW}, False, id="expired at this very moment"),
        pytest.param({"expires_at": NOW + SECOND, "ended_at": START}, False, id="ended"),
        pytest.param({"expires_at": NOW + SECOND, "staff_id": STAFF[1]}, False, id="another person's"),
    ],
)
async def test_a_session_that_is_over_closes_the_fence(
    session: dict[str, object], lives: bool, generated_bank: Bank
) -> None:
    told = {"staff_id": STAFF[0], "token_hash": uuid4().hex, "created_at": START, "last_seen_at": START}
    row = await Session.create(**told | session)
    look = replace(view(), session_id=row.id)
    assert await rows(look) == ([CUSTOMERS, CUSTOMERS] if lives else [0, 0])


async def test_no_session_of_that_id_closes_the_fence(generated_bank: Bank) -> None:
    look = replace(view(), session_id=uuid4())
    assert await rows(look) == [0, 0]
