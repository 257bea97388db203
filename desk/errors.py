"""What the gate answers when it does not open."""

from __future__ import annotations

from models.errors import Refusal


class Unauthenticated(Exception):
    """Nobody is signed in, or the session is over."""

    code = "UNAUTHENTICATED"
    public = True

    def __init__(self, message: str = "Sign in first. Your session may have ended.") -> None:
        super().__init__(message)
        self.message = message


class NotFound(Exception):
    """No such thing, or not for these eyes: the two are the same on purpose."""

    code = "NOT_FOUND"
    public = True

    def __init__(self) -> None:
        self.message = "There is nothing here that you may see. Check the id, or ask the owning branch."
        super().__init__(self.message)


class Forbidden(Exception):
    """Visible, but this act is not this officer's to do."""

    code = "FORBIDDEN"
    public = True

    def __init__(self, message: str = "This act is not yours to do in your current role.") -> None:
        super().__init__(message)
        self.message = message


class FilterRefused(Refusal):
    """A filter or sort on a class that the actor cannot see in any row (decisions.md 4)."""

    code = "FILTER_NOT_ALLOWED"
    article = "11"


class BadCursor(Refusal):
    """Forged, foreign, or made for another list: one answer for all three."""

    code = "BAD_CURSOR"


class Stale(Exception):
    """The actor's rights changed between two statements; the desk looks again."""
