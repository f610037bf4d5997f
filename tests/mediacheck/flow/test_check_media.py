"""One picture from upload to what was seen: the real database, the engines in the test's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mediacheck.errors import EngineFault
from mediacheck.flow import check, mend, receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged, judge_post
from mediacheck.model.finding import FaceMark, FindingId, NameFinding, Where
from mediacheck.model.post import CoverStyle, Media, MediaState, Post, PostId
from mediacheck.model.resolution import Identified, Nobody, NotAStudent
from mediacheck.model.verdict import Outcome, ReasonCode
from mediacheck.ports.engines import TextLine
from mediacheck.review.words import Word
from release_db.words import NameForm, StudentId
from tests.conftest import House
from tests.factories import CLASS, a_box, a_channel, a_staff_member
from tests.fakes import FakeExtractor

TEACHER = a_staff_member()
WORDS = receive.Words(caption="", channel=a_channel().key, class_key=CLASS)


def a_post_with_a_picture(house: House, data: bytes = b"grey:200") -> PostId:
    def start(desk: Desk) -> PostId:
        post = receive.start_post(desk, WORDS)
        receive.add_picture(desk, post, ("IMG_1.jpg", data))
        return post.post_id

    post_id = house.at_desk(TEACHER, start)
    house.jobs.run()
    assert isinstance(post_id, str)
    return PostId(post_id)


def post_of(house: House, post_id: PostId) -> Post:
    with house.services.transaction() as work:
        post = work.posts.post_or_none(post_id)
    assert post is not None
    return post


def picture_of(house: House, post_id: PostId) -> Media:
    return post_of(house, post_id).media[0]


def judged(house: House, post_id: PostId) -> Judged:
    post = post_of(house, post_id)
    with house.services.transaction() as work:
        return judge_post(house.services, work, post)


def faces(house: House, post_id: PostId) -> list[FindingId]:
    return [found.finding_id for found in judged(house, post_id).findings]


def act(house: House, post_id: PostId, what: object) -> None:
    post = post_of(house, post_id)
    house.at_desk(TEACHER, lambda desk: what(desk, post))  # type: ignore[operator]


def test_an_upload_becomes_our_own_pixels_and_is_removed(house: House) -> None:
    post_id = a_post_with_a_picture(house)

    media = picture_of(house, post_id)
    assert media.state is MediaState.CHECKED
    assert media.pixels_sha256 is not None
    assert media.picture_key == media.original_key
    assert list(house.services.settings.uploads_folder.rglob("*.*")) == []
    assert not any(path.is_file() for path in house.services.settings.uploads_folder.rglob("*"))


def test_a_file_that_is_no_picture_is_refused_with_words(house: House) -> None:
    post_id = a_post_with_a_picture(house, b"no picture")

    media = picture_of(house, post_id)
    assert media.state is MediaState.REFUSED
    assert media.refused is not None
    assert media.refused.message == "This is not a photo. Choose another."
    assert judged(house, post_id).verdict.outcome is Outcome.BLOCKED


def test_an_engine_that_fails_blocks_and_can_be_tried_again(house: House) -> None:
    house.finder.is_broken = True
    post_id = a_post_with_a_picture(house)
    assert picture_of(house, post_id).state is MediaState.FAILED
    assert judged(house, post_id).verdict.outcome is not Outcome.CLEARED

    house.finder.is_broken = False
    media_id = picture_of(house, post_id).media_id
    act(house, post_id, lambda desk, post: receive.retry_picture(desk, post, media_id))
    house.jobs.run()

    assert picture_of(house, post_id).state is MediaState.CHECKED


def test_a_picture_that_brings_its_worker_down_is_given_up(house: House) -> None:
    post_id = house.at_desk(TEACHER, lambda desk: receive.start_post(desk, WORDS).post_id)
    assert isinstance(post_id, str)
    act(
        house,
        PostId(post_id),
        lambda desk, post: receive.add_picture(desk, post, ("a.jpg", b"grey:200")),
    )
    media_id = house.jobs.waiting.pop()
    for _ in range(check.MOST_ATTEMPTS):
        with house.services.transaction() as work:
            assert work.posts.claim_media(media_id, house.clock.now()) is not None
        house.clock.move(check.LEASE + timedelta(seconds=1))
        assert check.sweep(house.services) == (media_id,)
    house.jobs.run()

    assert picture_of(house, PostId(post_id)).state is MediaState.FAILED


def test_an_unknown_face_waits_for_a_name_and_a_released_one_clears(house: House) -> None:
    house.finder.boxes = (a_box(),)
    post_id = a_post_with_a_picture(house)
    (face,) = faces(house, post_id)
    media_id = picture_of(house, post_id).media_id
    said = mend.Said(finding=face, word=Word.CHOOSE, student=StudentId("S1"))

    act(house, post_id, lambda desk, post: mend.say_who(desk, post, said))
    act(
        house,
        post_id,
        lambda desk, post: receive.change_alt_text(desk, post, media_id, "A kite in the wind"),
    )

    result = judged(house, post_id)
    assert isinstance(result.resolution_of(face), Identified)
    assert result.verdict.outcome is Outcome.CLEARED


def test_a_covered_picture_is_a_new_picture_and_keeps_the_other_faces(house: House) -> None:
    house.finder.boxes = (a_box(left=40), a_box(left=400))
    post_id = a_post_with_a_picture(house)
    before = picture_of(house, post_id)
    left, right = faces(house, post_id)
    staff = mend.Said(finding=right, word=Word.STAFF)
    act(house, post_id, lambda desk, post: mend.say_who(desk, post, staff))

    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([left], CoverStyle.SOLID)))
    house.jobs.run()

    after = picture_of(house, post_id)
    assert after.pixels_sha256 != before.pixels_sha256
    assert after.original_key == before.original_key
    assert faces(house, post_id) == [right]
    assert isinstance(judged(house, post_id).resolution_of(right), NotAStudent)


def test_a_cover_that_fails_fails_the_picture(house: House) -> None:
    house.finder.boxes = (a_box(),)
    post_id = a_post_with_a_picture(house)
    (face,) = faces(house, post_id)

    house.finder.sees_through_covers = True
    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([face], CoverStyle.BLUR)))
    house.jobs.run()

    media = picture_of(house, post_id)
    assert media.state is MediaState.FAILED
    assert media.refused is not None
    assert media.refused.code == "cover-failed"
    assert judged(house, post_id).verdict.outcome is not Outcome.CLEARED


def test_a_cover_can_be_taken_off_again(house: House) -> None:
    house.finder.boxes = (a_box(),)
    post_id = a_post_with_a_picture(house)
    before = picture_of(house, post_id)
    (face,) = faces(house, post_id)
    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([face], CoverStyle.SOLID)))
    house.jobs.run()

    act(house, post_id, lambda desk, post: mend.uncover(desk, post, before.media_id, 0))
    house.jobs.run()

    assert picture_of(house, post_id).pixels_sha256 == before.pixels_sha256
    assert len(faces(house, post_id)) == 1


def test_covering_everyone_leaves_who_is_cleared(house: House) -> None:
    house.finder.boxes = (a_box(left=40), a_box(left=400))
    post_id = a_post_with_a_picture(house)
    left, right = faces(house, post_id)
    maya = mend.Said(finding=left, word=Word.CHOOSE, student=StudentId("S1"))
    act(house, post_id, lambda desk, post: mend.say_who(desk, post, maya))

    act(house, post_id, lambda desk, post: mend.cover_everyone(desk, post, CoverStyle.FRIENDLY))
    house.jobs.run()

    assert faces(house, post_id) == [left]
    assert right not in faces(house, post_id)


def test_a_check_that_was_overtaken_records_nothing(house: House) -> None:
    house.finder.boxes = (a_box(),)
    post_id = a_post_with_a_picture(house)
    media = picture_of(house, post_id)
    (face,) = faces(house, post_id)
    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([face], CoverStyle.SOLID)))
    task = check._claim(house.services, media.media_id)
    assert task is not None

    act(house, post_id, lambda desk, post: mend.uncover(desk, post, media.media_id, 0))
    check._keep(house.services, task, replace(media, alt_text="stale"), check.Seen())

    assert picture_of(house, post_id).state is MediaState.WAITING
    assert len(faces(house, post_id)) == 1


def test_a_drawn_face_is_a_finding_and_survives_another_look(house: House) -> None:
    post_id = a_post_with_a_picture(house)
    media_id = picture_of(house, post_id).media_id

    act(house, post_id, lambda desk, post: mend.draw_face(desk, post, media_id, a_box()))
    with house.services.transaction() as work:
        drawn = work.posts.seen(post_id)[media_id].faces[0]

    assert drawn.marks == {FaceMark.DRAWN_BY_HAND}
    assert [reason.code for reason in judged(house, post_id).verdict.reasons] == [
        ReasonCode.ALT_TEXT_MISSING,
        ReasonCode.UNKNOWN_FACE,
    ]


def test_recognition_off_embeds_nothing(house: House) -> None:
    house.finder.boxes = (a_box(),)
    with house.services.transaction() as work:
        work.register.set_policy(
            "recognition", "off", school=None, by="admin", at=house.clock.now()
        )

    a_post_with_a_picture(house)

    assert house.extractor.calls == 0


def test_a_name_in_the_pixels_is_found_and_can_be_covered(house: House) -> None:
    house.reader.lines = (TextLine(text="Teddy Ramos", box=a_box(), score=0.99),)
    post_id = a_post_with_a_picture(house)

    found = judged(house, post_id)
    assert found.verdict.outcome is Outcome.BLOCKED

    name = found.findings[0].finding_id
    house.reader.lines = ()
    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([name], CoverStyle.SOLID)))
    house.jobs.run()

    assert judged(house, post_id).findings == ()


def test_the_reader_is_given_exactly_the_pixels_that_are_published(house: House) -> None:
    house.reader.lines = (TextLine(text="Teddy Ramos", box=a_box(), score=0.99),)
    post_id = a_post_with_a_picture(house)
    first = picture_of(house, post_id).pixels_sha256
    name = judged(house, post_id).findings[0].finding_id

    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([name], CoverStyle.SOLID)))
    house.jobs.run()

    covered = picture_of(house, post_id).pixels_sha256
    assert covered != first
    assert [picture.pixels_sha256 for picture in house.reader.given] == [first, covered]


def test_writing_is_covered_solidly_whatever_style_is_asked_for(house: House) -> None:
    house.reader.lines = (TextLine(text="Teddy Ramos", box=a_box(), score=0.99),)
    post_id = a_post_with_a_picture(house)
    name = judged(house, post_id).findings[0].finding_id
    media_id = picture_of(house, post_id).media_id

    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([name], CoverStyle.BLUR)))
    house.jobs.run()
    act(house, post_id, lambda desk, post: mend.restyle(desk, post, (media_id, CoverStyle.BLUR)))
    house.jobs.run()

    (cover,) = picture_of(house, post_id).covers
    assert (cover.style, cover.is_writing) == (CoverStyle.SOLID, True)


def test_writing_that_can_still_be_read_under_its_cover_blocks_as_before(house: House) -> None:
    house.reader.lines = (TextLine(text="Teddy Ramos", box=a_box(), score=0.99),)
    post_id = a_post_with_a_picture(house)
    name = judged(house, post_id).findings[0].finding_id

    act(house, post_id, lambda desk, post: mend.cover(desk, post, ([name], CoverStyle.SOLID)))
    house.jobs.run()

    assert judged(house, post_id).verdict.outcome is Outcome.BLOCKED


def test_covering_a_name_lets_the_words_on_another_stand(house: House) -> None:
    other = TextLine(text="Maya Lopez", box=a_box(left=500), score=0.99)
    house.reader.lines = (TextLine(text="Teddy Ramos", box=a_box(), score=0.99), other)
    post_id = a_post_with_a_picture(house)
    teddy, maya = judged(house, post_id).findings

    nobody = mend.Said(finding=maya.finding_id, word=Word.NOBODY)
    act(house, post_id, lambda desk, post: mend.say_who(desk, post, nobody))
    house.reader.lines = (replace(other, box=a_box(left=502)),)
    act(
        house,
        post_id,
        lambda desk, post: mend.cover(desk, post, ([teddy.finding_id], CoverStyle.SOLID)),
    )
    house.jobs.run()

    found = judged(house, post_id)
    assert [one.finding_id for one in found.findings] == [maya.finding_id]
    assert isinstance(found.resolution_of(maya.finding_id), Nobody)


UNREAD = TextLine(text="Tqbby Rqmus", box=a_box(), score=0.6)


def test_unread_writing_can_be_said_to_hold_no_name_or_be_covered(house: House) -> None:
    house.reader.lines = (UNREAD,)
    post_id = a_post_with_a_picture(house)
    unread = judged(house, post_id)
    (found,) = unread.findings
    assert {reason.code for reason in unread.verdict.reasons} >= {ReasonCode.UNREAD_TEXT}

    nobody = mend.Said(finding=found.finding_id, word=Word.NOBODY)
    act(house, post_id, lambda desk, post: mend.say_who(desk, post, nobody))
    said = judged(house, post_id)
    undo = mend.Said(finding=found.finding_id, word=Word.UNDO)
    act(house, post_id, lambda desk, post: mend.say_who(desk, post, undo))
    house.reader.lines = ()
    act(
        house,
        post_id,
        lambda desk, post: mend.cover(desk, post, ([found.finding_id], CoverStyle.SOLID)),
    )
    house.jobs.run()

    assert ReasonCode.UNREAD_TEXT not in {reason.code for reason in said.verdict.reasons}
    assert judged(house, post_id).findings == ()


def test_unread_writing_that_names_somebody_is_a_name_in_the_picture(house: House) -> None:
    house.reader.lines = (UNREAD,)
    post_id = a_post_with_a_picture(house)
    (unread,) = judged(house, post_id).findings

    teddy = mend.Said(finding=unread.finding_id, word=Word.CHOOSE, student=StudentId("S2"))
    act(house, post_id, lambda desk, post: mend.say_who(desk, post, teddy))
    named = judged(house, post_id)
    undo = mend.Said(finding=unread.finding_id, word=Word.UNDO)
    act(house, post_id, lambda desk, post: mend.say_who(desk, post, undo))

    (name,) = named.findings
    assert isinstance(name, NameFinding)
    assert (name.finding_id, name.candidates) == (unread.finding_id, ("S2",))
    assert (name.where, name.form) == (Where.PIXELS, NameForm.FULL)
    assert named.verdict.outcome is Outcome.BLOCKED
    assert judged(house, post_id).findings == (unread,)


def test_taking_a_picture_out_removes_an_upload_that_nobody_waits_for(house: House) -> None:
    house.finder.is_broken = True
    post_id = a_post_with_a_picture(house)
    folder = house.services.settings.uploads_folder
    assert any(path.is_file() for path in folder.rglob("*"))

    media_id = picture_of(house, post_id).media_id
    act(house, post_id, lambda desk, post: receive.remove_picture(desk, post, media_id))

    assert not any(path.is_file() for path in folder.rglob("*"))


def test_a_gallery_that_cannot_be_read_fails_the_picture_and_says_so(house: House) -> None:
    def broken() -> FakeExtractor:
        raise EngineFault

    services = replace(house.services, template_extractor=broken)
    house.jobs.check = lambda media_id: check.check_media(services, media_id)
    post_id = a_post_with_a_picture(house)

    assert picture_of(house, post_id).state is MediaState.FAILED
    verdict = judged(house, post_id).verdict
    assert ReasonCode.STAGE_FAILED in [reason.code for reason in verdict.reasons]


def test_a_check_within_another_class_records_nothing(house: House) -> None:
    post_id = a_post_with_a_picture(house)
    media = picture_of(house, post_id)
    school_wide = replace(WORDS, class_key=None)
    with house.services.transaction() as work:
        work.posts.save_media(replace(media, state=MediaState.WAITING))
    overtaken = check._claim(house.services, media.media_id)
    assert overtaken is not None
    act(house, post_id, lambda desk, post: receive.change_words(desk, post, school_wide))
    newer = check._claim(house.services, media.media_id)
    assert newer is not None

    check._keep(house.services, overtaken, media, check.Seen())
    assert picture_of(house, post_id).state is MediaState.CHECKING

    check._keep(house.services, newer, media, check.Seen())
    assert picture_of(house, post_id).state is MediaState.CHECKED
