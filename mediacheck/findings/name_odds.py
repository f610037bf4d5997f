"""Scores the names of a closed list on a recogniser's own probabilities: for handwriting.

What a reader spells is one guess of very many. The probability of a whole name, over every way in
which its letters may lie along the line, is that of connectionist temporal classification (Graves,
Fernández, Gomez, Schmidhuber: Connectionist Temporal Classification, ICML 2006, section 4.1, the
forward variables). It is compared with that of the best free reading of the same steps: a name that
is nearly as likely as what a reader would spell there is probably what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mediacheck.findings.letter_odds import BLANK, LETTERS, OTHER, SPACE, unpack

#: Runs of so many words may be a name, in a line of so many words at most.
_MOST_WORDS = 4
_LONGEST_LINE_WORDS = 12
#: So many names are scored in full: those whose letters, taken one by one, are likeliest.
_MOST_SCORED = 48
#: A name is likelier than its likeliest path by so much a letter at most: there are many paths.
_SLACK = 0.3
_LEAST = 1e-300

Numbers = NDArray[np.float32]


class Bars(NamedTuple):
    """The least that a name must have, ``beside`` and ``alone``: see ``Scored``."""

    beside: float
    alone: float


class Scored(NamedTuple):
    """A spelling of the list in a run of words of a line, and how likely it is there.

    Both numbers are natural logarithms per letter of the name, about 0 at best. ``alone``: of its
    probability. ``beside``: of that over the probability of what a reader spells, which is what
    tells it from another word; noise in which any reading is as poor as any other has it high.
    """

    spelling: str
    is_whole: bool
    beside: float
    alone: float


class NameList:
    """The spellings that lines are scored against, made ready once."""

    def __init__(self, spellings: Sequence[str]) -> None:
        """Spellings of plain small letters; others can have no score."""
        kept = [one for one in spellings if one and set(one) <= set(LETTERS)]
        lengths = [len(one) for one in kept]
        rows = np.repeat(np.arange(len(kept)), lengths)
        places = np.frombuffer("".join(kept).encode("ascii"), dtype=np.uint8) - ord(LETTERS[0])
        self.spellings = tuple(kept)
        self.lengths = np.array(lengths, dtype=np.float32)
        self.counts = np.zeros((len(kept), len(LETTERS)), dtype=np.float32)
        np.add.at(self.counts, (rows, places), 1.0)


def scores_in(packed: bytes, names: NameList, least: Bars) -> list[Scored]:
    """The spellings that reach both bars in a run of words of a line, each as it is likeliest."""
    odds = unpack(packed)
    if not names.spellings or not len(odds):
        return []
    found: dict[tuple[str, bool], Scored] = {}
    for steps, is_whole in _runs_of(odds):
        for place, beside, alone in _scores(steps, names, least):
            one = Scored(names.spellings[place], is_whole, beside, alone)
            key = (one.spelling, is_whole)
            found[key] = max(one, found.get(key, one), key=lambda other: other.alone)
    return [*found.values()]


def _runs_of(odds: Numbers) -> Iterator[tuple[Numbers, bool]]:
    """The steps of each run of words, and whether it is all that stands between other signs."""
    best = odds.argmax(axis=1)
    for part in _split(np.flatnonzero(best != OTHER)):
        words = _split(part[best[part] != SPACE])
        words = [word for word in words if (best[word] != BLANK).any()]
        if len(words) > _LONGEST_LINE_WORDS:
            continue
        for start in range(len(words)):
            for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
                run = odds[words[start][0] : words[end - 1][-1] + 1]
                yield run, end - start == len(words)


def _split(places: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Runs of places that follow on each other."""
    breaks = np.flatnonzero(np.diff(places) > 1) + 1
    return [run for run in np.split(places, breaks) if len(run)]


def _scores(steps: Numbers, names: NameList, least: Bars) -> Iterator[tuple[int, float, float]]:
    likeliest = steps.max(axis=1, keepdims=True)
    shares = steps / likeliest
    free = _free_reading(steps)
    letters = np.log(np.maximum(shares[:, : len(LETTERS)].max(axis=0), _LEAST))
    # Every letter has to stand somewhere: no name is likelier than its letters one by one.
    bounds = names.counts @ letters / names.lengths
    near = np.flatnonzero((bounds >= least.beside - _SLACK) & (names.lengths <= len(steps)))
    near = near[np.argsort(-bounds[near], kind="stable")][:_MOST_SCORED]
    if not len(near) or not free:
        return
    totals = _forward(shares, [free, *(names.spellings[place] for place in near)])
    logs = np.log(np.maximum(totals, _LEAST))
    beside = (logs[1:] - logs[0]) / names.lengths[near]
    alone = (logs[1:] + np.log(likeliest).sum()) / names.lengths[near]
    for row in np.flatnonzero((beside >= least.beside) & (alone >= least.alone)):
        yield int(near[row]), float(beside[row]), float(alone[row])


def _free_reading(steps: Numbers) -> str:
    """The letters of the likeliest path: what a reader spells."""
    best = steps.argmax(axis=1)
    changed = np.concatenate([[True], best[1:] != best[:-1]])
    return "".join(LETTERS[place] for place in best[changed & (best < len(LETTERS))])


def _forward(shares: Numbers, spellings: Sequence[str]) -> NDArray[np.float64]:
    """How likely each spelling is, over that of the likeliest path: the forward algorithm.

    ``shares`` are probabilities over the highest of their step. Labels stand at odd states, what
    is between them at even ones; a blank may be skipped between two letters that differ.
    """
    gap = shares[:, BLANK] + shares[:, SPACE]
    columns = np.column_stack([shares[:, : len(LETTERS)], gap]).astype(np.float64)
    states = np.full((len(spellings), 2 * max(map(len, spellings)) + 1), len(LETTERS))
    for row, spelling in enumerate(spellings):
        states[row, 1 : 2 * len(spelling) : 2] = [LETTERS.index(letter) for letter in spelling]
    may_skip = np.zeros(states.shape, dtype=bool)
    may_skip[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
    forward = np.zeros(states.shape)
    forward[:, :2] = columns[0, states[:, :2]]
    for step in columns[1:]:
        arrived = forward.copy()
        arrived[:, 1:] += forward[:, :-1]
        arrived[:, 2:] += np.where(may_skip[:, 2:], forward[:, :-2], 0.0)
        forward = arrived * step[states]
    rows = np.arange(len(spellings))
    ends = np.array([2 * len(spelling) for spelling in spellings])
    return np.asarray(forward[rows, ends] + forward[rows, ends - 1])
