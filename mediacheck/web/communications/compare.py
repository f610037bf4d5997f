"""What was asked for beside what goes out, with the office's yes or its words to the author."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from mediacheck.flow.compare import Compared, ComparedPicture, compare, picture_before
from mediacheck.flow.desk import Desk
from mediacheck.flow.schedule import moment_in_words
from mediacheck.model.people import Role
from mediacheck.model.post import MediaId, PostId
from mediacheck.web.access import open_to
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_PAGE = "communications/compare.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What the page says above the comparison."""

    channel_name: str
    author: str
    asked: str
    goes_out: str


@open_to(Role.COMMUNICATIONS)
def page(post_id: str) -> ResponseReturnValue:
    """The post as its author handed it on, and as it would go."""
    with open_desk() as desk:
        compared = compare(desk, PostId(post_id))
        return render_template(
            _PAGE,
            compared=compared,
            post=compared.post,
            head=_head(desk, compared),
            changes={one.media.media_id: _changes(one) for one in compared.pictures},
        )


@open_to(Role.COMMUNICATIONS)
def before(post_id: str, media_id: str) -> ResponseReturnValue:
    """One picture as it was before it was covered."""
    with open_desk() as desk:
        jpeg = picture_before(desk, PostId(post_id), MediaId(media_id))
    return Response(jpeg, mimetype="image/jpeg")


def _head(desk: Desk, compared: Compared) -> _Head:
    zone = zone_of(desk.work.register)
    post, asked, dispatch = compared.post, compared.asked, compared.dispatch
    channel = desk.work.register.channel_or_none(post.channel)
    author = desk.work.accounts.staff_or_none(post.author)
    moment = dispatch.scheduled_for if dispatch is not None else None
    return _Head(
        channel_name=channel.name if channel is not None else post.channel,
        author=author.name if author is not None else "Somebody",
        asked=moment_words(asked.at.astimezone(zone)) if asked is not None else "",
        goes_out=moment_in_words(moment, zone) if moment is not None else "",
    )


def _changes(one: ComparedPicture) -> str:
    if not one.is_changed:
        return "The picture goes out as it was uploaded."
    said = []
    covers = len(one.media.covers)
    if covers:
        said.append(f"{covers} {'place is' if covers == 1 else 'places are'} covered.")
    if one.media.rendition is not None:
        bars = ", with bars beside it" if one.media.rendition.has_bars else ""
        said.append(f"It is made to fit this account{bars}.")
    return " ".join(said)
