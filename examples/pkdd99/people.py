"""Staff of the converted bank: every role of the house is held by somebody, each post by a person of its own.

A staff number is the office and the post. The converter prints the same list (`scheme`).

| office | posts |
|---|---|
| district, e.g. D001, at its wealth centre D001W | H wc_head, M1 and M2 cust_mgr, K archive_keeper, C card_custodian, S card_supervisor |
| district, at the branch itself | B pb_officer, R filing_recorder, T teller |
| region, e.g. T01 | B pb_officer, R filing_recorder, E exc_approver, C complaint_officer, L legal_liaison, A legal_approver, P compliance, I auditor |
| head office HQ | N hq_policy, V hq_policy_appr, R filing_recorder, P compliance, D dpo, I auditor, Y sys_admin, S sec_admin, G log_admin, F partner_staff, H partner_head |

A filing goes to a personal banking department of tier-2 or above and is recorded by somebody else, so a district has
both its B and its R there. Nobody holds two posts, so the security officer holds no business role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from authz.words import Role
from examples.csv_files import Row
from examples.pkdd99.codes import HEAD_OFFICE, centre_code, district_code, staff_document
from examples.pkdd99.names import mobile_number, person_name
from examples.pkdd99.places import region_codes
from examples.pkdd99.source import Source
from models.vocabulary import Department, IdentityKind

HELD_FROM = "1992-01-01"
MANAGERS = ("M1", "M2")

CENTRE_POSTS = {
    "H": (Role.WC_HEAD, Department.WEALTH_CENTRE),
    "M1": (Role.CUST_MGR, Department.WEALTH_CENTRE),
    "M2": (Role.CUST_MGR, Department.WEALTH_CENTRE),
    "K": (Role.ARCHIVE_KEEPER, Department.WEALTH_CENTRE),
    "C": (Role.CARD_CUSTODIAN, Department.WEALTH_CENTRE),
    "S": (Role.CARD_SUPERVISOR, Department.WEALTH_CENTRE),
}
DISTRICT_POSTS = {
    "B": (Role.PB_OFFICER, Department.PERSONAL_BANKING),
    "R": (Role.FILING_RECORDER, Department.PERSONAL_BANKING),
    "T": (Role.TELLER, Department.OPERATIONS),
}
REGION_POSTS = {
    "B": (Role.PB_OFFICER, Department.PERSONAL_BANKING),
    "R": (Role.FILING_RECORDER, Department.PERSONAL_BANKING),
    "E": (Role.EXC_APPROVER, Department.PERSONAL_BANKING),
    "C": (Role.COMPLAINT_OFFICER, Department.PERSONAL_BANKING),
    "L": (Role.LEGAL_LIAISON, Department.LEGAL_COMPLIANCE),
    "A": (Role.LEGAL_APPROVER, Department.LEGAL_COMPLIANCE),
    "P": (Role.COMPLIANCE, Department.LEGAL_COMPLIANCE),
    "I": (Role.AUDITOR, Department.INTERNAL_AUDIT),
}
HEAD_OFFICE_POSTS = {
    "N": (Role.HQ_POLICY, Department.PERSONAL_BANKING),
    "V": (Role.HQ_POLICY_APPR, Department.PERSONAL_BANKING),
    "R": (Role.FILING_RECORDER, Department.PERSONAL_BANKING),
    "P": (Role.COMPLIANCE, Department.LEGAL_COMPLIANCE),
    "D": (Role.DPO, Department.LEGAL_COMPLIANCE),
    "I": (Role.AUDITOR, Department.INTERNAL_AUDIT),
    "Y": (Role.SYS_ADMIN, Department.TECHNOLOGY),
    "S": (Role.SEC_ADMIN, Department.TECHNOLOGY),
    "G": (Role.LOG_ADMIN, Department.TECHNOLOGY),
    "F": (Role.PARTNER_STAFF, Department.OPERATIONS),
    "H": (Role.PARTNER_HEAD, Department.OPERATIONS),
}
Posts = dict[str, tuple[Role, Department]]

SUPERVISED = (("H", "M1"), ("H", "M2"), ("H", "K"), ("H", "S"), ("S", "C"))
"""Supervisor and supervised within a centre. The custodian's own supervisor stands between him and the head."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One person in one post."""

    number: str
    role: Role
    department: Department
    institution_code: str


def staff_number(office: str, post: str) -> str:
    return f"{office}{post}"


def holders(source: Source) -> Iterator[Holder]:
    """Everybody who works at the bank, from head office down."""
    yield from _office(HEAD_OFFICE, HEAD_OFFICE, HEAD_OFFICE_POSTS)
    for code in region_codes(source).values():
        yield from _office(code, code, REGION_POSTS)
    for district in source.districts:
        code = district_code(district.id)
        yield from _office(code, code, DISTRICT_POSTS)
        yield from _office(code, centre_code(district.id), CENTRE_POSTS)


def staff_rows(source: Source) -> Iterator[Row]:
    for serial, holder in enumerate(holders(source), start=1):
        yield {
            "number": holder.number,
            "name": person_name(f"staff {holder.number}", woman=serial % 2 == 0),
            "identity_kind": IdentityKind.OTHER.value,
            "identity_number": staff_document(holder.number),
            "mobile": mobile_number("138", serial),
        }


def assignment_rows(source: Source) -> Iterator[Row]:
    for holder in holders(source):
        yield {
            "staff_number": holder.number,
            "role": holder.role.value,
            "institution_code": holder.institution_code,
            "department": holder.department.value,
            "full_time": "true",
            "valid_from": HELD_FROM,
        }


def supervision_rows(source: Source) -> Iterator[Row]:
    for district in source.districts:
        office = district_code(district.id)
        for supervisor, supervised in SUPERVISED:
            yield {
                "supervisor_number": staff_number(office, supervisor),
                "staff_number": staff_number(office, supervised),
                "valid_from": HELD_FROM,
            }


def scheme() -> Iterator[str]:
    """One line for each kind of office: how its staff numbers are made."""
    yield from (
        f"HQ    + {_posts(HEAD_OFFICE_POSTS)}",
        f"T01.. + {_posts(REGION_POSTS)}",
        f"D001..+ {_posts(DISTRICT_POSTS)} (at the branch)",
        f"D001..+ {_posts(CENTRE_POSTS)} (at its wealth centre)",
    )


def _office(office: str, institution_code: str, posts: Posts) -> Iterator[Holder]:
    for post, (role, department) in posts.items():
        yield Holder(staff_number(office, post), role, department, institution_code)


def _posts(posts: Posts) -> str:
    return ", ".join(f"{post} {role.value}" for post, (role, _) in posts.items())
