"""Where the students of a OneRoster bundle go: their schools and classes, in whatever row order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from release_db.csv_table import Row
from release_db.oneroster_bundle import Bundle
from release_db.oneroster_people import is_gone, several
from release_db.records import ClassGroup, School, Student
from release_db.words import ClassKey, SchoolKey, StudentId

_KEY_CHARACTERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What a bundle tells of where its users go.

    ``by_role`` are the schools of each user's roles as a student, the primary one first; ``left``
    those of such roles that were taken back. ``classes`` are whole, also where a delta changes
    some of them.
    """

    schools: Mapping[str, School]
    by_role: Mapping[str, tuple[str, ...]]
    left: Mapping[str, frozenset[str]]
    enrolled: Mapping[str, frozenset[str]]
    classes: Mapping[str, tuple[ClassKey, ...]]


def places_of(
    bundle: Bundle, before: Mapping[StudentId, Student], known: Iterable[School]
) -> Places:
    """Where everybody goes; ``before`` and ``known`` are on record, which a delta changes."""
    enrolled = _enrolled(bundle)
    by_role, left = _by_role(bundle, enrolled)
    return Places(
        schools=_schools_of(bundle, known),
        by_role=by_role,
        left=left,
        enrolled=enrolled,
        classes=_classes_by_student(bundle, before),
    )


def school_of(row: Row, places: Places) -> str:
    """The user's primary school, else the one of a role, else the listed one with their classes."""
    user = row.cells["sourcedId"]
    listed = several(row, "orgSourcedIds")
    attended = [one for one in listed if one in places.enrolled.get(user, ())]
    named = (row.cells["primaryOrgSourcedId"], *places.by_role.get(user, ()), *attended, *listed)
    return next((one for one in named if one in places.schools), "")


def school_after(student: Student, classes: Collection[ClassKey], places: Places) -> SchoolKey:
    """Where a student goes whose own row a delta does not have.

    A role as a student says it; else the classes do, when none of the old school is left and all
    are of one other.
    """
    for one in places.by_role.get(student.student_id, ()):
        if one in places.schools:
            return SchoolKey(one)
    attended = {key.rpartition("/")[0] for key in classes} & set(places.schools)
    if student.school in attended or len(attended) != 1:
        return student.school
    return SchoolKey(attended.pop())


def class_groups(bundle: Bundle) -> tuple[ClassGroup, ...]:
    """The classes with their names."""
    return tuple(
        ClassGroup(
            key=_class_key(row, "sourcedId"),
            school=SchoolKey(row.cells["schoolSourcedId"]),
            name=row.text("title"),
        )
        for row in bundle.rows("classes")
        if not is_gone(row)
    )


def _schools_of(bundle: Bundle, known: Iterable[School]) -> dict[str, School]:
    """The schools of the bundle; a delta has only those that changed."""
    schools = {str(school.key): school for school in known} if bundle.is_delta else {}
    for row in bundle.rows("orgs"):
        if row.cells["type"].casefold() != "school":
            continue
        key = row.required("sourcedId", _KEY_CHARACTERS)
        if is_gone(row):
            schools.pop(key, None)
        else:
            schools[key] = School(key=SchoolKey(key), name=row.text("name"))
    return schools


def _by_role(
    bundle: Bundle, enrolled: Mapping[str, Collection[str]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    held: defaultdict[str, set[tuple[bool, bool, str]]] = defaultdict(set)
    left: defaultdict[str, set[str]] = defaultdict(set)
    for row in bundle.rows("roles"):
        if row.cells["role"].casefold() != "student":
            continue
        user, org = row.cells["userSourcedId"], row.cells["orgSourcedId"]
        if is_gone(row):
            left[user].add(org)
        else:
            is_primary = row.cells["roleType"].casefold() == "primary"
            held[user].add((not is_primary, org not in enrolled.get(user, ()), org))
    by_role = {user: tuple(org for *_, org in sorted(theirs)) for user, theirs in held.items()}
    return by_role, {user: frozenset(orgs) for user, orgs in left.items() if user not in held}


def _enrolled(bundle: Bundle) -> dict[str, frozenset[str]]:
    """The schools in which each student is in a class."""
    schools: defaultdict[str, set[str]] = defaultdict(set)
    for row in _enrollments(bundle):
        if not is_gone(row):
            schools[row.cells["userSourcedId"]].add(row.cells["schoolSourcedId"])
    return {user: frozenset(theirs) for user, theirs in schools.items()}


def _classes_by_student(
    bundle: Bundle, before: Mapping[StudentId, Student]
) -> dict[str, tuple[ClassKey, ...]]:
    """Whole lists of classes. What is taken back goes first: an enrollment may be made anew."""
    classes: dict[str, set[ClassKey]] = {}
    for row in sorted(_enrollments(bundle), key=is_gone, reverse=True):
        user = row.cells["userSourcedId"]
        earlier = before.get(StudentId(user)) if bundle.is_delta else None
        theirs = classes.setdefault(user, set(earlier.classes) if earlier else set())
        key = _class_key(row, "classSourcedId")
        if is_gone(row):
            theirs.discard(key)
        else:
            theirs.add(key)
    return {user: tuple(sorted(keys)) for user, keys in classes.items()}


def _enrollments(bundle: Bundle) -> list[Row]:
    rows = bundle.rows("enrollments")
    return [row for row in rows if row.cells["role"].casefold() == "student"]


def _class_key(row: Row, column: str) -> ClassKey:
    key = f"{row.cells['schoolSourcedId']}/{row.cells[column]}"
    if len(key) > _KEY_CHARACTERS:
        row.problem(column, "This id is longer than any system makes them. Export it again.")
    return ClassKey(key)
