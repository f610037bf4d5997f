"""A face that a person confirmed in a cleared post may become a reference, and goes with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mediacheck.errors import BadRequest, Outdated
from mediacheck.flow import mend, portraits, receive
from mediacheck.flow.check import check_media
from mediacheck.flow.portraits_posts import NEWEST
from mediacheck.flow.portraits_work import see_to_portraits, sweep_portraits
from mediacheck.flow.withdraw import after_change, open_case
from mediacheck.intake.encoding import picture_from_jpeg
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffId
from mediacheck.model.portraits import BatchId, PortraitLine, PostReference
from mediacheck.model.post import Box, Intake, PostId
from mediacheck.model.publication import Trigger
from mediacheck.model.resolution import Identified, ModelMatch
from mediacheck.ports.services import Work
from mediacheck.review.words import Word
from release_db.words import Answer, ReleaseId, StudentId
from tests.conftest import House
from tests.factories import a_box, a_face, a_staff_member
from tests.fakes import FakeDecoder
from tests.mediacheck.flow.galleries import enroll, vector
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post, at
from tests.mediacheck.flow.test_portraits import consent
from tests.mediacheck.flow.test_withdraw import a_no, published

REGISTRAR = a_staff_member("registrar", role=Role.REGISTRAR, schools=())
MAYA = StudentId("S1")


class JpegDecoder(FakeDecoder):
    """Takes our own encoding, too."""

    def decode(self, data: bytes, file_name: str) -> Intake:
        if data.startswith(b"grey:"):
            return super().decode(data, file_name)
        picture = picture_from_jpeg(data, source_width_px=160, source_height_px=160)
        sha256 = hashlib.sha256(data).hexdigest()
        return Intake(picture=picture, jpeg=data, sha256=sha256, format="JPEG")


@pytest.fixture
def school(house: House) -> House:
    """Maya and Teddy are enrolled by the office; Maya's face is in a cleared post."""
    decoder = JpegDecoder()
    school = replace(house, services=replace(house.services, decoder=lambda: decoder))
    house.jobs.check = lambda media_id: check_media(school.services, media_id)
    enroll(school, {"S1": vector(0.0), "S2": vector(0.0, plane=1)})
    school.extractor.vectors = (vector(0.1),)
    return school


def offered(house: House) -> tuple[BatchId, tuple[PortraitLine, ...]]:
    """What cleared posts have of Maya."""
    batch_id = BatchId(str(house.at_desk(REGISTRAR, lambda desk: portraits.ask_posts(desk, "S1"))))
    return batch_id, seen_to(house, batch_id)


def seen_to(house: House, batch_id: BatchId) -> tuple[PortraitLine, ...]:
    while house.jobs.portraits:
        see_to_portraits(house.services, house.jobs.portraits.pop(0))
    with house.services.transaction() as work:
        found = work.portraits.summary_or_none(batch_id)
    assert found is not None
    return found.batch.lines


def accept(house: House, batch_id: BatchId) -> tuple[PortraitLine, ...]:
    house.at_desk(REGISTRAR, lambda desk: portraits.accept(desk, batch_id, [0], []))
    return seen_to(house, batch_id)


def taken(house: House) -> PostId:
    """A reference was taken from a cleared post."""
    post_id = a_cleared_post(house)
    batch_id, _ = offered(house)
    assert [line.is_enrolled for line in accept(house, batch_id)] == [True]
    return post_id


def references(house: House) -> tuple[PostReference, ...]:
    with house.services.transaction() as work:
        return work.portraits.references_of()


def templates(house: House) -> int:
    with house.services.transaction() as work:
        (mine,) = [one for one in work.gallery.holders() if one.student_id == MAYA]
    return mine.templates


def said_by(house: House, post_id: PostId, by: StaffId | ModelMatch) -> None:
    """That every finding of the post is Maya, on somebody else's word."""
    with house.services.transaction() as work:
        for finding in work.posts.resolutions(post_id):
            word = Identified(students=(MAYA,), by=by)
            work.posts.resolve(post_id, finding, word, house.clock.now())


def cleared_beside_a_visitor(house: House, left: int) -> None:
    """A cleared post with Maya, and a visitor whose face begins there."""
    post_id = a_cleared_post(house, faces=(a_box(),))
    with house.services.transaction() as work:
        (media_id,) = work.posts.seen(post_id)
        seen = work.posts.seen(post_id)[media_id]
        visitor = replace(a_face(), media_id=media_id, box=a_box(left=left))
        work.posts.keep_seen(media_id, replace(seen, faces=(*seen.faces, visitor)))


