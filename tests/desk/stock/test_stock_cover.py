"""代班 in stock: custodian and supervisor are away, cards go on moving, and two persons stay two (Notice 4)."""

from __future__ import annotations

import pytest

from authz import Role
from desk.people.delegations import delegate, end_delegation
from desk.people.leaving import suspend
from desk.stock import signing
from models.custody import StockDuty
from models.designations import Designation
from models.institutions import SupervisionLine
from models.movements import Signature
from models.people import Delegation
from tests.conftest import NOW
from tests.custody import line
from tests.desk.stock.handing import DAY, SECOND, TICK, covered, joined, kept
from tests.digest import refused

pytestmark = pytest.mark.measure("N4f")
CUSTODIAN, SUPERVISOR = Role.CARD_CUSTODIAN, Role.CARD_SUPERVISOR


@pytest.fixture
async def away(custody):
    """Gao (archives) sits in He's seat and Luo (a manager) in Zhao's, for a week. A hundred cards lie at the centre."""
    await kept(custody)
    await covered(custody, "he", "gao", CUSTODIAN)
    await covered(custody, "zhao", "luo", SUPERVISOR)
    return custody


async def covered_row(custody, principal: str) -> Delegation:
    return await Delegation.get(principal_id=custody.bank.staff[principal].id, ended_at=None)


async def drafted(custody, who: str = "gao", first: int = 0):
    return await custody.change((first, first), who=who, place="CDW")


async def test_cards_go_on_moving_while_both_are_away(away):
    """In, about and out: an arrival is taken in, a card is voided, others are sent up."""
    custody = away
    sent = await custody.sent((100, 149))
    arrival = await custody.posted(await custody.counted(sent, (100, 149), who="gao"), ("gao", "luo"))
    void = await custody.posted(await drafted(custody), ("gao", "luo"))
    back = await custody.posted(
        await custody.allocation((1, 9), who="gao", place="CDW", to="SC"), ("gao", "luo")
    )
    assert {arrival.state, void.state, back.state} == {"POSTED"}
    account = await custody.account("CDW")
    assert (account.in_stock, account.spoiled, account.in_transit) == (140, 1, 9)


async def test_the_signature_names_who_signed_and_in_whose_seat(away):
    staff = away.bank.staff
    posted = await away.posted(await drafted(away), ("gao", "luo"))
    rows = await Signature.filter(movement_id=posted.id).order_by("step")
    assert [(row.step, row.staff_id, row.for_staff_id) for row in rows] == [
        ("COUNTERSIGN", staff["luo"].id, staff["zhao"].id),
        ("SIGN", staff["gao"].id, staff["he"].id),
    ]
    assert posted.drafted_by_id == staff["gao"].id


async def test_one_is_away_and_the_other_signs_with_the_deputy(custody):
    await kept(custody)
    await covered(custody, "he", "gao", CUSTODIAN)
    assert (await custody.posted(await drafted(custody), ("gao", "zhao"))).state == "POSTED"
    await covered(custody, "zhao", "luo", SUPERVISOR)
    assert (await custody.posted(await drafted(custody, "he", 1), ("he", "luo"))).state == "POSTED"


async def test_a_suspended_custodian_is_covered_too(away):
    await suspend(await away.desk("secadmin"), staff_id=away.bank.staff["he"].id, reason="inquiry")
    assert (await away.posted(await drafted(away), ("gao", "luo"))).state == "POSTED"


@pytest.mark.parametrize(
    ("deputy", "principal", "role"),
    [
        pytest.param("gao", "zhao", SUPERVISOR, id="both halves for the two"),
        pytest.param("he", "zhao", SUPERVISOR, id="the custodian for his supervisor"),
        pytest.param("zhao", "he", CUSTODIAN, id="the supervisor for his custodian"),
    ],
)
async def test_nobody_fills_both_seats(away, deputy, principal, role):
    wu, staff = await away.desk("wu"), away.bank.staff
    row = await covered_row(away, principal)
    await end_delegation(wu, delegation_id=row.id, reason="back early")
    told = {"principal_id": staff[principal].id, "deputy_id": staff[deputy].id, "role": role}
    async with refused("MOVEMENT_SIGNED_BY_ONE", wu):
        await delegate(wu, **told, reason="ill", valid_to=NOW + DAY)


async def test_who_signed_in_the_one_seat_does_not_countersign_later_in_the_other(custody):
    """Gao sits in He's seat today and in Zhao's tomorrow: what she signed is for somebody else to countersign."""
    await kept(custody)
    await covered(custody, "he", "gao", CUSTODIAN, valid_to=NOW + DAY)
    movement = await custody.sign(await drafted(custody), "gao")
    await covered(custody, "zhao", "gao", SUPERVISOR, valid_from=NOW + DAY)
    desk = await custody.desk("gao", NOW + DAY)
    async with refused("MOVEMENT_SIGNED_BY_ONE", desk):
        await signing.countersign(desk, movement_id=movement.id, version=movement.version)


