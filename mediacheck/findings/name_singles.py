"""Finds names that stand alone: a first name, a name with an initial, bare initials."""

from __future__ import annotations

from collections.abc import Iterator

from mediacheck.findings.name_context import (
    are_listed,
    has_article,
    has_cue,
    has_title,
    is_in_place_name,
    is_ordinary,
    is_place,
)
from mediacheck.findings.name_index import deletes_of
from mediacheck.findings.name_pairs import is_near
from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Shape
from mediacheck.findings.name_variants import known_given_names
from mediacheck.findings.name_words import word_list
from mediacheck.model.finding import Certainty
from release_db.records import NameForm

_RANK_INITIAL = 50
_RANK_FIRST = 40
_RANK_INITIALS = 35
_RANK_FUZZY = 30
_SHORTEST_FUZZY_ALONE = 5
#: Without a school, a first name counts only when so few students of the district bear it.
_FEW = 3
_BARE_LETTERS = frozenset({"a", "i", "o", "y"})


def first_with_initial(reading: Reading) -> Iterator[Hit]:
    """A first name and the initial of a family name: ``Maya L.``."""
    tokens = reading.tokens
    for start, heads in reading.firsts.items():
        for end, head in heads:
            if not reading.is_light(end) or not _is_initial(reading, end):
                continue
            bearers = _bearers(reading, head)
            numbers = _with_last_initial(reading, bearers, tokens[end].key)
            if numbers:
                certainty = _initial_certainty(reading, start, end, numbers)
                yield Hit(start, end + 1, numbers, NameForm.FIRST_INITIAL, certainty, _RANK_INITIAL)


def _bearers(reading: Reading, head: str) -> tuple[int, ...]:
    reach = reading.reach
    if reach.scope.school is None and reach.scope.class_key is None:
        return reach.index.bearers.get(head, ())
    near = reach.near.firsts.get(head, ())
    return near + reach.school.firsts.get(head, ())


def _is_initial(reading: Reading, place: int) -> bool:
    token = reading.tokens[place]
    if len(token.key) != 1:
        return False
    return token.shape is Shape.INITIAL or not reading.has_case


def _with_last_initial(reading: Reading, numbers: tuple[int, ...], letter: str) -> frozenset[int]:
    names = reading.reach.index.names
    return frozenset(
        number for number in numbers if any(last[0] == letter for last in names[number].lasts)
    )


def _initial_certainty(
    reading: Reading, start: int, end: int, numbers: frozenset[int]
) -> Certainty:
    if has_title(reading, start):
        return Certainty.POSSIBLE
    words = reading.tokens[start:end]
    is_plain = not any(is_ordinary(token.key) for token in words)
    is_bare = reading.tokens[end].key in _BARE_LETTERS and not _has_dot(reading, end)
    if all(token.shape is Shape.LOWER for token in words) and not is_plain:
        return Certainty.POSSIBLE
    if numbers & reading.reach.members and is_plain and not is_bare:
        return Certainty.CERTAIN
    return Certainty.LIKELY


def _has_dot(reading: Reading, place: int) -> bool:
    end = reading.tokens[place].end
    return reading.view.letters[end : end + 1] == "."


def initial_with_last(reading: Reading) -> Iterator[Hit]:
    """An initial and a family name of this school: ``M. Lopez``."""
    tokens, names = reading.tokens, reading.reach.index.names
    for start in range(len(tokens) - 1):
        letter = tokens[start]
        if not _is_initial(reading, start) or not reading.is_light(start + 1):
            continue
        if letter.key in _BARE_LETTERS and not _has_dot(reading, start):
            continue
        for end, last in reading.lasts.get(start + 1, ()):
            if tokens[start + 1].shape is Shape.LOWER and reading.has_case:
                continue
            numbers = frozenset(
                number
                for number in reading.reach.school.lasts.get(last, ())
                if any(first[0] == letter.key for first in names[number].firsts)
            )
            if numbers:
                certainty = Certainty.POSSIBLE if has_title(reading, start) else Certainty.LIKELY
                yield Hit(start, end, numbers, NameForm.FULL, certainty, _RANK_INITIAL)


def bare_initials(reading: Reading) -> Iterator[Hit]:
    """Two dotted letters that are the initials of somebody in the class: ``M.L.``."""
    tokens, names = reading.tokens, reading.reach.index.names
    for start in range(len(tokens) - 1):
        first, last = tokens[start], tokens[start + 1]
        if first.shape is not Shape.INITIAL or last.shape is not Shape.INITIAL:
            continue
        between = reading.view.letters[first.end : last.start]
        if between not in {".", ". "} or not _has_dot(reading, start + 1):
            continue
        if _goes_on(reading, start - 1, start) or _goes_on(reading, start + 1, start + 2):
            continue
        numbers = frozenset(
            number
            for number in reading.reach.members
            if any(call[0] == first.key for call in names[number].calls)
            and any(name[0] == last.key for name in names[number].lasts)
        )
        if numbers:
            is_word = first.key + last.key in word_list("initials_words")
            certainty = Certainty.POSSIBLE if is_word else Certainty.LIKELY
            yield Hit(start, start + 2, numbers, NameForm.INITIALS, certainty, _RANK_INITIALS)


