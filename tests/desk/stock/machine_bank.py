"""The bank of the state machine, and what its rules draw from: who, where, which numbers."""

from __future__ import annotations

from hypothesis import strategies as st

from authz import Role
from tests.cast import staff_member
from tests.copies import Place
from tests.custody import Custody, designate, line, person, post
from tests.desk.stock.machine_model import (
    CUSTODIANS,
    EVERYBODY,
    Model,
    Order,
)

ORDERED = 24
places = st.sampled_from(["SC", "SC", "SC", "CDW", "CDW", "NJW"])
keepers = st.sampled_from(["right", "right", "right", "right", "right", *CUSTODIANS])
anybody = st.sampled_from(["right", "right", "right", "right", "right", "right", *EVERYBODY])
states = st.sampled_from(["IN_STOCK"] * 4 + ["SPOILED", "SPOILED", "TO_DESTROY", "MISSING"])
starts, lengths, picks = st.integers(0, 40), st.integers(1, 6), st.integers(0, 30)
seldom = st.sampled_from([False, False, False, False, False, True])


async def begun(place: Place, model: Model) -> Custody:
    """Two more numbers of Ku's, a second supervisor, and a custodian who is not designated."""
    bank = place.story.bank
    custody = await Custody.begin(bank, place.story.policy)
    himself = await bank.staff["ku"].person
    for name, role, where in (
        ("ku2", Role.CARD_SUPERVISOR, "SC"),
        ("ku3", Role.CARD_CUSTODIAN, "CDW"),
    ):
        bank.staff[name] = await staff_member(name, "顾库", himself)
        await post(bank, bank.staff[name], role, where)
    bank.staff["xu"] = await person(bank, "xu", "许副", Role.CARD_SUPERVISOR, "SC")
    bank.staff["gu"] = await person(bank, "gu", "谷仓", Role.CARD_CUSTODIAN, "SC")
    await line(bank, "ku2", "ku")
    await line(bank, "zhao", "ku3")
    await designate(bank, "ku3", "CDW")
    for where in ("SC", "NJW"):
        order = await custody.order(ORDERED, where)
        model.orders[where] = Order(order.id, where, ORDERED)
    return custody
