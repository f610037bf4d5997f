"""The proof that a post may go. Only this module builds one, and only from a cleared verdict."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from mediacheck.errors import NotCleared
from mediacheck.model.post import PixelHash, Post
from mediacheck.model.verdict import Clearance, ClearanceId, Outcome, Verdict


def words_sha256(post: Post) -> str:
    """Hash of every word of the post that goes out, and of the channel it goes to."""
    words = json.dumps(
        [post.channel, post.caption, [[media.media_id, media.alt_text] for media in post.media]],
        ensure_ascii=True,
    )
    return hashlib.sha256(words.encode()).hexdigest()


def give_clearance(
    post: Post,
    verdict: Verdict,
    *,
    clearance_id: ClearanceId,
    files: tuple[str, ...],
    register_state: str,
    now: datetime,
) -> Clearance:
    """A clearance for exactly this post as it stands.

    ``files`` are the hashes of the files that go out, one for each picture.

    Raises:
        NotCleared: the verdict is anything but cleared, or has no end; a picture has no file.
    """
    if verdict.outcome is not Outcome.CLEARED or verdict.good_until is None:
        raise NotCleared
    if len(files) != len(post.media):
        raise NotCleared
    return Clearance(
        clearance_id=clearance_id,
        post_id=post.post_id,
        channel=post.channel,
        pixels=_pixels_of(post),
        files=files,
        words_sha256=words_sha256(post),
        register_state=register_state,
        rests_on=verdict.rests_on,
        cleared_at=now,
        good_until=verdict.good_until,
    )


def require_clearance(
    clearance: Clearance | None, post: Post, verdict: Verdict, *, register_state: str, now: datetime
) -> Clearance:
    """The clearance, when it still holds for the post as it is and the register as it is.

    Raises:
        NotCleared: with words that say what has changed since.
    """
    if clearance is None:
        raise NotCleared
    for is_broken, words in (
        (clearance.post_id != post.post_id, NotCleared.message),
        (clearance.channel != post.channel, _CHANGED.format("channel")),
        (clearance.pixels != _pixels_of(post), _CHANGED.format("pictures")),
        (clearance.words_sha256 != words_sha256(post), _CHANGED.format("words")),
        (now >= clearance.good_until, _TOO_OLD),
        (now < clearance.cleared_at, _TOO_OLD),
        (verdict.outcome is not Outcome.CLEARED, _NO_LONGER),
        (clearance.register_state != register_state, _REGISTER_CHANGED),
    ):
        if is_broken:
            raise NotCleared(words)
    return clearance


def renew_clearance(
    before: Clearance,
    post: Post,
    verdict: Verdict,
    *,
    clearance_id: ClearanceId,
    files: tuple[str, ...],
    register_state: str,
    now: datetime,
) -> Clearance:
    """A new proof of exactly what an older one names, where nothing has changed but the time.

    Raises:
        NotCleared: anything else has changed, or the verdict is not cleared.
    """
    require_clearance(before, post, verdict, register_state=register_state, now=before.cleared_at)
    return give_clearance(
        post,
        verdict,
        clearance_id=clearance_id,
        files=files,
        register_state=register_state,
        now=now,
    )


def _pixels_of(post: Post) -> tuple[PixelHash, ...]:
    outgoing = (media.outgoing_sha256 for media in post.media)
    hashes = tuple(pixels for pixels in outgoing if pixels is not None)
    if len(hashes) != len(post.media):
        raise NotCleared
    return hashes


_CHANGED = (
    "The {} of this post changed after it was cleared, so the old package is void. Check the post "
    "and clear it again."
)
_TOO_OLD = "This clearance has run out. Open the post and clear it again: it takes a moment."
_NO_LONGER = (
    "Something changed since this post was cleared, and it cannot go out as it is. Open it to see "
    "what is left to do."
)
_REGISTER_CHANGED = (
    "The school's records changed since this post was cleared. Open it and clear it again: if "
    "nothing in it is concerned, that is one tap."
)
