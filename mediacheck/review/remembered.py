"""When a word on a name is remembered for its class, and when it counts again.

A name that is only spelt nearly like a student's, or is that of a student of another class, is
remembered as it stands. The own name of a student of the class is remembered in the same words
only, and counts once a second person stands behind it: an author alone cannot say it of one who is
refused, and nothing else is ever asked. A certain name is not remembered at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mediacheck.model.finding import NameFinding
from mediacheck.model.people import StaffId
from mediacheck.model.remembered import RememberedWord, Remembering

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


def note_of(at: datetime) -> str:
    """What a settled name says of itself; ``at`` is in the district's own time."""
    return f"somebody in your class said on {at:%B} {at.day}, {at.year} that this is not a student"
