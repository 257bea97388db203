"""A bank of any size, written by the database itself: the same institutions and people, more or fewer customers.

1 head office, 30 tier-1 and 200 tier-2 branches, 2,000 sub-branches (支行, the lowest level that owns customers) with a
wealth centre each, 13,386 people: 10,000 customer managers, 2,000 heads of centres, 30 officers, 200 recorders, tellers.
Whatever the size, a manager who has customers has 20, a customer has 2 accounts, an account 12 month-end balances.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import asyncpg

from bench.screening import STAMP, STAMPED, Writer
from models import vault

TIER1, TIER2, SUBS = 30, 200, 2_000
FIRST_TIER1, FIRST_TIER2, FIRST_SUB, FIRST_CENTRE = 2, 32, 232, 2_232
MANAGERS, HEADS, RECORDERS, STAFF = 10_000, SUBS, TIER2, 13_386
PORTFOLIO = 20
ACCOUNTS = 2
MONTHS = 12
LINES = 6
"""Transaction lines of an account. Only every tenth manager's customers have them: those who are read, and others."""
LINED = 10
SMALLEST, LARGEST = 2_000, MANAGERS * PORTFOLIO

INSTITUTION, CUSTOMER, ACCOUNT, PERSON, MEMBER = 1, 2, 3, 4, 5
CONSENT, REGISTRATION, MEMBERSHIP, ARCHIVE, SCREENING, EVALUATION, SERVED, SEAT = range(6, 14)

MEASURES = "'00000000-0000-4000-8000-000000000002'::uuid"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红春梅建国志文斌海燕雪峰凯琳"
LAST_MONTH = dt.date(2025, 12, 31)
SINCE = "'2020-01-01 00:00:00+00:00'::timestamptz"
SEALED = "decode(repeat('ab', 47), 'hex')"
"""As long as a sealed identity number, and opens with no key: nobody reads these."""


def tier1_of(sub: str) -> str:
    return f"({FIRST_TIER1} + ({sub}) % {TIER2} % {TIER1})"


def tier2_of(sub: str) -> str:
    return f"({FIRST_TIER2} + ({sub}) % {TIER2})"


def path_of(sub: str) -> str:
    return f"('/1/' || {tier1_of(sub)} || '/' || {tier2_of(sub)} || '/' || ({FIRST_SUB} + ({sub})) || '/')"


async def build_town(w: Writer, customers: int, progress: Callable[[str], None]) -> None:
    """Write the whole town into the open, migrated, empty house. ValueError for a size it cannot have."""
    if not SMALLEST <= customers <= LARGEST or customers % (PORTFOLIO * LINED):
        raise ValueError(
            f"{customers} customers: a multiple of {PORTFOLIO * LINED} from {SMALLEST} to {LARGEST}."
        )
    await institutions(w)
    await people(w)
    progress("institutions and people")
    await owned(w, customers)
    progress("customers and accounts")
    await members(w, customers)
    progress("memberships, archives, managers, evaluations")
    await figures(w, customers, progress)


async def institutions(w: Writer) -> None:
    columns = "id, number, code, name, level, kind, parent_id, path, acting_path"

    async def level(
        first: int, many: int, level: str, kind: str, name: str, parent: str, path: str, acting: str
    ) -> None:
        number = f"({w.n} + {first - 1})"
        above = w.id(INSTITUTION, parent) if parent else "NULL"
        values = f"'I' || {number}, '{name}' || n, '{level}', '{kind}', {above}, {path}, {acting}"
        await w.write("institution", columns, f"{w.id(INSTITUTION, number)}, {number}, {values}", many)

    at = f"({w.n} - 1)"
    await level(1, 1, "HEAD_OFFICE", "BRANCH", "总行", "", "'/1/'", "'/1/'")
    path = f"'/1/' || ({FIRST_TIER1} + {at}) || '/'"
    await level(FIRST_TIER1, TIER1, "TIER1", "BRANCH", "一级分行", "1::bigint", path, path)
    path = f"'/1/' || {tier1_of(at)} || '/' || {tier2_of(at)} || '/'"
    await level(FIRST_TIER2, TIER2, "TIER2", "BRANCH", "二级分行", tier1_of(at), path, path)
    path = path_of(at)
    await level(FIRST_SUB, SUBS, "SUB_BRANCH", "BRANCH", "支行", tier2_of(at), path, path)
    centre = f"{path} || ({FIRST_CENTRE} + {at}) || '/'"
    above = f"({FIRST_SUB} + {at})"
    await level(FIRST_CENTRE, SUBS, "SUB_BRANCH", "WEALTH_CENTRE", "理财中心", above, centre, path)


