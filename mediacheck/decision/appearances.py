"""Which uses of which students a post really makes, and the combinations among them.

A face uses the image; a text uses the name; a student who is both shown and named uses the two
together, which is a release of its own. A name beside a covered face still tells who is beneath.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import NameFinding, Where
from mediacheck.model.post import MediaId
from mediacheck.model.resolution import Identified, Suggested
from release_db.records import Appearance, Granted, Permission, RefusalReason, Refused
from release_db.rules import permission_for
from release_db.words import StudentId, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who is seen in the post.

    ``beneath``: students known to be under a cover, and in which pictures. ``blind``: pictures with
    a cover under which nobody knows who is.
    """

    pictured: frozenset[StudentId]
    beneath: frozenset[StudentId]
    blind: frozenset[MediaId]

    def ties(self, finding: NameFinding, student: StudentId) -> bool:
        """Whether this name and a picture of this student come together in the post."""
        if student in self.pictured or student in self.beneath:
            return True
        return finding.where is Where.ALT and finding.media_id in self.blind


def shown_in(evidence: Evidence) -> Shown:
    """Who is seen; a suggested face counts, so that a combination is asked before it is sure."""
    pictured: set[StudentId] = set()
    for face in evidence.faces:
        match evidence.resolution_of(face.finding_id):
            case Identified(students=students):
                pictured.update(students)
            case Suggested(candidates=candidates):
                pictured.update(candidate.student_id for candidate in candidates[:1])
            case _:
                pass
    covers = [(media.media_id, cover) for media in evidence.media for cover in media.covers]
    return Shown(
        pictured=frozenset(pictured),
        beneath=frozenset(student for _, cover in covers for student in cover.students),
        blind=frozenset(media_id for media_id, cover in covers if not cover.students),
    )


def permission_for_face(evidence: Evidence, student: StudentId) -> Permission:
    """May this student be seen on the channel?"""
    return _ask(evidence, Appearance(student_id=student, use=Use.IMAGE, channel=evidence.channel))


def permission_for_name(
    evidence: Evidence, shown: Shown, finding: NameFinding, student: StudentId
) -> tuple[Use, Permission]:
    """The strictest permission among the uses that a name makes, and the use it is for."""
    asked = [
        (appearance.use, _ask(evidence, appearance))
        for appearance in _uses_of(evidence, shown, finding, student)
    ]
    refused = [pair for pair in asked if isinstance(pair[1], Refused)]
    return refused[0] if refused else (asked[0][0], _together([given for _, given in asked]))


def _uses_of(
    evidence: Evidence, shown: Shown, finding: NameFinding, student: StudentId
) -> Iterator[Appearance]:
    channel, form = evidence.channel, finding.form
    yield Appearance(student_id=student, use=Use.NAME, channel=channel, name_form=form)
    if finding.where in {Where.FILENAME, Where.METADATA} and finding.media_id is not None:
        # Whoever named the file or tagged the face said that this student is in the picture.
        yield Appearance(student_id=student, use=Use.IMAGE, channel=channel)
    if shown.ties(finding, student):
        yield Appearance(
            student_id=student, use=Use.IMAGE_WITH_NAME, channel=channel, name_form=form
        )


def _ask(evidence: Evidence, appearance: Appearance) -> Permission:
    file = evidence.files.get(appearance.student_id)
    if file is None:
        return Refused(reason=RefusalReason.UNKNOWN_STUDENT)
    return permission_for(appearance, file, evidence.on)


def _together(permissions: list[Permission]) -> Permission:
    granted = [given for given in permissions if isinstance(given, Granted)]
    ends = [given.until for given in granted if given.until is not None]
    return Granted(
        releases=tuple(sorted({release for given in granted for release in given.releases})),
        until=min(ends, default=None),
    )
