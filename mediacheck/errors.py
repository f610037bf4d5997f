"""The errors of mediacheck. ``MediacheckError`` and ``IntakeError`` are never raised themselves."""

from __future__ import annotations

from enum import StrEnum


class MediacheckError(Exception):
    """Root of every error of ours. ``message`` tells a person what to do next."""

    message = "Something went wrong. Nothing was published."

    def __init__(self, message: str | None = None) -> None:
        """Keeps ``message``, or the class's own words."""
        super().__init__(message or self.message)
        if message is not None:
            self.message = message


class IntakeError(MediacheckError):
    """A file that is not taken. ``code`` is stable; ``message`` says what to do instead."""

    code = "refused"


class NotCleared(MediacheckError):
    """There is no clearance, or it does not hold any more."""

    message = "This post is not cleared, so there is nothing to download yet."


class NotAllowed(MediacheckError):
    """The person may not do this to this post."""

    message = "You cannot do this."


class NotFound(MediacheckError):
    """There is no such thing, or it is not this person's."""

    message = "There is no such page."


class Outdated(MediacheckError):
    """Somebody changed the post in the meantime."""

    message = "This post was changed in another window. Reload the page to see it as it is now."


class BadRequest(MediacheckError):
    """What was sent makes no sense."""

    message = "That did not work. Reload the page and try again."


class EngineFault(MediacheckError):
    """A detector, reader or matcher failed: the post waits for a person."""

    message = "A check could not be finished."


class NotReady(MediacheckError):
    """The tool refuses to start: something it needs to be safe is missing."""


class MailDeferred(MediacheckError):
    """The mail server does not take a mail now. ``code`` is its answer, if it gave one."""

    message = "The mail could not be sent yet. It is tried again."

    def __init__(self, code: int | None = None) -> None:
        """Keeps the server's code; its words may hold an address, so they are dropped."""
        self.code = code
        super().__init__()


class MailRefused(MailDeferred):
    """The mail server will never take this mail."""

    message = "The mail came back: the address does not take it."


class Retry(StrEnum):
    """What may follow a platform's refusal."""

    LATER = "later"
    """Surely nothing was published; the same may be tried again."""
    LOOK = "look"
    """It may have been published: nobody tries again before somebody has looked."""
    NEVER = "never"
    """Surely nothing was published, and a person has to do something about it."""


class ConnectorError(MediacheckError):
    """A platform did not do what a connector asked of it.

    ``message`` is for a person and holds nothing of the post; ``code`` is a short word for the
    records. ``after_s``: the platform asked to be left alone so many seconds.
    ``is_account_trouble``: the connection itself is of no use any more.
    """

    message = "The platform did not answer as it should."

    def __init__(
        self,
        message: str,
        *,
        retry: Retry,
        code: str,
        after_s: float = 0,
        is_account_trouble: bool = False,
    ) -> None:
        """Keeps what happened; never the platform's own words, which may hold the post's."""
        super().__init__(message)
        self.retry = retry
        self.code = code
        self.after_s = after_s
        self.is_account_trouble = is_account_trouble
