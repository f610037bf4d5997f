"""Sends the mail that waits. The server is spoken to while no transaction is open."""

from __future__ import annotations

from email.message import EmailMessage
from typing import assert_never

from mediacheck.accounts.families_links import new_link
from mediacheck.accounts.families_set_up import issue_family_code
from mediacheck.errors import MailDeferred, MailRefused
from mediacheck.mail.delays import GIVEN_UP_AFTER, LEASE, delay_after
from mediacheck.mail.letters import Letter, letter_for
from mediacheck.mail.messages import message_for
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyAccount, LinkPurpose
from mediacheck.model.mail import Mail, MailId, MailKind
from mediacheck.ports.families import MailServer
from mediacheck.ports.services import Services, Work

#: Who acts when a mail goes out.
MAILER = "mail"

INVITATION_PATH = "/family/invitation/"
RESTRICT_PATH = "/family/link/"
FAMILY_PATH = "/family"
ACCOUNT_PATH = "/family/account"


def sweep_mail(services: Services) -> None:
    """Asks again for every mail whose time has come; without a server they wait."""
    if services.mail_server is None:
        return
    with services.transaction() as work:
        due = work.outbox.due(services.clock.now())
    for mail_id in due:
        services.jobs.send_mail(mail_id)


def send_mail(services: Services, mail_id: MailId) -> None:
    """Sends one mail, if it is due and there is a server. It is marked as what became of it."""
    server = services.mail_server
    if server is None:
        return
    now = services.clock.now()
    with services.transaction() as work:
        mail = work.outbox.claim_or_none(mail_id, now, now + LEASE)
        if mail is None:
            return
        account = work.families.account_or_none(mail.account_id)
        if account is None or not account.is_active:
            work.outbox.mark_bounced(mail_id, None)
            return
        letter = _letter_for(work, services, mail, account)
    _hand_over(services, server, mail, account, letter)


def _letter_for(work: Work, services: Services, mail: Mail, account: FamilyAccount) -> Letter:
    """The words, with a link or code that is made now and stands nowhere else."""
    match mail.kind:
        case MailKind.INVITATION | MailKind.OF_AGE:
            token = new_link(work, services, account.account_id, LinkPurpose.INVITATION)
            link = services.settings.base_url + INVITATION_PATH + token
            return letter_for(mail.kind, account.language, link=link)
        case MailKind.RESTRICT_LINK:
            token = new_link(work, services, account.account_id, LinkPurpose.RESTRICT)
            link = services.settings.base_url + RESTRICT_PATH + token
            return letter_for(mail.kind, account.language, link=link)
        case MailKind.RENEWAL | MailKind.PICTURE:
            link = services.settings.base_url + FAMILY_PATH
            return letter_for(mail.kind, account.language, link=link)
        case MailKind.ACCOUNT_CHANGED:
            link = services.settings.base_url + ACCOUNT_PATH
            return letter_for(mail.kind, account.language, link=link, about=mail.about)
        case MailKind.CODE:
            code = issue_family_code(work, services, account.account_id, by=MAILER)
            return letter_for(mail.kind, account.language, code=code)
        case _:
            assert_never(mail.kind)


def _hand_over(
    services: Services, server: MailServer, mail: Mail, account: FamilyAccount, letter: Letter
) -> None:
    try:
        server.send(_message(services, mail, account, letter))
    except MailRefused as refusal:
        _give_up(services, mail, refusal.code)
    except MailDeferred as refusal:
        _try_later(services, mail, refusal.code)
    else:
        with services.transaction() as work:
            work.outbox.mark_sent(mail.mail_id, services.clock.now())
            work.audit.write(
                Event.MAIL_SENT, actor=MAILER, subject=mail.account_id, mail=mail.mail_id
            )


def _message(
    services: Services, mail: Mail, account: FamilyAccount, letter: Letter
) -> EmailMessage:
    return message_for(
        mail.mail_id,
        account,
        letter,
        base_url=services.settings.base_url,
        at=services.clock.now(),
    )


def _try_later(services: Services, mail: Mail, code: int | None) -> None:
    now = services.clock.now()
    if now - mail.queued_at >= GIVEN_UP_AFTER:
        _give_up(services, mail, code)
        return
    with services.transaction() as work:
        work.outbox.mark_deferred(mail.mail_id, code, now + delay_after(mail.attempts))


def _give_up(services: Services, mail: Mail, code: int | None) -> None:
    with services.transaction() as work:
        work.outbox.mark_bounced(mail.mail_id, code)
        work.audit.write(
            Event.MAIL_BOUNCED,
            actor=MAILER,
            subject=mail.account_id,
            mail=mail.mail_id,
            code=code or 0,
        )
