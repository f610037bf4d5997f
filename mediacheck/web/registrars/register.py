"""Finds a student of the register."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.model.people import Role
from mediacheck.ports.register import Register
from mediacheck.web.access import current_staff, open_to, services
from release_db.records import Student

#: More than this is no answer: the page asks for more letters.
_MOST_SHOWN = 50


@open_to(Role.REGISTRAR)
def register() -> ResponseReturnValue:
    """The students whose name or id holds what was typed."""
    wanted = " ".join(request.args.get("q", "").split())
    with services().transaction() as work:
        found = _found(work.register, wanted) if wanted else ()
        return render_template(
            "registrars/register.html",
            wanted=wanted,
            students=found[:_MOST_SHOWN],
            count=len(found),
            school_names={school.key: school.name for school in work.register.schools()},
        )


def _found(register: Register, wanted: str) -> tuple[Student, ...]:
    """Students of this person's schools, by family name."""
    parts = wanted.casefold().split()
    works_at = current_staff().works_at
    return tuple(
        student
        for student in register.students()
        if works_at(student.school) and all(part in _words_of(student) for part in parts)
    )


def _words_of(student: Student) -> str:
    names = (student.given_name, student.middle_name, student.family_name, student.preferred_name)
    return " ".join((student.student_id, *names, *student.other_names)).casefold()
