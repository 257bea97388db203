"""Turns: the reader in the SQL of an inbox, and who is another person than he (desk/inbox.py)."""

from __future__ import annotations

from enum import StrEnum

from authz import Action

ME = ":me:"
"""Stands for the id of the reader's post."""
MY_PERSON = f"(SELECT me.person_id FROM staff me WHERE me.id = {ME})"


class Step(StrEnum):
    """A turn that has no act of its own in the policy: it comes after another, and is the same permission."""

    HAND_OUT = "HAND_OUT"
    """领卡: a card that was signed out is handed to its holder."""


PERMITTED_BY = {Step.HAND_OUT: Action.ISSUE}


def by_another(*persons: str) -> str:
    """SQL: the reader is none of these persons. Two persons means two human beings."""
    return " AND ".join(f"COALESCE({MY_PERSON} <> {person}, 1 = 1)" for person in persons)


def person_of(staff: str) -> str:
    return f"(SELECT o.person_id FROM staff o WHERE o.id = {staff})"
