"""The words of the mails, in the family's language. No subject holds a name."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import assert_never

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from mediacheck.model.families import AccountChange
from mediacheck.model.mail import MailKind

_CATALOGUES = Path(__file__).resolve().parent.parent / "translations"

Gettext = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail's subject and its text."""

    subject: str
    text: str


def letter_for(
    kind: MailKind, language: str, *, link: str = "", code: str = "", about: str = ""
) -> Letter:
    """The mail of that kind, in that language (English where we have no other).

    ``about``: which ``AccountChange`` it tells of, if it tells of one.
    """
    _ = words_in(language)
    match kind:
        case MailKind.INVITATION:
            return _invitation(_, link)
        case MailKind.CODE:
            return _code(_, code)
        case MailKind.RESTRICT_LINK:
            return _restrict_link(_, link)
        case MailKind.ACCOUNT_CHANGED:
            return _account_changed(_, link, about)
        case MailKind.RENEWAL:
            return _renewal(_, link)
        case MailKind.PICTURE:
            return _picture(_, link)
        case MailKind.OF_AGE:
            return _of_age(_, link)
        case _:
            assert_never(kind)


@cache
def words_in(language: str) -> Gettext:
    """The catalogue of a language, given as a BCP 47 tag."""
    tag = language.split("-", maxsplit=1)[0]
    path = _CATALOGUES / tag / "LC_MESSAGES" / "messages.po"
    if not (tag.isalpha() and path.is_file()):
        return NullTranslations().gettext
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return Translations(compiled).gettext


def _invitation(_: Gettext, link: str) -> Letter:
    return Letter(
        subject=_("Set up your sign-in for photo permissions"),
        text=_letter(
            _("The school asks you to say where pictures and names of your child may appear."),
            _("Set up your own sign-in here. The link works for 14 days:"),
            link,
            _("You also need a one-time code, which the school gives you apart from this mail."),
            _("If you did not expect this mail, you need not do anything: nothing is allowed."),
        ),
    )


def _code(_: Gettext, code: str) -> Letter:
    return Letter(
        subject=_("Your one-time code"),
        text=_letter(
            _("This code goes with the invitation that you opened. It works once, for 14 days:"),
            code,
            _("Nobody from the school will ever ask you for it."),
            _("If you did not ask for it, tell the office of the school."),
        ),
    )


def _restrict_link(_: Gettext, link: str) -> Letter:
    return Letter(
        subject=_("Your link to stop or limit what is published"),
        text=_letter(
            _("With this link you can stop or limit what the school publishes of your child."),
            _("It needs no password, works for 14 days and can allow nothing:"),
            link,
            _("It opens in one browser only, and stays open there for an hour."),
            _("If you did not ask for it, you need not do anything: nothing has changed."),
        ),
    )


def _renewal(_: Gettext, link: str) -> Letter:
    return Letter(
        subject=_("Photo permissions for the new school year"),
        text=_letter(
            _("The school year has ended, and what you had allowed ended with it."),
            _("Sign in to say what may be published in the new school year:"),
            link,
            _("If you do not answer, nothing new is allowed. What you refused stays refused."),
        ),
    )


def _of_age(_: Gettext, link: str) -> Letter:
    return Letter(
        subject=_("You decide for yourself from now on"),
        text=_letter(
            _("You are 18. From now on you alone say where your picture and name may appear."),
            _("What your guardians had allowed has ended. Until you answer, nothing is allowed."),
            _("Set up your own sign-in here. The link works for 14 days:"),
            link,
            _("You also need a one-time code, which the school gives you apart from this mail."),
        ),
    )


def _account_changed(_: Gettext, link: str, about: str) -> Letter:
    changes = {
        AccountChange.PASSKEY_ADDED: _("A passkey was added to your account."),
        AccountChange.PASSKEY_REMOVED: _("A passkey was removed from your account."),
        AccountChange.PASSWORD_SET: _("A new password and a new app were set for your account."),
        AccountChange.PASSWORD_REMOVED: _("The password was removed from your account."),
        AccountChange.SIGNED_OUT: _("Your account was signed out on every device."),
        AccountChange.SET_UP_ANEW: _("Your sign-in was set up anew, by an invitation and a code."),
    }
    return Letter(
        subject=_("Your sign-in was changed"),
        text=_letter(
            *(words for change, words in changes.items() if change == about),
            _("If that was you, you need not do anything. This is how you sign in now:"),
            link,
            _("If it was not you, call the office of the school. It can close the account."),
        ),
    )


def _picture(_: Gettext, link: str) -> Letter:
    return Letter(
        subject=_("The school asks you about one picture"),
        text=_letter(
            _("You want to be asked each time before your child is shown or named."),
            _("Now there is a picture to look at. Sign in here to answer:"),
            link,
            _("Until you say yes, it is not published. You need not do anything for a no."),
        ),
    )


def _letter(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"
