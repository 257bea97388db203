"""The passing customers are registered and filed by their managers, and put on record by somebody else, over HTTP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import httpx2

from tests.pkdd99.expected import Expected
from tests.pkdd99.ids import Ids
from tests.pkdd99.queries import BEFORE_ME, canonical
from tests.pkdd99.visitors import Visitor

PROBLEM = "... on Problem { code message field article }"
GIVE = f"giveConsent(input: $input) {{ __typename ... on Consent {{ id }} {PROBLEM} }}"
REGISTER = f"registerCustomer(input: $input) {{ __typename ... on Membership {{ id state }} {PROBLEM} }}"
SUBMIT = f"submitFiling(input: $input) {{ __typename ... on Filing {{ id state version }} {PROBLEM} }}"
RECORD = f"recordFiling(input: $input) {{ __typename ... on Filing {{ id state filingNumber }} {PROBLEM} }}"
EVIDENCE = "query ($id: ID!) { customer(id: $id) { evaluation { id passed } } }"
SIGNED = "1994-03-01T09:00:00Z"
"""When the customers signed: valid time lies back, recorded time is now (decisions.md 26)."""


async def file_all(http: httpx2.AsyncClient, expected: Expected, ids: Ids, districts: Iterable[str]) -> int:
    """File and record every passing customer of these districts. Returns how many.

    While a filing is open its recorder sees name and figures of that customer, and of no other; once it is on
    record he sees them no more. Both are compared with the table, cell by cell.
    """
    wanted = defaultdict(list)
    for customer in sorted(expected.passing):
        wanted[expected.files.customers[customer].owner].append(customer)
    filed = 0
    for district in districts:
        for customer in wanted[district]:
            manager = await Visitor.enter(http, expected.files.customers[customer].manager)
            await submit(manager, ids, customer, district)
            expected.filed[customer] = "SUBMITTED"
        if wanted[district]:
            recorder = await Visitor.enter(http, f"{district}R")
            filed += await _record(recorder, expected, wanted[district])
    return filed


async def submit(manager: Visitor, ids: Ids, customer: str, district: str) -> dict[str, Any]:
    """Consent, registration and filing of one passing customer, sent to his own district's department."""
    customer_id = ids.customer[customer]
    consent = await manager.do(
        GIVE,
        customerId=customer_id,
        form="WRITTEN",
        document=f"form {customer}",
        noticeVersion="1994-1",
        givenAt=SIGNED,
    )
    membership = await manager.do(
        REGISTER,
        customerId=customer_id,
        consentId=consent["id"],
        centreId=ids.institution[f"{district}W"],
        registeredAt=SIGNED,
    )
    evidence = (await manager.ask(EVIDENCE, id=customer_id))["customer"]["evaluation"]
    assert evidence["passed"] is True
    filing = await manager.do(
        SUBMIT,
        membershipId=membership["id"],
        evaluationId=evidence["id"],
        submittedToId=ids.institution[district],
    )
    assert (membership["state"], filing["state"]) == ("APPLIED", "SUBMITTED")
    return filing


async def _record(recorder: Visitor, expected: Expected, customers: list[str]) -> int:
    """Look at each open filing before him, and put it on record by the version that was seen."""
    open_filings: dict[str, tuple[str, int]] = {}
    after = None
    while True:
        page = (await recorder.ask(BEFORE_ME, first=10, after=after, lines=1))["filings"]
        for filing in page["nodes"]:
            number = filing["customer"]["status_0"]["number"]
            open_filings[number] = filing["id"], filing["version"]
            assert canonical(filing["customer"]) == expected.node("recorder", "a filing's", number)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(open_filings) == customers
    assert page["totalCount"] == len(customers)
    for number, (filing_id, version) in sorted(open_filings.items()):
        recorded = await recorder.do(RECORD, filingId=filing_id, version=version)
        assert recorded["state"] == "RECORDED"
        assert recorded["filingNumber"].startswith(recorder.staff[:-1])
        expected.filed[number] = "RECORDED"
    return len(open_filings)