async def people(w: Writer) -> None:
    """Everybody has a person, a number, and one role at one place."""
    await w.write(
        "person",
        "id, identity_kind, identity_cipher, identity_mask, identity_index",
        f"{w.id(PERSON, w.n)}, 'RESIDENT_ID', {SEALED}, '110***********' || lpad((n % 10000)::text, 4, '0'), 'p' || n",
        STAFF,
    )
    await w.write(
        "staff",
        "id, number, name, person_id",
        f"{w.id(MEMBER, w.n)}, {staff_number(w.n)}, {name_of(w.n)}, {w.id(PERSON, w.n)}",
        STAFF,
    )
    heads, officers = MANAGERS, MANAGERS + HEADS
    recorders, tellers = officers + TIER1, officers + TIER1 + RECORDERS
    role, place, department = "'teller'", f"{FIRST_SUB} + n % {SUBS}", "'OPERATIONS'"
    for over, who, where, part in (
        (recorders, "filing_recorder", f"{FIRST_TIER2} + n - {recorders + 1}", "PERSONAL_BANKING"),
        (officers, "pb_officer", f"{FIRST_TIER1} + n - {officers + 1}", "PERSONAL_BANKING"),
        (heads, "wc_head", f"{FIRST_CENTRE} + n - {heads + 1}", "WEALTH_CENTRE"),
        (0, "cust_mgr", f"{FIRST_CENTRE} + (n - 1) % {SUBS}", "WEALTH_CENTRE"),
    ):
        under = {recorders: tellers, officers: recorders, heads: officers, 0: heads}[over]
        among = f"CASE WHEN n > {over} AND n <= {under} THEN"
        role = f"{among} '{who}' ELSE {role} END"
        place = f"{among} {where} ELSE {place} END"
        department = f"{among} '{part}' ELSE {department} END"
    await w.write(
        "assignment",
        "id, staff_id, role, institution_id, department, valid_from, recorded_at",
        f"{w.id(SEAT, w.n)}, {w.id(MEMBER, w.n)}, {role}, {w.id(INSTITUTION, f'({place})::bigint')}, {department},"
        f" {SINCE}, {SINCE}",
        STAFF,
    )


def staff_number(n: str) -> str:
    return f"'S' || lpad(({n})::text, 6, '0')"


def name_of(n: str) -> str:
    def one_of(letters: str, at: str) -> str:
        return f"substr('{letters}', (1 + ({at}) % {len(letters)})::int, 1)"

    return f"({one_of(SURNAMES, n)} || {one_of(GIVEN, f'{n} / 20 * 7')} || {one_of(GIVEN, f'{n} * 13 / 11')})"


def customer_number(n: str) -> str:
    """Numbers in an order of their own, as they are where accounts were opened by whoever came."""
    return f"'C' || lpad((({n}) * 7919 % 1000003)::text, 9, '0')"


def manager_of(customer: str) -> str:
    """Which manager serves the nth customer, from 1 on."""
    return f"((({customer}) - 1) / {PORTFOLIO} + 1)"


async def owned(w: Writer, customers: int) -> None:
    def sub(customer: str) -> str:
        return f"(({manager_of(customer)} - 1) % {SUBS})"

    at = sub(w.n)
    place = f"({FIRST_SUB} + {at})"
    await w.write(
        "customer",
        "id, number, name, identity_kind, identity_cipher, identity_mask, identity_index, mobile_cipher, mobile_mask,"
        " mobile_index, gender, birth_date, nationality, opened_on, owner_id, owner_path, tier1_id, tier2_id",
        f"{w.id(CUSTOMER, w.n)}, {customer_number(w.n)}, {name_of(w.n)}, 'RESIDENT_ID', {SEALED},"
        f" '110***********' || lpad((n % 10000)::text, 4, '0'), 'i' || n, {SEALED}, '138****' || lpad((n % 10000)::text, 4, '0'),"
        f" 'm' || n, CASE WHEN n % 2 = 0 THEN 'MALE' ELSE 'FEMALE' END, '1960-01-01'::date + n % 12000, 'CHN',"
        f" '2005-01-01'::date + n % 5000, {w.id(INSTITUTION, place)}, {path_of(at)},"
        f" {w.id(INSTITUTION, tier1_of(at))}, {w.id(INSTITUTION, tier2_of(at))}",
        customers,
    )
    owner = f"(({w.n} - 1) / {ACCOUNTS} + 1)"
    await w.write(
        "account",
        "id, number_cipher, number_mask, number_index, customer_id, institution_id, kind, currency, opened_on,"
        " balance_kind, serial",
        f"{w.id(ACCOUNT, w.n)}, {SEALED}, '622588*********' || lpad((n % 10000)::text, 4, '0'), 'a' || n,"
        f" {w.id(CUSTOMER, owner)}, {w.id(INSTITUTION, f'({FIRST_SUB} + {sub(owner)})')},"
        " CASE WHEN n % 2 = 0 THEN 'TERM_DEPOSIT' ELSE 'SAVINGS' END, 'CNY', '2012-03-04'::date + n % 3000,"
        " 'DAY_END', n",
        ACCOUNTS * customers,
    )


