"""The first administrators of an empty house, and nobody after them without two people."""

from __future__ import annotations

import asyncio

import pytest

from authz import Role
from desk.desk import Desk, adopt
from desk.people.founding import create_admin
from desk.people.signing import sign_in
from models.errors import Refusal
from models.institutions import Institution, Placement
from models.people import Assignment, Credential, Person, Staff
from models.trail import AccessRecord
from models.vault import vault
from tests.conftest import NOW
from tests.digest import changed, digest

FIRST = {
    "number": "A001",
    "name": "施明",
    "identity_kind": "RESIDENT_ID",
    "identity_number": "11010519491231002X",
    "role": "sys_admin",
    "password": "correct horse 42",
    "now": NOW,
}
SECOND = FIRST | {
    "number": "A002",
    "name": "沈安",
    "identity_number": "440524188001010014",
    "role": "sec_admin",
}


async def test_the_first_administrator_brings_head_office_with_him(db, policy):
    await adopt(policy)
    staff = await create_admin(**FIRST, head_office_code="100", head_office_name="总行")
    place = await Institution.get()
    assert (place.code, place.name, place.level, place.path, place.acting_path) == (
        "100",
        "总行",
        "HEAD_OFFICE",
        "/1/",
        "/1/",
    )
    assert (await Placement.get()).path == "/1/"
    person = await Person.get()
    assert person.identity_mask == "110***********002X"
    sealed = bytes(person.identity_cipher)
    assert vault().open("person", "identity_cipher", person.id, sealed) == "11010519491231002X"
    signed = await sign_in("A001", "correct horse 42", "local", NOW)
    desk = await Desk.take(policy, signed.staff_id, NOW, session_id=signed.session_id)
    assert [(seat.role, seat.path) for seat in desk.actor.seats] == [(Role.SYS_ADMIN, "/1/")]
    record = await AccessRecord.get(operation="createAdmin")
    assert (record.staff_id, record.object_id) == (None, staff.id)
    assert "correct horse" not in record.record


async def test_two_persons_found_a_house_at_one_head_office(db, policy):
    await create_admin(**FIRST)
    await create_admin(**SECOND)
    assert await Institution.all().count() == 1
    assert set(await Assignment.all().values_list("role", flat=True)) == {"sys_admin", "sec_admin"}


async def refused(code: str, **said) -> None:
    before = await digest()
    with pytest.raises(Refusal) as caught:
        await create_admin(**said)
    assert caught.value.code == code
    assert changed(before, await digest()) == {}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"role": "wc_head"}, "BAD_USER_INPUT", id="a business role"),
        pytest.param({"role": "king"}, "BAD_USER_INPUT", id="no role"),
        pytest.param({"number": " "}, "BAD_USER_INPUT", id="no number"),
        pytest.param({"number": "A001"}, "BAD_USER_INPUT", id="a number that is taken"),
        pytest.param({"name": ""}, "BAD_USER_INPUT", id="no name"),
        pytest.param({"identity_kind": "LIBRARY_CARD"}, "BAD_USER_INPUT", id="no document"),
        pytest.param({"identity_number": "440524188001010015"}, "BAD_RESIDENT_ID", id="a wrong document"),
        pytest.param(
            {"identity_number": FIRST["identity_number"]}, "SECURITY_WITH_BUSINESS", id="one person"
        ),
        pytest.param({"password": "password1"}, "COMMON_PASSWORD", id="a common password"),
        pytest.param({"password": "short"}, "BAD_PASSWORD", id="a short password"),
        pytest.param({"role": "sys_admin"}, "ALREADY_FOUNDED", id="a role that is held"),
    ],
)
async def test_what_founds_nothing(db, policy, said, code):
    await create_admin(**FIRST)
    await refused(code, **SECOND | said)


async def test_a_staffed_house_is_not_founded_again(bank):
    for role in ("sys_admin", "sec_admin", "log_admin"):
        await refused("ALREADY_FOUNDED", **SECOND | {"role": role})


async def test_a_house_whose_administrators_have_all_left_is_founded_anew(bank):
    await Staff.filter(id=bank.staff["secadmin"].id).update(left_at=NOW)
    await create_admin(**SECOND)
    assert await Credential.all().count() == 1
    assert await Institution.all().count() == len(bank.places)


async def test_of_two_foundings_at_once_one_counts(db, policy):
    both = [create_admin(**FIRST), create_admin(**SECOND | {"role": "sys_admin"})]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(it).__name__ for it in outcomes) == ["AlreadyFounded", "Staff"]
    assert await Assignment.all().count() == 1
