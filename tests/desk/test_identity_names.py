"""曾用名: a customer's new name, from its day on, and the one he had."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.identity import rename_customer
from desk.selection import Condition, Op, Page, Selection
from models.customers import Customer
from models.identity import FormerName
from tests.conftest import NOW
from tests.digest import changed, digest, refused

SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("周亮", id="Han"),
        pytest.param("阿卜杜热合曼·买买提", id="a minority name"),
        pytest.param("𬱖𫖮", id="beyond the first plane"),
        pytest.param("周〇", id="the zero that is a letter"),
        pytest.param("José García-O'Neill", id="Latin with accents"),
        pytest.param("\U000323af明", id="younger than the tables"),
    ],
)
async def test_a_new_name_and_the_former_one(bank, seat, name):
    lin = await seat(bank.staff["lin"])
    zhou = bank.customers["zhou"].id
    before = await digest()
    await rename_customer(lin, customer_id=zhou, name=name, reason="married", on=dt.date(2026, 11, 1))
    assert changed(before, await digest()) == {"access_record": 1, "customer": 0, "former_name": 1}
    assert (await Customer.get(id=zhou)).name == name
    row = await FormerName.get()
    assert (row.customer_id, row.name, row.until, row.reason) == (
        zhou,
        "周明",
        dt.date(2026, 11, 1),
        "married",
    )
    assert (row.recorded_at, row.recorded_by_id) == (NOW, lin.staff_id)

    async def hits(text: str) -> list[str]:
        sought = Selection("customer", ("number",), where=Condition("name", Op.HAS, text), page=Page(first=9))
        return [it["number"] for it in (await lin.read(sought)).rows]

    assert await hits(name) == ["C000001"]
    assert await hits(name[:2]) == ["C000001"]
    assert await hits("周明") == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"name": "阿卜杜•热合曼"}, "BAD_NAME", id="a bullet"),
        pytest.param({"name": "阿卜杜・热合曼"}, "BAD_NAME", id="a katakana dot"),
        pytest.param({"name": "阿卜杜 · 热合曼"}, "BAD_NAME", id="blanks beside the dot"),
        pytest.param({"name": "Jose\u0301"}, "BAD_NAME", id="not composed"),
        pytest.param({"name": "\ufa10明"}, "BAD_NAME", id="a compatibility ideograph"),
        pytest.param({"name": "周\u200b明"}, "BAD_NAME", id="an invisible character"),
        pytest.param({"name": "周\ue000"}, "BAD_NAME", id="a private character"),
        pytest.param({"name": "ＷＡＮＧ"}, "BAD_NAME", id="full-width"),
        pytest.param({"name": " 周亮"}, "BAD_NAME", id="a blank before"),
        pytest.param({"name": "周亮\n"}, "BAD_NAME", id="a line end"),
        pytest.param({"name": ""}, "BAD_NAME", id="empty"),
        pytest.param({"name": "·"}, "BAD_NAME", id="no letter"),
        pytest.param({"name": "周" * 121}, "BAD_NAME", id="too long"),
        pytest.param({"name": "周明"}, "SAME_NAME", id="the present name"),
        pytest.param({"reason": " "}, "BAD_USER_INPUT", id="no reason"),
        pytest.param({"on": dt.date(2026, 11, 26)}, "NOT_YET", id="tomorrow"),
    ],
)
async def test_what_is_no_new_name(bank, seat, said, code):
    lin = await seat(bank.staff["lin"])
    async with refused(code, lin):
        await rename_customer(
            lin, **{"customer_id": bank.customers["zhou"].id, "name": "周亮", "reason": "married"} | said
        )


async def test_the_day_of_a_new_name_is_one_of_shanghai(bank, seat):
    evening = dt.datetime(2026, 11, 25, 16, 0, tzinfo=dt.UTC)
    for now, code in ((evening - SECOND, "NOT_YET"), (evening, None)):
        lin = await seat(bank.staff["lin"], now)
        said = {"customer_id": bank.customers["zhou"].id, "name": "周亮", "reason": "x"}
        if code is None:
            await rename_customer(lin, **said, on=dt.date(2026, 11, 26))
            continue
        async with refused(code, lin):
            await rename_customer(lin, **said, on=dt.date(2026, 11, 26))
