"""The codes the converted bank goes by. They follow from the source's ids, so a second run gives the same bank.

| what | code | example |
|---|---|---|
| head office | `HQ` | `HQ` |
| region, tier-1 | `T` and its place in district.asc | `T02` |
| district, tier-2 | `D` and the district id | `D001` |
| wealth centre of a district | the district and `W` | `D001W` |
| staff | the office (a centre's staff: the district) and the post of `people.py` | `D001M1` |
| customer | `K` and the client id | `K000001` |
| account | `1999` and the account id, 16 digits | `1999000000000001` |
| identity document | `PKDD99C` and the client id, `PKDD99S` and the staff number | `PKDD99C000001` |
"""

from __future__ import annotations

CURRENCY = "CZK"
HEAD_OFFICE = "HQ"


def region_code(place: int) -> str:
    return f"T{place:02d}"


def district_code(district_id: int) -> str:
    return f"D{district_id:03d}"


def centre_code(district_id: int) -> str:
    return f"{district_code(district_id)}W"


def customer_number(client_id: int) -> str:
    return f"K{client_id:06d}"


def account_number(account_id: int) -> str:
    return f"1999{account_id:012d}"


def customer_document(client_id: int) -> str:
    """The identity document is the client id: several clients share a birth number."""
    return f"PKDD99C{client_id:06d}"


def staff_document(number: str) -> str:
    return f"PKDD99S{number}"
