"""Student work in a picture: whose it is, as a person said, and the works that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mediacheck.model.finding import NameFinding, Where
from mediacheck.model.people import StaffId
from mediacheck.model.post import Media, MediaId
from mediacheck.model.resolution import (
    Identified,
    Nobody,
    NotAStudent,
    Noted,
    Overruled,
    Resolution,
)
from release_db.words import NameForm, StudentId


class Credit(StrEnum):
    """What is said of student work in a picture.

    ``NO_WORK``: none is shown. ``UNSAID``: it shows some, and whose is not said yet.
    ``STUDENTS``: it is theirs. ``UNNAMED``: no name can be seen, and nobody is credited.
    """

    NO_WORK = "no-work"
    UNSAID = "unsaid"
    STUDENTS = "students"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWord:
    """A person's word on the work in one picture. Append-only: the last one counts.

    ``name_form`` is how much of the students' names can be seen or is written with it;
    ``others`` are students named in the pixels who did not make it.
    """

    media_id: MediaId
    credit: Credit
    by: StaffId
    at: datetime
    students: tuple[StudentId, ...] = ()
    name_form: NameForm = NameForm.NONE
    others: tuple[StudentId, ...] = ()

    @property
    def shows_work(self) -> bool:
        """Whether the picture is said to show student work."""
        return self.credit is not Credit.NO_WORK

    @property
    def is_unsaid(self) -> bool:
        """Whether it shows work of somebody, and nobody is named."""
        is_of_nobody = self.credit is Credit.STUDENTS and not self.students
        return self.credit is Credit.UNSAID or is_of_nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWork:
    """A picture that is said to show a work, and what it looks like.

    ``prints`` are perceptual hashes of 64 bits, each as 16 hexadecimal digits.
    """

    media_id: MediaId
    prints: tuple[str, ...]


def students_named(name: NameFinding, resolution: Resolution) -> tuple[StudentId, ...]:
    """The students whom a name may be, as things stand; none where it is nobody's."""
    match resolution:
        case Identified(students=students):
            return students
        case NotAStudent() | Nobody() | Overruled() | Noted():
            return ()
        case _:
            return name.candidates


def work_beside(name: NameFinding, media: Sequence[Media]) -> MediaId | None:
    """The picture whose work a name may credit: the one in which, or beside which, it stands.

    A caption speaks of the picture where there is only one.
    """
    match name.where:
        case Where.PIXELS | Where.ALT:
            return name.media_id
        case Where.CAPTION if len(media) == 1:
            return media[0].media_id
        case _:
            return None
