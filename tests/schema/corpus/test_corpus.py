"""A corpus from the grammar: the system answers each document as stock graphql-core does over naive resolvers."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from authz import Policy
from authz.policy import POLICY
from desk.desk import Desk, adopt
from models.database import database
from tests import cast
from tests.conftest import NOW, need
from tests.databases import Postgres
from tests.schema.corpus.arguments import Pools
from tests.schema.corpus.comparing import Comparison, Different
from tests.schema.corpus.coverage import OUTSIDE, Coverage, reachable
from tests.schema.corpus.generating import Generator
from tests.schema.corpus.naive import GRAPH
from tests.schema.corpus.showing import global_id
from tests.schema.corpus.tables import Tables
from tests.schema.corpus.world import populate
from tests.schema.whole import Whole, build, text_of

SAMPLE, FULL = 4_000, 20_000
DOCUMENTS = int(os.environ.get("CORPUS_DOCUMENTS", SAMPLE))
"""On each database. A sample by default; the full corpus by hand."""
SEED = 7
SHARE = 0.95
"""Of the fields and forms that a sample must reach."""
UNANSWERED = frozenset({"Consent"})
"""Nodes that no query can answer, though it may ask for them."""
FAULTY = 0.12
TRAIL = 20
"""One document of so many reads the trail."""
TURNS = (
    "lin", "luo", "han", "wu", "bai", "deng", "officer", "tang", "gao", "approver", "cheng", "he", "zhao", "ku", "lin",
    "luo", "han", "wu", "auditor", "jian", "pan", "zhang", "yue", "he", "sysadmin", "secadmin", "logadmin", "nan",
    "teller", "nobody",
)  # fmt: skip
PLANTED_IN = 1000
"""Documents within which a difference must be found."""
NARROW = frozenset({"auditor", "sysadmin", "secadmin", "logadmin", "nobody", "teller", "zhang"})
"""Who may filter no list of customers, nor of what is done with them."""
READERS = ("auditor", "logadmin", "compliance", "lin")
"""Who reads the trail, and one who may not."""


TODAY = NOW.date()
CODED = ("institution", "standard", "campaign", "indicator")


def numbers(tables: Tables) -> list[str]:
    """Whole numbers on cards: of those that customers have, of the ends of what lies about, of orders and of none."""
    found = {row.number for table in ("card", "card_order", "card_report") for row in tables.all(table)} - {
        None
    }
    for holding in tables.all("stock_holding"):
        product = tables.get("card_product", holding.product_id)
        found |= {
            product.number(one)
            for one in (holding.first_serial, holding.last_serial, holding.last_serial + 1)
        }
    return [*sorted(found), "1010000000000007", "1990000000000007", "2" * 16]


def pools(tables: Tables) -> Pools:
    customers = tables.all("customer")
    amounts = {one.average_savings for one in tables.all("evaluation")} | {0, 500_000_00, 1_000_000_00}
    near = sorted({max(0, amount + step) for amount in amounts for step in (-1, 0, 1)})
    days = {one.opened_on for one in customers} | {one.as_of for one in tables.all("evaluation")}
    days |= {day for one in tables.all("campaign") for day in (one.effective_from, one.effective_to) if day}
    days |= {one.due_on for one in tables.all("work_item")} | {one.as_of for one in tables.all("what_if")}
    days |= {one.term_ends for one in tables.all("membership") if one.term_ends}
    booked = {one.day for one in tables.all("stock_day")} | {TODAY}
    seldom = {TODAY - dt.timedelta(days=400), TODAY + dt.timedelta(days=1)}
    moments = {one.drafted_at for one in tables.all("stock_movement")} | {NOW}
    cards = numbers(tables)
    return Pools(
        {
            "number": [
                *sorted(one.number for one in customers),
                *cards,
                *sorted(one.number for one in tables.all("staff")),
                "C0",
                "",
            ],
            "cardNumber": cards,
            "design": sorted({one.design for one in tables.all("card_product")}),
            "name": [*sorted({one.name for one in customers}), "某"],
            "has": [*sorted({sign for one in customers for sign in one.name}), "某", "赵一", "%", "_"],
            "code": [*sorted({one.code for table in CODED for one in tables.all(table)}), "cd"],
            "standardCode": [*sorted({one.code for one in tables.all("standard")}), "NONE"],
            "currency": ["CNY", "CNY", "CNY", "USD"],
            "text": ["", "why", '"quoted" \\ 用途'],
        },
        [text_of(amount) for amount in near],
        sorted(day.isoformat() for day in days | booked),
        sorted(day.isoformat() for day in booked) * 9 + sorted(day.isoformat() for day in seldom),
        sorted(moment.isoformat() for moment in moments),
        {
            global_id("stock_account", one.id): (
                global_id("institution", one.institution_id),
                global_id("card_product", one.product_id),
            )
            for one in sorted(tables.all("stock_account"), key=lambda one: str(one.id))
        },
        {
            table: [global_id(table, key) for key in sorted(tables.rows[table], key=str)]
            for table in tables.rows
            if table not in {"balance", "transaction_line", "loan_standing", "recusal", "access_record"}
        },
    )


async def prepared(whole: Whole) -> Comparison:
    """The oracle beside the open database, with nothing asked yet."""
    tables = Tables(NOW)
    await tables.keep()
    generator = Generator(GRAPH, SEED, pools(tables))
    return Comparison(tables, POLICY.read_text(encoding="utf-8"), generator, Coverage(GRAPH))


async def run(
    comparison: Comparison,
    policy: Policy,
    whole: Whole,
    documents: int,
    of_the_trail: int = 0,
    everybody: tuple[str, ...] = TURNS,
) -> None:
    """Ask so many documents of the open database, several people in turn. Different at the first difference.

    The first of them are `of_the_trail`, before the others make it grow.
    """
    generator, tables = comparison.generator, comparison.tables
    desks: dict[str, Desk] = {}
    for number in range(documents):
        trail = number < of_the_trail
        turns = READERS if trail else everybody
        actor = turns[number % len(turns)]
        if actor not in desks:
            desks[actor] = await Desk.take(policy, whole.cast.staff[actor].id, NOW)
        if trail:
            await tables.keep("access_record")
        faulty = not trail and generator.chance(FAULTY)
        filters = actor not in NARROW or generator.chance(0.1)
        question = generator.question(actor, faulty, trail=trail, filters=filters)
        await comparison.ask(actor, desks[actor], question)


def judge(comparison: Comparison, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the run was worth: enough valid documents, every form of every field, and values in the answers."""
    tally, coverage = comparison.tally, comparison.coverage
    fields = {
        (one.name, name)
        for one in reachable(GRAPH)
        for name in one.fields
        if name not in OUTSIDE and one.name not in UNANSWERED
    }
    answered = len(fields & comparison.shown) / len(fields)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{tally['documents']:,} documents, {tally['valid']:,} valid,"
            f" {len(coverage.wanted) - len(coverage.missing):,} of {len(coverage.wanted):,} fields x constructs,"
            f" {answered:.1%} of the fields answered, 0 differences ({kind})"
        )
    assert tally["documents"] == DOCUMENTS
    assert tally["valid"] >= 0.8 * DOCUMENTS, tally
    if DOCUMENTS >= FULL:
        # A null or a literal in a filter that few may use: chance leaves out some in each run.
        assert coverage.share >= 0.999, coverage.missing
        assert answered >= 0.99, fields - comparison.shown
    elif DOCUMENTS >= SAMPLE:
        assert coverage.share >= SHARE, coverage.missing
        assert answered >= 0.91, fields - comparison.shown


