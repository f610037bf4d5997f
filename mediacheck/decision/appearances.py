"""Which uses of which students a post really makes, and the combinations among them.

A face uses the image; a text uses the name; a student who is both shown and named uses the two
together, which is a release of its own. A name beside a covered face still tells who is beneath.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from mediacheck.decision.close_ups import close_ups_in
from mediacheck.decision.evidence import Evidence
from mediacheck.decision.school_and_grade import is_told, read_texts
from mediacheck.model.finding import FaceFinding, NameFinding, Where
from mediacheck.model.post import MediaId
from mediacheck.model.resolution import Identified, Suggested
from mediacheck.model.works import WorkWord
from release_db.records import Appearance, Granted, Permission, RefusalReason, Refused
from release_db.rules import permission_for
from release_db.words import NameForm, StudentId, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who is seen in the post.

    ``pictured``: each student who is seen, and in which pictures. ``beneath``: students known to be
    under a cover. ``blind``: pictures with a cover under which nobody knows who is. ``close_ups``:
    pictures of one person alone, and near. ``placed``: students whose own school and grade the post
    tells.
    """

    pictured: Mapping[StudentId, frozenset[MediaId]]
    beneath: frozenset[StudentId]
    blind: frozenset[MediaId]
    close_ups: frozenset[MediaId]
    placed: frozenset[StudentId]

    def ties(self, finding: NameFinding, student: StudentId) -> bool:
        """Whether this name and a picture of this student come together in the post."""
        if student in self.pictured or student in self.beneath:
            return True
        return finding.where is Where.ALT and finding.media_id in self.blind

    def is_close_up(self, student: StudentId) -> bool:
        """Whether the student is seen alone and near in any picture of the post."""
        return bool(self.pictured.get(student, frozenset()) & self.close_ups)


def shown_in(evidence: Evidence) -> Shown:
    """Who is seen; a suggested face counts, so that a combination is asked before it is sure."""
    pictured: defaultdict[StudentId, set[MediaId]] = defaultdict(set)
    for face in evidence.faces:
        for student in _maybe_of(evidence, face):
            pictured[student].add(face.media_id)
    covers = [(media.media_id, cover) for media in evidence.media for cover in media.covers]
    return Shown(
        pictured={student: frozenset(media) for student, media in pictured.items()},
        beneath=frozenset(student for _, cover in covers for student in cover.students),
        blind=frozenset(media_id for media_id, cover in covers if not cover.students),
        close_ups=close_ups_in(evidence),
        placed=_placed_in(evidence),
    )


def permission_for_face(
    evidence: Evidence, shown: Shown, face: FaceFinding, student: StudentId
) -> Permission:
    """May this student be seen in this picture on the channel?"""
    asked = Appearance(
        student_id=student,
        use=Use.IMAGE,
        channel=evidence.channel,
        is_close_up=face.media_id in shown.close_ups,
    )
    return _ask(evidence, asked, {face.media_id})


def permission_for_name(
    evidence: Evidence, shown: Shown, finding: NameFinding, student: StudentId
) -> tuple[Use, Permission]:
    """The strictest permission among the uses that a name makes, and the use it is for.

    Words that stand for the post as a whole are about each of its pictures.
    """
    about = {finding.media_id} if finding.media_id is not None else _pictures_of(evidence)
    return _strictest(evidence, _uses_of(evidence, shown, finding, student), about)


def permission_for_work(
    evidence: Evidence, shown: Shown, word: WorkWord, student: StudentId
) -> tuple[Use, Permission]:
    """The strictest permission among the uses that a student's work makes, and the use it is for.

    With a name that can be seen, or is written with it, the name is asked for too; and the two
    together where the student is seen in the post.
    """
    return _strictest(evidence, _uses_of_work(evidence, shown, word, student), {word.media_id})


def together(permissions: Iterable[Permission]) -> Granted:
    """What several grants rest on together, until the first of them ends."""
    granted = [given for given in permissions if isinstance(given, Granted)]
    return Granted(
        releases=tuple(sorted({one for given in granted for one in given.releases})),
        items=tuple(sorted({one for given in granted for one in given.items})),
        deliveries=tuple(sorted({one for given in granted for one in given.deliveries})),
        until=min((given.until for given in granted if given.until is not None), default=None),
    )


