"""Reads the plain roster CSV, shows what it would change, and changes it: all or nothing.

Reading, planning and applying are three steps. A plan is applied in the transaction that it was
made in; a page that shows one and waits for a person makes it anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from release_db.csv_table import Problems, Row, read_table
from release_db.records import ClassGroup, Guardian, School, Student
from release_db.roster_checks import require_plausible_ages, require_same_people
from release_db.roster_file import RosterFile, RosterRow
from release_db.words import ClassKey, GuardianId, Rights, SchoolKey, StudentId, StudentStatus

COLUMNS = (
    "student_id",
    "given_name",
    "middle_name",
    "family_name",
    "suffix",
    "preferred_name",
    "other_names",
    "birth_date",
    "grade",
    "school",
    "classes",
    "guardian_emails",
    "status",
)

#: A file that drops more of the active students than this needs a person to confirm it.
MAX_SHARE_GONE = 0.05

#: The policy under which each import leaves its moment.
IMPORTED_AT_KEY = "roster_imported_at"

#: The policy that says on which day a school year ends.
YEAR_END_KEY = "school_year_ends_on"

_ID_CHARACTERS = 64
_KEY_CHARACTERS = 100
_EMAIL_CHARACTERS = 320


class RosterRegister(Protocol):
    """What an import needs of the register; see ``ReleaseRegister`` for the promises."""

    def schools(self) -> tuple[School, ...]:
        """Every school."""
        ...

    def classes(self) -> tuple[ClassGroup, ...]:
        """Every class."""
        ...

    def everyone(self) -> tuple[Student, ...]:
        """Every student, departed ones too."""
        ...

    def guardians_of(
        self, students: Collection[StudentId]
    ) -> Mapping[StudentId, tuple[Guardian, ...]]:
        """The guardians of each of these students that exists."""
        ...

    def save_school(self, school: School) -> None:
        """Adds a school."""
        ...

    def save_class(self, group: ClassGroup) -> None:
        """Adds a class."""
        ...

    def save_students(self, students: Sequence[Student]) -> None:
        """Adds students, or changes them."""
        ...

    def save_guardians(self, guardians: Sequence[Guardian]) -> None:
        """Adds guardians' links to students, or changes them."""
        ...

    def policy_or_none(self, key: str, school: SchoolKey | None = None) -> str | None:
        """A policy value, else None."""
        ...

    def set_policy(
        self, key: str, value: str, *, school: SchoolKey | None, by: str, at: datetime
    ) -> object:
        """Sets a policy value."""
        ...


