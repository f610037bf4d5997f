"""What the page of a post says of the pictures that really go out."""

from __future__ import annotations

from mediacheck.flow.judge import Judged
from mediacheck.model.post import Media, MediaState
from mediacheck.model.verdict import ReasonCode

_BARS = (
    "This account takes no photo so wide or so high. Plain bars go out beside it; nothing of the "
    "photo is cut off."
)


def is_waiting(judged: Judged, media: Media) -> bool:
    """Whether the picture is still checked, or made ready for its channel."""
    is_asked = any(
        reason.media == media.media_id and reason.code is ReasonCode.FILE_WAITING
        for reason in judged.verdict.reasons
    )
    return is_asked or media.state in {MediaState.WAITING, MediaState.CHECKING}


def notices_of(media: Media) -> list[str]:
    """What its author should know of a picture."""
    has_bars = media.rendition is not None and media.rendition.has_bars
    return [*media.notices, *([_BARS] if has_bars else [])]
