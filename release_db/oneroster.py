"""Makes a roster of a OneRoster bundle: the same file that the plain CSV gives, for the same plan.

A student's id is the ``sourcedId``, a school's key its own, and a class's key is made of both. In a
bulk bundle absence means gone; in a delta only ``tobedeleted`` does. ``enabledUser`` says whether
somebody may sign in somewhere, not whether they have left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from release_db.csv_table import Row
from release_db.oneroster_bundle import Bundle
from release_db.oneroster_people import guardians_told, is_gone, roles_of, several
from release_db.oneroster_places import Places, class_groups, places_of, school_after, school_of
from release_db.oneroster_teachers import teachers_told
from release_db.records import School, Student
from release_db.roster_file import ListedGuardian, RosterFile, RosterRow
from release_db.words import SchoolKey, StudentId, StudentStatus

#: Which columns of the users a bundle may leave out, and what of a student they tell.
_OPTIONAL = {
    "email": "email",
    "middleName": "middle_name",
    "preferredGivenName": "preferred_name",
    "grades": "grade",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the other files of a bundle tell of each user; ``before`` is on record."""

    before: Mapping[StudentId, Student]
    roles: Mapping[str, frozenset[str]]
    guardians: Mapping[str, ListedGuardian | None]
    births: Mapping[str, date | None]
    places: Places


def roster_of(
    bundle: Bundle, before: Mapping[StudentId, Student], schools: Iterable[School] = ()
) -> RosterFile:
    """The roster that a bundle tells; ``before`` and ``schools`` are on record.

    Raises:
        ImportRefused: a cell cannot be meant, or a student goes to no school.
    """
    roles = roles_of(bundle)
    told = _Told(
        before=before,
        roles=roles,
        guardians=guardians_told(bundle, roles),
        births=_births_of(bundle),
        places=places_of(bundle, before, schools),
    )
    students = [row for row in bundle.rows("users") if _is_student(row, bundle, told)]
    _require_each_once(students)
    rows = [_row_of(row, bundle, told) for row in students]
    rows += _rows_of_others(bundle, told, {row.student.student_id for row in rows})
    bundle.problems.refuse_if_any()
    return RosterFile(
        rows=tuple(rows),
        is_delta=bundle.is_delta,
        schools=tuple(told.places.schools.values()),
        classes=class_groups(bundle),
        year_ends_on=_year_end(bundle),
        contacts=told.guardians if bundle.is_delta else {},
        untold=_untold(bundle),
        teachers=teachers_told(bundle, roles, told.places.schools),
    )


def _is_student(row: Row, bundle: Bundle, told: _Told) -> bool:
    """Whether a user is a student to be told of; one who left and was never here is not.

    A delta may change a student and leave the role untold.
    """
    user = row.cells["sourcedId"]
    is_known = user in told.before
    if is_gone(row) and not is_known:
        return False
    is_untold = bundle.is_delta and user not in told.roles
    return "student" in told.roles.get(user, frozenset()) or (is_known and is_untold)


def _require_each_once(rows: Iterable[Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.cells["sourcedId"] in seen:
            row.problem("sourcedId", "This id is in the file twice. Export it again.")
        seen.add(row.cells["sourcedId"])


def _row_of(row: Row, bundle: Bundle, told: _Told) -> RosterRow:
    student_id = StudentId(row.required("sourcedId", 64))
    earlier = told.before.get(student_id)
    is_changed = earlier is not None and bundle.is_delta
    school = school_of(row, told.places) or (earlier.school if earlier and is_changed else "")
    if not school and not is_gone(row):
        row.problem("orgSourcedIds", "This student goes to no school. Export the schools too.")
    classes = earlier.classes if earlier and is_changed else ()
    student = Student(
        student_id=student_id,
        given_name=row.text("givenName"),
        middle_name=row.text("middleName"),
        family_name=row.text("familyName"),
        preferred_name=row.text("preferredGivenName"),
        other_names=_other_names(row, earlier),
        birth_on=told.births.get(student_id),
        grade=(several(row, "grades") or ("",))[0],
        school=SchoolKey(school or (earlier.school if earlier else "")),
        classes=told.places.classes.get(student_id, classes),
        status=StudentStatus.DEPARTED if is_gone(row) else StudentStatus.ACTIVE,
        email=row.text("email", 320),
    )
    if not (student.given_name or student.family_name):
        row.problem("givenName", "Fill in the given name or the family name.")
    return RosterRow(number=row.number, student=student, guardians=_guardians_of(row, bundle, told))


def _other_names(row: Row, earlier: Student | None) -> tuple[str, ...]:
    """The names on record, and the one by which the student is called where it is another."""
    known = earlier.other_names if earlier else ()
    family = row.text("preferredFamilyName")
    if not family or family == row.cells["familyName"]:
        return known
    called = f"{row.cells['preferredGivenName'] or row.cells['givenName']} {family}".strip()
    return tuple(dict.fromkeys((*known, called)))


def _guardians_of(row: Row, bundle: Bundle, told: _Told) -> tuple[ListedGuardian, ...] | None:
    """The guardians whom the row lists; None where the bundle has no column for them."""
    if not bundle.has("users", "agentSourcedIds"):
        return None
    agents = several(row, "agentSourcedIds")
    found: list[ListedGuardian | None] = []
    for agent in agents:
        is_untold = bundle.is_delta and agent not in told.guardians
        untold = ListedGuardian(email="", sis_id=agent)
        found.append(untold if is_untold else told.guardians.get(agent))
    return tuple(guardian for guardian in found if guardian is not None)


def _rows_of_others(bundle: Bundle, told: _Told, done: Collection[StudentId]) -> list[RosterRow]:
    """In a delta a student may change class, school or standing and have no row among the users."""
    if not bundle.is_delta:
        return []
    places = told.places
    ids = map(StudentId, sorted({*places.classes, *places.by_role, *places.left}))
    return [
        RosterRow(number=0, student=_moved(told.before[one], places), guardians=None)
        for one in ids
        if one in told.before and one not in done
    ]


def _moved(student: Student, places: Places) -> Student:
    classes = places.classes.get(student.student_id, student.classes)
    if student.school in places.left.get(student.student_id, frozenset()):
        return replace(student, classes=classes, status=StudentStatus.DEPARTED)
    return replace(student, classes=classes, school=school_after(student, classes, places))


def _births_of(bundle: Bundle) -> dict[str, date | None]:
    return {
        row.cells["sourcedId"]: row.date_or_none("birthDate")
        for row in bundle.rows("demographics")
        if not is_gone(row)
    }


def _year_end(bundle: Bundle) -> date | None:
    ends = [
        row.date_or_none("endDate")
        for row in bundle.rows("academicSessions")
        if row.cells["type"].casefold() == "schoolyear" and not is_gone(row)
    ]
    return max((end for end in ends if end is not None), default=None)


def _untold(bundle: Bundle) -> frozenset[str]:
    """What of a student no bundle of these columns can tell."""
    missing = {field for column, field in _OPTIONAL.items() if not bundle.has("users", column)}
    return frozenset({"suffix"} | missing)