class _Status(StrEnum):
    ACTIVE = "active"
    DEPARTED = "departed"
    INACTIVE = "inactive"
    WITHDRAWN = "withdrawn"
    GRADUATED = "graduated"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentChange:
    """Which columns of a student would change."""

    student_id: StudentId
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPlan:
    """What a roster would change. ``gone`` are active students who would be departed.

    ``returned`` are departed students who would be active again (they are in ``changed`` too):
    their releases that have not ended count again.
    """

    added: tuple[StudentId, ...]
    changed: tuple[StudentChange, ...]
    returned: tuple[StudentId, ...]
    gone: tuple[StudentId, ...]
    new_schools: tuple[School, ...]
    new_classes: tuple[ClassGroup, ...]
    active_before: int
    year_ends_on: date | None = None
    students: tuple[Student, ...] = field(repr=False)
    guardians: tuple[Guardian, ...] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether the file says what the register holds already."""
        return not (self.students or self.guardians or self.year_ends_on)

    @property
    def share_gone(self) -> float:
        """The share of the active students who would be departed, 0 to 1."""
        return len(self.gone) / self.active_before if self.active_before else 0.0

    @property
    def warning(self) -> str:
        """What a person must confirm; empty where nothing is out of the ordinary."""
        if self.share_gone <= MAX_SHARE_GONE:
            return ""
        return (
            f"{len(self.gone)} of {self.active_before} students ({self.share_gone:.1%}) would be "
            "gone, and no release of theirs would count any more."
        )

    @property
    def needs_confirmation(self) -> bool:
        """Whether so many would be gone that a person must confirm it."""
        return bool(self.warning)


def read_roster(data: bytes) -> RosterFile:
    """Reads a plain roster CSV.

    Raises:
        ImportRefused: with every problem of the file, up to fifty.
    """
    problems = Problems()
    rows = [_roster_row(row) for row in read_table(data, COLUMNS, problems)]
    seen: dict[StudentId, int] = {}
    for row in rows:
        first = seen.setdefault(row.student.student_id, row.number)
        if first != row.number:
            problems.add(
                row.number,
                "student_id",
                f"Student {row.student.student_id} is in row {first} already. Remove one of them.",
            )
    problems.refuse_if_any()
    return RosterFile(rows=tuple(rows))


def plan_roster(register: RosterRegister, file: RosterFile, on: date) -> RosterPlan:
    """What the file would change if it were applied on that day.

    Raises:
        ImportRefused: a birth date cannot be right.
    """
    require_plausible_ages(file, on)
    everyone = {student.student_id: student for student in register.everyone()}
    guardians = register.guardians_of([row.student.student_id for row in file.rows])
    require_same_people(file, everyone)
    planned = {row.student.student_id: _as_of(row.student, everyone, on) for row in file.rows}
    links = {
        row.student.student_id: _links_of(row, guardians.get(row.student.student_id, ()))
        for row in file.rows
    }
    for student_id, student in everyone.items():
        if file.is_delta:
            break
        if student_id not in planned and student.status is StudentStatus.ACTIVE:
            planned[student_id] = replace(student, status=StudentStatus.DEPARTED, left_on=on)
    return _plan_from(register, file, (everyone, planned), links)


def apply_roster(register: RosterRegister, plan: RosterPlan, at: datetime) -> None:
    """Makes the changes, in the transaction that the plan was made in."""
    for school in plan.new_schools:
        register.save_school(school)
    for group in plan.new_classes:
        register.save_class(group)
    register.save_students(plan.students)
    register.save_guardians(plan.guardians)
    if plan.year_ends_on is not None:
        end = plan.year_ends_on.isoformat()
        register.set_policy(YEAR_END_KEY, end, school=None, by="roster-import", at=at)
    register.set_policy(IMPORTED_AT_KEY, at.isoformat(), school=None, by="roster-import", at=at)


def _roster_row(row: Row) -> RosterRow:
    student = Student(
        student_id=StudentId(row.required("student_id", _ID_CHARACTERS)),
        given_name=row.text("given_name"),
        middle_name=row.text("middle_name"),
        family_name=row.text("family_name"),
        suffix=row.text("suffix"),
        preferred_name=row.text("preferred_name"),
        other_names=row.several("other_names"),
        birth_on=row.date_or_none("birth_date"),
        grade=row.text("grade"),
        school=SchoolKey(row.required("school", _KEY_CHARACTERS)),
        classes=tuple(ClassKey(key) for key in sorted(row.several("classes", _KEY_CHARACTERS))),
        status=_status_of(row),
    )
    if not (student.given_name or student.family_name):
        row.problem("given_name", "Fill in the given name or the family name.")
    emails = row.several("guardian_emails", _EMAIL_CHARACTERS)
    if not all(_is_email(email) for email in emails):
        row.problem("guardian_emails", "Write e-mail addresses, with ; between them.")
    return RosterRow(number=row.number, student=student, guardian_emails=emails)


def _status_of(row: Row) -> StudentStatus:
    status = row.choice_or_none("status", _Status)
    is_active = status in {None, _Status.ACTIVE}
    return StudentStatus.ACTIVE if is_active else StudentStatus.DEPARTED


def _is_email(text: str) -> bool:
    before, at, after = text.partition("@")
    return bool(before and at and after) and "@" not in after and not any(map(str.isspace, text))


def _as_of(student: Student, everyone: Mapping[StudentId, Student], on: date) -> Student:
    """The student as the file says, with the day of leaving that the file does not have."""
    if student.status is StudentStatus.ACTIVE:
        return student
    before = everyone.get(student.student_id)
    was_gone = before is not None and before.status is StudentStatus.DEPARTED
    return replace(student, left_on=before.left_on if before and was_gone else on)


def _links_of(row: RosterRow, before: tuple[Guardian, ...]) -> tuple[Guardian, ...]:
    """The links that would change. Whoever is listed is verified; whoever is not can only refuse.

    Rights that were removed stay removed: a court's order is not lifted by an export.
    """
    if row.guardian_emails is None:
        return ()
    listed = {email.casefold(): email for email in row.guardian_emails}
    known = {link.email.casefold(): link for link in before}
    changed: list[Guardian] = []
    for key, link in known.items():
        rights = Rights.FULL if key in listed else Rights.UNVERIFIED
        if link.rights not in {rights, Rights.REMOVED}:
            changed.append(replace(link, rights=rights))
    taken = {link.guardian_id for link in before}
    for key in (key for key in listed if key not in known):
        link_id = _free_id(row.student.student_id, taken)
        taken.add(link_id)
        changed.append(
            Guardian(guardian_id=link_id, student_id=row.student.student_id, email=listed[key])
        )
    return tuple(changed)


def _free_id(student_id: StudentId, taken: set[GuardianId]) -> GuardianId:
    number = len(taken) + 1
    while GuardianId(f"{student_id}-g{number}") in taken:
        number += 1
    return GuardianId(f"{student_id}-g{number}")


def _plan_from(
    register: RosterRegister,
    file: RosterFile,
    students: tuple[Mapping[StudentId, Student], Mapping[StudentId, Student]],
    links: Mapping[StudentId, tuple[Guardian, ...]],
) -> RosterPlan:
    before, after = students
    changes = {
        student_id: _changed_columns(before[student_id], student, links.get(student_id, ()))
        for student_id, student in after.items()
        if student_id in before
    }
    active = {
        student.student_id for student in before.values() if student.status is StudentStatus.ACTIVE
    }
    now_active = {
        student.student_id for student in after.values() if student.status is StudentStatus.ACTIVE
    }
    gone = active - now_active
    touched = {student_id for student_id, columns in changes.items() if columns}
    added = after.keys() - before.keys()
    return RosterPlan(
        added=tuple(sorted(added)),
        changed=tuple(
            StudentChange(student_id=student_id, fields=changes[student_id])
            for student_id in sorted(touched - gone)
        ),
        returned=tuple(sorted((now_active & before.keys()) - active)),
        gone=tuple(sorted(gone)),
        new_schools=_new_schools(register, after, file),
        new_classes=_new_classes(register, after, file),
        active_before=len(active),
        year_ends_on=_new_year_end(register, file),
        students=tuple(after[student_id] for student_id in sorted(added | touched)),
        guardians=tuple(link for changed in links.values() for link in changed),
    )


def _new_year_end(register: RosterRegister, file: RosterFile) -> date | None:
    """The end of the school year, where the district has not set one itself."""
    is_set = register.policy_or_none(YEAR_END_KEY) is not None
    return None if is_set else file.year_ends_on


def _changed_columns(
    before: Student, after: Student, links: tuple[Guardian, ...]
) -> tuple[str, ...]:
    columns = [
        part.name
        for part in fields(Student)
        if part.name != "left_on" and getattr(before, part.name) != getattr(after, part.name)
    ]
    return (*columns, *(["guardian_emails"] if links else []))


def _new_schools(
    register: RosterRegister, after: Mapping[StudentId, Student], file: RosterFile
) -> tuple[School, ...]:
    known = {school.key for school in register.schools()}
    keys = {student.school for student in after.values()} - known
    names = {school.key: school.name for school in file.schools}
    return tuple(School(key=key, name=names.get(key) or key) for key in sorted(keys))


def _new_classes(
    register: RosterRegister, after: Mapping[StudentId, Student], file: RosterFile
) -> tuple[ClassGroup, ...]:
    """The classes to be made; one belongs to the school its key begins with, or a student's own."""
    known = {group.key for group in register.classes()}
    schools = {school.key for school in register.schools()}
    schools |= {student.school for student in after.values()}
    found: dict[ClassKey, ClassGroup] = {}
    for student in after.values():
        for key in student.classes:
            named = SchoolKey(key.partition("/")[0])
            school = named if named in schools else student.school
            found[key] = ClassGroup(key=key, school=school, name=key.rpartition("/")[2] or key)
    found |= {group.key: group for group in file.classes if group.key in found}
    return tuple(found[key] for key in sorted(found.keys() - known))