async def members(w: Writer, customers: int) -> None:
    """Every customer is a member, by the Measures' standard, with an archive, and served by his block's manager."""
    customer, manager = w.id(CUSTOMER, w.n), w.id(MEMBER, manager_of(w.n))
    centre = w.id(INSTITUTION, f"({FIRST_CENTRE} + ({manager_of(w.n)} - 1) % {SUBS})")
    await w.write(
        "manager_assignment",
        "id, customer_id, manager_id, valid_from, recorded_at",
        f"{w.id(SERVED, w.n)}, {customer}, {manager}, {SINCE}, {SINCE}",
        customers,
    )
    await w.write(
        "consent",
        "id, customer_id, kind, form, document, notice_version, valid_from, recorded_at",
        f"{w.id(CONSENT, w.n)}, {customer}, 'VOLUNTARY', 'WRITTEN', 'D' || n, '1', {SINCE}, {SINCE}",
        customers,
    )
    await w.write(
        "registration",
        "id, customer_id, manager_id, consent_id, centre_id, servicing_id, registered_at, registered_by_id, recorded_at",
        f"{w.id(REGISTRATION, w.n)}, {customer}, {manager}, {w.id(CONSENT, w.n)}, {centre}, {centre}, {SINCE}, {manager},"
        f" {SINCE}",
        customers,
    )
    await w.write(
        "membership",
        "id, customer_id, registration_id, tier, state, filing_id, term_starts, term_ends",
        f"{w.id(MEMBERSHIP, w.n)}, {customer}, {w.id(REGISTRATION, w.n)},"
        " CASE WHEN n % 3 = 0 THEN 'BRANCH' ELSE 'HEAD_OFFICE' END, 'ACTIVE',"
        f" {w.id(MEMBERSHIP, w.n)}, '2025-06-01', '2027-06-01'",
        customers,
    )
    await w.write(
        "archive",
        "id, number, customer_id, membership_id, custody_centre_id, servicing_id, state, opened_at, opened_by_id",
        f"{w.id(ARCHIVE, w.n)}, 'A' || lpad(n::text, 9, '0'), {customer}, {w.id(MEMBERSHIP, w.n)}, {centre}, {centre},"
        f" 'ACTIVE', {SINCE}, {manager}",
        customers,
    )
    await w.write(
        "screening",
        "id, standard_id, as_of, window_from, window_to, state, started_by_id, started_at, evaluated, passed",
        f"{w.id(SCREENING, w.n)}, {MEASURES}, '{LAST_MONTH}', '2025-01-01', '{LAST_MONTH}', 'DONE', {w.id(MEMBER, w.n)},"
        f" {SINCE}, {customers}, {customers}",
        1,
    )
    await w.write(
        "evaluation",
        "id, screening_id, standard_id, customer_id, as_of, currency, average_savings, loan_balance, good_standing, spend,"
        " criteria_met, passed, borderline, evidence, recorded_at",
        f"{w.id(EVALUATION, w.n)}, {w.id(SCREENING, '1::bigint')}, {MEASURES}, {customer}, '{LAST_MONTH}', 'CNY',"
        f" {w.n} * 7919 % 900000000, 0, true, 0, 'AVERAGE_SAVINGS', true, false, '{{}}', {SINCE}",
        customers,
    )


async def figures(w: Writer, customers: int, progress: Callable[[str], None]) -> None:
    """Month by month, as they come in, so that an account's figures lie as far apart as they do in a bank."""
    for back in reversed(range(MONTHS)):
        first = LAST_MONTH.replace(month=LAST_MONTH.month - back, day=1)
        day = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        await w.write(
            "balance",
            f"account_serial, kind, day, amount, {STAMPED}",
            f"n, 'DAY_END', '{day}', ({w.n} * 7919 + {back * 104729}) % 60000000, {STAMP}",
            ACCOUNTS * customers,
        )
        progress(f"balances of {day:%Y-%m}")
    block = PORTFOLIO * ACCOUNTS
    serial = f"((n - 1) / {block} * {block * LINED} + (n - 1) % {block} + 1)"
    for line in range(LINES):
        await w.write(
            "transaction_line",
            f"account_serial, reference, day, direction, kind, amount, balance_after, summary, {STAMPED}",
            f"{serial}, 'T' || {serial} || '-{line}', '{dt.date(2025, 7 + line, 15)}'::date + n % 10,"
            f" CASE WHEN n % 2 = 0 THEN 'CREDIT' ELSE 'DEBIT' END, 'TRANSFER', {w.n} * 104729 % 9000000, NULL, '转账', {STAMP}",
            ACCOUNTS * customers // LINED,
        )


def customers_of(manager: int) -> range:
    """The customers whom the nth manager serves, from 1 on."""
    return range((manager - 1) * PORTFOLIO + 1, manager * PORTFOLIO + 1)


async def seal_accounts(connection: asyncpg.Connection, managers: list[int]) -> None:
    """Put real ciphertexts where an account number of these managers' customers is opened."""
    serials = [
        serial
        for manager in managers
        for customer in customers_of(manager)
        for serial in range((customer - 1) * ACCOUNTS + 1, customer * ACCOUNTS + 1)
    ]
    rows = await connection.fetch("SELECT id, serial FROM account WHERE serial = ANY($1::int[])", serials)
    sealed = [
        (row["id"], vault.vault().seal("account", "number_cipher", row["id"], f"622588{row['serial']:013}"))
        for row in rows
    ]
    await connection.executemany("UPDATE account SET number_cipher = $2 WHERE id = $1", sealed)
