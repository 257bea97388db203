"""Identity documents: who is found by one, by whom, and what the look-up leaves in the trail."""

from __future__ import annotations

import orjson
import pytest

from desk.errors import NotFound
from desk.identity import look_up_identity
from desk.selection import Purpose
from models.customers import Customer
from models.people import Recusal
from models.trail import AccessRecord
from models.vault import identity_text, vault
from tests.conftest import NOW
from tests.digest import changed, digest, refused

COUNTER = Purpose("IDENTITY_CHECK", "at the counter")
FENG, NOBODYS = "320102199003078318", "110105194912310038"


@pytest.fixture
async def feng(bank):
    """Feng under a number whose check character is right."""
    index = vault().index("identity", identity_text("RESIDENT_ID", FENG))
    await Customer.filter(id=bank.customers["feng"].id).update(identity_index=index)


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x"])
async def test_who_is_found_by_his_document(bank, seat, number):
    desk = await seat(bank.staff["luo"])
    before = await digest()
    found = await look_up_identity(desk, kind="RESIDENT_ID", number=number, purpose=COUNTER)
    assert found.id == bank.customers["zhou"].id
    assert changed(before, await digest()) == {"access_record": 1}
    record = await AccessRecord.get()
    assert (record.operation, record.decision, record.purpose) == (
        "lookUpIdentity",
        "ALLOW",
        "IDENTITY_CHECK",
    )
    assert (record.customer_id, record.object_id) == (found.id, found.id)
    said = orjson.loads(record.record)
    assert said["purposes"] == [["IDENTITY_CHECK", "at the counter"]]


@pytest.mark.parametrize(
    ("who", "number", "code"),
    [
        pytest.param("luo", FENG, "NOT_FOUND", id="a customer of another branch"),
        pytest.param("luo", NOBODYS, "NOT_FOUND", id="nobody's number"),
        pytest.param("han", FENG, "NOT_FOUND", id="another branch for the head"),
        pytest.param("luo", "110105194912310021", "BAD_RESIDENT_ID", id="a wrong number"),
        pytest.param("wu", "11010519491231002X", "FORBIDDEN", id="an officer"),
        pytest.param("gao", "11010519491231002X", "FORBIDDEN", id="the archive keeper"),
        pytest.param("secadmin", "11010519491231002X", "FORBIDDEN", id="an administrator"),
        pytest.param("nobody", "11010519491231002X", "FORBIDDEN", id="nobody"),
    ],
)
async def test_who_is_not_found(bank, feng, seat, who, number, code):
    desk = await seat(bank.staff[who])
    async with refused(code, desk):
        await look_up_identity(desk, kind="RESIDENT_ID", number=number, purpose=COUNTER)


async def test_hidden_and_absent_leave_the_same_answer_and_the_same_record(bank, feng, seat):
    desk = await seat(bank.staff["luo"])
    answers = []
    for number in (FENG, NOBODYS):
        with pytest.raises(NotFound) as caught:
            await look_up_identity(desk, kind="RESIDENT_ID", number=number, purpose=COUNTER)
        answers.append(str(caught.value))
    assert answers[0] == answers[1]
    one, two = [orjson.loads(row.record) | {"id": "", "at": ""} for row in await AccessRecord.all()]
    assert one == two
    assert one["purposes"] == [["IDENTITY_CHECK", "at the counter"]]


async def test_a_recused_person_does_not_learn_that_his_relative_is_a_customer(bank, seat):
    await Recusal.create(
        person_id=bank.staff["luo"].person_id,
        customer_id=bank.customers["zhou"].id,
        relation="SIBLING",
        recorded_at=NOW,
    )
    desk = await seat(bank.staff["luo"])
    async with refused("NOT_FOUND", desk):
        await look_up_identity(desk, kind="RESIDENT_ID", number="11010519491231002X", purpose=COUNTER)


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        ("RESIDENT_ID", Purpose("CURIOSITY")),
        ("LIBRARY_CARD", COUNTER),
        ("RESIDENT_ID", Purpose("ADVICE", "x" * 201)),
    ],
)
async def test_a_look_up_needs_a_known_kind_and_purpose(bank, seat, kind, purpose):
    desk = await seat(bank.staff["luo"])
    async with refused("BAD_USER_INPUT", desk):
        await look_up_identity(desk, kind=kind, number="11010519491231002X", purpose=purpose)


async def test_the_trail_holds_no_number(bank, seat):
    number = "11010519491231002X"
    await look_up_identity(await seat(bank.staff["luo"]), kind="RESIDENT_ID", number=number, purpose=COUNTER)
    with pytest.raises(NotFound):
        await look_up_identity(
            await seat(bank.staff["nan"]), kind="RESIDENT_ID", number=number, purpose=COUNTER
        )
    assert all(number not in row.record for row in await AccessRecord.all())
