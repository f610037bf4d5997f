"""Measurements in the real tables: one is taken up once, and no result is ever changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from mediacheck.model.face_evidence import Measurement, MeasurementId, MeasurementState
from mediacheck.model.finding import FindingId
from mediacheck.model.post import MediaId
from mediacheck.model.resolution import Candidate, Identified, Suggested, Unresolved
from mediacheck.ports.posts import Seen
from mediacheck.ports.services import Work
from release_db.engine import open_engine
from release_db.words import SchoolKey, StudentId
from tests.conftest import House
from tests.factories import AUTHOR, NOW, REVIEWER, SCHOOL, a_face_evidence, a_media, a_post

ASKED = Measurement(
    measurement_id=MeasurementId("m"), school=SCHOOL, asked_by="the-boss", asked_at=NOW
)
MATCH = Suggested(
    candidates=(Candidate(student_id=StudentId("S1"), distance=0.2, margin=0.3),), model="m"
)


def said(student: str, by: str = AUTHOR) -> Identified:
    return Identified(students=(StudentId(student),), by=by)  # type: ignore[arg-type]


def test_a_measurement_is_taken_up_once(house: House) -> None:
    with house.services.transaction() as work:
        work.evidence.ask(ASKED)
        taken = work.evidence.claim_or_none(ASKED.measurement_id, NOW)
        again = work.evidence.claim_or_none(ASKED.measurement_id, NOW)

    assert taken is not None
    assert (taken.school, taken.state) == (SCHOOL, MeasurementState.RUNNING)
    assert again is None


def test_one_whose_worker_died_waits_again(house: House) -> None:
    with house.services.transaction() as work:
        work.evidence.ask(ASKED)
        assert work.evidence.waiting(NOW) == (ASKED.measurement_id,)
        work.evidence.claim_or_none(ASKED.measurement_id, NOW)

        assert work.evidence.waiting(NOW) == ()
        assert work.evidence.waiting(NOW + timedelta(minutes=1)) == (ASKED.measurement_id,)


@pytest.mark.parametrize(
    ("is_failed", "state"), [(True, MeasurementState.FAILED), (False, MeasurementState.DONE)]
)
def test_its_end_is_kept(house: House, is_failed: bool, state: MeasurementState) -> None:
    with house.services.transaction() as work:
        work.evidence.ask(ASKED)
        work.evidence.end(ASKED.measurement_id, is_failed=is_failed)

        newest = work.evidence.newest_asked_or_none(SCHOOL)
        assert newest is not None
        assert newest.state is state
        assert work.evidence.newest_asked_or_none(None) is None


def test_a_result_comes_back_as_it_was_kept_and_each_gallery_has_its_own(house: House) -> None:
    evidence = a_face_evidence()
    with house.services.transaction() as work:
        work.evidence.keep(evidence)

    with house.services.transaction() as work:
        assert work.evidence.latest_or_none(SCHOOL) == evidence
        assert work.evidence.evidence_or_none(evidence.evidence_id) == evidence
        assert work.evidence.latest_or_none(None) is None
        assert work.evidence.latest_or_none(SchoolKey("roosevelt")) is None


def test_the_database_refuses_to_change_a_result(house: House) -> None:
    with house.services.transaction() as work:
        work.evidence.keep(a_face_evidence())

    engine = open_engine(house.services.settings.database_url)
    for statement in ("UPDATE face_evidence SET evidence = '{}'", "DELETE FROM face_evidence"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    engine.dispose()


def keep_a_post(work: Work) -> None:
    """Two faces in one picture; somebody spoke of the first, twice."""
    post = a_post()
    work.posts.add(post)
    work.posts.add_media(post.post_id, a_media())
    matches = {FindingId("f1"): MATCH, FindingId("f2"): Unresolved()}
    work.posts.keep_seen(MediaId("m1"), Seen(matches=matches))
    work.posts.resolve(post.post_id, FindingId("f1"), said("S1"), NOW)
    work.posts.resolve(post.post_id, FindingId("f1"), said("S2", REVIEWER), NOW)


def test_the_last_word_on_each_face_of_the_schools_posts_is_an_answer(house: House) -> None:
    with house.services.transaction() as work:
        keep_a_post(work)

        assert list(work.evidence.answered_faces(a_post().school)) == [
            (MATCH, said("S2", REVIEWER))
        ]
        assert list(work.evidence.answered_faces(None)) == [(MATCH, said("S2", REVIEWER))]
        assert list(work.evidence.answered_faces(SchoolKey("roosevelt"))) == []
