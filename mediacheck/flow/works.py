"""What a person may say of student work in a picture: that it is shown, whose it is, who is not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mediacheck.errors import BadRequest
from mediacheck.flow.desk import Desk
from mediacheck.flow.mend import choices_for
from mediacheck.flow.receive import require_media
from mediacheck.model.audit import Event
from mediacheck.model.post import Media, MediaId, MediaState, Post
from mediacheck.model.works import Credit, WorkWord
from mediacheck.review.rights import require_editable
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
        BadRequest: the picture is not there or not checked yet, or the students do not fit.
    """
    media = _require_checked(desk, post, said.media_id)
    earlier = desk.work.works.of_post(post.post_id).get(media.media_id)
    word = WorkWord(
        media_id=media.media_id,
        credit=said.credit,
        by=desk.staff.staff_id,
        at=desk.services.clock.now(),
        students=_require_students(desk, post, said),
        name_form=said.name_form if said.credit is Credit.STUDENTS else NameForm.NONE,
        others=earlier.others if earlier is not None else (),
    )
    _keep(desk, post, word)


def _require_checked(desk: Desk, post: Post, media_id: MediaId) -> Media:
    media = require_media(require_editable(desk.staff, post), media_id)
    if media.state is not MediaState.CHECKED:
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
    desk.work.works.say(post.post_id, word, ())
    desk.work.audit.write(
        Event.WORK_CREDITED,
        actor=desk.staff.staff_id,
        subject=word.media_id,
        credit=word.credit,
        students=",".join(word.students),
        name_form=word.name_form,
    )
