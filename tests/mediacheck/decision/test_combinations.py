"""What goes out together needs an answer for both, and its own sentence with the remedy."""

from __future__ import annotations

from dataclasses import replace

from mediacheck.decision import combinations
from mediacheck.decision.decide import decide
from mediacheck.decision.evidence import Evidence
from mediacheck.decision.wording import WORDS
from mediacheck.model.finding import Finding, Where
from mediacheck.model.post import Cover, CoverStyle
from mediacheck.model.resolution import Identified, RosterMatch
from mediacheck.model.verdict import Outcome, ReasonCode
from release_db.words import Answer, NameForm, StudentId, Use
from tests.factories import (
    AUTHOR,
    a_box,
    a_face,
    a_file,
    a_media,
    a_name,
    a_release,
    a_work_word,
    releases_for,
)
from tests.mediacheck.decision.test_decide import seen

S1 = StudentId("S1")
APART = a_file(releases=releases_for(uses=[Use.IMAGE, Use.NAME, Use.WORK]))
TOGETHER = a_file(releases=releases_for())
COVER = Cover(box=a_box(), style=CoverStyle.SOLID, by=AUTHOR, students=(S1,))


def told(case: Evidence) -> list[str]:
    return [one.message for one in decide(case).reasons if one.code is ReasonCode.IMAGE_WITH_NAME]


def with_face(*findings: Finding, released: object = APART) -> Evidence:
    """Maya is seen, and named by these findings; she may be shown, and named, and not together."""
    face = a_face()
    return seen(
        face,
        *findings,
        matches={one.finding_id: Identified(students=(S1,), by=RosterMatch()) for one in findings},
        words={face.finding_id: Identified(students=(S1,), by=AUTHOR)},
        files=[released],  # type: ignore[list-item]
    )


def test_a_face_with_a_name_in_the_words() -> None:
    assert told(with_face(a_name())) == [WORDS[ReasonCode.IMAGE_WITH_NAME]]
    assert told(with_face(a_name(), released=TOGETHER)) == []


def test_a_name_on_a_jersey_beside_a_face_is_to_be_covered() -> None:
    jersey = a_name(where=Where.PIXELS, media_id="m1", text="LOPEZ")

    assert told(with_face(jersey)) == [combinations.NAME_IN_PICTURE]
    assert told(with_face(jersey, released=TOGETHER)) == []


def test_a_covered_face_with_an_alt_text_that_names() -> None:
    alt = a_name(where=Where.ALT, media_id="m1")
    case = seen(
        alt,
        matches={alt.finding_id: Identified(students=(S1,), by=RosterMatch())},
        media=[replace(a_media(), covers=(COVER,))],
        files=[APART],
    )

    assert told(case) == [combinations.NAME_OF_COVERED]


def test_a_face_with_the_same_students_named_work() -> None:
    work = a_work_word(students=["S1"], name_form=NameForm.FIRST)
    case = replace(with_face(), works={work.media_id: work})

    assert told(case) == [combinations.NAME_WITH_WORK]


def test_a_name_with_a_work_and_no_face_needs_work_and_name_alone() -> None:
    work = a_work_word(students=["S1"], name_form=NameForm.FULL)
    name = a_name(where=Where.PIXELS, media_id="m1")
    case = seen(
        name,
        matches={name.finding_id: Identified(students=(S1,), by=RosterMatch())},
        files=[APART],
    )
    case = replace(case, works={work.media_id: work})

    assert decide(case).outcome is Outcome.CLEARED
    for use in (Use.NAME, Use.WORK):
        without = replace(APART, releases=(*APART.releases, a_release(use=use, answer=Answer.DENY)))
        assert decide(replace(case, files={S1: without})).outcome is Outcome.BLOCKED


def test_no_sentence_tells_why_somebody_is_refused() -> None:
    sentences = (
        combinations.NAME_IN_PICTURE,
        combinations.NAME_OF_COVERED,
        combinations.NAME_WITH_WORK,
    )

    assert all("cannot be shown and named together here" in words for words in sentences)
