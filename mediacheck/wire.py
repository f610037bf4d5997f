"""How the tool speaks to servers outside: no redirect, no private address, no endless answer.

Every failure becomes a ``ConnectorError`` that says what may follow it. The platform's own words
are dropped: they may repeat the post's.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from mediacheck.errors import ConnectorError, Retry

#: No picture that we send and no answer that we need is near that.
MOST_ANSWER_BYTES = 4 * 1024 * 1024
#: To connect, and between two pieces of an answer.
_TIMEOUTS_S = (10.0, 30.0)
#: For a whole question and answer, however slowly its pieces come.
DEADLINE_S = 90.0
_LONGEST_PAUSE_S = 3_600.0
_CHUNK = 64 * 1024
_HTTPS_PORT = 443

#: The code of an answer that asks to wait: whoever asked too often waits with all that is left.
BUSY = "busy"

_Session = TypeVar("_Session", bound=requests.Session)
# What JSON holds has no narrower type.
Json = dict[str, Any]

_ELSEWHERE = "The server sent us to another address. Check the address of this account."
_LOST = "The server's answer was lost on the way."
_ODD = "The server answered in a way that mediacheck does not understand."
_AWAY = "The server cannot be reached. It is tried again."
_FORGED = "The server could not prove that it is the one it says. Ask its operator about it."
_BUSY = "The server asks to wait. It is tried again."
_SHUT_OUT = "The account does not let mediacheck in any more. Connect it again."
_REFUSED = "The server refused it."
_FAULTY = "The server had a fault of its own."
_PRIVATE = "That address is not one of a public server. Write one such as mastodon.example."


class _Redirected(requests.RequestException):
    """An answer that sends us elsewhere: we never go."""


class _TooLong(requests.RequestException):
    """An answer without an end."""


class _PrivateAddress(requests.RequestException):
    """An address inside of somebody's network, or one that is not encrypted."""


