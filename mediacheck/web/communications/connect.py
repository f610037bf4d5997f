"""Connects an account to a channel: the office chooses the kind, then reads its own page."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow import connections
from mediacheck.model.people import Role
from mediacheck.model.publishing import Connection, ConnectionState
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.communications.ways import WAYS, Way
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of, secret_of
from mediacheck.web.headers import hide_address
from mediacheck.web.teachers.desk import open_desk

_CHOOSE = "communications/connect.html"
_ASK = "communications/connect_by.html"
_GO = "communications/connect_there.html"

_BY_KEY = {way.key: way for way in WAYS}
#: A site of WordPress leads back to such an address only.
_SECURE = "https"


@open_to(Role.COMMUNICATIONS)
def choose(channel: str) -> ResponseReturnValue:
    """Asks what kind of account it is."""
    settings = services().settings
    with open_desk() as desk:
        found = connections.require_channel(desk, channel)
    offered = [way for way in WAYS if not way.is_second]
    fitting = [way for way in offered if way.platform.is_for(found.audience)]
    return render_template(
        _CHOOSE,
        channel=channel,
        name=found.name,
        kinds=[(way, way.is_set_up(settings)) for way in fitting],
        left_out=[way.name for way in offered if way not in fitting],
    )


@open_to(Role.COMMUNICATIONS)
def ask(channel: str, way: str) -> ResponseReturnValue:
    """What this kind of account needs; or what the administrator has to do first."""
    return render_template(_ASK, **_page(channel, _way(way)), typed={}, errors={})


@open_to(Role.COMMUNICATIONS)
def begin(channel: str, way: str) -> ResponseReturnValue:
    """Shows the way to the platform's own page, or connects the account that a password opens."""
    chosen = _way(way)
    page = _page(channel, chosen)
    typed = {one.name: line_of(one.name) for one in chosen.fields if one.name != "password"}
    password = secret_of("password")
    missing = {
        one.name: f"Fill in: {one.label}"
        for one in chosen.fields
        if not (password if one.name == "password" else typed[one.name]).strip()
    }
    if missing:
        return form_again(_ASK, **page, typed=typed, errors=missing)
    try:
        return (
            _enter(channel, chosen, typed, password)
            if chosen.has_password
            else _go(channel, chosen, typed.get("server", ""))
        )
    except BadRequest as refusal:
        # A password is not shown again: it has to be pasted anew.
        first = chosen.fields[0].name if chosen.fields else "go"
        return form_again(_ASK, **page, typed=typed, errors={first: refusal.message})


@open_to(Role.COMMUNICATIONS)
def come_back() -> ResponseReturnValue:
    """Where the platform's page leads back to, with a code that is good once."""
    brought = dict(request.args.items())
    # OAuth 1.0a knows no state: the token of the request is what comes back, and is good once.
    state = brought.pop("state", "") or brought.get("oauth_token", "")
    connection = connections.finish_link(services(), current_staff(), state, brought)
    _tell(connection)
    return hide_address(redirect(url_for("communications.connections")))


def _go(channel: str, way: Way, server: str) -> ResponseReturnValue:
    address = connections.begin_link(services(), current_staff(), channel, way.platform, server)
    if address.startswith(services().settings.base_url):
        return redirect(address)
    there = urlsplit(address).hostname or server
    return render_template(_GO, name=_name_of(channel), server=there, address=address)


def _enter(channel: str, way: Way, typed: dict[str, str], password: str) -> ResponseReturnValue:
    entered = connections.Entered(
        server=typed.get("server", ""), user=typed["user"], password=password
    )
    _tell(connections.enter_link(services(), current_staff(), channel, way.platform, entered))
    return redirect(url_for("communications.connections"))


def _way(key: str) -> Way:
    if key not in _BY_KEY:
        raise NotFound
    return _BY_KEY[key]


def _page(channel: str, way: Way) -> dict[str, object]:
    settings = services().settings
    return {
        "channel": channel,
        "name": _name_of(channel),
        "way": way,
        "other": _BY_KEY.get(way.other),
        "is_set_up": way.is_set_up(settings),
        "base_url": settings.base_url,
        "return_address": settings.base_url + connections.RETURN_PATH,
        "is_secure": urlsplit(settings.base_url).scheme == _SECURE,
    }


def _name_of(channel: str) -> str:
    with open_desk() as desk:
        return connections.require_channel(desk, channel).name


def _tell(connection: Connection) -> None:
    if connection.state is ConnectionState.PROPOSED:
        flash("The account is connected. A second person of the office has to confirm it.")
    else:
        flash("The account is connected.")
