"""Stock quotas (核定库存): a superior institution says how many cards an institution may keep (Notice 4)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from authz import Action, Kind
from desk.acts import act
from desk.desk import Desk
from desk.errors import Forbidden
from desk.people.given import reason_of
from desk.people.grants import led_from
from desk.stock.posting import hold_accounts
from models.institutions import Institution
from models.products import CardProduct
from models.quotas import QuotaOfOwnStock, StockQuota, quantity_of

TICK = dt.timedelta(microseconds=1)


@act("setStockQuota", StockQuota)
async def set_quota(
    desk: Desk,
    *,
    institution_id: UUID,
    product_id: UUID,
    quantity: int,
    reason: str,
    idempotency_key: str | None = None,
) -> StockQuota:
    """An officer says how many cards of a product an institution below his own, or the centre of his branch, may keep;
    head office's policy desk says it of a tier-1 branch.

    It counts from now on, for transfers that are countersigned from now on: what is there already may stay. 0 is none.
    QUOTA_OF_OWN_STOCK for his own institution; INSTITUTION_MERGED; BAD_USER_INPUT for a number that is none.
    """
    place = await desk.open(Institution, institution_id)
    await _must_be_above(desk, place)
    place.must_be_in_service()
    product = await desk.open(CardProduct, product_id)
    wanted, why = quantity_of(quantity), reason_of(reason)
    # With the account held, no transfer is measured by the old quota after this one is written.
    await hold_accounts(product.id, [place.id])
    last = await StockQuota.last_of(place.id, product.id)
    return await StockQuota.create(
        institution_id=place.id,
        product_id=product.id,
        quantity=wanted,
        reason=why,
        # The last one counts, so it is later than any, whatever became of the clock.
        set_at=desk.now if last is None else max(desk.now, last.set_at + TICK),
        set_by_id=desk.staff_id,
    )


async def _must_be_above(desk: Desk, place: Institution) -> None:
    """From a seat at an institution that stands above this one, not at this one itself."""
    paths = await led_from(desk, place, Action.SET_QUOTA, Kind.STOCK)
    if not paths:
        raise Forbidden
    if all(path == place.path for path in paths):
        raise QuotaOfOwnStock(
            "How many cards an institution may keep is said from above. Ask an officer of the superior branch.",
            field="institutionId",
        )
