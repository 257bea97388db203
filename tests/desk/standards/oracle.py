"""The figures computed a second time, day by day in exact fractions, from decisions.md 23, 24, 26 and 27 alone.

Nothing here comes from the desk: no statement, no window, no rate of the product. Slow and plain on purpose.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from fractions import Fraction

from tests.desk.standards.law import CampaignOf, IndicatorOf
from tests.desk.standards.worlds import AccountOf, CustomerOf, LoanOf, quotes

DECIMALS = {"CNY": 2, "USD": 2, "HKD": 2, "JPY": 0, "EUR": 2}
PUBLISHED = {(day, currency, quote): Fraction(rate) / unit for day, currency, unit, quote, rate in quotes()}


def months_of(as_of: dt.date) -> list[list[dt.date]]:
    """The days of the 12 full months that are over at the end of `as_of`."""
    found: list[list[dt.date]] = []
    day = as_of + dt.timedelta(days=1)
    year, month = day.year, day.month
    while len(found) < 12:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        found.insert(0, [dt.date(year, month, n + 1) for n in range(monthrange(year, month)[1])])
    return found


def quoted(currency: str, other: str, day: dt.date) -> tuple[Fraction, dt.date] | None:
    """The last published price of one unit, looked for day by day, 31 days back."""
    for base, quote, inverse in ((currency, other, False), (other, currency, True)):
        for back in range(32):
            then = day - dt.timedelta(days=back)
            if (then, base, quote) in PUBLISHED:
                value = PUBLISHED[then, base, quote]
                return (1 / value if inverse else value), then
    return None


def price(currency: str, day: dt.date) -> Fraction | None:
    """What one minor unit of a currency is in minor units of CNY."""
    if currency == "CNY":
        return Fraction(1)
    found = quoted(currency, "CNY", day)
    if found is None:
        first, second = quoted(currency, "EUR", day), quoted("EUR", "CNY", day)
        if first is None or second is None:
            return None
        found = first[0] * second[0], day
    return found[0] * 10 ** DECIMALS["CNY"] / 10 ** DECIMALS[currency]


def balance(account: AccountOf, day: dt.date) -> int:
    if day < account.opened_on or (account.closed_on is not None and day >= account.closed_on):
        return 0
    known = [then for then in account.rows if account.opened_on <= then <= day]
    return account.rows[max(known)] if known else 0


def open_in(account: AccountOf, days: list[dt.date]) -> bool:
    return account.opened_on <= days[-1] and (account.closed_on is None or account.closed_on > days[0])


def month_figures(account: AccountOf, rule: str, as_of: dt.date) -> tuple[list[Fraction], bool]:
    """What each month adds to the account's average, in its own currency; whether something is missing."""
    months = months_of(as_of)
    alive = open_in(account, [months[0][0], months[-1][-1]])
    if account.kind is None or not alive:
        return [Fraction(0)] * 12, False
    if rule == "daily_12":
        if account.kind == "MONTH_AVERAGE":
            lived = [open_in(account, days) for days in months]
            given = [account.rows.get(days[-1]) for days in months]
            means = [
                Fraction(mean or 0) if live else Fraction(0) for mean, live in zip(given, lived, strict=True)
            ]
            missing = any(live and mean is None for mean, live in zip(given, lived, strict=True))
            return [mean / 12 for mean in means], missing
        return [
            Fraction(sum(balance(account, day) for day in days), len(days) * 12) for days in months
        ], False
    if account.kind == "MONTH_AVERAGE":
        return [Fraction(0)] * 12, True
    ends = [days[-1] for days in months]
    over = 12 if rule == "month_end_12" else sum(end >= account.opened_on for end in ends)
    return [Fraction(balance(account, end), over) for end in ends], False


def average(customer: CustomerOf, rule: str, as_of: dt.date) -> tuple[Fraction, bool]:
    total, incomplete = Fraction(0), False
    for account in customer.accounts:
        figures, missing = month_figures(account, rule, as_of)
        incomplete |= missing
        for figure, days in zip(figures, months_of(as_of), strict=True):
            total += figure * (price(account.currency, days[-1]) or 0)
    return total, incomplete


