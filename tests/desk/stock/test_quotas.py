"""核定库存: said from above, append-only, and what is signed for is measured by the one that counts then (Notice 4)."""

from __future__ import annotations

import datetime as dt

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from desk import quotas
from desk.dialect import connection
from desk.selection import Page, Selection
from desk.stock.transfers import here_or_coming, quota_of
from models.custody import StockState
from models.institutions import Institution
from models.quotas import StockQuota
from tests.digest import refused

pytestmark = pytest.mark.measure("N4g")


def told(custody, place: str = "CDW", quantity: int = 50, **said):
    ids = {"institution_id": custody.place(place).id, "product_id": custody.product.id}
    return ids | {"quantity": quantity, "reason": "autumn"} | said


async def put(custody, who: str = "wu", now: dt.datetime | None = None, **said) -> StockQuota:
    return await quotas.set_quota(await custody.desk(who, now), **told(custody, **said))


@pytest.mark.parametrize(
    ("who", "place"), [("wu", "CDW"), ("wu", "CDJ"), ("pan", "CD"), ("pan", "CDW"), ("officer", "SC")]
)
async def test_an_officer_says_how_many_who_is_below_him_may_keep(custody, who, place):
    made = await put(custody, who, place=place)
    assert (made.quantity, made.set_by_id) == (50, custody.bank.staff[who].id)
    assert await quota_of(custody.place(place).id, custody.product.id) == 50


@pytest.mark.parametrize(
    ("who", "said", "code"),
    [
        pytest.param("wu", {"place": "CD"}, "QUOTA_OF_OWN_STOCK", id="his own stock"),
        pytest.param("pan", {"place": "SC"}, "QUOTA_OF_OWN_STOCK", id="a tier-1 branch's own"),
        pytest.param("wu", {"place": "SC"}, "FORBIDDEN", id="of the branch above"),
        pytest.param("wu", {"place": "NJW"}, "FORBIDDEN", id="of another branch"),
        pytest.param("wu", {"place": "MY"}, "FORBIDDEN", id="of a neighbour"),
        pytest.param("han", {}, "FORBIDDEN", id="the head of the centre"),
        pytest.param("he", {}, "FORBIDDEN", id="its custodian"),
        pytest.param("deng", {}, "FORBIDDEN", id="an approver above"),
        pytest.param("approver", {}, "FORBIDDEN", id="who approves at head office"),
        pytest.param("wu", {"quantity": -1}, "BAD_USER_INPUT", id="less than none"),
        pytest.param("wu", {"quantity": 10**8 + 1}, "BAD_USER_INPUT", id="more than there could be"),
        pytest.param("wu", {"reason": ""}, "BAD_USER_INPUT", id="no reason"),
    ],
)
async def test_what_is_no_quota(custody, who, said, code):
    desk = await custody.desk(who)
    async with refused(code, desk):
        await quotas.set_quota(desk, **told(custody, **said))


async def test_not_for_an_institution_that_is_gone(custody):
    await Institution.filter(id=custody.place("CDW").id).update(merged_into_id=custody.place("NJW").id)
    desk = await custody.desk("wu")
    async with refused("INSTITUTION_MERGED", desk):
        await quotas.set_quota(desk, **told(custody))


async def test_the_last_one_counts_whatever_the_clock_says(custody):
    """Two in one second, and one by a clock that went back."""
    for quantity, now in ((10, None), (20, None), (30, custody.bank.now - dt.timedelta(hours=1))):
        await put(custody, quantity=quantity, now=now)
        assert await quota_of(custody.place("CDW").id, custody.product.id) == quantity
    assert await StockQuota.filter(institution_id=custody.place("CDW").id).count() == 4


async def test_more_than_the_quota_is_refused_and_goes_with_a_reason_that_is_signed_for(custody):
    await custody.stocked((0, 999))
    await put(custody, quantity=50)
    desk = await custody.desk("ku")
    async with refused("QUOTA_EXCEEDED", desk):
        await custody.allocation((0, 50))
    over = await custody.sent((0, 50), over_quota_reason="anniversary, 500 invitations")
    assert (over.state, over.over_quota_reason) == ("POSTED", "anniversary, 500 invitations")


async def test_a_quota_that_was_lowered_between_the_signatures_counts(custody):
    await custody.stocked((0, 999))
    signed = await custody.sign(await custody.allocation((0, 50)))
    await put(custody, quantity=50)
    desk = await custody.desk("jian")
    async with refused("QUOTA_EXCEEDED", desk):
        await custody.countersign(signed)
    await put(custody, quantity=51)
    assert (await custody.countersign(signed)).state == "POSTED"


async def test_what_is_there_already_stays_and_nothing_more_comes(custody):
    await custody.stocked((0, 999))
    await custody.arrived((0, 49))
    await put(custody, quantity=0)
    assert (await custody.account("CDW")).in_stock == 50
    desk = await custody.desk("ku")
    async with refused("QUOTA_EXCEEDED", desk):
        await custody.allocation((50, 50))


async def test_the_account_shows_it_before_the_first_card_comes(custody):
    await put(custody, place="CDJ", quantity=7)
    accounts = Selection("stock_account", ("in_stock", "quota"), page=Page(first=5))
    (row,) = (await (await custody.desk("wu")).read(accounts)).rows
    assert (row["in_stock"], row["quota"]) == (0, 7)


async def test_who_sees_quotas(custody):
    lists = Selection("stock_quota", ("quantity",), page=Page(first=9))
    for who, seen in (("he", 2), ("zhao", 2), ("han", 2), ("wu", 2), ("pan", 2), ("qi", 1), ("lin", 0)):
        assert len((await (await custody.desk(who)).read(lists)).rows) == seen, who


@pytest.mark.parametrize("statement", ["UPDATE stock_quota SET quantity = 9", "DELETE FROM stock_quota"])
async def test_the_database_itself_keeps_what_was_approved(custody, statement):
    with pytest.raises((IntegrityError, asyncpg.RaiseError)):
        await connection().execute_query(statement)


async def test_void_cards_that_are_handed_up_fill_no_quota(custody):
    """They are there to be destroyed, and are no stock of good cards."""
    await custody.stocked((0, 99))
    await custody.arrived((0, 9))
    by = {"who": "he", "place": "CDW"}
    await custody.posted(await custody.change((0, 4), **by), ("he", "zhao"))
    up = await custody.allocation((0, 4), to="SC", state=StockState.SPOILED, **by)
    await custody.posted(up, ("he", "zhao"))
    assert await here_or_coming(custody.place("SC").id, custody.product.id) == 90
    await custody.posted(await custody.counted(up, (0, 4), who="ku"))
    assert await here_or_coming(custody.place("SC").id, custody.product.id) == 90
