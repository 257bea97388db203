"""Products, manufacturers and prices: head office's alone, never altered, one price a day (Notice 4)."""

from __future__ import annotations

import datetime as dt

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from desk.dialect import connection
from desk.products import add_manufacturer, create_product, set_price
from models.products import CardPrice, CardProduct, Manufacturer
from models.vocabulary import Tier
from tests.conftest import NOW
from tests.digest import refused

TODAY = dt.date(2026, 11, 25)
DAY = dt.timedelta(days=1)
BRANCH = ("ku", "jian", "pan", "han", "wu", "deng")


async def tjhq() -> Manufacturer:
    return await Manufacturer.get(code="TJHQ")


async def test_head_office_creates_a_product(custody):
    product = await create_product(
        await custody.desk("officer"), tier=Tier.BRANCH, design="02", name=" 金卡 "
    )
    assert (product.tier, product.design, product.name) == ("BRANCH", "02", "金卡")
    assert product.created_by_id == custody.bank.staff["officer"].id
    assert product.number(7) == "2020000000000077"


@pytest.mark.measure("N4a")
@pytest.mark.parametrize("who", BRANCH)
async def test_a_branch_creates_no_product(custody, who):
    desk = await custody.desk(who)
    async with refused("FORBIDDEN", desk):
        await create_product(desk, tier=Tier.BRANCH, design="02", name="金卡")


@pytest.mark.measure("N4a")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE card_product SET name = 'other'",
        "DELETE FROM card_product",
        "UPDATE card_price SET unit_price = 1",
    ],
)
async def test_a_product_and_a_price_are_never_altered(custody, statement):
    with pytest.raises((IntegrityError, asyncpg.RaiseError)):
        await connection().execute_query(statement)


async def test_no_two_products_share_tier_and_design(custody):
    desk = await custody.desk("officer")
    async with refused("PRODUCT_EXISTS", desk):
        await create_product(desk, tier=Tier.BRANCH, design="01", name="金卡")
    assert await CardProduct.all().count() == 2


@pytest.mark.parametrize("design", ["", "1", "001", "1a", "０１", "-1"])
async def test_a_design_is_two_digits(custody, design):
    desk = await custody.desk("officer")
    async with refused("BAD_DESIGN", desk):
        await create_product(desk, tier=Tier.BRANCH, design=design, name="金卡")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
async def test_a_product_has_a_name(custody, name):
    desk = await custody.desk("officer")
    async with refused("BAD_USER_INPUT", desk):
        await create_product(desk, tier=Tier.BRANCH, design="02", name=name)


async def test_head_office_adds_a_manufacturer_and_agrees_prices(custody):
    desk = await custody.desk("officer")
    maker = await add_manufacturer(desk, code="SHKC", name="上海卡厂")
    first = await set_price(desk, manufacturer_id=maker.id, unit_price="1.20", effective_from=TODAY)
    await set_price(desk, manufacturer_id=maker.id, unit_price="1.10", effective_from=TODAY + 7 * DAY)
    assert (first.unit_price, first.currency, first.recorded_at) == (120, "CNY", NOW)
    told = [await CardPrice.on(maker.id, TODAY + days * DAY) for days in (-1, 0, 6, 7, 400)]
    assert [price and price.unit_price for price in told] == [None, 120, 120, 110, 110]


@pytest.mark.measure("N4b")
async def test_the_seeded_price_is_1_15_yuan(custody):
    price = await CardPrice.on((await tjhq()).id, TODAY)
    assert price is not None
    assert (price.unit_price, price.currency) == (115, "CNY")


@pytest.mark.measure("N4b")
@pytest.mark.parametrize("who", BRANCH)
async def test_a_branch_neither_adds_a_manufacturer_nor_sets_a_price(custody, who):
    desk = await custody.desk(who)
    async with refused("FORBIDDEN", desk):
        await add_manufacturer(desk, code="SHKC", name="上海卡厂")
    desk = await custody.desk(who)
    async with refused("FORBIDDEN", desk):
        await set_price(desk, manufacturer_id=(await tjhq()).id, unit_price="1.00", effective_from=TODAY)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("MANUFACTURER_EXISTS", {"code": "TJHQ"}),
        ("BAD_USER_INPUT", {"code": "tj"}),
        ("BAD_USER_INPUT", {"name": ""}),
    ],
)
async def test_a_manufacturer_that_is_none(custody, code, said):
    desk = await custody.desk("officer")
    async with refused(code, desk):
        await add_manufacturer(desk, **{"code": "SHKC", "name": "上海卡厂"} | said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("PRICE_IN_THE_PAST", {"effective_from": TODAY - DAY}),
        ("BAD_USER_INPUT", {"unit_price": "0"}),
        ("BAD_USER_INPUT", {"unit_price": "-1.15"}),
        ("TOO_MANY_DECIMALS", {"unit_price": "1.155"}),
        ("BAD_AMOUNT", {"unit_price": "1,15"}),
        ("UNKNOWN_CURRENCY", {"currency": "RMB"}),
    ],
)
async def test_a_price_that_is_none(custody, code, said):
    told = {"manufacturer_id": (await tjhq()).id, "unit_price": "1.10", "effective_from": TODAY} | said
    desk = await custody.desk("officer")
    async with refused(code, desk):
        await set_price(desk, **told)


async def test_one_price_a_day(custody):
    told = {"manufacturer_id": (await tjhq()).id, "effective_from": TODAY}
    await set_price(await custody.desk("officer"), unit_price="1.10", **told)
    desk = await custody.desk("officer")
    async with refused("PRICE_OF_THAT_DAY", desk):
        await set_price(desk, unit_price="1.05", **told)


async def test_today_is_the_business_day_of_shanghai(custody):
    """At 23:30 UTC it is the next day there."""
    desk = await custody.desk("officer", NOW.replace(hour=23, minute=30))
    async with refused("PRICE_IN_THE_PAST", desk):
        await set_price(desk, manufacturer_id=(await tjhq()).id, unit_price="1.10", effective_from=TODAY)
