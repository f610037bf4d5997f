"""A gallery is measured in the background, and what is kept names nobody."""

from __future__ import annotations

import json

import pytest

from mediacheck.flow.evidence_report import report_on
from mediacheck.flow.measure import (
    BETWEEN_TRIES,
    LEASE,
    ask_measurement,
    ask_where_outgrown,
    measure_gallery,
    measure_now,
    sweep_measurements,
)
from mediacheck.model.audit import Event
from mediacheck.model.face_evidence import Band, FaceEvidence, MeasurementState
from mediacheck.storage.codec import to_json
from tests.conftest import House
from tests.factories import NOW, SCHOOL, a_band, a_face_evidence
from tests.mediacheck.flow.galleries import MODEL, enroll, vector

STUDENTS = {f"S{number}": vector(0.0, plane=number) for number in range(1, 41)}


@pytest.fixture
def enrolled(house: House) -> House:
    enroll(house, STUDENTS)
    return house


def ask(house: House) -> None:
    with house.services.transaction() as work:
        ask_measurement(house.services, work, SCHOOL, by="the-boss")


def run(house: House) -> None:
    for measurement_id in house.jobs.measurements:
        measure_gallery(house.services, measurement_id)


def latest(house: House) -> FaceEvidence | None:
    with house.services.transaction() as work:
        return work.evidence.latest_or_none(SCHOOL)


def state(house: House) -> MeasurementState | None:
    with house.services.transaction() as work:
        newest = work.evidence.newest_asked_or_none(SCHOOL)
        return newest.state if newest is not None else None


def test_what_was_asked_for_is_measured_and_kept(enrolled: House) -> None:
    ask(enrolled)
    assert state(enrolled) is MeasurementState.WAITING

    run(enrolled)

    evidence = latest(enrolled)
    assert evidence is not None
    assert (evidence.model, evidence.whole.students, evidence.whole.templates) == (MODEL, 40, 40)
    assert evidence.whole.impostor_pairs == 40 * 39 // 2
    assert [counts.band for counts in evidence.bands] == [Band.ALL, Band.UNKNOWN]
    assert state(enrolled) is MeasurementState.DONE
    with enrolled.services.transaction() as work:
        events = [entry.event for entry in work.audit.entries()]
    assert events[-2:] == [Event.EVIDENCE_ASKED, Event.EVIDENCE_MEASURED]


def test_asking_twice_measures_once(enrolled: House) -> None:
    ask(enrolled)
    ask(enrolled)

    assert len(enrolled.jobs.measurements) == 1


def test_what_is_kept_names_no_student(enrolled: House) -> None:
    kept = to_json(measure_now(enrolled.services, SCHOOL, by="the-boss"), FaceEvidence)

    assert not any(f'"{student}"' in kept for student in STUDENTS)
    assert "Lopez" not in kept


def test_a_fault_is_written_down_and_backs_nothing(enrolled: House) -> None:
    ask(enrolled)
    enrolled.extractor.model = "nobody measured this"

    run(enrolled)

    assert state(enrolled) is MeasurementState.FAILED
    assert latest(enrolled) is None


def test_a_measurement_that_lost_its_worker_is_taken_up_again(enrolled: House) -> None:
    ask(enrolled)
    (lost,) = enrolled.jobs.measurements
    with enrolled.services.transaction() as work:
        work.evidence.claim_or_none(lost, enrolled.clock.now())
    enrolled.clock.move(LEASE * 2)

    sweep_measurements(enrolled.services)

    assert enrolled.jobs.measurements == [lost, lost]
    run(enrolled)
    assert state(enrolled) is MeasurementState.DONE


def test_the_report_tells_bounds_and_what_is_missing(enrolled: House) -> None:
    evidence = measure_now(enrolled.services, SCHOOL, by="the-boss")

    with enrolled.services.transaction() as work:
        report = report_on(enrolled.services, work, evidence)

    whole = report.bands[0]
    assert (whole.fpir.errors, whole.fpir.trials, whole.is_backed) == (0, 40, False)
    assert whole.fpir.bound95 == pytest.approx(1 - 0.05 ** (1 / 40))
    assert whole.needed == 299
    assert report.within is None
    assert len(report.reasons) == 3
    assert report.det == ()
    said = json.loads(json.dumps(report.as_json()))
    assert "adults" not in said["population"]
    assert said["why_not_identify"] == list(report.reasons)


def test_the_curve_has_both_rates_at_every_distance(enrolled: House) -> None:
    with enrolled.services.transaction() as work:
        report = report_on(enrolled.services, work, a_face_evidence(bands=[a_band()]))

    assert report.det[0].fnmr == 1
    assert report.det[-1].fnmr == 0
    assert report.within is not None


def test_few_trials_are_not_told(enrolled: House) -> None:
    few = a_face_evidence(bands=[a_band(students=9, templates=18)])

    with enrolled.services.transaction() as work:
        report = report_on(enrolled.services, work, few)

    assert report.bands[0].fpir.is_thin
    assert report.det == ()


def identify(house: House, *, students: int, templates: int) -> None:
    """Identify was switched on when so many were measured."""
    with house.services.transaction() as work:
        measured = a_band(students=students, templates=templates)
        work.evidence.keep(a_face_evidence(bands=[measured]))
        work.register.set_policy("recognition", "identify", school=SCHOOL, by="boss", at=NOW)


@pytest.mark.parametrize(("students", "templates"), [(39, 40), (40, 39)])
def test_a_gallery_that_outgrew_its_evidence_is_measured_by_itself(
    enrolled: House, students: int, templates: int
) -> None:
    identify(enrolled, students=students, templates=templates)

    assert ask_where_outgrown(enrolled.services) == (SCHOOL,)
    assert ask_where_outgrown(enrolled.services) == ()
    run(enrolled)

    evidence = latest(enrolled)
    assert evidence is not None
    assert (evidence.whole.students, evidence.whole.templates) == (40, 40)
    assert ask_where_outgrown(enrolled.services) == ()


def test_a_gallery_within_its_evidence_is_left_alone(enrolled: House) -> None:
    assert ask_where_outgrown(enrolled.services) == ()
    identify(enrolled, students=40, templates=40)

    assert ask_where_outgrown(enrolled.services) == ()
    assert enrolled.jobs.measurements == []


def test_a_measurement_that_failed_is_tried_again_a_day_later(enrolled: House) -> None:
    identify(enrolled, students=39, templates=39)
    ask_where_outgrown(enrolled.services)
    with enrolled.services.transaction() as work:
        work.evidence.end(enrolled.jobs.measurements[0], is_failed=True)

    assert ask_where_outgrown(enrolled.services) == ()
    enrolled.clock.move(BETWEEN_TRIES)
    assert ask_where_outgrown(enrolled.services) == (SCHOOL,)
