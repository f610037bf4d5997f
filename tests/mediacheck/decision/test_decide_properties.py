"""What has to hold of every decision, whatever was found and whoever spoke."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mediacheck.decision.decide import decide
from mediacheck.decision.evidence import Evidence
from mediacheck.model.finding import Certainty, FaceMark, Finding, FindingId, Where
from mediacheck.model.people import StaffId
from mediacheck.model.post import Cover, CoverStyle, Media, MediaState
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
from mediacheck.model.verdict import Outcome
from mediacheck.model.works import Credit, WorkWord
from release_db.records import StudentFile
from release_db.words import Answer, Audience, NameForm, StudentId, Use
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
    a_work_word,
    an_unread_text,
)

STUDENTS = ("S1", "S2", "S3")
ORDER = {Outcome.CLEARED: 0, Outcome.NEEDS_REVIEW: 1, Outcome.BLOCKED: 2}

students = st.sampled_from(STUDENTS).map(StudentId)
speakers = st.sampled_from([AUTHOR, REVIEWER])
media_ids = st.sampled_from(["m1", "m2"])


@st.composite
def resolutions(draw: st.DrawFn) -> Resolution:
    by: StaffId = draw(speakers)
    candidates = tuple(
        Candidate(student_id=student, distance=0.3, margin=0.1)
        for student in draw(st.lists(students, max_size=2, unique=True))
    )
    named = tuple(draw(st.lists(students, min_size=1, max_size=2, unique=True)))
    return draw(
        st.sampled_from(
            [
                Identified(students=named, by=by),
                Identified(students=named, by=ModelMatch(model="m", distance=0.2, margin=0.2)),
                Identified(students=named, by=RosterMatch()),
                Suggested(candidates=candidates),
                Unresolved(candidates=candidates),
                NotAStudent(kind=OtherPerson.VISITOR, by=by),
                Nobody(by=by),
                Noted(note="a place"),
                Covered(by=by),
                Overruled(by=by, reason="Too far away to tell"),
            ]
        )
    )


@st.composite
def findings(draw: st.DrawFn, number: int) -> Finding:
    kind = draw(st.sampled_from(["face", "name", "text"]))
    if kind == "face":
        marks = draw(st.sets(st.sampled_from(list(FaceMark)), max_size=2))
        return a_face(f"x{number}", media_id=draw(media_ids), marks=marks)
    if kind == "text":
        return an_unread_text(f"x{number}", media_id=draw(media_ids))
    return a_name(
        f"x{number}",
        where=draw(st.sampled_from(list(Where))),
        media_id=draw(st.none() | media_ids),
        form=draw(st.sampled_from(list(NameForm))),
        candidates=draw(st.lists(students, max_size=3, unique=True)),
        certainty=draw(st.sampled_from(list(Certainty))),
    )


@st.composite
def files(draw: st.DrawFn, student: str) -> StudentFile:
    releases = draw(
        st.lists(
            st.builds(
                a_release,
                st.just(student),
                use=st.sampled_from(list(Use)),
                answer=st.sampled_from(list(Answer)),
                name_form=st.none() | st.sampled_from(list(NameForm)),
                audience=st.none() | st.sampled_from([Audience.SOCIAL, Audience.CLASS]),
                ends_on=st.none()
                | st.just(date.max)
                | st.dates(date(2026, 11, 1), date(2027, 1, 1)),
            ),
            max_size=8,
        )
    )
    holds = [a_hold(student)] if draw(st.integers(0, 9)) == 0 else []
    return a_file(student, releases=releases, holds=holds)


@st.composite
def media(draw: st.DrawFn, media_id: str) -> Media:
    state = draw(st.sampled_from([MediaState.CHECKED] * 6 + list(MediaState)))
    beneath = tuple(draw(st.lists(students, max_size=1)))
    cover = Cover(box=a_box(), style=CoverStyle.SOLID, by=AUTHOR, students=beneath)
    covers = (cover,) if draw(st.booleans()) else ()
    return replace(a_media(media_id, state=state), covers=covers)


@st.composite
def work_words(draw: st.DrawFn, media_id: str) -> WorkWord:
    return a_work_word(
        media_id=media_id,
        credit=draw(st.sampled_from(list(Credit))),
        students=draw(st.lists(students, max_size=2, unique=True)),
        name_form=draw(st.sampled_from(list(NameForm))),
        others=draw(st.lists(students, max_size=1)),
        by=draw(speakers),
    )


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    found = [draw(findings(number)) for number in range(draw(st.integers(0, 5)))]
    ids = [finding.finding_id for finding in found]
    on_file = [draw(files(student)) for student in STUDENTS]
    known = on_file[: draw(st.integers(0, len(STUDENTS)))]
    return Evidence(
        channel=a_channel(name_form=draw(st.sampled_from(list(NameForm)))),
        media=(draw(media("m1")), draw(media("m2"))),
        findings=tuple(found),
        matches={one: draw(resolutions()) for one in ids if draw(st.booleans())},
        words={one: draw(resolutions()) for one in ids if draw(st.booleans())},
        files={file.student.student_id: file for file in known},
        author=draw(st.sampled_from([None, AUTHOR])),
        roster_size=draw(st.sampled_from([0, 30, 30, 30])),
        now=NOW,
        zone=ZoneInfo("America/Los_Angeles"),
        has_words=draw(st.booleans()),
        texts=draw(st.sampled_from([(), ("Room 12 at Lincoln",), ("A day at Lincoln",)])),
        schools={SCHOOL: "Lincoln Elementary"},
        is_alt_text_required=draw(st.booleans()),
        works={
            word.media_id: word
            for word in (draw(work_words("m1")), draw(work_words("m2")))
            if draw(st.integers(0, 3)) == 0
        },
        is_unnamed_work_asked=draw(st.booleans()),
        recalled={
            word.media_id: (word,)
            for word in (draw(work_words("m1")), draw(work_words("m2")))
            if draw(st.integers(0, 4)) == 0
        },
    )


@given(evidence())
def test_no_input_makes_it_raise(case: Evidence) -> None:
    verdict = decide(case)

    assert (verdict.outcome is Outcome.CLEARED) == (not verdict.reasons)


@given(evidence(), st.randoms())
def test_the_order_of_the_findings_does_not_matter(case: Evidence, random: object) -> None:
    shuffled = list(case.findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    turned = decide(replace(case, findings=tuple(shuffled)))

    assert turned == decide(case)


@given(evidence(), findings(99), st.none() | resolutions(), st.none() | resolutions())
def test_adding_a_finding_never_improves_the_verdict(
    case: Evidence, more: Finding, match: Resolution | None, word: Resolution | None
) -> None:
    key = FindingId("x99")
    richer = replace(
        case,
        findings=(*case.findings, more),
        matches={**case.matches, **({key: match} if match else {})},
        words={**case.words, **({key: word} if word else {})},
    )

    assert ORDER[decide(richer).outcome] >= ORDER[decide(case).outcome]


@given(evidence(), students)
def test_crediting_one_student_more_never_improves_the_verdict(
    case: Evidence, student: StudentId
) -> None:
    for media_id, word in case.works.items():
        if word.credit is not Credit.STUDENTS or word.is_unsaid:
            continue
        # A name in the pixels that is the new artist's is a question less: that is an answer.
        others = tuple(STUDENTS)
        before = replace(word, others=others)
        case = replace(case, recalled={})
        more = replace(before, students=(*word.students, student))
        richer = replace(case, works={**case.works, media_id: more})
        poorer = replace(case, works={**case.works, media_id: before})

        assert ORDER[decide(richer).outcome] >= ORDER[decide(poorer).outcome]


@given(evidence(), work_words("m1"))
def test_saying_that_a_picture_shows_work_never_improves_the_verdict(
    case: Evidence, word: WorkWord
) -> None:
    # Of a work that is known again, to say whose it is answers a question.
    case = replace(case, recalled={})
    silent = {key: one for key, one in case.works.items() if key != word.media_id}
    before = decide(replace(case, works=silent)).outcome

    assert ORDER[decide(replace(case, works={**silent, "m1": word})).outcome] >= ORDER[before]


@given(evidence(), st.data())
def test_taking_away_a_grant_never_clears(case: Evidence, data: st.DataObject) -> None:
    grants = [
        (student, release)
        for student, file in case.files.items()
        for release in file.releases
        if release.answer is Answer.ALLOW
    ]
    if not grants:
        return
    student, gone = data.draw(st.sampled_from(grants))
    file = case.files[student]
    left = tuple(one for one in file.releases if one != gone)
    poorer = replace(case, files={**case.files, student: replace(file, releases=left)})

    if decide(case).outcome is not Outcome.CLEARED:
        assert decide(poorer).outcome is not Outcome.CLEARED


@given(evidence(), students)
def test_adding_a_hold_never_clears(case: Evidence, student: StudentId) -> None:
    file = case.files.get(student)
    if file is None:
        return
    held = {**case.files, student: replace(file, holds=(*file.holds, a_hold(student)))}

    if decide(case).outcome is not Outcome.CLEARED:
        assert decide(replace(case, files=held)).outcome is not Outcome.CLEARED


@given(evidence())
def test_a_cleared_post_shows_and_names_nobody_without_a_grant(case: Evidence) -> None:
    verdict = decide(case)
    if verdict.outcome is not Outcome.CLEARED:
        return

    for finding in case.findings:
        resolution = case.resolution_of(finding.finding_id)
        assert not isinstance(resolution, Suggested) or finding.finding_id in verdict.permissions
