"""The proof at the door: what breaks it, and who may give it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from mediacheck.errors import BadRequest, NotAllowed, NotCleared, NotFound
from mediacheck.flow import clear, mend, receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.show import show_post
from mediacheck.model.audit import Event
from mediacheck.model.people import Role, StaffMember
from mediacheck.model.post import Box, CoverStyle, Post, PostId, PostState
from mediacheck.ports.engines import TextLine
from mediacheck.ports.register import Register
from mediacheck.review.words import Word
from release_db.words import Answer, Capacity, ChannelKey, SchoolKey, StudentId, Use
from tests.conftest import House
from tests.factories import CLASS, a_box, a_channel, a_hold, a_release, a_staff_member, a_student

TEACHER = a_staff_member()
OFFICE = a_staff_member("reviewer", role=Role.COMMUNICATIONS, schools=())
STRANGER = a_staff_member("stranger", schools=(SchoolKey("roosevelt"),))


def a_cleared_post(
    house: House,
    caption: str = "A windy day",
    faces: tuple[Box, ...] = (a_box(),),
    author: StaffMember = TEACHER,
    channel: str = a_channel().key,
) -> PostId:
    """One picture of Maya, who is released, described and cleared."""
    house.finder.boxes = faces
    words = receive.Words(caption=caption, channel=ChannelKey(channel), class_key=CLASS)

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        receive.add_picture(desk, post, ("Maya_at_home.jpg", b"grey:200"))
        return post.post_id

    post_id = PostId(str(house.at_desk(author, start)))
    house.jobs.run()
    at(house, post_id, settle, author)
    at(house, post_id, clear.clear_post, author)
    return post_id


def settle(desk: Desk, post: Post) -> None:
    shown = show_post(desk, post.post_id)
    receive.change_alt_text(desk, post, post.media[0].media_id, "A kite")
    for finding in shown.judged.findings:
        said = mend.Said(finding=finding.finding_id, word=Word.CHOOSE, student=StudentId("S1"))
        mend.say_who(desk, post, said)


def at(
    house: House,
    post_id: PostId,
    act: Callable[[Desk, Post], object],
    staff: StaffMember = TEACHER,
) -> None:
    def do(desk: Desk) -> object:
        post = desk.work.posts.post_or_none(post_id)
        assert post is not None
        return act(desk, post)

    house.at_desk(staff, do)


def package_of(house: House, post_id: PostId) -> zipfile.ZipFile:
    handed = clear.hand_over(house.services, TEACHER, post_id)
    return zipfile.ZipFile(io.BytesIO(handed.data))


def change(house: House, act: Callable[[Register], object]) -> None:
    with house.services.transaction() as work:
        act(work.register)


def test_the_package_holds_exactly_what_was_cleared(house: House) -> None:
    post_id = a_cleared_post(house)

    package = package_of(house, post_id)

    assert package.namelist() == [
        "photo-01.jpg",
        "caption.txt",
        "alt-texts.txt",
        "receipt.json",
        "receipt.txt",
    ]
    assert package.read("caption.txt").decode() == "A windy day"
    receipt = json.loads(package.read("receipt.json"))
    assert receipt["channel"] == a_channel().key
    picture = Image.open(io.BytesIO(package.read("photo-01.jpg")))
    assert sorted(picture.info) == ["jfif", "jfif_density", "jfif_unit", "jfif_version", "xmp"]
    assert b"Maya" not in package.read("photo-01.jpg")


def test_a_post_that_was_not_cleared_has_no_package(house: House) -> None:
    words = receive.Words(caption="Words", channel=a_channel().key, class_key=CLASS)
    post_id = str(house.at_desk(TEACHER, lambda desk: receive.start_post(desk, words).post_id))

    with pytest.raises(NotCleared):
        clear.hand_over(house.services, TEACHER, PostId(post_id))


def test_another_school_s_post_is_not_found(house: House) -> None:
    post_id = a_cleared_post(house)

    with pytest.raises(NotFound):
        clear.hand_over(house.services, STRANGER, post_id)


@pytest.mark.parametrize(
    "act",
    [
        lambda register: register.place_hold(a_hold()),
        lambda register: register.record(
            [
                a_release(
                    use=Use.IMAGE,
                    answer=Answer.DENY,
                    capacity=Capacity.STUDENT,
                    decided_by="student",
                )
            ]
        ),
        lambda register: register.save_students([a_student("S9", given="Noor", family="Haddad")]),
        lambda register: register.save_students(
            [replace(a_student("S2", given="Teddy", family="Ramos"), preferred_name="Windy")]
        ),
    ],
    ids=["a hold", "the student's refusal", "a new student", "a nickname"],
)
def test_a_changed_register_makes_it_void(house: House, act: Callable[[Register], object]) -> None:
    post_id = a_cleared_post(house)

    change(house, act)

    with pytest.raises(NotCleared):
        package_of(house, post_id)
    with house.services.transaction() as work:
        events = [entry.event for entry in work.audit.entries()]
    assert events[-1] == Event.CLEARANCE_VOID


def test_edited_words_make_it_void(house: House) -> None:
    post_id = a_cleared_post(house)

    at(
        house,
        post_id,
        lambda desk, post: receive.change_alt_text(desk, post, post.media[0].media_id, "Another"),
    )

    with pytest.raises(NotCleared, match="words"):
        package_of(house, post_id)


def test_a_cover_makes_it_void(house: House) -> None:
    post_id = a_cleared_post(house)

    def cover(desk: Desk, post: Post) -> None:
        face = show_post(desk, post.post_id).judged.findings[0].finding_id
        mend.cover(desk, post, ([face], CoverStyle.SOLID))

    at(house, post_id, cover)
    house.jobs.run()

    with pytest.raises(NotCleared, match="pictures"):
        package_of(house, post_id)


def test_it_runs_out_after_a_day(house: House) -> None:
    post_id = a_cleared_post(house)

    house.clock.move(timedelta(hours=24))

    with pytest.raises(NotCleared, match="run out"):
        package_of(house, post_id)


def test_bytes_that_were_changed_on_the_disk_do_not_leave(house: House) -> None:
    post_id = a_cleared_post(house)
    folder = house.services.settings.pictures_folder
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(path.read_bytes() + b"x")

    with pytest.raises(Exception, match="missing on the server"):
        package_of(house, post_id)


def sent_to_office(house: House) -> PostId:
    """A post with a far face that nobody can tell, and one line of unread writing."""
    house.finder.boxes = ()
    words = receive.Words(caption="The hall", channel=a_channel().key, class_key=CLASS)

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        receive.add_picture(desk, post, ("hall.jpg", b"grey:200"))
        return post.post_id

    post_id = PostId(str(house.at_desk(TEACHER, start)))
    house.jobs.run()

    def draw_and_send(desk: Desk, post: Post) -> None:
        media_id = post.media[0].media_id
        receive.change_alt_text(desk, post, media_id, "The hall")
        mend.draw_face(desk, post, media_id, a_box(size=20))
        clear.send_to_office(desk, post, "Who is at the back?")

    at(house, post_id, draw_and_send)
    return post_id


def in_review(house: House, post_id: PostId, act: Callable[[Desk, Post], object]) -> object:
    def do(desk: Desk) -> object:
        post = desk.work.posts.post_or_none(post_id)
        assert post is not None
        return act(desk, post)

    return house.at_desk(OFFICE, do)


def test_the_office_answers_for_what_nobody_can_tell_and_clears(house: House) -> None:
    post_id = sent_to_office(house)

    def overrule_and_clear(desk: Desk, post: Post) -> None:
        (face,) = show_post(desk, post_id).judged.findings
        mend.overrule(desk, post, face.finding_id, "Back of a head, far away")
        clear.clear_by_office(desk, post, "Nobody can be told")

    in_review(house, post_id, overrule_and_clear)

    assert package_of(house, post_id).namelist()[0] == "photo-01.jpg"


def an_official_channel(house: House) -> None:
    with house.services.transaction() as work:
        work.register.save_channel(a_channel(is_official=True))


def test_nobody_takes_the_own_package_of_an_official_account_alone(house: House) -> None:
    an_official_channel(house)
    post_id = a_cleared_post(house, author=OFFICE)

    with pytest.raises(NotAllowed, match="somebody else says yes first"):
        clear.hand_over(house.services, OFFICE, post_id)

    colleague = a_staff_member("colleague", role=Role.COMMUNICATIONS, schools=())
    assert clear.hand_over(house.services, colleague, post_id).data


def test_what_a_colleague_has_cleared_its_author_may_take(house: House) -> None:
    an_official_channel(house)
    post_id = a_cleared_post(house, author=OFFICE)
    colleague = a_staff_member("colleague", role=Role.COMMUNICATIONS, schools=())

    def on(staff: StaffMember, act: Callable[[Desk, Post], object]) -> None:
        def do(desk: Desk) -> object:
            post = desk.work.posts.post_or_none(post_id)
            assert post is not None
            return act(desk, post)

        house.at_desk(staff, do)

    on(OFFICE, lambda desk, post: clear.send_to_office(desk, post, ""))
    on(colleague, lambda desk, post: clear.clear_by_office(desk, post, "Well done"))

    assert clear.hand_over(house.services, OFFICE, post_id).data


def test_the_office_cannot_clear_what_is_unresolved(house: House) -> None:
    post_id = sent_to_office(house)

    with pytest.raises(NotCleared):
        in_review(house, post_id, lambda desk, post: clear.clear_by_office(desk, post, "Fine"))


def test_the_author_cannot_review_an_own_post(house: House) -> None:
    post_id = sent_to_office(house)

    with pytest.raises(NotAllowed):
        at(house, post_id, lambda desk, post: clear.clear_by_office(desk, post, "Fine"))


def test_the_office_sends_back_with_words(house: House) -> None:
    post_id = sent_to_office(house)
    with pytest.raises(BadRequest):
        in_review(house, post_id, lambda desk, post: clear.send_back(desk, post, " "))

    in_review(house, post_id, lambda desk, post: clear.send_back(desk, post, "Cover the left one"))

    with house.services.transaction() as work:
        post = work.posts.post_or_none(post_id)
        notes = work.posts.notes(post_id)
    assert post is not None
    assert post.state is PostState.SENT_BACK
    assert [note.words for note in notes] == ["Who is at the back?", "Cover the left one"]


def test_the_author_takes_a_post_back(house: House) -> None:
    post_id = sent_to_office(house)

    at(house, post_id, clear.take_back)

    with house.services.transaction() as work:
        post = work.posts.post_or_none(post_id)
    assert post is not None
    assert post.state is PostState.DRAFT


def test_a_review_passes_no_refusal(house: House) -> None:
    house.reader.lines = (TextLine(text="Teddy Ramos", box=a_box(), score=0.99),)
    post_id = sent_to_office(house)

    def try_to_clear(desk: Desk, post: Post) -> None:
        for finding in show_post(desk, post_id).judged.findings:
            mend.overrule(desk, post, finding.finding_id, "The family will not mind")
        clear.clear_by_office(desk, post, "The family will not mind")

    with pytest.raises(NotCleared):
        in_review(house, post_id, try_to_clear)


def test_every_step_is_in_the_audit_and_the_chain_holds(house: House) -> None:
    post_id = a_cleared_post(house)
    package_of(house, post_id)

    with house.services.transaction() as work:
        events = {entry.event for entry in work.audit.entries()}
        report = work.audit.verify()

    assert report.is_sound
    assert events >= {
        Event.POST_CREATED,
        Event.MEDIA_UPLOADED,
        Event.MEDIA_CHECKED,
        Event.FINDING_RESOLVED,
        Event.POST_WORDS_CHANGED,
        Event.VERDICT_REACHED,
        Event.CLEARANCE_GIVEN,
        Event.PACKAGE_DOWNLOADED,
    }


def test_no_name_and_no_caption_is_in_the_audit(house: House) -> None:
    post_id = a_cleared_post(house)
    package_of(house, post_id)

    with house.services.transaction() as work:
        written = " ".join(str(entry) for entry in work.audit.entries())
    assert "Maya" not in written
    assert "windy" not in written
