"""Finds names that stand alone: a first name, a name with an initial, bare initials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mediacheck.findings.name_context import (
    are_listed,
    has_article,
    has_cue,
    has_strong_cue,
    has_title,
    is_in_place_name,
    is_named_as_place,
    is_ordinary,
    is_place,
    is_rarely_a_name,
)
from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Shape
from mediacheck.findings.name_words import word_list
from mediacheck.model.finding import Certainty
from release_db.words import NameForm

_RANK_INITIAL = 50
_RANK_FIRST = 40
_RANK_INITIALS = 35
_RANK_LAST = 20
_KIN = frozenset(
    {"family", "familia", "twins", "siblings", "brothers", "sisters", "household", "hermanos"}
)
#: In Spanish the word stands before the name.
_KIN_BEFORE = frozenset({"familia", "hermanos", "hermanas", "gemelos", "gemelas", "primos"})
_LAST_NOTE = "a family name of the class"
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
    return reach.near.firsts.get(head, ()) + reach.school.firsts.get(head, ())


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
    if has_title(reading, start) or not reading.figures.isdisjoint(range(start, end + 1)):
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
            words = tokens[start + 1 : end]
            if reading.has_case and all(word.shape is Shape.LOWER for word in words):
                continue
            numbers = frozenset(
                number
                for number in reading.reach.school.lasts.get(last, ())
                if any(first[0] == letter.key for first in names[number].firsts)
            )
            if numbers:
                is_else = has_title(reading, start) or start in reading.figures
                certainty = Certainty.POSSIBLE if is_else else Certainty.LIKELY
                yield Hit(start, end, numbers, NameForm.FULL, certainty, _RANK_INITIAL)


def last_with_initial(reading: Reading) -> Iterator[Hit]:
    """A family name of the class and the initial of a given name, as in a list: ``Lopez M.``."""
    tokens, reach = reading.tokens, reading.reach
    for start, tails in reading.lasts.items():
        for end, last in tails if reach.members else ():
            if end >= len(tokens) or tokens[end].gap not in {Gap.LIGHT, Gap.COMMA}:
                continue
            if tokens[end].shape is not Shape.INITIAL or tokens[start].is_lower:
                continue
            is_plain = not is_ordinary(last) and tokens[end].key not in _BARE_LETTERS
            if not (is_plain or _has_dot(reading, end)) or _is_something_else(reading, start, end):
                continue
            numbers = frozenset(
                number
                for number in reach.near.lasts.get(last, ())
                if any(call[0] == tokens[end].key for call in reach.index.names[number].calls)
            )
            if numbers:
                likely, rank = Certainty.LIKELY, _RANK_INITIAL - 1
                yield Hit(start, end + 1, numbers, NameForm.FULL, likely, rank)


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
            is_asked = not is_word or has_strong_cue(reading, start, start + 2)
            certainty = Certainty.LIKELY if is_asked else Certainty.POSSIBLE
            yield Hit(start, start + 2, numbers, NameForm.INITIALS, certainty, _RANK_INITIALS)


def _goes_on(reading: Reading, before: int, place: int) -> bool:
    """Whether the letters belong to a longer row of initials, or to an initialled full name."""
    tokens = reading.tokens
    if before < 0 or place >= len(tokens) or not reading.is_light(place):
        return False
    return Shape.INITIAL in {tokens[before].shape, tokens[place].shape} and (
        tokens[place].shape is Shape.INITIAL and tokens[before].shape is Shape.INITIAL
    )


def lone_lasts(reading: Reading) -> Iterator[Hit]:
    """A family name of the class alone: a question before ``family``, otherwise a note."""
    tokens, bearers = reading.tokens, reading.reach.near.lasts
    for start, tails in reading.lasts.items():
        for end, last in tails:
            if (
                last not in bearers
                or tokens[start].is_lower
                or _is_something_else(reading, start, end)
            ):
                continue
            if reading.reach.members and _is_of_kin(reading, start, end):
                certainty = Certainty.LIKELY
            elif is_ordinary(last):
                continue
            else:
                certainty = Certainty.POSSIBLE
            students = frozenset(bearers[last])
            yield Hit(start, end, students, NameForm.FULL, certainty, _RANK_LAST, _LAST_NOTE)


def _is_of_kin(reading: Reading, start: int, end: int) -> bool:
    tokens = reading.tokens
    if reading.is_light(start) and tokens[start - 1].key in _KIN_BEFORE:
        return True
    return reading.is_light(end) and tokens[end].key in _KIN


def lone_firsts(reading: Reading, others: Iterable[Hit]) -> Iterator[Hit]:
    """First names and short names of the class (no class chosen: of the school), alone.

    ``others`` are the names found so far, which may stand in one list with them.
    """
    found: list[Hit] = []
    for start, heads in reading.firsts.items():
        for end, head in heads:
            numbers = frozenset(reading.reach.near.firsts.get(head, ()))
            certainty = _lone_certainty(reading, start, end, numbers) if numbers else None
            if certainty is not None:
                found.append(Hit(start, end, numbers, NameForm.FIRST, certainty, _RANK_FIRST))
    yield from _raised_by_list(reading, found, others)


def _lone_certainty(
    reading: Reading, start: int, end: int, numbers: frozenset[int]
) -> Certainty | None:
    """How sure a first name alone is; None where it is plainly an ordinary word."""
    words = reading.tokens[start:end]
    key = "".join(token.key for token in words)
    is_lower = reading.has_case and all(token.shape is Shape.LOWER for token in words)
    if is_lower and is_ordinary(key):
        return Certainty.POSSIBLE if words[0].in_tag else None
    is_else = _is_something_else(reading, start, end) or has_article(reading, start)
    if len(key) == 1 or is_else:
        return Certainty.POSSIBLE
    is_rare = _is_rarely_a_name(reading, key, numbers)
    # "Al is our star", but "Field Day is on Friday".
    is_cue = has_strong_cue if is_rare and reading.is_light(start) else has_cue
    if not is_ordinary(key) or is_cue(reading, start, end):
        return Certainty.LIKELY
    is_open = words[0].opens or not reading.has_case or not reading.reach.members
    is_other = is_open or is_rare or (is_place(key) and is_named_as_place(reading, start, end))
    return Certainty.POSSIBLE if is_other else Certainty.LIKELY


def _is_rarely_a_name(reading: Reading, key: str, numbers: frozenset[int]) -> bool:
    names = reading.reach.index.names
    return is_rarely_a_name(key) and not any(key in names[number].calls for number in numbers)


def _is_something_else(reading: Reading, start: int, end: int) -> bool:
    return (
        not reading.figures.isdisjoint(range(start, end))
        or has_title(reading, start)
        or is_in_place_name(reading, start, end)
    )


def _raised_by_list(reading: Reading, found: list[Hit], others: Iterable[Hit]) -> Iterator[Hit]:
    """A word that may be a name is one when it stands in a list with a name."""
    sure = [hit for hit in (*others, *found) if hit.certainty is not Certainty.POSSIBLE]
    starts, ends = {hit.start for hit in sure}, {hit.end for hit in sure}
    doubted = [
        hit
        for hit in found
        if hit.certainty is Certainty.POSSIBLE
        and not _is_something_else(reading, hit.start, hit.end)
        and not has_article(reading, hit.start)
    ]
    # Once to the right and once to the left, so that one name of a list raises all of it.
    for hit in (*doubted, *reversed(doubted)):
        if _is_listed(reading, hit, starts, ends):
            starts.add(hit.start)
            ends.add(hit.end)
    raised = {hit for hit in doubted if hit.start in starts and hit.end in ends}
    for hit in found:
        yield hit._replace(certainty=Certainty.LIKELY) if hit in raised else hit


def _is_listed(reading: Reading, hit: Hit, starts: set[int], ends: set[int]) -> bool:
    return any(
        start in starts and are_listed(reading, hit.end, start) for start in (hit.end, hit.end + 1)
    ) or any(
        end in ends and are_listed(reading, end, hit.start) for end in (hit.start, hit.start - 1)
    )
