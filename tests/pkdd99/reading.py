"""One person looks at the whole bank over HTTP: every cell he gets, and everything he must not get."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2

from models.trail import AccessRecord
from tests.pkdd99.expected import Expected
from tests.pkdd99.ids import Ids, opaque
from tests.pkdd99.probing import probe
from tests.pkdd99.queries import COUNT, LISTED, MORE_LINES, NODE, ONE, canonical, several
from tests.pkdd99.table import READERS, SECTIONS, TABLE
from tests.pkdd99.visitors import Visitor

AT_ONCE = 3
ABSENT = opaque("customer", UUID("00000000-0000-4000-8000-00000000dead"))
WORDS = re.compile(r"[A-Z0-9]{11,}|[\u4e00-\u9fff]+|\b\d+\.\d\d\b")
"""What a document, mobile or account number, a name, or an amount looks like."""
CHILDREN = ("account", "loan", "evaluation", "membership", "filing", "archive")

LISTS = {
    "accessRecords": {"log_admin", "auditor", "compliance"},
    "imports": {"sys_admin", "auditor"},
    "proposals": {"wc_head", "pb_officer", "exc_approver", "hq_policy_appr", "sec_admin", "auditor"},
    "screenings": {"exc_approver", "hq_policy", "hq_policy_appr", "pb_officer"},
}
"""Lists of the house's own work, and whose they are (5.2, 5.4, decisions.md 8, 15). For all others they are empty."""

Cell = tuple[str, str, str, bool, str, str | None]
"""Reader, of whom, section, says why, visibility, reason."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How much one person looks at. None: everything he has."""

    listed: int | None = None
    by_id: int | None = None
    foreign: int = 50


