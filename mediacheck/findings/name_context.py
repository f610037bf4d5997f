"""Words round a name that say it is something else, or that it is a person's."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from mediacheck.findings.name_reading import Reading
from mediacheck.findings.name_tokens import Gap, Shape, tokens_of
from mediacheck.findings.name_words import line_list, word_list

_SURE_TITLES = frozenset("mr mrs ms mx dr coach principal sr sra srta".split())
_ARTICLES = frozenset({"the", "a", "an"})
_LISTED = frozenset({Gap.COMMA, Gap.LINK})
_AND = frozenset({"and", "y", "e", "n"})
_STATES = frozenset({"is", "was", "has", "had", "are", "were", "es", "esta", "fue"})
_AFTER_STATE = frozenset("our a an the my his her one so so student un una nuestro nuestra".split())
_CUE_WINDOW = 5


def is_ordinary(key: str) -> bool:
    """Whether ``key`` is also an ordinary word, a place or a month."""
    return key in word_list("word_names") or key in word_list("common_words") or is_place(key)


def is_place(key: str) -> bool:
    """Whether ``key`` is also a place, a people or a month."""
    return key in word_list("place_names")


def figure_words(reading: Reading) -> frozenset[int]:
    """The places of words that belong to a public figure's name or a well-known title."""
    figures, tokens = _figures(), reading.tokens
    covered: set[int] = set()
    for place, token in enumerate(tokens):
        for words in figures.get(token.key, ()):
            end = place + len(words)
            if tuple(token.key for token in tokens[place:end]) == words:
                covered.update(range(place, end))
    return frozenset(covered)


@cache
def _figures() -> dict[str, tuple[tuple[str, ...], ...]]:
    figures: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in line_list("public_figures"):
        words = tuple(token.key for token in tokens_of(line))
        figures[words[0]].append(words)
    return {first: tuple(lines) for first, lines in figures.items()}


def has_title(reading: Reading, place: int) -> bool:
    """Whether a title such as ``Ms.`` stands before the word, or before the word before it."""
    return _is_title(reading, place - 1) and reading.tokens[place].gap is not Gap.COMMA


def _is_title(reading: Reading, place: int) -> bool:
    if place < 0:
        return False
    token = reading.tokens[place]
    if token.key in _SURE_TITLES:
        return True
    return token.shape is not Shape.LOWER and token.key in word_list("titles")


def is_in_place_name(reading: Reading, start: int, end: int) -> bool:
    """Whether the words are part of the name of a place, a school or a firm."""
    tokens = reading.tokens
    if reading.is_light(start):
        before = tokens[start - 1]
        if before.shape is Shape.CAPITAL and before.key in word_list("place_openers"):
            return True
    for place in range(end, min(end + (2 if reading.has_case else 1), len(tokens))):
        token = tokens[place]
        if not reading.is_light(place) or token.shape is Shape.LOWER:
            return False
        if token.key in word_list("places"):
            return True
    return False


def has_article(reading: Reading, place: int) -> bool:
    """Whether ``the`` or ``a`` stands right before the word."""
    return reading.is_light(place) and reading.tokens[place - 1].key in _ARTICLES


def has_cue(reading: Reading, start: int, end: int) -> bool:
    """Whether the words round it say that a person is meant."""
    return _has_cue_after(reading, end) or _has_cue_before(reading, start)


def _has_cue_after(reading: Reading, end: int) -> bool:
    tokens = reading.tokens
    if tokens[end - 1].is_possessive:
        return True
    if not reading.is_light(end) and not (end < len(tokens) and tokens[end].key == "who"):
        return False
    following = tokens[end]
    if following.shape is Shape.LOWER and following.key in word_list("first_verbs"):
        return True
    after = tokens[end + 1].key if reading.is_light(end + 1) else ""
    if following.key in _STATES:
        return after in _AFTER_STATE or after.endswith("ing")
    if following.key in _AND:
        return after in {"the", "her", "his", "their", "our", "la", "el", "su"}
    return following.shape is Shape.LOWER and _is_doing(following.key)


def _is_doing(key: str) -> bool:
    return len(key) > 5 and key.endswith("ing") and key != "during"


def _has_cue_before(reading: Reading, start: int) -> bool:
    tokens = reading.tokens
    for place in range(start - 1, max(-1, start - 1 - _CUE_WINDOW), -1):
        if tokens[place + 1].gap is Gap.STOP and place + 1 != start:
            return False
        if tokens[place].key in word_list("person_cues"):
            return True
        if tokens[place + 1].gap in {Gap.STOP, Gap.LINE}:
            return False
    return False


def are_listed(reading: Reading, end: int, start: int) -> bool:
    """Whether the name that ends at ``end`` and the one from ``start`` stand in one list."""
    if start == end:
        return reading.tokens[start].gap in _LISTED
    return start == end + 1 and reading.tokens[end].key in _AND
