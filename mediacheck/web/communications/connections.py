"""The accounts that channels post to: connected on the platform's own page, confirmed, let go."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from urllib.parse import urlsplit

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow import connections
from mediacheck.model.people import Role
from mediacheck.model.publishing import Connection, ConnectionState, Platform
from mediacheck.web.access import current_staff, open_to, open_to_everyone, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of, secret_of
from mediacheck.web.headers import hide_address
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_LIST, _CONNECT = "communications/connections.html", "communications/connect.html"
_PASSWORD = "communications/connect_by_password.html"  # noqa: S105 - a page.
_GO = "communications/connect_there.html"

PLATFORMS = {
    Platform.MASTODON: "Mastodon, or a server that speaks its language",
    Platform.WORDPRESS: "A website made with WordPress",
    Platform.BLUESKY: "Bluesky, or another server of its protocol",
    Platform.FACEBOOK: "A Page on Facebook",
    Platform.INSTAGRAM: "A professional account on Instagram",
    Platform.X: "X, formerly Twitter",
    Platform.HAND_OFF: "Posted by hand: ParentSquare, a newsletter, the yearbook, the press",
}
_BADGES = {
    ConnectionState.PROPOSED: ("review", "Waits for a second person"),
    ConnectionState.ACTIVE: ("cleared", "Connected"),
    ConnectionState.BROKEN: ("blocked", "Does not let mediacheck in"),
}
_TYPED = ("platform", "server", "user")
_BROKEN = (
    "Nothing is published or taken down there until it is connected again: disconnect it first."
)
#: So long before its end a key is worth a word.
_SOON = timedelta(days=14)
_PLAIN = {"key_badge": ""}
_STRANGE = "The last look did not work. mediacheck looks again by itself."


@open_to(Role.COMMUNICATIONS)
def accounts() -> ResponseReturnValue:
    """Every channel, with its account and how that is."""
    with open_desk() as desk:
        zone = zone_of(desk.work.register)
        names = {member.staff_id: member.name for member in desk.work.accounts.staff()}
        lines = [
            {
                "channel": one.channel,
                "connection": one.connection,
                "badge": _badge(one),
                "may_confirm": one.may_confirm,
                "connected_by": names.get(one.connection.connected_by, "Somebody")
                if one.connection
                else "",
                "looked": moment_words(one.connection.looked_at.astimezone(zone))
                if one.connection and one.connection.looked_at
                else "",
                "trouble": _trouble(one.connection),
                **_health(one.connection, services().clock.now(), zone),
            }
            for one in connections.accounts_for(desk)
        ]
    return render_template(
        _LIST,
        connected=[line for line in lines if line["connection"]],
        others=[line for line in lines if not line["connection"]],
    )


@open_to(Role.COMMUNICATIONS)
def connect(channel: str) -> ResponseReturnValue:
    """Asks where the account is."""
    return render_template(
        _CONNECT, channel=channel, name=_name_of(channel), platforms=PLATFORMS, server="", errors={}
    )


@open_to(Role.COMMUNICATIONS)
def begin(channel: str) -> ResponseReturnValue:
    """Shows the way to the platform's own page."""
    server = line_of("server")
    try:
        platform = Platform(line_of("platform"))
    except ValueError:
        raise BadRequest from None
    name = _name_of(channel)
    try:
        address = connections.begin_link(services(), current_staff(), channel, platform, server)
    except BadRequest as refusal:
        return form_again(
            _CONNECT,
            channel=channel,
            name=name,
            platforms=PLATFORMS,
            server=server,
            errors={"server": refusal.message},
        )
    if address.startswith(services().settings.base_url):
        return redirect(address)
    there = urlsplit(address).hostname or server
    return render_template(_GO, name=name, server=there, address=address)


@open_to(Role.COMMUNICATIONS)
def come_back() -> ResponseReturnValue:
    """Where the platform's page leads back to, with a code that is good once."""
    brought = dict(request.args.items())
    # OAuth 1.0a knows no state: the token of the request is what comes back, and is good once.
    state = brought.pop("state", "") or brought.get("oauth_token", "")
    connection = connections.finish_link(services(), current_staff(), state, brought)
    _tell(connection)
    return hide_address(redirect(url_for("communications.connections")))


