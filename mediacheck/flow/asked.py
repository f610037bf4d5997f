"""Keeps a post as its author hands it on, so that what a reviewer changed since can be told."""

from __future__ import annotations

from mediacheck.flow.desk import Desk
from mediacheck.model.post import Post
from mediacheck.model.publishing import AskedPost


def keep_asked(desk: Desk, post: Post) -> None:
    """Keeps the words as their author hands them on. What others hand on changes nothing of it."""
    if desk.staff.staff_id != post.author:
        return
    asked = AskedPost(
        post_id=post.post_id,
        by=post.author,
        at=desk.services.clock.now(),
        words=post.caption,
        alt_texts={media.media_id: media.alt_text for media in post.media},
    )
    desk.work.dispatches.keep_asked(asked)


def has_new_words(desk: Desk, post: Post) -> bool:
    """Whether words, a description or a picture stand in it that its author did not hand on.

    What was taken out, or covered, is none: it shows less than the author wanted to.
    """
    asked = desk.work.dispatches.asked_or_none(post.post_id)
    if asked is None:
        return True
    is_described_anew = any(
        asked.alt_texts.get(media.media_id) != media.alt_text for media in post.media
    )
    return post.caption != asked.words or is_described_anew
