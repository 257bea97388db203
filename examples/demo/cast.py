"""The named people of the demo: who signs in as what. Their numbers never change with the seed."""

from __future__ import annotations

from typing import Final, NamedTuple

from authz.words import Role
from models.vocabulary import Department

DEMO_PASSWORD: Final = "qingtong-demo"
"""One password for all demo staff. Set only by the command that loads the demo bank, never by an import."""


class CastMember(NamedTuple):
    """A demo sign-in: staff number, role, and one line on who that is and what to try."""

    number: str
    role: Role
    about: str
    name: str
    male: bool
    place: str
    department: Department
    full_time: bool = True


_CENTRE = Department.WEALTH_CENTRE
_BANKING = Department.PERSONAL_BANKING
_LEGAL = Department.LEGAL_COMPLIANCE
_CARDS = Department.BANK_CARDS

CAST: tuple[CastMember, ...] = (
    CastMember(
        "S100001", Role.CUST_MGR, "林晓 Lin, customer manager, Chengdu centre: serves 周明 and 钱芳",
        "林晓", False, "510100W", _CENTRE,
    ),
    CastMember(
        "S100002", Role.WC_HEAD, "郑涛 Zheng, head of the Chengdu centre, and himself one of its customers",
        "郑涛", True, "510100W", _CENTRE,
    ),
    CastMember(
        "S100003", Role.CARD_CUSTODIAN, "何静 He, designated custodian of VIP cards, Chengdu centre",
        "何静", False, "510100W", _CENTRE,
    ),
    CastMember(
        "S100004", Role.CARD_SUPERVISOR, "赵磊 Zhao, business supervisor of He, Chengdu centre",
        "赵磊", True, "510100W", _CENTRE,
    ),
    CastMember(
        "S100005", Role.ARCHIVE_KEEPER, "唐洁 Tang, keeper of the archives, Chengdu centre",
        "唐洁", False, "510100W", _CENTRE,
    ),
    CastMember(
        "S100006", Role.PB_OFFICER, "吴敏 Wu, personal banking officer, Chengdu branch: no detail of assets",
        "吴敏", False, "510100", _BANKING,
    ),
    CastMember(
        "S100007", Role.FILING_RECORDER, "罗云 Luo, records or returns filings, Chengdu branch",
        "罗云", False, "510100", _BANKING,
    ),
    CastMember(
        "S100008", Role.PARTNER_STAFF, "梅兰 Mei, partner desk, personal credit, Chengdu branch",
        "梅兰", False, "510100", Department.PERSONAL_CREDIT,
    ),
    CastMember(
        "S100009", Role.LEGAL_LIAISON, "孙岩 Sun, legal liaison, Chengdu branch",
        "孙岩", True, "510100", _LEGAL,
    ),
    CastMember(
        "S100010", Role.TELLER, "叶青 Ye, teller at a Chengdu Jinjiang outlet",
        "叶青", False, "51010401", Department.OPERATIONS,
    ),
    CastMember(
        "S100011", Role.EXC_APPROVER, "韩松 Han, approves exceptions one by one, Sichuan branch",
        "韩松", True, "510000", _BANKING,
    ),
    CastMember(
        "S100012", Role.COMPLIANCE, "顾清 Gu, compliance officer, Sichuan branch: sees customers by case only",
        "顾清", False, "510000", _LEGAL,
    ),
    CastMember(
        "S100013", Role.HQ_POLICY, "程远 Cheng, writes policy, head office",
        "程远", True, "100000", _BANKING,
    ),
    CastMember(
        "S100014", Role.SEC_ADMIN, "石安 Shi, security administrator, head office: executes grants",
        "石安", True, "100000", Department.TECHNOLOGY,
    ),
    CastMember(
        "S100018", Role.HQ_POLICY_APPR, "钟岚 Zhong, head of policy, head office: approves standards and campaigns",
        "钟岚", False, "100000", _BANKING,
    ),
)  # fmt: skip

EXTRAS: tuple[CastMember, ...] = (
    CastMember(
        "S100015", Role.CUST_MGR, "陈楠 Chen, customer manager, Chengdu centre: Lin's colleague",
        "陈楠", False, "510100W", _CENTRE,
    ),
    CastMember(
        "S100016", Role.CUST_MGR, "冯德 Feng, customer manager, Mianyang centre: moved there from Chengdu",
        "冯德", True, "510700W", _CENTRE,
    ),
    CastMember(
        "S100017", Role.CUST_MGR, "丁一 Ding, part-time customer manager, Chengdu centre: may serve no VIP",
        "丁一", True, "510100W", _CENTRE, False,
    ),
)  # fmt: skip
"""People the documentation speaks of beside the sign-ins it prints."""

CARD_STAFF: tuple[CastMember, ...] = (
    CastMember(
        "S100019", Role.CARD_CUSTODIAN, "秦岚 Qin, designated to order and keep cards, Sichuan branch",
        "秦岚", False, "510000", _CARDS,
    ),
    CastMember(
        "S100020", Role.CARD_SUPERVISOR, "简正 Jian, business supervisor of Qin, Sichuan branch",
        "简正", True, "510000", _CARDS,
    ),
    CastMember(
        "S100021", Role.PB_OFFICER, "潘宁 Pan, personal banking officer, Sichuan branch: orders, quotas, segments",
        "潘宁", True, "510000", _BANKING,
    ),
    CastMember(
        "S100022", Role.CARD_CUSTODIAN, "葛云 Ge, designated custodian of VIP cards, Mianyang centre",
        "葛云", False, "510700W", _CENTRE,
    ),
    CastMember(
        "S100023", Role.CARD_SUPERVISOR, "卢峰 Lu, business supervisor of Ge, Mianyang centre",
        "卢峰", True, "510700W", _CENTRE,
    ),
    CastMember(
        "S100024", Role.AUDITOR, "穆真 Mu, auditor, Sichuan branch: approves what is destroyed",
        "穆真", False, "510000", Department.INTERNAL_AUDIT,
    ),
    CastMember(
        "S100025", Role.PARTNER_HEAD, "纪安 Ji, head of accounting, Sichuan branch: approves what is destroyed",
        "纪安", True, "510000", Department.OPERATIONS,
    ),
)  # fmt: skip
"""Those who have cards in their hands or in their charge, beside He, Zhao and the head of the Chengdu centre."""

SIGN_INS: tuple[CastMember, ...] = CAST + CARD_STAFF
"""Everybody who has a password."""

LIN: Final = CAST[0].number
HEAD_OF_CENTRE: Final = CAST[1].number
MOVED: Final = EXTRAS[1].number
