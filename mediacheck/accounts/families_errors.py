"""Why somebody of a family is not let in. One answer for every cause of the same kind."""

from __future__ import annotations

from mediacheck.errors import MediacheckError


class LinkVoid(MediacheckError):
    """A mailed link that was never made, was used, or has run out."""

    message = "This link does not work any more. Ask for a new one."


class CodeRefused(MediacheckError):
    """A one-time code that does not go with this invitation, or has run out."""

    message = "This code does not work. Check it, or ask the school's office for a new one."


class AuthenticatorRefused(MediacheckError):
    """A code of an authenticator app that is wrong, or was used already."""

    message = "This is not the code that the app shows now. Wait for the next one and try again."


class FamilySignInRefused(MediacheckError):
    """Wrong password, wrong code, or no such account: one answer for all."""

    message = "These do not go together. Check the address, the password and the code."


class PasskeyRefused(MediacheckError):
    """A passkey that is unknown, or an answer that does not verify."""

    message = "This passkey could not be used. Try again, or sign in with your password."