def do(house: House, act: Callable[[Work], object]) -> None:
    with house.services.transaction() as work:
        act(work)


def test_a_confirmed_face_is_offered_and_taken_only_with_a_yes(school: House) -> None:
    a_cleared_post(school)

    batch_id, (line,) = offered(school)

    assert (line.refused, line.doubt) == ("", "")
    assert line.origin is not None
    assert line.origin.confirmed_by == TEACHER.staff_id
    assert templates(school) == 1
    accept(school, batch_id)
    assert templates(school) == 2
    (reference,) = references(school)
    assert reference.accepted_by == REGISTRAR.staff_id
    assert reference.origin == line.origin
    with school.services.transaction() as work:
        entry = work.audit.entries()[-1]
        portrait = work.gallery.portrait_or_none(MAYA, school.clock.now().date())
        (expires,) = {
            one.last_expiry_on for one in work.gallery.holders() if one.student_id == MAYA
        }
    assert entry.event == Event.REFERENCE_FROM_POST
    assert line.origin.post_id in entry.details
    assert portrait == b"jpeg"
    assert expires is not None


def test_a_face_is_offered_once(school: House) -> None:
    taken(school)

    assert offered(school)[1] == ()


def test_nothing_is_offered_without_biometric_consent(school: House) -> None:
    a_cleared_post(school)
    consent(school, MAYA, Answer.DENY)

    with pytest.raises(BadRequest, match="has not consented"):
        offered(school)


def test_a_consent_that_ends_after_the_offer_refuses_the_reference(school: House) -> None:
    a_cleared_post(school)
    batch_id, _ = offered(school)
    consent(school, MAYA, Answer.DENY)

    (line,) = accept(school, batch_id)

    assert "has not consented" in line.refused
    assert references(school) == ()


def test_a_match_that_no_person_confirmed_is_not_offered(school: House) -> None:
    post_id = a_cleared_post(school)

    said_by(school, post_id, ModelMatch(model="m", distance=0.1, margin=0.5))

    assert offered(school)[1] == ()


def test_whoever_said_who_it_is_cannot_say_yes_to_it(school: House) -> None:
    post_id = a_cleared_post(school)

    said_by(school, post_id, REGISTRAR.staff_id)

    (line,) = offered(school)[1]
    assert "Somebody else of the office" in line.refused


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        (vector(0.4), "not as near"),
        (vector(0.0, plane=1), "not as near"),
        (vector(0.0, plane=2), "not as near"),
    ],
    ids=["not near enough", "another student's", "nobody's"],
)
def test_a_face_that_does_not_agree_with_the_offices_portraits_is_refused(
    school: House, probe: bytes, words: str
) -> None:
    a_cleared_post(school)
    school.extractor.vectors = (probe,)

    batch_id, (line,) = offered(school)

    assert words in line.refused
    with pytest.raises(Outdated):
        accept(school, batch_id)


def test_without_a_portrait_from_the_office_there_is_nothing_to_agree_with(house: House) -> None:
    decoder = JpegDecoder()
    house = replace(house, services=replace(house.services, decoder=lambda: decoder))
    enroll(house, {"S2": vector(0.0, plane=1)})
    consent(house, MAYA)
    house.extractor.vectors = (vector(0.1),)
    a_cleared_post(house)

    (line,) = offered(house)[1]

    assert "no portrait from the office" in line.refused


def test_a_reference_from_a_post_vouches_for_no_other(school: House) -> None:
    taken(school)
    a_cleared_post(school)
    # As near to the reference from the post as can be, and too far from the office's portrait.
    school.extractor.vectors = (vector(0.38),)

    (line,) = offered(school)[1]

    assert "not as near" in line.refused


def test_a_face_with_another_beside_it_is_not_cut_out(school: House) -> None:
    cleared_beside_a_visitor(school, left=190)

    (line,) = offered(school)[1]

    assert line.refused == "Another face is too near: it cannot be cut out alone."


def test_the_cut_is_narrower_where_somebody_stands_beside(school: House) -> None:
    cleared_beside_a_visitor(school, left=210)
    school.finder.boxes = (a_box(left=20, top=20),)

    (line,) = offered(school)[1]

    assert line.refused == ""


