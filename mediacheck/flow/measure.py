"""Measures a school's own gallery in the background; what comes out are counts.

A job carries the measurement's id only. The templates are read in one short transaction, counted
with no lock held, and what was counted is kept in another.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mediacheck.flow.naming import is_outgrown_at, recognition_of, templates_at
from mediacheck.model.audit import Event
from mediacheck.model.face_evidence import (
    AnsweredMatch,
    Band,
    EvidenceId,
    FaceEvidence,
    Measurement,
    MeasurementId,
    MeasurementState,
    band_of,
)
from mediacheck.ports.services import Services, Work
from mediacheck.settings import Recognition
from release_db.records import Template
from release_db.words import SchoolKey, StudentId

_LOG = logging.getLogger(__name__)

#: A measurement that has not ended after this long was lost with its worker.
LEASE = timedelta(minutes=30)

#: A measurement that failed is tried again by itself after so long.
BETWEEN_TRIES = timedelta(days=1)

_WORKER = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What a measurement looks at."""

    templates: Sequence[Template]
    bands: dict[StudentId, Band]
    answered: Sequence[AnsweredMatch]
    model: str


def ask_measurement(
    services: Services, work: Work, school: SchoolKey | None, *, by: str
) -> Measurement:
    """Asks for a gallery to be measured, unless one of it waits or runs already."""
    newest = work.evidence.newest_asked_or_none(school)
    if newest is not None and newest.state in {MeasurementState.WAITING, MeasurementState.RUNNING}:
        return newest
    measurement = Measurement(
        measurement_id=MeasurementId(services.ids.new()),
        school=school,
        asked_by=by,
        asked_at=services.clock.now(),
    )
    work.evidence.ask(measurement)
    work.audit.write(Event.EVIDENCE_ASKED, actor=by, subject=school or "")
    work.after_commit(lambda: services.jobs.measure_gallery(measurement.measurement_id))
    return measurement


def measure_gallery(services: Services, measurement_id: MeasurementId) -> None:
    """Takes up one waiting measurement; does nothing when it is not waiting any more."""
    with services.transaction() as work:
        measurement = work.evidence.claim_or_none(measurement_id, services.clock.now())
    if measurement is None:
        return
    try:
        evidence = _measure(services, measurement.school)
    except Exception as fault:  # Whatever fails, nothing is backed by it.
        _LOG.error("measuring %s failed: %s", measurement_id, type(fault).__name__)
        with services.transaction() as work:
            work.evidence.end(measurement_id, is_failed=True)
            work.audit.write(Event.EVIDENCE_FAILED, actor=_WORKER, subject=measurement.school or "")
        return
    with services.transaction() as work:
        keep_evidence(work, evidence, by=_WORKER)
        work.evidence.end(measurement_id, is_failed=False)


def measure_now(services: Services, school: SchoolKey | None, *, by: str) -> FaceEvidence:
    """Measures a gallery while somebody waits, and keeps the result.

    Raises:
        MixedModels: nobody has measured a threshold for the model in use.
        GalleryUnreadable: a template cannot be read.
    """
    evidence = _measure(services, school)
    with services.transaction() as work:
        keep_evidence(work, evidence, by=by)
    return evidence


def keep_evidence(work: Work, evidence: FaceEvidence, *, by: str) -> None:
    """Keeps a result, and that it was kept."""
    work.evidence.keep(evidence)
    work.audit.write(
        Event.EVIDENCE_MEASURED,
        actor=by,
        subject=evidence.school or "",
        evidence=evidence.evidence_id,
        model=evidence.model,
        students=evidence.whole.students,
        templates=evidence.whole.templates,
    )


def sweep_measurements(services: Services) -> None:
    """Asks anew for every measurement that waits, or whose worker died."""
    with services.transaction() as work:
        waiting = work.evidence.waiting(services.clock.now() - LEASE)
    for measurement_id in waiting:
        services.jobs.measure_gallery(measurement_id)


def ask_where_outgrown(services: Services) -> tuple[SchoolKey, ...]:
    """Asks for every gallery to be measured that identifies and has outgrown its evidence.

    Until it is measured the search there only suggests. A try that failed is not repeated before
    a day has passed. Returns the schools.
    """
    asked = []
    for school in _identifying(services):
        with services.transaction() as work:
            if _was_tried(services, work, school) or not is_outgrown_at(services, work, school):
                continue
            ask_measurement(services, work, school, by=_WORKER)
        asked.append(school)
    return tuple(asked)


def _identifying(services: Services) -> tuple[SchoolKey, ...]:
    with services.transaction() as work:
        return tuple(
            school.key
            for school in work.register.schools()
            if recognition_of(work.register, school.key) is Recognition.IDENTIFY
        )


def _was_tried(services: Services, work: Work, school: SchoolKey) -> bool:
    newest = work.evidence.newest_asked_or_none(school)
    if newest is None or newest.state is MeasurementState.DONE:
        return False
    if newest.state is not MeasurementState.FAILED:
        return True
    return newest.asked_at > services.clock.now() - BETWEEN_TRIES


def _measure(services: Services, school: SchoolKey | None) -> FaceEvidence:
    # Imported here: a process that measures nothing loads none of it.
    from mediacheck.resolution.gallery_evidence import count_answers, count_gallery
    from mediacheck.resolution.thresholds import threshold_for

    with services.transaction() as work:
        gathered = _gather(services, work, school)
    threshold = threshold_for(gathered.model)
    return FaceEvidence(
        evidence_id=EvidenceId(services.ids.new()),
        school=school,
        model=gathered.model,
        measured_at=services.clock.now(),
        bands=count_gallery(gathered.templates, gathered.bands, threshold),
        answers=count_answers(gathered.answered, threshold, len(gathered.templates)),
    )


def _gather(services: Services, work: Work, school: SchoolKey | None) -> _Gathered:
    from mediacheck.resolution.answered_faces import answered_or_none

    model = services.template_extractor().model
    templates = templates_at(services, work, school)
    enrolled = {template.student_id for template in templates}
    learnt = (
        answered_or_none(match, word, model, enrolled)
        for match, word in work.evidence.answered_faces(school)
    )
    students = work.register.students(school=school)
    return _Gathered(
        templates=templates,
        bands={student.student_id: band_of(student.grade) for student in students},
        answered=[one for one in learnt if one is not None],
        model=model,
    )
