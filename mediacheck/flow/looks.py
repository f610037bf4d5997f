"""Keeps that somebody of the staff looked at a student's data, for the family to read."""

from __future__ import annotations

from mediacheck.flow.desk import Desk
from mediacheck.model.family_log import Look, Looked
from mediacheck.model.post import Post
from mediacheck.model.resolution import Identified
from release_db.words import StudentId


def note_staff_look(desk: Desk, student_id: StudentId, what: Looked) -> None:
    """Keeps that the person at the desk looked, in the transaction of the look."""
    look = Look(
        student_id=student_id,
        at=desk.services.clock.now(),
        actor=desk.staff.staff_id,
        is_staff=True,
        what=what,
    )
    desk.work.family_log.note(look)


def note_review(desk: Desk, post: Post) -> None:
    """Somebody else than its author opens a post: kept for each student who is named in it."""
    if desk.staff.staff_id == post.author:
        return
    words = desk.work.posts.resolutions(post.post_id).values()
    students = {one for word in words if isinstance(word, Identified) for one in word.students}
    for student in sorted(students):
        note_staff_look(desk, student, Looked.POST)
