"""Where the student system and a family, or two guardians, say different things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from mediacheck.flow.today import today_of
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.registrars.standing import ShownRelease, shown_release
from release_db.disagreements import guardian_differences, sis_disagreements
from release_db.records import Student, StudentFile

_SIS = "The student information system and the family"
_GUARDIANS = "Two guardians"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDisagreement:
    """One item of the list, in words. ``how`` says what settles it."""

    student: Student
    who: str
    how: str
    allow: ShownRelease
    refusal: ShownRelease


@open_to(Role.REGISTRAR)
def disagreements() -> ResponseReturnValue:
    """Every disagreement about a student of this person's schools."""
    with services().transaction() as work:
        return render_template("registrars/disagreements.html", items=tuple(_items(work)))


def _items(work: Work) -> Iterator[ShownDisagreement]:
    today = today_of(services().clock, work.register)
    files = work.register.student_files(work.register.terms.students_with_both_answers())
    channels = {channel.key: channel.name for channel in work.register.channels()}
    theirs = [file for file in files.values() if current_staff().works_at(file.student.school)]
    for file in sorted(theirs, key=_by_name):
        for who, how, pairs in (
            (_SIS, _HOW_SIS, sis_disagreements(file, today)),
            (_GUARDIANS, _HOW_GUARDIANS, guardian_differences(file, today)),
        ):
            for pair in pairs:
                yield ShownDisagreement(
                    student=file.student,
                    who=who,
                    how=how,
                    allow=shown_release(pair.allow, channels),
                    refusal=shown_release(pair.refusal, channels),
                )


def _by_name(file: StudentFile) -> tuple[str, str]:
    return file.student.family_name.casefold(), file.student.student_id


_HOW_SIS = (
    "Correct the answer where it is out of date: in the student information system, and import it "
    "again, or with the family's next answer."
)
_HOW_GUARDIANS = (
    "Nobody here may choose between them. It ends when one of them changes the answer, or when a "
    "court's order says who decides."
)
