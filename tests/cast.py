"""The named cast: a bank so small that every test can hold it in mind.

    HQ > Sichuan > Chengdu (owner, centre CDW, outlet) and its neighbour Mianyang; HQ > Jiangsu > Nanjing (centre NJW)

Zhou is Lin's customer and Qian is Luo's, both owned by Chengdu; Feng is Tang's, owned by Nanjing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from authz import Role
from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, Spend, TransactionLine
from models.customers import Customer, ManagerAssignment, Ownership
from models.institutions import Institution, Placement, SupervisionLine
from models.people import Assignment, Person, Staff
from models.vault import identity_text, mask_account, mask_address, mask_identity, mask_mobile, vault
from models.vocabulary import Department, InstitutionKind, Level

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
IMPORT = UUID("00000000-0000-4000-8000-0000000000ff")

PLACES = (
    ("HQ", "总行", Level.HEAD_OFFICE, InstitutionKind.BRANCH, None),
    ("SC", "四川省分行", Level.TIER1, InstitutionKind.BRANCH, "HQ"),
    ("JS", "江苏省分行", Level.TIER1, InstitutionKind.BRANCH, "HQ"),
    ("CD", "成都分行", Level.TIER2, InstitutionKind.BRANCH, "SC"),
    ("MY", "绵阳分行", Level.TIER2, InstitutionKind.BRANCH, "SC"),
    ("NJ", "南京分行", Level.TIER2, InstitutionKind.BRANCH, "JS"),
    ("CDW", "成都理财中心", Level.TIER2, InstitutionKind.WEALTH_CENTRE, "CD"),
    ("NJW", "南京理财中心", Level.TIER2, InstitutionKind.WEALTH_CENTRE, "NJ"),
    ("CDJ", "锦江支行", Level.SUB_BRANCH, InstitutionKind.BRANCH, "CD"),
    ("CDO", "春熙路网点", Level.OUTLET, InstitutionKind.BRANCH, "CDJ"),
)
_PB, _WC = Department.PERSONAL_BANKING, Department.WEALTH_CENTRE
PEOPLE = (
    ("lin", "林晓", Role.CUST_MGR, "CDW", _WC),
    ("luo", "罗丹", Role.CUST_MGR, "CDW", _WC),
    ("han", "韩梅", Role.WC_HEAD, "CDW", _WC),
    ("gao", "高洁", Role.ARCHIVE_KEEPER, "CDW", _WC),
    ("he", "何静", Role.CARD_CUSTODIAN, "CDW", _WC),
    ("zhao", "赵磊", Role.CARD_SUPERVISOR, "CDW", _WC),
    ("teller", "田力", Role.TELLER, "CDO", Department.OPERATIONS),
    ("wu", "吴敏", Role.PB_OFFICER, "CD", _PB),
    ("bai", "白露", Role.FILING_RECORDER, "CD", _PB),
    ("bo", "薄云", Role.FILING_RECORDER, "CD", Department.OPERATIONS),
    ("cheng", "程远", Role.FILING_RECORDER, "SC", _PB),
    ("mian", "米安", Role.FILING_RECORDER, "MY", _PB),
    ("deng", "邓凯", Role.EXC_APPROVER, "SC", _PB),
    ("sun", "孙岩", Role.LEGAL_LIAISON, "SC", Department.LEGAL_COMPLIANCE),
    ("officer", "欧阳", Role.HQ_POLICY, "HQ", _PB),
    ("approver", "安平", Role.HQ_POLICY_APPR, "HQ", _PB),
    ("compliance", "康宁", Role.COMPLIANCE, "HQ", Department.LEGAL_COMPLIANCE),
    ("auditor", "敖云", Role.AUDITOR, "HQ", Department.INTERNAL_AUDIT),
    ("mei", "梅兰", Role.PARTNER_STAFF, "HQ", Department.OPERATIONS),
    ("sysadmin", "施明", Role.SYS_ADMIN, "HQ", Department.TECHNOLOGY),
    ("secadmin", "沈安", Role.SEC_ADMIN, "HQ", Department.TECHNOLOGY),
    ("logadmin", "罗志", Role.LOG_ADMIN, "HQ", Department.TECHNOLOGY),
    ("tang", "唐宁", Role.CUST_MGR, "NJW", _WC),
    ("nan", "南风", Role.WC_HEAD, "NJW", _WC),
    ("nobody", "吴明", None, "CD", _WC),
)
CUSTOMERS = (
    ("zhou", "周明", "11010519491231002X", "CD", "lin"),
    ("qian", "钱芳", "440524188001010014", "CD", "luo"),
    ("feng", "冯远", "320102199003078316", "NJ", "tang"),
)


@dataclass(slots=True)
class Cast:
    """`cast.staff["lin"]`, `cast.places["CD"]`, `cast.customers["zhou"]`."""

    now: dt.datetime
    places: dict[str, Institution] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)


async def build(now: dt.datetime) -> Cast:
    cast = Cast(now)
    await _places(cast)
    await _people(cast)
    for number, row in enumerate(CUSTOMERS, start=1):
        await _customer(cast, number, *row)
    return cast


async def _places(cast: Cast) -> None:
    for number, (code, name, level, kind, parent) in enumerate(PLACES, start=1):
        place = Institution(number=number, code=code, name=name, level=level, kind=kind)
        place.place_under(cast.places[parent] if parent else None)
        await place.save()
        await Placement.create(
            institution=place, parent_id=place.parent_id, path=place.path, valid_from=START, recorded_at=START
        )
        cast.places[code] = place


def sealed(table: str, column: str, row_id: UUID, text: str) -> bytes:
    return vault().seal(table, column, row_id, text)


async def person(identity: str) -> Person:
    row_id = uuid4()
    return await Person.create(
        id=row_id,
        identity_kind="OTHER",
        identity_cipher=sealed("person", "identity_cipher", row_id, identity),
        identity_mask=mask_identity(identity),
        identity_index=vault().index("identity", identity_text("OTHER", identity)),
    )


async def staff_member(key: str, name: str, who: Person | None = None) -> Staff:
    who = who or await person(f"STAFF-{key}")
    return await Staff.create(number=f"S-{key}", name=name, person=who)


async def _people(cast: Cast) -> None:
    for key, name, role, place, department in PEOPLE:
        staff = cast.staff[key] = await staff_member(key, name)
        if role is not None:
            await Assignment.create(
                staff=staff,
                role=role,
                institution=cast.places[place],
                department=department,
                full_time=True,
                valid_from=START,
                recorded_at=START,
            )
    await SupervisionLine.create(
        supervisor_id=cast.staff["zhao"].id, staff_id=cast.staff["he"].id, valid_from=START, recorded_at=START
    )


def customer_fields(key: str, identity: str, kind: str = "RESIDENT_ID") -> dict[str, Any]:
    row_id = uuid4()
    mobile, address = "13900139000", "四川省成都市锦江区东大街100号"
    return {
        "id": row_id,
        "identity_kind": kind,
        "identity_cipher": sealed("customer", "identity_cipher", row_id, identity),
        "identity_mask": mask_identity(identity),
        "identity_index": vault().index("identity", identity_text(kind, identity)),
        "mobile_cipher": sealed("customer", "mobile_cipher", row_id, mobile),
        "mobile_mask": mask_mobile(mobile),
        "mobile_index": vault().index("mobile", mobile),
        "address_cipher": sealed("customer", "address_cipher", row_id, address),
        "address_mask": mask_address(address),
    }


async def _customer(
    cast: Cast, number: int, key: str, name: str, identity: str, owner: str, manager: str
) -> None:
    place = cast.places[owner]
    customer = cast.customers[key] = await Customer.create(
        number=f"C{number:06}",
        name=name,
        gender="MALE",
        birth_date=dt.date(1980, 1, 1),
        nationality="CHN",
        occupation="工程师",
        employer="某公司",
        opened_on=dt.date(2015, 1, 1),
        owner=place,
        owner_path=place.path,
        tier1_id=place.parent_id,
        tier2_id=place.id,
        **customer_fields(key, identity),
    )
    await Ownership.create(
        customer=customer, owner_id=place.id, valid_from=START, recorded_at=START, reason="opened"
    )
    await ManagerAssignment.create(
        customer=customer, manager=cast.staff[manager], valid_from=START, recorded_at=START
    )
    await _figures(cast, number, key, customer, place)


async def _figures(cast: Cast, number: int, key: str, customer: Customer, place: Institution) -> None:
    text, row_id = f"62170000100000000{number:02}", uuid4()
    account = cast.accounts[key] = await Account.create(
        id=row_id,
        serial=number,
        customer=customer,
        institution=place,
        kind="SAVINGS",
        currency="CNY",
        opened_on=dt.date(2015, 1, 1),
        balance_kind="DAY_END",
        number_cipher=sealed("account", "number_cipher", row_id, text),
        number_mask=mask_account(text),
        number_index=vault().index("account", text),
    )
    await AccountHolder.create(account=account, customer=customer, role="OWNER")
    common: dict[str, Any] = {"import_id": IMPORT, "recorded_at": START}
    await Balance.create(
        account_serial=number, kind="DAY_END", day=dt.date(2025, 1, 1), amount=600_000_00 + number, **common
    )
    for line in range(3):
        await TransactionLine.create(
            account_serial=number,
            reference=f"T{line}",
            day=dt.date(2026, 10, 1 + line),
            direction="DEBIT",
            kind="card",
            amount=100_00 + line,
            balance_after=600_000_00,
            summary="消费",
            **common,
        )
    await Spend.create(
        account_serial=number, month=dt.date(2026, 10, 1), kind="card", amount=8_800_00 + number, **common
    )
    loan = await Loan.create(
        number=f"L{number}",
        customer=customer,
        institution=place,
        currency="CNY",
        granted_on=dt.date(2024, 1, 1),
        principal=900_000_00,
        term_months=120,
    )
    await LoanStanding.create(
        loan=loan,
        as_of=dt.date(2026, 10, 31),
        outstanding=800_000_00,
        classification="NORMAL",
        overdue=0,
        **common,
    )
