"""The small bank with a whole history: who applied, what was filed and recorded, and a value of his own in every cell.

Zhou is a member on record, Qian's second filing is open before Bai, and Feng is a member at Nanjing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from authz import DataClass
from models.accounts import Account, Balance, Loan, LoanStanding, Spend, TransactionLine
from models.archives import Archive
from models.customers import Customer
from models.filing import Filing
from models.imports import ImportFile, ImportRun
from models.membership import Consent, Membership, Registration
from models.people import Delegation, Proposal
from models.standards import Evaluation, Screening, Standard
from models.vault import mask_account, mask_address, mask_mobile, vault
from tests.cast import CUSTOMERS, START, Cast, sealed
from tests.schema.custody import custody
from tests.schema.life import live, text_of

OF = {
    "zhou": ("lin", "CD", "CDW", "bai"),
    "qian": ("luo", "CD", "CDW", "bai"),
    "feng": ("tang", "NJ", "NJW", "nan"),
}
"""Manager, filing office, custody centre, and who records."""
WORD = {"zhou": "zhou-1", "qian": "qian-2", "feng": "feng-3"}
"""A text that stands in every free text of the customer."""
DIGIT = {"zhou": 1, "qian": 2, "feng": 3}
DAY = dt.date(2026, 10, 31)


@dataclass
class Whole:
    """`ids["filing"]["zhou"]` is a row id; `planted["feng"][DataClass.ASSET]` the texts that only he brings."""

    cast: Cast
    ids: dict[str, dict[str, UUID]] = field(default_factory=dict)
    planted: dict[str, dict[DataClass, list[str]]] = field(default_factory=dict)
    grounds: dict[str, list[str]] = field(default_factory=dict)
    """Why an exception was asked for, and why it was decided so: for those of the case."""
    kept: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By customer and by who reads it (expected.READERS): the texts that the custody of his card brings."""

    def add(self, who: str, *rows: Any) -> None:
        for row in rows:
            self.ids.setdefault(row._meta.db_table, {})[who] = row.id


async def build(cast: Cast) -> Whole:
    whole = Whole(cast)
    standard = await Standard.get(code="MEASURES")
    whole.ids["standard"] = dict.fromkeys(OF, standard.id)
    for who, of in OF.items():
        whole.planted[who] = {cls: [] for cls in DataClass}
        await _cells(whole, who)
        await _history(whole, who, standard)
        await _house(whole, who)
        await live(whole, who, DIGIT[who], WORD[who], of)
        await custody(whole, who, DIGIT[who], WORD[who], of[2])
    return whole


def _amounts(who: str) -> dict[str, int]:
    """Minor units: six digits that no other customer has, and the same last digit for all of his."""
    one = DIGIT[who]
    base = one * 111_111_11
    return {
        "balance": 500_000_00 + base,
        "outstanding": 700_000_00 + base + 1,
        "principal": 900_000_00 + base + 2,
        "spend": 70_000_00 + base // 10 + 3,
        "average": 600_000_00 + base + 4,
        "loans": 800_000_00 + base + 5,
        "yearly": 130_000_00 + base + 6,
        "line": 3_000_00 + base // 100 + 7,
        "after": 400_000_00 + base + 8,
    }


async def _cells(whole: Whole, who: str) -> None:
    """A value of his own in every cell that the small bank fills alike for all."""
    cast, word, n = whole.cast, WORD[who], DIGIT[who]
    customer, account, planted = cast.customers[who], cast.accounts[who], whole.planted[who]
    mobile, address = f"1391111{n}{n}{n}{n}", f"四川省成都市{word}巷{n}号"
    number = f"62170000{n}{n}{n}{n}0000{n}{n}{n}"
    birth = dt.date(1950 + n, n, 10 + n)
    await Customer.filter(id=customer.id).update(
        mobile_cipher=sealed("customer", "mobile_cipher", customer.id, mobile),
        mobile_mask=mask_mobile(mobile),
        address_cipher=sealed("customer", "address_cipher", customer.id, address),
        address_mask=mask_address(address),
        birth_date=birth,
        occupation=f"occupation {word}",
        employer=f"employer {word}",
    )
    await Account.filter(id=account.id).update(
        number_cipher=sealed("account", "number_cipher", account.id, number),
        number_mask=mask_account(number),
        number_index=vault().index("account", number),
    )
    amounts = _amounts(who)
    serial = {"account_serial": account.serial}
    await Balance.filter(**serial).update(amount=amounts["balance"])
    await Spend.filter(**serial).update(amount=amounts["spend"])
    await TransactionLine.filter(**serial).update(
        amount=amounts["line"], balance_after=amounts["after"], summary=f"summary {word}"
    )
    loan = await Loan.get(customer_id=customer.id)
    await Loan.filter(id=loan.id).update(principal=amounts["principal"], number=f"LOAN-{word}")
    await LoanStanding.filter(loan_id=loan.id).update(outstanding=amounts["outstanding"])
    whole.add(who, customer, account, loan)
    planted[DataClass.NAME] += [customer.name]
    planted[DataClass.IDENTITY_DOC] += [next(identity for key, _, identity, _, _ in CUSTOMERS if key == who)]
    planted[DataClass.CONTACT] += [mobile, address]
    planted[DataClass.PERSONAL] += [birth.isoformat(), f"occupation {word}", f"employer {word}"]
    planted[DataClass.ACCOUNT] += [number]
    planted[DataClass.TRANSACTION] += [text_of(amounts["line"]), text_of(amounts["after"]), f"summary {word}"]
    planted[DataClass.ASSET] += [
        f"LOAN-{word}",
        *(
            text_of(amounts[one])
            for one in ("balance", "outstanding", "principal", "average", "loans", "yearly")
        ),
    ]
    planted[DataClass.VIP_STATUS] += [customer.number]


