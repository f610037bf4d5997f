"""When a word on a name is remembered for its class, and when it counts again.

A name that is only spelt nearly like a student's, or is that of a student of another class, is
remembered as it stands. The own name of a student of the class is remembered in the same words
only, and counts once a second person stands behind it: an author alone cannot say it of one who is
refused, and nothing else is ever asked. A certain name is not remembered at all. What one person
alone has said of a near name holds until something is recorded against naming whoever it may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from mediacheck.model.finding import NameFinding
from mediacheck.model.people import StaffId
from mediacheck.model.remembered import RememberedWord, Remembering
from release_db.records import StudentFile
from release_db.standing import day_after, last_day_of, starts_on
from release_db.words import Answer

_TWO_PEOPLE = 2


def remembering_or_none(name: NameFinding) -> Remembering | None:
    """By what a word on this name is found again; None where it holds for its post alone."""
    phrase = name.phrase
    if phrase is None or (phrase.is_own and not phrase.around):
        return None
    return Remembering(
        phrase=phrase.around if phrase.is_own else phrase.name,
        with_words=phrase.is_own,
        near=phrase.near,
        far=frozenset(name.candidates) - phrase.near,
    )


def standing_word_or_none(
    about: Remembering, words: Sequence[RememberedWord], author: StaffId | None
) -> RememberedWord | None:
    """The newest word by which the name is settled in a post of ``author`` (None: of nobody)."""
    fitting = [word for word in words if word.fits]
    speakers = {word.by for word in fitting}
    if about.with_words and not _has_second_person(speakers, author):
        return None
    return next(iter(fitting), None)


def _has_second_person(speakers: set[StaffId], author: StaffId | None) -> bool:
    if author is None:
        return len(speakers) >= _TWO_PEOPLE
    return bool(speakers - {author})


def rests_on_one_person(words: Sequence[RememberedWord]) -> bool:
    """Whether nobody else has said the same of the name."""
    return len({word.by for word in words if word.fits}) < _TWO_PEOPLE


def is_stricter_since(file: StudentFile, said: tuple[datetime, date], on: date) -> bool:
    """Whether anything speaks against naming the student that did not when the word was said.

    ``said`` is the moment, and the day it was where the district is. What has no moment of its own
    counts from its day on, and that day itself is in doubt.
    """
    at, day = said
    begun = (start for recorded, start in _restrictions(file) if recorded is None)
    if any(day <= start <= on for start in begun):
        return True
    dated = [(recorded, start) for recorded, start in _restrictions(file) if recorded is not None]
    return any(start <= on and (recorded > at or start > day) for recorded, start in dated)


def _restrictions(file: StudentFile) -> Iterator[tuple[datetime | None, date]]:
    """When each of them was recorded (None: nobody kept it), and its first day."""
    for release in file.releases:
        if release.answer is Answer.ALLOW:
            yield None, day_after(last_day_of(release, file))
        else:
            yield release.recorded_at, starts_on(release)
    for item in file.items:
        if item.answer is not Answer.ALLOW:
            yield item.recorded_at, item.given_on
    yield from ((hold.recorded_at, hold.starts_on) for hold in file.holds)
    yield from ((order.recorded_at, order.starts_on) for order in file.orders)
    if file.student.left_on is not None:
        yield None, file.student.left_on


def note_of(at: datetime) -> str:
    """What a settled name says of itself; ``at`` is in the district's own time."""
    return f"somebody in your class said on {at:%B} {at.day}, {at.year} that this is not a student"
