"""How many statements a document costs: golden, and the same for two customers and for sixty."""

from __future__ import annotations

from typing import Any

from authz import Policy
from desk.desk import Desk
from models.products import CardProduct
from models.stock import StockHolding
from schema.scalars import global_id
from tests.accepting import GOLDEN, accept
from tests.cast import Cast
from tests.conftest import NOW
from tests.schema.ask import ask
from tests.schema.crowd import crowd
from tests.schema.custody_books import moved
from tests.schema.documents import PURPOSE, selection
from tests.schema.statements import statements
from tests.schema.walking import root
from tests.schema.whole import Whole, build

MORE = 58
SECTIONS = "name { value } identity { number } contact { mobile } accounts { nodes { number } }"
DOCUMENTS = {
    "who am I": "{ me { number name assignments { role institution { name } } } }",
    "a page of numbers": "{ customers(first: 100) { nodes { status { number } } } }",
    "only a total": "{ customers(first: 100) { totalCount } }",
    "a page with total": "{ customers(first: 100) { totalCount pageInfo { endCursor } nodes { status { number } } } }",
    "a page of names with masks": f"{{ customers(first: 100) {{ nodes {{ {SECTIONS} }} }} }}",
    "a page of names and assets": f"{{ customers(first: 100, purpose: {PURPOSE}) {{ nodes {{ name {{ value }} assets {{ "
    "averageSavings12m { amount } balances { balance { amount } } loans { outstanding { amount } } } } } }",
    "a filtered and sorted page": f"{{ customers(first: 100, purpose: {PURPOSE}, orderBy: [AVERAGE_SAVINGS_DESC], "
    'where: {averageSavings: {currency: "CNY", ge: "1"}}) { totalCount nodes { status { number } } } }',
    "a customer whole": f"query ($id: ID!) {{ customer(id: $id, purpose: {PURPOSE}) "
    f"{selection(root('Query')['customer'].type.of_type, 1, purpose=False)} }}",  # type: ignore[union-attr]
    "a node": "query ($id: ID!) { node(id: $id) { id ... on Customer { name { value } } } }",
    "managers": "{ customers(first: 100) { nodes { status { manager { staff { name } } } } } }",
    "transactions of everybody": f"{{ customers(first: 100, purpose: {PURPOSE}) {{ nodes {{ "
    "transactions(first: 2) { totalCount nodes { amount { amount } } } } } }",
    "one section twice": "{ customers(first: 100) { nodes { "
    f"a: assets {{ band }} b: assets(purpose: {PURPOSE}) {{ band }} }} }} }}",
    "memberships and papers": "{ memberships(first: 100) { nodes { state filings { state submittedTo { name } } "
    "archive { number } customer { status { number } } } } }",
    "filings": "{ filings(first: 100) { totalCount nodes { state customer { name { value } } "
    "evaluation { figures { visibility } } submittedBy { name } } } }",
    "evaluations": "{ evaluations(first: 100) { nodes { passed standard { code criteria { kind } } } } }",
    "institutions": "{ institutions(first: 100) { nodes { code children(first: 5) { totalCount nodes { code } } } } }",
    "exceptions with what was missed": f"{{ exceptionCases(first: 100, purpose: {PURPOSE}) {{ totalCount nodes {{ "
    "state grounds { submitted } shortfalls { short { amount } } customer { name { value } } } } }",
    "members and their story": "{ memberships(first: 100, where: {unserved: {eq: false}}) { totalCount nodes { "
    "managerStanding exceptions { state } events { state reason { value } } } } }",
    "invitations": "{ invitations(first: 100) { nodes { state words { value } invitedBy { name } } } }",
    "former names and documents": f"{{ customers(first: 100, purpose: {PURPOSE}) {{ nodes {{ "
    "name { formerNames { name } } identity { formerDocuments { number } } } } }",
    "holders of accounts": "{ customers(first: 100) { nodes { accounts { nodes { holders { role customer { id } } } } } } }",
    "merges": "{ customerMerges(first: 100) { nodes { state goneNumber kept { id } gone { id } } } }",
    "work to do": "{ workItemsToDo(first: 100) { totalCount nodes { kind dueOn customer { name { value } } } } }",
    "handovers with their lines": "{ handovers(first: 100) { nodes { state lines(first: 5) { totalCount nodes { "
    "customer { status { number } } } } } } }",
    "what is law": "{ campaigns(first: 100) { nodes { phase thresholds { threshold { amount } } } } }",
    "posts and loads": "{ assignments(first: 100) { nodes { role holdsNow staff { name } load { members standing } } } }",
    "cards and their stories": "{ cards(first: 100) { totalCount nodes { state verdict holder { value } "
    "events { state reason { value } } movements { kind } replaces { number } } } }",
    "three roots": "{ me { name } customers(first: 1) { totalCount } standards(first: 1) { totalCount } }",
}


