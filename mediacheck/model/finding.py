"""What is seen in a post: faces, names and text that could not be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from mediacheck.model.post import Box, MediaId
from release_db.words import NameForm, StudentId

FindingId = NewType("FindingId", str)


class FaceMark(StrEnum):
    """Why a face cannot be told apart. A marked face is unresolved, never dropped."""

    TOO_SMALL = "too-small"
    TURNED = "turned"
    BLURRED = "blurred"
    DRAWN_BY_HAND = "drawn-by-hand"
    ENGINE_LIMIT = "engine-limit"


class Where(StrEnum):
    """The part of the post in which a name stands."""

    CAPTION = "caption"
    ALT = "alt"
    FILENAME = "filename"
    METADATA = "metadata"
    PIXELS = "pixels"
    DOCUMENT = "document"


class Certainty(StrEnum):
    """How sure the matcher is that a text is a student's name.

    ``CERTAIN`` stands as the student; ``LIKELY`` is a question to a person; ``POSSIBLE`` is shown
    as a note and asks nothing.
    """

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceFinding:
    """A face, and which detectors saw it."""

    finding_id: FindingId
    media_id: MediaId
    box: Box
    detectors: tuple[str, ...]
    marks: frozenset[FaceMark] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """How a name stands in its sentence, in plain lower-case words.

    ``name`` is the name alone, ``around`` the name with up to two words on each side; empty where
    none is. ``near`` are the candidates of the post's class (of its school, where the class has no
    list). ``is_own`` says whether one of them may really be called so: the name is not merely
    spelt nearly like theirs.
    """

    name: str
    around: str
    near: frozenset[StudentId]
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFinding:
    """A text that may name students of the roster.

    ``span`` is a half-open range of characters in the original string (None where the place has no
    string, such as a joined reading of pixels). ``source`` names the metadata tag. ``phrase`` is
    there where the name is a question of words, and may so be asked again.
    """

    finding_id: FindingId
    where: Where
    media_id: MediaId | None
    text: str
    span: tuple[int, int] | None
    form: NameForm
    candidates: tuple[StudentId, ...]
    certainty: Certainty
    box: Box | None = None
    source: str = ""
    note: str = ""
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadText:
    """A piece of writing in the pixels that no reader could read: a person must look."""

    finding_id: FindingId
    media_id: MediaId
    box: Box
    guess: str = ""


Finding = FaceFinding | NameFinding | UnreadText


def finding_id_for(kind: str, media_id: MediaId | None, place: str) -> FindingId:
    """An id that stays the same as long as the same thing is seen in the same place.

    ``place`` describes it within the post: a box, or where a text stands and what it says.
    """
    digest = hashlib.sha256(f"{kind}|{media_id or ''}|{place}".encode()).hexdigest()
    return FindingId(f"{kind}{digest[:16]}")
