"""Sends the mails to the staff that wait. The server is spoken to while no transaction is open."""

from __future__ import annotations

from mediacheck.errors import MailDeferred, MailRefused
from mediacheck.mail.delays import GIVEN_UP_AFTER, LEASE, delay_after
from mediacheck.mail.messages import message_to
from mediacheck.mail.staff_letters import staff_letter_for
from mediacheck.model.people import StaffId
from mediacheck.model.takedown_tasks import StaffMail, StaffMailKind
from mediacheck.ports.families import MailServer
from mediacheck.ports.services import Services, Work

#: Open to the communications office and to administrators alike.
TASKS_PATH = "/takedowns/tasks"
PUBLISHING_PATH = "/publishing"


def queue_staff_mail(
    services: Services, work: Work, kind: StaffMailKind, to: StaffId, about: str
) -> None:
    """Keeps a mail to somebody of the staff, to be sent by the next sweep."""
    now = services.clock.now()
    mail = StaffMail(
        mail_id=services.ids.new(), kind=kind, to=to, about=about, queued_at=now, due_at=now
    )
    work.staff_outbox.queue(mail)


def send_staff_mail(services: Services) -> None:
    """Sends what is due; without a server it waits."""
    server = services.mail_server
    if server is None:
        return
    now = services.clock.now()
    with services.transaction() as work:
        due = [
            (mail, work.accounts.staff_or_none(mail.to))
            for mail in work.staff_outbox.claim_due(now, now + LEASE)
        ]
    for mail, member in due:
        if member is None or not member.is_active:
            _end(services, mail)
        else:
            _send(services, server, mail, member.email)


def _send(services: Services, server: MailServer, mail: StaffMail, address: str) -> None:
    base_url, now = services.settings.base_url, services.clock.now()
    is_of_post = mail.kind is StaffMailKind.POST_NOT_OUT
    path = PUBLISHING_PATH if is_of_post else TASKS_PATH
    letter = staff_letter_for(mail.kind, link=base_url + path)
    try:
        server.send(message_to(mail.mail_id, address, letter, base_url=base_url, at=now))
    except MailRefused:
        _end(services, mail)
    except MailDeferred:
        if now - mail.queued_at >= GIVEN_UP_AFTER:
            _end(services, mail)
            return
        with services.transaction() as work:
            work.staff_outbox.put_off(mail.mail_id, now + delay_after(mail.attempts))
    else:
        _end(services, mail)


def _end(services: Services, mail: StaffMail) -> None:
    with services.transaction() as work:
        work.staff_outbox.end(mail.mail_id)