async def test_a_deputy_has_no_more_than_the_principals_designation(away):
    """He is no longer designated: who sits in his seat is not either."""
    await Designation.filter(staff_id=away.bank.staff["he"].id, duty=StockDuty.STOCK).update(ended_at=NOW)
    desk = await away.desk("gao")
    async with refused("NOT_DESIGNATED", desk):
        await drafted(away)


async def test_a_designation_is_of_the_place_and_not_of_the_deputys_own_post(custody):
    """Hu is a custodian there, not designated: he signs in He's seat while he fills it, and not in his own."""
    await kept(custody)
    desk = await custody.desk("hu")
    async with refused("NOT_DESIGNATED", desk):
        await drafted(custody, "hu")
    # He who holds the role there does not fill it for another as well, so He's deputy is of another place.
    await joined(custody, "yi", "易平", CUSTODIAN, "CD")
    await covered(custody, "he", "yi", CUSTODIAN)
    signed = await custody.sign(await drafted(custody, "yi"), "yi")
    row = await Signature.get(movement_id=signed.id)
    assert row.for_staff_id == custody.bank.staff["he"].id


async def test_the_supervisors_line_is_to_the_principal(away):
    """Luo countersigns in Zhao's seat, since Zhao is He's supervisor; a line to the deputy Gao makes nobody hers."""
    he, zhao, gao = (away.bank.staff[who].id for who in ("he", "zhao", "gao"))
    movement = await away.sign(await drafted(away), "gao")
    await SupervisionLine.filter(staff_id=he, supervisor_id=zhao).update(ended_at=NOW)
    await line(away.bank, "zhao", "gao")
    assert gao != he
    desk = await away.desk("luo")
    async with refused("NOT_HIS_SUPERVISOR", desk):
        await away.countersign(movement, "luo")


@pytest.mark.parametrize("who", ["gao", "luo"])
async def test_a_lapsed_cover_signs_nothing(away, who):
    movement = await drafted(away)
    if who == "luo":
        movement = await away.sign(movement, "gao")
    act = signing.sign if who == "gao" else signing.countersign
    over = NOW + 7 * DAY
    for moment in (over, over + SECOND):
        # She has no post that sees stock; he has none either: to both the list is not there any more.
        desk = await away.desk(who, moment)
        async with refused("NOT_FOUND", desk):
            await act(desk, movement_id=movement.id, version=movement.version)
    done = await act(await away.desk(who, over - TICK), movement_id=movement.id, version=movement.version)
    assert done.state == ("SIGNED" if who == "gao" else "POSTED")


@pytest.mark.parametrize("how", ["lapsed", "ended"])
async def test_what_a_deputy_signed_in_time_stays_signed_when_his_cover_ends(away, how):
    """He signed by right, for this very list; who countersigns it judges the same list a week later."""
    movement = await away.sign(await drafted(away), "gao")
    at = NOW + SECOND
    if how == "ended":
        await end_delegation(
            await away.desk("wu"), delegation_id=(await covered_row(away, "he")).id, reason="back early"
        )
    else:
        at = NOW + 8 * DAY
    desk = await away.desk("zhao", at)
    posted = await signing.countersign(desk, movement_id=movement.id, version=movement.version)
    row = await Signature.get(movement_id=movement.id, step="SIGN")
    assert (posted.state, row.staff_id, row.voided_at) == ("POSTED", away.bank.staff["gao"].id, None)


async def test_when_the_principal_is_back_either_of_them_signs_in_the_one_seat(away):
    """An absence is told ahead, and he may be back early: both act for one designation, and one list has one signature."""
    movement = await away.sign(await drafted(away), "he")
    desk = await away.desk("gao")
    async with refused("WRONG_STATE", desk):
        await away.sign(movement, "gao")
    row = await Signature.get(movement_id=movement.id)
    assert row.for_staff_id == row.staff_id == away.bank.staff["he"].id


async def test_four_persons_stay_four_when_a_deputy_sits_at_both_ends(custody):
    """Cheng of Sichuan fills Ku's seat when it is sent and He's when it arrives: he does not sign at both."""
    await kept(custody)
    await covered(custody, "ku", "cheng", CUSTODIAN, who="pan")
    sent = await custody.posted(await custody.allocation((200, 209), who="cheng"), ("cheng", "jian"))
    await covered(custody, "he", "cheng", CUSTODIAN)
    arrival = await custody.counted(sent, (200, 209), who="cheng")
    desk = await custody.desk("cheng")
    async with refused("TRANSFER_SIGNED_BY_ONE", desk):
        await custody.sign(arrival, "cheng")
    assert (await custody.posted(arrival, ("he", "zhao"))).state == "POSTED"


async def test_what_the_manufacturer_delivers_is_received_while_the_custodian_is_away(custody):
    """Receipt at the branch by who stands in for Ku, under his supervisor."""
    await covered(custody, "ku", "cheng", CUSTODIAN, who="pan")
    order = await custody.order()
    received = await custody.posted(await custody.receipt(order, (0, 9), who="cheng"), ("cheng", "jian"))
    assert received.state == "POSTED"
    assert (await custody.account()).in_stock == 10