def _strictest(
    evidence: Evidence, appearances: Iterable[Appearance], about: Collection[MediaId]
) -> tuple[Use, Permission]:
    asked = [(one.use, _ask(evidence, one, about)) for one in appearances]
    refused = [pair for pair in asked if isinstance(pair[1], Refused)]
    return refused[0] if refused else (asked[0][0], together(given for _, given in asked))


def _maybe_of(evidence: Evidence, face: FaceFinding) -> tuple[StudentId, ...]:
    match evidence.resolution_of(face.finding_id):
        case Identified(students=students):
            return students
        case Suggested(candidates=candidates):
            return tuple(candidate.student_id for candidate in candidates[:1])
        case _:
            return ()


def _uses_of(
    evidence: Evidence, shown: Shown, finding: NameFinding, student: StudentId
) -> Iterator[Appearance]:
    channel, form = evidence.channel, finding.form
    is_hidden = finding.where in {Where.FILENAME, Where.METADATA}
    is_placed = student in shown.placed and not is_hidden
    yield Appearance(
        student_id=student,
        use=Use.NAME,
        channel=channel,
        name_form=form,
        tells_school_and_grade=is_placed,
    )
    if is_hidden and finding.media_id is not None:
        # Whoever named the file or tagged the face said that this student is in the picture.
        yield Appearance(
            student_id=student,
            use=Use.IMAGE,
            channel=channel,
            is_close_up=finding.media_id in shown.close_ups,
        )
    if shown.ties(finding, student):
        yield Appearance(
            student_id=student,
            use=Use.IMAGE_WITH_NAME,
            channel=channel,
            name_form=form,
            is_close_up=shown.is_close_up(student),
            tells_school_and_grade=is_placed,
        )


def _uses_of_work(
    evidence: Evidence, shown: Shown, word: WorkWord, student: StudentId
) -> Iterator[Appearance]:
    channel, form = evidence.channel, word.name_form
    yield Appearance(student_id=student, use=Use.WORK, channel=channel, name_form=form)
    if form is NameForm.NONE:
        return
    is_placed = student in shown.placed
    yield Appearance(
        student_id=student,
        use=Use.NAME,
        channel=channel,
        name_form=form,
        tells_school_and_grade=is_placed,
    )
    if student in shown.pictured or student in shown.beneath:
        yield Appearance(
            student_id=student,
            use=Use.IMAGE_WITH_NAME,
            channel=channel,
            name_form=form,
            is_close_up=shown.is_close_up(student),
            tells_school_and_grade=is_placed,
        )


def _placed_in(evidence: Evidence) -> frozenset[StudentId]:
    """Whoever is named, as far as anybody is, and placed by school and grade in the same post."""
    if not evidence.names and not evidence.works:
        return frozenset()
    said = read_texts(evidence.texts)
    return frozenset(
        student_id
        for student_id, file in evidence.files.items()
        if is_told(
            said, file.student, evidence.schools.get(file.student.school, file.student.school)
        )
    )


def _pictures_of(evidence: Evidence) -> set[MediaId]:
    return {media.media_id for media in evidence.media}


def _ask(evidence: Evidence, asked: Appearance, about: Collection[MediaId]) -> Permission:
    """The strictest permission over the pictures that it is about.

    Only where somebody answered for single pictures does it matter which picture it is.
    """
    file = evidence.files.get(asked.student_id)
    if file is None:
        return Refused(reason=RefusalReason.UNKNOWN_STUDENT)
    answered = {item.item for item in file.items}
    uploads = {media.sha256 for media in evidence.media if media.media_id in about}
    questions = [
        replace(asked, item=upload if upload in answered else None) for upload in sorted(uploads)
    ] or [asked]
    given = [permission_for(question, file, evidence.on) for question in dict.fromkeys(questions)]
    refused = next((one for one in given if isinstance(one, Refused)), None)
    return refused if refused is not None else together(given)
