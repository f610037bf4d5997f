"""A no that somebody told the office, of the student's own or a guardian's: it counts at once.

Nothing here can allow anything, so nobody has to sign and no second person is needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from mediacheck.errors import NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.registrars import withdraw_now
from mediacheck.flow.registrars_guardians import require_guardian
from mediacheck.flow.registrars_papers import is_of_age
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.publication import Trigger
from release_db.records import BiometricConsent, Release, Scope, StudentFile
from release_db.words import (
    ActId,
    Answer,
    Audience,
    Capacity,
    GuardianId,
    ReleaseId,
    Rights,
    Use,
)

#: How such a word stands in the register.
TOLD = "told-to-staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who said no to what. ``by`` None: the student; ``uses`` empty: to a face template."""

    by: GuardianId | None
    uses: tuple[Use, ...]
    audience: Audience | None = None


def record_refusal(desk: Desk, file: StudentFile, told: Told) -> None:
    """Records a no, stops what is queued, and brings down what is out.

    Raises:
        NotFound: no guardian of that id has a say about the student.
    """
    student, by = file.student.student_id, desk.staff.staff_id
    refusals = _releases(desk, file, told)
    if refusals:
        desk.work.register.record(refusals)
        event = Event.RELEASES_SIGNED
    else:
        desk.work.register.record_biometric([_template_refusal(desk, file, told)])
        event = Event.BIOMETRIC_SIGNED
    desk.work.audit.write(event, actor=by, subject=student, refusals=len(refusals))
    withdraw_now(desk, student, Trigger.ANSWER)


def _releases(desk: Desk, file: StudentFile, told: Told) -> tuple[Release, ...]:
    capacity, decided_by = _decider(desk, file, told)
    act = ActId(desk.services.ids.new())
    return tuple(
        Release(
            release_id=ReleaseId(f"{act}-{number}"),
            student_id=file.student.student_id,
            scope=Scope(use=use, audience=told.audience),
            answer=Answer.DENY,
            capacity=capacity,
            decided_by=decided_by,
            method=TOLD,
            given_on=today_of(desk.services.clock, desk.work.register),
            recorded_at=desk.services.clock.now(),
            evidence=_evidence(desk),
            act=act,
        )
        for number, use in enumerate(told.uses, start=1)
    )


def _template_refusal(desk: Desk, file: StudentFile, told: Told) -> BiometricConsent:
    capacity, decided_by = _decider(desk, file, told)
    act = ActId(desk.services.ids.new())
    return BiometricConsent(
        release_id=ReleaseId(f"{act}-1"),
        student_id=file.student.student_id,
        answer=Answer.DENY,
        capacity=capacity,
        decided_by=decided_by,
        method=TOLD,
        given_on=today_of(desk.services.clock, desk.work.register),
        recorded_at=desk.services.clock.now(),
        evidence=_evidence(desk),
        act=act,
    )


def _evidence(desk: Desk) -> str:
    return json.dumps({"told_to": desk.staff.staff_id})


def _decider(desk: Desk, file: StudentFile, told: Told) -> tuple[Capacity, str]:
    """In what right the no was said, and under whom it stands."""
    if told.by is None:
        return Capacity.STUDENT, "student"
    guardian = require_guardian(file, told.by)
    today = today_of(desk.services.clock, desk.work.register)
    if guardian.rights is Rights.REMOVED or is_of_age(file, today):
        raise NotFound
    return Capacity.GUARDIAN, guardian.email or guardian.guardian_id
