"""What every view of a post starts from: the person's desk, and the state to answer with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.clear import wants_colleague
from mediacheck.flow.desk import Desk
from mediacheck.flow.mend import try_alt_text, try_caption
from mediacheck.flow.show import Shown, show_post
from mediacheck.model.post import MediaId, Post, PostId
from mediacheck.review.rights import may_edit, may_review, require_visible
from mediacheck.web.access import current_staff, services
from mediacheck.web.teachers.publishing_state import publishing_state
from mediacheck.web.teachers.state import Json, PageState, names_in_words, state_of
from release_db.policy import zone_of


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The signed-in person's desk, in one transaction."""
    with services().transaction() as work:
        yield Desk(services=services(), work=work, staff=current_staff())


def require_post(desk: Desk, post_id: str) -> Post:
    """The post, when this person may see it.

    Raises:
        NotFound: there is none, or it is not this person's to see.
    """
    return require_visible(desk.staff, desk.work.posts.post_or_none(PostId(post_id)))


def page_state(desk: Desk, post_id: str) -> Json:
    """The state of a post's page."""
    shown = show_post(desk, PostId(post_id))
    publishing = publishing_state(desk, shown.judged.post)
    page = replace(_page_of(desk, shown), publishing=publishing)
    return state_of(page) | {"wants_colleague": wants_colleague(desk, shown.judged.post)}


def names_while_typing(
    desk: Desk, post_id: str, words: str, media_id: MediaId | None = None
) -> list[Json]:
    """The names in words that somebody is typing, as the page shows them. Nothing is kept.

    The words are the caption, or the description of a picture.

    Raises:
        NotAllowed: the post is not this person's to change.
        IntakeError: the words cannot be taken.
    """
    post = require_post(desk, post_id)
    if media_id is None:
        judged = try_caption(desk, post, words)
    else:
        judged = try_alt_text(desk, post, media_id, words)
    shown = Shown(judged=judged, clearance=None, clearance_trouble="", notes=())
    return names_in_words(_page_of(desk, shown), media_id)


def _page_of(desk: Desk, shown: Shown) -> PageState:
    post = shown.judged.post
    recalled = shown.judged.remembered.values()
    speakers = {note.by for note in shown.notes} | {one.word.by for one in recalled}
    named = (one.name for one in desk.work.register.schools() if one.key == post.school)
    members = desk.work.accounts.staff() if speakers else ()
    return PageState(
        judged=shown.judged,
        may_edit=may_edit(desk.staff, post),
        may_review=may_review(desk.staff, post),
        is_mine=post.author == desk.staff.staff_id,
        clearance=shown.clearance,
        clearance_trouble=shown.clearance_trouble,
        notes=shown.notes,
        names={one.staff_id: one.name for one in members if one.staff_id in speakers},
        school_name=next(named, ""),
        zone=zone_of(desk.work.register),
    )


def act_on_post(post_id: str, act: Callable[[Desk, Post, Json], object]) -> ResponseReturnValue:
    """Does something to a post with the JSON that was sent, and answers with its new state."""
    sent = request.get_json()
    if not isinstance(sent, dict):
        raise BadRequest
    with open_desk() as desk:
        act(desk, require_post(desk, post_id), sent)
    with open_desk() as desk:
        return jsonify(page_state(desk, post_id))


def text_in(sent: Json, key: str) -> str:
    """A text that the page sent.

    Raises:
        BadRequest: there is none.
    """
    value = sent.get(key)
    if not isinstance(value, str):
        raise BadRequest
    return value


def number_in(sent: Json, key: str) -> int:
    """A whole number that the page sent.

    Raises:
        BadRequest: there is none.
    """
    value = sent.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest
    return value
