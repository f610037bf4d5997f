"""Marks mails as bounced that came back after a server had taken them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from mediacheck.flow.send_mail import MAILER
from mediacheck.mail.bounces import Bounce, bounce_or_none
from mediacheck.model.audit import Event
from mediacheck.model.mail import MailId, MailState
from mediacheck.ports.services import Services, Work


class Noted(StrEnum):
    """What became of one notice."""

    MARKED = "marked"
    KNOWN = "known"
    NOT_OURS = "not-ours"
    NO_BOUNCE = "no-bounce"


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceReport:
    """How many notices there were of each sort."""

    marked: int = 0
    known: int = 0
    not_ours: int = 0
    no_bounce: int = 0


def note_bounces(services: Services, notices: Iterable[bytes]) -> BounceReport:
    """Reads notices and marks what they are about. The same notice again changes nothing."""
    found = [note_bounce(services, notice) for notice in notices]
    return BounceReport(
        marked=found.count(Noted.MARKED),
        known=found.count(Noted.KNOWN),
        not_ours=found.count(Noted.NOT_OURS),
        no_bounce=found.count(Noted.NO_BOUNCE),
    )


def note_bounce(services: Services, notice: bytes) -> Noted:
    """Reads one notice, and marks the mail that it is about."""
    host = urlsplit(services.settings.base_url).hostname or "localhost"
    bounce = bounce_or_none(notice, host)
    if bounce is None:
        return Noted.NO_BOUNCE
    with services.transaction() as work:
        return _mark(work, bounce)


def _mark(work: Work, bounce: Bounce) -> Noted:
    mails = [work.outbox.mail_or_none(MailId(name)) for name in bounce.named]
    mail = next((one for one in mails if one is not None), None)
    if mail is None:
        return Noted.NOT_OURS
    if mail.state is not MailState.SENT:
        return Noted.KNOWN
    work.outbox.mark_bounced(mail.mail_id, bounce.code)
    work.audit.write(
        Event.MAIL_BOUNCED,
        actor=MAILER,
        subject=mail.account_id,
        mail=mail.mail_id,
        code=bounce.code or 0,
    )
    return Noted.MARKED
