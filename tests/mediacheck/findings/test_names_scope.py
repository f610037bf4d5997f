"""How far a name reaches: a full name the district, a first name alone only the class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mediacheck.findings.names import RosterNameMatcher, build_name_index
from mediacheck.model.finding import Certainty, NameFinding, Where
from mediacheck.ports.engines import NameScope
from release_db.records import Student
from release_db.words import ClassKey, SchoolKey, StudentId

Match = Callable[..., tuple[NameFinding, ...]]

SCHOOL_ONLY = NameScope(school=SchoolKey("lincoln"), class_key=None)
NOWHERE = NameScope(school=None, class_key=None)
UNKNOWN = NameScope(school=SchoolKey("nowhere"), class_key=ClassKey("nowhere/room-9"))


def certainties(found: tuple[NameFinding, ...]) -> set[Certainty]:
    return {one.certainty for one in found}


def test_a_full_name_of_this_school_is_certain(match: Match) -> None:
    found = match("Penelope Ashworth won")

    assert certainties(found) == {Certainty.CERTAIN}


def test_a_full_name_of_another_school_is_a_question(match: Match) -> None:
    found = match("Tobias Engstrom won")

    assert certainties(found) == {Certainty.LIKELY}


@pytest.mark.parametrize("scope", [NOWHERE, UNKNOWN])
def test_a_full_name_is_never_missed(match: Match, scope: NameScope) -> None:
    found = match("Tobias Engstrom won", scope)

    assert [one.candidates for one in found] == [(StudentId("S31"),)]
    assert found[0].certainty is not Certainty.POSSIBLE


def test_without_a_school_a_full_name_is_certain(match: Match) -> None:
    assert certainties(match("Tobias Engstrom won", NOWHERE)) == {Certainty.CERTAIN}


def test_a_first_name_alone_means_the_class_only(match: Match) -> None:
    maya, penelope = match("Thanks to Maya!"), match("Thanks to Penelope!")

    assert [one.candidates for one in maya] == [(StudentId("S01"),)]
    assert penelope == ()


def test_without_a_class_a_first_name_asks_about_the_school(match: Match) -> None:
    found = match("Thanks to Maya!", SCHOOL_ONLY)

    assert [(one.candidates, one.certainty) for one in found] == [
        ((StudentId("S01"), StudentId("S22")), Certainty.LIKELY)
    ]


def test_without_a_school_a_first_name_asks_about_the_district(match: Match) -> None:
    found = match("Thanks to Maya!", NOWHERE)

    assert [len(one.candidates) for one in found] == [3]
    assert certainties(found) == {Certainty.LIKELY}


def test_without_a_class_an_ordinary_word_needs_a_sign_of_a_person(match: Match) -> None:
    assert Certainty.LIKELY not in certainties(match("Grace is a virtue", NOWHERE))
    assert certainties(match("Grace won first place", NOWHERE)) == {Certainty.LIKELY}


def test_a_classmate_is_asked_about_beside_a_stranger_of_the_full_name(match: Match) -> None:
    (found,) = match("Maya Winslow sang")

    assert set(found.candidates) == {StudentId("S01"), StudentId("S32")}


def test_two_students_of_one_name_are_two_candidates(roster: tuple[Student, ...]) -> None:
    twin = Student(
        student_id=StudentId("S99"),
        given_name="Maya",
        family_name="Lopez",
        school=SchoolKey("lincoln"),
    )
    matcher = RosterNameMatcher(build_name_index([*roster, twin]))
    scope = NameScope(school=SchoolKey("lincoln"), class_key=ClassKey("lincoln/room-1"))

    (found,) = matcher.match_names("Maya Lopez won", scope, Where.CAPTION)

    assert found.candidates == (StudentId("S01"), StudentId("S99"))
    assert found.certainty is Certainty.CERTAIN


def test_an_empty_roster_finds_nobody() -> None:
    matcher = RosterNameMatcher(build_name_index([]))

    assert matcher.match_names("Maya Lopez won", NOWHERE, Where.CAPTION) == ()


def test_a_student_without_a_usable_name_harms_nobody(match: Match) -> None:
    nameless = Student(
        student_id=StudentId("S0"), given_name="", family_name="🌟", school=SchoolKey("lincoln")
    )
    matcher = RosterNameMatcher(build_name_index([nameless]))

    assert matcher.match_names("A star 🌟 was born", NOWHERE, Where.CAPTION) == ()


def test_an_id_stays_when_another_part_of_the_text_changes(match: Match) -> None:
    (before,) = match("Maya Lopez won")
    (after,) = match("Yesterday, Maya Lopez won again")

    assert before.finding_id == after.finding_id


def test_an_id_tells_the_place_of_the_text(matcher: RosterNameMatcher) -> None:
    def one_id(where: Where, source: str) -> str:
        (found,) = matcher.match_names("Maya Lopez", NOWHERE, where, None, source)
        return found.finding_id

    ids = {
        one_id(Where.CAPTION, ""),
        one_id(Where.ALT, ""),
        one_id(Where.METADATA, "XMP-dc:title"),
        one_id(Where.METADATA, "IPTC:Headline"),
    }

    assert len(ids) == 4


IN_ROOM_1 = NameScope(school=SchoolKey("lincoln"), class_key=ClassKey("lincoln/room-1"))


def with_guests(*students: str, scope: NameScope = IN_ROOM_1) -> NameScope:
    return replace(scope, present=frozenset(map(StudentId, students)))


@pytest.mark.parametrize("text", ["Penelope won", "Penelopa won", "#TeamPenelope", "P.A. won"])
def test_who_is_in_the_pictures_counts_as_a_member_of_the_class(match: Match, text: str) -> None:
    assert Certainty.LIKELY not in certainties(match(text))

    found = match(text, with_guests("S21"))

    assert certainties(found) == {Certainty.LIKELY}
    assert {one.candidates for one in found} == {(StudentId("S21"),)}


def test_the_full_name_of_who_is_in_the_pictures_is_certain(match: Match) -> None:
    found = match("Tobias Engstrom won", with_guests("S31"))

    assert certainties(found) == {Certainty.CERTAIN}


def test_a_guest_takes_no_classmate_away(match: Match) -> None:
    (found,) = match("Thanks to Maya!", with_guests("S22"))

    assert found.candidates == (StudentId("S01"), StudentId("S22"))


def test_guests_do_not_narrow_a_school_whose_class_is_not_told(match: Match) -> None:
    found = match("Thanks to Maya!", with_guests("S21", "S32", scope=SCHOOL_ONLY))

    assert [one.candidates for one in found] == [
        (StudentId("S01"), StudentId("S22"), StudentId("S32"))
    ]


def test_whoever_is_on_no_roster_is_no_guest(match: Match) -> None:
    assert match("Penelope won", with_guests("S-unknown")) == match("Penelope won")
