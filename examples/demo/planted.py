"""Customers with a reason to exist: those the documentation names, and one for each edge of the standard."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from examples.demo.cast import HEAD_OF_CENTRE, LIN
from examples.demo.days import Window
from examples.demo.places import CHENGDU
from examples.demo.plans import Deposit, LoanPlan, Plan, Shape, Trouble
from models.vocabulary import AccountKind, HolderRole, IdentityKind

_FLAT, _TERM = Shape.FLAT, AccountKind.TERM_DEPOSIT
_HALF_MILLION = 500_000_00
_MILLION = 1_000_000_00
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Planted:
    """A named customer, and in `about` what he is there to show. `manager`: staff number, "" for whoever has room, NOBODY for none."""

    name: str
    about: str
    male: bool
    plan: Plan
    owner: str = CHENGDU
    manager: str = LIN
    birth: dt.date | None = None
    identity: tuple[IdentityKind, str, str] | None = None
    """Kind, number and nationality where it is not a resident identity."""
    staff: str = ""
    """Staff number of the member of staff who is this customer: the same document."""
    holds: tuple[str, HolderRole] | None = None
    """The planted customer whose first account he also holds, and as what."""


def _saves(*deposits: Deposit, spend: int | None = None) -> Plan:
    return Plan(deposits, spend)


def _flat(level: int, currency: str = "CNY", at: str = "") -> Deposit:
    return Deposit(level, _FLAT, currency=currency, at=at)


def _owes(principal: int, trouble: Trouble = Trouble.NONE, ago: int = 0) -> LoanPlan:
    return LoanPlan(principal, 120, 30, interest_only=True, trouble=trouble, trouble_age=ago)


def _borrows(*loans: LoanPlan) -> Plan:
    return Plan((Deposit(8_500_00),), None, loans)


def planted(window: Window) -> tuple[Planted, ...]:
    """All of them, in the order of their customer numbers: C00000001 is 周明, C00000002 is 钱芳."""
    newly = Deposit(_HALF_MILLION, _FLAT, opened=window.months[1])
    leaving = Deposit(240_000_00, _FLAT, _TERM, closed=window.months[1])
    ended = window.months[4].replace(day=15)
    return (
        Planted(
            "周明", "Zhou: qualifies by savings, in two currencies", True,
            _saves(Deposit(586_000_00, at="51010401"), Deposit(200_000_00, _FLAT, _TERM), _flat(10_000_00, "USD"),
                   spend=42_360_00),
            birth=dt.date(1978, 5, 16),
        ),
        Planted(
            "钱芳", "Qian: qualifies by loan and by card spend, not by savings", False,
            Plan((Deposit(36_000_00, at="51010401"),), 126_480_00, (LoanPlan(1_800_000_00, 240, 36),)),
            birth=dt.date(1985, 11, 3),
        ),
        Planted("郑涛", "is the head of the Chengdu centre: recusal", True, _saves(Deposit(800_000_00)),
                staff=HEAD_OF_CENTRE),
        Planted("吕婷", "joint holder of 周明's account, little of her own", False, _saves(Deposit(12_000_00)),
                holds=("周明", HolderRole.JOINT)),
        Planted("周小舟", "disponent only: no account of his own", True, Plan(),
                holds=("周明", HolderRole.DISPONENT)),
        Planted("高远", "exactly 500,000.00: qualifies", True, _saves(_flat(_HALF_MILLION))),
        Planted("叶秋", "499,999.99: one fen short", False, _saves(_flat(_HALF_MILLION - 1))),
        Planted("康宁", "exactly 500,000.00, summed over three places", False,
                _saves(_flat(250_000_00), Deposit(150_000_00, _FLAT, _TERM), _flat(100_000_00, at="51070301"))),
        Planted("姜文远", "exactly 500,000.00 by month averages", True,
                _saves(Deposit(_HALF_MILLION, _FLAT, averaged=True))),
        Planted("白露", "72,500.00 USD: near 500,000 CNY, by each month's rate", False,
                _saves(_flat(72_500_00, "USD"))),
        Planted("秦川", "yen, which have no minor unit", True, _saves(_flat(13_000_000, "JPY"))),
        Planted("纪晓", "in and out within each month: averaging rules disagree", False,
                _saves(Deposit(90_000_00, Shape.PULSE))),
        Planted("尹航", "new and rich: passes since opening, fails over twelve months", True,
                Plan((Deposit(1_600_000_00, _FLAT, opened=window.months[10]),), opened=window.months[10])),
        Planted("梁雨", "newly eligible in the last month", False, Plan((newly,), opened=window.months[1])),
        Planted("丁香", "no longer eligible in the last month", False, _saves(_flat(485_000_00), leaving)),
        Planted("石磊", "owes exactly 1,000,000.00 in good standing", True, _borrows(_owes(_MILLION))),
        Planted("陆平", "owes 999,999.99", True, _borrows(_owes(_MILLION - 1))),
        Planted("方圆", "owes 1,000,000.00, one month overdue in the past", False,
                _borrows(_owes(_MILLION, Trouble.ONE_MONTH, 4))),
        Planted("牛奔", "owes 1,200,000.00 and is overdue now", True,
                _borrows(_owes(1_200_000_00, Trouble.OVERDUE_NOW, 1))),
        Planted("雷鸣", "owes 2,000,000.00, graded substandard", True,
                _borrows(_owes(2_000_000_00, Trouble.SUBSTANDARD, 5))),
        Planted("安琪", "two loans of 600,000.00 each", False, _borrows(_owes(600_000_00), _owes(600_000_00))),
        Planted("章程", "repaid a loan of 1,500,000.00 within the year", True,
                _borrows(LoanPlan(1_500_000_00, 60, 64))),
        Planted("温暖", "spends exactly 100,000.00 by card", False, _saves(Deposit(20_000_00), spend=100_000_00)),
        Planted("苗青", "spends 99,999.99 by card", False, _saves(Deposit(20_000_00), spend=99_999_99)),
        Planted("王𠮷㐀", "rare characters beyond the basic plane", True, _saves(Deposit(560_000_00))),
        Planted("阿依古丽·买买提", "a name with a middle dot", False, _saves(Deposit(640_000_00))),
        Planted("Sofia Lindqvist", "a passport, and Hong Kong dollars", False, _saves(_flat(700_000_00, "HKD")),
                identity=(IdentityKind.PASSPORT, "SE1029384", "SWE")),
        Planted("孤岛", "qualifies, but has no manager yet", True, _saves(Deposit(900_000_00)), manager=NOBODY),
        Planted("旧友", "all accounts closed", True,
                _saves(Deposit(30_000_00, closed=ended), Deposit(5_000_00, _FLAT, closed=ended))),
        Planted("沈月", "exactly 500,000.00, of another branch", False, _saves(_flat(_HALF_MILLION)),
                owner="320508", manager=""),
    )  # fmt: skip
