"""Publishing: what waits for a second person, what is on its way, and what is out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow import publish
from mediacheck.flow.by_hand import say_posted
from mediacheck.flow.desk import Desk
from mediacheck.flow.schedule import may_change_moment
from mediacheck.model.people import Role
from mediacheck.model.post import Post
from mediacheck.model.publishing import ConnectionState, Dispatch, DispatchState
from mediacheck.review.rights import may_say_fate
from mediacheck.web.access import open_to
from mediacheck.web.dispatch_words import account_words, advice_for, badge_of
from mediacheck.web.forms import line_of, text_of
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_PAGE = "teachers/publishing.html"
_LONGEST_ADDRESS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One dispatch, as the page shows it."""

    dispatch: Dispatch
    post: Post
    channel_name: str
    account: str
    account_address: str
    asked_by: str
    when: str
    badge: tuple[str, str]
    advice: str
    may_approve: bool
    may_act: bool
    may_change_moment: bool


def register_publishing(blueprint: Blueprint) -> None:
    """Adds the page and its buttons."""
    for rule, view, name, method in (
        ("/publishing", _publishing, "publishing", "GET"),
        ("/publishing/<dispatch_id>/approve", _approve, "approve_dispatch", "POST"),
        ("/publishing/<dispatch_id>/decline", _decline, "decline_dispatch", "POST"),
        ("/publishing/<dispatch_id>/again", _again, "dispatch_again", "POST"),
        ("/publishing/<dispatch_id>/look", _look, "look_at_dispatch", "POST"),
        ("/publishing/<dispatch_id>/posted", _posted, "dispatch_posted", "POST"),
        ("/publishing/<dispatch_id>/not-there", _not_there, "dispatch_not_there", "POST"),
    ):
        blueprint.add_url_rule(rule, endpoint=name, view_func=view, methods=[method])


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _publishing() -> ResponseReturnValue:
    with open_desk() as desk:
        lines = [_line(desk, dispatch, post) for dispatch, post in publish.dispatches_for(desk)]
    return render_template(
        _PAGE,
        yours=[line for line in lines if line.may_approve],
        needed=[line for line in lines if not line.may_approve and _needs_somebody(line.dispatch)],
        others=[
            line for line in lines if not line.may_approve and not _needs_somebody(line.dispatch)
        ],
        states=DispatchState,
    )


@open_to(Role.COMMUNICATIONS)
def _approve(dispatch_id: str) -> ResponseReturnValue:
    return _done(lambda desk: publish.approve(desk, dispatch_id))


@open_to(Role.COMMUNICATIONS)
def _decline(dispatch_id: str) -> ResponseReturnValue:
    return _done(lambda desk: publish.decline(desk, dispatch_id, text_of("words", longest=2_000)))


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _again(dispatch_id: str) -> ResponseReturnValue:
    return _done(lambda desk: publish.send_again(desk, dispatch_id))


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _look(dispatch_id: str) -> ResponseReturnValue:
    address = line_of("address", longest=_LONGEST_ADDRESS)
    return _done(lambda desk: publish.look_again(desk, dispatch_id, address))


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _not_there(dispatch_id: str) -> ResponseReturnValue:
    return _done(lambda desk: publish.say_not_there(desk, dispatch_id))


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _posted(dispatch_id: str) -> ResponseReturnValue:
    address = line_of("address", longest=_LONGEST_ADDRESS)
    return _done(lambda desk: say_posted(desk, dispatch_id, address))


_SAID = {
    DispatchState.ASKED: "Somebody else of the communications office approves it next.",
    DispatchState.WAITING: "It is on its way.",
    DispatchState.STOPPED: "It is not published.",
    DispatchState.FAILED: "Noted: it is not there.",
}


def _done(act: Callable[[Desk], Dispatch]) -> ResponseReturnValue:
    with open_desk() as desk:
        dispatch = act(desk)
    flash(_SAID.get(dispatch.state, "Done."))
    return redirect(url_for("teachers.publishing"))


def _needs_somebody(dispatch: Dispatch) -> bool:
    return dispatch.state in {DispatchState.UNKNOWN, DispatchState.FAILED}


def _line(desk: Desk, dispatch: Dispatch, post: Post) -> _Line:
    connection = desk.work.connections.connection_or_none(dispatch.connection_id)
    channel = desk.work.register.channel_or_none(dispatch.channel)
    asker = desk.work.accounts.staff_or_none(dispatch.asked_by)
    is_open = connection is not None and connection.state is not ConnectionState.ENDED
    return _Line(
        dispatch=dispatch,
        post=post,
        channel_name=channel.name if channel is not None else dispatch.channel,
        account=account_words(connection),
        account_address=connection.account.address if is_open and connection is not None else "",
        asked_by=asker.name if asker is not None else "Somebody",
        when=_when(desk, dispatch.posted_at or dispatch.asked_at),
        badge=badge_of(dispatch),
        advice=advice_for(dispatch, zone_of(desk.work.register)),
        may_approve=publish.may_approve(desk, dispatch, post),
        may_act=may_say_fate(desk.staff, post),
        may_change_moment=may_change_moment(desk, dispatch, post),
    )


def _when(desk: Desk, moment: datetime) -> str:
    return moment_words(moment.astimezone(zone_of(desk.work.register)))
