"""Connects a user of a WordPress site, by a password that the site makes for this tool alone.

Either on the site's own page (``authorize-application.php``), which leads back here with the
password in the address, once and over TLS; or somebody copies it from there. Whoever may run the
whole site is refused: what leaks here must not open more than the user's own posts.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import requests

from mediacheck.errors import ConnectorError, Retry
from mediacheck.model.publishing import Linked
from mediacheck.ports.publishing import BegunLink
from mediacheck.publish.connectors.answers import object_in
from mediacheck.publish.connectors.wordpress.connector import open_wordpress
from mediacheck.publish.connectors.wordpress.posts import account_from
from mediacheck.publish.connectors.wordpress.site import Site, find_site, is_of_site, site_address
from mediacheck.wire import Json, ask, require_done, strict

#: To write, to look and to delete.
NEEDED = ("delete_posts", "delete_published_posts", "edit_posts", "publish_posts", "upload_files")
_TOO_MUCH = frozenset({"create_users", "edit_users", "install_plugins", "manage_options"})
_NAME = "mediacheck"

_NOT_LET_IN = "The site did not let mediacheck in. Start again."
_NO_PASSWORDS = (
    "The site makes no application passwords. Whoever runs it has to switch them on, and the site "
    "needs an address that begins with https."
)
_WRONG = (
    "The site does not know that user with that password. It has to be an application password, "
    "from the user's own profile page there, not the one to sign in with."
)
_TOO_LITTLE = (
    "That user may do too little: without the right to delete, nothing could be taken down. "
    "Give it the role Author on the site."
)
_RUNS_THE_SITE = (
    "That user may run the whole site, and a tool should not be able to. Make a user with the "
    "role Author there for mediacheck, and connect that one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPressLinking:
    """Implements the ``Linking`` and ``PasswordLinking`` ports."""

    allows_loopback: bool = False

    def begin(self, server: str, return_address: str) -> BegunLink:
        """Asks the site for its own page, and says where to let the tool in."""
        public = self._session()
        site = find_site(server, public, allows_loopback=self.allows_loopback)
        page = _page_in(object_in(require_done(ask(public, "GET", site.api))))
        if not page or not is_of_site(page, site.address):
            raise ConnectorError(_NO_PASSWORDS, retry=Retry.NEVER, code="no-passwords")
        state = secrets.token_urlsafe(32)
        back = f"{return_address}?{urlencode({'state': state})}"
        asked = urlencode({"app_name": _NAME, "success_url": back})
        join = "&" if "?" in page else "?"
        held = {"address": site.address, "api": site.api}
        return BegunLink(
            address=f"{page}{join}{asked}", state=state, secret=json.dumps(held).encode()
        )

    def finish(
        self, server: str, return_address: str, secret: bytes, brought: Mapping[str, str]
    ) -> Linked:
        """Asks whose the password is that the site's page gave."""
        del return_address  # the state in it was checked
        held = json.loads(secret)
        user, password = brought.get("user_login"), brought.get("password")
        is_it = site_address(server, allows_loopback=self.allows_loopback) == held["address"]
        came_from = brought.get("site_url") or ""
        if not (is_it and user and password and is_of_site(came_from, held["address"])):
            raise ConnectorError(_NOT_LET_IN, retry=Retry.NEVER, code="not-let-in")
        return self._linked(Site(address=held["address"], api=held["api"]), user, password)

    def enter(self, server: str, user: str, password: str) -> Linked:
        """Asks whose the password is that somebody copied."""
        site = find_site(server, self._session(), allows_loopback=self.allows_loopback)
        return self._linked(site, user.strip(), password.strip())

    def _linked(self, site: Site, user: str, password: str) -> Linked:
        kept = json.dumps({"api": site.api, "user": user, "password": password}).encode()
        connector = open_wordpress(site.address, "", kept, allows_loopback=self.allows_loopback)
        try:
            me = connector.me()
        except ConnectorError as error:
            if error.is_account_trouble:
                raise ConnectorError(_WRONG, retry=Retry.NEVER, code="not-let-in") from None
            raise
        rights = _rights_in(me)
        for is_wrong, words in (
            (not rights.issuperset(NEEDED), _TOO_LITTLE),
            (rights & _TOO_MUCH, _RUNS_THE_SITE),
        ):
            if is_wrong:
                _give_back(connector.end)
                raise ConnectorError(words, retry=Retry.NEVER, code="scopes")
        return Linked(
            server=site.address,
            account=account_from(me),
            scopes=NEEDED,
            limits=connector.limits(),
            secret=kept,
        )

    def _session(self) -> requests.Session:
        return strict(requests.Session(), allows_loopback=self.allows_loopback)


def _page_in(root: Json) -> str:
    """The site's own page for letting a tool in; empty: it has none."""
    found: object = root
    for key in ("authentication", "application-passwords", "endpoints", "authorization"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def _rights_in(me: Json) -> frozenset[str]:
    found = me.get("capabilities")
    return frozenset(
        name for name, is_given in (found.items() if isinstance(found, dict) else ()) if is_given
    )


def _give_back(end: Callable[[], None]) -> None:
    try:
        end()
    except ConnectorError:
        return
