"""What a class said of a name is remembered for that class: by whom, when, and when it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mediacheck.errors import NotCleared, NotFound
from mediacheck.flow import clear, receive
from mediacheck.flow.check_once import Asked, check_once
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged
from mediacheck.flow.mend import Said, say_who
from mediacheck.flow.remembered import end_kept_word, kept_words
from mediacheck.flow.show import show_post
from mediacheck.flow.works import SaidOfWork, say_of_work
from mediacheck.model.audit import Event
from mediacheck.model.finding import Certainty, NameFinding, Where
from mediacheck.model.people import StaffMember
from mediacheck.model.post import Post, PostId
from mediacheck.model.resolution import Noted
from mediacheck.model.verdict import Outcome
from mediacheck.model.works import Credit
from mediacheck.ports.engines import TextLine
from mediacheck.ports.register import Register
from mediacheck.review.words import Word
from release_db.records import ClassGroup, School
from release_db.words import Answer, Capacity, ClassKey, SchoolKey, StudentId, Use
from tests.conftest import House
from tests.factories import (
    CLASS,
    SCHOOL,
    a_box,
    a_channel,
    a_hold,
    a_release,
    a_staff_member,
    a_student,
)
from tests.mediacheck.flow.test_clear import OFFICE, STRANGER, TEACHER

COLLEAGUE = a_staff_member("colleague")
OTHER_CLASS = ClassKey("lincoln/room-14")
#: The therapy dog of room 12; Teddy, of whom nothing is on file, is spelt nearly so.
DOG = "We love Tedda."
ASKED = "nearly a first name of the class"
DAY = "somebody in your class said on November 24, 2026 that this is not a student"


def a_post_of(
    house: House,
    caption: str,
    *,
    author: StaffMember = TEACHER,
    class_key: ClassKey | None = CLASS,
    file_name: str = "",
    alt_text: str = "",
) -> PostId:
    """A new post, with a picture where there is something to say of one."""
    words = receive.Words(
        caption=caption,
        channel=a_channel().key,
        class_key=class_key,
        school=None if class_key else SCHOOL,
    )

    def start(desk: Desk) -> str:
        post = receive.start_post(desk, words)
        if file_name or alt_text:
            media = receive.add_picture(desk, post, (file_name or "IMG_1.jpg", b"grey:200"))
            kept = desk.work.posts.post_or_none(post.post_id)
            assert kept is not None
            receive.change_alt_text(desk, kept, media.media_id, alt_text)
        return post.post_id

    post_id = PostId(str(house.at_desk(author, start)))
    house.jobs.run()
    return post_id


def judged_post(house: House, post_id: PostId, staff: StaffMember = TEACHER) -> Judged:
    judged = house.at_desk(staff, lambda desk: show_post(desk, post_id).judged)
    assert isinstance(judged, Judged)
    return judged


def the_name(judged: Judged) -> NameFinding:
    (name,) = [found for found in judged.findings if isinstance(found, NameFinding)]
    return name


def is_asked(house: House, post_id: PostId, staff: StaffMember = TEACHER) -> bool:
    """Whether the one name of the post is a question to somebody."""
    judged = judged_post(house, post_id, staff)
    name = the_name(judged)
    asks = any(reason.finding == name.finding_id for reason in judged.verdict.reasons)
    assert asks is (name.certainty is not Certainty.POSSIBLE)
    return asks


def say(
    house: House,
    post_id: PostId,
    word: Word = Word.NOBODY,
    *,
    staff: StaffMember = TEACHER,
    student: str | None = None,
) -> None:
    """Says it of the one name of the post."""

    def act(desk: Desk) -> None:
        post = desk.work.posts.post_or_none(post_id)
        assert post is not None
        name = the_name(show_post(desk, post_id).judged)
        who = StudentId(student) if student else None
        say_who(desk, post, Said(finding=name.finding_id, word=word, student=who))

    house.at_desk(staff, act)


def change(house: House, act: Callable[[Register], object]) -> None:
    with house.services.transaction() as work:
        act(work.register)


@pytest.fixture
def dog(house: House) -> House:
    """Somebody said once, in room 12, that the dog is not a student."""
    with house.services.transaction() as work:
        work.register.save_class(ClassGroup(key=OTHER_CLASS, school=SCHOOL, name="Room 14"))
        teddy = a_student("S2", given="Teddy", family="Ramos")
        work.register.save_students([replace(teddy, classes=(CLASS, OTHER_CLASS))])
    say(house, a_post_of(house, DOG))
    house.clock.move(timedelta(days=1))
    return house


def test_what_was_said_once_is_a_note_in_the_class_s_next_post(dog: House) -> None:
    judged = judged_post(dog, a_post_of(dog, "Tedda came to the library."))

    name = the_name(judged)
    assert judged.resolution_of(name.finding_id) == Noted(note=DAY)
    assert name.note == DAY
    assert judged.verdict.outcome is Outcome.CLEARED
    (recalled,) = judged.remembered.values()
    assert recalled.is_settled
    assert (recalled.word.by, recalled.word.at.day) == (TEACHER.staff_id, 24)


def test_another_class_is_still_asked(dog: House) -> None:
    assert is_asked(dog, a_post_of(dog, DOG, class_key=OTHER_CLASS))


def test_without_a_class_nothing_is_remembered_beyond_the_post(house: House) -> None:
    post_id = a_post_of(house, "Thanks to Teddy for the help.", class_key=None)
    say(house, post_id)

    assert judged_post(house, post_id).verdict.outcome is Outcome.CLEARED
    assert is_asked(house, a_post_of(house, "Thanks to Teddy for the help.", class_key=None))
    with house.services.transaction() as work:
        assert work.remembered.kept_or_none(1) is None


def test_a_word_that_was_not_said_of_is_still_asked(dog: House) -> None:
    assert is_asked(dog, a_post_of(dog, "We love Teddo."))


@pytest.mark.parametrize("disguise", ["WE LOVE TEDDA!", "We love Te\u200bdda.", "We love Ｔedda."])
def test_case_and_disguise_change_nothing(dog: House, disguise: str) -> None:
    assert not is_asked(dog, a_post_of(dog, disguise))


def test_it_counts_in_descriptions_as_in_captions(dog: House) -> None:
    post_id = a_post_of(dog, "", alt_text="Tedda sleeps on a rug")

    assert the_name(judged_post(dog, post_id)).where is Where.ALT
    assert not is_asked(dog, post_id)


def test_it_counts_in_file_names(dog: House) -> None:
    post_id = a_post_of(dog, "", file_name="Our-Tedda.jpg", alt_text="A rug")

    assert the_name(judged_post(dog, post_id)).where is Where.FILENAME
    assert not is_asked(dog, post_id)


def test_what_was_read_in_pixels_may_be_the_reader_s_slip_and_is_asked(dog: House) -> None:
    dog.reader.lines = (TextLine(text="We love Tedda", box=a_box(), score=0.99),)

    assert is_asked(dog, a_post_of(dog, "", alt_text="A sign"))


def test_the_command_line_knows_what_the_class_said(dog: House, tmp_path: Path) -> None:
    picture = tmp_path / "rug.jpg"
    picture.write_bytes(b"grey:200")

    def outcome(class_key: ClassKey) -> Outcome:
        asked = Asked(
            paths=(picture,),
            channel=a_channel().key,
            school=SCHOOL,
            class_key=class_key,
            caption=DOG,
        )
        return check_once(dog.services, asked).judged.verdict.outcome

    assert outcome(CLASS) is Outcome.CLEARED
    assert outcome(OTHER_CLASS) is Outcome.NEEDS_REVIEW


# --- Whom it must never let through ---------------------------------------------------------


def test_a_full_name_is_never_remembered(house: House) -> None:
    say(house, a_post_of(house, "Well done Teddy Ramos of the band!"), staff=TEACHER)
    say(
        house,
        a_post_of(house, "Well done Teddy Ramos of the band!", author=COLLEAGUE),
        staff=COLLEAGUE,
    )

    again = judged_post(house, a_post_of(house, "Well done Teddy Ramos of the band!"))

    assert again.verdict.outcome is Outcome.BLOCKED
    with house.services.transaction() as work:
        assert work.remembered.kept_or_none(1) is None


def test_a_classmate_s_own_name_takes_a_second_person(house: House) -> None:
    caption = "Thanks to Teddy for the help."
    say(house, a_post_of(house, caption))

    # An author alone cannot say it of somebody who is refused: not today, and not for later.
    assert is_asked(house, a_post_of(house, caption))
    # A colleague's post has the word of a second person already, and that person's eyes.
    assert not is_asked(house, a_post_of(house, caption, author=COLLEAGUE), COLLEAGUE)

    say(house, a_post_of(house, caption, author=COLLEAGUE), Word.VISITOR, staff=COLLEAGUE)
    assert not is_asked(house, a_post_of(house, caption))


def test_a_classmate_s_own_name_is_remembered_in_the_same_words_only(house: House) -> None:
    say(house, a_post_of(house, "Thanks to Teddy for the help.", author=COLLEAGUE), staff=COLLEAGUE)

    assert not is_asked(house, a_post_of(house, "Once more: thanks to Teddy, for the help!"))
    assert is_asked(house, a_post_of(house, "Teddy won."))


def test_a_classmate_s_bare_name_is_never_remembered(house: House) -> None:
    for author in (TEACHER, COLLEAGUE):
        say(house, a_post_of(house, "Teddy", author=author), staff=author)

    assert is_asked(house, a_post_of(house, "Teddy"))


def test_the_command_line_needs_two_people_for_a_classmate_s_own_name(house: House) -> None:
    caption = "Thanks to Teddy for the help."
    asked = Asked(
        paths=(), channel=a_channel().key, school=SCHOOL, class_key=CLASS, caption=caption
    )
    say(house, a_post_of(house, caption))
    assert check_once(house.services, asked).judged.verdict.outcome is Outcome.NEEDS_REVIEW

    say(house, a_post_of(house, caption), staff=TEACHER)
    assert check_once(house.services, asked).judged.verdict.outcome is Outcome.NEEDS_REVIEW

    post_id = a_post_of(house, "Thanks to Teddy for the help")
    house.at_desk(TEACHER, lambda desk: clear.send_to_office(desk, _post(desk, post_id), ""))
    say(house, post_id, staff=OFFICE)
    assert check_once(house.services, asked).judged.verdict.outcome is Outcome.CLEARED


def _post(desk: Desk, post_id: PostId) -> Post:
    post = desk.work.posts.post_or_none(post_id)
    assert post is not None
    return post


@pytest.mark.parametrize(
    "act",
    [
        lambda register: register.save_students([a_student("S9", given="Tedda", family="Noor")]),
        lambda register: register.save_students([a_student("S9", given="Teddi", family="Noor")]),
        lambda register: register.save_students(
            [replace(a_student("S2", given="Teddy", family="Ramos"), preferred_name="Tedda")]
        ),
    ],
    ids=["a student of that name", "another who is spelt nearly so", "a nickname"],
)
def test_whoever_is_called_so_since_then_is_asked_about(
    dog: House, act: Callable[[Register], object]
) -> None:
    change(dog, act)

    post_id = a_post_of(dog, DOG)
    assert is_asked(dog, post_id)
    # Nor does the page say that somebody else was not meant.
    assert not judged_post(dog, post_id).remembered


def test_a_student_who_came_into_the_class_since_is_asked_about(house: House) -> None:
    roosevelt = SchoolKey("roosevelt")
    change(house, lambda register: register.save_school(School(key=roosevelt, name="Roosevelt")))
    elsewhere = replace(a_student("S9", given="Nora", family="Quill"), school=roosevelt, classes=())
    change(house, lambda register: register.save_students([elsewhere]))
    say(house, a_post_of(house, "The author Nora Quill read to us."))
    assert not is_asked(house, a_post_of(house, "Nora Quill came back."))

    change(house, lambda register: register.save_students([replace(elsewhere, classes=(CLASS,))]))

    assert judged_post(house, a_post_of(house, "Nora Quill came back.")).verdict.reasons


def test_who_has_left_takes_nothing_from_what_was_said(dog: House) -> None:
    change(dog, lambda register: register.save_students([a_student("S9", given="Teddo")]))
    say(dog, a_post_of(dog, DOG))
    gone = replace(a_student("S9", given="Teddo"), classes=())
    change(dog, lambda register: register.save_students([gone]))

    assert not is_asked(dog, a_post_of(dog, DOG))


def test_of_a_student_who_is_named_in_the_same_post_it_says_nothing(dog: House) -> None:
    judged = judged_post(dog, a_post_of(dog, "Teddy Ramos won. We love Tedda."))

    assert not judged.remembered
    assert {name.certainty for name in judged.findings if isinstance(name, NameFinding)} == {
        Certainty.CERTAIN,
        Certainty.LIKELY,
    }


def test_of_a_student_who_is_in_the_pictures_it_says_nothing(dog: House) -> None:
    dog.finder.boxes = (a_box(),)
    post_id = a_post_of(dog, DOG, alt_text="A rug")

    def name_the_face(desk: Desk) -> None:
        face = next(
            found
            for found in show_post(desk, post_id).judged.findings
            if not isinstance(found, NameFinding)
        )
        said = Said(finding=face.finding_id, word=Word.CHOOSE, student=StudentId("S2"))
        say_who(desk, _post(desk, post_id), said)

    dog.at_desk(TEACHER, name_the_face)

    assert is_asked(dog, post_id)


def test_a_name_beside_student_work_is_still_asked(dog: House) -> None:
    post_id = a_post_of(dog, "", alt_text="By Tedda")
    assert not is_asked(dog, post_id)

    def shows_work(desk: Desk) -> None:
        post = _post(desk, post_id)
        said = SaidOfWork(media_id=post.media[0].media_id, credit=Credit.UNNAMED)
        say_of_work(desk, post, said)

    dog.at_desk(TEACHER, shows_work)

    assert is_asked(dog, post_id)


def test_a_hold_in_the_meantime_reads_like_every_refusal(dog: House) -> None:
    change(dog, lambda register: register.place_hold(a_hold("S2")))

    post_id = a_post_of(dog, DOG)
    assert is_asked(dog, post_id)
    assert the_name(judged_post(dog, post_id)).note == ASKED


# --- Taking it back -------------------------------------------------------------------------


def test_asking_again_takes_it_back_for_the_class(dog: House) -> None:
    post_id = a_post_of(dog, DOG)

    say(dog, post_id, Word.UNDO)

    assert is_asked(dog, post_id)
    assert is_asked(dog, a_post_of(dog, "Tedda is back."))


def test_naming_a_student_after_all_takes_it_back(dog: House) -> None:
    say(dog, a_post_of(dog, DOG), Word.CHOOSE, student="S2")

    assert is_asked(dog, a_post_of(dog, "Tedda is back."))


def test_taking_a_word_back_in_its_own_post_takes_the_memory_back(house: House) -> None:
    post_id = a_post_of(house, DOG)
    say(house, post_id)
    say(house, post_id, Word.UNDO)

    assert is_asked(house, post_id)
    assert is_asked(house, a_post_of(house, DOG))


def test_what_was_cleared_on_a_word_is_not_handed_over_without_it(dog: House) -> None:
    post_id = a_post_of(dog, DOG)
    dog.at_desk(TEACHER, lambda desk: clear.clear_post(desk, _post(desk, post_id)))

    say(dog, a_post_of(dog, DOG), Word.UNDO)

    with pytest.raises(NotCleared):
        clear.hand_over(dog.services, TEACHER, post_id)


def test_saying_and_taking_back_are_in_the_audit_with_ids_only(dog: House) -> None:
    say(dog, a_post_of(dog, DOG), Word.UNDO)

    with dog.services.transaction() as work:
        entries = [
            entry
            for entry in work.audit.entries()
            if entry.event in {Event.WORD_REMEMBERED, Event.WORD_TAKEN_BACK}
        ]
        assert [entry.event for entry in entries] == [
            Event.WORD_REMEMBERED,
            Event.WORD_TAKEN_BACK,
        ]
        assert {entry.actor for entry in entries} == {TEACHER.staff_id}
        assert "edda" not in "".join(entry.details for entry in entries).lower()


# --- Refused since --------------------------------------------------------------------------


def refuse(house: House, **changes: object) -> None:
    """Teddy's family says no, today."""
    today = house.clock.now()
    no = a_release("S2", use=Use.NAME, answer=Answer.DENY)
    no = replace(no, capacity=Capacity.OFFICE, recorded_at=today, given_on=today.date())
    change(house, lambda register: register.record([replace(no, **changes)]))  # type: ignore[arg-type]


