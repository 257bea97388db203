"""Membership: the customer's wish, his registration, and the standing that it leads to (Art. 3, 9, 16)."""

from desk.membership.holding import close, hold, must_be_past, take
from desk.membership.registering import register
from desk.membership.renewals import begin_review, expire_membership
from desk.membership.standing import (
    cancel_membership,
    record_death,
    resume_membership,
    suspend_membership,
)
from desk.membership.wishes import give_consent, withdraw_consent, withdraw_membership

__all__ = [
    "begin_review",
    "cancel_membership",
    "close",
    "expire_membership",
    "give_consent",
    "hold",
    "must_be_past",
    "record_death",
    "register",
    "resume_membership",
    "suspend_membership",
    "take",
    "withdraw_consent",
    "withdraw_membership",
]
