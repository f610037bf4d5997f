"""Mails to families: what waits, what went, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from mediacheck.model.families import FamilyAccountId

MailId = NewType("MailId", str)


class MailKind(StrEnum):
    """What a mail is about. Its words are made when it is sent."""

    INVITATION = "invitation"
    PICTURE = "picture"
    CODE = "code"
    RESTRICT_LINK = "restrict-link"
    ACCOUNT_CHANGED = "account-changed"
    RENEWAL = "renewal"
    OF_AGE = "of-age"


class MailState(StrEnum):
    """Where a mail is."""

    QUEUED = "queued"
    SENT = "sent"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail of the outbox. It holds ids only.

    ``about`` names what it tells of, if anything. ``last_code`` is the server's last refusal, or
    None where none was given; ``due_at`` is when it is tried next.
    """

    mail_id: MailId
    kind: MailKind
    account_id: FamilyAccountId
    about: str = ""
    state: MailState = MailState.QUEUED
    attempts: int = 0
    queued_at: datetime
    due_at: datetime
    last_code: int | None = None
    sent_at: datetime | None = None
