"""Lines of writing that stand together: side by side in a row, or one under the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mediacheck.model.post import Box


def neighbours(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Pairs of places in ``boxes``, in reading order, that may be two halves of one text."""
    by_top = sorted(range(len(boxes)), key=lambda place: boxes[place].top)
    for rank, one in enumerate(by_top):
        for other in by_top[rank + 1 :]:
            if boxes[other].top > boxes[one].bottom + boxes[one].height:
                break
            if _is_right_of(boxes[one], boxes[other]) or _is_below(boxes[one], boxes[other]):
                yield one, other
            elif _is_right_of(boxes[other], boxes[one]):
                yield other, one


def around(box: Box, other: Box) -> Box:
    """The smallest box round both."""
    left, top = min(box.left, other.left), min(box.top, other.top)
    right, bottom = max(box.right, other.right), max(box.bottom, other.bottom)
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def _is_right_of(box: Box, other: Box) -> bool:
    """Whether ``other`` goes on to the right of ``box``, on its row, less than two heights away."""
    height = min(box.height, other.height)
    shared = min(box.bottom, other.bottom) - max(box.top, other.top)
    return shared > height / 2 and -height / 2 < other.left - box.right < 2 * height


def _is_below(box: Box, other: Box) -> bool:
    """Whether ``other`` is the next line under ``box``, in letters of about the same size."""
    height = min(box.height, other.height)
    shared = min(box.right, other.right) - max(box.left, other.left)
    is_near = -height / 2 < other.top - box.bottom < height
    return shared > 0 and is_near and max(box.height, other.height) < 2 * height
