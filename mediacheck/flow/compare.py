"""What its author handed on beside what goes out: words, descriptions and pictures."""

from __future__ import annotations

from dataclasses import dataclass

from mediacheck.errors import NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.looks import note_review
from mediacheck.flow.publish import may_approve
from mediacheck.model.post import Media, MediaId, Post, PostId
from mediacheck.model.publishing import AskedPost, Dispatch, DispatchState
from mediacheck.review.rights import require_visible


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPicture:
    """One picture: as it was uploaded and as it goes, with its description before and now."""

    media: Media
    alt_before: str

    @property
    def is_changed(self) -> bool:
        """Whether another picture goes out than was uploaded."""
        return self.media.original_key != self.media.outgoing_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A post beside what its author handed on. ``asked`` None: it never was handed on."""

    post: Post
    asked: AskedPost | None
    words_before: str
    pictures: tuple[ComparedPicture, ...]
    taken_out: int
    dispatch: Dispatch | None
    may_approve: bool

    @property
    def is_as_asked(self) -> bool:
        """Whether every word and every picture is as its author handed it on."""
        are_words = self.words_before == self.post.caption and not self.taken_out
        return are_words and all(
            one.alt_before == one.media.alt_text and not one.is_changed for one in self.pictures
        )


def compare(desk: Desk, post_id: PostId) -> Compared:
    """What its author handed on beside what goes out, and whether it waits for this person's yes.

    Raises:
        NotFound: there is no such post for this person.
    """
    post = require_visible(desk.staff, desk.work.posts.post_or_none(post_id))
    note_review(desk, post)
    asked = desk.work.dispatches.asked_or_none(post_id)
    before = asked.alt_texts if asked is not None else {}
    waiting = [
        one for one in desk.work.dispatches.of_post(post_id) if one.state is DispatchState.ASKED
    ]
    dispatch = waiting[0] if waiting else None
    here = {media.media_id for media in post.media}
    return Compared(
        post=post,
        asked=asked,
        words_before=asked.words if asked is not None else post.caption,
        pictures=tuple(
            ComparedPicture(media=media, alt_before=before.get(media.media_id, media.alt_text))
            for media in post.media
        ),
        taken_out=len(set(before) - here),
        dispatch=dispatch,
        may_approve=dispatch is not None and may_approve(desk, dispatch, post),
    )


def picture_before(desk: Desk, post_id: PostId, media_id: MediaId) -> bytes:
    """A picture as it was before any cover. Whoever looks is kept, for the families to read.

    Raises:
        NotFound: there is no such picture for this person.
    """
    post = require_visible(desk.staff, desk.work.posts.post_or_none(post_id))
    media = post.media_or_none(media_id)
    if media is None or media.original_key is None:
        raise NotFound
    note_review(desk, post)
    return desk.services.pictures.get(media.original_key)
