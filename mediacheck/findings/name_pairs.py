"""Finds a given and a family name that stand together and belong to one student."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz.distance import OSA

from mediacheck.findings.name_context import (
    figure_words,
    has_title,
    is_in_place_name,
    is_ordinary,
)
from mediacheck.findings.name_index import deletes_of
from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Shape
from mediacheck.findings.name_variants import known_given_names
from mediacheck.model.finding import Certainty
from release_db.records import NameForm

_BETWEEN = frozenset({Gap.NONE, Gap.LIGHT, Gap.LINE, Gap.SYMBOL, Gap.DOT, Gap.QUOTE})
_REVERSED = frozenset({Gap.NONE, Gap.LIGHT, Gap.LINE, Gap.SYMBOL, Gap.DOT, Gap.COMMA})
_JOINS = frozenset({Gap.NONE, Gap.LIGHT})
_MOST_MIDDLES = 2

_RANK_FORWARD = 90
_RANK_COMMA = 80
_RANK_REVERSED = 70
_RANK_MIDDLE = 65
_RANK_FUZZY = 60


def exact_pairs(reading: Reading) -> Iterator[Hit]:
    """Every given and family name, in either order, that one student bears."""
    figures = figure_words(reading)
    for start, heads in reading.firsts.items():
        for head_end, head in heads:
            for tail_start in _tail_starts(reading, head_end):
                yield from _forward(reading, (start, head_end, tail_start), head, figures)
    for start, heads in reading.lasts.items():
        for head_end, head in heads:
            yield from _backward(reading, start, head_end, head, figures)


def _tail_starts(reading: Reading, head_end: int) -> Iterator[int]:
    tokens = reading.tokens
    for place in range(head_end, min(head_end + _MOST_MIDDLES + 1, len(tokens))):
        if tokens[place].gap not in _BETWEEN:
            return
        if place in reading.lasts:
            yield place


def _forward(
    reading: Reading, places: tuple[int, int, int], head: str, figures: frozenset[int]
) -> Iterator[Hit]:
    start, head_end, tail_start = places
    index = reading.reach.index
    for end, last in reading.lasts[tail_start]:
        for given in index.firsts[head]:
            if numbers := index.pairs.get((given, last)):
                yield from _hit(
                    reading, (start, end), numbers, _RANK_FORWARD, figures, (head_end, tail_start)
                )
            elif numbers := index.middle_pairs.get((given, last)):
                yield from _hit(
                    reading, (start, end), numbers, _RANK_MIDDLE, figures, (head_end, tail_start)
                )


def _backward(
    reading: Reading, start: int, head_end: int, last: str, figures: frozenset[int]
) -> Iterator[Hit]:
    tokens, index = reading.tokens, reading.reach.index
    if head_end >= len(tokens) or tokens[head_end].gap not in _REVERSED:
        return
    rank = _RANK_COMMA if tokens[head_end].gap is Gap.COMMA else _RANK_REVERSED
    for end, head in reading.firsts.get(head_end, ()):
        for given in index.firsts[head]:
            if numbers := index.pairs.get((given, last)):
                yield from _hit(reading, (start, end), numbers, rank, figures, (head_end, head_end))


def _hit(
    reading: Reading,
    words: tuple[int, int],
    numbers: tuple[int, ...],
    rank: int,
    figures: frozenset[int],
    middle: tuple[int, int],
) -> Iterator[Hit]:
    start, end = words
    fitting = _with_fitting_middle(reading, numbers, middle)
    if not fitting:
        return
    here = reading.reach.here(fitting)
    certainty, note = _certainty(reading, words, rank, bool(here), figures)
    students = here or fitting
    end, students = _prolonged(reading, end, students)
    yield Hit(start, end, students, NameForm.FULL, certainty, rank, note)


def _with_fitting_middle(
    reading: Reading, numbers: tuple[int, ...], middle: tuple[int, int]
) -> frozenset[int]:
    """Students who may have the words between given and family name as a middle name."""
    between = reading.tokens[middle[0] : middle[1]]
    if not between:
        return frozenset(numbers)
    if all(token.shape is not Shape.LOWER for token in between) and reading.has_case:
        return frozenset(numbers)
    names = reading.reach.index.names
    return frozenset(
        number
        for number in numbers
        if all(_may_stand_between(token.key, names[number].extras) for token in between)
    )


def _may_stand_between(key: str, extras: frozenset[str]) -> bool:
    return key in extras or (len(key) == 1 and any(word[0] == key for word in extras))


def _certainty(
    reading: Reading,
    words: tuple[int, int],
    rank: int,
    is_here: bool,
    figures: frozenset[int],
) -> tuple[Certainty, str]:
    start, end = words
    note = _doubt(reading, start, end, figures)
    if note:
        return (Certainty.LIKELY if is_here else Certainty.POSSIBLE), note
    if not is_here:
        return Certainty.LIKELY, "a student of another school"
    if rank == _RANK_MIDDLE:
        return Certainty.LIKELY, "a middle and a family name"
    return Certainty.CERTAIN, ""


def _doubt(reading: Reading, start: int, end: int, figures: frozenset[int]) -> str:
    if figures.intersection(range(start, end)):
        return "a public figure's name"
    if has_title(reading, start):
        return "a title before it"
    if is_in_place_name(reading, start, end):
        return "part of a place's name"
    words = reading.tokens[start:end]
    if all(token.shape is Shape.LOWER for token in words) and any(
        is_ordinary(token.key) for token in words
    ):
        return "ordinary words in lower case"
    return ""


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


def fuzzy_pairs(reading: Reading, taken: frozenset[int]) -> Iterator[Hit]:
    """Given and family names of this school with a slip of the pen in one or both of them.

    One side may be exact and the other up to two edits away (OSA, one for short names), or both
    one edit away.
    """
    tokens = reading.tokens
    for start in range(len(tokens) - 1):
        if start in taken or start + 1 in taken:
            continue
        for head_end, head in _fuzzy_grams(reading, start):
            if head_end >= len(tokens) or tokens[head_end].gap not in _BETWEEN:
                continue
            for end, tail in _fuzzy_grams(reading, head_end):
                if numbers := _fuzzy_bearers(reading, head, tail):
                    yield Hit(
                        start,
                        end,
                        numbers,
                        NameForm.FULL,
                        Certainty.LIKELY,
                        _RANK_FUZZY,
                        "nearly a student's name",
                    )


def _fuzzy_grams(reading: Reading, start: int) -> Iterator[tuple[int, str]]:
    tokens = reading.tokens
    token = tokens[start]
    if reading.has_case and token.shape is Shape.LOWER and tokens[start].gap is not Gap.NONE:
        if not (reading.is_light(start + 1) and tokens[start + 1].gap is Gap.NONE):
            return
    key, end = token.key, start + 1
    while end < len(tokens) and tokens[end].gap is Gap.NONE:
        key, end = key + tokens[end].key, end + 1
    if end > start + 1:
        yield start + 1, token.key
    yield end, key


def _fuzzy_bearers(reading: Reading, head: str, tail: str) -> frozenset[int]:
    if len(head) < 2 or len(tail) < 2:
        return frozenset()
    school, names = reading.reach.school, reading.reach.index.names
    if tail in school.lasts and not is_ordinary(head):
        limit = 1 if head in known_given_names() or head in reading.reach.index.firsts else 2
        return frozenset(
            number
            for number in school.lasts[tail]
            if any(is_near(head, first, limit) for first in names[number].firsts)
        )
    if is_ordinary(tail):
        return frozenset()
    if head in school.firsts:
        return frozenset(
            number
            for number in school.firsts[head]
            if any(is_near(tail, last, 2) for last in names[number].lasts)
        )
    if is_ordinary(head):
        return frozenset()
    return frozenset(
        number
        for first in near_firsts(reading, head)
        for number in school.firsts[first]
        if any(is_near(tail, last, 1) for last in names[number].lasts)
    )


def near_firsts(reading: Reading, head: str) -> frozenset[str]:
    """Given names of this school that are one edit away from ``head``."""
    deletes = reading.reach.school.first_deletes
    near = {first for rest in deletes_of(head) for first in deletes.get(rest, ())}
    return frozenset(first for first in near if is_near(head, first, 1))


def is_near(read: str, name: str, most: int) -> bool:
    """Whether two names are at most ``most`` edits apart (OSA); one, when either is short."""
    shortest = min(len(read), len(name))
    if shortest < 3:
        return False
    limit = min(most, 1 if shortest < 6 else 2)
    return OSA.distance(read, name, score_cutoff=limit) <= limit
