"""The register of works: which pictures of a post look like a work that was shown before."""

from __future__ import annotations

from collections.abc import Mapping

from mediacheck.model.post import MediaId, Post
from mediacheck.model.works import WorkWord
from mediacheck.ports.posts import Seen
from mediacheck.ports.works import Works
from mediacheck.resolution.work_match import WorkIndex


def recalled_works(
    works: Works, post: Post, seen: Mapping[MediaId, Seen]
) -> Mapping[MediaId, tuple[WorkWord, ...]]:
    """What was said before of works that the pictures of a post look like, the closest first.

    A picture does not remind of itself.
    """
    prints = {
        media.media_id: seen[media.media_id].prints
        for media in post.media
        if media.media_id in seen and seen[media.media_id].prints
    }
    if not prints:
        return {}
    index = WorkIndex(works.known())
    recalled = {
        media_id: [works.word_or_none(one) for one in index.like(mine) if one != media_id]
        for media_id, mine in prints.items()
    }
    return {
        media_id: tuple(word for word in words if word is not None)
        for media_id, words in recalled.items()
        if words
    }
