"""The made-up district's releases, of every kind, as rows of the plain releases CSV.

Dates are counted from the day the demo is filled, so that it is believable on any day.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from release_db.records import Student
from release_db.words import StudentId

COLUMNS = [
    "student_id",
    "use",
    "channel",
    "name_form",
    "answer",
    "decided_by",
    "method",
    "given_on",
    "ends_on",
    "notice",
]

#: The two whose portraits the visitor can drop: one may be posted everywhere, one nowhere.
RELEASED = StudentId("S1001")
REFUSED = StudentId("S1002")

_NOTICE = "media-release-2026-en"
_EVERYWHERE = ""
_Row = tuple[str, str, str, str]
"""Use, channel, name form, answer."""

_ALL = tuple((use, _EVERYWHERE, "", "allow") for use in ("image", "name", "image+name", "work"))
_NOTHING = tuple((use, _EVERYWHERE, "", "deny") for use in ("image", "name", "image+name", "work"))
_FIRST_NAME_ONLY: tuple[_Row, ...] = (
    ("image", _EVERYWHERE, "", "allow"),
    ("name", _EVERYWHERE, "first", "allow"),
    ("image+name", _EVERYWHERE, "first", "allow"),
)
_INSIDE_SCHOOL: tuple[_Row, ...] = tuple(
    (use, group, "", "allow")
    for group in ("class", "school")
    for use in ("image", "name", "image+name", "work")
)
_IMAGE_WITHOUT_NAME: tuple[_Row, ...] = (
    ("image", _EVERYWHERE, "", "allow"),
    ("name", _EVERYWHERE, "", "deny"),
    ("image+name", _EVERYWHERE, "", "deny"),
)
_ASK_EACH_TIME: tuple[_Row, ...] = (("image", "social", "", "ask"), ("name", "social", "", "ask"))
_PRINT_ONLY: tuple[_Row, ...] = tuple(
    (use, "print", "", "allow") for use in ("image", "name", "image+name")
)

#: What each kind of family answered; a kind that is not here has nothing on file.
_ANSWERS: dict[str, Sequence[_Row]] = {
    "all": _ALL,
    "hold": _ALL,
    "revoked": _ALL,
    "sis-differs": _ALL,
    "refused": _NOTHING,
    "first": _FIRST_NAME_ONLY,
    "inside": _INSIDE_SCHOOL,
    "image": _IMAGE_WITHOUT_NAME,
    "print": _PRINT_ONLY,
    "ask": (*_INSIDE_SCHOOL, *_ASK_EACH_TIME),
}

#: Kinds of families, given out in turn down the roster.
_KINDS = (
    "all", "inside", "first", "all", "none-on-file", "image", "all", "refused", "first", "expired",
    "all", "ask", "revoked", "print", "all", "all", "sis-differs", "hold",
)  # fmt: skip


def kind_of(student: Student, position: int) -> str:
    """Which kind of family this student's is."""
    fixed = {RELEASED: "all", REFUSED: "refused"}
    return fixed.get(student.student_id, _KINDS[position % len(_KINDS)])


def releases_csv(students: Sequence[Student], guardians: dict[StudentId, str], on: date) -> bytes:
    """The releases file of the district.

    ``guardians`` gives each student's first guardian, by e-mail.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for position, student in enumerate(students):
        kind = kind_of(student, position)
        writer.writerows(_rows_of(student.student_id, kind, guardians[student.student_id], on))
        writer.writerows(_biometric_rows(student.student_id, position, guardians, on))
    return text.getvalue().encode()


def _rows_of(student: StudentId, kind: str, email: str, on: date) -> Iterator[list[str]]:
    given = on - timedelta(days=70)
    if kind == "expired":
        last_year = on - timedelta(days=400)
        yield from _signed(student, _ALL, email, last_year, last_year + timedelta(days=300))
        return
    yield from _signed(student, _ANSWERS.get(kind, ()), email, given)
    if kind == "revoked":
        yield from _signed(student, _NOTHING, email, on - timedelta(days=10))
    if kind == "sis-differs":
        yield from _signed(student, _NOTHING, "sis", given)


def _signed(
    student: StudentId,
    rows: Sequence[_Row],
    decided_by: str,
    given: date,
    ends: date | None = None,
) -> Iterator[list[str]]:
    for use, channel, form, answer in rows:
        end = ends.isoformat() if ends else ""
        method = "sis" if decided_by == "sis" else "paper"
        who = [decided_by, method, given.isoformat(), end, _NOTICE]
        yield [student, use, channel, form, answer, *who]


def _biometric_rows(
    student: StudentId, position: int, guardians: dict[StudentId, str], on: date
) -> Iterator[list[str]]:
    """Every third family says yes to a template, every fifth no, and the rest were not asked."""
    if student in {RELEASED, REFUSED} or position % 3 == 0:
        answer = "allow"
    elif position % 5 == 0:
        answer = "deny"
    else:
        return
    given = (on - timedelta(days=70)).isoformat()
    who = [guardians[student], "paper", given, "", "biometric-2026-en"]
    yield [student, "biometric", "", "", answer, *who]