async def test_the_system_answers_as_stock_graphql_does_on_sqlite(
    whole: Whole, policy: Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    await populate(whole)
    comparison = await prepared(whole)
    await run(comparison, policy, whole, DOCUMENTS, DOCUMENTS // TRAIL)
    judge(comparison, "sqlite", capsys)


async def test_the_system_answers_as_stock_graphql_does_on_postgres(
    postgres: Postgres | None, policy: Policy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = need(postgres)
    name = await server.create()
    try:
        async with database(server.url(name)):
            await adopt(policy)
            whole = await build(await cast.build(NOW))
            await populate(whole)
            comparison = await prepared(whole)
            await run(comparison, policy, whole, DOCUMENTS, DOCUMENTS // TRAIL)
            judge(comparison, "postgres", capsys)
    finally:
        await server.drop(name)


def another_name(comparison: Comparison) -> None:
    for one in comparison.tables.all("institution"):
        one.name = one.name[::-1]


def a_row_less(comparison: Comparison) -> None:
    filings = comparison.tables.rows["filing"]
    del filings[min(filings, key=str)]


def another_order(comparison: Comparison) -> None:
    first, second, *_ = sorted(comparison.tables.all("staff"), key=lambda one: str(one.number))
    first.number, second.number = second.number, first.number


def a_term_that_holds(comparison: Comparison) -> None:
    for one in comparison.tables.all("manager_assignment"):
        one.ended_at = None


def a_rule_less(comparison: Comparison) -> None:
    rule = "p, wc_head, own_branch, customer, CONTACT, read_masked, *, allow"
    assert rule in comparison.policy
    comparison.policy = comparison.policy.replace(rule, "")


def a_merge_undone(comparison: Comparison) -> None:
    for one in comparison.tables.all("customer"):
        one.merged_into_id = None


def a_case_decided(comparison: Comparison) -> None:
    for one in comparison.tables.all("exception_case"):
        one.state = "APPROVED"


def tomorrow(comparison: Comparison) -> None:
    comparison.tables.now += dt.timedelta(days=1)


def a_member_of_the_other_tier(comparison: Comparison) -> None:
    for one in comparison.tables.all("membership"):
        one.tier = {"HEAD_OFFICE": "BRANCH", "BRANCH": "HEAD_OFFICE"}[one.tier]


def nothing_missing(comparison: Comparison) -> None:
    for one in comparison.tables.all("stock_holding"):
        one.state = "IN_STOCK" if one.state == "MISSING" else one.state


def nothing_signed(comparison: Comparison) -> None:
    for one in comparison.tables.all("signature"):
        one.voided_at = NOW


def a_segment_divided_no_further(comparison: Comparison) -> None:
    segments = comparison.tables.rows["number_segment"]
    for key in [key for key, one in segments.items() if one.depth]:
        del segments[key]


Altered = Callable[[Comparison], None]
ALTERED: dict[Altered, tuple[tuple[str, ...], str]] = {
    another_name: (("lin", "nobody"), "institutions"),
    a_row_less: (("officer", "approver"), "filings"),
    another_order: (("lin", "nobody"), "staff"),
    a_term_that_holds: (("han", "luo"), "customers"),
    a_rule_less: (("han", "nan"), "customers"),
    a_merge_undone: (("han", "officer"), "customers"),
    a_case_decided: (("deng", "han"), "exceptionCases"),
    tomorrow: (("lin", "nobody"), "campaigns"),
    a_member_of_the_other_tier: (("he", "zhao"), "cards"),
    nothing_missing: (("he", "officer"), "stockAccounts"),
    nothing_signed: (("zhao", "jian"), "movementsToCountersign"),
    a_segment_divided_no_further: (("nobody", "teller"), "issuerOf"),
}
"""Each with people to whom it makes a difference, and a root field where it does: by chance alone a sample of everything
that everybody asks may not meet it."""


@pytest.mark.parametrize("altered", ALTERED, ids=lambda one: one.__name__)
async def test_a_difference_is_found(altered: Altered, whole: Whole, policy: Policy) -> None:
    """The oracle is told of another bank, or of another policy: else the runs above might compare nothing."""
    await populate(whole)
    comparison = await prepared(whole)
    altered(comparison)
    everybody, root = ALTERED[altered]
    comparison.generator.only = frozenset({root})
    with pytest.raises(Different):
        await run(comparison, policy, whole, PLANTED_IN, everybody=everybody)