def spend(customer: CustomerOf, kinds: tuple[str, ...], as_of: dt.date) -> Fraction:
    total = Fraction(0)
    for account in customer.accounts:
        for days in months_of(as_of):
            for kind in kinds:
                total += account.spend.get((days[0], kind), 0) * (price(account.currency, days[-1]) or 0)
    return total


def back(day: dt.date, months: int) -> dt.date:
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    longest = monthrange(year, month)[1]
    ends = day.day == monthrange(day.year, day.month)[1]
    return dt.date(year, month, longest if ends else min(day.day, longest))


def debts(customer: CustomerOf, look_back: int, as_of: dt.date) -> tuple[Fraction, bool, bool]:
    """The sum of the balances, whether all loans are in good standing, whether one is unknown."""
    total, good, unknown = Fraction(0), True, False
    for loan in customer.loans:
        newest = newest_standing(loan, as_of)
        if newest is None:
            unknown |= loan.granted_on <= as_of
            continue
        total += loan.standings[newest][0] * (price(loan.currency, as_of) or 0)
        for then, (_, grade, overdue) in loan.standings.items():
            looked_at = then == newest or back(as_of, look_back) < then <= as_of
            good &= not (looked_at and (grade != "NORMAL" or overdue > 0))
    return total, good, unknown


def newest_standing(loan: LoanOf, as_of: dt.date) -> dt.date | None:
    known = [then for then in loan.standings if then <= as_of]
    return max(known) if known else None


def campaign_on(campaigns: list[CampaignOf], standard: str, day: dt.date) -> CampaignOf | None:
    """The one that runs for this standard on a day, its last one included."""
    for campaign in campaigns:
        approved = campaign.state == "APPROVED" and campaign.standard == standard
        if approved and campaign.first <= day <= campaign.last:
            return campaign
    return None


def newest_figure(customer: CustomerOf, indicator: IndicatorOf, as_of: dt.date) -> tuple[dt.date, int] | None:
    """The newest figure in the indicator's own currency, from the first day of the twelve months to the as-of day."""
    start = months_of(as_of)[0][0]
    known = {
        day: amount
        for (code, day), (currency, amount) in customer.figures.items()
        if code == indicator.code and currency == indicator.currency and start <= day <= as_of
    }
    return (max(known), known[max(known)]) if known else None


def judged(
    customer: CustomerOf,
    owner_path: str,
    thresholds: dict[str, int],
    combine: str,
    indicators: list[IndicatorOf],
    as_of: dt.date,
) -> tuple[set[str], list[str], bool, bool]:
    """Criteria met, codes of indicators met, whether he passes, whether a figure is near; of `daily_12` and card spend."""
    savings, unknown_savings = average(customer, "daily_12", as_of)
    loans, good, unknown_loans = debts(customer, 24, as_of)
    figures = {"SPEND": spend(customer, ("card",), as_of)}
    if not unknown_savings:
        figures["AVERAGE_SAVINGS"] = savings
    if good and not unknown_loans:
        figures["LOAN_BALANCE"] = loans
    asked = [(kind, figures[kind], thresholds[kind]) for kind in thresholds if kind in figures]
    met = {kind for kind, figure, threshold in asked if figure >= threshold}
    passed = met == set(thresholds) if combine == "ALL" else bool(met)
    near = any(abs(figure - threshold) <= Fraction(threshold, 20) for _, figure, threshold in asked)
    codes = []
    for indicator in sorted(indicators, key=lambda it: it.code):
        in_force = indicator.first <= as_of and (indicator.last is None or as_of <= indicator.last)
        newest = newest_figure(customer, indicator, as_of)
        if indicator.state != "APPROVED" or not in_force or newest is None:
            continue
        if not owner_path.startswith(indicator.owner):
            continue
        near |= abs(newest[1] - indicator.threshold) <= Fraction(indicator.threshold, 20)
        if newest[1] >= indicator.threshold:
            codes.append(indicator.code)
    return met | ({"INDICATOR"} if codes else set()), codes, passed or bool(codes), near
