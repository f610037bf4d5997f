"""What a roster would change, whatever its format, and the changing of it: all or nothing.

A plan is applied in the transaction that it was made in; a page that shows one and waits for a
person makes it anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Protocol

from release_db.records import ClassGroup, Guardian, Hold, School, Student, StudentFile
from release_db.roster_checks import (
    REUSED_ID,
    closes_reused,
    other_people,
    require_kept_zeros,
    require_plausible_ages,
)
from release_db.roster_file import RosterFile
from release_db.roster_links import links_of, links_of_contacts, turned
from release_db.words import ClassKey, HoldId, Rights, SchoolKey, StudentId, StudentStatus

#: A file that drops more of the active students than this needs a person to confirm it.
MAX_SHARE_GONE = 0.05

#: So does one that leaves more of the students with a guardian who may sign no more.
MAX_SHARE_LOSING = 0.05

#: The policy under which each import leaves its moment.
IMPORTED_AT_KEY = "roster_imported_at"

#: The policy that says on which day a school year ends.
YEAR_END_KEY = "school_year_ends_on"

_IMPORT = "roster-import"

_Links = Mapping[StudentId, tuple[Guardian, ...]]


class Contacts(Protocol):
    """What an import needs of what stands around the releases."""

    def links_of_contacts(self, sis_ids: Collection[str]) -> tuple[Guardian, ...]:
        """The links of these people, by their ids in the student information system."""
        ...


class RosterRegister(Protocol):
    """What an import needs of the register; see ``ReleaseRegister`` for the promises."""

    @property
    def terms(self) -> Contacts:
        """What stands around the releases."""
        ...

    def schools(self) -> tuple[School, ...]:
        """Every school."""
        ...

    def classes(self) -> tuple[ClassGroup, ...]:
        """Every class."""
        ...

    def everyone(self) -> tuple[Student, ...]:
        """Every student, departed ones too."""
        ...

    def student_files(self, students: Collection[StudentId]) -> Mapping[StudentId, StudentFile]:
        """What the rules may look at, for each of these students that exists."""
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

    def place_hold(self, hold: Hold) -> None:
        """Places a hold."""
        ...

    def policy_or_none(self, key: str, school: SchoolKey | None = None) -> str | None:
        """A policy value, else None."""
        ...

    def set_policy(
        self, key: str, value: str, *, school: SchoolKey | None, by: str, at: datetime
    ) -> object:
        """Sets a policy value."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentChange:
    """Which columns of a student would change."""

    student_id: StudentId
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPlan:
    """What a roster would change. ``gone`` are active students who would be departed.

    ``returned`` are departed students who would be active again (they are in ``changed`` too):
    their releases that have not ended count again. ``set_aside`` are ids that the file gives to
    somebody else: their rows change nothing, and ``holds`` close the records on file. ``losing``
    and ``gaining`` are the students with a guardian on record who may sign no more, or may now;
    ``signed_for_before`` counts the students of the file whom somebody may sign for.
    """

    added: tuple[StudentId, ...]
    changed: tuple[StudentChange, ...]
    returned: tuple[StudentId, ...]
    gone: tuple[StudentId, ...]
    set_aside: tuple[StudentId, ...] = ()
    losing: tuple[StudentId, ...] = ()
    gaining: tuple[StudentId, ...] = ()
    new_schools: tuple[School, ...]
    new_classes: tuple[ClassGroup, ...]
    active_before: int
    signed_for_before: int = 0
    year_ends_on: date | None = None
    holds: tuple[Hold, ...] = ()
    students: tuple[Student, ...] = field(repr=False)
    guardians: tuple[Guardian, ...] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether the file says what the register holds already."""
        return not (self.students or self.guardians or self.year_ends_on or self.holds)

    @property
    def share_gone(self) -> float:
        """The share of the active students who would be departed, 0 to 1."""
        return len(self.gone) / self.active_before if self.active_before else 0.0

    @property
    def share_losing(self) -> float:
        """The share of the students whom somebody may sign for who would lose one, 0 to 1."""
        return len(self.losing) / self.signed_for_before if self.signed_for_before else 0.0

    @property
    def warning(self) -> str:
        """What a person must confirm; empty where nothing is out of the ordinary."""
        if self.share_gone > MAX_SHARE_GONE:
            return (
                f"{len(self.gone)} of {self.active_before} students ({self.share_gone:.1%}) would "
                "be gone, and no release of theirs would count any more."
            )
        if self.share_losing > MAX_SHARE_LOSING:
            return (
                f"{len(self.losing)} of {self.signed_for_before} students "
                f"({self.share_losing:.1%}) would lose a guardian who may sign, and what that "
                "guardian allowed would count no more."
            )
        return ""

    @property
    def needs_confirmation(self) -> bool:
        """Whether so much would end that a person must confirm it."""
        return bool(self.warning)

    @property
    def stricter_for(self) -> frozenset[StudentId]:
        """The students of whom less may be allowed than before."""
        return frozenset((*self.gone, *self.set_aside, *(one.student_id for one in self.changed)))


def plan_roster(register: RosterRegister, file: RosterFile, on: date) -> RosterPlan:
    """What the file would change if it were applied on that day.

    Raises:
        ImportRefused: a birth date cannot be right, or ids have lost their leading zeros.
    """
    require_plausible_ages(file, on)
    everyone = {student.student_id: student for student in register.everyone()}
    require_kept_zeros(file, everyone)
    others = other_people(file, everyone)
    rows = [row for row in file.rows if row.student.student_id not in others]
    planned = {
        row.student.student_id: _as_of(row.student, everyone, file.untold, on) for row in rows
    }
    if not file.is_delta:
        told = planned.keys() | others
        planned |= {
            student_id: replace(student, status=StudentStatus.DEPARTED, left_on=on)
            for student_id, student in everyone.items()
            if student_id not in told and student.status is StudentStatus.ACTIVE
        }
    before: _Links = register.guardians_of([row.student.student_id for row in rows])
    links: _Links = {
        row.student.student_id: links_of(row, before.get(row.student.student_id, ()))
        for row in rows
    }
    before, links = _with_contacts(register, file, before, links)
    planned = {one: everyone[one] for one in links if one in everyone} | planned
    plan = _plan_from(register, file, (everyone, planned), links)
    plan = replace(plan, set_aside=tuple(sorted(others)), holds=_holds_for(register, others, on))
    return _with_guardians(plan, [link for theirs in before.values() for link in theirs])


def _with_contacts(
    register: RosterRegister, file: RosterFile, before: _Links, links: _Links
) -> tuple[_Links, _Links]:
    """Both with the links of the people of whom a delta tells without the student's row."""
    told = {row.student.student_id for row in file.rows if row.guardians is not None}
    found = register.terms.links_of_contacts(file.contacts)
    students = {link.student_id for link in found} - told
    if not students:
        return before, links
    theirs = {**before, **register.guardians_of(students)}
    changed = {one: links_of_contacts(file.contacts, theirs[one]) for one in students}
    return theirs, {**links, **changed}


