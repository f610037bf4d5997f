"""Finds a given and a family name that stand together and belong to one student."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mediacheck.findings.name_context import (
    has_title,
    is_in_place_name,
    is_ordinary,
    is_word,
)
from mediacheck.findings.name_keys import PARTICLES
from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Shape, Token
from mediacheck.model.finding import Certainty
from release_db.words import NameForm

#: What may stand between a given name and a family name, and between the two turned round.
GAPS_FORWARD = frozenset({Gap.NONE, Gap.LIGHT, Gap.LINE, Gap.SYMBOL, Gap.DOT, Gap.QUOTE})
GAPS_BACKWARD = frozenset({Gap.NONE, Gap.LIGHT, Gap.LINE, Gap.SYMBOL, Gap.DOT, Gap.COMMA})
_MOST_MIDDLES = 2

_RANK_FORWARD = 90
_RANK_COMMA = 80
_RANK_BACKWARD = 70
_RANK_MIDDLE = 65


class _Words(NamedTuple):
    """The words of a pair: ``start:end``, of which ``middle:tail`` stand between its names."""

    start: int
    middle: int
    tail: int
    end: int


def exact_pairs(reading: Reading) -> Iterator[Hit]:
    """Every given and family name, in either order, that one student bears.

    Up to two words may stand between them: a middle name, an initial, a nickname in quotes.
    """
    for start, heads in reading.firsts.items():
        for middle, head in heads:
            for tail, end, last in _tails(reading, middle):
                yield from _forward(reading, _Words(start, middle, tail, end), head, last)
    for start, heads in reading.lasts.items():
        for middle, last in heads:
            yield from _backward(reading, start, middle, last)


def _tails(reading: Reading, middle: int) -> Iterator[tuple[int, int, str]]:
    """The family names that may follow: where each starts and ends, and its key."""
    tokens = reading.tokens
    for place in range(middle, min(middle + _MOST_MIDDLES + 1, len(tokens))):
        if tokens[place].gap not in GAPS_FORWARD:
            return
        for end, last in reading.lasts.get(place, ()):
            yield place, end, last


def _forward(reading: Reading, words: _Words, head: str, last: str) -> Iterator[Hit]:
    index = reading.reach.index
    for given in index.firsts[head]:
        if numbers := index.pairs.get((given, last)):
            yield from _hit(reading, words, numbers, _RANK_FORWARD)
        elif numbers := index.middle_pairs.get((given, last)):
            yield from _hit(reading, words, numbers, _RANK_MIDDLE)


def _backward(reading: Reading, start: int, middle: int, last: str) -> Iterator[Hit]:
    tokens, index = reading.tokens, reading.reach.index
    if middle >= len(tokens) or tokens[middle].gap not in GAPS_BACKWARD:
        return
    rank = _RANK_COMMA if tokens[middle].gap is Gap.COMMA else _RANK_BACKWARD
    for end, head in reading.firsts.get(middle, ()):
        if reading.has_case and tokens[start].is_lower is not tokens[middle].is_lower:
            continue
        for given in index.firsts[head]:
            if numbers := index.pairs.get((given, last)):
                yield from _hit(reading, _Words(start, middle, middle, end), numbers, rank)


def _hit(reading: Reading, words: _Words, numbers: tuple[int, ...], rank: int) -> Iterator[Hit]:
    fitting = _with_fitting_middle(reading, words, numbers)
    if not fitting:
        return
    here = reading.reach.here(fitting)
    certainty, note = _certainty(reading, words, rank, is_here=bool(here))
    end, students = _prolonged(reading, words.end, here or fitting)
    yield Hit(words.start, end, students, NameForm.FULL, certainty, rank, note)


def _with_fitting_middle(
    reading: Reading, words: _Words, numbers: tuple[int, ...]
) -> frozenset[int]:
    """Students who may have the words between given and family name as a middle name."""
    tokens = reading.tokens
    between = tokens[words.middle : words.tail]
    is_quoted = between and tokens[words.middle].gap is tokens[words.tail].gap is Gap.QUOTE
    if is_quoted or all(_looks_like_middle(token) for token in between):
        return frozenset(numbers)
    names = reading.reach.index.names
    return frozenset(
        number
        for number in numbers
        if all(_may_stand_between(token.key, names[number].extras) for token in between)
    )


def _looks_like_middle(token: Token) -> bool:
    return token.shape in {Shape.CAPITAL, Shape.INITIAL} and not is_word(token.key)


def _may_stand_between(key: str, extras: frozenset[str]) -> bool:
    return key in extras or (len(key) == 1 and any(word[0] == key for word in extras))


def _certainty(
    reading: Reading, words: _Words, rank: int, *, is_here: bool
) -> tuple[Certainty, str]:
    if doubt := _doubt(reading, words.start, words.end):
        is_asked = is_here and not _are_plain_words(reading, words.start, words.end)
        return (Certainty.LIKELY if is_asked else Certainty.POSSIBLE), doubt
    if not is_here:
        return Certainty.LIKELY, "a student of another school"
    if rank == _RANK_MIDDLE:
        return Certainty.LIKELY, "a middle and a family name"
    return Certainty.CERTAIN, ""


def _doubt(reading: Reading, start: int, end: int) -> str:
    if not reading.figures.isdisjoint(range(start, end)):
        return "a public figure's name"
    if has_title(reading, start):
        return "a title before it"
    if is_in_place_name(reading, start, end):
        return "part of a place's name"
    if any(_is_plain_word(reading, place) for place in range(start, end)):
        return "ordinary words in lower case"
    return ""


def _are_plain_words(reading: Reading, start: int, end: int) -> bool:
    """Whether it is an ordinary phrase, as in "parents will park on the field"."""
    return reading.has_case and all(_is_plain_word(reading, place) for place in range(start, end))


def _is_plain_word(reading: Reading, place: int) -> bool:
    token = reading.tokens[place]
    return token.is_lower and is_ordinary(token.key) and token.key not in PARTICLES


def _prolonged(reading: Reading, end: int, students: frozenset[int]) -> tuple[int, frozenset[int]]:
    """Takes in further words of the same names, and keeps the students whom they fit best."""
    names = reading.reach.index.names
    while reading.is_light(end):
        key = reading.tokens[end].key
        fitting = frozenset(number for number in students if key in names[number].extras)
        if not fitting:
            break
        students, end = fitting, end + 1
    return end, students
