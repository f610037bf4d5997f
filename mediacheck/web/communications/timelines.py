"""What stands on the accounts and did not come through the door, with the means to check it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow import timelines
from mediacheck.flow.desk import Desk
from mediacheck.model.people import Role
from mediacheck.model.publishing import ConnectionState
from mediacheck.model.timelines import Watch, WatchedPost, WatchedState
from mediacheck.model.verdict import Outcome
from mediacheck.web.access import open_to
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_PAGE = "communications/timeline.html"
#: Each of them is judged as the page is opened, by the releases of today.
_MOST = 60
_OUTCOMES = {
    Outcome.CLEARED: ("cleared", "Clear"),
    Outcome.NEEDS_REVIEW: ("review", "Needs a person"),
    Outcome.BLOCKED: ("blocked", "Must come down"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One post that was found."""

    found: WatchedPost
    channel_name: str
    posted: str
    badge: tuple[str, str]
    may_check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """One connected account, and how far it was read."""

    connection_id: str
    channel_name: str
    handle: str
    words: str
    can_be_read: bool


@open_to(Role.COMMUNICATIONS)
def page() -> ResponseReturnValue:
    """What was found: what is not checked first, then what was checked, judged by today's rules."""
    with open_desk() as desk:
        lines = list(_lines(desk))
        accounts = list(_accounts(desk))
    groups = {kind: [one for one in lines if one.badge[0] == kind] for kind in _ORDER}
    return render_template(
        _PAGE, groups=[(words, groups[kind]) for kind, words in _ORDER.items()], accounts=accounts
    )


@open_to(Role.COMMUNICATIONS)
def check(watched_id: str) -> ResponseReturnValue:
    """Fetches a post and has it judged."""
    with open_desk() as desk:
        timelines.check_now(desk, watched_id)
    flash("It is being fetched and checked. Reload this page in a moment.")
    return redirect(url_for("communications.timeline"))


@open_to(Role.COMMUNICATIONS)
def settle(watched_id: str) -> ResponseReturnValue:
    """Somebody looked at it."""
    with open_desk() as desk:
        timelines.settle(desk, watched_id)
    flash("Noted.")
    return redirect(url_for("communications.timeline"))


@open_to(Role.COMMUNICATIONS)
def sweep(connection_id: str) -> ResponseReturnValue:
    """Reads a whole account, and has every post on it judged."""
    with open_desk() as desk:
        timelines.sweep_account(desk, connection_id)
    flash("The whole account is read and checked. That takes a while: this page fills by itself.")
    return redirect(url_for("communications.timeline"))


#: The groups of the page, in order, by the kind of badge.
_ORDER = {
    "blocked": "Must come down",
    "": "Not checked",
    "waiting": "Being checked",
    "review": "Needs a person",
    "cleared": "Clear",
}


def _lines(desk: Desk) -> Iterator[_Line]:
    zone = zone_of(desk.work.register)
    channels = {channel.key: channel.name for channel in desk.work.register.channels()}
    states = (WatchedState.NOT_CHECKED, WatchedState.ASKED, WatchedState.CHECKED)
    for found in timelines.watched_for(desk, states, _MOST):
        yield _Line(
            found=found,
            channel_name=channels.get(found.channel, found.channel),
            posted=moment_words(found.seen.posted_at.astimezone(zone)),
            badge=_badge(desk, found),
            may_check=found.state is WatchedState.NOT_CHECKED,
        )


def _badge(desk: Desk, found: WatchedPost) -> tuple[str, str]:
    if found.state is WatchedState.NOT_CHECKED:
        return "", "Not checked"
    outcome = timelines.outcome_now(desk, found)
    return ("waiting", "Being checked") if outcome is None else _OUTCOMES[outcome]


def _accounts(desk: Desk) -> Iterator[_Account]:
    zone = zone_of(desk.work.register)
    for channel in desk.work.register.channels():
        connection = desk.work.connections.of_channel_or_none(channel.key)
        if connection is None or not desk.staff.works_at(channel.school):
            continue
        watch = desk.work.timelines.watch_of(connection.connection_id)
        is_active = connection.state is ConnectionState.ACTIVE
        yield _Account(
            connection_id=connection.connection_id,
            channel_name=channel.name,
            handle=connection.account.handle,
            words=_watch_words(watch, zone),
            can_be_read=is_active and watch.trouble != timelines.CANNOT_READ,
        )


def _watch_words(watch: Watch, zone: tzinfo) -> str:
    if watch.sweep_by is not None:
        return "The whole account is read next."
    if watch.trouble == timelines.CANNOT_READ:
        return "Its platform lets nobody read it: look at it by hand."
    if watch.trouble == timelines.NOT_ALL_READ:
        return "There is more on it than was read: look at the oldest posts by hand."
    if watch.trouble:
        return "The last look did not work. mediacheck looks again by itself."
    if watch.read_until is None:
        return "It was not read yet."
    return f"Read {moment_words(watch.read_until.astimezone(zone))}."
