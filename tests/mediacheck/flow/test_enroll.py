"""A portrait is kept only where it is clear, and of the student it is filed under."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediacheck.flow.enroll import Enrolment, Reference, doubtful_at, enroll_portrait
from mediacheck.model.finding import FaceFinding, FaceMark
from mediacheck.model.post import MediaId, Picture
from release_db.words import StudentId
from tests.conftest import House
from tests.factories import SCHOOL, a_box
from tests.fakes import FakeFaceFinder
from tests.mediacheck.flow.galleries import enroll, vector

MAYA = StudentId("S1")


@pytest.fixture
def enrolled(house: House) -> House:
    house.finder.boxes = (a_box(),)
    enroll(house, {"S1": vector(0.0), "S2": vector(0.0, plane=1)})
    return house


def enrolment(house: House, probe: bytes, *, is_sure: bool = False) -> Enrolment:
    house.extractor.vectors = (probe,)
    reference = Reference(student_id=MAYA, name="a.jpg", data=b"grey:200", is_sure=is_sure)
    return enroll_portrait(house.services, reference, by="the-boss")


def held(house: House) -> int:
    with house.services.transaction() as work:
        return work.gallery.held_at([SCHOOL])


def test_another_portrait_of_the_student_is_kept(enrolled: House) -> None:
    assert enrolment(enrolled, vector(0.2)).is_enrolled
    assert held(enrolled) == 3


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        (vector(0.1, plane=1), "looks like a portrait of another student"),
        (vector(0.0, plane=2), "does not look like the other portraits"),
    ],
    ids=["another student's", "nobody's who is enrolled"],
)
def test_a_portrait_of_the_wrong_student_is_kept_only_when_somebody_is_sure(
    enrolled: House, probe: bytes, words: str
) -> None:
    refused = enrolment(enrolled, probe)

    assert words in refused.refused
    assert "S2" not in refused.refused
    assert held(enrolled) == 2
    assert enrolment(enrolled, probe, is_sure=True).is_enrolled


def test_portraits_that_were_swapped_are_found_later(enrolled: House) -> None:
    assert doubtful_at(enrolled.services, SCHOOL) == ()

    enrolment(enrolled, vector(0.1, plane=1), is_sure=True)

    assert [student for student, _ in doubtful_at(enrolled.services, SCHOOL)] == ["S1", "S2"]


class MarkingFinder(FakeFaceFinder):
    """Finds what it is told, with a mark on it."""

    mark = FaceMark.BLURRED

    def find_faces(self, picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
        faces = super().find_faces(picture, media_id)
        return tuple(replace(face, marks=frozenset({self.mark})) for face in faces)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (FaceMark.TOO_SMALL, "too small"),
        (FaceMark.BLURRED, "blurred"),
        (FaceMark.TURNED, "turned away"),
    ],
)
def test_an_unclear_portrait_is_refused_with_what_is_wrong_with_it(
    enrolled: House, mark: FaceMark, words: str
) -> None:
    finder = MarkingFinder([a_box()])
    finder.mark = mark
    services = replace(enrolled.services, face_finder=lambda: finder)
    reference = Reference(student_id=MAYA, name="a.jpg", data=b"grey:200")

    refused = enroll_portrait(services, reference, by="the-boss").refused

    assert words in refused


@pytest.mark.parametrize(
    ("boxes", "words"), [((), "No face"), ((a_box(), a_box(400)), "More than one")]
)
def test_a_portrait_shows_one_face(enrolled: House, boxes: tuple[object, ...], words: str) -> None:
    enrolled.finder.boxes = boxes  # type: ignore[assignment]

    assert words in enrolment(enrolled, vector(0.0)).refused
