"""Keeps a finding's identity when its picture is looked at again.

A cover makes a new picture, and detectors then place the other faces, and lines of writing, a
pixel aside. Each keeps the id or the place, and so the word, of what it was before; nothing that
was seen is dropped silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mediacheck.model.finding import FaceFinding, FaceMark, FindingId
from mediacheck.model.post import Box, Cover
from mediacheck.model.resolution import Resolution, Unresolved
from mediacheck.ports.engines import TextLine
from mediacheck.ports.posts import Seen

#: Boxes of one face in two renderings of a picture overlap at least so much (IoU).
SAME_FACE_OVERLAP = 0.5
#: The same for lines of writing.
SAME_LINE_OVERLAP = 0.5
#: Share of a face's box that lies under covers when the cover is meant for it.
UNDER_COVER = 0.5


def carry_over(
    earlier: Seen, now: Seen, covers: Sequence[Cover], painted: Sequence[Box] = ()
) -> Seen:
    """``now`` with the ids of ``earlier``, and with what was only seen earlier.

    A face that lies under a cover is not carried: the cover stands in its place. Nor is writing
    that lies in ``painted``, what the covers have changed, even in part: what is left of it was
    read again. Nor is writing of which a cover hid a part when somebody spoke of it.
    """
    left = [face for face in earlier.faces if not is_under_cover(face.box, covers)]
    faces: list[FaceFinding] = []
    matches: dict[FindingId, Resolution] = {}
    for face in now.faces:
        before = _same_face_or_none(face, left)
        if before is not None:
            left.remove(before)
        kept = replace(face, finding_id=before.finding_id) if before else face
        faces.append(kept)
        matches[kept.finding_id] = now.matches.get(face.finding_id, Unresolved())
    for face in left:
        faces.append(face)
        matches[face.finding_id] = earlier.matches.get(face.finding_id, Unresolved())
    return replace(
        now,
        faces=tuple(faces),
        matches=matches,
        lines=_lines_carried(earlier, now.lines, painted),
        painted=tuple(painted),
    )


def _lines_carried(
    earlier: Seen, now: Sequence[TextLine], painted: Sequence[Box]
) -> tuple[TextLine, ...]:
    """The lines as they are read now, each in its earlier place, and those not found again."""
    left = [line for line in earlier.lines if not _touches(line, painted)]
    lines = []
    for line in now:
        before = max(left, key=lambda other: other.box.overlap(line.box), default=None)
        if before is None or before.box.overlap(line.box) < SAME_LINE_OVERLAP:
            lines.append(line)
            continue
        left.remove(before)
        was_hidden = _touches(before, earlier.painted) or _touches(line, earlier.painted)
        lines.append(line if was_hidden else replace(line, box=before.box))
    return (*lines, *left)


def _touches(line: TextLine, painted: Sequence[Box]) -> bool:
    return any(line.box.shared_area(box) for box in painted)


def faces_under_covers(seen: Seen, covers: Sequence[Cover]) -> tuple[FaceFinding, ...]:
    """The faces that are still found where a cover is: the cover has failed."""
    return tuple(
        face
        for face in seen.faces
        if FaceMark.DRAWN_BY_HAND not in face.marks and is_under_cover(face.box, covers)
    )


def is_under_cover(box: Box, covers: Sequence[Cover]) -> bool:
    """Whether most of the box lies within one of the covers."""
    return any(box.shared_area(cover.box) >= UNDER_COVER * box.area for cover in covers)


def _same_face_or_none(face: FaceFinding, among: Sequence[FaceFinding]) -> FaceFinding | None:
    best = max(among, key=lambda other: other.box.overlap(face.box), default=None)
    if best is None or best.box.overlap(face.box) < SAME_FACE_OVERLAP:
        return None
    return best
