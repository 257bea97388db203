"""Clients as customers, with their managers, accounts and further holders.

A customer's owning branch is the district where the account he owns was opened, wherever he lives. A disponent
owns no account: his branch is the district of the account he disposes of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from examples.csv_files import Row
from examples.pkdd99.cells import SourceError, parse_day
from examples.pkdd99.codes import CURRENCY, account_number, customer_document, customer_number, district_code
from examples.pkdd99.names import mobile_number, person_name
from examples.pkdd99.people import MANAGERS, staff_number
from examples.pkdd99.source import DISPONENT, Account, Client, Source
from models.vocabulary import AccountKind, Gender, HolderRole, IdentityKind

SERVED_FROM = "1993-01-01"
NATIONALITY = "CZE"
_WOMAN = 50
"""Added to the month in a woman's birth number."""


def birth(client: Client) -> tuple[date, Gender]:
    """Day of birth and gender by the birth number, YYMMDD with month + 50 for women."""
    number = client.birth_number
    try:
        month = int(number[2:4])
        woman = month > _WOMAN
        day = parse_day(f"{number[:2]}{month - _WOMAN if woman else month:02d}{number[4:]}")
    except ValueError:
        raise SourceError(
            f"client.asc: client {client.id}: {number!r} is not a birth number YYMMDD. Fetch the file again."
        ) from None
    return day, Gender.FEMALE if woman else Gender.MALE


def home_accounts(source: Source) -> dict[int, Account]:
    """The account that decides where each client belongs."""
    accounts = {account.id: account for account in source.accounts}
    return {client: accounts[account] for client, account in source.home_accounts().items()}


def customer_rows(source: Source) -> Iterator[Row]:
    """`opened_on` is the day of the account, also where it is later than the day the bank is looked at.

    Address and mobile are made up, the address in the district where the client lives.
    """
    homes = home_accounts(source)
    names = {district.id: district.name for district in source.districts}
    for client in source.clients:
        born, gender = birth(client)
        home = homes[client.id]
        yield {
            "number": customer_number(client.id),
            "name": person_name(f"client {client.id}", woman=gender is Gender.FEMALE),
            "identity_kind": IdentityKind.OTHER.value,
            "identity_number": customer_document(client.id),
            "gender": gender.value,
            "birth_date": born.isoformat(),
            "nationality": NATIONALITY,
            "mobile": mobile_number("139", client.id),
            "address": f"捷克{names[client.district_id]}区第{client.id % 89 + 1}街{client.id % 211 + 1}号",
            "owner_code": district_code(home.district_id),
            "opened_on": home.opened_on.isoformat(),
        }


def manager_rows(source: Source) -> Iterator[Row]:
    """The clients of a district go to its managers in turn, by client id."""
    homes = home_accounts(source)
    served: dict[int, int] = {}
    for client in sorted(source.clients, key=lambda client: client.id):
        district = homes[client.id].district_id
        turn = served.get(district, 0)
        served[district] = turn + 1
        yield {
            "customer_number": customer_number(client.id),
            "manager_number": staff_number(district_code(district), MANAGERS[turn % len(MANAGERS)]),
            "valid_from": SERVED_FROM,
        }


def account_rows(source: Source) -> Iterator[Row]:
    owners = source.owners()
    for account in source.accounts:
        yield {
            "number": account_number(account.id),
            "customer_number": customer_number(owners[account.id]),
            "institution_code": district_code(account.district_id),
            "kind": AccountKind.SAVINGS.value,
            "currency": CURRENCY,
            "opened_on": account.opened_on.isoformat(),
        }


def holder_rows(source: Source) -> Iterator[Row]:
    """Disponents only: the owner stands in the account."""
    for disposition in source.dispositions:
        if disposition.role == DISPONENT:
            yield {
                "account_number": account_number(disposition.account_id),
                "customer_number": customer_number(disposition.client_id),
                "role": HolderRole.DISPONENT.value,
            }


def living_elsewhere(source: Source) -> int:
    """Owners whose own district is not that of their account."""
    districts = {account.id: account.district_id for account in source.accounts}
    lives = {client.id: client.district_id for client in source.clients}
    return sum(lives[client] != districts[account] for account, client in source.owners().items())
