"""How many releases are missing, end soon or are refused, by class, for one use and one audience.

Who needs no names gets counts, and no small ones; who may open the names gets all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from mediacheck.flow.families_choices import channels_of
from mediacheck.flow.small_counts import hidden_cells
from mediacheck.flow.today import today_of
from mediacheck.ports.services import Services, Work
from release_db.records import (
    Appearance,
    Channel,
    Granted,
    RefusalReason,
    Refused,
    Student,
    StudentFile,
)
from release_db.rules import permission_for
from release_db.words import Audience, ClassKey, SchoolKey, Use

SMALLEST_COUNT = "smallest_count"
_DEFAULT_SMALLEST = 10
_SOON = timedelta(days=30)
_NOTHING_THERE = frozenset({RefusalReason.NO_RECORD, RefusalReason.EXPIRED})


class Standing(StrEnum):
    """Where a student stands. A student is in exactly one of these."""

    MISSING = "missing"
    EXPIRING = "expiring"
    REFUSED = "refused"
    FINE = "fine"


#: What the page tells of; the rest is what is left of a class.
TOLD = (Standing.MISSING, Standing.EXPIRING, Standing.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is counted."""

    school: SchoolKey
    audience: Audience
    use: Use


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRow:
    """A class, or the whole school (``key`` None). A count of None is not told."""

    key: ClassKey | None
    name: str
    students: int
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The rows of the classes, and the one of the whole school."""

    classes: tuple[CountedRow, ...]
    whole: CountedRow
    smallest: int

    @property
    def hides_any(self) -> bool:
        """Whether a count is not told."""
        return any(None in row.counts for row in (*self.classes, self.whole))


def counts_of(work: Work, services: Services, question: Question, *, hides_small: bool) -> Counts:
    """The counts of a school; ``hides_small``: none below the district's smallest."""
    found = _standings(work, services, question)
    groups = work.register.classes(question.school)
    tables = {
        group.key: [pair for pair in found if group.key in pair[0].classes] for group in groups
    }
    held = [group for group in groups if tables[group.key]]
    rows = [_row_of(tables[group.key]) for group in held]
    whole, smallest = _row_of(found), smallest_count(work)
    hidden = hidden_cells(rows, whole, smallest) if hides_small else frozenset()
    told = [_told(row, number, hidden) for number, row in enumerate([*rows, whole])]
    return Counts(
        classes=tuple(
            CountedRow(key=group.key, name=group.name, students=sum(row), counts=counts)
            for group, row, counts in zip(held, rows, told[:-1], strict=True)
        ),
        whole=CountedRow(key=None, name="", students=sum(whole), counts=told[-1]),
        smallest=smallest,
    )


def students_in(
    work: Work,
    services: Services,
    question: Question,
    standing: Standing,
    class_key: ClassKey | None,
) -> tuple[Student, ...]:
    """The students behind one count, by family name: for the registrar."""
    return tuple(
        student
        for student, found in _standings(work, services, question)
        if found is standing and (class_key is None or class_key in student.classes)
    )


def smallest_count(work: Work) -> int:
    """The smallest count that is told to people who need no names."""
    value = work.register.policy_or_none(SMALLEST_COUNT)
    return int(value) if value else _DEFAULT_SMALLEST


def _standings(
    work: Work, services: Services, question: Question
) -> list[tuple[Student, Standing]]:
    today = today_of(services.clock, work.register)
    students = work.register.students(school=question.school)
    files = work.register.student_files([student.student_id for student in students])
    channels = _channels(work, question)
    return [
        (student, _standing_of(files[student.student_id], channels, question.use, today))
        for student in students
    ]


def _channels(work: Work, question: Question) -> Sequence[Channel]:
    """The channels of the audience on which the school's students may appear.

    Where there is none yet, one that stands for any that may come.
    """
    theirs = [one for one in work.register.channels() if one.school in {None, question.school}]
    any_one, *real = channels_of(question.audience, theirs)
    return real or [any_one]


def _standing_of(file: StudentFile, channels: Iterable[Channel], use: Use, today: date) -> Standing:
    """The best of the channels: a yes for one of them is a yes that can end, and not missing."""
    found = {_standing_on(file, channel, use, today) for channel in channels}
    return next(one for one in _BEST_FIRST if one in found)


_BEST_FIRST = (Standing.FINE, Standing.EXPIRING, Standing.REFUSED, Standing.MISSING)


def _standing_on(file: StudentFile, channel: Channel, use: Use, today: date) -> Standing:
    asked = Appearance(
        student_id=file.student.student_id,
        use=use,
        channel=channel,
        name_form=channel.name_form,
    )
    permission = permission_for(asked, file, today)
    match permission:
        case Granted(until=until):
            is_soon = until is not None and until <= today + _SOON
            return Standing.EXPIRING if is_soon else Standing.FINE
        case Refused(allowed_form=None, reason=reason):
            return Standing.MISSING if reason in _NOTHING_THERE else Standing.REFUSED
        case Refused():
            # A narrower form of the name is allowed: somebody answered, and said no to the rest.
            return Standing.REFUSED
        case _:
            assert_never(permission)


def _row_of(found: Iterable[tuple[Student, Standing]]) -> tuple[int, ...]:
    standings = [standing for _student, standing in found]
    return tuple(standings.count(one) for one in Standing)


def _told(
    row: tuple[int, ...], number: int, hidden: frozenset[tuple[int, int]]
) -> tuple[int | None, ...]:
    counts = [None if (number, column) in hidden else count for column, count in enumerate(row)]
    return tuple(counts[: len(TOLD)])
