"""The twin of a bank: a copy that differs in every cell, and every row, that one person may not see, and in nothing else."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Any

from authz import ORDINARY, Basis, BasisGrant, DataClass, Facts, Kind, Policy, Role
from desk.desk import Desk
from models.accounts import Account, Balance, Loan, LoanStanding, TransactionLine
from models.archives import Archive
from models.customers import Customer, ManagerAssignment
from models.exceptions import ExceptionCase
from models.filing import Filing
from models.imports import ImportRun
from models.membership import Membership, Registration
from models.people import Proposal
from models.standards import Evaluation, Screening
from models.vault import mask_account, mask_address, mask_identity, mask_mobile, vault
from models.vocabulary import Department
from tests.cast import IMPORT, START
from tests.schema import twins_of_custody, twins_of_life
from tests.schema.crowd import crowd
from tests.schema.whole import Whole

FLOORS = (0, 50_000_00, 500_000_00, 1_000_000_00, 5_000_000_00, 9_000_000_000_00)
SEEN, MASKED, HIDDEN = "VISIBLE", "MASKED", "WITHHELD"


class Twin:
    """Changes the open database for one person. Classes are decided by the policy, asked in Python."""

    def __init__(self, desk: Desk, policy: Policy, whole: Whole) -> None:
        self.desk, self.policy, self.whole = desk, policy, whole
        self.rng = random.Random(desk.sitter.number)
        self.texts: set[str] = set()
        self.amounts: set[int] = set()
        self.dates: set[dt.date] = set()

    async def change(self) -> None:
        """Every hidden cell becomes another one; the values before and after are kept, to be asked for."""
        await twins_of_life.unguarded()
        await twins_of_custody.unguarded()
        for customer in await Customer.all().order_by("number"):
            facts = await self.facts(customer)
            # Who was merged into another is there for nobody.
            gone = customer.merged_into_id is not None
            if gone or not self.reaches(Kind.CUSTOMER, facts):
                before = await Membership.filter(customer_id=customer.id)
                await self.row(customer)
                if self.reaches(Kind.CARD, facts):
                    await twins_of_custody.as_good(self, customer, before)
            shown = {
                cls: HIDDEN if gone else await self.visibility(cls, customer, facts) for cls in DataClass
            }
            named = await twins_of_custody.names(self, customer, facts)
            await self.cells(customer, shown, named)
            await twins_of_life.papers(self, customer, facts)
            await twins_of_custody.papers(self, customer, facts)
        if not self.sees("NJ"):
            self.texts |= {one.name for one in await crowd(self.whole, "NJ", ("tang",), 3)}
        await self.house()

    def sees(self, place: str) -> bool:
        return self.reaches(Kind.CUSTOMER, Facts(self.whole.cast.places[place].path))

    def reaches(self, kind: Kind, facts: Facts) -> bool:
        return self.policy.rows_reach(self.desk.actor, kind).covers(facts)

    async def facts(self, customer: Customer) -> Facts:
        serving = [
            one for one in await ManagerAssignment.filter(customer_id=customer.id) if one.holds(self.desk.now)
        ]
        return Facts(customer.owner_path, customer.id, frozenset(one.manager_id for one in serving))

    async def visibility(self, cls: DataClass, customer: Customer, facts: Facts) -> str:
        """The most that any path shows of the class: an open case before the person is a path of its own."""
        actor, found = (
            self.desk.actor,
            {self.policy.reason(self.desk.actor, Kind.CUSTOMER, cls, facts, ORDINARY, True)[0]},
        )
        for model, role in ((Filing, Role.FILING_RECORDER), (ExceptionCase, Role.EXC_APPROVER)):
            deciding = (role, Department.PERSONAL_BANKING)
            seats = {seat.path for seat in actor.seats if (seat.role, seat.department) == deciding}
            for case in await model.filter(customer_id=customer.id, state="SUBMITTED"):
                if case.submitted_to_path in seats:
                    walking = replace(actor, bases=(BasisGrant(Basis.FILING, case.id, customer.id),))
                    bases = ORDINARY | {Basis.FILING}
                    found.add(self.policy.reason(walking, Kind.CUSTOMER, cls, facts, bases, True)[0])
        return next(word for word in (SEEN, MASKED, HIDDEN) if word in found)

    def text(self, old: str | None) -> str:
        """Another text, which sorts elsewhere; both are worth asking for."""
        new = f"{self.rng.choice('丁丙乙甲')}{self.rng.randrange(10**6)}"
        self.texts |= {new, *([old] if old else [])}
        return new

    def amount(self, old: int, low: int = 0, high: int = 5_000_000_00) -> int:
        new = self.rng.randrange(low, high)
        self.amounts |= {old, new}
        return new

    def day(self, old: dt.date | None) -> dt.date:
        new = dt.date(1940, 1, 1) + dt.timedelta(days=self.rng.randrange(30_000))
        self.dates |= {new, *([old] if old else [])}
        return new

    async def row(self, customer: Customer) -> None:
        """Nothing of a customer who is not there for this person has to stay."""
        self.texts.add(customer.number)
        self.dates.add(customer.opened_on)
        customer.opened_on = self.day(customer.opened_on)
        await customer.save()
        await Membership.filter(customer_id=customer.id).update(tier="BRANCH")
        await Filing.filter(customer_id=customer.id).update(return_reason=self.text(None))
        await Archive.filter(customer_id=customer.id).update(servicing_reason=self.text(None), gaps="")
        await Evaluation.filter(customer_id=customer.id).update(passed=self.rng.random() < 0.5)
        await twins_of_life.unseen(self, customer)

    async def cells(self, customer: Customer, shown: dict[DataClass, str], named: bool) -> None:
        if shown[DataClass.NAME] != SEEN and not named:
            customer.name = self.text(customer.name)
        if shown[DataClass.IDENTITY_DOC] != SEEN:
            self.identity(customer, shown[DataClass.IDENTITY_DOC])
        if shown[DataClass.CONTACT] != SEEN:
            self.contact(customer, shown[DataClass.CONTACT])
        if shown[DataClass.PERSONAL] != SEEN:
            customer.gender, customer.birth_date = "FEMALE", self.day(customer.birth_date)
            customer.occupation, customer.employer = (
                self.text(customer.occupation),
                self.text(customer.employer),
            )
            await Registration.filter(customer_id=customer.id).update(service_needs=self.text(None))
        await customer.save()
        accounts = await Account.filter(customer_id=customer.id)
        if shown[DataClass.ACCOUNT] != SEEN:
            # Balances and transaction lines name their account by its mask.
            named = SEEN in {shown[DataClass.ASSET], shown[DataClass.TRANSACTION]}
            for account in accounts:
                await self.account(account, MASKED if named else shown[DataClass.ACCOUNT])
        if shown[DataClass.ASSET] != SEEN:
            await self.assets(customer, accounts, shown[DataClass.ASSET])
        if shown[DataClass.TRANSACTION] != SEEN:
            for account in accounts:
                await self.lines(account)
        await twins_of_life.cells(self, customer, shown)

    def identity(self, customer: Customer, shown: str) -> None:
        number = f"X{self.rng.randrange(10**8):08}"
        customer.identity_kind = "OTHER"
        customer.identity_cipher = vault().seal("customer", "identity_cipher", customer.id, number)
        customer.identity_index = vault().index("identity", number)
        if shown == HIDDEN:
            customer.identity_mask = mask_identity(number)

    def contact(self, customer: Customer, shown: str) -> None:
        mobile, address = f"158{self.rng.randrange(10**8):08}", self.text(None) * 3
        customer.mobile_cipher = vault().seal("customer", "mobile_cipher", customer.id, mobile)
        customer.address_cipher = vault().seal("customer", "address_cipher", customer.id, address)
        if shown == HIDDEN:
            customer.mobile_mask, customer.address_mask = mask_mobile(mobile), mask_address(address)

    async def account(self, account: Account, shown: str) -> None:
        number = f"99{self.rng.randrange(10**16):016}"
        account.kind, account.opened_on = "TERM_DEPOSIT", self.day(account.opened_on)
        account.number_cipher = vault().seal("account", "number_cipher", account.id, number)
        account.number_index = vault().index("account", number)
        if shown == HIDDEN:
            account.number_mask = mask_account(number)
        await account.save()

    async def assets(self, customer: Customer, accounts: list[Account], shown: str) -> None:
        """Other figures, and other rows of them. A mask's reader knows the band, so within it."""
        for evaluation in await Evaluation.filter(customer_id=customer.id):
            old = evaluation.average_savings
            low, high = 0, FLOORS[-1]
            if shown == MASKED:
                low = max(floor for floor in FLOORS if floor <= old)
                high = min(floor for floor in FLOORS if floor > old)
            evaluation.average_savings = self.amount(old, low, high)
            evaluation.loan_balance = self.amount(evaluation.loan_balance)
            evaluation.spend = self.amount(evaluation.spend)
            evaluation.borderline = not evaluation.borderline
            evaluation.good_standing, evaluation.criteria_met, evaluation.evidence = (
                False,
                "",
                self.text(None),
            )
            await evaluation.save()
        common: dict[str, Any] = {"import_id": IMPORT, "recorded_at": START}
        for account in accounts:
            for balance in await Balance.filter(account_serial=account.serial):
                balance.amount = self.amount(balance.amount)
                await balance.save()
            later = dt.date(2026, 1, 1)
            await Balance.create(account_serial=account.serial, kind="DAY_END", day=later, amount=1, **common)
        for loan in await Loan.filter(customer_id=customer.id):
            loan.principal, loan.number = self.amount(loan.principal), self.text(loan.number)
            await loan.save()
            for standing in await LoanStanding.filter(loan_id=loan.id):
                standing.outstanding = self.amount(standing.outstanding)
                await standing.save()
            more = {"granted_on": loan.granted_on, "principal": 1, "term_months": 1, "currency": "CNY"}
            await Loan.create(
                number=self.text(None), customer_id=customer.id, institution_id=loan.institution_id, **more
            )

    async def lines(self, account: Account) -> None:
        first, *rest = await TransactionLine.filter(account_serial=account.serial).order_by("id")
        await first.delete()
        for line in rest:
            line.amount, line.day, line.summary = (
                self.amount(line.amount),
                self.day(line.day),
                self.text(line.summary),
            )
            await line.save()

    async def house(self) -> None:
        """What others have before them."""
        for proposal in await Proposal.all().prefetch_related("institution"):
            place = Facts(proposal.institution.path if proposal.institution else None)
            if not self.policy.rows_reach(self.desk.actor, Kind.PROPOSAL).covers(place):
                proposal.reason, proposal.state = self.text(proposal.reason), "REFUSED"
                await proposal.save()
        if self.policy.rows_reach(self.desk.actor, Kind.IMPORT).nothing:
            await ImportRun.create(started_by_id=self.desk.staff_id, started_at=START, state="DONE")
        for screening in await Screening.all():
            place = Facts(screening.scope_path)
            if not self.policy.rows_reach(self.desk.actor, Kind.SCREENING).covers(place):
                screening.window_from = self.day(screening.window_from)
                await screening.save()
        await twins_of_life.house(self)
        await twins_of_custody.house(self)
