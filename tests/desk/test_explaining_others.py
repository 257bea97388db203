"""Explanations for another person: who may ask, what is on record of it, and that the answer is that person's own."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from authz import DataClass, ReasonCode, Visibility
from authz.changes import Fact
from desk.errors import Forbidden, NotFound
from desk.explaining import Asked, NotAtWork, explain
from models.people import Assignment, Suspension
from models.trail import AccessRecord
from tests.cast import START
from tests.desk.explanations import seated, the_whole_bank, told

HEADS_EXPLAIN = "p, wc_head, own_branch, staff, *, explain, *, allow\n"

whole = pytest.fixture(the_whole_bank)


async def records() -> list[tuple[str, str, str, UUID | None]]:
    return [
        (one.resource, one.decision, one.code, one.object_id)
        for one in await AccessRecord.filter(operation="explain").order_by("at", "id")
    ]


async def test_oneself_needs_no_permission_and_no_record(whole):
    lin = await seated(whole, "lin")
    await told(lin, Asked("customer", whole.ids["customer"]["zhou"], DataClass.ASSET, True))
    await told(lin, Asked("customer", whole.ids["customer"]["zhou"], DataClass.ASSET, True), lin.staff_id)
    assert await records() == []


@pytest.mark.parametrize("who", ["compliance", "auditor", "secadmin"])
async def test_who_watches_over_access_may_ask_for_another(whole, who):
    desk, lin = await seated(whole, who), whole.cast.staff["lin"]
    place = Asked("institution", whole.cast.places["CD"].id, DataClass.PUBLIC)
    answer = await explain(desk, place, lin.id)
    assert (answer.number, answer.explanation.visibility) == ("S-lin", Visibility.VISIBLE)
    assert await records() == [("staff", "ALLOW", "", lin.id)]
    more = json.loads((await AccessRecord.get(operation="explain")).record)
    assert more["row"] == f"institution:{place.row_id}"
    assert (more["class"], more["visibility"], more["staff"]) == ("PUBLIC", "VISIBLE", f"S-{who}")
    # Whose rows he may not see himself he does not hear of, whoever it is for.
    with pytest.raises(NotFound):
        await explain(desk, Asked("customer", whole.ids["customer"]["zhou"], DataClass.ASSET), lin.id)
    assert ("staff", "REFUSE", "NOT_FOUND", lin.id) in await records()


async def test_audit_asks_within_its_subtree_only(whole):
    staff = whole.cast.staff
    await Assignment.filter(staff_id=staff["auditor"].id).update(institution_id=whole.cast.places["SC"].id)
    desk = await seated(whole, "auditor")
    place = Asked("institution", whole.cast.places["CD"].id, DataClass.PUBLIC)
    assert (await explain(desk, place, staff["lin"].id)).number == "S-lin"
    for outside in ("tang", "officer", "nobody"):
        with pytest.raises(Forbidden):
            await explain(desk, place, staff[outside].id)
    secadmin = await seated(whole, "secadmin")
    for anybody in ("tang", "officer", "nobody"):
        assert (await explain(secadmin, place, staff[anybody].id)).number == f"S-{anybody}"


@pytest.mark.parametrize("who", ["luo", "han", "wu", "sysadmin", "logadmin", "nobody"])
async def test_nobody_else_may_and_the_refusal_is_on_record(whole, who):
    desk, lin = await seated(whole, who), whole.cast.staff["lin"]
    with pytest.raises(Forbidden):
        await explain(desk, Asked("institution", whole.cast.places["CD"].id, DataClass.PUBLIC), lin.id)
    assert await records() == [("staff", "REFUSE", "FORBIDDEN", lin.id)]
    with pytest.raises(NotFound):
        await explain(desk, Asked("institution", whole.cast.places["CD"].id, DataClass.PUBLIC), uuid4())


async def test_another_is_told_as_he_would_be_himself(whole):
    """A policy that lets heads ask for the people of their branch: each answer is the person's own."""
    han = await seated(whole, "han", HEADS_EXPLAIN)
    for who, customer in (("lin", "zhou"), ("lin", "qian"), ("luo", "qian"), ("gao", "qian")):
        himself = await seated(whole, who, HEADS_EXPLAIN)
        for cls in (DataClass.ASSET, DataClass.IDENTITY_DOC, DataClass.NAME):
            asked = Asked("customer", whole.ids["customer"][customer], cls)
            assert await told(han, asked, himself.staff_id) == await told(himself, asked)


async def test_what_is_absent_for_another_is_told_with_its_reason(whole):
    han, he = await seated(whole, "han", HEADS_EXPLAIN), whole.cast.staff["he"]
    answer = await told(han, Asked("customer", whole.ids["customer"]["zhou"], DataClass.ASSET), he.id)
    assert (answer.visibility, answer.reason) == (Visibility.ABSENT, ReasonCode.ROLE_WITHOUT_ACCESS)
    assert not answer.steps[0].held
    # A loan is there for who sees its figures: Luo needs a purpose, and Zhou to be his.
    asked = Asked("loan", whole.ids["loan"]["zhou"], DataClass.ASSET, True)
    luo = await told(han, asked, whole.cast.staff["luo"].id)
    assert (luo.visibility, luo.reason) == (Visibility.ABSENT, ReasonCode.NOT_ASSIGNED)
    assert not luo.steps[0].held
    assert Fact.ASSIGNMENT in {change.fact for change in luo.opens}


async def test_who_is_suspended_is_shown_nothing(whole):
    await Suspension.create(
        staff=whole.cast.staff["lin"], reason="inquiry", valid_from=START, recorded_at=START
    )
    place = Asked("institution", whole.cast.places["CD"].id, DataClass.PUBLIC)
    with pytest.raises(NotAtWork):
        await explain(await seated(whole, "secadmin"), place, whole.cast.staff["lin"].id)
    with pytest.raises(Forbidden):
        await explain(await seated(whole, "luo"), place, whole.cast.staff["lin"].id)
