"""Who a handle is: its DID, and where that DID's data lie. Both have to name each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import dns.exception
import dns.resolver
import requests

from mediacheck.errors import ConnectorError, Retry
from mediacheck.publish.connectors.answers import object_in, text_or_empty
from mediacheck.wire import Json, ask, require_done, server_address

_HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_PLC = re.compile(r"did:plc:[a-z2-7]{24}")
_WEB = "did:web:"
_DNS_S = 5.0
_NOT_ROUTED = (".local", ".localhost", ".internal", ".arpa", ".invalid", ".onion", ".test")

_NO_HANDLE = "Write the account's handle, such as lincoln.bsky.social."
_UNKNOWN = "There is no account with that handle. Check how it is spelt."
_AT_ODDS = (
    "The handle and the account do not name each other, so nobody can tell whose it is. "
    "Check the handle in the account's own settings."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An account: the DID that it keeps for ever, its handle, and the server of its data."""

    did: str
    handle: str
    pds: str


def text_records(name: str) -> tuple[str, ...]:
    """What the domain name system holds as text under that name."""
    try:
        found = dns.resolver.resolve(name, "TXT", lifetime=_DNS_S)
    except dns.exception.DNSException:
        return ()
    return tuple(b"".join(one.strings).decode(errors="replace") for one in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Asks who a handle is. ``handle_server``: a server that is asked instead of the handle's own.

    ``directory`` keeps the documents of ``did:plc``.
    """

    directory: str
    public: requests.Session = field(repr=False)
    allows_loopback: bool
    handle_server: str = ""
    texts: Callable[[str], tuple[str, ...]] = text_records

    def identity_of(self, typed: str) -> Identity:
        """The account of a handle.

        Raises:
            ConnectorError: there is none, or the two do not name each other.
        """
        handle = typed.strip().removeprefix("@").lower()
        is_routed = bool(self.handle_server) or not handle.endswith(_NOT_ROUTED)
        if not _HANDLE.fullmatch(handle) or not is_routed:
            raise ConnectorError(_NO_HANDLE, retry=Retry.NEVER, code="no-handle")
        did = self._did_of(handle)
        document = object_in(require_done(ask(self.public, "GET", self._document_of(did))))
        names = document.get("alsoKnownAs")
        if document.get("id") != did or f"at://{handle}" not in (
            [str(one).lower() for one in names] if isinstance(names, list) else []
        ):
            raise ConnectorError(_AT_ODDS, retry=Retry.NEVER, code="at-odds")
        return Identity(did=did, handle=handle, pds=self._pds_in(document))

    def _did_of(self, handle: str) -> str:
        found = self._asked(handle) if self.handle_server else self._own(handle)
        if not (_PLC.fullmatch(found) or found.startswith(_WEB)):
            raise ConnectorError(_UNKNOWN, retry=Retry.NEVER, code="no-such-handle")
        return found

    def _asked(self, handle: str) -> str:
        way = f"{self.handle_server}/xrpc/com.atproto.identity.resolveHandle"
        answer = ask(self.public, "GET", way, params={"handle": handle})
        return text_or_empty(object_in(answer), "did") if answer.status == HTTPStatus.OK else ""

    def _own(self, handle: str) -> str:
        """What the handle's own domain says: in its name records, else at a place of its site."""
        records = [one for one in self.texts(f"_atproto.{handle}") if one.startswith("did=")]
        if len(records) == 1:
            return records[0].removeprefix("did=").strip()
        answer = ask(self.public, "GET", f"https://{handle}/.well-known/atproto-did")
        is_there = answer.status == HTTPStatus.OK and not records
        return answer.body.decode(errors="replace").strip() if is_there else ""

    def _document_of(self, did: str) -> str:
        if not did.startswith(_WEB):
            return f"{self.directory}/{did}"
        host = did.removeprefix(_WEB).replace("%3A", ":")
        scheme = "http" if self.allows_loopback and host.startswith("localhost:") else "https"
        address = server_address(f"{scheme}://{host}", allows_loopback=self.allows_loopback)
        return f"{address}/.well-known/did.json"

    def _pds_in(self, document: Json) -> str:
        services = document.get("service")
        for one in services if isinstance(services, list) else ():
            if isinstance(one, dict) and str(one.get("id", "")).endswith("#atproto_pds"):
                typed = str(one.get("serviceEndpoint", ""))
                return server_address(typed, allows_loopback=self.allows_loopback)
        raise ConnectorError(_AT_ODDS, retry=Retry.NEVER, code="no-server")
