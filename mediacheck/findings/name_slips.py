"""Finds names with a slip of the pen in them: a letter too many, too few, wrong or swapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

from mediacheck.findings.name_asking import ask
from mediacheck.findings.name_context import (
    has_cue,
    has_title,
    is_in_place_name,
    is_ordinary,
    is_word,
)
from mediacheck.findings.name_index import deletes_of
from mediacheck.findings.name_pairs import GAPS_FORWARD
from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Shape
from mediacheck.findings.name_variants import known_given_names
from mediacheck.model.finding import Certainty
from release_db.words import NameForm

_RANK_PAIR = 60
_RANK_FIRST = 30
_SHORTEST = 3
#: A longer word is no single name; leaving out each of its letters would cost its square.
_LONGEST = 40
#: From this length on a name may be two edits away, where its other half is exact.
_LONG = 6
_SHORTEST_ALONE = 5
#: Two short names that are both misspelt are no evidence: "Hen Jan" is not Chen Jin.
_LONG_PAIR = 9


def is_near(read: str, name: str, most: int) -> bool:
    """Whether two names are at most ``most`` edits apart (OSA); one, when either is short."""
    shortest = min(len(read), len(name))
    if shortest < _SHORTEST:
        return False
    limit = most if shortest >= _LONG else min(most, 1)
    return OSA.distance(read, name, score_cutoff=limit) <= limit


def near_keys(read: str, deletes: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The keys behind ``deletes`` that are one edit away from ``read``, or it itself."""
    if len(read) > _LONGEST:
        return ()
    rests = deletes_of(read)
    ask(deletes, rests)
    near = {key: None for rest in rests for key in deletes.get(rest, ())}
    return tuple(key for key in near if is_near(read, key, 1))


def fuzzy_pairs(reading: Reading, taken: frozenset[int]) -> Iterator[Hit]:
    """Given and family names of one student of which one or both are misspelt.

    One side may be exact and the other up to two edits away, or both one edit away; in another
    school only one side, by one edit.
    """
    # A long text says the same words again and again; each pair is looked up once.
    known: dict[tuple[str, str], frozenset[int]] = {}
    for start in range(len(reading.tokens) - 1):
        if start in taken or start + 1 in taken:
            continue
        for end, head, tail in _neighbours(reading, start):
            numbers = known.get((head, tail))
            if numbers is None:
                numbers = known[head, tail] = _bearers(reading, head, tail)
            if numbers:
                yield _pair_hit(reading, start, end, numbers)


def _neighbours(reading: Reading, start: int) -> Iterator[tuple[int, str, str]]:
    """The two words from ``start`` on that may be one name: where they end, and both."""
    tokens = reading.tokens
    for middle, head in _written(reading, start):
        if middle < len(tokens) and tokens[middle].gap in GAPS_FORWARD:
            for end, tail in _written(reading, middle):
                yield end, head, tail


def _pair_hit(reading: Reading, start: int, end: int, numbers: frozenset[int]) -> Hit:
    here = reading.reach.here(numbers)
    is_named = not has_title(reading, start) and reading.figures.isdisjoint(range(start, end))
    certainty = Certainty.LIKELY if here or is_named else Certainty.POSSIBLE
    note = "nearly a student's name"
    who = here or numbers
    return Hit(start, end, who, NameForm.FULL, certainty, _RANK_PAIR, note, is_slip=True)


def _written(reading: Reading, start: int) -> Iterator[tuple[int, str]]:
    """The word at ``start``, and it with the next where a hyphen or a hump parts them."""
    tokens = reading.tokens
    token = tokens[start]
    following = start + 1
    is_broken = reading.is_light(following) and tokens[following].gap is Gap.NONE
    if reading.has_case and token.shape is Shape.LOWER and not is_broken:
        return
    if len(token.key) > 1:
        yield following, token.key
    key, end = token.key, following
    while len(key) <= _LONGEST and reading.is_light(end) and _is_tied(reading, end):
        key, end = key + tokens[end].key, end + 1
    if end > following:
        yield end, key


def _is_tied(reading: Reading, place: int) -> bool:
    before, token = reading.tokens[place - 1], reading.tokens[place]
    return token.gap is Gap.NONE or reading.view.letters[before.end : token.start] == "-"


def _bearers(reading: Reading, head: str, tail: str) -> frozenset[int]:
    if reading.reach.is_everywhere:
        # A school's bearers of a name are few; the district's are not, so only near keys count.
        return _elsewhere(reading, head, tail)
    school = reading.reach.school
    if is_word(tail) and tail not in reading.reach.index.lasts:
        return frozenset()
    found = frozenset[int]()
    if tail in school.lasts and not is_word(head):
        found = _with_near_first(reading, head, tail)
    if not found and head in school.firsts:
        found = _with_near_last(reading, head, tail)
    if not found and not is_ordinary(head):
        found = _with_both_near(reading, head, tail)
    return found or _elsewhere(reading, head, tail)


