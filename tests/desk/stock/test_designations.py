"""指定人员: named by who heads the place, from a second to a second, and not past the one who has the cards (Notice 4)."""

from __future__ import annotations

import pytest
from tortoise.exceptions import IntegrityError

from authz import Role
from desk import designations
from desk.people.leaving import leave, suspend
from desk.stock.transfers import draft_allocation
from models.custody import StockDuty
from models.designations import Designation
from models.institutions import Institution
from models.people import Assignment
from tests.cast import START, staff_member
from tests.conftest import NOW
from tests.custody import post, spans
from tests.desk.stock.handing import DAY, SECOND, TICK, designate, designated, joined, kept, named
from tests.digest import refused


async def end(custody, row: Designation, who: str = "han", reason: str = "moves on") -> Designation:
    return await designations.end_designation(await custody.desk(who), designation_id=row.id, reason=reason)


async def of(custody, who: str = "he", duty: StockDuty = StockDuty.STOCK) -> Designation:
    return await Designation.get(staff_id=custody.bank.staff[who].id, duty=duty)


@pytest.mark.measure("N4e")
async def test_who_is_named_signs_from_the_second_to_the_second(custody):
    await kept(custody)
    begin, over = NOW + DAY, NOW + 2 * DAY
    made = await designate(custody, valid_from=begin, valid_to=over)
    assert (made.recorded_by_id, made.recorded_at) == (custody.bank.staff["han"].id, NOW)
    told = {
        "institution_id": custody.place("CDW").id,
        "to_id": custody.place("SC").id,
        "product_id": custody.product.id,
        "ranges": spans((0, 0)),
    }
    for moment, may in (
        (begin - SECOND, False),
        (begin - TICK, False),
        (begin, True),
        (over - TICK, True),
        (over, False),
        (over + SECOND, False),
    ):
        desk = await custody.desk("hu", moment)
        if may:
            assert (await draft_allocation(desk, **told)).state == "DRAFT"
        else:
            async with refused("NOT_DESIGNATED", desk):
                await draft_allocation(desk, **told)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"staff": "zhao"}, "NOT_CUSTODIAN_HERE", id="a supervisor"),
        pytest.param({"staff": "qi"}, "NOT_CUSTODIAN_HERE", id="a custodian of another centre"),
        pytest.param({"staff": "he"}, "ALREADY_DESIGNATED", id="who is it already"),
        pytest.param({"valid_from": NOW - TICK}, "BACKDATED", id="backdated"),
        pytest.param({"valid_to": NOW}, "BAD_PERIOD", id="for no time"),
        pytest.param({"duty": "COUNT"}, "BAD_USER_INPUT", id="no duty"),
        pytest.param({"reason": " "}, "BAD_USER_INPUT", id="no reason"),
    ],
)
async def test_what_is_no_designation(custody, said, code):
    await joined(custody, "hu", "胡安")
    desk = await custody.desk("han")
    async with refused(code, desk):
        await designations.designate(desk, **named(custody, **said))


@pytest.mark.parametrize("who", ["he", "zhao", "lin", "deng", "nan", "secadmin", "officer"])
async def test_only_who_heads_the_place_names_and_ends(custody, who):
    await joined(custody, "hu", "胡安")
    desk = await custody.desk(who)
    async with refused("FORBIDDEN", desk):
        await designations.designate(desk, **named(custody))
    held = await of(custody)
    async with refused("FORBIDDEN", desk):
        await designations.end_designation(desk, designation_id=held.id, reason="moves on")


@pytest.mark.parametrize("who", ["han", "wu", "pan"])
async def test_the_head_of_the_centre_and_officers_at_and_above_name(custody, who):
    await joined(custody, "hu", "胡安")
    assert (await designate(custody, who)).valid_from == NOW


async def test_a_head_of_a_centre_does_not_head_the_branch_it_acts_for(custody):
    await joined(custody, "hu", "胡安", place="CD")
    desk = await custody.desk("han")
    async with refused("FORBIDDEN", desk):
        await designations.designate(desk, **named(custody, place="CD"))
    await designate(custody, "wu", place="CD")


async def test_nobody_names_himself_under_whatever_number(custody):
    bank = custody.bank
    bank.staff["han2"] = await staff_member("han2", "韩梅", await bank.staff["han"].person)
    await post(bank, bank.staff["han2"], Role.CARD_CUSTODIAN, "CDW")
    desk = await custody.desk("han")
    async with refused("SELF_GRANT", desk):
        await designations.designate(desk, **named(custody, staff="han2"))


async def test_he_holds_the_role_there_for_all_that_time(custody):
    await joined(custody, "hu", "胡安")
    role = Assignment.filter(staff_id=custody.bank.staff["hu"].id)
    await role.update(valid_to=NOW + DAY)
    desk = await custody.desk("han")
    for until in (None, NOW + DAY + TICK):
        async with refused("NOT_CUSTODIAN_HERE", desk):
            await designations.designate(desk, **named(custody, valid_to=until))
    # A second term that begins as the first ends leaves no gap.
    again = await post(custody.bank, custody.bank.staff["hu"], Role.CARD_CUSTODIAN, "CDW")
    await Assignment.filter(id=again.id).update(valid_from=NOW + DAY)
    assert (await designate(custody)).valid_to is None


