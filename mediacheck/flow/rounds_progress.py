"""How many students of each school and class have an answer for the new school year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mediacheck.flow.rounds import Year
from mediacheck.ports.services import Work
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Of one school or class: how many students there are, and for how many somebody answered."""

    name: str
    students: int
    answered: int

    @property
    def not_yet(self) -> int:
        """For how many nobody has answered."""
        return self.students - self.answered


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolProgress:
    """A school, and its classes by name."""

    key: SchoolKey
    whole: Progress
    classes: tuple[Progress, ...]


def progress_of(
    work: Work, year: Year, works_at: Callable[[SchoolKey], bool]
) -> tuple[SchoolProgress, ...]:
    """The schools for which ``works_at`` is true, by name; empty where no round was ever opened."""
    if year.round is None:
        return ()
    answered = work.register.terms.students_who_answered(year.round.year_ends_on)
    by_school: dict[SchoolKey, list[Student]] = {}
    for student in work.register.students():
        by_school.setdefault(student.school, []).append(student)
    return tuple(
        SchoolProgress(
            key=school.key,
            whole=_progress(school.name, by_school.get(school.key, ()), answered),
            classes=_classes(work, school.key, by_school.get(school.key, ()), answered),
        )
        for school in work.register.schools()
        if works_at(school.key)
    )


def _progress(name: str, students: Iterable[Student], answered: frozenset[StudentId]) -> Progress:
    ids = [student.student_id for student in students]
    return Progress(name=name, students=len(ids), answered=sum(one in answered for one in ids))


def _classes(
    work: Work, school: SchoolKey, students: Iterable[Student], answered: frozenset[StudentId]
) -> tuple[Progress, ...]:
    members: Counter[ClassKey] = Counter()
    done: Counter[ClassKey] = Counter()
    for student in students:
        members.update(student.classes)
        if student.student_id in answered:
            done.update(student.classes)
    return tuple(
        Progress(name=group.name, students=members[group.key], answered=done[group.key])
        for group in work.register.classes(school)
        if members[group.key]
    )
