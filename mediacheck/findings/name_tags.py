"""Finds names inside words without blanks: hashtags, handles, addresses, file names."""

from __future__ import annotations

from collections.abc import Iterator

from mediacheck.findings.name_context import is_ordinary
from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Token
from mediacheck.findings.name_words import word_list
from mediacheck.model.finding import Certainty
from release_db.records import NameForm

_SHORTEST = 4
#: Inside a longer tag, away from both its ends, only a pair of so many letters counts.
_SHORTEST_INSIDE = 8
_SHORTEST_ALONE = 4
_LONGEST_FIRST = 20
_LONGEST_LAST = 40
_RANK_TAG = 55
_RANK_TAG_INITIAL = 45
_RANK_TAG_FIRST = 42


def joined_names(reading: Reading) -> Iterator[Hit]:
    """Full names written without a blank, and single names inside a tag."""
    for start, end, word, in_tag in _words(reading.tokens):
        if len(word) < _SHORTEST:
            continue
        if in_tag:
            yield from _pairs_inside(reading, (start, end), word)
            yield from _initial_and_last(reading, (start, end), word)
            yield from _first_and_affixes(reading, (start, end), word)
        elif not is_ordinary(word):
            yield from _whole_pairs(reading, (start, end), word)


def _words(tokens: tuple[Token, ...]) -> Iterator[tuple[int, int, str, bool]]:
    """Humps of one word put together again: (start, end, letters, whether it is a tag)."""
    start = 0
    while start < len(tokens):
        end = start + 1
        while end < len(tokens) and tokens[end].gap is Gap.NONE:
            end += 1
        word = tokens[start].key if end == start + 1 else "".join(t.key for t in tokens[start:end])
        yield start, end, word, tokens[start].in_tag
        start = end


def _whole_pairs(reading: Reading, words: tuple[int, int], word: str) -> Iterator[Hit]:
    for cut in range(2, len(word) - 1):
        yield from _pair(reading, words, word[:cut], word[cut:])


def _pairs_inside(reading: Reading, words: tuple[int, int], word: str) -> Iterator[Hit]:
    starts = reading.reach.index.starts
    for begin in range(len(word) - _SHORTEST + 1):
        if word[begin : begin + 3] not in starts:
            continue
        for cut in range(begin + 2, min(begin + _LONGEST_FIRST, len(word) - 1)):
            head = word[begin:cut]
            if head in reading.reach.index.firsts or head in reading.reach.index.lasts:
                yield from _tails(reading, words, word, (begin, cut))


def _tails(
    reading: Reading, words: tuple[int, int], word: str, head: tuple[int, int]
) -> Iterator[Hit]:
    begin, cut = head
    for end in range(cut + 2, min(cut + _LONGEST_LAST, len(word)) + 1):
        is_whole = begin == 0 and end == len(word)
        if is_whole or end - begin >= _SHORTEST_INSIDE:
            yield from _pair(reading, words, word[begin:cut], word[cut:end])


def _pair(reading: Reading, words: tuple[int, int], head: str, tail: str) -> Iterator[Hit]:
    index = reading.reach.index
    numbers = {
        number
        for first, last in ((head, tail), (tail, head))
        if last in index.lasts
        for given in index.firsts.get(first, ())
        for number in index.pairs.get((given, last), ())
    }
    if numbers:
        here = reading.reach.here(numbers)
        certainty = Certainty.CERTAIN if here else Certainty.LIKELY
        yield Hit(*words, here or frozenset(numbers), NameForm.FULL, certainty, _RANK_TAG)


def _initial_and_last(reading: Reading, words: tuple[int, int], word: str) -> Iterator[Hit]:
    names = reading.reach.index.names
    for last, letter in ((word[1:], word[0]), (word[:-1], word[-1])):
        numbers = frozenset(
            number
            for number in reading.reach.school.lasts.get(last, ())
            if len(last) >= _SHORTEST and any(first[0] == letter for first in names[number].firsts)
        )
        if numbers and not is_ordinary(word):
            yield Hit(*words, numbers, NameForm.FULL, Certainty.LIKELY, _RANK_TAG_INITIAL)


def _first_and_affixes(reading: Reading, words: tuple[int, int], word: str) -> Iterator[Hit]:
    affixes, near = word_list("tag_affixes"), reading.reach.near.firsts
    for begin in range(len(word) - _SHORTEST_ALONE + 1):
        if begin and word[:begin] not in affixes:
            continue
        for end in range(begin + _SHORTEST_ALONE, len(word) + 1):
            head, rest = word[begin:end], word[end:]
            if head in near and (not rest or rest in affixes) and not is_ordinary(word):
                numbers = frozenset(near[head])
                yield Hit(*words, numbers, NameForm.FIRST, Certainty.LIKELY, _RANK_TAG_FIRST)
