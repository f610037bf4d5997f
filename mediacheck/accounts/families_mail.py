"""Asks for a mail to a family: a row of ids, and a job that sends it once the row is there."""

from __future__ import annotations

from mediacheck.model.families import FamilyAccountId
from mediacheck.model.mail import Mail, MailId, MailKind
from mediacheck.ports.services import Services, Work


def queue_mail(
    work: Work,
    services: Services,
    kind: MailKind,
    account_id: FamilyAccountId,
    *,
    about: str = "",
) -> MailId:
    """Keeps a mail to be sent, and asks a worker for it after the commit."""
    now = services.clock.now()
    mail_id = MailId(services.ids.new())
    mail = Mail(
        mail_id=mail_id,
        kind=kind,
        account_id=account_id,
        about=about,
        queued_at=now,
        due_at=now,
    )
    work.outbox.queue(mail)
    work.after_commit(lambda: services.jobs.send_mail(mail_id))
    return mail_id
