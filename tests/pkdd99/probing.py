"""Probes that would tell a withheld value indirectly: filters, sorts, portfolios, cursors, empty selections, errors."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.pkdd99.expected import Expected, to_cents
from tests.pkdd99.ids import Ids
from tests.pkdd99.oracle import CASH, Figures
from tests.pkdd99.queries import EVALUATED, FOUND
from tests.pkdd99.table import READERS, TABLE
from tests.pkdd99.visitors import Visitor

WHY = {"code": "REGULAR_REVIEW"}
AMOUNTS: dict[str, tuple[str, Callable[[Figures], Decimal]]] = {
    "averageSavings": ("AVERAGE_SAVINGS", lambda figures: to_cents(figures.average)),
    "loanBalance": ("LOAN_BALANCE", lambda figures: to_cents(figures.outstanding)),
    "spend": ("SPEND", lambda figures: to_cents(figures.spend[CASH])),
}
OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    "eq": operator.eq,
}
NO_SELECTION = (
    "{ customers(first: 1) { } }",
    "{ customers(first: 1) { nodes { } } }",
    "{ customers(first: 1) { nodes { assets { } } } }",
    "query ($id: ID!) { customer(id: $id) { } }",
    "query ($id: ID!) { customer(id: $id) }",
    "{ customers(first: 1) { nodes { identity } } }",
)


async def probe(visitor: Visitor, expected: Expected, ids: Ids, stranger: str) -> Counter[str]:
    """Try all of them as one person. Returns how often which refusal was met; a wrong answer is raised."""
    prober = _Prober(visitor, expected, ids)
    await prober.amounts()
    await prober.names()
    await prober.places()
    await prober.orders()
    await prober.evaluations()
    await prober.portfolios()
    await prober.cursors(stranger)
    await prober.empty()
    return prober.refused


class _Prober:
    def __init__(self, visitor: Visitor, expected: Expected, ids: Ids) -> None:
        self.visitor, self.expected, self.ids = visitor, expected, ids
        self.reach = expected.reach(visitor.staff)
        self.refused: Counter[str] = Counter()

    def may(self, section: str, says_why: bool) -> bool:
        """By the table alone, whether or not he has such a customer (decisions.md 4)."""
        reader = READERS.get(self.expected.files.posts[self.visitor.staff].role)
        return any(
            cell[0] == "VISIBLE"
            for (who, of_whom, says, what), cell in TABLE.items()
            if (who, says, what) == (reader, says_why, section) and of_whom != "a filing's"
        )

    async def found(self, **variables: Any) -> list[str]:
        """The numbers of all pages, which are as many as `totalCount` says."""
        numbers: list[str] = []
        after = None
        while True:
            page = (await self.visitor.ask(FOUND, after=after, **variables))["customers"]
            numbers += [node["status"]["number"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                assert page["totalCount"] == len(numbers)
                return numbers

    async def must_refuse(self, code: str, query: str = FOUND, **variables: Any) -> None:
        assert await self.visitor.code(query, **variables) == code, (self.visitor.staff, variables)
        self.refused[code] += 1

    async def amounts(self) -> None:
        """Figures: only over rows where they are visible by policy, or refused. Thresholds equal a real figure."""
        known = [customer for customer in self.reach if customer in self.expected.figures]
        for field, (_, measure) in AMOUNTS.items():
            amounts = sorted(measure(self.expected.figures[customer]) for customer in known)
            middle = amounts[len(amounts) * 3 // 4] if amounts else Decimal("1000.00")
            for says_why in (False, True):
                purpose = WHY if says_why else None
                for word, holds in OPERATORS.items():
                    condition = {field: {"currency": "CZK", word: str(middle)}}
                    await self._amount(
                        condition,
                        says_why,
                        lambda customer, holds=holds, measure=measure, middle=middle: holds(
                            measure(self.expected.figures[customer]), middle
                        ),
                        purpose,
                    )
        await self._other_currency()

    async def _amount(
        self,
        condition: dict[str, Any],
        says_why: bool,
        meets: Callable[[str], bool],
        purpose: dict[str, str] | None,
    ) -> None:
        if not self.may("assets", says_why):
            await self.must_refuse("FILTER_NOT_ALLOWED", where=condition, purpose=purpose)
            await self.must_refuse("FILTER_NOT_ALLOWED", where={"not": condition}, purpose=purpose)
            return
        seen = self.expected.sees(self.visitor.staff, "assets", says_why=says_why)
        met = [c for c in seen if c in self.expected.figures and meets(c)]
        assert await self.found(where=condition, purpose=purpose) == met, condition
        # A disponent has no figure, so he does not fulfil the condition and does fulfil its negation.
        rest = [customer for customer in seen if customer not in met]
        assert await self.found(where={"not": condition}, purpose=purpose) == rest
        # Whoever is joined by OR is still only found where the figure is visible.
        anybody = {"or": [condition, {"number": {"in": self.reach[:90]}}]}
        both = [customer for customer in seen if customer in met or customer in self.reach[:90]]
        assert await self.found(where=anybody, purpose=purpose) == both

    async def _other_currency(self) -> None:
        if self.may("assets", True):
            condition = {"averageSavings": {"currency": "CNY", "ge": "0.00"}}
            assert await self.found(where=condition, purpose=WHY) == []

    async def names(self) -> None:
        sample = self.reach[:2] or sorted(self.expected.files.customers)[:2]
        for customer in sample:
            name = self.expected.files.customers[customer].name
            if not self.may("name", False):
                await self.must_refuse("FILTER_NOT_ALLOWED", where={"name": {"eq": name}})
                continue
            same = [c for c in self.reach if self.expected.files.customers[c].name == name]
            assert await self.found(where={"name": {"eq": name}}) == same

    async def places(self) -> None:
        """What is no secret filters over what he reaches and nothing else; who reaches nobody has no filter at all."""
        files = self.expected.files
        elsewhere = sorted(set(files.customers) - set(self.reach))[:5]
        some = self.reach[:5]
        if not self.may("status", False):
            for where in (
                {"number": {"in": elsewhere}},
                {"tier": {"eq": "HEAD_OFFICE"}},
                {"ownerId": {"in": []}},
            ):
                await self.must_refuse("FILTER_NOT_ALLOWED", where=where)
            return
        assert await self.found(where={"number": {"in": some + elsewhere}}) == some
        assert await self.found(where={"number": {"in": []}}) == []
        for district in sorted({files.customers[c].owner for c in some + elsewhere})[:3]:
            due = [c for c in self.reach if files.customers[c].owner == district]
            assert await self.found(where={"ownerId": {"eq": self.ids.institution[district]}}) == due
        recorded = [c for c in self.reach if self.expected.filed.get(c) == "RECORDED"]
        assert await self.found(where={"tier": {"eq": "HEAD_OFFICE"}}) == recorded
        assert await self.found(where={"tier": {"eq": "BRANCH"}}) == []

    async def orders(self) -> None:
        for order, measure in AMOUNTS.values():
            for says_why in (False, True):
                purpose = WHY if says_why else None
                for end in ("ASC", "DESC"):
                    if not self.may("assets", says_why):
                        await self.must_refuse(
                            "FILTER_NOT_ALLOWED", order=[f"{order}_{end}"], purpose=purpose
                        )
                    else:
                        await self._in_order(f"{order}_{end}", measure, says_why, purpose)
        if not self.may("name", False):
            await self.must_refuse("FILTER_NOT_ALLOWED", order=["NAME_ASC"])
        else:
            names = [self.expected.files.customers[c].name for c in await self.found(order=["NAME_DESC"])]
            due = sorted((self.expected.files.customers[c].name for c in self.reach), reverse=True)
            assert names == due

    async def _in_order(
        self,
        order: str,
        measure: Callable[[Figures], Decimal],
        says_why: bool,
        purpose: dict[str, str] | None,
    ) -> None:
        """Only rows where the figure is visible; those without one come last, whichever way (decisions.md 26)."""
        numbers = await self.found(order=[order], purpose=purpose)
        assert sorted(numbers) == self.expected.sees(self.visitor.staff, "assets", says_why=says_why)
        figures = [self.expected.figures.get(number) for number in numbers]
        amounts = [measure(found) for found in figures if found is not None]
        assert figures[len(amounts) :] == [None] * (len(figures) - len(amounts))
        assert amounts == sorted(amounts, reverse=order.endswith("DESC")), order

    async def evaluations(self) -> None:
        """Whether the standard was met is status; how nearly, and by what, is a figure."""
        known = [customer for customer in self.reach if customer in self.expected.figures]
        if self.may("status", False):
            page = await self.visitor.ask(EVALUATED, where={"passed": {"eq": True}})
            passed = sum(customer in self.expected.passing for customer in known)
            assert page["evaluations"]["totalCount"] == passed
        for says_why in (False, True):
            purpose = WHY if says_why else None
            near = {"borderline": {"eq": True}}
            if not self.may("assets", says_why):
                await self.must_refuse("FILTER_NOT_ALLOWED", EVALUATED, where=near, purpose=purpose)
                order = ["AVERAGE_SAVINGS_DESC"]
                await self.must_refuse("FILTER_NOT_ALLOWED", EVALUATED, order=order, purpose=purpose)
                continue
            seen = self.expected.sees(self.visitor.staff, "assets", says_why=says_why)
            due = [c for c in seen if c in self.expected.figures and self.expected.borderline(c)]
            page = await self.visitor.ask(EVALUATED, where=near, purpose=purpose)
            assert page["evaluations"]["totalCount"] == len(due)

    async def portfolios(self) -> None:
        posts, customers = self.expected.files.posts, self.expected.files.customers
        mine = [c for c in self.reach if customers[c].manager == self.visitor.staff]
        district = posts[self.visitor.staff].place[:4]
        branch = [c for c in self.reach if customers[c].owner == district]
        assert await self.found(portfolio="MINE") == mine
        assert await self.found(portfolio="BRANCH") == branch
        assert await self.found(portfolio="REACH") == self.reach

    async def cursors(self, stranger: str) -> None:
        """A cursor is good for one person, one filter and one order. Forged, foreign and outdated are one refusal."""
        for cursor in (stranger, f"{stranger[:-2]}AA", "x", "", "0" * 3000):
            await self.must_refuse("BAD_CURSOR", after=cursor)
        page = (await self.visitor.ask(FOUND))["customers"]
        own = page["pageInfo"]["endCursor"]
        if own is not None:
            await self.must_refuse("BAD_CURSOR", after=own, order=["NUMBER_DESC"])
            await self.must_refuse("BAD_CURSOR", after=own, where={"tier": {"eq": "HEAD_OFFICE"}})
            await self.must_refuse("BAD_CURSOR", after=own, portfolio="MINE")

    async def empty(self) -> None:
        customer = self.ids.customer[self.reach[0] if self.reach else min(self.ids.customer)]
        for query in NO_SELECTION:
            _, body = await self.visitor.send(query, {"id": customer})
            assert body.get("data") is None, (query, body)
            assert body["errors"]
            self.refused["no selection"] += 1
