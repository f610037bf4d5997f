"""May the post go? One rule a test; each fails when its rule is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from mediacheck.decision.decide import decide
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import Certainty, FaceMark, Finding, FindingId, Where
from mediacheck.model.post import (
    ANY_PICTURE,
    Cover,
    CoverStyle,
    Media,
    MediaState,
    PictureNeeds,
    Refusal,
    Rendition,
)
from mediacheck.model.resolution import (
    Candidate,
    Covered,
    Identified,
    ModelMatch,
    Nobody,
    NotAStudent,
    Noted,
    OtherPerson,
    Overruled,
    Resolution,
    RosterMatch,
    Suggested,
    Unresolved,
)
from mediacheck.model.verdict import Outcome, ReasonCode, Verdict
from release_db.records import Channel, Granted, Refused, StudentFile
from release_db.words import Answer, Capacity, NameForm, StudentId, Use
from tests.factories import (
    AUTHOR,
    NOW,
    REVIEWER,
    SCHOOL,
    a_box,
    a_channel,
    a_face,
    a_file,
    a_hold,
    a_media,
    a_name,
    a_release,
    an_unread_text,
    releases_for,
)

S1 = StudentId("S1")
RELEASED = a_file(releases=releases_for())
REFUSED = a_file(releases=releases_for(answer=Answer.DENY))
BY_MODEL = ModelMatch(model="m", distance=0.2, margin=0.3)


def seen(
    *findings: Finding,
    matches: Mapping[str, Resolution] | None = None,
    words: Mapping[str, Resolution] | None = None,
    files: Iterable[StudentFile] = (RELEASED,),
    media: Iterable[Media] | None = None,
    channel: Channel | None = None,
    texts: Iterable[str] = (),
) -> Evidence:
    return Evidence(
        channel=channel or a_channel(),
        media=tuple(media) if media is not None else (a_media(),),
        findings=findings,
        matches={FindingId(key): value for key, value in (matches or {}).items()},
        words={FindingId(key): value for key, value in (words or {}).items()},
        files={file.student.student_id: file for file in files},
        author=AUTHOR,
        roster_size=30,
        now=NOW,
        zone=ZoneInfo("America/Los_Angeles"),
        has_words=True,
        texts=tuple(texts),
        schools={SCHOOL: "Lincoln Elementary"},
        is_alt_text_required=True,
    )


def suggested(student: str = "S1") -> Suggested:
    return Suggested(
        candidates=(Candidate(student_id=StudentId(student), distance=0.3, margin=0.2),)
    )


def identified(student: str = "S1") -> Identified:
    return Identified(students=(StudentId(student),), by=BY_MODEL)


def said(student: str = "S1", by: str = AUTHOR) -> Identified:
    return Identified(students=(StudentId(student),), by=by)  # type: ignore[arg-type]


def named() -> Identified:
    return Identified(students=(S1,), by=RosterMatch())


def codes(verdict: Verdict) -> list[ReasonCode]:
    return [reason.code for reason in verdict.reasons]


def test_a_post_without_a_finding_is_cleared() -> None:
    verdict = decide(seen())

    assert verdict.outcome is Outcome.CLEARED
    assert verdict.reasons == ()


def test_a_released_face_is_cleared_on_the_releases_it_rests_on() -> None:
    verdict = decide(seen(a_face(), words={"f1": said()}))

    assert verdict.outcome is Outcome.CLEARED
    assert verdict.rests_on == (a_release(use=Use.IMAGE).release_id,)


def test_a_refused_face_blocks() -> None:
    verdict = decide(seen(a_face(), words={"f1": said()}, files=[REFUSED]))

    assert codes(verdict) == [ReasonCode.RELEASE_REFUSED]
    assert verdict.outcome is Outcome.BLOCKED


def test_no_record_blocks() -> None:
    verdict = decide(seen(a_face(), words={"f1": said()}, files=[a_file()]))

    assert verdict.outcome is Outcome.BLOCKED


def test_a_student_who_is_not_on_file_blocks() -> None:
    verdict = decide(seen(a_face(), words={"f1": said()}, files=[]))

    assert verdict.outcome is Outcome.BLOCKED


def test_a_hold_reads_exactly_like_a_refusal() -> None:
    held = a_file(releases=releases_for(), holds=[a_hold()])

    with_hold = decide(seen(a_face(), words={"f1": said()}, files=[held]))
    with_refusal = decide(seen(a_face(), words={"f1": said()}, files=[REFUSED]))
    with_nothing = decide(seen(a_face(), words={"f1": said()}, files=[a_file()]))

    assert with_hold.reasons == with_refusal.reasons == with_nothing.reasons


def test_an_unknown_face_needs_a_person() -> None:
    verdict = decide(seen(a_face()))

    assert codes(verdict) == [ReasonCode.UNKNOWN_FACE]
    assert verdict.outcome is Outcome.NEEDS_REVIEW


def test_a_suggested_face_needs_a_confirmation() -> None:
    verdict = decide(seen(a_face(), matches={"f1": suggested()}))

    assert codes(verdict) == [ReasonCode.CONFIRM_FACE]


def test_a_likely_match_to_a_refused_student_blocks() -> None:
    verdict = decide(seen(a_face(), matches={"f1": suggested()}, files=[REFUSED]))

    assert codes(verdict) == [ReasonCode.LIKELY_REFUSED]
    assert verdict.outcome is Outcome.BLOCKED


def test_a_refused_student_who_cannot_be_told_from_the_suggested_one_blocks() -> None:
    match = replace(suggested(), rivals=(StudentId("S2"),))
    refused = a_file("S2", releases=releases_for("S2", answer=Answer.DENY))

    verdict = decide(seen(a_face(), matches={"f1": match}, files=[RELEASED, refused]))

    assert codes(verdict) == [ReasonCode.LIKELY_REFUSED]
    assert verdict.outcome is Outcome.BLOCKED


def test_an_author_alone_does_not_choose_between_a_released_and_a_refused_lookalike() -> None:
    match = replace(suggested(), rivals=(StudentId("S2"),))
    refused = a_file("S2", releases=releases_for("S2", answer=Answer.DENY))
    files = [RELEASED, refused]

    alone = decide(seen(a_face(), matches={"f1": match}, words={"f1": said()}, files=files))
    second = decide(
        seen(a_face(), matches={"f1": match}, words={"f1": said(by=REVIEWER)}, files=files)
    )

    assert codes(alone) == [ReasonCode.SECOND_LOOK]
    assert second.outcome is Outcome.CLEARED


def test_a_face_that_the_model_identified_is_cleared_when_it_is_released() -> None:
    verdict = decide(seen(a_face(), matches={"f1": identified()}))

    assert verdict.outcome is Outcome.CLEARED


def test_a_face_of_somebody_else_is_no_trouble() -> None:
    word = NotAStudent(kind=OtherPerson.STAFF, by=AUTHOR)

    assert decide(seen(a_face(), words={"f1": word})).outcome is Outcome.CLEARED


def test_a_word_that_was_taken_back_counts_as_none() -> None:
    evidence = seen(a_face(), matches={"f1": suggested()}, words={"f1": Unresolved()})

    assert codes(decide(evidence)) == [ReasonCode.CONFIRM_FACE]


def test_a_face_still_found_under_its_cover_is_not_covered() -> None:
    verdict = decide(seen(a_face(), words={"f1": Covered(by=AUTHOR)}))

    assert codes(verdict) == [ReasonCode.UNKNOWN_FACE]


@pytest.mark.parametrize(
    "word",
    [
        NotAStudent(kind=OtherPerson.VISITOR, by=AUTHOR),
        Nobody(by=AUTHOR),
        said("S2"),
    ],
)
def test_an_author_alone_cannot_talk_away_a_likely_refused_student(word: Resolution) -> None:
    other = a_file("S2", releases=releases_for("S2"))
    evidence = seen(
        a_face(), matches={"f1": suggested()}, words={"f1": word}, files=[REFUSED, other]
    )

    assert codes(decide(evidence)) == [ReasonCode.SECOND_LOOK]


def test_a_second_person_may_say_that_it_is_somebody_else() -> None:
    word = NotAStudent(kind=OtherPerson.VISITOR, by=REVIEWER)
    evidence = seen(a_face(), matches={"f1": suggested()}, words={"f1": word}, files=[REFUSED])

    assert decide(evidence).outcome is Outcome.CLEARED


def test_nobody_can_overrule_a_face_that_can_be_told() -> None:
    word = Overruled(by=REVIEWER, reason="Back of a head")

    assert codes(decide(seen(a_face(), words={"f1": word}))) == [ReasonCode.UNKNOWN_FACE]


def test_a_reviewer_can_answer_for_a_face_too_small_to_tell() -> None:
    word = Overruled(by=REVIEWER, reason="Row at the far end of the hall")
    evidence = seen(a_face(marks=[FaceMark.TOO_SMALL]), words={"f1": word})

    assert decide(evidence).outcome is Outcome.CLEARED


def test_a_released_name_is_cleared() -> None:
    assert decide(seen(a_name(), matches={"n1": named()})).outcome is Outcome.CLEARED


def test_a_refused_name_blocks() -> None:
    verdict = decide(seen(a_name(), matches={"n1": named()}, files=[REFUSED]))

    assert codes(verdict) == [ReasonCode.RELEASE_REFUSED]


def test_a_name_in_a_longer_form_than_released_blocks_with_a_remedy() -> None:
    first_only = a_file(releases=[a_release(use=Use.NAME, name_form=NameForm.FIRST)])
    verdict = decide(seen(a_name(), matches={"n1": named()}, files=[first_only]))

    assert codes(verdict) == [ReasonCode.NAME_FORM]
    permission = verdict.permissions[FindingId("n1")]
    assert isinstance(permission, Refused)
    assert permission.allowed_form is NameForm.FIRST


def test_shown_and_named_together_needs_a_release_for_both_together() -> None:
    apart = a_file(releases=releases_for(uses=[Use.IMAGE, Use.NAME]))
    evidence = seen(
        a_face(), a_name(), matches={"n1": named()}, words={"f1": said()}, files=[apart]
    )

    assert codes(decide(evidence)) == [ReasonCode.IMAGE_WITH_NAME]


def test_a_name_beside_a_suggested_face_counts_as_together() -> None:
    apart = a_file(releases=releases_for(uses=[Use.IMAGE, Use.NAME]))
    matches = {"n1": named(), "f1": suggested()}
    verdict = decide(seen(a_face(), a_name(), matches=matches, files=[apart]))

    assert ReasonCode.IMAGE_WITH_NAME in codes(verdict)


def covered_media(students: tuple[StudentId, ...] = ()) -> Media:
    cover = Cover(box=a_box(), style=CoverStyle.SOLID, by=AUTHOR, students=students)
    return replace(a_media(), covers=(cover,))


def test_a_name_beside_the_cover_of_that_student_counts_as_together() -> None:
    apart = a_file(releases=releases_for(uses=[Use.NAME]))
    evidence = seen(a_name(), matches={"n1": named()}, files=[apart], media=[covered_media((S1,))])

    assert codes(decide(evidence)) == [ReasonCode.IMAGE_WITH_NAME]


def test_an_alt_text_that_names_beside_an_unknown_cover_counts_as_together() -> None:
    apart = a_file(releases=releases_for(uses=[Use.NAME]))
    name = a_name(where=Where.ALT, media_id="m1")
    evidence = seen(name, matches={"n1": named()}, files=[apart], media=[covered_media()])

    assert codes(decide(evidence)) == [ReasonCode.IMAGE_WITH_NAME]


def test_a_caption_beside_an_unknown_cover_needs_the_name_alone() -> None:
    apart = a_file(releases=releases_for(uses=[Use.NAME]))
    evidence = seen(a_name(), matches={"n1": named()}, files=[apart], media=[covered_media()])

    assert decide(evidence).outcome is Outcome.CLEARED


@pytest.mark.parametrize("where", [Where.FILENAME, Where.METADATA])
def test_a_name_on_the_file_says_that_the_student_is_in_it(where: Where) -> None:
    name_only = a_file(releases=releases_for(uses=[Use.NAME]))
    name = a_name(where=where, media_id="m1")

    assert codes(decide(seen(name, matches={"n1": named()}, files=[name_only]))) == [
        ReasonCode.RELEASE_REFUSED
    ]


def test_a_likely_name_of_a_released_student_asks_nothing() -> None:
    name = a_name(certainty=Certainty.LIKELY)

    assert decide(seen(name, matches={"n1": suggested()})).outcome is Outcome.CLEARED


def test_a_likely_name_of_a_refused_student_asks() -> None:
    name = a_name(certainty=Certainty.LIKELY)
    verdict = decide(seen(name, matches={"n1": suggested()}, files=[REFUSED]))

    assert codes(verdict) == [ReasonCode.UNSETTLED_NAME]
    assert verdict.outcome is Outcome.NEEDS_REVIEW


def test_a_name_of_two_students_is_settled_when_both_may_be_named() -> None:
    both = [RELEASED, a_file("S2", releases=releases_for("S2"))]
    verdict = decide(seen(a_name(candidates=["S1", "S2"]), files=both))

    assert verdict.outcome is Outcome.CLEARED
    assert isinstance(verdict.permissions[FindingId("n1")], Granted)


def test_a_name_of_two_students_asks_when_one_of_them_is_refused() -> None:
    one_refused = [RELEASED, a_file("S2")]
    verdict = decide(seen(a_name(candidates=["S1", "S2"]), files=one_refused))

    assert codes(verdict) == [ReasonCode.UNSETTLED_NAME]


def test_a_certain_name_of_two_refused_students_blocks() -> None:
    verdict = decide(seen(a_name(candidates=["S1", "S2"]), files=[REFUSED, a_file("S2")]))

    assert verdict.outcome is Outcome.BLOCKED


def test_a_noted_word_asks_nothing() -> None:
    name = a_name(certainty=Certainty.POSSIBLE)
    evidence = seen(name, matches={"n1": Noted(note="a place")}, files=[REFUSED])

    assert decide(evidence).outcome is Outcome.CLEARED


def test_a_note_on_a_certain_name_settles_nothing() -> None:
    evidence = seen(a_name(), matches={"n1": Noted(note="a place")}, files=[REFUSED])

    assert decide(evidence).outcome is Outcome.BLOCKED


def test_an_author_alone_cannot_talk_away_a_certain_refused_name() -> None:
    word = NotAStudent(kind=OtherPerson.OTHER, by=AUTHOR)
    evidence = seen(a_name(), matches={"n1": named()}, words={"n1": word}, files=[REFUSED])

    assert codes(decide(evidence)) == [ReasonCode.SECOND_LOOK]


def test_an_author_may_say_that_a_likely_name_is_nobody() -> None:
    name = a_name(certainty=Certainty.LIKELY)
    evidence = seen(name, words={"n1": Nobody(by=AUTHOR)}, files=[REFUSED])

    assert decide(evidence).outcome is Outcome.CLEARED


def test_no_reviewer_can_overrule_the_name_of_a_refused_student() -> None:
    word = Overruled(by=REVIEWER, reason="They will not mind")
    name = a_name(certainty=Certainty.LIKELY)

    assert codes(decide(seen(name, words={"n1": word}, files=[REFUSED]))) == [
        ReasonCode.UNSETTLED_NAME
    ]


def test_unread_writing_needs_a_person() -> None:
    assert codes(decide(seen(an_unread_text()))) == [ReasonCode.UNREAD_TEXT]
    assert decide(seen(an_unread_text(), words={"t1": Nobody(by=AUTHOR)})).reasons == ()


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (MediaState.WAITING, ReasonCode.FILE_WAITING),
        (MediaState.CHECKING, ReasonCode.FILE_WAITING),
        (MediaState.FAILED, ReasonCode.STAGE_FAILED),
        (MediaState.REFUSED, ReasonCode.FILE_REFUSED),
    ],
)
def test_a_picture_that_is_not_checked_is_never_cleared(
    state: MediaState, code: ReasonCode
) -> None:
    assert codes(decide(seen(media=[a_media(state=state)]))) == [code]


def test_a_checked_picture_without_pixels_has_failed() -> None:
    media = replace(a_media(), pixels_sha256=None)

    assert codes(decide(seen(media=[media]))) == [ReasonCode.STAGE_FAILED]


SMALL = PictureNeeds(side_px=320)


def test_a_picture_that_does_not_fit_its_channel_yet_waits() -> None:
    fitted = replace(a_media(), rendition=Rendition(needs=SMALL))
    for media, needs in (
        (a_media(), SMALL),
        (fitted, ANY_PICTURE),
        (fitted, replace(SMALL, size_bytes=9)),
    ):
        assert codes(decide(replace(seen(media=[media]), needs=needs))) == [ReasonCode.FILE_WAITING]
    assert decide(replace(seen(media=[fitted]), needs=SMALL)).reasons == ()


def test_a_picture_that_cannot_be_made_to_fit_is_never_cleared() -> None:
    refused = Refusal(code="does-not-fit", message="Take it out.")
    media = replace(a_media(), rendition=Rendition(needs=SMALL, refused=refused))

    verdict = decide(replace(seen(media=[media]), needs=SMALL))

    assert verdict.outcome is not Outcome.CLEARED
    assert [(one.code, one.message) for one in verdict.reasons] == [
        (ReasonCode.FILE_REFUSED, "Take it out.")
    ]


def test_alt_text_is_asked_for_where_it_is_required() -> None:
    bare = [a_media(alt_text="  ")]

    assert codes(decide(seen(media=bare))) == [ReasonCode.ALT_TEXT_MISSING]
    assert decide(replace(seen(media=bare), is_alt_text_required=False)).reasons == ()


def test_an_empty_roster_needs_a_person() -> None:
    assert codes(decide(replace(seen(), roster_size=0))) == [ReasonCode.EMPTY_ROSTER]


def test_an_empty_post_is_not_cleared() -> None:
    assert codes(decide(replace(seen(media=[]), has_words=False))) == [ReasonCode.NOTHING_TO_CHECK]


def test_two_faces_in_a_picture_are_never_one_student() -> None:
    evidence = seen(a_face("f1"), a_face("f2"), words={"f1": said(), "f2": said()})

    assert codes(decide(evidence)) == [ReasonCode.SAME_STUDENT_TWICE]


def test_one_student_may_be_in_two_pictures() -> None:
    evidence = seen(
        a_face("f1"),
        a_face("f2", media_id="m2"),
        words={"f1": said(), "f2": said()},
        media=[a_media(), a_media("m2")],
    )

    assert decide(evidence).outcome is Outcome.CLEARED


def test_a_verdict_is_good_for_a_day_at_the_longest() -> None:
    verdict = decide(seen())

    assert verdict.good_until is not None
    assert (verdict.good_until - NOW).total_seconds() == 24 * 3600


def test_a_verdict_ends_with_the_last_day_of_a_release_where_the_district_is() -> None:
    ending = a_file(releases=[a_release(use=Use.IMAGE, ends_on=date(2026, 11, 24))])
    verdict = decide(seen(a_face(), words={"f1": said()}, files=[ending]))

    assert verdict.good_until is not None
    assert verdict.good_until.isoformat() == "2026-11-25T08:00:00+00:00"


def test_the_district_s_day_counts_and_not_the_server_s() -> None:
    ended = a_file(releases=[a_release(use=Use.IMAGE, ends_on=date(2026, 11, 24))])
    evidence = seen(a_face(), words={"f1": said()}, files=[ended])
    late = replace(evidence, now=NOW.replace(day=25, hour=7))
    later = replace(evidence, now=NOW.replace(day=25, hour=9))

    assert decide(late).outcome is Outcome.CLEARED
    assert decide(later).outcome is Outcome.BLOCKED


def test_a_release_to_the_end_of_time_ends_no_verdict_early() -> None:
    for_good = a_file(
        releases=[
            a_release(
                use=Use.IMAGE,
                ends_on=date.max,
                decided_by="office",
                capacity=Capacity.OFFICE,
            )
        ]
    )
    for_good = replace(for_good, student=replace(for_good.student, birth_on=None))
    verdict = decide(seen(a_face(), words={"f1": said()}, files=[for_good]))

    assert verdict.outcome is Outcome.CLEARED
    assert verdict.good_until is not None
    assert (verdict.good_until - NOW).total_seconds() == 24 * 3600
