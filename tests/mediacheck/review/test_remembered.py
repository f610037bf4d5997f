"""What may be remembered of a name, and whose word counts again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from mediacheck.model.finding import Phrase
from mediacheck.model.people import StaffId
from mediacheck.model.remembered import RememberedWord, Remembering
from mediacheck.review.remembered import (
    is_stricter_since,
    note_of,
    remembering_or_none,
    standing_word_or_none,
)
from release_db.records import Release, StudentFile
from release_db.terms import CourtOrder, ItemConsent
from release_db.words import (
    Answer,
    Capacity,
    ChannelKey,
    ItemConsentId,
    OrderEffect,
    OrderId,
    StudentId,
    Use,
)
from tests.factories import AUTHOR, NOW, REVIEWER, TODAY, a_file, a_hold, a_name, a_release

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


# --- Refused since --------------------------------------------------------------------------

SAID = (NOW, TODAY)
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def is_stricter(file: StudentFile, on: date = TODAY + DAY) -> bool:
    return is_stricter_since(file, SAID, on)


def a_no(recorded_at: datetime, starts_on: date | None = None) -> Release:
    no = a_release(answer=Answer.DENY, use=Use.NAME)
    return replace(no, recorded_at=recorded_at, given_on=TODAY, starts_on=starts_on)


def test_what_stood_when_it_was_said_speaks_against_nobody() -> None:
    hold = replace(a_hold(), recorded_at=BEFORE)

    assert not is_stricter(a_file(releases=[a_no(BEFORE), a_release()], holds=[hold]))


def test_a_refusal_since_speaks_against_it() -> None:
    assert is_stricter(a_file(releases=[a_no(AFTER)]))
    assert not is_stricter(a_file(releases=[replace(a_no(AFTER), answer=Answer.ALLOW)]))


def test_a_refusal_that_began_since_speaks_against_it() -> None:
    later = a_file(releases=[a_no(BEFORE, TODAY + DAY)])

    assert is_stricter(later)
    assert not is_stricter(later, TODAY)


@pytest.mark.parametrize("days", [0, 1])
def test_a_release_that_ended_since_speaks_against_it(days: int) -> None:
    ended = replace(a_release(), revoked_on=TODAY + days * DAY)

    assert is_stricter(a_file(releases=[ended]))
    assert not is_stricter(a_file(releases=[replace(ended, revoked_on=TODAY - DAY)]))
    assert not is_stricter(a_file(releases=[replace(ended, revoked_on=TODAY + 2 * DAY)]))


@pytest.mark.parametrize("recorded_at", [None, AFTER])
def test_a_hold_since_speaks_against_it(recorded_at: datetime | None) -> None:
    hold = replace(a_hold(), recorded_at=recorded_at, starts_on=TODAY)

    assert is_stricter(a_file(holds=[hold]))


def test_an_answer_for_one_picture_an_order_and_a_departure_speak_against_it() -> None:
    file = a_file()
    answer = ItemConsent(
        item_consent_id=ItemConsentId("i1"),
        student_id=S1,
        item="a",
        channel=ChannelKey("page"),
        use=Use.NAME,
        answer=Answer.DENY,
        capacity=Capacity.GUARDIAN,
        decided_by="parent",
        method="page",
        given_on=TODAY,
        recorded_at=AFTER,
    )
    order = CourtOrder(
        order_id=OrderId("o1"),
        student_id=S1,
        effect=OrderEffect.RIGHTS_HOLDER_ONLY,
        starts_on=TODAY,
        recorded_at=AFTER,
    )

    assert not is_stricter(file)
    assert is_stricter(replace(file, items=(answer,)))
    assert not is_stricter(replace(file, items=(replace(answer, answer=Answer.ALLOW),)))
    assert is_stricter(replace(file, orders=(order,)))
    assert is_stricter(replace(file, student=replace(file.student, left_on=TODAY + DAY)))
