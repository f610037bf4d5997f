"""Student work in the pictures: what its students allow, and what is left to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mediacheck.decision.appearances import Shown, permission_for_work
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import NameFinding, Where
from mediacheck.model.post import MediaId
from mediacheck.model.works import Credit, WorkWord, students_named
from release_db.records import Permission
from release_db.words import StudentId, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """One student's work in one picture, and the strictest permission among what it uses."""

    media_id: MediaId
    student_id: StudentId
    use: Use
    permission: Permission


def credited_in(evidence: Evidence, shown: Shown) -> tuple[Credited, ...]:
    """Everybody whose work is shown, by the last word on each picture."""
    return tuple(
        _credited(evidence, shown, word, student)
        for word in _words_in(evidence)
        if word.shows_work
        for student in dict.fromkeys(word.students)
    )


def unsaid_works(evidence: Evidence) -> Iterator[MediaId]:
    """The pictures that show work of which somebody has to say whose it is."""
    for word in _words_in(evidence):
        is_needed = word.credit is Credit.UNNAMED and evidence.is_unnamed_work_asked
        if word.is_unsaid or is_needed:
            yield word.media_id


def artists_in_question(evidence: Evidence) -> Iterator[NameFinding]:
    """The names in the pixels of a work of which nobody has said whether they are its artist's."""
    for name in evidence.names:
        word = evidence.works.get(name.media_id) if name.media_id is not None else None
        if word is None or not word.shows_work or name.where is not Where.PIXELS:
            continue
        answered = {*word.students, *word.others}
        if not set(students_named(name, evidence.resolution_of(name.finding_id))) <= answered:
            yield name


def _credited(evidence: Evidence, shown: Shown, word: WorkWord, student: StudentId) -> Credited:
    use, permission = permission_for_work(evidence, shown, word, student)
    return Credited(media_id=word.media_id, student_id=student, use=use, permission=permission)


def _words_in(evidence: Evidence) -> Iterator[WorkWord]:
    for media in evidence.media:
        word = evidence.works.get(media.media_id)
        if word is not None:
            yield word
