"""Applies what an import was shown to change, and records it: one way for page and command line.

A plan is applied in the transaction in which it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mediacheck.accounts.roster_teachers import TeachersPlan, apply_teachers
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.publication import Trigger
from mediacheck.ports.services import Services, Work
from release_db.deliveries_csv import DeliveriesPlan, apply_deliveries
from release_db.releases_plan import ReleasesPlan, apply_releases
from release_db.roster_plan import RosterPlan, apply_roster
from release_db.sis_codes import SisCode
from release_db.words import StudentId

#: Of what a roster says of a student, that which a permission may rest on.
_PERMISSIONS_REST_ON = frozenset({"birth_on", "guardian_emails", "school", "status"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """The file that is imported, by its hash, and who imports it."""

    sha256: str
    actor: str


def import_roster(services: Services, work: Work, plan: RosterPlan, file: ImportedFile) -> None:
    """Makes the changes of a roster, and stops and brings down what they no longer allow."""
    apply_roster(work.register, plan, services.clock.now())
    # The keys of the new names are made now, so that no post has to wait for them.
    services.name_matcher(work.register)
    for student_id, change in _changes_of(plan):
        work.audit.write(
            Event.STANDING_CHANGED,
            actor=file.actor,
            subject=student_id,
            change=change,
            file=file.sha256,
        )
    for hold in plan.holds:
        work.audit.write(
            Event.HOLD_PLACED, actor=file.actor, subject=hold.student_id, file=file.sha256
        )
    _record(
        work,
        Event.ROSTER_IMPORTED,
        file,
        added=len(plan.added),
        changed=len(plan.changed),
        gone=len(plan.gone),
        set_aside=len(plan.set_aside),
        is_confirmed=plan.needs_confirmation,
    )
    after_change(services, work, plan.stricter_for, trigger=Trigger.ROSTER, by=file.actor)


def import_teachers(work: Work, plan: TeachersPlan, file: ImportedFile) -> None:
    """Makes the roster's teachers those of the file; accounts of who moved or left follow."""
    apply_teachers(work, plan, by=file.actor)
    _record(
        work,
        Event.TEACHERS_IMPORTED,
        file,
        added=len(plan.added),
        changed=len(plan.changed),
        gone=len(plan.gone),
        closed=len(plan.closing),
        is_confirmed=bool(plan.warning),
    )


def _changes_of(plan: RosterPlan) -> Iterator[tuple[StudentId, str]]:
    """Each student of whom something changed that a permission may rest on, and what."""
    for student_id in plan.gone:
        yield student_id, "departed"
    for one in plan.changed:
        words = [field for field in one.fields if field in _PERMISSIONS_REST_ON]
        if words:
            yield one.student_id, ",".join(words)


def import_releases(services: Services, work: Work, plan: ReleasesPlan, file: ImportedFile) -> None:
    """Records the answers of a file, and stops and brings down what they no longer allow."""
    apply_releases(work.register, plan, services.clock.now())
    _record(
        work,
        Event.RELEASES_IMPORTED,
        file,
        added=len(plan.added),
        loosened=len(plan.loosened),
        dropped=len(plan.dropped),
        set_aside=len(plan.set_aside),
        is_confirmed=plan.needs_confirmation,
    )
    after_change(services, work, plan.stricter_for, trigger=Trigger.ANSWER, by=file.actor)


def import_deliveries(
    services: Services, work: Work, plan: DeliveriesPlan, file: ImportedFile
) -> None:
    """Records the proof that families were sent a notice, or that one did not arrive."""
    apply_deliveries(work.register, plan)
    _record(
        work,
        Event.DELIVERIES_IMPORTED,
        file,
        added=len(plan.added),
        failed=len(plan.failed),
    )
    after_change(services, work, plan.concerned, trigger=Trigger.ROSTER, by=file.actor)


def import_codes(work: Work, codes: Sequence[SisCode], file: ImportedFile) -> None:
    """Sets what the codes of the student information system mean."""
    work.register.terms.set_sis_codes(codes, by=file.actor)
    _record(work, Event.SIS_CODES_IMPORTED, file, codes=len(codes))


def refuse_import(work: Work, file: ImportedFile, *, problems: int) -> None:
    """Records that a file was refused; nothing else of it stays."""
    _record(work, Event.IMPORT_REFUSED, file, problems=problems)


def _record(work: Work, event: Event, file: ImportedFile, **counts: int | bool) -> None:
    work.audit.write(event, actor=file.actor, subject=file.sha256, **counts)