async def test_not_for_who_is_about_to_leave_nor_where_an_institution_is_gone(custody):
    await joined(custody, "hu", "胡安")
    desk = await custody.desk("wu")
    await Institution.filter(id=custody.place("CDW").id).update(merged_into_id=custody.place("NJW").id)
    async with refused("INSTITUTION_MERGED", desk):
        await designations.designate(desk, **named(custody))
    await Institution.filter(id=custody.place("CDW").id).update(merged_into_id=None)
    await leave(
        await custody.desk("secadmin"), staff_id=custody.bank.staff["hu"].id, reason="retires", at=NOW + DAY
    )
    async with refused("STAFF_HAS_LEFT", desk):
        await designations.designate(desk, **named(custody, valid_to=NOW + TICK))


@pytest.mark.parametrize("overlap", ["within", "around", "open end"])
async def test_the_database_itself_lets_no_duty_overlap(custody, overlap):
    await joined(custody, "hu", "胡安")
    held = {"staff": custody.bank.staff["hu"], "institution": custody.place("CDW"), "duty": "STOCK"}
    held |= {"recorded_at": START}
    await Designation.create(**held, valid_from=NOW, valid_to=NOW + DAY)
    await Designation.create(**held, valid_from=NOW + DAY, valid_to=NOW + 2 * DAY)
    await Designation.create(**held | {"duty": "ORDER"}, valid_from=NOW)
    told = {
        "within": {"valid_from": NOW + SECOND, "valid_to": NOW + 2 * SECOND},
        "around": {"valid_from": NOW - DAY, "valid_to": NOW + 3 * DAY},
        "open end": {"valid_from": NOW - DAY},
    }[overlap]
    with pytest.raises(IntegrityError):
        await Designation.create(**held, **told)


@pytest.mark.measure("N4e")
async def test_a_role_that_ended_takes_the_designation_with_it(custody):
    """He is moved to the branch: designated for the centre as before, he signs nothing of it."""
    await kept(custody)
    he = custody.bank.staff["he"]
    await Assignment.filter(staff_id=he.id).update(ended_at=NOW)
    await post(custody.bank, he, Role.CARD_CUSTODIAN, "CD")
    assert await designated(custody, "he", NOW)
    desk = await custody.desk("he")
    async with refused("NOT_DESIGNATED", desk):
        await custody.allocation((0, 0), who="he", place="CDW", to="SC")


async def test_a_leavers_designations_end_with_him(custody):
    he = custody.bank.staff["he"]
    await leave(await custody.desk("secadmin"), staff_id=he.id, reason="retires", at=NOW + DAY)
    for row in await Designation.filter(staff_id=he.id):
        assert (row.ended_at, row.ended_recorded_at, row.end_reason) == (NOW + DAY, NOW, "retires")


@pytest.mark.measure("N4e")
async def test_while_cards_lie_there_it_ends_only_by_a_handover(custody):
    await kept(custody)
    desk, held = await custody.desk("han"), await of(custody)
    async with refused("STOCK_NOT_HANDED_OVER", desk):
        await designations.end_designation(desk, designation_id=held.id, reason="moves on")
    ordering = await end(custody, await of(custody, duty=StockDuty.ORDER))
    assert (ordering.ended_at, ordering.end_reason) == (NOW, "moves on")


async def test_with_nothing_there_it_ends_at_once_and_once(custody):
    ended = await end(custody, await of(custody))
    assert (ended.ended_at, ended.ended_by_id) == (NOW, custody.bank.staff["han"].id)
    desk = await custody.desk("han")
    async with refused("ALREADY_ENDED", desk):
        await designations.end_designation(desk, designation_id=ended.id, reason="again")
    async with refused("BAD_USER_INPUT", desk):
        await designations.end_designation(
            desk, designation_id=(await of(custody, duty=StockDuty.ORDER)).id, reason=""
        )


async def test_one_that_is_still_to_come_never_begins(custody):
    await kept(custody)
    coming = await designate(custody, valid_from=NOW + DAY)
    assert (await end(custody, coming)).ended_at == NOW + DAY
    assert not await designated(custody, "hu", NOW + DAY)
    await designate(custody, valid_from=NOW + DAY)


async def test_it_does_not_end_beside_a_list_that_waits_for_its_countersignature(custody):
    """The arrival would be posted into nobody's charge."""
    await custody.stocked((0, 999))
    sent = await custody.sent((0, 99))
    await custody.sign(await custody.counted(sent, (0, 99)), "he")
    desk, held = await custody.desk("han"), await of(custody)
    async with refused("SIGNED_MOVEMENTS_OPEN", desk):
        await designations.end_designation(desk, designation_id=held.id, reason="moves on")


@pytest.mark.parametrize("gone", ["left", "suspended", "moved", "his term is over"])
async def test_nobody_is_named_past_one_who_has_the_cards_and_is_gone(custody, gone):
    await kept(custody)
    he = custody.bank.staff["he"]
    if gone == "left":
        await leave(await custody.desk("secadmin"), staff_id=he.id, reason="retires")
    elif gone == "suspended":
        await suspend(await custody.desk("secadmin"), staff_id=he.id, reason="inquiry")
    elif gone == "moved":
        await Assignment.filter(staff_id=he.id).update(ended_at=NOW)
    else:
        await Designation.filter(staff_id=he.id).update(valid_to=NOW)
    desk = await custody.desk("han")
    async with refused("STOCK_NOT_HANDED_OVER", desk):
        await designations.designate(desk, **named(custody))
    await designate(custody, duty=StockDuty.ORDER)


async def test_beside_one_who_is_there_another_is_named_and_his_own_term_is_prolonged(custody):
    await kept(custody)
    await Designation.filter(staff_id=custody.bank.staff["he"].id).update(valid_to=NOW + DAY)
    assert (await designate(custody)).valid_to is None
    assert (await designate(custody, staff="he", valid_from=NOW + DAY)).valid_from == NOW + DAY
