"""Article 11: nobody learns a customer's assets and transactions but by role at the owning branch, by law, or by permission."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from authz import DataClass, ReasonCode, Visibility
from desk.dialect import connection
from desk.errors import FilterRefused
from desk.selection import Child, Condition, Op, Order, Page, Purpose, Section, Selection
from models.people import Delegation, Recusal
from models.trail import AccessRecord

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
ADVICE = Purpose("ADVICE", "yearly talk")
LOANS = Child("loans", "loans", Selection("loan", ("outstanding",)))
LINES = Child("lines", "transactions", Selection("transaction_line", ("amount",), page=Page(first=50)))


def secrets(customer, purpose: Purpose | None = ADVICE) -> Selection:
    return Selection(
        "customer",
        ids=(customer.id,),
        purpose=purpose,
        sections=(
            Section("assets", DataClass.ASSET, ("band",), (LOANS,)),
            Section("transactions", DataClass.TRANSACTION, (), (LINES,)),
        ),
    )


async def seen(desk, customer, purpose: Purpose | None = ADVICE):
    """(visibility, reason, rows below) of both sections, or None when the customer is not there at all."""
    rows = (await desk.read(secrets(customer, purpose))).rows
    if not rows:
        return None
    found = rows[0]
    return tuple(
        (found[key]["visibility"], found[key]["reason"], len(found[key][below].rows))
        for key, below in (("assets", "loans"), ("transactions", "lines"))
    )


SHOWN = ((Visibility.VISIBLE, None, 1), (Visibility.VISIBLE, None, 3))


def hidden(reason: ReasonCode, first: Visibility = Visibility.WITHHELD):
    return ((first, reason, 0), (Visibility.WITHHELD, reason, 0))


@pytest.mark.measure("A11b")
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        pytest.param("lin", SHOWN, id="his manager, with a purpose"),
        pytest.param("han", SHOWN, id="the head of the owning centre"),
        pytest.param("luo", hidden(ReasonCode.NOT_ASSIGNED, Visibility.MASKED), id="another manager of the centre"),
        pytest.param("gao", hidden(ReasonCode.ROLE_WITHOUT_ACCESS), id="the archive keeper"),
        pytest.param("wu", ((Visibility.WITHHELD, ReasonCode.AGGREGATES_ONLY, 0), (Visibility.WITHHELD, ReasonCode.ROLE_WITHOUT_ACCESS, 0)), id="the branch's officer"),
        pytest.param("officer", ((Visibility.WITHHELD, ReasonCode.AGGREGATES_ONLY, 0), (Visibility.WITHHELD, ReasonCode.ROLE_WITHOUT_ACCESS, 0)), id="head office"),
        pytest.param("tang", None, id="a manager of another branch"),
        pytest.param("nan", None, id="the head of another centre"),
        pytest.param("teller", None, id="a teller"),
        pytest.param("mei", None, id="a partner department"),
        pytest.param("compliance", None, id="compliance without a case"),
        pytest.param("auditor", None, id="audit without a case"),
        pytest.param("sun", None, id="the legal desk without a request"),
        pytest.param("sysadmin", None, id="the system administrator"),
        pytest.param("nobody", None, id="somebody without a role"),
    ],
)  # fmt: skip
async def test_who_sees_assets_and_transactions(bank, seat, who, expected):
    assert await seen(await seat(bank.staff[who]), bank.customers["zhou"]) == expected


@pytest.mark.measure("A11b")
async def test_without_a_purpose_not_even_his_manager(bank, seat):
    desk = await seat(bank.staff["lin"])
    assert await seen(desk, bank.customers["zhou"], None) == hidden(
        ReasonCode.PURPOSE_REQUIRED, Visibility.MASKED
    )


@pytest.mark.measure("A11b")
async def test_a_deputy_sees_while_he_stands_in_and_not_a_second_longer(bank, seat):
    until = bank.now + dt.timedelta(hours=8)
    await Delegation.create(
        principal=bank.staff["lin"], deputy=bank.staff["luo"], reason="leave",
        valid_from=bank.now, valid_to=until, recorded_at=bank.now,
    )  # fmt: skip
    luo, zhou = bank.staff["luo"], bank.customers["zhou"]
    before = await seat(luo, bank.now - dt.timedelta(seconds=1))
    assert await seen(before, zhou) == hidden(ReasonCode.NOT_ASSIGNED, Visibility.MASKED)
    assert await seen(await seat(luo, bank.now), zhou) == SHOWN
    assert await seen(await seat(luo, until - dt.timedelta(seconds=1)), zhou) == SHOWN
    assert await seen(await seat(luo, until), zhou) == hidden(ReasonCode.NOT_ASSIGNED, Visibility.MASKED)


@pytest.mark.measure("A11b")
async def test_nobody_reads_his_own_or_a_relatives_file(bank, seat):
    lin, zhou = bank.staff["lin"], bank.customers["zhou"]
    await Recusal.create(person_id=lin.person_id, customer_id=zhou.id, relation="SPOUSE", recorded_at=START)
    assert await seen(await seat(lin), zhou) == hidden(ReasonCode.RECUSED)


@pytest.mark.measure("A11b")
@pytest.mark.parametrize("who", ["officer", "wu", "gao"])
async def test_what_is_hidden_cannot_be_asked_for_by_filter_or_order(bank, seat, who):
    desk = await seat(bank.staff[who])
    probes = (
        {"where": Condition("average_savings", Op.GE, 1)},
        {"order": (Order("loan_balance"),)},
    )
    for probe in probes:
        with pytest.raises(FilterRefused) as refusal:
            await desk.read(Selection("customer", page=Page(first=1), purpose=ADVICE, **probe))
        assert refusal.value.code == "FILTER_NOT_ALLOWED"
    assert await AccessRecord.filter(decision="REFUSE", code="FILTER_NOT_ALLOWED").count() == 2


@pytest.mark.measure("A11b")
async def test_a_release_leaves_a_receipt_without_a_value(bank, seat):
    await seen(await seat(bank.staff["lin"]), bank.customers["zhou"])
    (receipt,) = await AccessRecord.all()
    assert (receipt.decision, receipt.resource, receipt.purpose, receipt.basis) == (
        "ALLOW", "customer", "ADVICE", "assignment",
    )  # fmt: skip
    assert receipt.customer_id == bank.customers["zhou"].id
    assert "ASSET.VISIBLE" in receipt.record
    for value in ("800000", "80000000", "周明", "10000"):
        assert value not in receipt.record


@pytest.mark.measure("A3b")
async def test_secrecy_begins_with_the_name(bank, seat):
    names = Selection("customer", sections=(Section("name", DataClass.NAME, ("name",)),), page=Page(first=10))
    officer = (await (await seat(bank.staff["officer"])).read(names)).rows
    assert [(row["name"]["visibility"], row["name"]["name"]) for row in officer] == [
        (Visibility.WITHHELD, None)
    ] * 3
    assert (await (await seat(bank.staff["nobody"])).read(names)).rows == []


async def stored(url: str) -> bytes:
    """Everything the database holds, as bytes: the embedded file with its journal, or every row as text."""
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite://")).parent
        return b"".join(path.read_bytes() for path in folder.iterdir())
    tables = await connection().execute_query_dict(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    rows = [
        row["line"]
        for table in tables
        for row in await connection().execute_query_dict(
            f'SELECT t::text AS line FROM "{table["tablename"]}" t'
        )
    ]
    return "\n".join(rows).encode()


@pytest.mark.measure("A11a")
async def test_sealed_columns_are_nowhere_in_the_database(bank, db):
    everything = await stored(db)
    for secret in ("11010519491231002X", "13900139000", "6217000010000000001", "东大街100号"):
        assert secret.encode() not in everything
        assert secret.encode().hex().encode() not in everything
    assert "周明".encode() in everything
