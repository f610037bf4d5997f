"""Makes a roster of a OneRoster bundle: the same file that the plain CSV gives, for the same plan.

A student's id is the ``sourcedId``, a school's key its own, and a class's key is made of both. In a
bulk bundle absence means gone; in a delta only ``tobedeleted`` does. ``enabledUser`` says whether
somebody may sign in somewhere, not whether they have left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from release_db.csv_table import Row
from release_db.oneroster_bundle import Bundle
from release_db.records import ClassGroup, School, Student
from release_db.roster_file import RosterFile, RosterRow
from release_db.words import ClassKey, SchoolKey, StudentId, StudentStatus

#: Who of a student's agents may sign. A relative is known to no rule, so it has no rights here.
_SIGNING_ROLES = frozenset({"guardian", "parent"})
_GONE = "tobedeleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the other files of a bundle tell of each user."""

    roles: Mapping[str, set[str]]
    schools: Mapping[str, School]
    school_of: Mapping[str, str]
    births: Mapping[str, date | None]
    classes: Mapping[str, tuple[ClassKey, ...]]
    emails: Mapping[str, str]


def roster_of(bundle: Bundle, before: Mapping[StudentId, Student]) -> RosterFile:
    """The roster that a bundle tells; ``before`` is the one on record, which a delta changes.

    Raises:
        ImportRefused: a cell cannot be meant, or a student goes to no school.
    """
    told = _told_by(bundle, before)
    rows = [
        _row_of(row, bundle, before, told)
        for row in bundle.rows("users")
        if "student" in told.roles[row.cells["sourcedId"]]
    ]
    rows += _rows_of_changed_classes(bundle, before, told, {row.student.student_id for row in rows})
    bundle.problems.refuse_if_any()
    return RosterFile(
        rows=tuple(rows),
        is_delta=bundle.is_delta,
        schools=tuple(told.schools.values()),
        classes=_class_groups(bundle),
        year_ends_on=_year_end(bundle),
    )


def _told_by(bundle: Bundle, before: Mapping[StudentId, Student]) -> _Told:
    roles, schools = _roles_of(bundle), _schools_of(bundle)
    return _Told(
        roles=roles,
        schools=schools,
        school_of=_school_by_role(bundle, schools),
        births=_births_of(bundle),
        classes=_classes_by_student(bundle, before),
        emails=_signing_emails(bundle, roles),
    )


def _row_of(
    row: Row, bundle: Bundle, before: Mapping[StudentId, Student], told: _Told
) -> RosterRow:
    student_id = StudentId(row.required("sourcedId", 64))
    earlier = before.get(student_id)
    school = _school_of(row, told) or (earlier.school if earlier and bundle.is_delta else "")
    if not school and not _is_gone(row):
        row.problem("orgSourcedIds", "This student goes to no school. Export the schools too.")
    is_kept = earlier is not None and bundle.is_delta
    student = Student(
        student_id=student_id,
        given_name=row.text("givenName"),
        middle_name=row.text("middleName"),
        family_name=row.text("familyName"),
        preferred_name=row.text("preferredGivenName"),
        suffix=earlier.suffix if earlier else "",
        other_names=earlier.other_names if earlier else (),
        birth_on=told.births.get(student_id) or (earlier.birth_on if earlier else None),
        grade=(_several(row, "grades") or ("",))[0],
        school=SchoolKey(school or (earlier.school if earlier else "")),
        classes=told.classes.get(student_id, earlier.classes if earlier and is_kept else ()),
        status=StudentStatus.DEPARTED if _is_gone(row) else StudentStatus.ACTIVE,
        email=row.text("email", 320),
    )
    if not (student.given_name or student.family_name):
        row.problem("givenName", "Fill in the given name or the family name.")
    return RosterRow(
        number=row.number, student=student, guardian_emails=_guardians_of(row, bundle, told)
    )


def _guardians_of(row: Row, bundle: Bundle, told: _Told) -> tuple[str, ...] | None:
    """The addresses of those who may sign; None in a delta that does not tell of all of them."""
    agents = _several(row, "agentSourcedIds")
    if bundle.is_delta and any(agent not in told.emails for agent in agents):
        return None
    return tuple(dict.fromkeys(told.emails[one] for one in agents if told.emails.get(one)))


def _rows_of_changed_classes(
    bundle: Bundle,
    before: Mapping[StudentId, Student],
    told: _Told,
    done: set[StudentId],
) -> list[RosterRow]:
    """In a delta a student may change class without being told of otherwise."""
    if not bundle.is_delta:
        return []
    return [
        RosterRow(number=0, student=replace(before[student_id], classes=keys), guardian_emails=None)
        for student_id, keys in ((StudentId(one), keys) for one, keys in told.classes.items())
        if student_id in before and student_id not in done
    ]


