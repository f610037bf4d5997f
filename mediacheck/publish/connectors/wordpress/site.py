"""Finds a site's REST interface, which it names itself, and never leaves the site for it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from requests.utils import parse_header_links

from mediacheck.errors import ConnectorError, Retry
from mediacheck.wire import ask, server_address

_RELATION = "https://api.w.org/"
_NO_WORDPRESS = "There is no WordPress site at that address, or it keeps its REST interface shut."


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site's own address, and that of its REST interface."""

    address: str
    api: str

    def route(self, path: str) -> str:
        """The address of one route, also on a site without pretty addresses."""
        return self.api.rstrip("/") + path


def site_address(typed: str, *, allows_loopback: bool) -> str:
    """The site that somebody means; it may lie in a folder of its server.

    Raises:
        ConnectorError: it is no address of a public server.
    """
    text = typed.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.query or parts.fragment or ".." in parts.path:
        return server_address("", allows_loopback=allows_loopback)
    origin = server_address(f"{parts.scheme}://{parts.netloc}", allows_loopback=allows_loopback)
    return origin + parts.path.rstrip("/")


def find_site(typed: str, public: requests.Session, *, allows_loopback: bool) -> Site:
    """The site, as its own front page says where its REST interface is.

    Raises:
        ConnectorError: it is no WordPress site, or it names an interface somewhere else.
    """
    address = site_address(typed, allows_loopback=allows_loopback)
    answer = ask(public, "GET", f"{address}/")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    named = [
        link["url"]
        for link in parse_header_links(headers.get("link", ""))
        if link.get("rel") == _RELATION
    ]
    api = named[0] if named else ""
    if answer.status != HTTPStatus.OK or not is_of_site(api, address):
        raise ConnectorError(_NO_WORDPRESS, retry=Retry.NEVER, code="no-wordpress")
    return Site(address=address, api=api)


def is_of_site(address: str, site: str) -> bool:
    """Whether an address lies on the site's own server."""
    one, other = urlsplit(address), urlsplit(site)
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)