def _goes_on(reading: Reading, before: int, place: int) -> bool:
    """Whether the letters belong to a longer row of initials, or to an initialled full name."""
    tokens = reading.tokens
    if before < 0 or place >= len(tokens) or not reading.is_light(place):
        return False
    return Shape.INITIAL in {tokens[before].shape, tokens[place].shape} and (
        tokens[place].shape is Shape.INITIAL and tokens[before].shape is Shape.INITIAL
    )


def lone_firsts(reading: Reading, figures: frozenset[int], taken: frozenset[int]) -> Iterator[Hit]:
    """First names and short names of the class (no class chosen: of the school), alone."""
    found: list[Hit] = []
    for start, heads in reading.firsts.items():
        if start in taken:
            continue
        for end, head in heads:
            if numbers := _alone(reading, head):
                certainty = _lone_certainty(reading, start, end, figures)
                if certainty is not None:
                    found.append(Hit(start, end, numbers, NameForm.FIRST, certainty, _RANK_FIRST))
    yield from _raised_by_list(reading, sorted(found), taken)


def _alone(reading: Reading, head: str) -> frozenset[int]:
    reach = reading.reach
    if reach.scope.school is None and reach.scope.class_key is None:
        bearers = reach.index.bearers.get(head, ())
        return frozenset(bearers if len(bearers) <= _FEW else ())
    return frozenset(reach.near.firsts.get(head, ()))


def _lone_certainty(
    reading: Reading, start: int, end: int, figures: frozenset[int]
) -> Certainty | None:
    words = reading.tokens[start:end]
    key = "".join(token.key for token in words)
    is_lower = all(token.shape is Shape.LOWER for token in words)
    if is_ordinary(key) and is_lower and reading.has_case and not words[0].in_tag:
        return None
    if len(key) < 2 or figures.intersection(range(start, end)):
        return Certainty.POSSIBLE
    if has_title(reading, start) or is_in_place_name(reading, start, end):
        return Certainty.POSSIBLE
    if has_article(reading, start):
        return Certainty.POSSIBLE
    if not is_ordinary(key) or (
        has_cue(reading, start, end) and not (is_lower and reading.has_case)
    ):
        return Certainty.LIKELY
    if is_place(key) or is_lower or words[0].opens or not reading.has_case:
        return Certainty.POSSIBLE
    return Certainty.LIKELY


def _raised_by_list(reading: Reading, found: list[Hit], taken: frozenset[int]) -> Iterator[Hit]:
    """A word that may be a name is one when it stands in a list with a name."""
    for place, hit in enumerate(found):
        if hit.certainty is Certainty.POSSIBLE and not hit.note:
            before = [other for other in found[:place] if are_listed(reading, other.end, hit.start)]
            after = [
                other for other in found[place + 1 :] if are_listed(reading, hit.end, other.start)
            ]
            if any(other.certainty is Certainty.LIKELY for other in before + after):
                yield hit._replace(certainty=Certainty.LIKELY)
                continue
        yield hit


def fuzzy_firsts(reading: Reading, taken: frozenset[int]) -> Iterator[Hit]:
    """A first name of the class with one slip of the pen in it, alone."""
    near = reading.reach.near
    if not reading.reach.members:
        return
    for start, token in enumerate(reading.tokens):
        if start in taken or len(token.key) < _SHORTEST_FUZZY_ALONE or _is_known(reading, start):
            continue
        candidates = {
            first for rest in deletes_of(token.key) for first in near.first_deletes.get(rest, ())
        }
        firsts = [first for first in candidates if is_near(token.key, first, 1)]
        numbers = frozenset(number for first in firsts for number in near.firsts[first])
        if numbers:
            is_shown = not has_title(reading, start) and not is_in_place_name(
                reading, start, start + 1
            )
            certainty = Certainty.LIKELY if is_shown else Certainty.POSSIBLE
            yield Hit(
                start,
                start + 1,
                numbers,
                NameForm.FIRST,
                certainty,
                _RANK_FUZZY,
                "nearly a first name of the class",
            )


def _is_known(reading: Reading, place: int) -> bool:
    """Whether the word is one in its own right, so that nobody's name was misspelt."""
    token = reading.tokens[place]
    if token.shape is Shape.LOWER or token.gap is Gap.NONE:
        return True
    index = reading.reach.index
    return (
        is_ordinary(token.key)
        or token.key in index.firsts
        or token.key in index.lasts
        or token.key in known_given_names()
    )