def test_one_person_s_word_counts_no_more_once_that_student_is_refused(dog: House) -> None:
    refuse(dog)

    post_id = a_post_of(dog, DOG)
    assert is_asked(dog, post_id)
    assert the_name(judged_post(dog, post_id)).note == ASKED
    (recalled,) = judged_post(dog, post_id).remembered.values()
    assert not recalled.is_settled


def test_said_again_after_that_it_counts(dog: House) -> None:
    refuse(dog)
    dog.clock.move(timedelta(days=1))

    say(dog, a_post_of(dog, DOG))

    assert not is_asked(dog, a_post_of(dog, DOG))


def test_two_people_s_word_stays(dog: House) -> None:
    say(dog, a_post_of(dog, DOG, author=COLLEAGUE), staff=COLLEAGUE)
    refuse(dog)

    assert not is_asked(dog, a_post_of(dog, DOG))


# --- The office -----------------------------------------------------------------------------


def test_the_office_reads_what_was_said_and_takes_it_back(dog: House) -> None:
    def take_back(desk: Desk) -> None:
        (word,) = kept_words(desk, 10)
        assert (word.phrase, word.by, word.ended) == ("tedda", TEACHER.staff_id, None)
        end_kept_word(desk, word.number)
        end_kept_word(desk, word.number)
        (word,) = kept_words(desk, 10)
        assert word.ended is not None
        assert word.ended[0] == OFFICE.staff_id

    dog.at_desk(OFFICE, take_back)

    assert is_asked(dog, a_post_of(dog, DOG))


def test_another_school_s_words_are_not_found(dog: House) -> None:
    def look(desk: Desk) -> None:
        assert kept_words(desk, 10) == ()
        with pytest.raises(NotFound):
            end_kept_word(desk, 1)

    dog.at_desk(STRANGER, look)


def test_a_number_that_nobody_said_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        house.at_desk(OFFICE, lambda desk: end_kept_word(desk, 7))