def _roles_of(bundle: Bundle) -> defaultdict[str, set[str]]:
    """The roles of each user that are not taken back."""
    roles: defaultdict[str, set[str]] = defaultdict(set)
    for row in bundle.rows("roles"):
        if not _is_gone(row):
            roles[row.cells["userSourcedId"]].add(row.cells["role"].casefold())
    if bundle.version == "1.1":
        for row in bundle.rows("users"):
            roles[row.cells["sourcedId"]].add(row.cells["role"].casefold())
    return roles


def _schools_of(bundle: Bundle) -> dict[str, School]:
    return {
        row.cells["sourcedId"]: School(
            key=SchoolKey(row.required("sourcedId", 100)), name=row.text("name")
        )
        for row in bundle.rows("orgs")
        if row.cells["type"].casefold() == "school" and not _is_gone(row)
    }


def _school_by_role(bundle: Bundle, schools: Mapping[str, School]) -> dict[str, str]:
    """The school of each user's primary role, else of any."""
    found: dict[str, str] = {}
    for row in sorted(bundle.rows("roles"), key=_is_primary):
        if row.cells["orgSourcedId"] in schools and not _is_gone(row):
            found[row.cells["userSourcedId"]] = row.cells["orgSourcedId"]
    return found


def _is_primary(row: Row) -> bool:
    return row.cells["roleType"].casefold() == "primary"


def _school_of(row: Row, told: _Told) -> str:
    """The user's primary school, else the one of a role, else the first of the user's own."""
    by_role = told.school_of.get(row.cells["sourcedId"], "")
    named = (row.cells["primaryOrgSourcedId"], by_role, *_several(row, "orgSourcedIds"))
    return next((one for one in named if one in told.schools), "")


def _births_of(bundle: Bundle) -> dict[str, date | None]:
    return {
        row.cells["sourcedId"]: row.date_or_none("birthDate")
        for row in bundle.rows("demographics")
        if not _is_gone(row)
    }


def _classes_by_student(
    bundle: Bundle, before: Mapping[StudentId, Student]
) -> dict[str, tuple[ClassKey, ...]]:
    classes: dict[str, set[ClassKey]] = {}
    if bundle.is_delta:
        moved = {StudentId(row.cells["userSourcedId"]) for row in bundle.rows("enrollments")}
        classes = {one: set(before[one].classes) for one in moved & before.keys()}
    for row in bundle.rows("enrollments"):
        if row.cells["role"].casefold() != "student":
            continue
        theirs = classes.setdefault(row.cells["userSourcedId"], set())
        key = _class_key(row.cells["schoolSourcedId"], row.cells["classSourcedId"])
        if _is_gone(row):
            theirs.discard(key)
        else:
            theirs.add(key)
    return {student_id: tuple(sorted(keys)) for student_id, keys in classes.items()}


def _class_groups(bundle: Bundle) -> tuple[ClassGroup, ...]:
    return tuple(
        ClassGroup(
            key=_class_key(row.cells["schoolSourcedId"], row.cells["sourcedId"]),
            school=SchoolKey(row.cells["schoolSourcedId"]),
            name=row.text("title"),
        )
        for row in bundle.rows("classes")
        if not _is_gone(row)
    )


def _class_key(school: str, class_id: str) -> ClassKey:
    return ClassKey(f"{school}/{class_id}")


def _signing_emails(bundle: Bundle, roles: Mapping[str, set[str]]) -> dict[str, str]:
    """The address of every user who may sign for a student; empty for one who may not."""
    emails: dict[str, str] = {}
    for row in bundle.rows("users"):
        user = row.cells["sourcedId"]
        may_sign = not _is_gone(row) and bool(_SIGNING_ROLES & roles.get(user, set()))
        emails[user] = row.text("email", 320) if may_sign else ""
    return emails


def _year_end(bundle: Bundle) -> date | None:
    ends = [
        row.date_or_none("endDate")
        for row in bundle.rows("academicSessions")
        if row.cells["type"].casefold() == "schoolyear" and not _is_gone(row)
    ]
    return max((end for end in ends if end is not None), default=None)


def _several(row: Row, column: str) -> tuple[str, ...]:
    values: Iterable[str] = (value.strip() for value in row.cells[column].split(","))
    return tuple(dict.fromkeys(value for value in values if value))


def _is_gone(row: Row) -> bool:
    return row.cells["status"].casefold() == _GONE
