"""The certificates of destroyed templates, as pages, commands and downloads say them."""

from __future__ import annotations

from collections.abc import Mapping

from mediacheck.flow.retention import CLOCK
from release_db.destruction import is_unaltered
from release_db.records import DestructionRecord
from release_db.words import Capacity

#: Who may have destroyed what, where it was no member of staff.
_WHO = {
    CLOCK: "mediacheck, by the clock",
    "": "mediacheck",
    Capacity.GUARDIAN.value: "A guardian, who ended the consent",
    Capacity.STUDENT.value: "The student, who ended the consent",
    Capacity.OFFICE.value: "The office, which recorded a no",
    Capacity.SIS.value: "The student information system, which says no",
    "command-line": "Somebody at the command line",
    "upgrade": "The upgrade of the database",
}


def who_destroyed(record: DestructionRecord, names: Mapping[str, str]) -> str:
    """By whom, in words; ``names`` are the ones of the staff."""
    return names.get(record.destroyed_by) or _WHO.get(record.destroyed_by, record.destroyed_by)


def certificate_json(record: DestructionRecord) -> dict[str, object]:
    """What a certificate says, for another program or a file to keep."""
    return {
        "certificate": record.certificate_id,
        "is_unaltered": is_unaltered(record),
        "student": record.student_id,
        "templates": record.templates,
        "what": "face templates; with the last one the portrait and the key that sealed them",
        "why": record.why,
        "destroyed_at": record.destroyed_at.isoformat(),
        "destroyed_by": record.destroyed_by,
        "backups_may_hold_it_until": (
            record.backups_until.isoformat() if record.backups_until else None
        ),
    }
