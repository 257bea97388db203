"""待办 held against the act itself: everybody tries it in earnest, and it is undone again.

What he is refused as the wrong person is not in his list, and what he is let do is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tortoise.transactions import in_transaction

from authz import Role
from desk.errors import Forbidden, NotFound, Unauthenticated
from models.errors import Refusal
from models.people import Assignment, Delegation
from tests.cast import START, staff_member
from tests.custody import Custody, line, person, post
from tests.schema.ask import ask, gid

LISTS = (
    "movementsToReject",
    "cardOrdersToPlace",
    "cardOrdersToSettle",
    "cardsToHandOut",
    "stocktakesToExplain",
)
INBOX = "{ " + " ".join(f"{name}(first: 5) {{ totalCount nodes {{ id }} }}" for name in LISTS) + " }"
WRONG_PERSON = frozenset(
    {
        "CARD_ISSUED_BY_MANAGER",
        "DESTRUCTION_BY_ONE",
        "FORBIDDEN",
        "MOVEMENT_SIGNED_BY_ONE",
        "NOT_DESIGNATED",
        "NOT_FOUND",
        "NOT_HIS_SUPERVISOR",
        "STOCK_COUNTED_BY_KEEPER",
        "TRANSFER_SIGNED_BY_ONE",
    }
)
Try = Callable[[str], Awaitable[Any]]


class Undone(Exception):
    """He was let do it."""


async def lets(attempt: Try, who: str) -> bool:
    """Whether the act admits him. Whatever it did is undone; another refusal than of his person fails the test."""
    try:
        async with in_transaction():
            await attempt(who)
            raise Undone
    except Undone:
        return True
    except Unauthenticated:
        return False
    except (Refusal, Forbidden, NotFound) as refusal:
        if refusal.code not in WRONG_PERSON:
            raise
        return False


async def admitted(custody: Custody, attempt: Try) -> set[str]:
    return {who for who in custody.bank.staff if await lets(attempt, who)}


async def shown(custody: Custody, name: str, row: Any) -> set[str]:
    """In whose list of this name the row is. Nobody is shown another row, in any of the lists."""
    found = set()
    for who in custody.bank.staff:
        try:
            answer = await ask(await custody.desk(who), INBOX)
        except Unauthenticated:
            continue
        ids = {one: [node["id"] for node in answer[one]["nodes"]] for one in LISTS}
        assert all(len(ids[one]) == answer[one]["totalCount"] for one in LISTS)
        assert {one for one in LISTS if ids[one]} <= {name}
        assert ids[name] in ([], [gid(row)])
        if ids[name]:
            found.add(who)
    return found


async def cover(custody: Custody, deputy: str, principal: str, role: Role) -> None:
    """代班, as desk/people/delegations.py writes it down."""
    staff = custody.bank.staff
    held = await Assignment.get(staff_id=staff[principal].id, role=role)
    await Delegation.create(
        deputy_id=staff[deputy].id, principal_id=staff[principal].id, role=role, assignment_id=held.id,
        reason="leave", valid_from=START, recorded_at=START,
    )  # fmt: skip


async def more_people(custody: Custody, place: str, keeper: str, checker: str) -> Custody:
    """Everybody at one institution who is nearly the right one."""
    bank = custody.bank
    for name, called in (("dai", "代一"), ("ti", "替二"), ("past", "前任")):
        bank.staff[name] = await person(bank, name, called, Role.TELLER, place)
    await cover(custody, "dai", keeper, Role.CARD_CUSTODIAN)
    await cover(custody, "ti", checker, Role.CARD_SUPERVISOR)
    for role, principal in ((Role.CARD_CUSTODIAN, keeper), (Role.CARD_SUPERVISOR, checker)):
        await cover(custody, "past", principal, role)
    await Assignment.filter(staff_id=bank.staff["past"].id).update(valid_to=bank.now)
    bank.staff["si"] = await person(bank, "si", "司存", Role.CARD_CUSTODIAN, place)
    bank.staff["bie"] = await person(bank, "bie", "别监", Role.CARD_SUPERVISOR, place)
    # The keeper under another number, as a supervisor who has himself in his line.
    bank.staff["again"] = await staff_member("again", "另号", await bank.staff[keeper].person)
    await post(bank, bank.staff["again"], Role.CARD_SUPERVISOR, place)
    await line(bank, "again", keeper)
    return custody