async def _history(whole: Whole, who: str, standard: Standard) -> None:
    cast, word = whole.cast, WORD[who]
    manager, office, centre, recorder = OF[who]
    customer, person = cast.customers[who], cast.staff[manager]
    consent = await Consent.create(
        customer=customer, kind="VOLUNTARY", form="WRITTEN", document=f"binder {word}", notice_version="1",
        valid_from=START, recorded_at=START,
    )  # fmt: skip
    registration = await Registration.create(
        customer=customer, manager=person, consent=consent, centre=cast.places[centre], servicing=cast.places[office],
        servicing_reason=f"needs {word}", service_needs=f"needs {word}", registered_at=START,
        registered_by_id=person.id, recorded_at=START,
    )  # fmt: skip
    screening = await Screening.create(
        standard=standard, as_of=DAY, window_from=dt.date(2025, 11, 1), window_to=DAY, state="DONE",
        scope_path=cast.places[office].path, started_by_id=cast.staff["officer"].id, started_at=cast.now,
    )  # fmt: skip
    amounts = _amounts(who)
    evaluation = await Evaluation.create(
        screening=screening, standard_id=standard.id, customer=customer, as_of=DAY, currency="CNY",
        average_savings=amounts["average"], loan_balance=amounts["loans"], spend=amounts["yearly"],
        good_standing=True, criteria_met="AVERAGE_SAVINGS,SPEND", passed=True, borderline=who == "qian",
        evidence=f'{{"months": "{word}"}}', recorded_at=cast.now,
    )  # fmt: skip
    waits = who == "qian"
    membership = await Membership.create(
        customer=customer, registration=registration, tier="HEAD_OFFICE", state="FILING"
    )
    common: dict[str, Any] = {
        "membership": membership, "customer": customer, "evaluation": evaluation, "submitted_to": cast.places[office],
        "submitted_to_path": cast.places[office].path, "digest": "0" * 64, "submitted_at": cast.now,
        "submitted_by_id": person.id, "submitted_person_id": person.person_id,
    }  # fmt: skip
    decided = {
        "decided_at": cast.now, "decided_by_id": cast.staff[recorder].id,
        "decided_person_id": cast.staff[recorder].person_id,
    }  # fmt: skip
    await Filing.create(state="RETURNED", version=2, return_reason=f"unsigned {word}", **common, **decided)
    if waits:
        filing = await Filing.create(state="SUBMITTED", **common)
    else:
        filing = await Filing.create(
            state="RECORDED", version=2, filing_number=f"F-{word}", **common, **decided
        )
        membership.state, membership.filing_id = "ACTIVE", filing.id
        membership.term_starts, membership.term_ends = dt.date(2026, 11, 1), dt.date(2028, 11, 1)
        await membership.save()
        whole.add(who, await Archive.create(
            number=f"A-{word}", customer=customer, membership=membership, custody_centre=cast.places[centre],
            servicing=cast.places[office], servicing_reason=f"needs {word}", state="BUILDING", gaps="EMPLOYER",
            opened_at=cast.now, opened_by_id=cast.staff[recorder].id,
        ))  # fmt: skip
    whole.add(who, consent, registration, screening, evaluation, membership, filing)
    planted = whole.planted[who]
    planted[DataClass.ASSET] += [f'\\"months\\": \\"{word}\\"']
    planted[DataClass.VIP_STATUS] += [
        f"F-{word}",
        f"A-{word}",
        f"unsigned {word}",
        f"binder {word}",
        f"needs {word}",
    ]


async def _house(whole: Whole, who: str) -> None:
    """What the offices around him have before them."""
    cast = whole.cast
    manager, office, _, _ = OF[who]
    proposal = await Proposal.create(
        kind="GRANT", staff=cast.staff["nobody"], role="teller", institution=cast.places[office], valid_from=cast.now,
        department="OPERATIONS", reason=f"grant {office}", state="PROPOSED", proposed_by_id=cast.staff["wu"].id,
        proposed_person_id=cast.staff["wu"].person_id, proposed_at=cast.now,
    )  # fmt: skip
    delegation = await Delegation.create(
        principal=cast.staff[manager], deputy=cast.staff["gao"], reason="leave", valid_from=START, valid_to=cast.now,
        recorded_at=START,
    )  # fmt: skip
    run = await ImportRun.create(started_by_id=cast.staff["sysadmin"].id, started_at=cast.now, state="DONE")
    await ImportFile.create(
        run=run, kind="customers", name="customers.csv", digest="0" * 64, encoding="utf-8", state="DONE"
    )
    place, staff = cast.places[office], cast.staff[manager]
    assignment = await staff.assignments.all().first()
    whole.add(who, proposal, delegation, run, place, staff, assignment)
