"""A letter as a mail: plain text, marked as sent by a machine."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from mediacheck.errors import MailRefused
from mediacheck.mail.letters import Letter
from mediacheck.model.families import FamilyAccount
from mediacheck.model.mail import MailId


def message_for(
    mail_id: MailId, account: FamilyAccount, letter: Letter, *, base_url: str, at: datetime
) -> EmailMessage:
    """The mail, but for its sender. The id stays the same when it is tried again.

    Raises:
        MailRefused: the account's address is none.
    """
    return message_to(
        mail_id, account.email, letter, base_url=base_url, at=at, language=account.language
    )


def message_to(
    mail_id: str,
    address: str,
    letter: Letter,
    *,
    base_url: str,
    at: datetime,
    language: str = "en",
) -> EmailMessage:
    """The same to any address.

    Raises:
        MailRefused: it is none.
    """
    message = EmailMessage()
    try:
        message["To"] = Address(addr_spec=address)
    except (MessageError, ValueError, IndexError) as error:
        raise MailRefused from error
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail_id}@{urlsplit(base_url).hostname or 'localhost'}>"
    # RFC 3834: no holiday note answers, and no list takes it up.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = language
    message.set_content(letter.text)
    return message
