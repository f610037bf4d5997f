"""Finds names inside words without blanks: hashtags, handles, addresses, file names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate, chain
from typing import NamedTuple

from mediacheck.findings.name_asking import ask, holding
from mediacheck.findings.name_context import is_ordinary
from mediacheck.findings.name_index import START_LETTERS, NameIndex
from mediacheck.findings.name_keys import NameKeys
from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Token
from mediacheck.findings.name_words import word_list
from mediacheck.model.finding import Certainty
from release_db.words import NameForm

_SHORTEST = 4
_SHORTEST_HALF = 2
_LONGEST_HALF = 24
#: Inside a longer tag only a pair of so many letters counts.
_SHORTEST_INSIDE = 8
#: In a longer word than this only pairs are looked for, so that its cost grows with its length.
_LONGEST_WORD = 60
_RANK = 55
_RANK_INITIAL = 45
_RANK_FIRST = 42


#: Where a name may begin in the letters of a word, where its second half does, and where it ends.
_Cuts = tuple[int, int, int]


class _Word(NamedTuple):
    """Humps of one word put together again, in lower-case ``letters``.

    ``humps`` are the tokens from ``start`` on, and ``bounds`` where in the letters each begins.
    """

    start: int
    humps: tuple[Token, ...]
    bounds: tuple[int, ...]
    letters: str

    @property
    def in_tag(self) -> bool:
        """Whether it is a hashtag or a handle."""
        return self.humps[0].in_tag


def joined_names(reading: Reading) -> Iterator[Hit]:
    """Full names written without a blank, and single names inside a tag."""
    for word in _words(reading.tokens):
        length = len(word.letters)
        if length < _SHORTEST:
            continue
        if is_ordinary(word.letters):
            yield from _spelt_by_a_word(reading, word)
        elif length > _LONGEST_WORD:
            yield from _pairs_inside(reading, word)
        elif word.in_tag:
            yield from _pairs_inside(reading, word)
            yield from _initial_and_last(reading, word)
            yield from _first_and_affixes(reading, word)
        else:
            yield from _whole_pairs(reading, word)


def _words(tokens: tuple[Token, ...]) -> Iterator[_Word]:
    """The words that may be long enough, each with all its humps."""
    start, count = 0, len(tokens)
    while start < count:
        end = start + 1
        while end < count and tokens[end].gap is Gap.NONE:
            end += 1
        if end > start + 1:
            humps = tokens[start:end]
            bounds = tuple(accumulate([len(hump.key) for hump in humps[:-1]], initial=0))
            yield _Word(start, humps, bounds, "".join([hump.key for hump in humps]))
        elif len(tokens[start].key) >= _SHORTEST:
            yield _Word(start, (tokens[start],), (0,), tokens[start].key)
        start = end


def _whole_pairs(reading: Reading, word: _Word) -> Iterator[Hit]:
    index, letters = reading.reach.index, word.letters
    if letters[:START_LETTERS] not in index.starts and letters[:_SHORTEST_HALF] not in index.starts:
        return
    cuts = [
        cut
        for cut in range(_SHORTEST_HALF, len(letters) - _SHORTEST_HALF + 1)
        if letters[cut : cut + START_LETTERS] in index.starts
        or letters[cut : cut + _SHORTEST_HALF] in index.starts
    ]
    if not cuts:
        return
    halves = [(letters[:cut], letters[cut:]) for cut in cuts]
    lasts = holding(index.lasts, [*chain.from_iterable(halves)])
    if not lasts:
        return
    turned = [(tail, head) for head, tail in halves]
    ask(index.firsts, [first for first, last in (*halves, *turned) if last in lasts])
    yield from _pairs(reading, word, [(0, cut, len(letters)) for cut in cuts])


def _spelt_by_a_word(reading: Reading, word: _Word) -> Iterator[Hit]:
    """Whose whole name a tag is letter for letter, although it is a word: always a question."""
    names = reading.reach.index.names
    for hit in _whole_pairs(reading, word) if word.in_tag else ():
        who = frozenset(number for number in hit.students if _spells(word.letters, names[number]))
        if who:
            yield hit._replace(students=who, certainty=Certainty.LIKELY)


def _spells(letters: str, names: NameKeys) -> bool:
    halves = ((first, last) for first in names.firsts for last in names.lasts)
    return any(letters in {first + last, last + first} for first, last in halves)


def _pairs_inside(reading: Reading, word: _Word) -> Iterator[Hit]:
    starts, names = reading.reach.index.starts, _names_inside(reading.reach.index, word.letters)
    yield from _pairs(reading, word, [*_cuts_inside(word.letters, starts, names)])


def _names_inside(index: NameIndex, letters: str) -> set[str]:
    """Every part of a word that is a name, looked up in one go."""
    parts = [
        letters[begin:end]
        for begin in range(len(letters) - _SHORTEST_HALF + 1)
        if letters[begin : begin + 3] in index.starts or begin + 3 > len(letters)
        for end in range(begin + _SHORTEST_HALF, min(begin + _LONGEST_HALF, len(letters)) + 1)
    ]
    return holding(index.firsts, parts) | holding(index.lasts, parts)


def _cuts_inside(letters: str, starts: frozenset[str], names: set[str]) -> Iterator[_Cuts]:
    for begin in range(len(letters) - _SHORTEST + 1):
        if letters[begin : begin + 3] not in starts:
            continue
        last_cut = min(begin + _LONGEST_HALF, len(letters) - _SHORTEST_HALF)
        for cut in range(begin + _SHORTEST_HALF, last_cut + 1):
            if letters[begin:cut] in names:
                yield from _tails(letters, names, begin, cut)


def _tails(letters: str, names: set[str], begin: int, cut: int) -> Iterator[_Cuts]:
    for end in range(cut + _SHORTEST_HALF, min(cut + _LONGEST_HALF, len(letters)) + 1):
        is_long = end - begin >= min(_SHORTEST_INSIDE, len(letters))
        if is_long and letters[cut:end] in names:
            yield begin, cut, end


def _pairs(reading: Reading, word: _Word, cuts: list[_Cuts]) -> Iterator[Hit]:
    if not cuts:
        return
    index = reading.reach.index
    pairs = [[*_pairs_at(index, word.letters, *some)] for some in cuts]
    ask(index.pairs, chain.from_iterable(pairs))
    for (begin, _, end), meant in zip(cuts, pairs, strict=True):
        numbers = {number for pair in meant for number in index.pairs.get(pair, ())}
        if numbers:
            here = reading.reach.here(numbers)
            certainty = Certainty.CERTAIN if here else Certainty.LIKELY
            who = here or frozenset(numbers)
            yield _hit(word, (begin, end), Hit(0, 0, who, NameForm.FULL, certainty, _RANK))


def _pairs_at(
    index: NameIndex, letters: str, begin: int, cut: int, end: int
) -> Iterator[tuple[str, str]]:
    """The given and family names that both halves may be, in either order."""
    head, tail = letters[begin:cut], letters[cut:end]
    for first, last in ((head, tail), (tail, head)):
        if last in index.lasts:
            for given in index.firsts.get(first, ()):
                yield given, last


def _initial_and_last(reading: Reading, word: _Word) -> Iterator[Hit]:
    names, letters = reading.reach.index.names, word.letters
    for last, initial in ((letters[1:], letters[0]), (letters[:-1], letters[-1])):
        numbers = frozenset(
            number
            for number in reading.reach.school.lasts.get(last, ())
            if any(first[0] == initial for first in names[number].firsts)
        )
        if numbers and len(last) >= _SHORTEST:
            hit = Hit(0, 0, numbers, NameForm.FULL, Certainty.LIKELY, _RANK_INITIAL)
            yield _hit(word, (0, len(letters)), hit)


def _first_and_affixes(reading: Reading, word: _Word) -> Iterator[Hit]:
    """A first name with nothing but what people put round one: ``#TeamMaya``."""
    affixes, near, letters = word_list("tag_affixes"), reading.reach.near.firsts, word.letters
    for begin in range(len(letters) - _SHORTEST + 1):
        if begin and letters[:begin] not in affixes:
            continue
        for end in range(begin + _SHORTEST, len(letters) + 1):
            head, rest = letters[begin:end], letters[end:]
            if head in near and (not rest or rest in affixes):
                numbers = frozenset(near[head])
                hit = Hit(0, 0, numbers, NameForm.FIRST, Certainty.LIKELY, _RANK_FIRST)
                yield _hit(word, (begin, end), hit)


def _hit(word: _Word, letters: tuple[int, int], hit: Hit) -> Hit:
    """``hit`` at ``letters`` of the word: on the humps it touches, and exactly where it stands."""
    begin, end = letters
    first, last = bisect_right(word.bounds, begin) - 1, bisect_left(word.bounds, end) - 1
    exact = (
        word.humps[first].start + begin - word.bounds[first],
        min(word.humps[last].start + end - word.bounds[last], word.humps[last].end),
    )
    return hit._replace(start=word.start + first, end=word.start + last + 1, letters=exact)