def _with_near_first(reading: Reading, head: str, tail: str) -> frozenset[int]:
    names, index = reading.reach.index.names, reading.reach.index
    is_name = head in index.firsts or head in known_given_names() or is_ordinary(head)
    most = 1 if is_name else 2
    return frozenset(
        number
        for number in reading.reach.school.lasts[tail]
        if any(is_near(head, first, most) for first in names[number].firsts)
    )


def _with_near_last(reading: Reading, head: str, tail: str) -> frozenset[int]:
    names = reading.reach.index.names
    return frozenset(
        number
        for number in reading.reach.school.firsts[head]
        if any(is_near(tail, last, 2) for last in names[number].lasts)
    )


def _with_both_near(reading: Reading, head: str, tail: str) -> frozenset[int]:
    if len(head) + len(tail) < _LONG_PAIR:
        return frozenset()
    names, school = reading.reach.index.names, reading.reach.school
    return frozenset(
        number
        for first in near_keys(head, reading.reach.index.first_deletes)
        for number in school.firsts.get(first, ())
        if any(is_near(tail, last, 1) for last in names[number].lasts)
    )


def _elsewhere(reading: Reading, head: str, tail: str) -> frozenset[int]:
    """Students of other schools with one of the two names exactly, the other one edit away."""
    index = reading.reach.index
    if is_ordinary(head) or (is_ordinary(tail) and tail not in index.lasts):
        return frozenset()
    pairs = [(head, last) for last in _near_lasts(reading, head, tail)]
    if tail in index.lasts:
        pairs += [(first, tail) for first in near_keys(head, index.first_deletes)]
    ask(index.firsts, (first for first, _ in pairs))
    meant = [(given, last) for first, last in pairs for given in index.firsts.get(first, ())]
    ask(index.pairs, meant)
    return frozenset(number for pair in meant for number in index.pairs.get(pair, ()))


def _near_lasts(reading: Reading, head: str, tail: str) -> tuple[str, ...]:
    index = reading.reach.index
    return near_keys(tail, index.last_deletes) if head in index.firsts else ()


def fuzzy_firsts(reading: Reading, taken: frozenset[int]) -> Iterator[Hit]:
    """A first name of the class with one slip of the pen in it, alone."""
    reach = reading.reach
    if not reach.members:
        return
    for start, token in enumerate(reading.tokens):
        if start in taken or start in reading.figures or _is_known(reading, start):
            continue
        is_short = len(token.key) < _SHORTEST_ALONE and not _lacks_apostrophe(reading, start)
        if is_short and not _is_person(reading, start):
            continue
        near = near_keys(token.key, reach.index.first_deletes)
        numbers = frozenset(number for first in near for number in reach.near.firsts.get(first, ()))
        if numbers:
            yield _first_hit(reading, start, numbers)


def _is_person(reading: Reading, place: int) -> bool:
    """Whether a short word can only be a person: a slip in four letters changes much of them."""
    token = reading.tokens[place]
    if has_cue(reading, place, place + 1):
        return True
    is_inside = not token.opens and reading.has_case
    return is_inside and token.shape is Shape.CAPITAL and len(token.key) > _SHORTEST


def _lacks_apostrophe(reading: Reading, place: int) -> bool:
    """Whether it is a first name of the class with an s: "Kais robot"."""
    key = reading.tokens[place].key
    return key.endswith("s") and key[:-1] in reading.reach.near.firsts


def _first_hit(reading: Reading, start: int, numbers: frozenset[int]) -> Hit:
    is_other = (
        has_title(reading, start)
        or is_in_place_name(reading, start, start + 1)
        or (_is_another_name(reading, start) and not has_cue(reading, start, start + 1))
    )
    certainty = Certainty.POSSIBLE if is_other else Certainty.LIKELY
    note = "nearly a first name of the class"
    form, rank = NameForm.FIRST, _RANK_FIRST
    return Hit(start, start + 1, numbers, form, certainty, rank, note, is_slip=True)


def _is_another_name(reading: Reading, place: int) -> bool:
    key = reading.tokens[place].key
    return key in reading.reach.index.firsts or key in known_given_names()


def _is_known(reading: Reading, place: int) -> bool:
    """Whether the word is one in its own right, so that nobody's name was misspelt."""
    token = reading.tokens[place]
    is_plural = is_ordinary(token.key[:-1]) or not _lacks_apostrophe(reading, place)
    if (
        (token.shape is Shape.LOWER and is_plural)
        or token.gap is Gap.NONE
        or len(token.key) < _SHORTEST
    ):
        return True
    return is_ordinary(token.key) or token.key in reading.reach.index.lasts
