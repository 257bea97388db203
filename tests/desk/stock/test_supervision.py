"""业务主管: who says in whose line a custodian is, so that a branch works on without an import (Notice 4)."""

from __future__ import annotations

import pytest

from authz import Role
from desk.people import supervision
from desk.people.leaving import leave
from desk.stock import signing
from models.institutions import SupervisionLine
from tests.cast import staff_member
from tests.conftest import NOW
from tests.custody import post
from tests.desk.stock.handing import DAY, SECOND, TICK, covered, joined, kept
from tests.digest import refused


@pytest.fixture
async def newcomers(custody):
    """Hu keeps cards at the centre in nobody's line; Jing is a supervisor there without anybody."""
    await kept(custody)
    await joined(custody, "jing", "经纬", Role.CARD_SUPERVISOR)
    return custody


def told(custody, staff: str = "hu", supervisor: str = "jing", **said):
    ids = {"staff_id": custody.bank.staff[staff].id, "supervisor_id": custody.bank.staff[supervisor].id}
    return ids | said


async def put(custody, who: str = "han", **said) -> SupervisionLine:
    return await supervision.set_supervisor(await custody.desk(who), **told(custody, **said))


@pytest.mark.measure("N4f")
async def test_a_line_that_the_head_sets_carries_a_countersignature_from_its_second_to_its_second(newcomers):
    custody = newcomers
    begin, over = NOW + DAY, NOW + 2 * DAY
    line = await put(custody, staff="he", valid_from=begin, valid_to=over)
    assert (line.recorded_by_id, line.recorded_at) == (custody.bank.staff["han"].id, NOW)
    movement = await custody.sign(await custody.change((0, 0), who="he", place="CDW"), "he")
    said = {"movement_id": movement.id, "version": movement.version}
    for moment in (begin - SECOND, begin - TICK, over, over + SECOND):
        desk = await custody.desk("jing", moment)
        async with refused("NOT_HIS_SUPERVISOR", desk):
            await signing.countersign(desk, **said)
    posted = await signing.countersign(await custody.desk("jing", over - TICK), **said)
    assert posted.state == "POSTED"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param({"supervisor": "zhao", "staff": "he"}, "ALREADY_SUPERVISED", id="who is it already"),
        pytest.param({"supervisor": "han"}, "SELF_GRANT", id="the head himself"),
        pytest.param({"supervisor": "wu"}, "NOT_SUPERVISOR_HERE", id="no supervisor"),
        pytest.param({"supervisor": "yue"}, "NOT_SUPERVISOR_HERE", id="a supervisor of another centre"),
        pytest.param({"supervisor": "jian"}, "NOT_SUPERVISOR_HERE", id="a supervisor of the branch above"),
        pytest.param({"supervisor": "hu"}, "MOVEMENT_SIGNED_BY_ONE", id="himself"),
        pytest.param({"staff": "zhao"}, "FORBIDDEN", id="no custodian"),
        pytest.param({"staff": "qi", "supervisor": "yue"}, "FORBIDDEN", id="another centre's custodian"),
        pytest.param({"valid_from": NOW - TICK}, "BACKDATED", id="backdated"),
        pytest.param({"valid_to": NOW}, "BAD_PERIOD", id="for no time"),
    ],
)
async def test_what_is_no_line(newcomers, said, code):
    desk = await newcomers.desk("han")
    async with refused(code, desk):
        await supervision.set_supervisor(desk, **told(newcomers, **said))


@pytest.mark.parametrize("who", ["he", "hu", "zhao", "jing", "lin", "nan", "deng", "secadmin"])
async def test_only_who_may_designate_sets_and_ends_a_line(newcomers, who):
    desk = await newcomers.desk(who)
    async with refused("FORBIDDEN", desk):
        await supervision.set_supervisor(desk, **told(newcomers))
    line = await put(newcomers, "wu")
    async with refused("FORBIDDEN", desk):
        await supervision.end_supervision(desk, supervision_line_id=line.id, reason="moves on")