def apply_roster(register: RosterRegister, plan: RosterPlan, at: datetime) -> None:
    """Makes the changes, in the transaction that the plan was made in."""
    for school in plan.new_schools:
        register.save_school(school)
    for group in plan.new_classes:
        register.save_class(group)
    register.save_students(plan.students)
    register.save_guardians(plan.guardians)
    for hold in plan.holds:
        register.place_hold(hold)
    if plan.year_ends_on is not None:
        end = plan.year_ends_on.isoformat()
        register.set_policy(YEAR_END_KEY, end, school=None, by=_IMPORT, at=at)
    register.set_policy(IMPORTED_AT_KEY, at.isoformat(), school=None, by=_IMPORT, at=at)


def _as_of(
    student: Student, everyone: Mapping[StudentId, Student], untold: frozenset[str], on: date
) -> Student:
    """The student as the file says, with what the file does not tell: the day of leaving, too.

    A blank birth date is untold: who is of age would else be in the guardians' hands again.
    """
    before = everyone.get(student.student_id)
    if before is not None:
        missing = untold if student.birth_on is not None else untold | {"birth_on"}
        student = replace(student, **{name: getattr(before, name) for name in missing})
    if student.status is StudentStatus.ACTIVE:
        return student
    was_gone = before is not None and before.status is StudentStatus.DEPARTED
    return replace(student, left_on=before.left_on if before and was_gone else on)


def _holds_for(
    register: RosterRegister, others: Collection[StudentId], on: date
) -> tuple[Hold, ...]:
    """A hold for each record that none of an earlier import closes already."""
    files = register.student_files(others)
    return tuple(
        Hold(
            hold_id=HoldId(f"{student_id}-reused-{len(file.holds) + 1}"),
            student_id=student_id,
            starts_on=on,
            kind=REUSED_ID,
            placed_by=_IMPORT,
        )
        for student_id, file in sorted(files.items())
        if not any(closes_reused(hold, on) for hold in file.holds)
    )


def _with_guardians(plan: RosterPlan, before: Collection[Guardian]) -> RosterPlan:
    """The plan with whom it gives, and takes, somebody who may sign."""
    may_sign = {link.student_id for link in before if link.rights is Rights.FULL}
    return replace(
        plan,
        losing=tuple(sorted(turned(plan.guardians, before, Rights.UNVERIFIED))),
        gaining=tuple(sorted(turned(plan.guardians, before, Rights.FULL))),
        signed_for_before=len(may_sign),
    )


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
    gone = (active & after.keys()) - now_active
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
