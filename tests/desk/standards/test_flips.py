"""Flips: which decisions a correction would turn. Found by judging again, nothing stored."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from desk.standards import Flip, flipped_decisions, flips_after, run_screening, standard_in_force
from models.accounts import Account, Balance, Loan, LoanStanding, Spend
from models.filing import Filing
from models.membership import Consent, Membership, Registration
from models.people import Person, Staff
from models.reference import ExchangeRate
from models.standards import Evaluation, Screening, ScreeningRate
from tests.desk.standards.worlds import AccountOf, CustomerOf, LoanOf, branch, publish, store

AS_OF = dt.date(2024, 6, 30)
NOW = dt.datetime(2024, 7, 5, 2, 0, tzinfo=dt.UTC)
LONG_AGO = dt.date(2020, 5, 5)
LATE = UUID("00000000-0000-4000-8000-00000000ab1e")
CARD = (dt.date(2024, 1, 1), "card")


async def run(as_of: dt.date = AS_OF) -> Screening:
    standard = await standard_in_force("MEASURES", as_of)
    return await run_screening(standard=standard, as_of=as_of, started_by=uuid4(), now=NOW)


async def decision(screening: Screening, customer_id: UUID) -> Evaluation:
    return await Evaluation.get(screening_id=screening.id, customer_id=customer_id)


async def corrected(row, **changes) -> None:
    """A new version of a figure by the import LATE."""
    row.superseded_at = NOW
    await row.save(update_fields=["superseded_at"])
    fresh = {name: getattr(row, name) for name in row._meta.fields_db_projection if name != "id"}
    await type(row).create(
        **fresh | {"version": row.version + 1, "superseded_at": None, "import_id": LATE} | changes
    )


async def correct_balance(customer_id: UUID, amount: int) -> None:
    account = await Account.get(customer_id=customer_id)
    await corrected(await Balance.get(account_serial=account.serial), amount=amount)


async def correct_spend(customer_id: UUID, amount: int) -> None:
    account = await Account.get(customer_id=customer_id)
    await corrected(await Spend.get(account_serial=account.serial), amount=amount)


async def correct_loan(customer_id: UUID, overdue: int) -> None:
    loan = await Loan.get(customer_id=customer_id)
    await corrected(await LoanStanding.get(loan_id=loan.id), overdue=overdue)


@pytest.mark.parametrize(
    ("customer", "correct", "to"),
    [
        pytest.param(
            CustomerOf([AccountOf(rows={LONG_AGO: 500_000_00})]), correct_balance, 499_999_99, id="balance"
        ),
        pytest.param(CustomerOf([AccountOf(spend={CARD: 100_000_00})]), correct_spend, 99_999_99, id="spend"),
        pytest.param(
            CustomerOf(loans=[LoanOf(standings={AS_OF: (1_000_000_00, "NORMAL", 0)})]),
            correct_loan,
            1,
            id="loan",
        ),
    ],
)
async def test_a_correction_turns_a_decision(db, customer, correct, to):
    place = await branch()
    touched = await store(customer, place)
    untouched = await store(customer, place)
    screening = await run()
    before = await decision(screening, touched)
    await correct(touched, to)
    expected = [Flip(touched, before.id, True, False)]
    assert await flips_after([LATE]) == expected
    assert await flipped_decisions([touched, untouched]) == expected
    assert await Evaluation.all().count() == 2
    assert await Screening.all().count() == 1
    assert (await Evaluation.get(id=before.id)).passed


async def test_a_correction_that_turns_nothing_is_not_listed(db):
    customer = await store(CustomerOf([AccountOf(rows={LONG_AGO: 600_000_00})]), await branch())
    await run()
    await correct_balance(customer, 500_000_00)
    assert await flips_after([LATE]) == []
    assert await flips_after([]) == []


async def test_only_the_latest_passed_evaluation_and_filed_ones_are_decisions(db):
    place = await branch()
    customer = await store(
        CustomerOf([AccountOf(rows={LONG_AGO: 500_000_00, dt.date(2024, 6, 1): 600_000_00})]), place
    )
    early, late = await run(dt.date(2024, 5, 31)), await run()
    account = await Account.get(customer_id=customer)
    await corrected(await Balance.get(account_serial=account.serial, day=LONG_AGO), amount=0)
    latest = await decision(late, customer)
    assert await flips_after([LATE]) == [Flip(customer, latest.id, True, False)]
    filed = await decision(early, customer)
    await file(filed, place.id)
    assert await flips_after([LATE]) == sorted(
        [Flip(customer, filed.id, True, False), Flip(customer, latest.id, True, False)],
        key=lambda flip: flip.evaluation_id,
    )


async def file(evaluation: Evaluation, place: UUID) -> None:
    """A submitted filing that rests on the evaluation."""
    person = await Person.create(
        identity_kind="OTHER", identity_cipher=b"x", identity_mask="*", identity_index=uuid4().hex
    )
    staff = await Staff.create(number=uuid4().hex[:20], name="林晓", person=person)
    consent = await Consent.create(
        customer_id=evaluation.customer_id,
        kind="VOLUNTARY",
        form="WRITTEN",
        document="D1",
        notice_version="1",
        valid_from=NOW,
        recorded_at=NOW,
    )
    registration = await Registration.create(
        customer_id=evaluation.customer_id,
        manager_id=staff.id,
        consent_id=consent.id,
        centre_id=place,
        servicing_id=place,
        registered_at=NOW,
        registered_by_id=staff.id,
        recorded_at=NOW,
    )
    membership = await Membership.create(
        customer_id=evaluation.customer_id,
        registration_id=registration.id,
        tier="HEAD_OFFICE",
        state="FILING",
    )
    await Filing.create(
        membership_id=membership.id,
        customer_id=evaluation.customer_id,
        evaluation_id=evaluation.id,
        submitted_to_id=place,
        submitted_to_path="/1/",
        state="SUBMITTED",
        digest="0" * 64,
        submitted_at=NOW,
        submitted_by_id=staff.id,
        submitted_person_id=person.id,
    )


async def test_a_failed_evaluation_is_a_decision_once_it_is_filed(db):
    place = await branch()
    customer = await store(CustomerOf([AccountOf(rows={LONG_AGO: 1})]), place)
    failed = await decision(await run(), customer)
    await correct_balance(customer, 500_000_00)
    assert await flips_after([LATE]) == []
    await file(failed, place.id)
    assert await flips_after([LATE]) == [Flip(customer, failed.id, False, True)]


async def test_a_late_row_of_a_past_day_counts_and_a_newer_one_does_not(db):
    customer = await store(CustomerOf([AccountOf(rows={LONG_AGO: 500_000_00})]), await branch())
    evaluation = await decision(await run(), customer)
    account = await Account.get(customer_id=customer)
    common = {"account_serial": account.serial, "kind": "DAY_END", "amount": 0, "recorded_at": NOW}
    await Balance.create(**common, day=dt.date(2024, 7, 1), import_id=LATE)
    assert await flips_after([LATE]) == []
    other = uuid4()
    await Balance.create(**common, day=AS_OF, import_id=other)
    assert await flips_after([other]) == [Flip(customer, evaluation.id, True, False)]


async def test_a_corrected_rate_turns_decisions_in_foreign_currency_only(db):
    place = await branch()
    for n in range(12):
        await publish(
            dt.date(2023 + (7 + n) // 12, (7 + n) % 12 + 1, 1) - dt.timedelta(days=1), "USD", "CNY", "5"
        )
    dollars = await store(CustomerOf([AccountOf(currency="USD", rows={LONG_AGO: 100_000_00})]), place)
    await store(CustomerOf([AccountOf(rows={LONG_AGO: 500_000_00})]), place)
    screening = await run()
    evaluation = await decision(screening, dollars)
    assert evaluation.passed
    rate = await ExchangeRate.get(published_on=AS_OF)
    rate.superseded_at = NOW
    await rate.save(update_fields=["superseded_at"])
    await ExchangeRate.create(
        published_on=AS_OF,
        currency="USD",
        unit=1,
        quote_currency="CNY",
        rate="4.99",
        import_id=LATE,
        recorded_at=NOW,
    )
    expected = [Flip(dollars, evaluation.id, True, False)]
    assert await flips_after([LATE]) == expected
    assert await flipped_decisions([], rates=True) == expected
    assert (await ScreeningRate.get(screening_id=screening.id, month_end=AS_OF)).rate == "5/1"


async def test_a_decision_that_lost_its_rate_says_so_and_hides_no_other(db):
    place = await branch()
    rich = [await store(CustomerOf([AccountOf(rows={LONG_AGO: 500_000_00})]), place) for _ in range(3)]
    screening = await run()
    for customer in rich[:2]:
        await correct_balance(customer, 0)
    account = await Account.get(customer_id=rich[2])
    account.currency = "USD"
    await account.save(update_fields=["currency"])
    ids = [(await decision(screening, customer)).id for customer in rich]
    expected = [
        Flip(rich[0], ids[0], True, False),
        Flip(rich[1], ids[1], True, False),
        Flip(rich[2], ids[2], True, None),
    ]
    assert await flipped_decisions(rich) == sorted(expected, key=lambda flip: flip.customer_id)
