"""What each person must be answered of each customer of the Czech bank: the table filled with the files' values.

Nothing here comes from authz, the desk or the converter: rows are read from the files that were imported
(`handed_in`), figures from `oracle`, and who sees what from `table`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from tests.pkdd99 import oracle
from tests.pkdd99.handed_in import HandedIn
from tests.pkdd99.oracle import CASH, Figures
from tests.pkdd99.table import READERS, SECTIONS, TABLE, Standing

AS_OF = dt.date(1994, 2, 28)
STANDARD = "CZECH"
RULE = "daily_12"
THRESHOLDS = ("50000.00", "50000.00", "100000.00")
"""Average savings, loans in good standing, cash of 12 months, in CZK: a few hundred pass, in nearly every district."""


class Expected:
    """The answers of the graph that are right, given the imported files, the screening's figures and who was filed."""

    def __init__(self, files: HandedIn, figures: Mapping[int, Figures], passing: Iterable[int]) -> None:
        self.files = files
        self.figures = {f"K{client:06d}": found for client, found in figures.items()}
        self.passing = frozenset(f"K{client:06d}" for client in passing)
        self.filed: dict[str, str] = {}

    @classmethod
    def of(cls, files: HandedIn, second: oracle.Bank) -> Expected:
        """With the figures of the second computation by STANDARD."""
        figures = oracle.figures(second, AS_OF, RULE)
        savings, loans, cash = map(Fraction, THRESHOLDS)
        return cls(files, figures, oracle.passing(figures, savings, loans, cash))

    def reach(self, staff: str) -> list[str]:
        """The numbers of the customers that exist for a member of staff, in order (decisions.md 12)."""
        post = self.files.posts[staff]
        reader = READERS.get(post.role)
        if reader is None:
            return []
        if post.place == "HQ":
            return sorted(self.files.customers)
        if post.place.startswith("T"):
            return self.files.of_region(post.place)
        return self.files.of_district(post.place[:4])

    def of_whom(self, staff: str, customer: str) -> tuple[str, str]:
        """Which lines of the table speak of this customer to this person, outside a filing."""
        reader = READERS[self.files.posts[staff].role]
        if reader == "manager":
            own = self.files.customers[customer].manager == staff
            return reader, "his own" if own else "a colleague's"
        return reader, "his branch's" if reader in ("head", "keeper") else "his subtree's"

    def sees(self, staff: str, section: str, *, says_why: bool) -> list[str]:
        """The customers of whom a person sees this section in full: what filters and sorts may range over."""
        return [
            customer
            for customer in self.reach(staff)
            if TABLE[(*self.of_whom(staff, customer), says_why, section)][0] == "VISIBLE"
        ]

    def secrets(self) -> Iterator[str]:
        """Every protected value that an error text could give away, shown in full or as it is written in a filter."""
        for customer in self.files.customers.values():
            yield from (customer.name, customer.document, customer.mobile, customer.address)
        yield from self.files.accounts
        for figures in self.figures.values():
            if figures.average:
                yield str(to_cents(figures.average))

    def node(self, reader: str, of_whom: str, customer: str) -> dict[str, Any]:
        """The whole answer to `queries.CELLS`, in the form that `queries.canonical` gives it."""
        it = self.files.customers[customer]
        answer: dict[str, Any] = {"owner": {"code": it.owner}}
        for says_why in (False, True):
            for section in SECTIONS:
                visibility, code = TABLE[reader, of_whom, says_why, section]
                cells = getattr(self, f"_{section}")(customer, visibility)
                reason = {"code": code} if code else None
                answer[f"{section}_{int(says_why)}"] = {"visibility": visibility, "reason": reason} | cells
        del answer["status_1"]
        return answer | self._work(reader, of_whom, customer)

    def _status(self, customer: str, visibility: str) -> dict[str, Any]:
        it = self.files.customers[customer]
        return {
            "number": customer,
            "tier": "HEAD_OFFICE" if self.filed.get(customer) == "RECORDED" else None,
            "openedOn": it.opened_on,
            "manager": {"staff": {"number": it.manager}},
        }

    def _name(self, customer: str, visibility: str) -> dict[str, Any]:
        return {"value": self.files.customers[customer].name if visibility == "VISIBLE" else None}

    def _identity(self, customer: str, visibility: str) -> dict[str, Any]:
        number = self.files.customers[customer].document
        return {
            "VISIBLE": {"kind": "OTHER", "number": number},
            "MASKED": {"kind": None, "number": f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"},
            "WITHHELD": {"kind": None, "number": None},
        }[visibility]

    def _contact(self, customer: str, visibility: str) -> dict[str, Any]:
        it = self.files.customers[customer]
        return {
            "VISIBLE": {"mobile": it.mobile, "address": it.address},
            "MASKED": {
                "mobile": f"{it.mobile[:3]}****{it.mobile[-4:]}",
                "address": f"{it.address[:6]}***",
            },
            "WITHHELD": {"mobile": None, "address": None},
        }[visibility]

    def _personal(self, customer: str, visibility: str) -> dict[str, Any]:
        it = self.files.customers[customer]
        shown = {"gender": it.gender, "birthDate": it.birth_date, "nationality": it.nationality}
        return shown if visibility == "VISIBLE" else dict.fromkeys(shown)

    def _accounts(self, customer: str, visibility: str) -> dict[str, Any]:
        if visibility == "WITHHELD":
            return {"nodes": []}
        whole = [
            {
                "number": account.number,
                "kind": "SAVINGS",
                "currency": "CZK",
                "openedOn": account.opened_on,
                "institution": {"code": account.place},
            }
            for account in self.files.accounts_of(customer)
        ]
        if visibility == "MASKED":
            whole = [
                dict.fromkeys(account) | {"number": masked_account(str(account["number"]))}
                for account in whole
            ]
            for account, known in zip(whole, self.files.accounts_of(customer), strict=True):
                account["institution"] = {"code": known.place}  # an institution is public
        return {"nodes": whole}

    def _assets(self, customer: str, visibility: str) -> dict[str, Any]:
        figures = self.figures.get(customer)
        shown: dict[str, Any] = {
            "band": None,
            "averageSavings12m": None,
            "loanBalance": None,
            "spend12m": None,
            "asOf": None,
            "balances": [],
            "loans": [],
        }
        if visibility == "WITHHELD":
            return shown
        if figures is not None:
            shown["band"] = band(figures.average)
        if visibility == "MASKED":
            return shown
        if figures is not None:
            shown |= {
                "averageSavings12m": money(figures.average),
                "loanBalance": money(figures.outstanding),
                "spend12m": money(figures.spend[CASH]),
                "asOf": AS_OF.isoformat(),
            }
        for account in self.files.accounts_of(customer):
            if account.newest is not None:
                day, amount = account.newest
                shown["balances"].append(
                    {
                        "accountNumber": masked_account(account.number),
                        "balance": {"amount": amount, "currency": "CZK"},
                        "day": day,
                        "importId": True,
                    }
                )
        shown["loans"] = [dict(loan) for loan in self.files.loans_of(customer)]
        return shown

    def _transactions(self, customer: str, visibility: str) -> dict[str, Any]:
        if visibility != "VISIBLE":
            return {"totalCount": 0, "nodes": []}
        lines = [
            dict(line) | {"accountNumber": masked_account(account.number)}
            for account in self.files.accounts_of(customer)
            for line in self.files.lines_of(account.number)
        ]
        return {
            "totalCount": len(lines),
            "nodes": sorted(lines, key=lambda line: (line["day"], int(line["reference"]))),
        }

    def _work(self, reader: str, of_whom: str, customer: str) -> dict[str, Any]:
        """Membership, archive and evaluation: where things stand is status, the figures are assets."""
        it = self.files.customers[customer]
        answer: dict[str, Any] = {"membership": None, "archive": None, "evaluation": None}
        state = self.filed.get(customer)
        if state is not None:
            filing = {
                "state": state,
                "submittedTo": {"code": it.owner},
                "submittedBy": {"number": it.manager},
                "decidedBy": {"number": f"{it.owner}R"} if state == "RECORDED" else None,
            }
            answer["membership"] = {
                "state": "ACTIVE" if state == "RECORDED" else "FILING",
                "tier": "HEAD_OFFICE",
                # An archive keeper keeps archives; filings are not his (Art. 6, 10).
                "filings": [] if reader == "keeper" else [filing],
            }
        if state == "RECORDED":
            # Nobody's file says occupation and employer, so the archive is still being built (Art. 10).
            centre = {"code": f"{it.owner}W"}
            answer["archive"] = {"state": "BUILDING", "custodyCentre": centre, "servicing": centre}
        figures = self.figures.get(customer)
        if figures is not None:
            answer["evaluation"] = {
                "passed": customer in self.passing,
                "asOf": AS_OF.isoformat(),
                "standard": {"code": STANDARD},
                "figures_0": self._figures(figures, TABLE[reader, of_whom, False, "assets"]),
                "figures_1": self._figures(figures, TABLE[reader, of_whom, True, "assets"]),
            }
        return answer

    def _figures(self, figures: Figures, standing: Standing) -> dict[str, Any]:
        visibility, code = standing
        shown: dict[str, Any] = {
            "averageSavings": money(figures.average),
            "loanBalance": money(figures.outstanding),
            "goodStanding": figures.good_standing,
            "spend": money(figures.spend[CASH]),
            "criteriaMet": self._met(figures),
            "borderline": self._borderline(figures),
            "missing": [],
        }
        if visibility != "VISIBLE":
            shown = dict.fromkeys(shown)
        return {"visibility": visibility, "reason": {"code": code} if code else None} | shown

    def _measured(self, figures: Figures) -> list[tuple[str, Fraction, Fraction]]:
        savings, loans, cash = map(Fraction, THRESHOLDS)
        measured = [("AVERAGE_SAVINGS", figures.average, savings), ("SPEND", figures.spend[CASH], cash)]
        if figures.good_standing:
            measured.append(("LOAN_BALANCE", figures.outstanding, loans))
        return sorted(measured)

    def borderline(self, customer: str) -> bool:
        return self._borderline(self.figures[customer])

    def _met(self, figures: Figures) -> list[str]:
        return [name for name, amount, threshold in self._measured(figures) if amount >= threshold]

    def _borderline(self, figures: Figures) -> bool:
        return any(abs(amount - line) * 20 <= line for _, amount, line in self._measured(figures))


def to_cents(amount: Fraction) -> Decimal:
    """Rounded half up to 0.01, by decimal digits: no amount here has more than twenty before the point."""
    with_digits = Decimal(amount.numerator) / Decimal(amount.denominator)
    return with_digits.quantize(Decimal("0.01"), ROUND_HALF_UP)


def money(amount: Fraction) -> dict[str, str]:
    return {"amount": str(to_cents(amount)), "currency": "CZK"}


def band(average: Fraction) -> str:
    """资产档 (domain.md 5.2): all that a masked reader learns."""
    floors = ((5_000_000, "FROM_5M"), (1_000_000, "FROM_1M"), (500_000, "FROM_500K"), (50_000, "FROM_50K"))
    return next((name for floor, name in floors if average >= floor), "BELOW_50K")


def masked_account(number: str) -> str:
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
