"""Which pictures show one person alone and near: some channels take groups only."""

from __future__ import annotations

from collections import defaultdict

from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import FaceFinding
from mediacheck.model.post import Media, MediaId
from mediacheck.model.resolution import Nobody, NotAStudent, OtherPerson

#: Height of a face over the shorter side of its picture, from which on a person who is alone is
#: near. A head is about a seventh of a standing person, and its face about two thirds of it: at
#: 0.15 the frame holds the person from the knees up, or less.
CLOSE_UP_FACE = 0.15


def close_ups_in(evidence: Evidence) -> frozenset[MediaId]:
    """The pictures in which one face is all there is, and large.

    A face that a person called nobody's, or a picture on the wall, is no company. One that is
    covered is not found any more.
    """
    faces: defaultdict[MediaId, list[FaceFinding]] = defaultdict(list)
    for face in evidence.faces:
        if _is_somebody(evidence, face):
            faces[face.media_id].append(face)
    return frozenset(
        media.media_id for media in evidence.media if _is_near(media, faces[media.media_id])
    )


def _is_somebody(evidence: Evidence, face: FaceFinding) -> bool:
    match evidence.resolution_of(face.finding_id):
        case Nobody() | NotAStudent(kind=OtherPerson.PICTURE_ON_WALL):
            return False
        case _:
            return True


def _is_near(media: Media, faces: list[FaceFinding]) -> bool:
    shorter_px = min(media.width_px, media.height_px)
    return len(faces) == 1 and faces[0].box.height >= CLOSE_UP_FACE * shorter_px