@dataclass
class Reading:
    """What all of them have seen so far. Nobody's answer differed from the table, or it would have been raised."""

    http: httpx2.AsyncClient
    expected: Expected
    ids: Ids
    listed: Counter[Cell] = field(default_factory=Counter)
    by_id: Counter[Cell] = field(default_factory=Counter)
    not_found: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    errors: set[str] = field(default_factory=set)

    async def look(self, staff: str, scope: Scope) -> None:
        """Everything one person can ask, compared with what he must get."""
        visitor = await Visitor.enter(self.http, staff)
        await self.as_visitor(visitor, scope)
        stranger = await Visitor.enter(self.http, "HQN" if staff != "HQN" else "HQV")
        self.refused += await probe(visitor, self.expected, self.ids, await first_cursor(stranger))
        self.requests += visitor.asked
        self.errors |= visitor.errors

    async def as_visitor(self, visitor: Visitor, scope: Scope) -> None:
        """Lists, rows by id, and rows that must not be there, as somebody who is signed in already."""
        await self._count(visitor)
        await self._list(visitor, scope.listed)
        await self._each(visitor, scope.by_id)
        await self._children(visitor)
        await self._foreign(visitor, scope.foreign)

    async def _count(self, visitor: Visitor) -> None:
        reach = self.expected.reach(visitor.staff)
        reader = READERS.get(self.expected.files.posts[visitor.staff].role)
        filed = [self.expected.filed[customer] for customer in reach if customer in self.expected.filed]
        due = {
            "customers": len(reach),
            "memberships": len(filed),
            "filings": 0 if reader == "keeper" else len(filed),
            "archives": filed.count("RECORDED"),
            "evaluations": sum(customer in self.expected.figures for customer in reach),
        }
        found = await visitor.ask(COUNT)
        assert {name: found[name]["totalCount"] for name in due} == due, visitor.staff
        self.rows[visitor.staff] = found["customers"]["totalCount"]
        post = self.expected.files.posts[visitor.staff]
        for name, roles in LISTS.items():
            total = (await visitor.ask(f"{{ {name}(first: 1) {{ totalCount nodes {{ id }} }} }}"))[name][
                "totalCount"
            ]
            assert (total == 0) if post.role not in roles else (total > 0 or post.place != "HQ"), (
                visitor.staff,
                name,
            )

    async def _list(self, visitor: Visitor, most: int | None) -> None:
        reach = self.expected.reach(visitor.staff)
        due = reach if most is None else reach[:most]
        met: list[str] = []
        after = None
        while len(met) < len(due) or not met:
            size = min(20, len(due) - len(met)) or 1
            page = (await visitor.ask(LISTED, first=size, after=after, lines=100))["customers"]
            assert page["totalCount"] == len(reach)
            for edge in page["edges"]:
                met.append(await self._compare(visitor, edge["node"], self.listed))
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert met == due, visitor.staff

    async def _each(self, visitor: Visitor, most: int | None) -> None:
        reach = self.expected.reach(visitor.staff)
        due = (
            reach if most is None or most >= len(reach) else random.Random(visitor.staff).sample(reach, most)
        )
        for start in range(0, len(due), AT_ONCE):
            some = due[start : start + AT_ONCE]
            variables = {f"i{n}": self.ids.customer[number] for n, number in enumerate(some)}
            answer = await visitor.ask(several(len(some)), lines=100, **variables)
            for n, number in enumerate(some):
                assert answer[f"n{n}"] == {
                    "__typename": "Customer",
                    "id": variables[f"i{n}"],
                    "status": {"number": number},
                }
                assert await self._compare(visitor, answer[f"c{n}"], self.by_id) == number

    async def _compare(self, visitor: Visitor, node: dict[str, Any], seen: Counter[Cell]) -> str:
        """Every cell of one customer against the table. All his transaction lines, however many pages they fill."""
        number = str(node["status_0"]["number"])
        assert node["id"] == self.ids.customer[number]
        await self._all_lines(visitor, node)
        reader, of_whom = self.expected.of_whom(visitor.staff, number)
        found, due = canonical(node), self.expected.node(reader, of_whom, number)
        if found != due:
            wrong = {name: (found.get(name), due.get(name)) for name in due if found.get(name) != due[name]}
            raise AssertionError(f"{visitor.staff} of {number}: (found, due) {wrong}")
        for section in SECTIONS:
            for says_why in (False, True):
                cell = found.get(f"{section}_{int(says_why)}", found[f"{section}_0"])
                code = cell["reason"]["code"] if cell["reason"] else None
                seen[reader, of_whom, section, says_why, cell["visibility"], code] += 1
        return number

    async def _all_lines(self, visitor: Visitor, node: dict[str, Any]) -> None:
        lines = node["transactions_1"]
        page = lines["pageInfo"]
        while page["hasNextPage"]:
            more = await visitor.ask(MORE_LINES, id=node["id"], after=page["endCursor"])
            lines["nodes"] += more["customer"]["transactions"]["nodes"]
            page = more["customer"]["transactions"]["pageInfo"]

    async def _children(self, visitor: Visitor) -> None:
        """Accounts, loans and papers by their own id: there when the table shows something of them, else NOT_FOUND."""
        reach = self.expected.reach(visitor.staff)
        for table in CHILDREN:
            owner = next((customer for customer in reach if customer in self.ids.of(table)), None)
            if owner is None:
                continue
            reader, of_whom = self.expected.of_whom(visitor.staff, owner)
            if table == "account":
                there = TABLE[reader, of_whom, False, "accounts"][0] != "WITHHELD"
            elif table == "loan":
                there = TABLE[reader, of_whom, False, "assets"][0] == "VISIBLE"
            else:
                there = table != "filing" or reader != "keeper"
            row = self.ids.of(table)[owner]
            if there:
                assert (await visitor.ask(NODE, id=row))["node"]["id"] == row
            else:
                assert await visitor.code(NODE, id=row) == "NOT_FOUND"
                self.not_found[table] += 1

    async def _foreign(self, visitor: Visitor, most: int) -> None:
        """Customers elsewhere, and all that hangs on them, are answered as if they did not exist, byte for byte."""
        reach = set(self.expected.reach(visitor.staff))
        elsewhere = sorted(set(self.expected.files.customers) - reach)
        chosen = random.Random(f"foreign {visitor.staff}").sample(elsewhere, min(most, len(elsewhere)))
        for query, ids in ((ONE, self._ids(chosen)), (NODE, self._ids(chosen) + self._hanging(chosen))):
            answers = {absent: await visitor.send(query, {"id": absent}) for absent in (ABSENT, "x", "")}
            (nothing,) = {str(answer) for answer in answers.values()}
            assert "NOT_FOUND" in nothing
            for row in ids:
                assert str(await visitor.send(query, {"id": row})) == nothing, (visitor.staff, row)
            self.not_found["customer" if query == ONE else "node"] += len(ids)

    def _ids(self, customers: Iterable[str]) -> list[str]:
        return [self.ids.customer[customer] for customer in customers]

    def _hanging(self, customers: list[str]) -> list[str]:
        """One row of each kind, of the first of these customers who has one."""
        return [
            self.ids.of(table)[owner]
            for table in CHILDREN
            for owner in [next((c for c in customers if c in self.ids.of(table)), None)]
            if owner is not None
        ]


async def told_by_the_trail(expected: Expected) -> set[str]:
    """Protected values that stand in the canonical records of the trail. There must be none (domain.md 5.4)."""
    secrets = set(expected.secrets())
    told: set[str] = set()
    for record in await AccessRecord.all().values_list("record", flat=True):
        told |= secrets.intersection(WORDS.findall(record))
    return told


async def first_cursor(visitor: Visitor) -> str:
    """A cursor that was made for somebody else."""
    page = await visitor.ask("{ customers(first: 1) { pageInfo { endCursor } } }")
    return str(page["customers"]["pageInfo"]["endCursor"])
