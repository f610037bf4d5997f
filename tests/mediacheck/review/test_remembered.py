"""What may be remembered of a name, and whose word counts again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from mediacheck.model.finding import Phrase
from mediacheck.model.people import StaffId
from mediacheck.model.remembered import RememberedWord, Remembering
from mediacheck.review.remembered import note_of, remembering_or_none, standing_word_or_none
from release_db.words import StudentId
from tests.factories import AUTHOR, NOW, REVIEWER, a_name

S1, S2 = StudentId("S1"), StudentId("S2")
SLIP = Phrase(name="tedda", around="we love tedda", near=frozenset({S1}), is_own=False)
OWN = Phrase(name="teddy", around="thanks to teddy", near=frozenset({S1}), is_own=True)


def a_word(by: StaffId, *, number: int = 1, fits: bool = True) -> RememberedWord:
    return RememberedWord(number=number, by=by, at=NOW, fits=fits)


def asked(phrase: Phrase | None) -> Remembering | None:
    return remembering_or_none(replace(a_name(candidates=["S1", "S2"]), phrase=phrase))


def standing(
    phrase: Phrase, by: Iterable[StaffId], *, author: StaffId | None = AUTHOR
) -> RememberedWord | None:
    about = asked(phrase)
    assert about is not None
    words = [a_word(one, number=number) for number, one in enumerate(by)]
    return standing_word_or_none(about, words, author)


def test_a_slip_is_remembered_as_it_stands() -> None:
    assert asked(SLIP) == Remembering(
        phrase="tedda", with_words=False, near=frozenset({S1}), far=frozenset({S2})
    )


def test_a_classmate_s_name_is_remembered_with_the_words_beside_it() -> None:
    about = asked(OWN)

    assert about is not None
    assert (about.phrase, about.with_words) == ("thanks to teddy", True)


@pytest.mark.parametrize("phrase", [None, replace(OWN, around="")])
def test_a_certain_name_and_a_classmate_s_bare_name_are_not(phrase: Phrase | None) -> None:
    assert asked(phrase) is None


@pytest.mark.parametrize("author", [AUTHOR, REVIEWER, None])
def test_one_word_is_enough_for_a_slip(author: StaffId | None) -> None:
    assert standing(SLIP, [AUTHOR], author=author) is not None
    assert standing(SLIP, [], author=author) is None


@pytest.mark.parametrize(
    ("by", "author", "counts"),
    [
        ([AUTHOR], AUTHOR, False),
        ([AUTHOR, AUTHOR], AUTHOR, False),
        ([REVIEWER], AUTHOR, True),
        ([AUTHOR, REVIEWER], AUTHOR, True),
        ([AUTHOR], None, False),
        ([AUTHOR, REVIEWER], None, True),
        ([], AUTHOR, False),
    ],
)
def test_a_classmate_s_own_name_takes_a_second_person(
    by: list[StaffId], author: StaffId | None, counts: bool
) -> None:
    assert (standing(OWN, by, author=author) is not None) is counts


def test_the_newest_word_that_fits_is_the_one_that_is_told() -> None:
    about = asked(SLIP)
    assert about is not None

    words = [a_word(AUTHOR, number=3, fits=False), a_word(REVIEWER, number=2), a_word(AUTHOR)]

    assert standing_word_or_none(about, words, AUTHOR) == words[1]


def test_a_word_that_does_not_fit_is_nobody_s() -> None:
    about = asked(OWN)
    assert about is not None

    assert standing_word_or_none(about, [a_word(REVIEWER, fits=False)], AUTHOR) is None


def test_the_note_says_on_which_day() -> None:
    words = note_of(datetime(2026, 3, 7, 23, 59))  # noqa: DTZ001 - the district's own time.

    assert words == "somebody in your class said on March 7, 2026 that this is not a student"
