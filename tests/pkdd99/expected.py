"""What each person must see of each customer of the Czech bank, by a plain table and the converted files.

The table is decisions.md 12-14 and domain.md 5.2 and 5.3 written out once more. Nothing here comes from the desk or
from authz: rows and values are read from the files that were imported, figures from `oracle`.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.pkdd99 import oracle

AS_OF = date(1994, 2, 28)
STANDARD = "CZECH"
CENT = Decimal("0.01")

WHO_SEES = """
reader         of whom      status  name               identity           contact            personal           accounts           assets             transactions
manager        his own      seen    seen               masked PURPOSE     seen               seen               seen               masked PURPOSE     withheld PURPOSE
manager, says  his own      seen    seen               seen               seen               seen               seen               seen               seen
manager        colleague's  seen    seen               masked NOT_ASSIGN  masked NOT_ASSIGN  withheld NOT_ASSIGN masked NOT_ASSIGN  masked NOT_ASSIGN  withheld NOT_ASSIGN
manager, says  colleague's  seen    seen               masked NOT_ASSIGN  masked NOT_ASSIGN  withheld NOT_ASSIGN masked NOT_ASSIGN  masked NOT_ASSIGN  withheld NOT_ASSIGN
head           own branch   seen    seen               masked PURPOSE     masked ROLE        withheld ROLE      seen               seen               withheld PURPOSE
head, says     own branch   seen    seen               seen               masked ROLE        withheld ROLE      seen               seen               seen
keeper         own branch   seen    seen               masked PURPOSE     withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE
keeper, says   own branch   seen    seen               seen               withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE
officer        subtree      seen    withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld TOTALS    withheld ROLE
officer, says  subtree      seen    withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld TOTALS    withheld ROLE
recorder       subtree      seen    withheld BASIS     withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld BASIS     withheld ROLE
recorder, says subtree      seen    withheld BASIS     withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      withheld BASIS     withheld ROLE
recorder       open filing  seen    seen               withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      seen               withheld ROLE
recorder, says open filing  seen    seen               withheld ROLE      withheld ROLE      withheld ROLE      withheld ROLE      seen               withheld ROLE
"""
"""`says`: a purpose was given. Whoever is not here (teller, partner, compliance, administrators) reaches no customer."""

_FIELDS = (15, 13, 8, 19, 19, 19, 19, 19, 19, 20)
_CODES = {
    "PURPOSE": "PURPOSE_REQUIRED",
    "NOT_ASSIGN": "NOT_ASSIGNED",
    "ROLE": "ROLE_WITHOUT_ACCESS",
    "TOTALS": "AGGREGATES_ONLY",
    "BASIS": "BASIS_REQUIRED",
}
_VISIBILITY = {"seen": "VISIBLE", "masked": "MASKED", "withheld": "WITHHELD"}

READER_OF_ROLE = {
    "cust_mgr": "manager",
    "wc_head": "head",
    "archive_keeper": "keeper",
    "pb_officer": "officer",
    "hq_policy": "officer",
    "hq_policy_appr": "officer",
    "filing_recorder": "recorder",
}
"""Roles that reach customers, and as what. An exception approver works on cases of a later issue."""