def test_an_old_post_gives_no_new_reference(school: House) -> None:
    a_cleared_post(school)
    school.clock.move(NEWEST + timedelta(days=1))

    assert offered(school)[1] == ()


def test_a_post_that_has_to_come_down_gives_none(school: House) -> None:
    kept = published(school)

    do(
        school,
        lambda work: open_case(
            school.services,
            work,
            MAYA,
            [kept.publication_id],
            trigger=Trigger.FAMILY_ASKED,
            by="family",
        ),
    )

    assert offered(school)[1] == ()


def withdrawn(house: House, work: Work) -> None:
    a_no()(work)
    after_change(house.services, work, [MAYA], trigger=Trigger.ANSWER, by="family")


def test_the_reference_goes_with_the_release_of_the_picture(school: House) -> None:
    taken(school)

    do(school, lambda work: withdrawn(school, work))

    assert (templates(school), references(school)) == (1, ())
    with school.services.transaction() as work:
        (record,) = work.gallery.destructions()
        events = [entry.event for entry in work.audit.entries()]
    assert (record.templates, record.destroyed_by) == (1, "family")
    assert "no longer cleared" in record.why
    assert {Event.REFERENCE_WITHDRAWN, Event.TEMPLATES_DESTROYED} <= set(events)


def test_the_reference_goes_with_the_picture(school: House) -> None:
    post_id = taken(school)

    at(
        school,
        post_id,
        lambda desk, post: receive.remove_picture(desk, post, post.media[0].media_id),
    )

    assert (templates(school), references(school)) == (1, ())


@pytest.mark.parametrize("word", [Word.UNDO, Word.VISITOR])
def test_the_reference_goes_with_the_word(school: House, word: Word) -> None:
    post_id = taken(school)
    (reference,) = references(school)
    said = mend.Said(finding=reference.origin.finding, word=word)

    at(school, post_id, lambda desk, post: mend.say_who(desk, post, said))

    assert (templates(school), references(school)) == (1, ())


def test_a_clearance_that_is_void_takes_the_reference_with_it_by_the_clock(school: House) -> None:
    taken(school)
    (reference,) = references(school)
    do(
        school,
        lambda work: work.publications.make_void(
            reference.origin.clearance_id, Trigger.ROSTER, by="x", at=school.clock.now()
        ),
    )

    sweep_portraits(school.services)

    assert (templates(school), references(school)) == (1, ())


def test_what_the_consent_took_is_offered_again_with_a_new_one(school: House) -> None:
    taken(school)
    consent(school, MAYA, Answer.DENY)
    do(school, lambda work: work.register.destroy_lapsed(by="family"))
    sweep_portraits(school.services)
    assert references(school) == ()

    school.clock.move(timedelta(minutes=1))
    again(school)

    (line,) = offered(school)[1]
    assert "no portrait from the office" in line.refused


def again(house: House) -> None:
    """Maya's family consents anew."""
    with house.services.transaction() as work:
        (old, *_) = work.register.student_files([MAYA])[MAYA].biometric
        new = replace(old, release_id=ReleaseId("again"), recorded_at=house.clock.now())
        work.register.record_biometric([replace(new, answer=Answer.ALLOW)])


def test_what_merely_ran_out_keeps_its_reference(school: House) -> None:
    taken(school)

    sweep_portraits(school.services)
    do(
        school,
        lambda work: after_change(
            school.services, work, [MAYA], trigger=Trigger.ANSWER, by="family"
        ),
    )

    assert templates(school) == 2


def test_the_last_template_takes_the_key_with_it(school: House) -> None:
    taken(school)
    with school.services.transaction() as work:
        work.gallery.destroy_reference(
            MAYA, f"S1-{school.extractor.model}", why="x", by="x", at=school.clock.now()
        )
    assert templates(school) == 1

    do(school, lambda work: withdrawn(school, work))

    with school.services.transaction() as work:
        assert [one.student_id for one in work.gallery.holders()] == ["S2"]


def test_a_face_at_the_edge_of_the_picture_is_cut_out_too(school: House) -> None:
    a_cleared_post(school, faces=(Box(left=0, top=0, width=80, height=80),))
    school.finder.boxes = (a_box(left=0, top=0),)

    (line,) = offered(school)[1]

    assert line.refused == ""
