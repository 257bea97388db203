"""The read gate on the small bank: rows by reach, cells by class, receipts and refusals."""

from __future__ import annotations

import orjson

from authz import DataClass, ReasonCode, Visibility
from desk.selection import Answer, Child, Condition, Op, Order, Page, Purpose, Section, Selection
from models.trail import AccessRecord

ADVICE = Purpose("ADVICE", "quarterly talk")


def customers(*sections: Section, **more) -> Selection:
    return Selection("customer", ("number",), sections=sections, page=Page(first=10), **more)


NAME = Section("name", DataClass.NAME, ("name",))
IDENTITY = Section("identity", DataClass.IDENTITY_DOC, ("identity_number",))
ASSETS = Section(
    "assets",
    DataClass.ASSET,
    ("band",),
    children=(Child("loans", "loans", Selection("loan", ("number", "outstanding", "classification"))),),
)


async def test_a_manager_sees_his_branch_and_his_own_customers_figures(bank, seat):
    desk = await seat(bank.staff["lin"])
    answer = await desk.read(customers(NAME, ASSETS, IDENTITY, purpose=ADVICE, count=True))
    assert [row["number"] for row in answer.rows] == ["C000001", "C000002"]
    assert answer.total == 2
    zhou, qian = answer.rows
    assert zhou["name"] == {"visibility": Visibility.VISIBLE, "reason": None, "name": "周明"}
    assert zhou["assets"]["visibility"] is Visibility.VISIBLE
    assert [loan["outstanding"] for loan in zhou["assets"]["loans"].rows] == [800_000_00]
    assert zhou["identity"]["identity_number"] == "11010519491231002X"
    assert qian["assets"]["visibility"] is Visibility.MASKED
    assert qian["assets"]["reason"] is ReasonCode.NOT_ASSIGNED
    assert qian["assets"]["loans"].rows == []
    assert qian["identity"]["identity_number"] == "440***********0014"
    assert await AccessRecord.all().count() == 1


async def test_no_purpose_no_assets(bank, seat):
    desk = await seat(bank.staff["lin"])
    answer = await desk.read(customers(ASSETS))
    assert answer.rows[0]["assets"]["visibility"] is Visibility.MASKED
    assert answer.rows[0]["assets"]["reason"] is ReasonCode.PURPOSE_REQUIRED
    assert await AccessRecord.all().count() == 0


async def test_other_branches_are_not_there(bank, seat):
    desk = await seat(bank.staff["tang"])
    answer = await desk.read(customers(NAME, count=True))
    assert [row["name"]["name"] for row in answer.rows] == ["冯远"]
    other = await desk.read(Selection("customer", ("number",), ids=(bank.customers["zhou"].id,)))
    assert other == Answer()


async def test_transactions_page_by_page(bank, seat):
    desk = await seat(bank.staff["lin"])

    def lines(page: Page) -> Selection:
        return Selection(
            "customer",
            ids=(bank.customers["zhou"].id,),
            purpose=ADVICE,
            sections=(
                Section(
                    "transactions",
                    DataClass.TRANSACTION,
                    children=(
                        Child(
                            "lines",
                            "transactions",
                            Selection("transaction_line", ("amount",), page=page, count=True),
                        ),
                    ),
                ),
            ),
        )

    seen = []
    page = Page(first=2)
    for _ in range(2):
        found = (await desk.read(lines(page))).rows[0]["transactions"]["lines"]
        assert found.total == 3
        seen += [row["amount"] for row in found.rows]
        page = Page(first=2, after=found.rows[-1]["cursor"])
    assert seen == [100_00, 100_01, 100_02]
    assert not found.has_next
    back = (await desk.read(lines(Page(last=1, before=found.rows[0]["cursor"])))).rows[0]["transactions"][
        "lines"
    ]
    assert [row["amount"] for row in back.rows] == [100_01]


async def test_a_filter_by_what_is_confidential_leaves_a_receipt_whatever_is_shown(bank, seat):
    """Who is on the list tells the value, and twenty such questions tell it to the cent (Art. 11)."""
    desk = await seat(bank.staff["lin"])
    named = Condition("name", Op.HAS, "周")
    assert (await desk.read(Selection("customer", where=named, rows=False, count=True))).total == 1
    assert (await desk.read(Selection("customer", where=named, page=Page(first=1), order=()))).rows
    await desk.read(Selection("customer", order=(Order("name"),), page=Page(first=1)))
    await desk.read(Selection("customer", where=Condition("number", Op.EQ, "C000001"), page=Page(first=1)))
    records = [orjson.loads(record.record) for record in await AccessRecord.all().order_by("id")]
    assert [record["probed"] for record in records] == [["NAME"]] * 3


async def test_to_be_told_that_there_is_something_is_no_release(bank, seat):
    desk = await seat(bank.staff["lin"])
    bare = Section("assets", DataClass.ASSET)
    assert (await desk.read(customers(bare, purpose=ADVICE))).rows[0]["assets"][
        "visibility"
    ] is Visibility.VISIBLE
    assert await AccessRecord.all().count() == 0