STOCK = {
    "lists with numbers and signatures": "{ stockMovements(first: 100) { totalCount nodes { kind state card { number } "
    "source { id } signatures { step staff { name } } lines(first: 5) { totalCount nodes { first last toState } } } } }",
    "what lies where": "{ stockHoldings(first: 100) { totalCount nodes { first last state movement { kind } } } }",
    "accounts that agree": "{ stockAccounts(first: 100) { nodes { inStock quota onTheWay agrees product { name } } } }",
    "what waits to be signed": "{ movementsToSign(first: 100) { totalCount nodes { quantity } } }",
    "counts, lists and handovers": "{ stocktakes(first: 100) { nodes { lines(first: 5) { nodes { finding } } } } "
    "destructionLists(first: 100) { totalCount } stockHandovers(first: 100) { nodes { lines(first: 5) { totalCount } } } }",
    "whose a number is": '{ issuerOf(cardNumber: "1710001111111016") { basis institution { name } } }',
    "where a card has been": '{ cardNumberHistory(number: "1710001111111016", first: 100) { nodes { movement { kind } } } }',
}
"""Asked by who keeps the cards."""


async def counts(desk: Desk, documents: dict[str, str], **variables: Any) -> dict[str, int]:
    """Statements that read or write rows; what the database does inside of triggers is not ours."""
    found = {}
    with statements() as taken:
        for name, document in documents.items():
            taken.clear()
            wanted = {key: value for key, value in variables.items() if f"${key}" in document}
            await ask(desk, document, **wanted)
            found[name] = len(taken)
    return found


async def stocked(whole: Whole) -> None:
    """As many lists and holdings more, of one number each."""
    place, keepers = whole.cast.places["CDW"], (whole.cast.staff["he"], whole.cast.staff["zhao"])
    product = await CardProduct.get(id=whole.ids["card_product"]["zhou"])
    for n in range(MORE):
        serial = 400_000_000_000 + 2 * n
        line = (serial, serial, "", "IN_STOCK")
        await moved("ADJUST", place, product, keepers, line, at=NOW, state="DRAFT")
        posted = await moved("ADJUST", place, product, keepers, line, at=NOW)
        await StockHolding.create(
            product=product, institution=place, first_serial=serial, last_serial=serial, quantity=1, state="IN_STOCK",
            movement_id=posted.id, since=NOW,
        )  # fmt: skip


async def test_a_document_costs_what_it_did_however_many_rows_it_shows(bank: Cast, policy: Policy) -> None:
    """On both databases alike: there is one golden."""
    whole = await build(bank)
    lin, he = [await Desk.take(policy, whole.cast.staff[who].id, NOW) for who in ("lin", "he")]
    zhou = global_id("customer", whole.cast.customers["zhou"].id)
    few = await counts(lin, DOCUMENTS, id=zhou) | await counts(he, STOCK)
    await crowd(whole, "CD", ("luo", "lin"), MORE)
    await stocked(whole)
    many = await counts(lin, DOCUMENTS, id=zhou) | await counts(he, STOCK)
    assert (await ask(lin, DOCUMENTS["only a total"]))["customers"]["totalCount"] == 2 + MORE
    assert len((await ask(he, STOCK["what lies where"]))["stockHoldings"]["nodes"]) > MORE
    assert many == few
    lines = [f"{number:3} {name}" for name, number in few.items()]
    accept(GOLDEN / "query_counts.txt", "\n".join(lines) + "\n")
