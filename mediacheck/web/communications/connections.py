"""The accounts that channels post to: how they are, confirmed, let go."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow import connections
from mediacheck.flow.reach import SEEN_BY_OTHERS
from mediacheck.model.people import Role
from mediacheck.model.publishing import Connection, ConnectionState
from mediacheck.web.access import open_to, open_to_everyone, services
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_LIST = "communications/connections.html"

_BADGES = {
    ConnectionState.PROPOSED: ("review", "Waits for a second person"),
    ConnectionState.ACTIVE: ("cleared", "Connected"),
    ConnectionState.BROKEN: ("blocked", "Does not let mediacheck in"),
}
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
                "trouble": _trouble(one),
                **_health(one.connection, services().clock.now(), zone),
            }
            for one in connections.accounts_for(desk)
        ]
    return render_template(
        _LIST,
        connected=[line for line in lines if line["connection"]],
        others=[line for line in lines if not line["connection"]],
    )


@open_to_everyone()
def client_document() -> ResponseReturnValue:
    """Says who this tool is, to the servers that let it in. It holds no secret."""
    return jsonify(services().client_document())


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


def _trouble(one: connections.ChannelAccount) -> str:
    connection = one.connection
    if connection is not None and not connection.platform.is_for(one.channel.audience):
        return SEEN_BY_OTHERS
    if connection is None or not connection.trouble:
        return ""
    return _BROKEN if connection.state is ConnectionState.BROKEN else _STRANGE
