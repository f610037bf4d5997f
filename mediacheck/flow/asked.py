"""Keeps a post as its author hands it on, so that a reviewer sees what was changed since."""

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
