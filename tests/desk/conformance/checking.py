"""The check: what the gate's statements answer about the generated bank is what the interpreter says, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from authz import DataClass, Kind, Policy
from desk.actors import Sitter
from desk.errors import FilterRefused
from desk.gate.filters import columns_of
from desk.gate.plain import answer_of
from desk.gate.plans import plan_of, run
from desk.gate.release import Release
from desk.gate.view import View
from desk.selection import Answer, Child, Order, Page, Portfolio, Purpose, Section, Selection
from tests.desk.conformance.bank import Bank, Kept
from tests.desk.conformance.cases import Case
from tests.desk.conformance.filtering import COLUMNS, fulfils, generated, ordered
from tests.desk.conformance.oracle import Divergence, Oracle

WHY = Purpose("ADVICE", "conformance")
SECTIONS: dict[DataClass, tuple[str, ...]] = {
    **dict.fromkeys(DataClass, ()),
    DataClass.ASSET: ("average_savings", "band"),
    DataClass.CONTACT: ("mobile",),
    DataClass.IDENTITY_DOC: ("identity_kind", "identity_number"),
    DataClass.NAME: ("name",),
    DataClass.PERSONAL: ("birth_date",),
    DataClass.VIP_STATUS: ("number",),
}
"""One section for each data class, with the columns that a customer has in it."""
OF_CLASS = {
    "account": DataClass.ACCOUNT,
    "balance": DataClass.ASSET,
    "transaction_line": DataClass.TRANSACTION,
}
"""Tables whose rows exist only where their class is shown; an account also where it is masked."""
PAGE = 40


class Check:
    """One case against the open database."""

    def __init__(self, bank: Bank, case: Case, postgres: bool, tally: Counter[str]) -> None:
        self.bank, self.case, self.postgres, self.tally = bank, case, postgres, tally
        self.policy = Policy.of(case.text)
        self.oracle = Oracle(case, self.policy)
        sitter = Sitter(case.actor, "N1", "员工", 0, 0, "", None)
        self.view = View(self.policy, sitter, case.actor, case.now, None, case.bases)
        self.rng = case.rng

    async def run(self) -> None:
        await self.cells()
        await self.count()
        await self.portfolio()
        await self.filters()
        await self.pages()
        await self.children()
        await self.figures()
        await self.proposals()

    def reached(self, rows: list[Kept], kind: Kind = Kind.CUSTOMER, *, customer: bool = True) -> list[Kept]:
        return [row for row in rows if self.oracle.exists(kind, row.facts(self.case.now, customer=customer))]

    def cell(self, row: Kept, data_class: DataClass, purpose: bool) -> tuple[str, str | None]:
        return self.oracle.cell(Kind.CUSTOMER, data_class, row.facts(self.case.now), purpose)

    def same(self, what: str, found: Any, expected: Any, decisions: int = 0) -> None:
        """`decisions` rows were decided; those of the expected answer were allowed."""
        if decisions:
            self.tally["decisions"] += decisions
            self.tally["allows"] += expected if isinstance(expected, int) else len(expected)
        if found != expected:
            raise Divergence(f"{what}: the statement says {found}, the interpreter {expected}\n{self.case}")

    async def cells(self) -> None:
        """All customers with a section for each of some classes, without a purpose and with one."""
        some = self.rng.sample(list(SECTIONS), 5)
        sections = [Section(str(cls), cls, SECTIONS[cls]) for cls in some]
        sections += [replace(section, alias=f"{section.alias}+", purpose=WHY) for section in sections]
        asked = Selection("customer", sections=tuple(sections))
        answer = await self.read(asked)
        expected = self.reached(self.bank.customers)
        self.same(
            "rows",
            [row["id"] for row in answer.rows],
            [row.id for row in expected],
            len(self.bank.customers),
        )
        for row, kept in zip(answer.rows, expected, strict=True):
            for section in sections:
                told = row[section.alias]
                wanted = self.cell(kept, section.data_class, section.purpose is not None)
                why = told["reason"] and told["reason"].value
                self.same(f"{section.alias} of {kept}", (told["visibility"].value, why), wanted)
                self.tally["decisions"] += 1
                self.tally[wanted[1] or "VISIBLE"] += 1
                self.tally[wanted[0]] += wanted[0] != "VISIBLE"
                self.tally["allows"] += wanted[0] == "VISIBLE"
                for name in section.columns:
                    self.value(told[name], kept, name, wanted[0])

    def value(self, found: Any, kept: Kept, name: str, visibility: str) -> None:
        """The database gives out the value of a visible cell, the mask of a masked one, and nothing else."""
        shown = {"VISIBLE": kept.plain[name], "MASKED": kept.mask.get(name)}.get(visibility)
        self.same(f"{name} of {kept}, {visibility}", found, shown)

    async def read(self, asked: Selection) -> Answer:
        return (await self.released(asked))[0]

    async def released(self, asked: Selection) -> tuple[Answer, Release]:
        """The answer, and what the receipt would say."""
        plan, values = plan_of(asked)
        text, release = await run(plan, self.view, values)
        assert text is not None
        return answer_of(asked, text), release

    async def count(self) -> None:
        answer = await self.read(Selection("customer", rows=False, count=True))
        self.same("count", answer.total, len(self.reached(self.bank.customers)))

    async def portfolio(self) -> None:
        seats = {seat.path for seat in self.case.actor.seats}
        me = self.case.actor.staff_id
        wanted: dict[Portfolio, Callable[[Kept], bool]] = {
            Portfolio.MINE: lambda row: me in row.facts(self.case.now).managers,
            Portfolio.BRANCH: lambda row: row.path in seats,
        }
        for portfolio, belongs in wanted.items():
            expected = [row for row in self.reached(self.bank.customers) if belongs(row)]
            await self.ids(f"portfolio {portfolio}", Selection("customer", portfolio=portfolio), expected)

    async def filters(self) -> None:
        """A filter keeps the rows that fulfil it among those where every class it names is visible."""
        for _ in range(4):
            where = generated(self.rng, self.bank)
            purpose = self.rng.choice([None, WHY])
            probed = {COLUMNS[name] for name in columns_of(where)}
            visible = [
                row
                for row in self.reached(self.bank.customers)
                if all(self.cell(row, cls, purpose is not None)[0] == "VISIBLE" for cls in probed)
            ]
            expected = [row for row in visible if fulfils(where, row)]
            asked = Selection("customer", where=where, purpose=purpose)
            try:
                await self.ids(f"filter {where}", asked, expected)
                answer = await self.read(replace(asked, rows=False, count=True))
                self.same(f"count of filter {where}", answer.total, len(expected))
                self.tally["filters"] += 1
            except FilterRefused:
                self.same(f"refused filter {where}", len(visible), 0)
                self.tally["filters refused"] += 1

    async def pages(self) -> None:
        """Forth and back through an ordered list, page by page, gives each visible row once and in order."""
        names = self.rng.sample(
            ["average_savings", "birth_date", "name", "number"], self.rng.choice([1, 1, 2])
        )
        order = tuple(Order(name, self.rng.random() < 0.5) for name in names)
        expected = ordered(
            [
                row
                for row in self.reached(self.bank.customers)
                if all(self.cell(row, COLUMNS[name], True)[0] == "VISIBLE" for name in names)
            ],
            order,
        )
        asked = Selection("customer", order=order, purpose=WHY)
        try:
            found = await self.walked(asked, backwards=self.rng.random() < 0.5)
        except FilterRefused:
            found = []
        self.same(f"pages by {order}", found, [row.id for row in expected], len(self.bank.customers))

    async def walked(self, asked: Selection, *, backwards: bool) -> list[UUID]:
        found: list[UUID] = []
        page = Page(last=PAGE) if backwards else Page(first=PAGE)
        while True:
            answer = await self.read(replace(asked, page=page))
            ids = [row["id"] for row in answer.rows]
            found = ids + found if backwards else found + ids
            if not (answer.has_previous if backwards else answer.has_next):
                return found
            edge = answer.rows[0 if backwards else -1]["cursor"]
            page = Page(last=PAGE, before=edge) if backwards else Page(first=PAGE, after=edge)

    async def children(self) -> None:
        """The balances below the section that is asked with a purpose, of a third of the customers."""
        some = self.rng.sample(self.bank.customers, len(self.bank.customers) // 3)
        below = Child("balances", "balances", Selection("balance", ("amount",), count=True))
        section = Section("assets", DataClass.ASSET, children=(below,), purpose=self.rng.choice([None, WHY]))
        asked = Selection("customer", ids=tuple(row.id for row in some), sections=(section,))
        answer, release = await self.released(asked)
        found = {
            row["id"]: (
                [line["amount"] for line in row["assets"]["balances"].rows],
                row["assets"]["balances"].total,
            )
            for row in answer.rows
        }
        expected = {
            row.id: ([row.serial], 1)
            if self.cell(row, DataClass.ASSET, section.purpose is not None)[0] == "VISIBLE"
            else ([], 0)
            for row in self.reached(some)
        }
        self.same("balances", found, expected)
        told = {row.serial for row in some if expected.get(row.id, ([], 0))[1]}
        self.same("balances in the receipt", release.rows.get("balance", set()), set(map(str, told)))
        self.tally["decisions"] += len(some)
        self.tally["allows"] += sum(total for _, total in expected.values())

    async def figures(self) -> None:
        """Rows that are nothing but their class: they exist where it is shown."""
        table = self.rng.choice(list(OF_CLASS))
        purpose = self.rng.choice([None, WHY])
        shown = {"VISIBLE", "MASKED"} if table == "account" else {"VISIBLE"}
        answer = await self.read(Selection(table, purpose=purpose))
        expected = [
            row
            for row in self.bank.customers
            if self.cell(row, OF_CLASS[table], purpose is not None)[0] in shown
        ]
        self.same(table, len(answer.rows), len(expected), len(self.bank.customers))
        wanted = [UUID(int=5000 + row.serial) if table == "account" else row.serial for row in expected]
        self.same(table, sorted(map(str, (row["id"] for row in answer.rows))), sorted(map(str, wanted)))

    async def proposals(self) -> None:
        """A table whose place may be unknown and that has no customer at all."""
        expected = self.reached(self.bank.proposals, Kind.PROPOSAL, customer=False)
        await self.ids("proposals", Selection("proposal"), expected, len(self.bank.proposals))

    async def ids(self, what: str, asked: Selection, expected: list[Kept], decisions: int = 0) -> None:
        answer = await self.read(asked)
        found = {row["id"] for row in answer.rows}
        self.same(what, found, {row.id for row in expected}, decisions or len(self.bank.customers))
