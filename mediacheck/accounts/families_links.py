"""Links in mails: 256 bits, kept as a hash, for 14 days. None of them can allow anything.

Opening one uses it up: what it opened is one session, in one browser, for an hour.
"""

from __future__ import annotations

from datetime import timedelta

from mediacheck.accounts.families_errors import LinkVoid
from mediacheck.accounts.families_mail import queue_mail
from mediacheck.accounts.families_sessions import open_family_session
from mediacheck.accounts.tokens import new_token, token_sha256
from mediacheck.errors import Outdated
from mediacheck.model.audit import Event
from mediacheck.model.families import (
    BY_LINK,
    FamilyAccount,
    FamilyAccountId,
    FamilyKind,
    FamilyLink,
    FamilyVisitor,
    LinkPurpose,
)
from mediacheck.model.mail import MailKind
from mediacheck.ports.engines import Clock
from mediacheck.ports.services import Services, Work
from release_db.words import Rights

LINK_LIFE = timedelta(days=14)

#: Nobody's mailbox is filled: a second wish within this time sends nothing.
_BETWEEN_LINKS = timedelta(minutes=15)


def new_link(
    work: Work, services: Services, account_id: FamilyAccountId, purpose: LinkPurpose
) -> str:
    """A fresh link's secret, which is kept nowhere: it goes into the mail that is being sent."""
    token = new_token(services.ids)
    ends_at = services.clock.now() + LINK_LIFE
    link = FamilyLink(account_id=account_id, purpose=purpose, ends_at=ends_at)
    work.families.keep_link(token_sha256(token), link)
    return token


def account_of_link(work: Work, token: str, purpose: LinkPurpose, clock: Clock) -> FamilyAccount:
    """Whom an open link was mailed to.

    Raises:
        LinkVoid: it was never made, was used, has run out, or its account is closed.
    """
    link = work.families.link_or_none(token_sha256(token))
    if link is None or link.purpose is not purpose or not link.is_open(clock.now()):
        raise LinkVoid
    account = work.families.account_or_none(link.account_id)
    if account is None or not account.is_active:
        raise LinkVoid
    return account


def open_restrict_link(work: Work, services: Services, token: str, *, replaces: str | None) -> str:
    """Uses the link up for a session that may only restrict; returns the session's token.

    Raises:
        LinkVoid: the link does not work.
    """
    account = account_of_link(work, token, LinkPurpose.RESTRICT, services.clock)
    try:
        work.families.use_link(token_sha256(token), services.clock.now())
    except Outdated as error:
        raise LinkVoid from error
    return open_family_session(
        work,
        account.account_id,
        services.clock,
        services.ids,
        authenticated=BY_LINK,
        replaces=replaces,
        link_sha256=token_sha256(token),
    )


def has_opened(work: Work, token: str, visitor: FamilyVisitor | None) -> bool:
    """Whether it was this link that opened the visitor's session: it is used, but not void here."""
    if visitor is None:
        return False
    opened = work.families.session_or_none(visitor.session_key)
    return opened is not None and opened.link_sha256 == token_sha256(token)


def ask_for_link(work: Work, services: Services, email: str) -> None:
    """Mails a link to an address that the school has for a family, and tells nobody whether."""
    account = _account_to_write_to_or_none(work, services, email)
    if account is None:
        return
    latest = work.outbox.latest_or_none(account.account_id, MailKind.RESTRICT_LINK)
    if latest is not None and services.clock.now() - latest.queued_at < _BETWEEN_LINKS:
        return
    queue_mail(work, services, MailKind.RESTRICT_LINK, account.account_id)
    work.audit.write(Event.FAMILY_LINK_ASKED, actor=account.account_id, subject=account.account_id)


def is_known_guardian(work: Work, email: str) -> bool:
    """Whether the register has that address for a guardian who has not lost the right."""
    links = work.register.students_of(email)
    return any(link.rights is not Rights.REMOVED for link in links)


def _account_to_write_to_or_none(
    work: Work, services: Services, email: str
) -> FamilyAccount | None:
    account = work.families.account_by_email_or_none(email)
    if account is not None and account.kind is FamilyKind.STUDENT:
        return account if account.is_active else None
    if not is_known_guardian(work, email):
        return None
    if account is not None:
        return account if account.is_active else None
    link = work.register.students_of(email)[0]
    account = FamilyAccount(
        account_id=FamilyAccountId(services.ids.new()),
        kind=FamilyKind.GUARDIAN,
        email=link.email,
        name=link.name,
        language=link.language or "en",
    )
    work.families.save_account(account)
    return account
