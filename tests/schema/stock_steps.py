"""What is done to stock movements in the graph, and what a mutation says of it."""

from __future__ import annotations

from typing import Any

from models.movements import StockMovement
from tests.custody import Custody
from tests.schema.ask import ask, gid

DONE = "__typename ... on Problem { code field } ... on StockMovement { id state version quantity }"
LIST = """
query ($id: ID!) { stockMovement(id: $id) {
  kind state version quantity reason overQuotaReason cause draftedAt postedAt postedOn rejectedAt rejectReason
  institution { code } other { code } product { name } order { number } source { id }
  draftedBy { name } rejectedBy { name }
  signatures { step signedAt voidedAt staff { name } forStaff { name } }
  lines(first: 10) { totalCount nodes { first last quantity fromState toState movement { kind } } }
} }
"""


def seen(movement: StockMovement, **more: Any) -> dict[str, Any]:
    return {"movementId": gid(movement), "version": movement.version, **more}


async def does(custody: Custody, who: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """What a mutation answers."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {DONE} }} }}"
    answer: dict[str, Any] = (await ask(await custody.desk(who), document, input=given))[name]
    return answer


async def told(custody: Custody, who: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = await does(custody, who, name, given)
    assert answer["__typename"] == "StockMovement", answer
    return answer


async def says(custody: Custody, who: str, name: str, given: dict[str, Any]) -> str:
    answer = await does(custody, who, name, given)
    assert answer["__typename"] == "Problem", answer
    return str(answer["code"])


def allocation(custody: Custody, **more: Any) -> dict[str, Any]:
    return {
        "institutionId": gid(custody.place("SC")),
        "toId": gid(custody.place("CDW")),
        "productId": gid(custody.product),
        "ranges": [{"first": "0", "last": "9"}],
    } | more


def change(custody: Custody, **more: Any) -> dict[str, Any]:
    return {
        "institutionId": gid(custody.place("SC")),
        "productId": gid(custody.product),
        "ranges": [{"first": "3"}],
        "fromState": "IN_STOCK",
        "toState": "SPOILED",
        "reason": "corner bent",
    } | more
