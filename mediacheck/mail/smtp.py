"""A mail server over SMTP. Its words may hold an address, so only its codes are kept."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from mediacheck.errors import MailDeferred, MailRefused, NotReady

_PERMANENT = 500
_TIMEOUT_S = 30
_SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class SmtpServer:
    """Implements the ``MailServer`` port.

    The address is ``smtp://``, ``smtp+starttls://`` or ``smtps://``, with a user and password if
    the server wants them, which are never sent unencrypted.
    """

    def __init__(self, url: str, sender: str) -> None:
        """Takes the server's URL and the address that mails come from.

        Raises:
            NotReady: one of the two is not what it should be.
        """
        self._url = _checked_url(url)
        if "@" not in parseaddr(sender)[1]:
            raise NotReady("MEDIACHECK_MAIL_FROM is not an e-mail address.")
        self._sender = sender

    def send(self, message: EmailMessage) -> None:
        """Hands one mail over.

        Raises:
            MailDeferred: not now; try later.
            MailRefused: never.
        """
        message["From"] = self._sender
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _fault(next(iter(error.recipients.values()))[0]) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _fault(error.smtp_code) from None
        except smtplib.SMTPResponseException as error:
            # The server refuses us, not the mail: somebody has to mend that, and mails wait.
            raise MailDeferred(error.smtp_code) from None
        except (smtplib.SMTPException, OSError):
            raise MailDeferred from None

    def _connected(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port or _SCHEMES[self._url.scheme]
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=_TIMEOUT_S)
        try:
            self._make_ready(server)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _make_ready(self, server: smtplib.SMTP) -> None:
        if self._url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def _checked_url(url: str) -> SplitResult:
    parts = urlsplit(url)
    try:
        is_whole = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise NotReady("MEDIACHECK_SMTP is not an address such as smtp+starttls://HOST:587.")
    if parts.username and parts.scheme == "smtp":
        raise NotReady("MEDIACHECK_SMTP would send a password unencrypted: use smtp+starttls.")
    return parts


def _fault(code: int) -> MailDeferred:
    return MailRefused(code) if code >= _PERMANENT else MailDeferred(code)
