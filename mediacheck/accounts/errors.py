"""Why somebody is not let in. The words help the rightful owner and tell a guesser nothing."""

from __future__ import annotations

from datetime import timedelta

from mediacheck.errors import MediacheckError


class PasswordRefused(MediacheckError):
    """A new password that is too short, too long or too easy to guess."""

    message = "Choose another password."


class SignInRefused(MediacheckError):
    """Wrong password, unknown account, or one that is closed: one answer for all."""

    message = "This e-mail address and password do not go together. Check both and try again."


class SetUpCodeVoid(MediacheckError):
    """A set-up code that was never issued, was used, or has run out."""

    message = (
        "This code does not work: it may be mistyped, used already, or more than three days old. "
        "Ask your administrator for a new one."
    )


class Throttled(MediacheckError):
    """Too many failed attempts: the next one has to wait. Never for good."""

    def __init__(self, wait: timedelta) -> None:
        """Keeps how long to wait, rounded up to whole seconds."""
        self.wait_s = max(1, -(-wait // timedelta(seconds=1)))
        super().__init__(f"Too many attempts. Wait {_in_words(self.wait_s)}, then try again.")


def _in_words(seconds: int) -> str:
    """``40 seconds`` or ``3 minutes``, rounded up."""
    minutes = -(-seconds // 60)
    if minutes == 1:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    return f"{minutes} minutes"
