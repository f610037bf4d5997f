"""Student work in the pictures: what its students allow, and what is left to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mediacheck.decision.appearances import Shown, permission_for_work
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import NameFinding
from mediacheck.model.post import MediaId
from mediacheck.model.works import Credit, WorkWord, students_named, work_beside
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
    """The names on a work, or beside it, of which nobody has said whether they are its artist's."""
    for name in evidence.names:
        place = work_beside(name, evidence.media)
        word = evidence.works.get(place) if place is not None else None
        if word is None or not word.shows_work:
            continue
        answered = {*word.students, *word.others}
        if not set(students_named(name, evidence.resolution_of(name.finding_id))) <= answered:
            yield name


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A picture that looks like a work of before, and what those who made that one allow today.

    Whoever is credited again is not among them: that is asked anyway. ``word``: what was said of
    this picture, unless that is a question still.
    """

    media_id: MediaId
    word: WorkWord | None
    permissions: tuple[Permission, ...]


def recalled_in(evidence: Evidence, shown: Shown) -> Iterator[Recalled]:
    """The pictures that look like works that were shown before."""
    for media in evidence.media:
        words = evidence.recalled.get(media.media_id, ())
        if not words:
            continue
        word = evidence.works.get(media.media_id)
        credited = set(word.students) if word is not None and word.shows_work else set()
        makers = {one for earlier in words if earlier.shows_work for one in earlier.students}
        unsigned = WorkWord(
            media_id=media.media_id, credit=Credit.STUDENTS, by=words[0].by, at=words[0].at
        )
        yield Recalled(
            media_id=media.media_id,
            word=None if word is None or word.is_unsaid else word,
            permissions=tuple(
                permission_for_work(evidence, shown, unsigned, one)[1]
                for one in sorted(makers - credited)
            ),
        )


def _credited(evidence: Evidence, shown: Shown, word: WorkWord, student: StudentId) -> Credited:
    use, permission = permission_for_work(evidence, shown, word, student)
    return Credited(media_id=word.media_id, student_id=student, use=use, permission=permission)


def _words_in(evidence: Evidence) -> Iterator[WorkWord]:
    for media in evidence.media:
        word = evidence.works.get(media.media_id)
        if word is not None:
            yield word
