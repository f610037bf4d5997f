"""What a reader makes of each letter, step by step along a line: small enough to be stored.

A recogniser of the CTC kind says at every step how likely each of its thousands of characters is.
A closed list of names needs less: how likely each plain letter is, however it is written.
"""

from __future__ import annotations

import string
import zlib
from collections.abc import Sequence

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

LETTERS = string.ascii_lowercase
#: Columns after those of the letters: nothing new here, a gap between words, and anything else.
BLANK, SPACE, OTHER = 26, 27, 28
_COLUMNS = 29

#: A probability is kept as its distance from 1 in so many parts of a nat, at most 255 of them:
#: from 1 down to 1.2e-7.
_PARTS_OF_NAT = 16
_MOST = 255
#: Steps beyond the first in which it is so sure that nothing is there say nothing of any name.
_SURE_BLANK = 0.999

#: Code points from here on are not Latin letters (Unicode: IPA Extensions begin).
_FIRST_NOT_LATIN = 0x250
_GAPS = frozenset(" '-_.,\u2018\u2019\u00b7\u2010\u2013\u3000")
#: Digits and strokes that stand for letters in a name that was read.
_DRAWN_ALIKE = {"0": "o", "1": "l", "|": "l", "5": "s", "8": "b", "9": "g"}

Odds = NDArray[np.float32]


class LetterAlphabet:
    """A recogniser's own characters, each with the plain letter that it is a way to write."""

    def __init__(self, characters: Sequence[str]) -> None:
        """``characters`` in the order of the recogniser's columns; the first is its blank."""
        columns = [BLANK, *(_column_of(character) for character in characters[1:])]
        places = [place for place, column in enumerate(columns) if column != OTHER]
        self._kept = np.array(places)
        self._fold = np.zeros((len(places), OTHER), dtype=np.float32)
        self._fold[np.arange(len(places)), [columns[place] for place in places]] = 1.0

    def odds_of(self, probabilities: Odds) -> bytes:
        """The odds of a line, from its probabilities (steps x characters), packed."""
        known = probabilities[:, self._kept] @ self._fold
        others = np.clip(1.0 - known.sum(axis=1, keepdims=True), 0.0, 1.0)
        return pack(_without_silence(np.hstack([known, others])))


def pack(odds: Odds) -> bytes:
    """Odds (steps x 29 columns) as bytes."""
    least = np.exp(-_MOST / _PARTS_OF_NAT)
    distance = -np.log(np.clip(odds, least, 1.0)) * _PARTS_OF_NAT
    return zlib.compress(np.rint(distance).astype(np.uint8).tobytes())


def unpack(packed: bytes) -> Odds:
    """The odds that were packed: a row a step, a column for each of the 29."""
    distance = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(-1, _COLUMNS)
    return np.exp(distance.astype(np.float32) / -_PARTS_OF_NAT)


def _column_of(character: str) -> int:
    if character in _GAPS:
        return SPACE
    if character in _DRAWN_ALIKE:
        return LETTERS.index(_DRAWN_ALIKE[character])
    is_latin = character.isalpha() and all(ord(part) < _FIRST_NOT_LATIN for part in character)
    plain = anyascii(character).lower() if is_latin else ""
    return LETTERS.index(plain) if len(plain) == 1 and plain in LETTERS else OTHER


def _without_silence(odds: Odds) -> Odds:
    """``odds`` with one step of each run of steps in which nothing is there."""
    silent = odds[:, BLANK] >= _SURE_BLANK
    again = np.zeros_like(silent)
    again[1:] = silent[1:] & silent[:-1]
    return odds[~again]
