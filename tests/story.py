"""The story of a filing, told step by step: Lin registers Zhou and submits, Bai records. Any step may differ."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from authz import Policy
from desk.desk import Desk
from desk.exceptions import (
    approve_exception_case,
    reject_exception_case,
    return_exception_case,
    submit_exception_case,
)
from desk.filing import record_filing, return_filing, submit_filing
from desk.handovers import draw_up, sign
from desk.membership import give_consent, register
from models.exceptions import ExceptionCase
from models.filing import Filing
from models.handovers import Handover
from models.membership import Consent, Membership, Registration
from models.standards import Evaluation, Screening, Standard
from models.vocabulary import ConsentForm, ExceptionCategory
from tests.cast import START, Cast

AS_OF = dt.date(2026, 10, 31)
MEASURES = "MEASURES"


@dataclass(slots=True)
class Story:
    """`bank` is the named cast. Acts take the person by name and fill in what an ordinary filing says."""

    bank: Cast
    policy: Policy

    async def desk(self, who: str = "lin", now: dt.datetime | None = None) -> Desk:
        return await Desk.take(self.policy, self.bank.staff[who].id, now or self.bank.now)

    async def consent(self, who: str = "lin", customer: str = "zhou", **said: Any) -> Consent:
        told = {
            "customer_id": self.bank.customers[customer].id,
            "form": ConsentForm.WRITTEN,
            "document": "binder 7, sheet 12",
            "notice_version": "2026-01",
            "given_at": self.bank.now,
        }
        return await give_consent(await self.desk(who), **told | said)

    async def register(self, consent: Consent | None, who: str = "lin", **said: Any) -> Membership:
        told = {
            "customer_id": consent.customer_id if consent else self.bank.customers["zhou"].id,
            "consent_id": consent.id if consent else None,
            "centre_id": self.bank.places["CDW"].id,
            "service_needs": "advice at home",
            "contact_preference": "mornings",
        }
        return await register(await self.desk(who), **told | said)

    async def applied(self, who: str = "lin", customer: str = "zhou", **said: Any) -> Membership:
        return await self.register(await self.consent(who, customer), who, **said)

    async def evaluation(
        self, customer: str = "zhou", *, standard: Standard | None = None, by: str = "officer", **figures: Any
    ) -> Evaluation:
        """What a screening finds: passed with half a million, unless told otherwise."""
        standard = standard or await Standard.get(code=MEASURES, version=1)
        as_of = figures.setdefault("as_of", AS_OF)
        screening = await Screening.create(
            standard=standard,
            as_of=as_of,
            window_from=as_of.replace(year=as_of.year - 1, day=1),
            window_to=as_of,
            state="DONE",
            started_by_id=self.bank.staff[by].id,
            started_at=self.bank.now,
        )
        found = {
            "currency": standard.currency,
            "average_savings": 500_000_00,
            "loan_balance": 0,
            "good_standing": True,
            "spend": 0,
            "criteria_met": "AVERAGE_SAVINGS",
            "passed": True,
            "borderline": True,
            "evidence": "{}",
            "recorded_at": self.bank.now,
        }
        return await Evaluation.create(
            screening=screening,
            standard_id=standard.id,
            customer=self.bank.customers[customer],
            **found | figures,
        )

    async def submit(
        self,
        membership: Membership,
        evaluation: Evaluation,
        who: str = "lin",
        to: str | UUID = "CD",
        **said: Any,
    ) -> Filing:
        office = self.bank.places[to].id if isinstance(to, str) else to
        return await submit_filing(
            await self.desk(who),
            membership_id=membership.id,
            evaluation_id=evaluation.id,
            submitted_to_id=office,
            **said,
        )

    async def submitted(self, who: str = "lin", customer: str = "zhou", to: str = "CD") -> Filing:
        membership = await self.applied(who, customer)
        return await self.submit(membership, await self.evaluation(customer), who, to)

    async def record(self, filing: Filing, who: str = "bai", version: int = 1, **said: Any) -> Filing:
        return await record_filing(await self.desk(who), filing_id=filing.id, version=version, **said)

    async def recorded(self, who: str = "lin", customer: str = "zhou") -> Filing:
        return await self.record(await self.submitted(who, customer))

    async def give_back(
        self,
        filing: Filing,
        who: str = "bai",
        version: int = 1,
        reason: str = "the form is not signed",
        **said: Any,
    ) -> Filing:
        return await return_filing(
            await self.desk(who), filing_id=filing.id, version=version, reason=reason, **said
        )

    async def missed(self, customer: str = "zhou", **figures: Any) -> Evaluation:
        """What a screening finds of somebody who misses every threshold, the first by one fen."""
        found = {"average_savings": 499_999_99, "criteria_met": "", "passed": False}
        return await self.evaluation(customer, **found | figures)

    async def ask(
        self,
        membership: Membership,
        evaluation: Evaluation,
        who: str = "lin",
        to: str | UUID = "SC",
        **said: Any,
    ) -> ExceptionCase:
        told = {"category": ExceptionCategory.ENTERPRISE_HEAD, "reason": "heads a listed company"}
        return await submit_exception_case(
            await self.desk(who),
            membership_id=membership.id,
            evaluation_id=evaluation.id,
            submitted_to_id=self.bank.places[to].id if isinstance(to, str) else to,
            **told | said,
        )

    async def asked(self, who: str = "lin", customer: str = "zhou", **figures: Any) -> ExceptionCase:
        membership = await self.applied(who, customer)
        return await self.ask(membership, await self.missed(customer, **figures), who)

    async def approve(
        self, case: ExceptionCase, who: str = "deng", version: int = 1, **said: Any
    ) -> ExceptionCase:
        return await approve_exception_case(await self.desk(who), case_id=case.id, version=version, **said)

    async def reject(
        self,
        case: ExceptionCase,
        who: str = "deng",
        version: int = 1,
        reason: str = "no contribution is shown",
        **said: Any,
    ) -> ExceptionCase:
        return await reject_exception_case(
            await self.desk(who), case_id=case.id, version=version, reason=reason, **said
        )

    async def send_back(
        self,
        case: ExceptionCase,
        who: str = "deng",
        version: int = 1,
        reason: str = "the annual report is missing",
        **said: Any,
    ) -> ExceptionCase:
        return await return_exception_case(
            await self.desk(who), case_id=case.id, version=version, reason=reason, **said
        )

    async def member(self, customer: str = "zhou", state: str = "ACTIVE") -> Membership:
        """A member as a filing has left him, without the story of it."""
        row, lin = self.bank.customers[customer], self.bank.staff["lin"]
        began = {"customer": row, "recorded_at": START}
        consent = await Consent.create(
            kind="VOLUNTARY",
            form="WRITTEN",
            document="binder 7",
            notice_version="1",
            valid_from=START,
            **began,
        )
        centre = self.bank.places["CDW"]
        registration = await Registration.create(
            manager=lin, consent=consent, centre=centre, servicing=centre, registered_at=START, registered_by_id=lin.id,
            **began,
        )  # fmt: skip
        return await Membership.create(
            customer=row, registration=registration, state=state, tier="BRANCH", filing_id=uuid4(),
            term_starts=dt.date(2026, 1, 1), term_ends=dt.date(2028, 1, 1),
        )  # fmt: skip

    async def draw_up(self, who: str = "han", **said: Any) -> Handover:
        """Lin's customers are to pass to Luo, before Wu, in the second that is said."""
        told = {"giver": "lin", "receiver": "luo", "witness": "wu", "institution": "CDW"}
        told |= {name: said.pop(name) for name in told.keys() & said.keys()}
        named = {f"{name}_id": self.bank.staff[told[name]].id for name in ("giver", "receiver", "witness")}
        named["institution_id"] = self.bank.places[told["institution"]].id
        return await draw_up(await self.desk(who), **named | {"reason": "Lin moves to the outlet"} | said)

    async def sign(self, handover: Handover, who: str, now: dt.datetime | None = None) -> Handover:
        return await sign(await self.desk(who, now), handover_id=handover.id)

    async def signed(self, **said: Any) -> Handover:
        handover = await self.draw_up(**said)
        await self.sign(handover, "luo")
        return await self.sign(handover, "wu")
