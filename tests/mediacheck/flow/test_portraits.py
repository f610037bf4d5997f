"""Portraits are looked at first, and enrolled together after a registrar's yes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from mediacheck.errors import BadRequest, NotFound, Outdated
from mediacheck.flow import portraits
from mediacheck.flow.desk import Desk
from mediacheck.flow.portraits import KEPT
from mediacheck.flow.portraits_work import LEASE, see_to_portraits, sweep_portraits
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.model.portraits import BatchId, BatchState, BatchSummary, PortraitLine
from release_db.records import BiometricConsent, School
from release_db.words import Answer, Capacity, ReleaseId, SchoolKey, StudentId
from tests.conftest import House
from tests.factories import SCHOOL, TODAY, a_box, a_staff_member, a_student
from tests.mediacheck.flow.galleries import MODEL, vector

REGISTRAR = a_staff_member("registrar", role=Role.REGISTRAR, schools=())
MAYA = StudentId("S1")


@pytest.fixture
def office(house: House) -> House:
    """Maya's family consents to a template; Teddy's has not been heard."""
    house.finder.boxes = (a_box(),)
    house.extractor.model = MODEL
    house.extractor.vectors = (vector(0.0),)
    consent(house, MAYA)
    return house


def consent(house: House, student: StudentId, answer: Answer = Answer.ALLOW) -> None:
    house.clock.move(timedelta(seconds=1))
    with house.services.transaction() as work:
        work.register.record_biometric(
            [
                BiometricConsent(
                    release_id=ReleaseId(f"b-{student}-{answer}"),
                    student_id=student,
                    answer=answer,
                    capacity=Capacity.OFFICE,
                    decided_by="office",
                    method="paper",
                    given_on=TODAY,
                    recorded_at=house.clock.now(),
                )
            ]
        )


def bring(house: House, *files: bytes, student: str = "S1") -> BatchId:
    uploads = [(f"{number}.jpg", data) for number, data in enumerate(files)]
    return _batch(house, partial(_bring, student, uploads))


def _bring(student: str, uploads: list[tuple[str, bytes]], desk: Desk) -> object:
    return portraits.bring_portraits(desk, student, uploads)


def bring_day(house: House, **files: bytes) -> BatchId:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for student, data in files.items():
            archive.writestr(f"{student}/a.jpg", data)
    return _batch(house, lambda desk: portraits.bring_picture_day(desk, made.getvalue()))


def _batch(house: House, act: object) -> BatchId:
    return BatchId(str(house.at_desk(REGISTRAR, act)))  # type: ignore[arg-type]


def run(house: House) -> None:
    while house.jobs.portraits:
        see_to_portraits(house.services, house.jobs.portraits.pop(0))


def looked(house: House, batch_id: BatchId) -> BatchSummary:
    run(house)
    found = house.at_desk(REGISTRAR, lambda desk: portraits.require_batch(desk, batch_id))
    assert isinstance(found, BatchSummary)
    return found


def lines(house: House, batch_id: BatchId) -> tuple[PortraitLine, ...]:
    return looked(house, batch_id).batch.lines


def accept(
    house: House, batch_id: BatchId, wanted: Collection[int] = (0,), sure: Collection[int] = ()
) -> None:
    house.at_desk(REGISTRAR, lambda desk: portraits.accept(desk, batch_id, wanted, sure))


def held(house: House) -> int:
    with house.services.transaction() as work:
        return work.gallery.held_at([SCHOOL])


def waiting_pictures(house: House) -> int:
    return sum(1 for one in house.services.settings.portraits_folder.rglob("*") if one.is_file())


def events(house: House) -> list[str]:
    with house.services.transaction() as work:
        return [entry.event for entry in work.audit.entries()]


def test_a_look_says_what_is_wrong_and_enrols_nobody(office: House) -> None:
    batch_id = bring(office, b"grey:200", b"no picture")

    found = looked(office, batch_id)

    assert (found.state, found.done) == (BatchState.LOOKED, 2)
    good, bad = found.batch.lines
    assert (good.refused, good.doubt) == ("", "")
    assert good.quality is not None
    assert office.services.portraits.get(good.crop).startswith(b"\xff\xd8")
    assert bad.refused == "This is not a photo. Choose another."
    assert held(office) == 0


def test_what_was_chosen_is_enrolled_and_the_pictures_are_gone(office: House) -> None:
    batch_id = bring(office, b"grey:200", b"grey:100")
    looked(office, batch_id)

    accept(office, batch_id, wanted=[1])
    enrolled = looked(office, batch_id)

    assert enrolled.state is BatchState.DONE
    assert [line.is_enrolled for line in enrolled.batch.lines] == [False, True]
    assert held(office) == 1
    assert waiting_pictures(office) == 0
    assert events(office)[-3:] == [
        Event.PORTRAITS_BROUGHT,
        Event.PORTRAITS_ACCEPTED,
        Event.STUDENT_ENROLLED,
    ]


def test_a_picture_day_is_for_those_who_consent_to_it_alone(office: House) -> None:
    batch_id = bring_day(office, S1=b"grey:200", S2=b"grey:200", S99=b"grey:200")

    found = {line.student_id: line.refused for line in lines(office, batch_id)}

    assert found["S1"] == ""
    assert "has not consented" in found["S2"]
    assert "no such student" in found["S99"]
    assert office.extractor.calls == 1
    accept(office, batch_id, wanted=[0, 1, 2])
    enrolled = [line.student_id for line in lines(office, batch_id) if line.is_enrolled]
    assert enrolled == ["S1"]
    assert waiting_pictures(office) == 0


def test_portraits_that_were_swapped_on_the_picture_day_are_in_doubt(office: House) -> None:
    consent(office, StudentId("S2"))
    batch_id = bring_day(office, S1=b"grey:200", S2=b"grey:100")

    first, second = lines(office, batch_id)

    assert first.doubt == ""
    assert "another student" in second.doubt
    with pytest.raises(BadRequest, match="have looked"):
        accept(office, batch_id, wanted=[0, 1])
    accept(office, batch_id, wanted=[0, 1], sure=[1])
    assert all(line.is_enrolled for line in lines(office, batch_id))
    with office.services.transaction() as work:
        (entry,) = [one for one in work.audit.entries() if one.event == Event.PORTRAITS_ACCEPTED]
    assert '"in_doubt":1' in entry.details


def test_a_file_that_is_no_picture_day_says_so(office: House) -> None:
    batch_id = _batch(office, lambda desk: portraits.bring_picture_day(desk, b"no zip"))

    found = looked(office, batch_id)

    assert found.state is BatchState.FAILED
    assert "not a ZIP file" in found.batch.trouble
    assert waiting_pictures(office) == 0


def test_a_registrar_of_one_school_enrols_nobody_elses_students(office: House) -> None:
    with office.services.transaction() as work:
        work.register.save_school(School(key=SchoolKey("roosevelt"), name="Roosevelt"))
        other = replace(a_student("S7", family="Quinn"), school=SchoolKey("roosevelt"), classes=())
        work.register.save_students([other])
    consent(office, StudentId("S7"))
    local = replace(REGISTRAR, schools=(SCHOOL,))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("S7/a.jpg", b"grey:200")

    batch_id = office.at_desk(
        local, lambda desk: portraits.bring_picture_day(desk, made.getvalue())
    )

    (line,) = lines(office, BatchId(str(batch_id)))
    assert line.refused == "This student is not at one of your schools."
    with pytest.raises(NotFound):
        office.at_desk(local, partial(_bring, "S7", [("a.jpg", b"grey:200")]))


def test_a_consent_that_ends_before_the_yes_stops_it(office: House) -> None:
    batch_id = bring(office, b"grey:200")
    looked(office, batch_id)
    consent(office, MAYA, Answer.DENY)

    accept(office, batch_id)

    (line,) = lines(office, batch_id)
    assert (line.is_enrolled, held(office)) == (False, 0)
    assert "has not consented" in line.refused
    assert events(office)[-1] == Event.ENROLMENT_REFUSED


def test_nothing_is_taken_for_a_student_who_may_not_be_held(office: House) -> None:
    with pytest.raises(BadRequest, match="has not consented"):
        bring(office, b"grey:200", student="S2")
    with pytest.raises(BadRequest, match="not empty"):
        bring(office, b"")
    with pytest.raises(BadRequest, match="at most"):
        bring(office, *[b"grey:200"] * 21)
    with pytest.raises(BadRequest, match="not empty"):
        _batch(office, lambda desk: portraits.bring_picture_day(desk, b""))
    assert waiting_pictures(office) == 0


def test_a_yes_is_for_what_waits_for_one(office: House) -> None:
    batch_id = bring(office, b"grey:200", b"no picture")
    with pytest.raises(Outdated):
        accept(office, batch_id)
    looked(office, batch_id)

    with pytest.raises(BadRequest, match="at least one"):
        accept(office, batch_id, wanted=[1])
    accept(office, batch_id)
    with pytest.raises(Outdated):
        accept(office, batch_id)
    with pytest.raises(Outdated):
        house_drop(office, batch_id)


def house_drop(house: House, batch_id: BatchId) -> None:
    house.at_desk(REGISTRAR, lambda desk: portraits.drop_batch(desk, batch_id))


def test_a_no_drops_the_pictures_but_not_those_that_another_batch_needs(office: House) -> None:
    first, second = bring(office, b"grey:200"), bring(office, b"grey:200")
    run(office)

    house_drop(office, first)
    assert waiting_pictures(office) == 2
    assert looked(office, second).batch.lines[0].crop

    house_drop(office, second)
    assert waiting_pictures(office) == 0
    assert events(office)[-1] == Event.PORTRAITS_DROPPED
    with pytest.raises(NotFound):
        looked(office, first)


class WorkerDied(BaseException):
    """As a kill would end it."""


def test_a_worker_that_dies_while_it_enrols_has_enrolled_nothing(
    office: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = bring(office, b"grey:200", b"grey:100")
    looked(office, batch_id)
    accept(office, batch_id, wanted=[0, 1])
    given = iter([vector(0.0)])

    def die(*_: object) -> tuple[bytes, ...]:
        for one in given:
            return (one,)
        raise WorkerDied

    office.extractor.extract = die  # type: ignore[method-assign]
    with pytest.raises(WorkerDied):
        run(office)
    assert held(office) == 0

    del office.extractor.extract  # type: ignore[attr-defined]
    sweep_portraits(office.services)
    assert office.jobs.portraits == []
    office.clock.move(LEASE + timedelta(minutes=1))
    sweep_portraits(office.services)
    assert looked(office, batch_id).state is BatchState.DONE
    assert held(office) == 2


def test_a_batch_that_brings_down_every_worker_is_given_up(office: House) -> None:
    batch_id = bring(office, b"grey:200")
    office.jobs.portraits.clear()

    for _ in range(4):
        with office.services.transaction() as work:
            work.portraits.claim_or_none(batch_id, office.clock.now())
        office.clock.move(LEASE * 2)
        with office.services.transaction() as work:
            work.portraits.waiting(office.clock.now() - LEASE)

    found = looked(office, batch_id)
    assert found.state is BatchState.FAILED
    assert "in smaller parts" in found.batch.trouble


def test_what_nobody_sees_to_is_dropped_after_a_week(office: House) -> None:
    bring(office, b"grey:200")
    run(office)

    office.clock.move(KEPT + timedelta(minutes=1))
    sweep_portraits(office.services)

    assert waiting_pictures(office) == 0
    with office.services.transaction() as work:
        assert work.portraits.summaries() == ()


def test_a_fault_enrols_nobody_and_says_so(office: House) -> None:
    batch_id = bring(office, b"grey:200")
    for file in office.services.settings.portraits_folder.rglob("*"):
        if file.is_file():
            file.unlink()

    found = looked(office, batch_id)

    assert found.state is BatchState.FAILED
    assert "Bring them again" in found.batch.trouble


def test_an_erased_student_is_in_no_batch(office: House) -> None:
    day = bring_day(office, S1=b"grey:200", S2=b"grey:100")
    bring(office, b"grey:200")
    run(office)

    with office.services.transaction() as work:
        portraits.forget_portraits_of(office.services, work, MAYA)

    found = looked(office, day)
    assert [line.student_id for line in found.batch.lines] == ["S2"]
    assert waiting_pictures(office) == 0
    with office.services.transaction() as work:
        assert len(work.portraits.summaries()) == 1


def test_who_works_at_one_school_sees_the_own_batches_alone(office: House) -> None:
    batch_id = bring(office, b"grey:200")
    local = replace(a_staff_member("local", role=Role.REGISTRAR), schools=(SCHOOL,))

    assert office.at_desk(local, portraits.batches_of) == ()
    with pytest.raises(NotFound):
        office.at_desk(local, lambda desk: portraits.require_batch(desk, batch_id))
    assert len(office.at_desk(REGISTRAR, portraits.batches_of)) == 1  # type: ignore[arg-type]
