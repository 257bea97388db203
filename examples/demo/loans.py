"""Loans with their standing at each month-end: outstanding, grade and what is overdue."""

from __future__ import annotations

from collections.abc import Iterator

from examples.demo.customers import Client
from examples.demo.days import Window, add_months
from examples.demo.plans import LoanPlan, Trouble
from examples.demo.sheets import Sheets, money
from models.vocabulary import LoanClass


class Loans:
    """Writes the loans of one customer after the other, lent by the branch that owns him."""

    def __init__(self, sheets: Sheets, window: Window) -> None:
        self._sheets = sheets
        self._days = (window.eve, *window.ends)
        self._last = window.months[-1]
        self._serial = 0

    def grant(self, client: Client) -> None:
        for plan in client.plan.loans:
            self._serial += 1
            self._sheets.add("loans", self._rows(f"L{self._serial:07d}", client, plan))

    def _rows(self, number: str, client: Client, plan: LoanPlan) -> Iterator[tuple[object, ...]]:
        granted = add_months(self._last, -plan.age).replace(day=15)
        for back, day in zip(range(len(self._days) - 1, -1, -1), self._days, strict=True):
            if day < granted:
                continue
            outstanding = _outstanding(plan, plan.age - back)
            grade, overdue = _standing(plan, back, outstanding)
            yield (
                number, client.number, client.owner, "CNY", granted.isoformat(), money(plan.principal),
                plan.term_months, day.isoformat(), money(outstanding), grade.value, money(overdue),
            )  # fmt: skip


def _outstanding(plan: LoanPlan, months: int) -> int:
    """What is owed `months` after granting, in fen."""
    if months >= plan.term_months:
        return 0
    return (
        plan.principal if plan.interest_only else plan.principal - plan.principal // plan.term_months * months
    )


def _standing(plan: LoanPlan, back: int, outstanding: int) -> tuple[LoanClass, int]:
    """Grade and overdue amount `back` months before the last one. One unpaid part more each month."""
    if plan.trouble is Trouble.ONE_MONTH:
        troubled = back == plan.trouble_age
    else:
        troubled = plan.trouble is not Trouble.NONE and back <= plan.trouble_age
    if not troubled or not outstanding:
        return LoanClass.NORMAL, 0
    overdue = min(outstanding, plan.principal // plan.term_months * (plan.trouble_age - back + 1))
    if plan.trouble is Trouble.SUBSTANDARD:
        return LoanClass.SUBSTANDARD, overdue
    return LoanClass.SPECIAL_MENTION, overdue
