"""A search names by itself only where the school's evidence stands, and never a sibling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mediacheck.errors import EngineFault
from mediacheck.flow import receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.flow.naming import naming_at, require_backed, why_not_identify_at
from mediacheck.model.face_evidence import EvidenceId, FaceEvidence
from mediacheck.model.finding import FaceFinding, FaceMark, FindingId
from mediacheck.model.post import Box, MediaId, MediaState, Picture, PostId
from mediacheck.model.resolution import Identified, Naming, Suggested, Unresolved
from mediacheck.model.verdict import Outcome, ReasonCode
from mediacheck.settings import Recognition
from release_db.errors import UnfitPolicy
from release_db.records import Guardian, School
from release_db.words import GuardianId, SchoolKey, StudentId
from tests.conftest import House
from tests.factories import (
    CLASS,
    NOW,
    SCHOOL,
    a_band,
    a_box,
    a_channel,
    a_face_evidence,
    a_staff_member,
    a_student,
)
from tests.fakes import FakeExtractor
from tests.mediacheck.flow.galleries import MODEL, enroll, vector

WORDS = receive.Words(caption="", channel=a_channel().key, class_key=CLASS)
SCHOOL_WIDE = replace(WORDS, class_key=None)


@pytest.fixture
def enrolled(house: House) -> House:
    """Maya is released and Teddy is not; both are enrolled, and look like nobody else."""
    house.finder.boxes = (a_box(),)
    enroll(house, {"S1": vector(0.0), "S2": vector(0.0, plane=1)})
    identify(house)
    return house


def identify(house: House, evidence: FaceEvidence | None = None) -> None:
    """Sets identify, as an administrator did when that evidence stood."""
    with house.services.transaction() as work:
        work.evidence.keep(evidence or a_face_evidence())
        work.register.set_policy("recognition", "identify", school=SCHOOL, by="boss", at=NOW)


def naming(house: House) -> Naming:
    with house.services.transaction() as work:
        searched = [StudentId("S1"), StudentId("S2")]
        return naming_at(house.services, work, SCHOOL, searched)


def offered(judged: Judged) -> set[str]:
    """Everybody whom the search names, or offers for a face of the post."""
    found: set[str] = set()
    for match in judged.matches.values():
        match match:
            case Identified():
                found |= set(match.students)
            case Suggested():
                found |= {one.student_id for one in match.candidates}
            case _:
                pass
    return found


def checked(house: House, *probes: bytes, words: receive.Words = WORDS) -> Judged:
    """A post with one picture of these faces, checked to the end."""
    house.finder.boxes = tuple(a_box(left=100 + 120 * place) for place in range(len(probes)))
    house.extractor.vectors = probes

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        receive.add_picture(desk, post, ("IMG_1.jpg", b"grey:200"))
        return post.post_id

    post_id = house.at_desk(a_staff_member(), start)
    house.jobs.run()
    with house.services.transaction() as work:
        post = work.posts.post_or_none(PostId(str(post_id)))
        assert post is not None
        return judge_post(house.services, work, post)


def test_a_close_match_stands_where_the_evidence_backs_it(enrolled: House) -> None:
    judged = checked(enrolled, vector(0.1))

    (match,) = judged.matches.values()
    assert isinstance(match, Identified)
    assert match.students == (StudentId("S1"),)


def test_with_suggest_the_same_match_is_asked(enrolled: House) -> None:
    with enrolled.services.transaction() as work:
        work.register.set_policy("recognition", "suggest", school=SCHOOL, by="boss", at=NOW)

    (match,) = checked(enrolled, vector(0.1)).matches.values()

    assert isinstance(match, Suggested)


@pytest.mark.parametrize(
    "evidence",
    [
        a_face_evidence(model="dlib-resnet-v1/m2"),
        a_face_evidence(bands=[a_band(students=1)]),
        a_face_evidence(bands=[a_band(mistaken=99)]),
        a_face_evidence(close=0),
    ],
    ids=["another model", "fewer students than now", "errors", "no answers"],
)
def test_evidence_that_does_not_stand_any_more_makes_it_ask_again(
    enrolled: House, evidence: FaceEvidence
) -> None:
    identify(enrolled, replace(evidence, evidence_id=EvidenceId("a newer one")))

    assert naming(enrolled) == Naming(mode=Recognition.IDENTIFY)
    (match,) = checked(enrolled, vector(0.1)).matches.values()
    assert isinstance(match, Suggested)


def test_a_brother_or_sister_is_always_asked(enrolled: House) -> None:
    with enrolled.services.transaction() as work:
        work.register.save_students([a_student("S7", given="Lia")])
        work.register.save_guardians(
            [
                Guardian(
                    guardian_id=GuardianId(f"g-{student}"),
                    student_id=StudentId(student),
                    email="pat@home.example",
                )
                for student in ("S1", "S7")
            ]
        )

    assert "S1" in naming(enrolled).asked
    (match,) = checked(enrolled, vector(0.1)).matches.values()
    assert isinstance(match, Suggested)


def test_a_lookalike_of_another_class_is_always_asked(enrolled: House) -> None:
    with enrolled.services.transaction() as work:
        work.register.save_students([replace(a_student("S8", family="Okafor"), classes=())])
    enroll(enrolled, {"S8": vector(0.3)})

    assert "S1" in naming(enrolled).asked
    (match,) = checked(enrolled, vector(-0.05)).matches.values()
    assert isinstance(match, Suggested)


def test_two_faces_of_one_picture_are_never_the_same_student(enrolled: House) -> None:
    judged = checked(enrolled, vector(0.05), vector(0.2))

    named = [one for one in judged.matches.values() if isinstance(one, Identified)]
    offered = [one.likely for one in judged.matches.values() if isinstance(one, Suggested)]
    students = [student for one in named for student in one.students]
    assert len(students) == len(set(students))
    assert judged.verdict.outcome is not Outcome.CLEARED
    assert all(student not in students for likely in offered for student in likely)


@pytest.mark.parametrize("mode", [Recognition.SUGGEST, Recognition.IDENTIFY])
@pytest.mark.parametrize("distance", [0.1, 0.34], ids=["close", "only likely"])
def test_a_refused_students_likely_match_blocks_in_every_mode(
    enrolled: House, mode: Recognition, distance: float
) -> None:
    with enrolled.services.transaction() as work:
        work.register.set_policy("recognition", mode.value, school=SCHOOL, by="boss", at=NOW)

    verdict = checked(enrolled, vector(distance, plane=1)).verdict

    assert verdict.outcome is Outcome.BLOCKED
    assert {reason.code for reason in verdict.reasons} & {
        ReasonCode.LIKELY_REFUSED,
        ReasonCode.RELEASE_REFUSED,
    }


def test_with_recognition_off_the_face_is_unknown_and_keeps_the_post(enrolled: House) -> None:
    with enrolled.services.transaction() as work:
        work.register.set_policy("recognition", "off", school=SCHOOL, by="boss", at=NOW)

    judged = checked(enrolled, vector(0.1, plane=1))

    assert set(judged.matches.values()) <= {Unresolved()}
    assert judged.verdict.outcome is Outcome.NEEDS_REVIEW


def test_a_template_of_another_model_is_never_compared(house: House) -> None:
    house.finder.boxes = (a_box(),)
    enroll(house, {"S1": vector(0.0)}, model="dlib-resnet-v1/m2")

    judged = checked(house, vector(0.0))

    assert judged.post.media[0].state is MediaState.CHECKED
    assert list(judged.matches.values()) == [Unresolved()]


def test_identify_is_for_one_school_with_evidence_and_for_no_district(house: House) -> None:
    enroll(house, {"S1": vector(0.0)})
    with house.services.transaction() as work:
        for school, words in ((None, "school by school"), (SCHOOL, "Nothing has been measured")):
            with pytest.raises(UnfitPolicy, match=words):
                require_backed(house.services, work, "recognition", "identify", school)
        for value in ("off", "suggest"):
            require_backed(house.services, work, "recognition", value, None)

        work.evidence.keep(a_face_evidence())
        require_backed(house.services, work, "recognition", "identify", SCHOOL)
        assert why_not_identify_at(house.services, work, SCHOOL) == ()


def test_a_class_is_searched_and_else_the_school_and_never_the_district(enrolled: House) -> None:
    roosevelt = SchoolKey("roosevelt")
    with enrolled.services.transaction() as work:
        work.register.save_school(School(key=roosevelt, name="Roosevelt"))
        work.register.set_policy("recognition", "suggest", school=None, by="boss", at=NOW)
        next_door = replace(a_student("S8", family="Okafor"), classes=())
        elsewhere = replace(a_student("S9", family="Quinn"), school=roosevelt, classes=())
        work.register.save_students([next_door, elsewhere])
    enroll(enrolled, {"S8": vector(0.0, plane=2), "S9": vector(0.0, plane=3)})
    faces = [vector(0.1, plane=plane) for plane in (0, 2, 3)]

    assert offered(checked(enrolled, *faces)) == {"S1"}
    assert offered(checked(enrolled, *faces, words=SCHOOL_WIDE)) == {"S1", "S8"}


def test_a_recogniser_that_dies_half_way_keeps_the_post(enrolled: House) -> None:
    class DyingExtractor(FakeExtractor):
        """Reads the first face of a picture, and no second."""

        model = MODEL

        def extract(self, picture: Picture, boxes: Sequence[Box]) -> tuple[bytes | None, ...]:
            if len(boxes) > 1:
                raise EngineFault("the face network failed")
            return super().extract(picture, boxes)

    enrolled.extractor.extract = DyingExtractor((vector(0.1),)).extract  # type: ignore[method-assign]

    judged = checked(enrolled, vector(0.1), vector(0.1, plane=1))

    assert judged.post.media[0].state is MediaState.FAILED
    assert judged.matches == {}
    assert judged.verdict.outcome is Outcome.NEEDS_REVIEW
    assert ReasonCode.STAGE_FAILED in {reason.code for reason in judged.verdict.reasons}


def test_a_crowd_asks_for_a_person_though_everybody_who_was_seen_is_released(
    enrolled: House,
) -> None:
    alone = checked(enrolled, vector(0.1))
    assert {reason.code for reason in alone.verdict.reasons} == {ReasonCode.ALT_TEXT_MISSING}
    found = enrolled.finder.find_faces

    def with_a_crowd(picture: Picture, media_id: MediaId) -> tuple[FaceFinding, ...]:
        crowd = FaceFinding(
            finding_id=FindingId("crowd"),
            media_id=media_id,
            box=a_box(left=300),
            detectors=("fake",),
            marks=frozenset({FaceMark.ENGINE_LIMIT}),
        )
        return (*found(picture, media_id), crowd)

    enrolled.finder.find_faces = with_a_crowd  # type: ignore[method-assign]

    judged = checked(enrolled, vector(0.1))

    assert judged.verdict.outcome is Outcome.NEEDS_REVIEW
    codes = {reason.finding: reason.code for reason in judged.verdict.reasons if reason.finding}
    assert codes == {FindingId("crowd"): ReasonCode.UNKNOWN_FACE}
