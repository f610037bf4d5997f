"""What holds for the name matcher whatever the text and the roster are."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Iterable
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, NameFinding, Where
from mediacheck.ports.engines import NameScope
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId

HERE, AWAY = SchoolKey("lincoln"), SchoolKey("adams")
ROOM = ClassKey("lincoln/room-1")
SCOPE = NameScope(school=HERE, class_key=ROOM)
FAST = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

WORDS = (
    *("Maya", "maya", "MAYA", "Zoë", "zoe", "Grace", "Bo", "Min-jun", "Ms.", "Dr.", "M."),
    *("Lopez", "Núñez", "Li", "Park", "park", "Lopes", "García", "Fuentes", "Avenue", "and"),
    *("won", "the", "by", "to", ",", ".", "&", "/", "\n", "🌟", "#MayaLopez", "@zoenunez", "L."),
    *("Will", "will", "Madison", "in", "张美玲", "박민준", "ليلى", "Maya's", "m4ya", "M a y a"),
)
captions = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
anything = st.text(max_size=80) | captions
surnames = st.sampled_from(["Lopez", "Núñez", "Li", "Park", "Fuentes", "Kim", "Garcia"])
first_names = st.sampled_from(["Maya", "Zoë", "Bo", "Grace", "Will", "Madison", "Min-jun"])


def a_pupil(number: int, name: str, school: SchoolKey = HERE) -> Student:
    first, last = name.split(" ", 1)
    return Student(
        student_id=StudentId(f"{school}-{number}"),
        given_name=first,
        family_name=last,
        school=school,
        classes=(ROOM,) if school == HERE else (),
    )


PUPILS = [
    a_pupil(number, name)
    for number, name in enumerate(
        ["Maya Lopez", "Zoë Núñez", "Bo Li", "Grace Park", "Min-jun Park", "Will García-Fuentes"]
    )
]


@pytest.fixture(scope="module")
def pupils() -> RosterNameMatcher:
    return RosterNameMatcher(build_name_index(PUPILS))


def seen(found: Iterable[NameFinding]) -> list[tuple[tuple[StudentId, ...], str, str]]:
    return [(one.candidates, one.certainty.value, one.form.value) for one in found]


@FAST
@given(text=anything)
def test_every_span_lies_in_the_text_and_is_its_words(pupils: RosterNameMatcher, text: str) -> None:
    for found in pupils.match_names(text, SCOPE, Where.CAPTION):
        assert found.span is not None
        start, end = found.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == found.text


@FAST
@given(text=anything)
def test_findings_do_not_overlap_and_have_ids_of_their_own(
    pupils: RosterNameMatcher, text: str
) -> None:
    found = pupils.match_names(text, SCOPE, Where.CAPTION)

    ends = [one.span[1] for one in found if one.span]
    starts = [one.span[0] for one in found if one.span]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert len({one.finding_id for one in found}) == len(found)


@FAST
@given(text=captions)
def test_composed_and_decomposed_letters_are_the_same(pupils: RosterNameMatcher, text: str) -> None:
    composed, decomposed = (
        pupils.match_names(unicodedata.normalize(form, text), SCOPE, Where.CAPTION)
        for form in ("NFC", "NFD")
    )

    assert seen(composed) == seen(decomposed)


@FAST
@given(text=captions, invisible=st.sampled_from("\u200b\u200c\u2060\ufe0f\u00ad"), data=st.data())
def test_invisible_characters_change_nothing(
    pupils: RosterNameMatcher, text: str, invisible: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text)))

    hidden = text[:place] + invisible + text[place:]

    plain = pupils.match_names(text, SCOPE, Where.CAPTION)
    assert seen(pupils.match_names(hidden, SCOPE, Where.CAPTION)) == seen(plain)


@FAST
@given(text=captions, strangers=st.lists(st.tuples(first_names, surnames), max_size=6))
def test_students_of_another_school_make_nothing_more_certain(
    pupils: RosterNameMatcher, text: str, strangers: list[tuple[str, str]]
) -> None:
    others = [
        a_pupil(number, f"{first} {last}", AWAY) for number, (first, last) in enumerate(strangers)
    ]
    wider = RosterNameMatcher(build_name_index([*PUPILS, *others]))

    before = [
        (one.span, one.candidates)
        for one in pupils.match_names(text, SCOPE, Where.CAPTION)
        if one.certainty is Certainty.CERTAIN
    ]
    after = [
        (one.span, one.candidates)
        for one in wider.match_names(text, SCOPE, Where.CAPTION)
        if one.certainty is Certainty.CERTAIN
    ]
    assert after == before


@FAST
@given(first=first_names, last=surnames)
def test_a_full_name_of_the_class_is_always_found(first: str, last: str) -> None:
    student = a_pupil(7, f"{first} {last}")
    matcher = RosterNameMatcher(build_name_index([*PUPILS, student]))

    found = matcher.match_names(f"So proud of {first} {last} today", SCOPE, Where.CAPTION)

    assert any(
        student.student_id in one.candidates and one.certainty is Certainty.CERTAIN for one in found
    )


def steps_of(pupils: RosterNameMatcher, text: str) -> int:
    """The calls and returns of one matching, which no other load on the machine changes."""
    steps = 0

    def count(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal steps
        steps += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        pupils.match_names(text, SCOPE, Where.CAPTION)
    finally:
        sys.setprofile(before)
    return steps


def test_matching_costs_no_more_than_in_proportion_to_the_text(
    pupils: RosterNameMatcher,
) -> None:
    sentence = "Today Maya Lopez and the others read with Mr. Brown, then #zoenunez went home. "
    steps_of(pupils, sentence)  # What is made once and kept is made now.

    few, many = (steps_of(pupils, sentence * copies) for copies in (100, 800))

    assert few < many < 8 * 1.2 * few


@pytest.mark.parametrize(
    "unit", ["a", "aA", "张美玲", "mayalopez", "M.", "m4", "&#77;", "<b", "' "]
)
def test_a_long_run_of_anything_ends_in_time(pupils: RosterNameMatcher, unit: str) -> None:
    steps_of(pupils, unit * 10)
    started = time.process_time()

    few, many = (steps_of(pupils, (unit * 20_000)[:length]) for length in (2_500, 20_000))

    assert many < 8 * 1.2 * few
    assert time.process_time() - started < 60  # Steps do not tell what a pattern does inside.
