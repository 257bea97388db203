"""Renewed documents and names: the new one counts, the old one is kept, and an old number still finds its customer."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest

from authz import DataClass
from desk.identity import look_up_identity, rename_customer, replace_identity_document
from desk.selection import Page, Purpose, Section, Selection
from models.customers import Customer
from models.identity import IdentityDocument
from models.people import Recusal, Staff
from models.trail import AccessRecord
from models.vault import identity_text, vault
from models.vocabulary import IdentityKind
from schema.scalars import global_id
from tests.conftest import NOW
from tests.digest import changed, digest, refused
from tests.schema.ask import ask
from tests.story import Story

COUNTER = Purpose("IDENTITY_CHECK", "at the counter")
ZHOU, ZHOU_15, QIAN = "11010519491231002X", "110105491231002", "440524188001010014"
PASSPORT = "E12345678"
SECOND = dt.timedelta(seconds=1)


def renewal(bank, **more) -> dict:
    return {
        "customer_id": bank.customers["zhou"].id,
        "kind": IdentityKind.PASSPORT,
        "number": PASSPORT,
        "reason": "a passport instead of the lost card",
    } | more


async def found(desk, number: str, kind: str = "RESIDENT_ID") -> tuple[str, str]:
    """Whose number it is, and what the record says of how it led to him."""
    customer = await look_up_identity(desk, kind=kind, number=number, purpose=COUNTER)
    record = await AccessRecord.filter(operation="lookUpIdentity").order_by("-at", "-id")
    said = [orjson.loads(row.record) for row in record]
    return customer.number, next(it["document"] for it in said if it["object_id"] == str(customer.id))


# Documents


async def test_a_renewed_document_counts_and_the_former_one_still_finds_him(bank, seat):
    lin, since = await seat(bank.staff["lin"]), NOW - dt.timedelta(days=30)
    before = await digest()
    await replace_identity_document(lin, **renewal(bank, at=since))
    assert changed(before, await digest()) == {"access_record": 1, "customer": 0, "identity_document": 1}
    zhou = await Customer.get(number="C000001")
    assert (zhou.identity_kind, zhou.identity_mask) == ("PASSPORT", "E12**5678")
    assert vault().open("customer", "identity_cipher", zhou.id, bytes(zhou.identity_cipher)) == PASSPORT
    former = await IdentityDocument.get()
    assert (former.customer_id, former.identity_kind, former.identity_mask) == (
        zhou.id,
        "RESIDENT_ID",
        "110***********002X",
    )
    assert (former.replaced_at, former.recorded_at, former.recorded_by_id) == (since, NOW, lin.staff_id)
    cipher = bytes(former.identity_cipher)
    assert vault().open("identity_document", "identity_cipher", former.id, cipher) == ZHOU
    luo = await seat(bank.staff["luo"])
    assert await found(luo, PASSPORT, "PASSPORT") == ("C000001", "CURRENT")


@pytest.mark.parametrize("number", [ZHOU, ZHOU.lower(), ZHOU_15])
async def test_a_former_number_finds_him_and_the_record_says_so(bank, seat, number):
    await replace_identity_document(await seat(bank.staff["lin"]), **renewal(bank))
    assert await found(await seat(bank.staff["luo"]), number) == ("C000001", "FORMER")


async def test_a_former_number_of_a_customer_out_of_reach_finds_nobody(bank, seat):
    await replace_identity_document(await seat(bank.staff["lin"]), **renewal(bank))
    nan = await seat(bank.staff["nan"])
    async with refused("NOT_FOUND", nan):
        await look_up_identity(nan, kind="RESIDENT_ID", number=ZHOU, purpose=COUNTER)


async def test_fifteen_and_eighteen_digits_are_one_document(bank, seat):
    lin = await seat(bank.staff["lin"])
    async with refused("SAME_DOCUMENT", lin):
        await replace_identity_document(lin, **renewal(bank, kind=IdentityKind.RESIDENT_ID, number=ZHOU_15))
    await replace_identity_document(lin, **renewal(bank))
    back = renewal(bank, kind=IdentityKind.RESIDENT_ID, number=ZHOU_15, reason="the card was found")
    zhou = await replace_identity_document(lin, **back)
    assert zhou.identity_index == vault().index("identity", identity_text("RESIDENT_ID", ZHOU))
    assert vault().open("customer", "identity_cipher", zhou.id, zhou.identity_cipher) == ZHOU
    assert await found(lin, ZHOU) == ("C000001", "CURRENT")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"kind": "RESIDENT_ID", "number": ZHOU}, "SAME_DOCUMENT", id="the present one"),
        pytest.param({"kind": "RESIDENT_ID", "number": QIAN}, "DOCUMENT_TAKEN", id="a neighbour's"),
        pytest.param(
            {"kind": "RESIDENT_ID", "number": "110105194912310021"}, "BAD_RESIDENT_ID", id="mistyped"
        ),
        pytest.param({"number": "Ｅ１２３４５６７８"}, "BAD_DOCUMENT", id="full-width"),
        pytest.param({"number": "E 1234"}, "BAD_DOCUMENT", id="a blank inside"),
        pytest.param({"number": "E" * 41}, "BAD_USER_INPUT", id="too long"),
        pytest.param({"number": " "}, "BAD_USER_INPUT", id="empty"),
        pytest.param({"kind": "LIBRARY_CARD"}, "BAD_USER_INPUT", id="no such kind"),
        pytest.param({"reason": ""}, "BAD_USER_INPUT", id="no reason"),
        pytest.param({"at": NOW + SECOND}, "NOT_YET", id="ahead of its day"),
    ],
)
async def test_what_is_no_renewal(bank, seat, said, code):
    lin = await seat(bank.staff["lin"])
    async with refused(code, lin):
        await replace_identity_document(lin, **renewal(bank, **said))


async def test_a_document_that_another_had_is_taken_too_and_it_is_not_said_whose(bank, seat):
    await replace_identity_document(await seat(bank.staff["lin"]), **renewal(bank))
    luo = await seat(bank.staff["luo"])
    for number in (ZHOU, ZHOU_15):
        async with refused("DOCUMENT_TAKEN", luo) as caught:
            await replace_identity_document(
                luo,
                **renewal(
                    bank,
                    customer_id=bank.customers["qian"].id,
                    kind=IdentityKind.RESIDENT_ID,
                    number=number,
                ),
            )
        assert "C000001" not in caught.value.message
        assert "周" not in caught.value.message


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("luo", "FORBIDDEN", id="a colleague"),
        pytest.param("han", "FORBIDDEN", id="the head"),
        pytest.param("wu", "FORBIDDEN", id="an officer"),
        pytest.param("tang", "NOT_FOUND", id="another branch"),
        pytest.param("sysadmin", "NOT_FOUND", id="an administrator"),
        pytest.param("nobody", "NOT_FOUND", id="nobody"),
    ],
)
async def test_only_his_manager_renews_and_renames(bank, seat, who, code):
    desk = await seat(bank.staff[who])
    async with refused(code, desk):
        await replace_identity_document(desk, **renewal(bank))
    async with refused(code, desk):
        await rename_customer(desk, customer_id=bank.customers["zhou"].id, name="周亮", reason="by deed poll")


async def test_the_trail_holds_neither_the_number_nor_a_digest_that_tells_it(bank, seat):
    """Who has the trail could try all numbers of a birthday, were the digest not keyed."""
    lin = await seat(bank.staff["lin"])
    await replace_identity_document(lin, **renewal(bank), idempotency_key="k1")
    again = await replace_identity_document(lin, **renewal(bank), idempotency_key="k1")
    assert again.identity_mask == "E12**5678"
    async with refused("IDEMPOTENCY_CONFLICT", lin):
        await replace_identity_document(lin, **renewal(bank, number="E12345679"), idempotency_key="k1")
    assert await IdentityDocument.all().count() == 1
    assert all(PASSPORT not in row.record for row in await AccessRecord.all())


async def test_staff_with_the_new_document_are_recused_at_once(bank, seat):
    """Luo of the same centre turns out to be the customer himself: his open desk loses the file with the next read."""
    luo, assets = await seat(bank.staff["luo"]), Section("name", DataClass.NAME, ("name",))
    look = Selection("customer", ("number",), sections=(assets,), page=Page(first=9))

    async def shown() -> list[str]:
        return [row["name"]["visibility"] for row in (await luo.read(look)).rows]

    assert await shown() == ["VISIBLE", "VISIBLE"]
    await replace_identity_document(
        await seat(bank.staff["lin"]), **renewal(bank, kind=IdentityKind.OTHER, number="STAFF-luo")
    )
    row = await Recusal.get()
    assert (row.person_id, row.customer_id, row.relation) == (
        bank.staff["luo"].person_id,
        bank.customers["zhou"].id,
        "SELF",
    )
    assert (await Staff.get(id=bank.staff["luo"].id)).epoch == bank.staff["luo"].epoch + 1
    assert await shown() == ["WITHHELD", "VISIBLE"]


# Names


@pytest.mark.measure("A6c")
@pytest.mark.parametrize("what", ["name", "document"])
async def test_a_filing_under_way_was_submitted_for_another_name_or_document(bank, seat, policy, what):
    story = Story(bank, policy)
    filing = await story.submitted()
    lin = await seat(bank.staff["lin"])
    if what == "name":
        await rename_customer(lin, customer_id=bank.customers["zhou"].id, name="周亮", reason="married")
    else:
        await replace_identity_document(lin, **renewal(bank))
    async with refused("CONTENT_CHANGED", await story.desk("bai")):
        await story.record(filing)
    await story.give_back(filing)


# The graph

RENEW = """mutation ($input: ReplaceIdentityDocumentInput!) { replaceIdentityDocument(input: $input) {
  __typename ... on Problem { code field } ... on Customer { identity(purpose: {code: ADVICE}) { number } } } }"""
RENAME = """mutation ($input: RenameCustomerInput!) { renameCustomer(input: $input) {
  __typename ... on Problem { code field } ... on Customer { name { value } } } }"""
OLD = """query ($id: ID!) { customer(id: $id) {
  name { visibility value formerNames { name until reason } }
  identity(purpose: {code: ADVICE}) { visibility kind number formerDocuments { kind number reason } } } }"""


async def test_former_names_and_documents_stand_in_their_sections(bank, seat):
    zhou = global_id("customer", bank.customers["zhou"].id)
    lin = await seat(bank.staff["lin"])
    new = {"customerId": zhou, "kind": "PASSPORT", "number": PASSPORT, "reason": "lost"}
    data = await ask(lin, RENEW, input=new | {"kind": "RESIDENT_ID", "number": QIAN})
    assert data["replaceIdentityDocument"] == {
        "__typename": "Problem",
        "code": "DOCUMENT_TAKEN",
        "field": "number",
    }
    data = await ask(lin, RENEW, input=new)
    assert data["replaceIdentityDocument"]["identity"] == {"number": PASSPORT}
    data = await ask(lin, RENAME, input={"customerId": zhou, "name": "周•亮", "reason": "married"})
    assert data["renameCustomer"] == {"__typename": "Problem", "code": "BAD_NAME", "field": "name"}
    data = await ask(lin, RENAME, input={"customerId": zhou, "name": "周亮", "reason": "married"})
    assert data["renameCustomer"] == {"__typename": "Customer", "name": {"value": "周亮"}}
    names = {
        "visibility": "VISIBLE",
        "value": "周亮",
        "formerNames": [{"name": "周明", "until": "2026-11-25", "reason": "married"}],
    }
    data = (await ask(lin, OLD, id=zhou))["customer"]
    assert data["name"] == names
    assert data["identity"] == {
        "visibility": "VISIBLE",
        "kind": "PASSPORT",
        "number": PASSPORT,
        "formerDocuments": [{"kind": "RESIDENT_ID", "number": ZHOU, "reason": "lost"}],
    }
    data = (await ask(await seat(bank.staff["luo"]), OLD, id=zhou))["customer"]
    assert data["name"] == names
    assert data["identity"] == {
        "visibility": "MASKED",
        "kind": None,
        "number": "E12**5678",
        "formerDocuments": [{"kind": None, "number": "110***********002X", "reason": None}],
    }
    data = (await ask(await seat(bank.staff["wu"]), OLD, id=zhou))["customer"]
    assert data["name"] == {"visibility": "WITHHELD", "value": None, "formerNames": []}
    assert data["identity"]["formerDocuments"] == []
