"""What is seen in the pictures says which names count in the words."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.flow import mend
from mediacheck.flow.desk import Desk
from mediacheck.flow.judge import Judged
from mediacheck.flow.show import show_post
from mediacheck.model.finding import FaceFinding, NameFinding
from mediacheck.model.post import CoverStyle, PostId
from mediacheck.model.verdict import ReasonCode
from mediacheck.ports.engines import TextLine
from mediacheck.review.words import Word
from release_db.records import ClassGroup
from release_db.words import Capacity, ClassKey, NameForm, StudentId, Use
from tests.conftest import House
from tests.factories import SCHOOL, a_box, a_release, a_student
from tests.mediacheck.flow.test_clear import TEACHER
from tests.mediacheck.flow.test_remembered import a_post_of, judged_post

OTHER_CLASS = ClassKey("lincoln/room-14")
NORA = StudentId("S7")


def a_post_with_nora(house: House) -> PostId:
    """A post of room 12; the face in its picture is that of Nora of room 14, as somebody says."""
    with house.services.transaction() as work:
        work.register.save_class(ClassGroup(key=OTHER_CLASS, school=SCHOOL, name="Room 14"))
        nora = replace(a_student(NORA, given="Nora", family="Quill"), classes=(OTHER_CLASS,))
        work.register.save_students([nora])
    house.finder.boxes = (a_box(),)
    post_id = a_post_of(house, "Thanks to Nora for the help.", alt_text="A kite")
    assert not names_of(judged_post(house, post_id))

    def say(desk: Desk) -> None:
        shown = show_post(desk, post_id)
        (face,) = [one for one in shown.judged.findings if isinstance(one, FaceFinding)]
        said = mend.Said(finding=face.finding_id, word=Word.CHOOSE, student=NORA)
        mend.say_who(desk, shown.judged.post, said)

    house.at_desk(TEACHER, say)
    return post_id


def names_of(judged: Judged) -> list[tuple[str, tuple[StudentId, ...]]]:
    return [(one.text, one.candidates) for one in judged.findings if isinstance(one, NameFinding)]


def test_the_first_name_of_who_is_shown_is_found_whatever_class_was_chosen(house: House) -> None:
    post_id = a_post_with_nora(house)

    assert names_of(judged_post(house, post_id)) == [("Nora", (NORA,))]


def test_it_is_found_still_when_the_face_is_covered(house: House) -> None:
    post_id = a_post_with_nora(house)

    def cover(desk: Desk) -> None:
        mend.cover_everyone(desk, show_post(desk, post_id).judged.post, CoverStyle.SOLID)

    house.at_desk(TEACHER, cover)
    house.jobs.run()

    assert names_of(judged_post(house, post_id)) == [("Nora", (NORA,))]


def with_a_short_release(house: House) -> None:
    """Nora of the 5th grade may be named by her first name and initial, and not in full."""
    with house.services.transaction() as work:
        nora = replace(a_student(NORA, given="Nora", family="Quill"), grade="05")
        work.register.save_students([nora])
        release = a_release(NORA, use=Use.NAME, name_form=NameForm.FIRST_INITIAL)
        office = replace(release, capacity=Capacity.OFFICE, decided_by="office")
        work.register.record([office])


def reasons_of(house: House, caption: str, *, alt_text: str = "") -> list[ReasonCode]:
    verdict = judged_post(house, a_post_of(house, caption, alt_text=alt_text)).verdict
    return [reason.code for reason in verdict.reasons]


def test_a_short_name_beside_school_and_grade_is_refused_with_them(house: House) -> None:
    with_a_short_release(house)

    assert reasons_of(house, "Nora Q. won a ribbon.") == []
    assert reasons_of(house, "Nora Q. of the 5th grade won a ribbon.") == []
    placed = reasons_of(house, "Nora Q. (5th grade, Lincoln School) won a ribbon.")
    assert placed == [ReasonCode.SCHOOL_AND_GRADE]
    apart = reasons_of(house, "Nora Q. won a ribbon at Lincoln.", alt_text="The fifth graders")
    assert apart == [ReasonCode.SCHOOL_AND_GRADE]


def test_writing_in_a_picture_tells_the_school_as_well(house: House) -> None:
    with_a_short_release(house)
    sign = TextLine(text="LINCOLN SCHOOL", box=a_box(), score=0.99)
    house.reader.lines = (sign,)

    told = reasons_of(house, "Nora Q. of the 5th grade won.", alt_text="A ribbon")

    assert told == [ReasonCode.SCHOOL_AND_GRADE]
