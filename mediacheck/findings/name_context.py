"""Words round a name that say it is something else, or that it is a person's."""

from __future__ import annotations

from mediacheck.findings.name_reading import Reading
from mediacheck.findings.name_tokens import Gap, Shape
from mediacheck.findings.name_words import word_list

#: Titles that are titles in lower case too.
_SURE_TITLES = frozenset(
    [
        *("mr", "mrs", "ms", "mx", "dr", "coach", "principal"),
        *("sr", "sra", "srta", "maestra", "maestro", "profe", "profesor", "profesora"),
    ]
)
#: Not ``a``: in Spanish it stands before a person, as in "Felicidades a Maya".
_ARTICLES = frozenset({"the", "an"})
_TOWARDS = frozenset({"in", "near", "around", "across", "through", "of", "visit", "visited", "en"})
_LISTED = frozenset({Gap.COMMA, Gap.LINK})
_AND = frozenset({"and", "y", "e", "n"})
_AND_MORE = frozenset(
    [
        "the",
        "her",
        "his",
        "their",
        "our",
        "la",
        "el",
        "su",
        "i",
        "friends",
        "friend",
        "mom",
        "dad",
        "family",
        "classmates",
        "classmate",
        "teammates",
        "company",
        "crew",
    ]
)
#: What follows a person who is spoken to: "Grace, you are a star".
_CALLS = frozenset({Gap.COMMA, Gap.COLON})
_WHOSE = frozenset({"our", "my", "the", "a", "an", "nuestra", "nuestro", "mi", "la", "el"})
_CALLED = frozenset({"you", "your", "we", "i", "thanks", "thank", "congrats", "age", "grade"})
_ENDS = frozenset({Gap.LINE, Gap.SYMBOL, Gap.STOP})
_CUE_WINDOW = 5
_SHORT_GERUND = 5


def is_ordinary(key: str) -> bool:
    """Whether ``key`` is also an ordinary word, a place or a month."""
    return key in word_list("word_names") or is_word(key) or is_place(key)


def is_word(key: str) -> bool:
    """Whether ``key`` is an ordinary word of school captions, and seldom a name."""
    return key in word_list("common_words")


def is_place(key: str) -> bool:
    """Whether ``key`` is also a place, a people or a month."""
    return key in word_list("place_names")


def is_rarely_a_name(key: str) -> bool:
    """Whether ``key`` is an ordinary word that only now and then is somebody's short name."""
    return is_word(key) and key not in word_list("word_names") and not is_place(key)


def has_title(reading: Reading, place: int) -> bool:
    """Whether a title such as ``Ms.`` stands before the word, or before the name before it."""
    if _is_title(reading, place - 1):
        return reading.is_light(place)
    return (
        reading.is_light(place)
        and not reading.tokens[place - 1].is_lower
        and reading.is_light(place - 1)
        and _is_title(reading, place - 2)
    )


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


def is_named_as_place(reading: Reading, start: int, end: int) -> bool:
    """Whether the words read as a place: "in Austin", "Paris, London and Rome"."""
    tokens = reading.tokens
    if reading.is_light(start) and tokens[start - 1].key in _TOWARDS:
        return True
    return any(
        is_place(tokens[place].key) and tokens[place].key not in reading.reach.near.firsts
        for place in (start - 2, start - 1, end, end + 1)
        if 0 <= place < len(tokens) and _are_near(reading, place, start, end)
    )


def _are_near(reading: Reading, place: int, start: int, end: int) -> bool:
    if place >= end:
        return are_listed(reading, end, place)
    return are_listed(reading, place + 1, start)


def has_article(reading: Reading, place: int) -> bool:
    """Whether ``the`` or ``a`` stands right before the word."""
    return reading.is_light(place) and reading.tokens[place - 1].key in _ARTICLES


def has_cue(reading: Reading, start: int, end: int) -> bool:
    """Whether the words round it say that a person is meant."""
    return has_strong_cue(reading, start, end) or _has_weak_cue(reading, end)


def has_strong_cue(reading: Reading, start: int, end: int) -> bool:
    """The same without words that follow many a thing, as in "Field Day is on Friday"."""
    return (
        _has_cue_after(reading, end)
        or _has_cue_before(reading, start)
        or stands_alone(reading, start, end)
    )


def _has_weak_cue(reading: Reading, end: int) -> bool:
    if reading.reach.is_everywhere or not reading.is_light(end):
        return False
    return reading.tokens[end].is_lower and reading.tokens[end].key in word_list("weak_cues")


def _has_cue_after(reading: Reading, end: int) -> bool:
    tokens = reading.tokens
    if tokens[end - 1].is_possessive:
        return True
    if end == len(tokens):
        return False
    following = tokens[end]
    if not reading.is_light(end):
        return following.key == "who" or (
            following.gap in _CALLS and (following.key in _CALLED or _is_role(reading, end))
        )
    if following.key in _AND:
        after = tokens[end + 1].key if reading.is_light(end + 1) else ""
        return after in _AND_MORE
    if following.key in word_list("first_verbs"):
        return following.is_lower or not reading.has_case
    return following.is_lower and _is_doing(following.key)


def _is_role(reading: Reading, place: int) -> bool:
    """Whether it says what somebody is: "Grace: artist of the month", "Grace, our soloist"."""
    tokens = reading.tokens
    if tokens[place].key in _WHOSE and reading.is_light(place + 1):
        place += 1
    return tokens[place].key in word_list("person_cues")


def stands_alone(reading: Reading, start: int, end: int) -> bool:
    """Whether the words are all there is between two ends of a line or sentence."""
    tokens = reading.tokens
    is_last = end == len(tokens) or tokens[end].gap in _ENDS
    return is_last and (start == 0 or tokens[start].gap in _ENDS)


def _is_doing(key: str) -> bool:
    return len(key) > _SHORT_GERUND and key.endswith("ing") and key != "during"


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
    tokens = reading.tokens
    if start == end:
        return start < len(tokens) and tokens[start].gap in _LISTED
    return start == end + 1 and tokens[end].key in _AND
