"""What people must not do at the bank, tried over HTTP and at the desk: each refusal leaves one record and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from authz import Policy
from desk.errors import Forbidden, NotFound
from desk.imports.loading import run_import
from desk.standards import screen
from models.errors import Refusal
from models.filing import Filing
from models.trail import AccessRecord
from tests.digest import TRAIL, changed, digest
from tests.pkdd99.bank import make_standard, now, seat
from tests.pkdd99.expected import AS_OF, STANDARD, Expected
from tests.pkdd99.filing import GIVE, RECORD, REGISTER, SIGNED, SUBMIT, submit
from tests.pkdd99.ids import Ids
from tests.pkdd99.queries import FOUND, NODE, ONE
from tests.pkdd99.reading import first_cursor
from tests.pkdd99.visitors import Visitor

RICH = {"averageSavings": {"currency": "CZK", "ge": "50000.00"}}


class Try(NamedTuple):
    """Who tries what, and the code that must come back."""

    staff: str
    about: str
    code: str
    do: Callable[[], Awaitable[str]]


class Tries:
    """Everything that is tried, on a bank where one customer of `district` has an open filing."""

    def __init__(
        self, http: httpx2.AsyncClient, policy: Policy, expected: Expected, ids: Ids, district: str
    ) -> None:
        self.http, self.policy, self.expected, self.ids = http, policy, expected, ids
        self.district, self.region = district, expected.files.regions[district]
        self.other = next(d for d in expected.files.districts if expected.files.regions[d] != self.region)
        self.customer = next(
            c for c in sorted(expected.passing) if expected.files.customers[c].owner == district
        )
        self.manager = expected.files.customers[self.customer].manager
        self.poor = next(
            c
            for c in expected.files.of_district(district)
            if c in expected.figures
            and c not in expected.passing
            and expected.files.customers[c].manager == self.manager
        )
        self.stranger_of = f"{district}{'M2' if self.manager.endswith('M1') else 'M1'}"
        self.filing = ""
        self.membership = ""

    async def prepare(self) -> None:
        """An open filing, an application that fails the standard, and a standard in a currency without rates."""
        manager = await Visitor.enter(self.http, self.manager)
        filed = await submit(manager, self.ids, self.customer, self.district)
        self.filing = filed["id"]
        poor = self.ids.customer[self.poor]
        consent = await manager.do(
            GIVE, customerId=poor, form="WRITTEN", document="form", noticeVersion="1994-1", givenAt=SIGNED
        )
        applied = await manager.do(
            REGISTER,
            customerId=poor,
            consentId=consent["id"],
            centreId=self.ids.institution[f"{self.district}W"],
        )
        self.membership = applied["id"]
        await make_standard(self.policy, "FOREIGN", ("1.00", "1.00", "1.00"), currency="CNY")

    def reads(self) -> list[Try]:
        foreign = self.ids.customer[self.customer]
        return [
            self._read(f"{self.region}B", "filters by a figure", "FILTER_NOT_ALLOWED", FOUND, where=RICH),
            self._read(
                self.manager,
                "sorts by a figure, saying no purpose",
                "FILTER_NOT_ALLOWED",
                FOUND,
                order=["SPEND_ASC"],
            ),
            self._read(
                f"{self.district}H", "gives a cursor of head office", "BAD_CURSOR", FOUND, after="HQN"
            ),
            self._read(f"{self.other}H", "asks for a customer elsewhere", "NOT_FOUND", ONE, id=foreign),
            self._read("HQP", "asks for a customer without a case", "NOT_FOUND", NODE, id=foreign),
        ]

    def acts(self) -> list[Try]:
        consent = {"customerId": self.ids.customer[self.customer], "form": "WRITTEN", "document": "form"}
        consent |= {"noticeVersion": "1994-1", "givenAt": SIGNED}
        record = {"filingId": self.filing, "version": 1}
        register = {
            "customerId": self.ids.customer[self._unregistered()],
            "centreId": self.ids.institution[f"{self.district}W"],
        }
        submitting = {
            "membershipId": self.membership,
            "evaluationId": self.ids.of("evaluation")[self.poor],
            "submittedToId": self.ids.institution[self.district],
        }
        return [
            self._act(self.stranger_of, "registers a colleague's customer", "FORBIDDEN", GIVE, consent),
            self._act(f"{self.other}M1", "registers a customer elsewhere", "NOT_FOUND", GIVE, consent),
            self._act(self.manager, "registers without a consent", "NO_CONSENT", REGISTER, register),
            self._act(self.manager, "files a customer who fails", "EVALUATION_FAILED", SUBMIT, submitting),
            self._act(self.manager, "records his own filing", "FORBIDDEN", RECORD, record),
            self._act(f"{self.region}R", "records a filing sent to another", "FORBIDDEN", RECORD, record),
            self._act(f"{self.other}R", "records a filing elsewhere", "NOT_FOUND", RECORD, record),
            self._act("HQF", "records a filing as a partner", "NOT_FOUND", RECORD, record),
            self._act(
                f"{self.district}R",
                "records what he has not seen",
                "STALE_VERSION",
                RECORD,
                record | {"version": 7},
            ),
        ]

    def jobs(self, folder: Path) -> list[Try]:
        async def importing() -> str:
            return await _code(run_import(await seat(self.policy, f"{self.district}H"), [folder]))

        async def screening() -> str:
            desk = await seat(self.policy, f"{self.district}H")
            return await _code(screen(desk, as_of=AS_OF, standard_code=STANDARD))

        async def without_rate() -> str:
            return await _code(screen(await seat(self.policy, "HQN"), as_of=AS_OF, standard_code="FOREIGN"))

        return [
            Try(f"{self.district}H", "imports", "FORBIDDEN", importing),
            Try(f"{self.district}H", "screens", "FORBIDDEN", screening),
            Try("HQN", "screens in a currency without rates", "NO_RATE", without_rate),
        ]

    def _unregistered(self) -> str:
        return next(
            c
            for c in self.expected.files.of_district(self.district)
            if c not in (self.customer, self.poor)
            and self.expected.files.customers[c].manager == self.manager
        )

    def _read(self, staff: str, about: str, code: str, query: str, **variables: Any) -> Try:
        async def do() -> str:
            visitor = await Visitor.enter(self.http, staff)
            given = dict(variables)
            if given.get("after"):
                given["after"] = await first_cursor(await Visitor.enter(self.http, given["after"]))
            return await visitor.code(query, **given)

        return Try(staff, about, code, do)

    def _act(self, staff: str, about: str, code: str, mutation: str, input: dict[str, Any]) -> Try:
        async def do() -> str:
            return await (await Visitor.enter(self.http, staff)).refusal(mutation, **input)

        return Try(staff, about, code, do)


async def _code(work: Awaitable[object]) -> str:
    with pytest.raises((Refusal, Forbidden, NotFound)) as caught:
        await work
    return str(caught.value.code)


async def each_leaves_one_record(tries: list[Try]) -> list[str]:
    """Do them one after another. One line for each; AssertionError when anything but the trail has changed."""
    before = await digest()
    lines = []
    for one in tries:
        begun = now()
        assert await one.do() == one.code, one
        after = await digest()
        assert changed(before, after) == {TRAIL: 1}, one
        record = await AccessRecord.filter(at__gte=begun).order_by("-at").first()
        assert record is not None
        assert (record.decision, record.code) == ("REFUSE", one.code), one
        lines.append(f"{one.staff:<6} {one.about:<42} {one.code}")
        before = after
    assert await Filing.filter(state="RECORDED").count() == 0
    return lines
