"""Why a provider's answer lets nobody in."""

from __future__ import annotations

from enum import StrEnum

from mediacheck.errors import MediacheckError


class Why(StrEnum):
    """The reason, for the audit: never whose answer it was."""

    NOT_PROVED = "not-proved"
    ANOTHER_DISTRICT = "another-district"
    GUEST = "guest"
    NO_ADDRESS = "no-address"


_WORDS = {
    Why.NOT_PROVED: "The answer of the sign-in could not be checked, so nobody is let in. Start "
    "again.",
    Why.ANOTHER_DISTRICT: "That account is not one of your district. Start again, and choose your "
    "work account.",
    Why.GUEST: "That account is a guest in your district. Start again, and choose your work "
    "account.",
    Why.NO_ADDRESS: "That account has no confirmed e-mail address. Ask whoever looks after your "
    "district's accounts.",
}


class IdentityRefused(MediacheckError):
    """An answer that proves nothing, or proves somebody whom nobody here may be."""

    def __init__(self, why: Why, detail: str = "") -> None:
        """Keeps the reason. ``detail`` names the check that failed, for tests and the audit."""
        self.why = why
        self.detail = detail
        super().__init__(_WORDS[why])
