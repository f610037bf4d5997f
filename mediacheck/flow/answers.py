"""Answers the family that asked for a removal, whoever did what it asked for."""

from __future__ import annotations

from mediacheck.model.family_log import RequestKind
from mediacheck.model.people import StaffId
from mediacheck.model.publication import PublicationId
from mediacheck.ports.services import Work
from release_db.words import StudentId


def answer_removals(
    work: Work,
    student: StudentId,
    publication: PublicationId,
    *,
    is_granted: bool,
    by: StaffId,
) -> None:
    """Answers every open request for that publication to be taken down."""
    for asked in work.family_log.requests_of(student):
        is_it = asked.kind is RequestKind.REMOVAL and asked.about == publication
        if is_it and asked.answered_at is None:
            work.family_log.answer(asked.request_id, is_granted=is_granted, by=by)