async def test_one_human_being_is_not_his_own_supervisor_nor_the_head_under_another_number(newcomers):
    bank = newcomers.bank
    for name, other in (("hu2", "hu"), ("han2", "han")):
        bank.staff[name] = await staff_member(name, bank.staff[other].name, await bank.staff[other].person)
        await post(bank, bank.staff[name], Role.CARD_SUPERVISOR, "CDW")
    desk = await newcomers.desk("han")
    async with refused("MOVEMENT_SIGNED_BY_ONE", desk):
        await supervision.set_supervisor(desk, **told(newcomers, supervisor="hu2"))
    async with refused("SELF_GRANT", desk):
        await supervision.set_supervisor(desk, **told(newcomers, supervisor="han2"))


async def test_who_fills_the_others_kind_of_seat_meanwhile_is_not_set(newcomers):
    """Gao stands in for He; he has a supervisor's post at the branch, and is not made the line of Hu until that is over."""
    await covered(newcomers, "he", "gao", Role.CARD_CUSTODIAN)
    await post(newcomers.bank, newcomers.bank.staff["gao"], Role.CARD_SUPERVISOR, "CD")
    desk = await newcomers.desk("han")
    async with refused("MOVEMENT_SIGNED_BY_ONE", desk):
        await supervision.set_supervisor(desk, **told(newcomers, supervisor="gao"))
    assert await put(newcomers, supervisor="gao", valid_from=NOW + 7 * DAY)


async def test_not_for_who_is_about_to_leave(newcomers):
    await leave(
        await newcomers.desk("secadmin"),
        staff_id=newcomers.bank.staff["jing"].id,
        reason="retires",
        at=NOW + DAY,
    )
    desk = await newcomers.desk("han")
    async with refused("STAFF_HAS_LEFT", desk):
        await supervision.set_supervisor(desk, **told(newcomers))


async def test_a_line_is_ended_now_or_later_and_once(newcomers):
    han = await newcomers.desk("han")
    line = await put(newcomers)
    ended = await supervision.end_supervision(
        han, supervision_line_id=line.id, reason="moves on", at=NOW + DAY
    )
    assert (ended.ended_at, ended.ended_recorded_at, ended.end_reason) == (NOW + DAY, NOW, "moves on")
    async with refused("ALREADY_ENDED", han):
        await supervision.end_supervision(han, supervision_line_id=line.id, reason="again")
    async with refused("BACKDATED", han):
        await supervision.end_supervision(han, supervision_line_id=line.id, reason="again", at=NOW - TICK)
    async with refused("ALREADY_SUPERVISED", han):
        await supervision.set_supervisor(han, **told(newcomers))
    assert await put(newcomers, valid_from=NOW + DAY)
    term = await put(newcomers, staff="he", valid_to=NOW + DAY)
    async with refused("ALREADY_ENDED", han):
        await supervision.end_supervision(
            han, supervision_line_id=term.id, reason="over by then", at=NOW + DAY
        )


async def test_a_change_of_supervisor_in_one_second_leaves_no_gap(newcomers):
    """Zhao goes, Jing comes: what He had signed before is countersigned by who is in the line then."""
    movement = await newcomers.sign(await newcomers.change((0, 0), who="he", place="CDW"), "he")
    han = await newcomers.desk("han")
    old = await SupervisionLine.get(staff_id=newcomers.bank.staff["he"].id)
    await supervision.end_supervision(han, supervision_line_id=old.id, reason="moves on")
    await put(newcomers, staff="he")
    desk = await newcomers.desk("zhao")
    async with refused("NOT_HIS_SUPERVISOR", desk):
        await newcomers.countersign(movement, "zhao")
    assert (await newcomers.countersign(movement, "jing")).state == "POSTED"


async def test_a_line_that_was_ended_carries_nothing_even_for_a_clock_that_stands_before_that(newcomers):
    """Zhao's worker began, or its clock stands, a second before the head's."""
    movement = await newcomers.sign(await newcomers.change((0, 0), who="he", place="CDW"), "he")
    zhao = await newcomers.desk("zhao")
    line = await SupervisionLine.get(staff_id=newcomers.bank.staff["he"].id)
    later = await newcomers.desk("han", NOW + SECOND)
    await supervision.end_supervision(later, supervision_line_id=line.id, reason="moves on")
    async with refused("NOT_HIS_SUPERVISOR", zhao):
        await signing.countersign(zhao, movement_id=movement.id, version=movement.version)
