"""The bank of the corpus: the whole one and a crowd, with what makes answers differ: ended terms, masks, other money."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from models.accounts import Account, AccountHolder, Balance, Loan, LoanStanding, TransactionLine
from models.customers import Customer, ManagerAssignment
from models.filing import Filing
from models.imports import ImportFile, ImportRun
from models.institutions import Institution
from models.membership import Membership
from models.people import Assignment, Delegation, Proposal, Recusal, Staff
from models.standards import Criterion, Evaluation, Screening, Standard
from models.trail import AccessRecord
from models.vault import mask_account, vault
from tests.cast import IMPORT, START
from tests.conftest import NOW
from tests.schema.corpus.affairs import affairs
from tests.schema.corpus.affairs_of_custody import custody
from tests.schema.crowd import crowd, like, row_id
from tests.schema.whole import Whole

DAY = dt.timedelta(days=1)
RECORDS = 24
LINES = 7
JPY_SERIAL = 77


async def populate(whole: Whole) -> None:
    """Write all of it into the open database, which has the whole bank."""
    for place, managers, count in (("CD", ("lin", "luo"), 6), ("MY", ("luo",), 3), ("NJ", ("tang",), 4)):
        made = await crowd(whole, place, managers, count)
        whole.ids.setdefault("customer", {}).update({one.number: one.id for one in made})
    await _people(whole)
    await _customers(whole)
    await _figures(whole)
    await _papers(whole)
    await _house(whole)
    await affairs(whole)
    await custody(whole)
    await _trail(whole)
    await _ids(whole)


async def _people(whole: Whole) -> None:
    """Luo stands in for Lin today; Lin must not touch a relative; some have gone."""
    staff = whole.cast.staff
    common: dict[str, Any] = {"recorded_at": START, "reason": "leave"}
    await Delegation.create(
        principal=staff["lin"], deputy=staff["luo"], valid_from=START, valid_to=NOW + DAY, **common
    )
    relative = await Customer.get(number="CD00002")
    await Recusal.create(
        person_id=staff["lin"].person_id, customer_id=relative.id, relation="BROTHER", recorded_at=NOW
    )
    await Staff.filter(id=staff["he"].id).update(left_at=NOW + DAY)
    await Assignment.create(
        staff=staff["wu"],
        role="teller",
        institution=whole.cast.places["CDO"],
        department="OPERATIONS",
        full_time=False,
        valid_from=START,
        valid_to=START + DAY,
        ended_at=START + DAY,
        recorded_at=START,
    )


async def _customers(whole: Whole) -> None:
    """Cells that are empty, managers who have gone or are yet to come, nobody at all."""
    one, two, three, four = [await Customer.get(number=f"CD0000{n}") for n in (0, 1, 3, 4)]
    await Customer.filter(id=one.id).update(mobile_cipher=None, mobile_mask=None, gender="FEMALE")
    await Customer.filter(id=two.id).update(address_cipher=None, address_mask=None, employer="某公司")
    await Customer.filter(id=three.id).update(nationality="CHN", occupation="教师", identity_kind="OTHER")
    await ManagerAssignment.filter(customer_id=three.id).update(ended_at=NOW, ended_recorded_at=NOW)
    await ManagerAssignment.create(
        customer=three, manager=whole.cast.staff["luo"], valid_from=NOW + DAY, recorded_at=NOW
    )
    await ManagerAssignment.filter(customer_id=four.id).update(valid_to=NOW)
    await ManagerAssignment.create(
        customer=four, manager=whole.cast.staff["luo"], valid_from=NOW, valid_to=NOW + DAY, recorded_at=NOW
    )


async def _figures(whole: Whole) -> None:
    """Zhou has a second account, in yen and closed; older, newer, averaged and superseded figures of both."""
    zhou, account = whole.cast.customers["zhou"], whole.cast.accounts["zhou"]
    key, number = row_id("yen"), "6217888800001234567"
    yen = await Account.create(
        id=key,
        serial=JPY_SERIAL,
        customer=zhou,
        institution=whole.cast.places["CDO"],
        kind="TERM_DEPOSIT",
        currency="JPY",
        opened_on=dt.date(2019, 5, 5),
        closed_on=dt.date(2026, 5, 5),
        number_cipher=vault().seal("account", "number_cipher", key, number),
        number_mask=mask_account(number),
        number_index=vault().index("account", number),
    )
    await AccountHolder.create(account=yen, customer=zhou, role="OWNER")
    common: dict[str, Any] = {"import_id": IMPORT, "recorded_at": START}
    for serial in (account.serial, JPY_SERIAL):
        for day, kind in ((1, "DAY_END"), (2, "DAY_END"), (1, "MONTH_AVERAGE")):
            await Balance.create(
                account_serial=serial, kind=kind, day=dt.date(2026, 11, day), amount=1_234_56 + day, **common
            )
        await Balance.create(
            account_serial=serial,
            kind="DAY_END",
            day=dt.date(2026, 11, 9),
            amount=1,
            superseded_at=NOW,
            **common,
        )
        await TransactionLine.bulk_create(
            TransactionLine(
                account_serial=serial,
                reference=f"Z{line}",
                day=dt.date(2026, 9, 1 + line // 2),
                direction="CREDIT" if line % 2 else "DEBIT",
                kind="transfer",
                amount=5 + line,
                balance_after=None if line % 3 else 5_000_00,
                counterparty_bank=None if line % 2 else "中国银行",
                superseded_at=NOW if line == 3 else None,
                **common,
            )
            for line in range(LINES)
        )
    loan = await Loan.get(customer_id=zhou.id)
    for day, classification, gone in (
        (1, "SUBSTANDARD", None),
        (15, "SPECIAL_MENTION", None),
        (20, "LOSS", NOW),
    ):
        await LoanStanding.create(
            loan=loan,
            as_of=dt.date(2026, 11, day),
            outstanding=7_000_00 + day,
            classification=classification,
            overdue=day,
            superseded_at=gone,
            **common,
        )
    await Loan.create(
        number="A-bare",
        customer=zhou,
        institution=whole.cast.places["CD"],
        currency="USD",
        granted_on=dt.date(2020, 2, 2),
        principal=-5,
        term_months=6,
    )


async def _papers(whole: Whole) -> None:
    """A later evaluation in dollars, memberships that are over, a filing before the office above."""
    qian = await Customer.get(number="CD00001")
    first = await Evaluation.get(customer_id=qian.id)
    screening = await Screening.get(id=first.screening_id)
    later = like(screening, id=row_id("later"), as_of=dt.date(2026, 11, 20), finished_at=NOW, evaluated=3)
    later.passed, later.borderline, later.incomplete, later.state = 1, 2, 3, "RUNNING"
    await later.save(force_create=True)
    second = like(first, id=row_id("seen again"), screening_id=later.id, as_of=dt.date(2026, 11, 20))
    second.currency, second.average_savings, second.missing = "USD", 5_000_000_00, "LOANS,SPEND"
    await second.save(force_create=True)
    over = await Membership.get(customer_id=(await Customer.get(number="CD00003")).id)
    await Membership.filter(id=over.id).update(over=True, state="WITHDRAWN", over_at=NOW)
    filed = await Filing.get(customer_id=(await Customer.get(number="CD00000")).id)
    await Membership.filter(id=filed.membership_id).update(
        state="ACTIVE",
        tier="BRANCH",
        filing_id=filed.id,
        term_starts=dt.date(2026, 1, 1),
        term_ends=dt.date(2027, 12, 31),
    )
    sichuan = whole.cast.places["SC"]
    filing = await Filing.get(customer_id=qian.id)
    await Filing.filter(id=filing.id).update(
        state="SUBMITTED",
        submitted_to_id=sichuan.id,
        submitted_to_path=sichuan.path,
        filing_number=None,
        decided_at=None,
        decided_by_id=None,
    )


async def _house(whole: Whole) -> None:
    """A branch's own standard, a decided proposal without a place, a long import, codes of institutions."""
    cast = whole.cast
    await Institution.filter(code="CD").update(cnaps_code="103651000018", admin_code="510100")
    standard = await Standard.create(
        code="SC-OWN",
        version=2,
        name="四川标准",
        tier="BRANCH",
        owner=cast.places["SC"],
        currency="JPY",
        combine="ALL",
        averaging_rule="since_opening",
        spend_kinds="card,transfer",
        loan_look_back_months=6,
        state="APPROVED",
        effective_from=dt.date(2025, 1, 1),
        effective_to=dt.date(2025, 12, 31),
        source="Art. 8",
    )
    await Criterion.create(standard=standard, kind="SPEND", threshold=300_000)
    await Criterion.create(standard=standard, kind="LOAN_BALANCE", threshold=1)
    await Proposal.create(
        kind="UNLOCK",
        staff=cast.staff["lin"],
        valid_from=NOW,
        valid_to=NOW + DAY,
        reason="locked",
        state="REFUSED",
        decided_at=NOW,
        decision_note="not he",
        proposed_by_id=cast.staff["han"].id,
        proposed_person_id=cast.staff["han"].person_id,
        proposed_at=NOW - DAY,
    )
    run = await ImportRun.create(
        started_by_id=cast.staff["sysadmin"].id, started_at=NOW - DAY, finished_at=NOW, state="REFUSED"
    )
    for n in range(3):
        await ImportFile.create(
            run=run, kind="balances", name=f"b{n % 2}.csv", digest="0" * 64, encoding="gb18030", state="REFUSED",
            rows_read=n, rows_new=n + 1, rows_unchanged=n + 2, rows_corrected=n + 3, errors=n + 4,
        )  # fmt: skip


async def _trail(whole: Whole) -> None:
    places = whole.cast.places
    await AccessRecord.bulk_create(
        AccessRecord(
            id=row_id("record", n),
            at=NOW - (n // 3) * DAY,
            operation=f"operation {n}",
            decision="ALLOW" if n % 2 else "REFUSE",
            code="" if n % 2 else "NOT_FOUND",
            actor_path=places[("HQ", "CD", "NJ", "SC")[n % 4]].path if n % 5 else "",
            resource="customer",
            basis="assignment",
            purpose="ADVICE" if n % 3 else "",
            policy_version="0" * 64,
            row_count=n,
            record=f'{{"n": {n}}}',
            digest=f"{n:064}",
        )
        for n in range(RECORDS)
    )


async def _ids(whole: Whole) -> None:
    """Some of the rows that came in here, to be asked by their ids."""
    for table, model in (("loan", Loan), ("filing", Filing), ("standard", Standard), ("account", Account)):
        found: list[UUID] = sorted([row.pk for row in await model.all()], key=str)
        whole.ids.setdefault(table, {}).update({f"{table} {n}": key for n, key in enumerate(found[:8])})
