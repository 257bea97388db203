"""The first administrators of an empty house, made on the command line, because nobody could propose them."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from authz import Role
from desk.actors import HOUSE_ID
from desk.people.given import open_after
from desk.people.passwords import acceptable, hashed, store
from desk.people.separation import together
from desk.people.sessions import write_without_desk
from desk.trail import ALLOW, Entry
from models.errors import BadInput, Refusal
from models.institutions import House, Institution, Placement
from models.numbers import resident_id
from models.people import Assignment, Person, Staff
from models.vault import identity_text, mask_identity, vault
from models.vocabulary import Department, IdentityKind, InstitutionKind, Level
from models.wording import worded

FOUNDERS = frozenset({Role.LOG_ADMIN, Role.SEC_ADMIN, Role.SYS_ADMIN})


class AlreadyFounded(Refusal):
    """Somebody holds this role, so the ordinary way is open: a proposal and its execution."""

    code = "ALREADY_FOUNDED"
    article = "4.2"


async def create_admin(
    *,
    number: str,
    name: str,
    identity_kind: str,
    identity_number: str,
    role: str,
    password: str,
    now: dt.datetime,
    head_office_code: str = "HQ",
    head_office_name: str = "Head office",
) -> Staff:
    """Make the first holder of an administrator's role: sys_admin, sec_admin or log_admin, at head office.

    For the command line, by whoever operates the machine; one record in the trail, of nobody. While somebody who
    has not left holds the role, ALREADY_FOUNDED. One person holds one such role: SECURITY_WITH_BUSINESS. Without
    a head office one is made, with this code, so that an import of institutions finds it there and gives it its
    name. BAD_USER_INPUT, BAD_RESIDENT_ID, BAD_PASSWORD, COMMON_PASSWORD.
    """
    wanted = _role(role)
    number = worded(number, 32, "number", required=True)
    name = worded(name, 120, "name", required=True)
    kind, document = _document(identity_kind, identity_number, now)
    password_hash = await hashed(acceptable(password, number))
    async with in_transaction():
        # One founding at a time.
        await House.filter(id=HOUSE_ID).select_for_update().get()
        await _must_be_vacant(wanted)
        if await Staff.filter(number=number).exists():
            raise BadInput(f"Staff number {number} is taken. Choose another.", field="number")
        person = await _person(kind, document)
        held = await Assignment.filter(open_after(now), staff__person_id=person.id)
        together({wanted, *(Role(row.role) for row in held)})
        place = await _head_office(head_office_code, head_office_name, now)
        staff = await Staff.create(number=number, name=name, person=person)
        await Assignment.create(
            staff=staff,
            role=wanted,
            institution=place,
            department=Department.TECHNOLOGY,
            valid_from=now,
            recorded_at=now,
        )
        await store(staff, password_hash, now, must_change=False)
        entry = Entry("createAdmin", ALLOW, "staff", object_id=staff.id, more={"role": str(wanted)})
        await write_without_desk(entry, None, None, now)
    return staff


def _role(role: str) -> Role:
    if role not in FOUNDERS:
        raise BadInput(
            f"Only these are made without a proposal: {', '.join(sorted(FOUNDERS))}.", field="role"
        )
    return Role(role)


def _document(kind: str, number: str, now: dt.datetime) -> tuple[IdentityKind, str]:
    if kind not in tuple(IdentityKind):
        raise BadInput(f"identityKind is none of: {', '.join(IdentityKind)}.", field="identityKind")
    text = worded(number, 40, "identityNumber", required=True)
    if kind == IdentityKind.RESIDENT_ID:
        text = resident_id(text, now.date()).number
    return IdentityKind(kind), text


async def _must_be_vacant(role: Role) -> None:
    """Nobody at work, or merely suspended, holds it. When all have left, the house is founded anew."""
    if await Assignment.filter(
        Q(ended_at__isnull=True), role=str(role), staff__left_at__isnull=True
    ).exists():
        raise AlreadyFounded(
            f"Somebody holds the role {role}. Let a head propose another and the security administrator execute it."
        )


async def _person(kind: IdentityKind, number: str) -> Person:
    index = vault().index("identity", identity_text(kind, number))
    known = await Person.get_or_none(identity_index=index)
    if known is not None:
        return known
    row_id = uuid4()
    return await Person.create(
        id=row_id,
        identity_kind=kind,
        identity_cipher=vault().seal("person", "identity_cipher", row_id, number),
        identity_mask=mask_identity(number),
        identity_index=index,
    )


async def _head_office(code: str, name: str, now: dt.datetime) -> Institution:
    known = await Institution.get_or_none(level=Level.HEAD_OFFICE, kind=InstitutionKind.BRANCH)
    if known is not None:
        return known
    place = Institution(
        number=1,
        code=worded(code, 32, "headOfficeCode", required=True),
        name=worded(name, 120, "headOfficeName", required=True),
        level=Level.HEAD_OFFICE,
        kind=InstitutionKind.BRANCH,
    )
    place.place_under(None)
    await place.save()
    await Placement.create(
        institution=place, path=place.path, valid_from=now, recorded_at=now, reason="founded"
    )
    return place
