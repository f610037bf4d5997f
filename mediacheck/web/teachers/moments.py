"""The page on which somebody chooses the moment at which a post goes out."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow import publish, schedule
from mediacheck.flow.desk import Desk
from mediacheck.model.people import Role
from mediacheck.model.post import Post
from mediacheck.model.publishing import Dispatch, DispatchState
from mediacheck.web.access import open_to
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.teachers.desk import open_desk, require_post
from release_db.policy import zone_of

_PAGE = "teachers/moment.html"


def register_moments(blueprint: Blueprint) -> None:
    """Adds the page, for a post that has no moment yet and for one that has."""
    for rule, view, name, method in (
        ("/posts/<post_id>/moment", _choose, "choose_moment", "GET"),
        ("/posts/<post_id>/moment", _keep, "keep_moment", "POST"),
        ("/publishing/<dispatch_id>/moment", _change, "change_moment", "GET"),
        ("/publishing/<dispatch_id>/moment", _keep_change, "keep_changed_moment", "POST"),
        ("/publishing/<dispatch_id>/give-up", _give_up, "give_up_moment", "POST"),
    ):
        blueprint.add_url_rule(rule, endpoint=name, view_func=view, methods=[method])


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _choose(post_id: str) -> ResponseReturnValue:
    with open_desk() as desk:
        return render_template(_PAGE, **_form(desk, require_post(desk, post_id), None), errors={})


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _keep(post_id: str) -> ResponseReturnValue:
    with open_desk() as desk:
        post = require_post(desk, post_id)
        try:
            dispatch = publish.publish_post(desk, post, _sent_moment(desk))
        except BadRequest as refusal:
            return _again(desk, post, None, refusal)
    flash(_said(dispatch))
    return redirect(url_for("teachers.post", post_id=post_id))


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _change(dispatch_id: str) -> ResponseReturnValue:
    with open_desk() as desk:
        dispatch = schedule.require_scheduled(desk, dispatch_id)
        post = require_post(desk, dispatch.post_id)
        return render_template(_PAGE, **_form(desk, post, dispatch), errors={})


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _keep_change(dispatch_id: str) -> ResponseReturnValue:
    with open_desk() as desk:
        dispatch = schedule.require_scheduled(desk, dispatch_id)
        try:
            schedule.change_moment(desk, dispatch_id, _sent_moment(desk))
        except BadRequest as refusal:
            return _again(desk, require_post(desk, dispatch.post_id), dispatch, refusal)
    flash("The moment is changed.")
    return redirect(url_for("teachers.publishing"))


@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def _give_up(dispatch_id: str) -> ResponseReturnValue:
    with open_desk() as desk:
        schedule.give_up(desk, dispatch_id)
    flash("It is off the calendar and will not be published.")
    return redirect(url_for("teachers.publishing"))


def _sent_moment(desk: Desk) -> datetime:
    now = desk.services.clock.now()
    zone = zone_of(desk.work.register)
    return schedule.moment_from(zone, line_of("day"), line_of("hour"), now=now)


def _again(
    desk: Desk, post: Post, dispatch: Dispatch | None, refusal: BadRequest
) -> ResponseReturnValue:
    errors = {"day": refusal.message}
    return form_again(_PAGE, **_form(desk, post, dispatch), errors=errors)


def _form(desk: Desk, post: Post, dispatch: Dispatch | None) -> dict[str, object]:
    zone = zone_of(desk.work.register)
    now = desk.services.clock.now().astimezone(zone)
    before = dispatch.wanted_at.astimezone(zone) if dispatch is not None else None
    channel = desk.work.register.channel_or_none(post.channel)
    return {
        "post": post,
        "dispatch": dispatch,
        "channel_name": channel.name if channel is not None else post.channel,
        "zone": f"{now:%Z}",
        "place": zone.key.rsplit("/", maxsplit=1)[-1].replace("_", " "),
        "before": schedule.moment_in_words(before, zone) if before is not None else "",
        "day": request.form.get("day") or (before or now).date().isoformat(),
        "hour": request.form.get("hour") or (f"{before:%H:%M}" if before is not None else ""),
        "first_day": now.date().isoformat(),
        "last_day": (now + schedule.MOST_AHEAD).date().isoformat(),
        "late_minutes": round(schedule.LATE_AFTER.total_seconds() / 60),
        "needs_second": channel is not None and channel.is_official,
    }


def _said(dispatch: Dispatch) -> str:
    if dispatch.state is DispatchState.ASKED:
        return "It is on the calendar. Somebody else of the communications office approves it next."
    return "It is on the calendar."
