"""Works that went out, and what a withdrawal of the work's release does to them."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from PIL import Image

from mediacheck.demo.district import PICTURES
from mediacheck.flow import clear, receive
from mediacheck.flow.check import check_media
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged
from mediacheck.flow.show import show_post
from mediacheck.flow.works import SaidOfWork, say_of_work, take_over
from mediacheck.intake.encoding import encode_jpeg, picture_from_jpeg
from mediacheck.model.audit import Event
from mediacheck.model.post import Intake, Picture, Post, PostId
from mediacheck.model.publication import Manner, Publication
from mediacheck.model.verdict import ReasonCode
from mediacheck.model.works import Credit
from release_db.words import NameForm, StudentId, Use
from tests.conftest import House
from tests.factories import CLASS, a_channel
from tests.mediacheck.flow.test_clear import TEACHER, a_cleared_post, at
from tests.mediacheck.flow.test_withdraw import a_no, change

S1 = StudentId("S1")


def published_work(house: House, form: NameForm = NameForm.NONE) -> Publication:
    """A picture of Maya's work, handed over."""
    post_id = a_cleared_post(house)

    def credit(desk: Desk, post: Post) -> None:
        media_id = post.media[0].media_id
        said = SaidOfWork(media_id=media_id, credit=Credit.STUDENTS, students=(S1,), name_form=form)
        say_of_work(desk, post, said)
        clear.clear_post(desk, post)

    at(house, post_id, credit)
    clearance = clear.hand_over(house.services, TEACHER, post_id).clearance
    with house.services.transaction() as work:
        kept = work.publications.of_clearance_or_none(clearance.clearance_id)
    assert kept is not None
    return kept


def test_a_published_work_is_its_students_appearance_and_what_allowed_it(house: House) -> None:
    kept = published_work(house, NameForm.FIRST)

    (shown,) = [one for one in kept.appearances if one.manner is Manner.WORK]
    assert (shown.student_id, shown.media_id) == (S1, kept.media[0].media_id)
    assert shown.name_form is NameForm.FIRST
    assert shown.grounds


def test_withdrawing_the_works_release_brings_the_publication_down(house: House) -> None:
    kept = published_work(house)

    withdrawn = change(house, a_no(Use.WORK))

    assert len(withdrawn.cases) == 1
    with house.services.transaction() as work:
        (case,) = work.publications.cases()
        assert case.publications == (kept.publication_id,)


def test_a_word_on_a_work_is_in_the_audit_with_ids_only(house: House) -> None:
    kept = published_work(house)

    with house.services.transaction() as work:
        entry = next(one for one in work.audit.entries() if one.event == Event.WORK_CREDITED)
        assert entry.subject == kept.media[0].media_id
        assert "S1" in entry.details
        assert "Maya" not in entry.details


class PaintingDecoder:
    """Takes every upload for the demo's painting, a little smaller each time."""

    def __init__(self) -> None:
        self.taken = 0

    def decode(self, data: bytes, file_name: str) -> Intake:
        self.taken += 1
        with Image.open(PICTURES / "sample-artwork.jpg") as opened:
            width = opened.width - 40 * self.taken
            size = (width, opened.height * width // opened.width)
            image = opened.convert("RGB").resize(size)
        picture = Picture(
            width_px=size[0],
            height_px=size[1],
            rgb=image.tobytes(),
            source_width_px=size[0],
            source_height_px=size[1],
        )
        jpeg = encode_jpeg(picture)
        return Intake(
            picture=picture_from_jpeg(jpeg, source_width_px=size[0], source_height_px=size[1]),
            jpeg=jpeg,
            sha256=hashlib.sha256(data).hexdigest(),
            format="JPEG",
        )


def with_painting(house: House) -> House:
    decoder = PaintingDecoder()
    services = replace(house.services, decoder=lambda: decoder)
    house.jobs.check = lambda media_id: check_media(services, media_id)
    return replace(house, services=services)


def a_painting_post(house: House) -> PostId:
    words = receive.Words(caption="", channel=a_channel().key, class_key=CLASS)

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        media = receive.add_picture(desk, post, ("IMG_1.jpg", b"a painting"))
        receive.change_alt_text(desk, replace(post, media=(media,)), media.media_id, "A sun")
        return post.post_id

    post_id = PostId(str(house.at_desk(TEACHER, start)))
    house.jobs.run()
    return post_id


def credit_maya(desk: Desk, post: Post) -> None:
    said = SaidOfWork(media_id=post.media[0].media_id, credit=Credit.STUDENTS, students=(S1,))
    say_of_work(desk, post, said)


def reasons(house: House, post_id: PostId) -> set[ReasonCode]:
    judged = house.at_desk(TEACHER, lambda desk: show_post(desk, post_id).judged)
    assert isinstance(judged, Judged)
    return {reason.code for reason in judged.verdict.reasons}


def test_the_same_painting_posted_again_is_asked_about_and_taken_over_with_a_tap(
    house: House,
) -> None:
    house = with_painting(house)
    at(house, a_painting_post(house), credit_maya)

    again = a_painting_post(house)
    assert reasons(house, again) == {ReasonCode.KNOWN_WORK}
    at(house, again, lambda desk, post: take_over(desk, post, post.media[0].media_id))

    assert reasons(house, again) == set()
    with house.services.transaction() as work:
        (word,) = work.works.of_post(again).values()
        assert (word.credit, word.students) == (Credit.STUDENTS, (S1,))


def test_a_withdrawn_painting_is_caught_when_it_is_posted_again(house: House) -> None:
    house = with_painting(house)
    at(house, a_painting_post(house), credit_maya)
    change(house, a_no(Use.WORK))

    again = a_painting_post(house)

    assert reasons(house, again) == {ReasonCode.LIKELY_WORK}


def test_a_painting_that_is_no_work_any_more_is_not_known(house: House) -> None:
    house = with_painting(house)
    first = a_painting_post(house)
    at(house, first, credit_maya)

    def take_back(desk: Desk, post: Post) -> None:
        say_of_work(desk, post, SaidOfWork(media_id=post.media[0].media_id, credit=Credit.NO_WORK))

    at(house, first, take_back)

    assert reasons(house, a_painting_post(house)) == set()
