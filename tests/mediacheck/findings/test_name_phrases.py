"""How a name that is a question stands in its sentence: by that its answer is remembered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mediacheck.findings.names import RosterNameMatcher
from mediacheck.model.finding import Certainty, NameFinding, Phrase, Where
from mediacheck.ports.engines import NameScope
from release_db.words import ClassKey, SchoolKey, StudentId

Match = Callable[..., tuple[NameFinding, ...]]

IN_CLASS = NameScope(school=SchoolKey("lincoln"), class_key=ClassKey("lincoln/room-1"))
NO_CLASS = NameScope(school=SchoolKey("lincoln"), class_key=None)


def phrase_of(found: tuple[NameFinding, ...]) -> Phrase:
    (phrase,) = [one.phrase for one in found if one.phrase is not None]
    return phrase


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("Many thanks to Maya for all of it", "thanks to maya for all"),
        ("Thanks to Maya!", "thanks to maya"),
        ("Well done, Maya. It was great.", "well done maya"),
        ("It was great.\nMaya won it\nfor us", "maya won it"),
        ("🎉 Maya 🎉 sang", ""),
        ("Maya", ""),
        ("maya-2.jpg", ""),
        ("Maya.jpg", ""),
        ("THANKS TO M\u00c1YA\u200b!", "thanks to maya"),
    ],
)
def test_the_words_beside_a_name_are_those_of_its_sentence(
    match: Match, text: str, around: str
) -> None:
    phrase = phrase_of(match(text))

    assert (phrase.name, phrase.around) == ("maya", around)


def test_a_certain_name_and_a_note_have_no_phrase(match: Match) -> None:
    found = match("Penelope Ashworth won. Ms. Maya led.")

    assert {one.certainty for one in found} == {Certainty.CERTAIN, Certainty.POSSIBLE}
    assert [one.phrase for one in found] == [None, None]


def test_the_own_name_of_a_classmate_is_told_from_a_slip(match: Match) -> None:
    own, slip = phrase_of(match("Thanks to Maya!")), phrase_of(match("Thanks to Madisun!"))

    assert (own.is_own, slip.is_own) == (True, False)
    assert slip.near


def test_a_slip_in_the_pixels_may_be_the_reader_s(matcher: RosterNameMatcher) -> None:
    found = matcher.match_names("Thanks to Madisun!", IN_CLASS, Where.PIXELS)

    assert phrase_of(found).is_own


def test_a_student_of_another_school_is_not_near(match: Match) -> None:
    phrase = phrase_of(match("Tobias Engstrom won"))

    assert (phrase.near, phrase.is_own) == (frozenset(), False)


def test_without_a_class_the_whole_school_is_near(match: Match) -> None:
    phrase = phrase_of(match("Thanks to Maya!", NO_CLASS))

    assert {StudentId("S01"), StudentId("S22")} >= phrase.near > set()
    assert phrase.is_own


def test_a_name_hidden_in_another_reading_has_the_words_as_they_are(match: Match) -> None:
    phrase = phrase_of(match("Thanks to S4muel!"))

    assert "samuel" not in phrase.around


def test_a_slip_beside_a_classmate_s_own_name_counts_as_the_name(match: Match) -> None:
    phrase = phrase_of(match("Then Maya Lopex sang"))

    assert (phrase.name, phrase.is_own) == ("maya lopex", True)
