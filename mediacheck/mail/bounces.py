"""Reads a notice that a mail did not arrive (RFC 3464), and which of our mails it is about.

What is read came from outside: it is taken for what it says, and nothing in it is ever shown.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

_REPORT = "multipart/report"
_STATUS = "message/delivery-status"
_FAILED = "failed"
_SMTP_CODE = re.compile(r"^\s*smtp\s*;\s*(?:\d{3}[- ])?.*?\b([45]\d\d)\b", re.I | re.S)
_MESSAGE_ID = re.compile(r"<([^<>@\s]{1,200})@([^<>@\s]{1,253})>")

#: Where mail programs name the mail that they tell of, beside its own returned headers.
_NAMED_BY = ("Original-Message-ID", "X-Original-Message-ID", "In-Reply-To", "References")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A mail came back for good. ``named``: the ids that it may have had, the likeliest first.

    ``code`` is the last server's answer, where the notice tells it.
    """

    named: tuple[str, ...]
    code: int | None = None


def bounce_or_none(data: bytes, host: str) -> Bounce | None:
    """What the notice says of a mail from ``host``; None: it is no such notice, or only a delay.

    A mail program's holiday note, a receipt and a warning that it will try on are none.
    """
    message = email.message_from_bytes(data)
    failed = [block for block in _recipients_of(message) if _is_failed(block)]
    if not failed:
        return None
    named = tuple(dict.fromkeys(_names_in(message, failed, host.casefold())))
    codes = [code for block in failed if (code := _code_of(block)) is not None]
    return Bounce(named=named, code=codes[0] if codes else None)


def _recipients_of(message: Message) -> Iterator[Message]:
    """The blocks that a delivery status has for each recipient."""
    if message.get_content_type() != _REPORT:
        return
    for part in message.walk():
        if part.get_content_type() == _STATUS and part.is_multipart():
            yield from (block for block in _parts_of(part) if "Action" in block)


def _parts_of(message: Message) -> list[Message]:
    payload = message.get_payload()
    if not isinstance(payload, list):
        return []
    return [part for part in payload if isinstance(part, Message)]


def _is_failed(block: Message) -> bool:
    words = _text_of(block, "Action").split()
    return bool(words) and words[0].casefold() == _FAILED


def _code_of(block: Message) -> int | None:
    found = _SMTP_CODE.match(_text_of(block, "Diagnostic-Code"))
    return int(found[1]) if found else None


def _names_in(message: Message, failed: list[Message], host: str) -> Iterator[str]:
    """The ids under which our mail may be known, from the surest source on."""
    for returned in _returned(message):
        yield from _ids_in(_text_of(returned, "Message-ID"), host)
    for block in (*failed, *message.walk()):
        for header in _NAMED_BY:
            yield from _ids_in(_text_of(block, header), host)


def _returned(message: Message) -> Iterator[Message]:
    """The headers of the mail that came back, as it is enclosed."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            yield from _parts_of(part)
        elif kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield email.message_from_bytes(payload)


def _ids_in(text: str, host: str) -> Iterator[str]:
    for local, domain in _MESSAGE_ID.findall(text):
        if domain.casefold() == host:
            yield local


def _text_of(block: Message, header: str) -> str:
    return str(block.get(header, ""))
