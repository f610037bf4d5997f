"""Student work in a picture: each rule fails a test here when it is deleted."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.decision.decide import decide
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import Certainty, Finding, Where
from mediacheck.model.resolution import Identified, Nobody, NotAStudent, OtherPerson, RosterMatch
from mediacheck.model.verdict import Outcome, ReasonCode
from mediacheck.model.works import Credit, WorkWord
from release_db.records import Granted
from release_db.words import Answer, NameForm, StudentId, Use
from tests.factories import (
    AUTHOR,
    REVIEWER,
    a_face,
    a_file,
    a_media,
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


def test_a_name_beside_a_work_asks_too_and_a_caption_where_it_is_the_only_picture() -> None:
    assert codes(signed(a_name(where=Where.ALT, media_id="m1"))) == {ReasonCode.IS_ARTIST}
    alone = signed(a_name())
    assert codes(alone) == {ReasonCode.IS_ARTIST}

    assert codes(replace(alone, media=(*alone.media, a_media("m2")))) == set()


def test_the_credited_artists_name_is_no_question() -> None:
    word = a_work_word(students=["S1"], name_form=NameForm.FULL)

    assert codes(replace(signed(), works={word.media_id: word})) == set()


def test_a_name_elsewhere_or_of_nobody_is_no_question() -> None:
    on_the_file = a_name(where=Where.FILENAME, media_id="m1")
    elsewhere = a_name(where=Where.PIXELS, media_id="m2")

    assert ReasonCode.IS_ARTIST not in codes(signed(on_the_file))
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


def recalled(
    *earlier: WorkWord, said: WorkWord | None = None, answer: Answer = Answer.ALLOW
) -> Evidence:
    """A picture that looks like earlier works, whose students all answered the same."""
    files = [a_file(one, releases=releases_for(one, answer=answer)) for one in (S1, S2)]
    case = with_files(seen(), *files)
    works = {said.media_id: said} if said is not None else {}
    return replace(case, works=works, recalled={"m1": earlier})  # type: ignore[dict-item]


def test_a_work_that_was_shown_before_asks_and_is_not_taken_for_granted() -> None:
    assert codes(recalled(a_work_word(students=["S1"]))) == {ReasonCode.KNOWN_WORK}
    assert codes(recalled(a_work_word(credit=Credit.UNNAMED))) == {ReasonCode.KNOWN_WORK}


def test_a_withdrawn_work_is_caught_again_though_nobody_said_that_it_is_work() -> None:
    case = recalled(a_work_word(students=["S1"]), answer=Answer.DENY)

    verdict = decide(case)

    assert verdict.outcome is Outcome.BLOCKED
    assert codes(case) == {ReasonCode.LIKELY_WORK}


def test_any_of_several_works_that_look_the_same_may_be_the_withdrawn_one() -> None:
    free, refused = a_work_word(credit=Credit.UNNAMED), a_work_word(students=["S2"])

    assert codes(recalled(free, refused, answer=Answer.DENY)) == {ReasonCode.LIKELY_WORK}


def test_whoever_is_said_to_have_made_it_settles_a_known_work() -> None:
    earlier = a_work_word(students=["S1"])

    for said in (a_work_word(students=["S1"]), a_work_word(credit=Credit.NO_WORK)):
        assert codes(recalled(earlier, said=said)) == set()


def test_an_open_question_settles_nothing() -> None:
    said = a_work_word(credit=Credit.UNSAID)

    assert codes(recalled(a_work_word(students=["S1"]), said=said)) == {
        ReasonCode.KNOWN_WORK,
        ReasonCode.WHOSE_WORK,
    }


def test_an_author_alone_cannot_talk_a_withdrawn_work_away() -> None:
    earlier = a_work_word(students=["S1"])
    for credit in (Credit.NO_WORK, Credit.UNNAMED):
        alone = a_work_word(credit=credit)
        case = recalled(earlier, said=alone, answer=Answer.DENY)
        assert codes(case) == {ReasonCode.SECOND_LOOK}

        by_office = replace(alone, by=REVIEWER)
        assert codes(recalled(earlier, said=by_office, answer=Answer.DENY)) == set()
