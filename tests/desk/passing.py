"""A handover as its readers meet it: whose customer somebody is, what is shown of him, and which lists are seen."""

from __future__ import annotations

import datetime as dt

from authz import DataClass
from desk.selection import Child, Page, Purpose, Section, Selection
from models.customers import ManagerAssignment
from tests.conftest import NOW

SECOND, TICK, DAY = dt.timedelta(seconds=1), dt.timedelta(microseconds=1), dt.timedelta(days=1)
AT = NOW + DAY
ASSETS = Selection(
    "customer",
    ("number",),
    sections=(Section("assets", DataClass.ASSET, ("band",)),),
    page=Page(first=10),
    purpose=Purpose("ADVICE"),
)
LISTS = Selection(
    "handover",
    ("state", "at", "done_at"),
    children=(Child("lines", "lines", Selection("handover_line", ("customer_id",))),),
    page=Page(first=10),
)


async def zhou_is(story, who: str, now: dt.datetime) -> str:
    rows = (await (await story.desk(who, now)).read(ASSETS)).rows
    return {row["number"]: row["assets"]["visibility"].value for row in rows}["C000001"]


async def told(story, who: str = "han", now: dt.datetime = NOW) -> list[str]:
    return [row["state"] for row in (await (await story.desk(who, now)).read(LISTS)).rows]


async def served_by(bank, who: str, at: dt.datetime) -> set[str]:
    rows = await ManagerAssignment.filter(manager_id=bank.staff[who].id).prefetch_related("customer")
    return {row.customer.number for row in rows if row.holds(at)}
