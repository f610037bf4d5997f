"""What an import would change, in lines that a registrar can check. Students are named by id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from mediacheck.accounts.roster_teachers import TeachersPlan, plan_teachers
from mediacheck.errors import BadRequest
from mediacheck.flow.imports import (
    ImportedFile,
    import_codes,
    import_releases,
    import_roster,
    import_teachers,
)
from mediacheck.ports.services import Services, Work
from release_db import releases_csv, roster, sis_codes, teachers_csv
from release_db.records import BiometricConsent, Release
from release_db.register import ReleaseRegister
from release_db.releases_plan import ReleasesPlan
from release_db.releases_source import plan_any_releases
from release_db.roster_plan import RosterPlan, plan_roster
from release_db.roster_source import read_any_roster
from release_db.teachers_csv import read_teachers

#: What can be imported, in the words of the form.
KINDS = {
    "roster": "The roster",
    "releases": "Releases and biometric consents, or the student system's export of permissions",
    "teachers": "The teachers, where the roster does not tell them",
    "codes": "What the codes in the student system's export mean",
}

#: What each kind of file looks like.
COLUMNS_OF = {
    "roster": f"A OneRoster 1.1 or 1.2 bundle, or a CSV file: {', '.join(roster.COLUMNS)}",
    "releases": (
        f"{', '.join(releases_csv.COLUMNS)}. Of a student system's export: student id, code, "
        "status, status date, end date"
    ),
    "teachers": f"{', '.join(teachers_csv.COLUMNS)}. A bundle tells of the teachers itself",
    "codes": (
        f"{', '.join(sis_codes.COLUMNS)}. A code of no concern here has only the first two filled "
        "in"
    ),
}

#: A longer list is counted, and not shown in full.
MOST_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of change, and where it falls."""

    title: str
    lines: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """The lines that the page has room for."""
        return self.lines[:MOST_LINES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that a file would change, and the way to change it.

    ``notes`` are sentences on what the file says and changes nothing by. ``warning`` is empty
    unless so much would change that a person must confirm it. ``apply`` makes and records the
    changes, in the transaction in which the difference was read.
    """

    is_empty: bool
    sections: tuple[Section, ...]
    warning: str
    notes: tuple[str, ...] = ()
    apply: Callable[[Services, Work, ImportedFile], None]

    @property
    def needs_confirmation(self) -> bool:
        """Whether a person must confirm it."""
        return bool(self.warning)

    @property
    def digest(self) -> str:
        """The same for two differences that would show the same lines, however many."""
        lines = [f"{section.title}: {line}" for section in self.sections for line in section.lines]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_difference(kind: str, work: Work, data: bytes, on: date) -> Difference:
    """What a file of that kind would change.

    Raises:
        ImportRefused: the file cannot be imported, with every problem in it.
        BadRequest: there is no such kind.
    """
    match kind:
        case "roster":
            return _roster_difference(work, data, on)
        case "teachers":
            plan = plan_teachers(work, read_teachers(data), is_delta=False)
            return _teachers_difference(plan)
        case "releases":
            return _releases_difference(work.register, data, on)
        case "codes":
            return _codes_difference(work.register, data)
        case _:
            raise BadRequest


def _roster_difference(work: Work, data: bytes, on: date) -> Difference:
    told = read_any_roster(data, work.register)
    plan = plan_roster(work.register, told, on)
    is_delta = told.is_delta or told.teachers is None
    teachers = _teachers_difference(plan_teachers(work, told.teachers or (), is_delta=is_delta))
    changes = (f"{one.student_id}: {', '.join(one.fields)}" for one in plan.changed)
    return Difference(
        is_empty=plan.is_empty and teachers.is_empty,
        sections=(
            _section("New students", plan.added),
            _section("Changed students", changes),
            _section("Gone: their releases stop", plan.gone),
            _section("Back, with the releases that have not ended", plan.returned),
            _section("A guardian may sign no more", plan.losing),
            _section("A guardian may sign now", plan.gaining),
            _section("Another person under a known id: set aside", plan.set_aside),
            _section("The school year ends on", _year_end(plan)),
            _section("New schools", (school.key for school in plan.new_schools)),
            _section("New classes", (group.key for group in plan.new_classes)),
            *teachers.sections,
        ),
        warning=" ".join(filter(None, (plan.warning, teachers.warning))),
        apply=lambda held, work, file: _apply_both(held, work, file, plan, teachers),
    )


def _teachers_difference(plan: TeachersPlan) -> Difference:
    return Difference(
        is_empty=plan.is_empty,
        sections=(
            _section("New teachers", plan.added),
            _section("Changed teachers", plan.changed),
            _section("Teachers who left: their accounts close", plan.gone),
            _section("Left, and the last administrator: the account stays open", plan.stays),
        ),
        warning=plan.warning,
        apply=lambda _, work, file: import_teachers(work, plan, file),
    )


def _apply_both(
    services: Services, work: Work, file: ImportedFile, plan: RosterPlan, teachers: Difference
) -> None:
    import_roster(services, work, plan, file)
    if not teachers.is_empty:
        teachers.apply(services, work, file)


def _year_end(plan: RosterPlan) -> tuple[str, ...]:
    return (plan.year_ends_on.isoformat(),) if plan.year_ends_on is not None else ()


def _releases_difference(register: ReleaseRegister, data: bytes, on: date) -> Difference:
    plan = plan_any_releases(register, data, on)
    return Difference(
        is_empty=plan.is_empty,
        sections=(
            _section("New decisions", map(_words_of, plan.added)),
            _section("Looser than before", map(_words_of, plan.loosened)),
            _section("Stricter than before", map(_words_of, plan.tightened)),
            _section("Over already: they allow nothing", map(_words_of, plan.ended)),
            _section("No longer in the file: taken back", map(_words_of, plan.dropped)),
            _section("No longer in the file: still a no", map(_words_of, plan.kept)),
            _section("Not on the roster: set aside", plan.set_aside),
        ),
        warning=plan.warning,
        notes=_notes_on(plan),
        apply=lambda held, work, file: import_releases(held, work, plan, file),
    )


def _notes_on(plan: ReleasesPlan) -> tuple[str, ...]:
    notes = []
    if plan.kept:
        notes.append(f"Refusals that are no longer in it, and still count: {len(plan.kept)}.")
    if plan.set_aside:
        notes.append(f"Students in it who are not on the roster: {len(plan.set_aside)}.")
    return tuple(notes)


def _codes_difference(register: ReleaseRegister, data: bytes) -> Difference:
    codes = sis_codes.read_codes(data, {channel.key for channel in register.channels()})
    after = [code.words for code in codes]
    before = [code.words for code in register.terms.sis_codes()]
    return Difference(
        is_empty=after == before,
        sections=(
            _section("New meanings", (line for line in after if line not in before)),
            _section("No longer so", (line for line in before if line not in after)),
            _section("All that the codes will mean", after),
        ),
        warning="",
        apply=lambda _, work, file: import_codes(work, codes, file),
    )


def _section(title: str, lines: Iterable[str]) -> Section:
    return Section(title=title, lines=tuple(lines))


def _words_of(decision: Release | BiometricConsent) -> str:
    if isinstance(decision, BiometricConsent):
        return f"{decision.student_id}, face template: {decision.answer.value}"
    scope = decision.scope
    where = scope.channel or scope.audience or "every channel"
    form = f", {scope.name_form.value}" if scope.name_form else ""
    return f"{decision.student_id}, {scope.use.value} on {where}{form}: {decision.answer.value}"
