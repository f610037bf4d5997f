"""Applies what an import was shown to change, and records it: one way for page and command line.

A plan is applied in the transaction in which it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mediacheck.model.audit import Event
from mediacheck.ports.services import Work
from release_db.releases_plan import ReleasesPlan, apply_releases
from release_db.roster import RosterPlan, apply_roster
from release_db.sis_codes import SisCode


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """The file that is imported, by its hash, and who imports it."""

    sha256: str
    actor: str


def import_roster(work: Work, plan: RosterPlan, file: ImportedFile, at: datetime) -> None:
    """Makes the changes of a roster."""
    apply_roster(work.register, plan, at)
    _record(
        work,
        Event.ROSTER_IMPORTED,
        file,
        added=len(plan.added),
        changed=len(plan.changed),
        gone=len(plan.gone),
        is_confirmed=plan.needs_confirmation,
    )


def import_releases(work: Work, plan: ReleasesPlan, file: ImportedFile, at: datetime) -> None:
    """Records the answers of a file."""
    apply_releases(work.register, plan, at)
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


def import_codes(work: Work, codes: Sequence[SisCode], file: ImportedFile) -> None:
    """Sets what the codes of the student information system mean."""
    work.register.terms.set_sis_codes(codes, by=file.actor)
    _record(work, Event.SIS_CODES_IMPORTED, file, codes=len(codes))


def refuse_import(work: Work, file: ImportedFile, *, problems: int) -> None:
    """Records that a file was refused; nothing else of it stays."""
    _record(work, Event.IMPORT_REFUSED, file, problems=problems)


def _record(work: Work, event: Event, file: ImportedFile, **counts: int | bool) -> None:
    work.audit.write(event, actor=file.actor, subject=file.sha256, **counts)
