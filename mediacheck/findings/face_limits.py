"""Whether a picture shows more and smaller faces than a finder can answer for.

In the stands of a stadium some faces are found and their neighbours, a pixel smaller, are not. Then
the crowd itself is a finding, and a person has to look.
"""

from __future__ import annotations

from collections.abc import Sequence

from mediacheck.model.post import Box

#: A detector is at its limit with faces narrower than this (it sees none below 10 px).
LIMIT_WIDTH_PX = 20
#: So many of those are a crowd, of which others are smaller still.
CROWD_OF_SMALL = 10
#: And so many faces of any size are more than anybody counts.
CROWD_OF_ANY = 100
#: The crowd reaches so far beyond the faces that were seen, in widths of the picture.
_MARGIN = 0.02


def crowd_or_none(boxes: Sequence[Box], width_px: int, height_px: int) -> Box | None:
    """The part of the picture (of that size) in which faces may have been missed."""
    small = [box for box in boxes if box.width < LIMIT_WIDTH_PX]
    if len(small) >= CROWD_OF_SMALL:
        crowd = small
    elif len(boxes) >= CROWD_OF_ANY:
        crowd = list(boxes)
    else:
        return None
    margin = round(_MARGIN * width_px)
    left, top = min(box.left for box in crowd) - margin, min(box.top for box in crowd) - margin
    right = max(box.right for box in crowd) + margin
    bottom = max(box.bottom for box in crowd) + margin
    whole = Box(left=left, top=top, width=right - left, height=bottom - top)
    return whole.clipped(width_px, height_px)
