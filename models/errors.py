"""Refusals: each broken rule is its own class with a code, an article and a sentence for a person."""

from __future__ import annotations


class Refusal(Exception):
    """A rule stands in the way. Expected, answered as data, never an alert; nothing was changed."""

    code = "REFUSED"
    article = ""
    public = True

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class AlreadyEnded(Refusal):
    code = "ALREADY_ENDED"


class WrongState(Refusal):
    """The thing is not in the state that this act needs."""

    code = "WRONG_STATE"


class BadInput(Refusal):
    """A value that the caller gave is not usable."""

    code = "BAD_USER_INPUT"


class StaleVersion(Refusal):
    """What was seen has changed since."""

    code = "STALE_VERSION"