@open_to(Role.COMMUNICATIONS)
def ask_password(channel: str) -> ResponseReturnValue:
    """Asks for a password that the platform made for the tool."""
    return render_template(
        _PASSWORD, **_password_page(channel), typed=dict.fromkeys(_TYPED, ""), errors={}
    )


@open_to(Role.COMMUNICATIONS)
def enter_password(channel: str) -> ResponseReturnValue:
    """Connects the account that the password opens."""
    typed = {name: line_of(name) for name in _TYPED}
    try:
        platform = Platform(typed["platform"])
    except ValueError:
        raise BadRequest from None
    page = _password_page(channel)
    entered = connections.Entered(
        server=typed["server"], user=typed["user"], password=secret_of("password")
    )
    try:
        connection = connections.enter_link(services(), current_staff(), channel, platform, entered)
    except BadRequest as refusal:
        # The password is not shown again: it has to be pasted anew.
        return form_again(_PASSWORD, **page, typed=typed, errors={"server": refusal.message})
    _tell(connection)
    return redirect(url_for("communications.connections"))


@open_to_everyone()
def client_document() -> ResponseReturnValue:
    """Says who this tool is, to the servers that let it in. It holds no secret."""
    return jsonify(services().client_document())


def _password_page(channel: str) -> dict[str, object]:
    with_password = {one: PLATFORMS[one] for one in services().password_linkings}
    return {"channel": channel, "name": _name_of(channel), "platforms": with_password}


def _tell(connection: Connection) -> None:
    if connection.state is ConnectionState.PROPOSED:
        flash("The account is connected. A second person of the office has to confirm it.")
    else:
        flash("The account is connected.")


@open_to(Role.COMMUNICATIONS)
def confirm(connection_id: str) -> ResponseReturnValue:
    """A second person's yes to an official account."""
    with open_desk() as desk:
        connections.confirm(desk, connection_id)
    flash("The account is confirmed. Posts can be published there.")
    return redirect(url_for("communications.connections"))


@open_to(Role.COMMUNICATIONS)
def disconnect(connection_id: str) -> ResponseReturnValue:
    """Nothing is published there from now on."""
    with open_desk() as desk:
        connections.disconnect(desk, connection_id)
    flash("The account is disconnected, and its key is destroyed.")
    return redirect(url_for("communications.connections"))


def _health(connection: Connection | None, now: datetime, zone: tzinfo) -> dict[str, str]:
    """What the platform told of the key and of how much may be asked."""
    health = connection.health if connection is not None else None
    if health is None:
        return dict.fromkeys(("key_words", "calls"), "mediacheck asks in a moment.") | _PLAIN
    told = {**_PLAIN, "key_words": "The platform does not say how long it works."}
    ends_at = health.token_ends_at
    if not health.has_end:
        told["key_words"] = "It works until somebody disconnects the account."
    elif ends_at is not None:
        is_soon = ends_at - now < _SOON
        told["key_badge"] = "blocked" if ends_at <= now else "review" if is_soon else ""
        told["key_words"] = f"Works until {moment_words(ends_at.astimezone(zone))}"
        if is_soon:
            told["key_words"] += ": connect the account again before"
    if health.calls_left is None:
        return {**told, "calls": "The platform does not say how many it takes."}
    most = f" of {health.calls_most:,}" if health.calls_most is not None else ""
    again_at = health.calls_again_at
    again = f" until {moment_words(again_at.astimezone(zone))}" if again_at is not None else ""
    return {**told, "calls": f"{health.calls_left:,}{most} are left{again}, at the last look."}


def _badge(one: connections.ChannelAccount) -> tuple[str, str] | None:
    if one.connection is None:
        return None
    if connections.waits_for_yes(one.connection, one.channel):
        return _BADGES[ConnectionState.PROPOSED]
    return _BADGES.get(one.connection.state)


def _name_of(channel: str) -> str:
    with open_desk() as desk:
        return connections.require_channel(desk, channel).name


def _trouble(connection: Connection | None) -> str:
    if connection is None or not connection.trouble:
        return ""
    return _BROKEN if connection.state is ConnectionState.BROKEN else _STRANGE
