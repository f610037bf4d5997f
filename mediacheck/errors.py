"""The errors of mediacheck. ``MediacheckError`` and ``IntakeError`` are never raised themselves."""

from __future__ import annotations


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
