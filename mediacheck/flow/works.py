"""What a person may say of student work in a picture: that it is shown, whose it is, who is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mediacheck.errors import BadRequest
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.flow.mend import Said, choices_for, say_who
from mediacheck.flow.receive import require_media
from mediacheck.model.audit import Event
from mediacheck.model.finding import FindingId, NameFinding
from mediacheck.model.post import Media, MediaId, Post
from mediacheck.model.works import Credit, WorkWord, students_named, work_beside
from mediacheck.ports.posts import Seen
from mediacheck.review.rights import require_editable
from mediacheck.review.words import Word
from release_db.words import NameForm, StudentId

#: More names than a class has are a slip.
_MOST_STUDENTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfWork:
    """A person's word on the work in a picture, as a form sends it."""

    media_id: MediaId
    credit: Credit
    students: tuple[StudentId, ...] = ()
    name_form: NameForm = NameForm.NONE


def say_of_work(desk: Desk, post: Post, said: SaidOfWork) -> None:
    """Keeps a person's word on the work in a picture. Who is no artist stays so.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: the picture is not there or not read yet, or the students do not fit.
    """
    media = _require_read(desk, post, said.media_id)
    earlier = desk.work.works.of_post(post.post_id).get(media.media_id)
    word = WorkWord(
        media_id=media.media_id,
        credit=said.credit,
        by=desk.staff.staff_id,
        at=_now(desk),
        students=_require_students(desk, post, said),
        name_form=said.name_form if said.credit is Credit.STUDENTS else NameForm.NONE,
        others=earlier.others if earlier is not None else (),
    )
    _keep(desk, post, word)


def say_artist(
    desk: Desk, post: Post, asked: tuple[FindingId, StudentId | None], *, is_artist: bool
) -> None:
    """Answers whether a name on a work, or beside it, is the artist's.

    Yes credits that student by name; no leaves the name as it is, and is kept where the picture is
    said to show work. ``asked`` names the student where
    the name may be one of several.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: there is no such name at a picture, or it is not clear whose it is.
    """
    require_editable(desk.staff, post)
    judged = judge_post(desk.services, desk.work, post)
    name, media_id = _require_signature(judged, asked[0])
    media = _require_read(desk, post, media_id)
    earlier = desk.work.works.of_post(post.post_id).get(media.media_id)
    if earlier is None and not is_artist:
        return
    word = earlier or WorkWord(
        media_id=media.media_id, credit=Credit.UNSAID, by=desk.staff.staff_id, at=_now(desk)
    )
    meant = students_named(name, judged.resolution_of(name.finding_id))
    if is_artist:
        student = _require_artist(meant, asked[1])
        word = replace(
            word,
            credit=Credit.STUDENTS,
            students=tuple(dict.fromkeys((*word.students, student))),
            name_form=word.name_form.joined(name.form),
        )
        _name_artist(desk, post, judged, (name, student))
    else:
        word = replace(word, others=tuple(dict.fromkeys((*word.others, *meant))))
    _keep(desk, post, replace(word, by=desk.staff.staff_id, at=_now(desk)))


def take_over(desk: Desk, post: Post, media_id: MediaId) -> None:
    """Says of a picture again what was said before of the work that it looks like.

    Raises:
        NotAllowed: the post is not this person's to change.
        BadRequest: it looks like no known work of this school, or is not read yet.
    """
    media = _require_read(desk, post, media_id)
    suggestion = suggested_word(judge_post(desk.services, desk.work, post), media.media_id)
    if suggestion is None:
        raise BadRequest("This photo is not known any more. Say whose work it is.")
    word = replace(
        suggestion,
        media_id=media.media_id,
        by=desk.staff.staff_id,
        at=_now(desk),
        others=(),
    )
    _keep(desk, post, word)


def suggested_word(judged: Judged, media_id: MediaId) -> WorkWord | None:
    """What may be taken over for a picture: never a name of another school than the post's."""
    school = judged.post.school
    for word in judged.recalled.get(media_id, ()):
        makers = [judged.students.get(one) for one in word.students]
        if all(one is not None and school in {None, one.school} for one in makers):
            return word
    return None


def _require_signature(judged: Judged, finding: FindingId) -> tuple[NameFinding, MediaId]:
    for found in judged.findings:
        if found.finding_id != finding or not isinstance(found, NameFinding):
            continue
        media_id = work_beside(found, judged.post.media)
        if media_id is not None:
            return found, media_id
    raise BadRequest("This name is not there any more. Reload the page.")


def _require_artist(meant: tuple[StudentId, ...], student: StudentId | None) -> StudentId:
    if student is None and len(meant) == 1:
        return meant[0]
    if student is None or student not in meant:
        raise BadRequest("Choose whose name it is first.")
    return student


def _name_artist(
    desk: Desk, post: Post, judged: Judged, signed: tuple[NameFinding, StudentId]
) -> None:
    """Whoever says whose signature it is has said who is named."""
    name, student = signed
    if students_named(name, judged.resolution_of(name.finding_id)) == (student,):
        return
    said = Said(finding=name.finding_id, word=Word.CHOOSE, student=student)
    say_who(desk, post, said)


def _now(desk: Desk) -> datetime:
    return desk.services.clock.now()


def _require_read(desk: Desk, post: Post, media_id: MediaId) -> Media:
    media = require_media(require_editable(desk.staff, post), media_id)
    if media.pixels_sha256 is None:
        raise BadRequest("Wait until this picture has been checked, then say it again.")
    return media


def _require_students(desk: Desk, post: Post, said: SaidOfWork) -> tuple[StudentId, ...]:
    if said.credit is not Credit.STUDENTS:
        return ()
    students = tuple(dict.fromkeys(said.students))
    if not students:
        raise BadRequest("Choose whose work it is, or say that no name can be seen.")
    if len(students) > _MOST_STUDENTS:
        raise BadRequest(f"Choose up to {_MOST_STUDENTS} students.")
    choices = {student.student_id for student in choices_for(desk.work.register, post)}
    if not choices.issuperset(students):
        raise BadRequest("Choose the students from the list.")
    return students


def _keep(desk: Desk, post: Post, word: WorkWord) -> None:
    makers = set(word.students)
    word = replace(word, others=tuple(one for one in word.others if one not in makers))
    desk.work.works.say(post.post_id, word, _prints_for(desk, post, word))
    desk.work.audit.write(
        Event.WORK_CREDITED,
        actor=desk.staff.staff_id,
        subject=word.media_id,
        credit=word.credit,
        students=",".join(word.students),
        name_form=word.name_form,
    )


def _prints_for(desk: Desk, post: Post, word: WorkWord) -> tuple[str, ...]:
    """By what the work is known again; not at all where nothing is settled of it."""
    if not word.shows_work or word.is_unsaid:
        return ()
    return desk.work.posts.seen(post.post_id).get(word.media_id, Seen()).prints
