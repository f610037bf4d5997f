"""Student work in a picture: each rule fails a test here when it is deleted."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.decision.decide import decide
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import Certainty, Finding, Where
from mediacheck.model.resolution import Identified, Nobody, NotAStudent, OtherPerson, RosterMatch
from mediacheck.model.verdict import Outcome, ReasonCode
from mediacheck.model.works import Credit
from release_db.records import Granted
from release_db.words import Answer, NameForm, StudentId, Use
from tests.factories import (
    AUTHOR,
    a_face,
    a_file,
    a_name,
    a_release,
    a_work_word,
    releases_for,
)
from tests.mediacheck.decision.test_decide import seen

S1, S2 = StudentId("S1"), StudentId("S2")
BY_ROSTER = Identified(students=(S1,), by=RosterMatch())


def work(*students: str, form: NameForm = NameForm.NONE, **said: object) -> Evidence:
    word = a_work_word(students=students, name_form=form)
    return replace(seen(), works={word.media_id: word}, **said)  # type: ignore[arg-type]


def codes(case: Evidence) -> set[ReasonCode]:
    return {reason.code for reason in decide(case).reasons}


def with_files(case: Evidence, *files: object) -> Evidence:
    return replace(case, files={file.student.student_id: file for file in files})  # type: ignore[attr-defined]


def test_released_work_is_cleared_and_rests_on_its_release() -> None:
    case = with_files(work("S1"), a_file(releases=[a_release(use=Use.WORK)]))

    verdict = decide(case)

    assert verdict.outcome is Outcome.CLEARED
    assert isinstance(verdict.credits["m1", S1], Granted)
    assert verdict.rests_on


def test_work_without_its_release_is_blocked_in_the_one_wording() -> None:
    uses = [use for use in Use if use is not Use.WORK]
    case = with_files(work("S1"), a_file(releases=releases_for(uses=uses)))

    assert codes(case) == {ReasonCode.RELEASE_REFUSED}


def test_each_of_several_students_is_asked() -> None:
    refused = a_file("S2", releases=releases_for("S2", answer=Answer.DENY))
    case = with_files(work("S1", "S2"), a_file(releases=releases_for()), refused)

    assert codes(case) == {ReasonCode.RELEASE_REFUSED}


def test_a_student_whose_file_is_gone_is_refused() -> None:
    assert codes(with_files(work("S9"))) == {ReasonCode.RELEASE_REFUSED}


def test_a_name_beside_the_work_needs_its_own_release() -> None:
    only_work = a_file(releases=[a_release(use=Use.WORK)])

    assert codes(with_files(work("S1"), only_work)) == set()
    assert codes(with_files(work("S1", form=NameForm.FIRST), only_work)) == {
        ReasonCode.RELEASE_REFUSED
    }


def test_a_longer_name_than_was_allowed_is_to_be_shortened() -> None:
    first = a_release(use=Use.NAME, name_form=NameForm.FIRST)
    file = a_file(releases=[a_release(use=Use.WORK), first])

    assert codes(with_files(work("S1", form=NameForm.FULL), file)) == {ReasonCode.NAME_FORM}
    assert codes(with_files(work("S1", form=NameForm.FIRST), file)) == set()


def test_a_named_artist_whose_face_is_in_the_post_is_shown_and_named_together() -> None:
    uses = [Use.IMAGE, Use.NAME, Use.WORK]
    file = a_file(releases=releases_for(uses=uses))
    case = replace(
        with_files(work("S1", form=NameForm.FULL), file),
        findings=(a_face(),),
        words={a_face().finding_id: Identified(students=(S1,), by=AUTHOR)},
    )

    assert codes(case) == {ReasonCode.IMAGE_WITH_NAME}
    unnamed = work("S1").works
    assert codes(replace(case, works=unnamed)) == set()


def test_work_of_somebody_asks_whose_it_is() -> None:
    for word in (a_work_word(credit=Credit.UNSAID), a_work_word(credit=Credit.STUDENTS)):
        case = replace(seen(), works={word.media_id: word})

        assert codes(case) == {ReasonCode.WHOSE_WORK}


def test_unnamed_work_is_asked_for_only_where_the_district_says_so() -> None:
    word = a_work_word(credit=Credit.UNNAMED)
    case = replace(seen(), works={word.media_id: word})

    assert codes(case) == set()
    assert codes(replace(case, is_unnamed_work_asked=True)) == {ReasonCode.WHOSE_WORK}


def test_what_is_no_work_asks_nothing() -> None:
    word = a_work_word(credit=Credit.NO_WORK, students=["S9"])

    assert codes(replace(seen(), works={word.media_id: word}, is_unnamed_work_asked=True)) == set()


def test_a_word_on_a_picture_that_was_taken_out_does_not_count() -> None:
    word = a_work_word(media_id="gone", credit=Credit.UNSAID)

    assert codes(replace(seen(), works={word.media_id: word})) == set()


def signed(finding: Finding | None = None, **said: object) -> Evidence:
    """An unnamed work with Maya's certain name in its pixels, who is released."""
    name = finding or a_name(where=Where.PIXELS, media_id="m1")
    word = a_work_word(credit=Credit.UNNAMED, **said)  # type: ignore[arg-type]
    case = seen(name, matches={name.finding_id: BY_ROSTER})
    return replace(case, works={word.media_id: word})


def test_a_name_in_the_pixels_of_a_work_asks_whether_it_is_the_artists() -> None:
    assert codes(signed()) == {ReasonCode.IS_ARTIST}
    assert codes(signed(others=["S1"])) == set()


def test_the_credited_artists_name_is_no_question() -> None:
    word = a_work_word(students=["S1"], name_form=NameForm.FULL)

    assert codes(replace(signed(), works={word.media_id: word})) == set()


def test_a_name_elsewhere_or_of_nobody_is_no_question() -> None:
    in_caption = a_name()
    elsewhere = a_name(where=Where.PIXELS, media_id="m2")

    assert codes(signed(in_caption)) == set()
    assert codes(signed(elsewhere)) == set()
    for word in (Nobody(by=AUTHOR), NotAStudent(kind=OtherPerson.STAFF, by=AUTHOR)):
        case = replace(signed(), words={a_name().finding_id: word})
        assert ReasonCode.IS_ARTIST not in codes(case)


def test_a_name_that_is_not_sure_yet_asks_for_each_who_may_be_meant() -> None:
    name = a_name(
        where=Where.PIXELS, media_id="m1", candidates=["S1", "S2"], certainty=Certainty.LIKELY
    )
    case = replace(signed(name, others=["S1"]), matches={})

    assert ReasonCode.IS_ARTIST in codes(case)


def test_a_name_in_the_pixels_of_another_picture_stays_an_ordinary_name() -> None:
    name = a_name(where=Where.PIXELS, media_id="m1")

    assert codes(seen(name, matches={"n1": BY_ROSTER})) == set()
