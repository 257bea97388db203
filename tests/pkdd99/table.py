"""Who sees what of a customer: the design's decision tables written out once more, as one plain table.

It restates what decisions.md 12-14 and domain.md 5.2 and 5.3 say. It shares nothing with authz, which it checks.
"""

from __future__ import annotations

SECTIONS = ("status", "name", "identity", "contact", "personal", "accounts", "assets", "transactions")

WHO_SEES = """
reader   | of whom      | says | status | name     | identity     | contact      | personal     | accounts     | assets       | transactions
manager  | his own      | -    | seen   | seen     | mask PURPOSE | seen         | seen         | seen         | mask PURPOSE | none PURPOSE
manager  | his own      | why  | seen   | seen     | seen         | seen         | seen         | seen         | seen         | seen
manager  | a colleague's| -    | seen   | seen     | mask OWN     | mask OWN     | none OWN     | mask OWN     | mask OWN     | none OWN
manager  | a colleague's| why  | seen   | seen     | mask OWN     | mask OWN     | none OWN     | mask OWN     | mask OWN     | none OWN
head     | his branch's | -    | seen   | seen     | mask PURPOSE | mask ROLE    | none ROLE    | seen         | seen         | none PURPOSE
head     | his branch's | why  | seen   | seen     | seen         | mask ROLE    | none ROLE    | seen         | seen         | seen
keeper   | his branch's | -    | seen   | seen     | mask PURPOSE | none ROLE    | none ROLE    | none ROLE    | none ROLE    | none ROLE
keeper   | his branch's | why  | seen   | seen     | seen         | none ROLE    | none ROLE    | none ROLE    | none ROLE    | none ROLE
officer  | his subtree's| -    | seen   | none ROLE| none ROLE    | none ROLE    | none ROLE    | none ROLE    | none TOTALS  | none ROLE
officer  | his subtree's| why  | seen   | none ROLE| none ROLE    | none ROLE    | none ROLE    | none ROLE    | none TOTALS  | none ROLE
recorder | his subtree's| -    | seen   | none CASE| none ROLE    | none ROLE    | none ROLE    | none ROLE    | none CASE    | none ROLE
recorder | his subtree's| why  | seen   | none CASE| none ROLE    | none ROLE    | none ROLE    | none ROLE    | none CASE    | none ROLE
recorder | a filing's   | -    | seen   | seen     | none ROLE    | none ROLE    | none ROLE    | none ROLE    | seen         | none ROLE
recorder | a filing's   | why  | seen   | seen     | none ROLE    | none ROLE    | none ROLE    | none ROLE    | seen         | none ROLE
"""
"""`says why`: a purpose was given. Who has no line (teller, partner, compliance, administrators) reaches no customer."""

_CODES = {
    "PURPOSE": "PURPOSE_REQUIRED",
    "OWN": "NOT_ASSIGNED",
    "CASE": "BASIS_REQUIRED",
    "TOTALS": "AGGREGATES_ONLY",
    "ROLE": "ROLE_WITHOUT_ACCESS",
}
_VISIBILITY = {"seen": "VISIBLE", "mask": "MASKED", "none": "WITHHELD"}

READERS = {
    "cust_mgr": "manager",
    "wc_head": "head",
    "archive_keeper": "keeper",
    "pb_officer": "officer",
    "hq_policy": "officer",
    "hq_policy_appr": "officer",
    "filing_recorder": "recorder",
    "exc_approver": "recorder",
}
"""The roles that reach customers, and as which reader. An exception approver works on cases, like a recorder."""

Standing = tuple[str, str | None]
"""Visibility and reason code."""


def _read(table: str) -> dict[tuple[str, str, bool, str], Standing]:
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    found: dict[tuple[str, str, bool, str], Standing] = {}
    for reader, of_whom, says, *cells in lines:
        for section, cell in zip(head[3:], cells, strict=True):
            word, _, code = cell.partition(" ")
            found[reader, of_whom, says == "why", section] = (
                _VISIBILITY[word],
                _CODES[code] if code else None,
            )
    return found


TABLE = _read(WHO_SEES)
