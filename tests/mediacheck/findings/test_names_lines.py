"""Names in lines read from pixels, against the class list, and lines that nobody could read."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, NameFinding, UnreadText, Where
from mediacheck.model.post import Box, MediaId
from mediacheck.ports.engines import NameScope, TextLine
from release_db.records import Student
from release_db.words import ClassKey, NameForm, SchoolKey, StudentId
from tests.mediacheck.findings.conftest import named

SCOPE = NameScope(school=SchoolKey("lincoln"), class_key=ClassKey("lincoln/room-1"))
SCHOOL_ONLY = NameScope(school=SchoolKey("lincoln"), class_key=None)
PICTURE = MediaId("picture")


def a_line(
    text: str,
    *,
    left: int = 100,
    top: int = 100,
    width: int = 300,
    score: float = 0.97,
    readings: tuple[str, ...] = (),
) -> TextLine:
    box = Box(left=left, top=top, width=width, height=50)
    return TextLine(text=text, box=box, score=score, readings=readings)


def names_in(
    matcher: RosterNameMatcher, *lines: TextLine, scope: NameScope = SCOPE
) -> list[NameFinding]:
    found = matcher.match_lines(lines, scope, PICTURE)
    return [
        one
        for one in found
        if isinstance(one, NameFinding) and one.certainty is not Certainty.POSSIBLE
    ]


def unread_in(found: Iterable[NameFinding | UnreadText]) -> list[str]:
    return [one.guess for one in found if isinstance(one, UnreadText)]


def test_a_name_read_well_is_certain_and_has_its_box(matcher: RosterNameMatcher) -> None:
    line = a_line("Student of the month: Maya Lopez")

    (found,) = names_in(matcher, line)

    assert (found.certainty, found.where, found.box) == (Certainty.CERTAIN, Where.PIXELS, line.box)
    assert (found.text, found.span, found.media_id) == ("Maya Lopez", (22, 32), PICTURE)


MISREAD = {
    "letters joined": "MayaLopez",
    "letters mistaken": "Maya Lcpez",
    "a label before it": "Name: Maia Lopcz",
    "digits for letters": "Maya L0pez",
    "rn for m": "Mohamrned",
    "a first name and an initial": "DeShawnO",
    "a first name": "DcShawn",
    "a family name on a jersey": "KOWALSKI 12",
    "a family name, misread": "KOVALSKI",
    "the family name first": "KowalskiMadison",
}


@pytest.mark.parametrize("how", MISREAD)
def test_a_misread_name_of_the_class_is_found(matcher: RosterNameMatcher, how: str) -> None:
    expected = {"S01", "S07", "S08", "S12"}

    (found,) = names_in(matcher, a_line(MISREAD[how]))

    assert set(found.candidates) <= expected
    assert len(found.candidates) == 1


def test_a_family_name_alone_shows_the_full_name(matcher: RosterNameMatcher) -> None:
    (found,) = names_in(matcher, a_line("KOWALSKI"))

    assert found.form is NameForm.FULL


INNOCENT = (
    "EXIT",
    "SALE 50%",
    "This award is proudly presented to",
    "for outstanding effort in mathematics",
    "Ms. R. Delgado, Teacher",
    "Nov 20, 2026",
    "山",
    "90",
    "MONEY CHANGER",
    "the water cycle from ocean to land",
)


@pytest.mark.parametrize("text", INNOCENT)
def test_other_writing_raises_nothing(matcher: RosterNameMatcher, text: str) -> None:
    assert matcher.match_lines([a_line(text)], SCOPE, PICTURE) == ()


def test_two_boxes_of_one_row_are_read_as_one_name(matcher: RosterNameMatcher) -> None:
    lines = a_line("Kowal", left=430), a_line("Madison", left=100)
    row = a_line("Madi", left=100, width=200), a_line("son Kowalsky", left=310)

    assert StudentId("S07") in {who for one in names_in(matcher, *lines) for who in one.candidates}
    (joined,) = names_in(matcher, *row)
    assert joined.box == Box(left=100, top=100, width=510, height=50)


def test_a_line_under_the_other_goes_on(matcher: RosterNameMatcher) -> None:
    found = names_in(matcher, a_line("Francis co", top=100), a_line("DelaRosa", top=155))

    assert StudentId("S09") in {who for one in found for who in one.candidates}


def test_another_reading_counts_where_the_reader_is_unsure(matcher: RosterNameMatcher) -> None:
    unsure = a_line("zadoT pAbW", score=0.6, readings=("Maya Lopez",))
    sure = a_line("The water cycle", score=0.99, readings=("Maya Lopez",))

    assert names_in(matcher, unsure)
    assert names_in(matcher, sure) == []


def test_a_slip_is_measured_against_the_class_first(matcher: RosterNameMatcher) -> None:
    (found,) = names_in(matcher, a_line("Penelope Lopez"), a_line("Maya Lopcz", top=300))

    assert found.candidates == (StudentId("S01"),)


def test_without_a_class_only_whole_names_are_compared(matcher: RosterNameMatcher) -> None:
    whole = names_in(matcher, a_line("Penelopc Ashwerth"), scope=SCHOOL_ONLY)
    first = names_in(matcher, a_line("Penelopc"), scope=SCHOOL_ONLY)

    assert [one.candidates for one in whole] == [(StudentId("S21"),)]
    assert first == []


def test_writing_that_was_not_read_is_shown_to_a_person(matcher: RosterNameMatcher) -> None:
    found = matcher.match_lines([a_line("Wqrtn Lyb", score=0.62)], SCOPE, PICTURE)

    assert unread_in(found) == ["Wqrtn Lyb"]


def test_a_script_without_letters_in_the_model_is_unread(matcher: RosterNameMatcher) -> None:
    found = matcher.match_lines([a_line(" ", score=0.93)], SCOPE, PICTURE)

    assert unread_in(found) == [" "]


NOT_WRITING = {
    "well read": a_line("Oak Grove Elementary", score=0.95),
    "a pattern": a_line("mmmmmmen", score=0.64),
    "noise": a_line("cds", score=0.4),
    "a number": a_line("96", score=0.74),
    "one glyph": a_line("W", score=0.69),
    "nothing": a_line("", score=0.0),
    "a speck": TextLine(text="Ma", box=Box(left=0, top=0, width=20, height=9), score=0.7),
}


@pytest.mark.parametrize("what", NOT_WRITING)
def test_what_is_no_unread_writing_asks_nothing(matcher: RosterNameMatcher, what: str) -> None:
    assert matcher.match_lines([NOT_WRITING[what]], SCOPE, PICTURE) == ()


def test_a_lone_sign_names_nobody_and_settles_nothing(roster: tuple[Student, ...]) -> None:
    matcher = RosterNameMatcher(build_name_index([*roster, named(42, "Wen", "Zhao")]))
    pattern = a_line("問", score=0.42, left=0, width=2000)

    found = matcher.match_lines([pattern, a_line("Wqrtn Lyb", score=0.62)], SCOPE, PICTURE)

    assert [type(one) for one in found] == [UnreadText]


def test_an_unread_line_on_a_name_that_was_found_asks_nothing_more(
    matcher: RosterNameMatcher,
) -> None:
    found = matcher.match_lines(
        [a_line("MAYA LOPEZ"), a_line("NAVA LRRPE", score=0.6)], SCOPE, PICTURE
    )

    assert unread_in(found) == []


def test_the_same_writing_is_shown_once(matcher: RosterNameMatcher) -> None:
    found = matcher.match_lines(
        [a_line("Wqrtn Lyb", score=0.62), a_line("Vqrtn Lyd", score=0.6, left=105)],
        SCOPE,
        PICTURE,
    )

    assert len(found) == 1


def test_no_lines_give_no_findings(matcher: RosterNameMatcher) -> None:
    assert matcher.match_lines([], SCOPE, PICTURE) == ()