class _StrictAdapter(HTTPAdapter):
    """Asks public servers only, over TLS, follows nothing, and reads so much and no more."""

    def __init__(self, *, allows_loopback: bool) -> None:
        super().__init__(max_retries=0)
        self._allows_loopback = allows_loopback

    def send(  # noqa: PLR0917 - the signature is the library's.
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: object = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Sends one request; the answer is read whole before it is given back."""
        del stream, timeout, verify, cert, proxies
        _require_public(request.url or "", allows_loopback=self._allows_loopback)
        response = super().send(request, stream=True, timeout=_TIMEOUTS_S, verify=True)
        if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
            response.close()
            raise _Redirected
        read = bytearray()
        for chunk in response.iter_content(_CHUNK):
            read += chunk
            if len(read) > MOST_ANSWER_BYTES:
                response.close()
                raise _TooLong
        # The library reads an answer into this field by itself, without a bound.
        response._content = bytes(read)
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered: its status, its bytes, and the headers about waiting."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def is_gone(self) -> bool:
        """Whether there is nothing at that address, and nothing else instead."""
        return self.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def strict(session: _Session, *, allows_loopback: bool) -> _Session:
    """The session, made strict. ``allows_loopback``: a server of the tests or of a demo."""
    adapter = _StrictAdapter(allows_loopback=allows_loopback)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    # Neither a proxy nor a password from the environment: it would see, or send, what we did not.
    session.trust_env = False
    if allows_loopback:
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    return session


def ask(session: requests.Session, method: str, url: str, **what: object) -> Answer:
    """Asks once, and waits no longer than the deadline.

    Raises:
        ConnectorError: there was no answer that can be used.
    """
    # The library's arguments have no common type.
    arguments: Any = {**what, "allow_redirects": False}
    response = within_deadline(lambda: session.request(method, url, **arguments))
    return Answer(
        status=response.status_code, body=response.content, headers=dict(response.headers)
    )


_Result = TypeVar("_Result")


def within_deadline(act: Callable[[], _Result], deadline_s: float | None = None) -> _Result:
    """What ``act`` gives, or a fault that says what may follow.

    It runs in a thread of its own: a server that sends a byte a minute cannot hold us for ever.

    Raises:
        ConnectorError: it failed, or took too long.
    """
    given: list[_Result] = []
    failed: list[requests.RequestException] = []

    def run() -> None:
        try:
            given.append(act())
        except requests.RequestException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(DEADLINE_S if deadline_s is None else deadline_s)
    if failed:
        raise _fault_of(failed[0]) from None
    if not given:
        raise ConnectorError(_LOST, retry=Retry.LOOK, code="too-slow")
    return given[0]


def require_done(answer: Answer) -> Answer:
    """The answer, when the server did what it was asked.

    Raises:
        ConnectorError: it did not, or may not have.
    """
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ConnectorError(_BUSY, retry=Retry.LATER, code=BUSY, after_s=_pause_of(answer))
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise ConnectorError(
            _SHUT_OUT, retry=Retry.NEVER, code=f"http-{status}", is_account_trouble=True
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        raise ConnectorError(_FAULTY, retry=Retry.LOOK, code=f"http-{status}")
    raise ConnectorError(_REFUSED, retry=Retry.NEVER, code=f"http-{status}")


def odd_answer(code: str = "odd-answer") -> ConnectorError:
    """The fault for an answer that says nothing of whether the thing was done."""
    return ConnectorError(_ODD, retry=Retry.LOOK, code=code)


@contextmanager
def once_it_is_out() -> Iterator[None]:
    """Whatever fails in here fails after the post came out: it is looked for, and not sent again.

    Raises:
        ConnectorError: what failed, as a fault after which a look follows.
    """
    try:
        yield
    except ConnectorError as error:
        raise ConnectorError(
            error.message,
            retry=Retry.LOOK,
            code=error.code,
            after_s=error.after_s,
            is_account_trouble=error.is_account_trouble,
        ) from None


def server_address(typed: str, *, allows_loopback: bool) -> str:
    """The server that somebody means: ``https://`` and its name, and nothing else.

    Raises:
        ConnectorError: it is no address of a public server.
    """
    text = typed.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    fault = ConnectorError(_PRIVATE, retry=Retry.NEVER, code="unfit-address")
    try:
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise fault from None
    is_bare = parts.path in {"", "/"} and not (parts.query or parts.fragment)
    if not is_bare or "@" in parts.netloc or ":" in host:
        raise fault
    address = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    try:
        _require_public(address, allows_loopback=allows_loopback)
    except _PrivateAddress:
        raise fault from None
    except requests.ConnectionError:
        raise ConnectorError(
            "There is no server of that name. Check how it is spelt.",
            retry=Retry.NEVER,
            code="no-such-server",
        ) from None
    return address


def _require_public(url: str, *, allows_loopback: bool) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    try:
        found = socket.getaddrinfo(host, port or _HTTPS_PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise requests.ConnectionError(NameResolutionError(host, None, None)) from None  # type: ignore[arg-type]  # It is only named, never shown.
    addresses = [ipaddress.ip_address(str(one[4][0]).split("%")[0]) for one in found]
    if allows_loopback and all(one.is_loopback for one in addresses):
        return
    is_public = all(one.is_global and not one.is_multicast for one in addresses)
    if parts.scheme != "https" or not is_public or port not in {None, _HTTPS_PORT}:
        raise _PrivateAddress


def _fault_of(error: requests.RequestException) -> ConnectorError:
    match error:
        case _Redirected():
            return ConnectorError(_ELSEWHERE, retry=Retry.LOOK, code="redirected")
        case _PrivateAddress():
            return ConnectorError(_PRIVATE, retry=Retry.NEVER, code="unfit-address")
        case _TooLong():
            return odd_answer("too-long")
        case requests.exceptions.SSLError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return ConnectorError(_FORGED, retry=Retry.NEVER, code="forged")
        case _ if _was_never_sent(error):
            return ConnectorError(_AWAY, retry=Retry.LATER, code="unreachable")
        case _:
            return ConnectorError(_LOST, retry=Retry.LOOK, code="lost-answer")


def _was_never_sent(error: requests.RequestException) -> bool:
    """Whether there was no connection, so that the server cannot have heard of it."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError)


def _pause_of(answer: Answer) -> float:
    """How long the server asks to be left alone, in seconds; not longer than an hour."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    for value in (headers.get("retry-after"), headers.get("x-ratelimit-reset")):
        seconds = _seconds_or_none(value or "")
        if seconds is not None:
            return min(max(seconds, 1.0), _LONGEST_PAUSE_S)
    return 60.0


def _seconds_or_none(value: str) -> float | None:
    if value.isdigit():
        return float(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment.astimezone(UTC).timestamp() - time.time()) if moment.tzinfo else None
