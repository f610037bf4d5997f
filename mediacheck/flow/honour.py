"""Honours a clearance: everything is judged again, and every byte is held to its hash.

Called in the transaction that hands the post over or lets it be published, and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from mediacheck.decision.clearance import require_clearance
from mediacheck.errors import MediacheckError, NotCleared
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.intake.encoding import clean_xmp, picture_from_jpeg, published_jpeg
from mediacheck.model.post import Media, Post
from mediacheck.model.publishing import ClearedContent, ClearedPicture
from mediacheck.model.verdict import Clearance, ClearanceId
from mediacheck.ports.services import Services, Work
from mediacheck.publish.content import build_content

_WITHDRAWN = (
    "The school's records changed since this post was cleared, and that clearance is void. Open "
    "the post and clear it again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Honoured:
    """A clearance that holds at this very moment, and all that it lets out."""

    judged: Judged
    clearance: Clearance
    content: ClearedContent


def honour(services: Services, work: Work, post: Post, clearance: Clearance | None) -> Honoured:
    """What the clearance lets out, when it holds for the post and the register as they are.

    Raises:
        NotCleared: it does not; the message says what changed.
    """
    judged = judge_post(services, work, post)
    held = require_clearance(
        clearance,
        post,
        judged.verdict,
        register_state=judged.register_state,
        now=services.clock.now(),
    )
    require_not_void(work, held)
    content = content_of(services, held, words=post.caption, media=post.media)
    return Honoured(judged=judged, clearance=held, content=content)


def require_not_void(work: Work, clearance: Clearance) -> None:
    """Passes a clearance that nobody has made void.

    Raises:
        NotCleared: it was made void.
    """
    if work.publications.is_void(clearance.clearance_id):
        raise NotCleared(_WITHDRAWN)


def content_of(
    services: Services, clearance: Clearance, *, words: str, media: Sequence[Media]
) -> ClearedContent:
    """Exactly what the clearance names, proved picture by picture.

    Raises:
        NotCleared: a picture is not the one that was cleared.
    """
    pictures = tuple(_clean_picture(services, clearance.clearance_id, one) for one in media)
    hashes = tuple(one.outgoing_sha256 for one in media)
    # A clearance of an earlier version names the pixels alone.
    is_named = not clearance.files or clearance.files == _hashes_of(pictures)
    if hashes != clearance.pixels or not is_named:
        raise NotCleared
    return build_content(clearance, words=words, pictures=pictures)


def files_of(
    services: Services, clearance_id: ClearanceId, media: Sequence[Media]
) -> tuple[str, ...]:
    """The hash of each file that goes out under a clearance, with all that the file carries.

    Raises:
        NotCleared: a picture is not the one that was checked.
    """
    return _hashes_of([_clean_picture(services, clearance_id, one) for one in media])


def _hashes_of(pictures: Sequence[ClearedPicture]) -> tuple[str, ...]:
    return tuple(hashlib.sha256(one.jpeg).hexdigest() for one in pictures)


def _clean_picture(services: Services, clearance_id: ClearanceId, media: Media) -> ClearedPicture:
    """Our encoding with our XMP block, proved to hold exactly the pixels that were cleared."""
    xmp = clean_xmp(
        clearance_id=clearance_id,
        alt_text=media.alt_text,
        is_edited=bool(media.covers),
    )
    try:
        kept = services.pictures.get(media.outgoing_key or "")
    except MediacheckError as lost:
        raise NotCleared(lost.message) from None
    jpeg = published_jpeg(kept, xmp)
    picture = picture_from_jpeg(
        jpeg, source_width_px=media.source_width_px, source_height_px=media.source_height_px
    )
    if picture.pixels_sha256 != media.outgoing_sha256:
        raise NotCleared
    return ClearedPicture(
        jpeg=jpeg, alt_text=media.alt_text, pixels=picture.width_px * picture.height_px
    )
