"""What the page of a post shows of publishing it."""

from __future__ import annotations

from flask import url_for

from mediacheck.flow import publish
from mediacheck.flow.by_hand import is_with_somebody
from mediacheck.flow.desk import Desk
from mediacheck.flow.schedule import may_change_moment
from mediacheck.model.post import Post
from mediacheck.model.publishing import Platform
from mediacheck.review.rights import may_edit
from mediacheck.web.dispatch_words import account_words, advice_for, badge_of
from mediacheck.web.teachers.state import Json
from release_db.policy import zone_of


def publishing_state(desk: Desk, post: Post) -> Json | None:
    """What the page of a post shows of publishing; None: there is no account, and never was."""
    connection = publish.active_connection_or_none(desk, post)
    dispatches = desk.work.dispatches.of_post(post.post_id)
    if connection is None and not dispatches:
        return None
    last = dispatches[0] if dispatches else None
    channel = desk.work.register.channel_or_none(post.channel)
    zone = zone_of(desk.work.register)
    kind, words = badge_of(last) if last is not None else ("", "")
    return {
        "account": account_words(connection),
        "is_by_hand": connection is not None and connection.platform is Platform.HAND_OFF,
        "can_publish": connection is not None
        and may_edit(desk.staff, post)
        and channel is not None
        and publish.may_post_there(desk, channel)
        and not (last is not None and (last.state.is_under_way or is_with_somebody(desk, last)))
        and not publish.is_out_already(desk, post),
        "needs_second": channel is not None and channel.is_official,
        "state": last.state if last is not None else None,
        "is_under_way": last is not None and last.state.is_under_way,
        "kind": kind,
        "words": words,
        "advice": advice_for(last, zone) if last is not None else "",
        "address": (last.posted.address or None)
        if last is not None and last.posted is not None
        else None,
        "page_url": url_for("teachers.publishing"),
        "schedule_url": url_for("teachers.choose_moment", post_id=post.post_id),
        "moment_url": url_for("teachers.change_moment", dispatch_id=last.dispatch_id)
        if last is not None and may_change_moment(desk, last, post)
        else None,
    }
