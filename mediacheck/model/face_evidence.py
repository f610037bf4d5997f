"""What a school's own gallery says of the search in it: counts, and nothing that tells of anybody.

The words are those of ISO/IEC 19795-1: a pair of different students is an impostor trial, a pair of
one student's portraits a genuine one; a search for a student whose own templates are left out is a
non-mated search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from release_db.words import SchoolKey

EvidenceId = NewType("EvidenceId", str)
MeasurementId = NewType("MeasurementId", str)

#: The distances at which everything is counted: between vectors of length 1, below the bar.
BARS = tuple(step / 1000 for step in range(150, 605, 5))


class Band(StrEnum):
    """The grades whose rates are counted apart: a matcher does worse the younger a face is."""

    ALL = "all"
    EARLY = "pk-2"
    MIDDLE = "3-5"
    UPPER = "6-8"
    HIGH = "9-12"
    UNKNOWN = "unknown"


_EARLY = frozenset({"IT", "PR", "PK", "PREK", "TK", "KG", "K"})
_LAST_GRADES = ((2, Band.EARLY), (5, Band.MIDDLE), (8, Band.UPPER), (13, Band.HIGH))
_NUMBER = re.compile(r"\d{1,2}")


def band_of(grade: str) -> Band:
    """The band of a grade as rosters write it: 03, 3rd, KG, Grade 7."""
    if grade.strip().upper().replace("-", "") in _EARLY:
        return Band.EARLY
    number = _NUMBER.search(grade)
    if number is None:
        return Band.UNKNOWN
    return next((band for last, band in _LAST_GRADES if int(number[0]) <= last), Band.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandCounts:
    """What was counted among the students of one band; each tuple has one count for each of BARS.

    ``false_matches``: pairs of templates of different students that are nearer than the bar, of
    ``impostor_pairs`` (both students in the band). ``false_positives``: students of the band, each
    searched among all the others as if not enrolled, who are nearer to somebody than the bar; the
    lead that the search asks for beside it is not counted in their favour. ``genuine_within``:
    pairs of portraits of one student that are nearer, of ``genuine_pairs``.
    """

    band: Band
    students: int
    templates: int
    impostor_pairs: int
    genuine_pairs: int
    false_matches: tuple[int, ...]
    false_positives: tuple[int, ...]
    genuine_within: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCounts:
    """What people said to what the search suggested in posts.

    ``close`` of the suggestions passed the bars of a match that nobody would have had to confirm,
    and ``wrong`` of those were somebody else. ``mated`` are the faces of students who are enrolled,
    in the word of a person; of them ``within`` are nearer to the right student than each of BARS.
    """

    close: int = 0
    wrong: int = 0
    mated: int = 0
    within: tuple[int, ...] = (0,) * len(BARS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceEvidence:
    """One measurement of a school's gallery (``school`` None: of the whole district's).

    ``bands`` holds ``Band.ALL`` first, then each band that has a student.
    """

    evidence_id: EvidenceId
    school: SchoolKey | None
    model: str
    measured_at: datetime
    bands: tuple[BandCounts, ...]
    answers: AnswerCounts = AnswerCounts()

    @property
    def whole(self) -> BandCounts:
        """Everybody together."""
        return self.bands[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredMatch:
    """A person's word on a face that the search had a candidate for.

    ``distance`` and ``margin`` are the best candidate's. ``true_distance`` is the one to the
    student who it is: None where it is nobody of the gallery, infinite where that student was no
    candidate.
    """

    distance: float
    margin: float
    is_right: bool
    true_distance: float | None


class MeasurementState(StrEnum):
    """How far a measurement that somebody asked for has come."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """That somebody asked for a gallery to be measured. ``school`` None: the whole district's."""

    measurement_id: MeasurementId
    school: SchoolKey | None
    asked_by: str
    asked_at: datetime
    state: MeasurementState = MeasurementState.WAITING
