"""The keys under which one student's names are looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mediacheck.findings.name_folding import fold
from release_db.records import Student

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_HUMP = re.compile(r"[A-Z][a-z]*|[a-z]+")
#: Words inside a family name that are no name themselves, and are written small.
PARTICLES = frozenset(
    [
        "de",
        "del",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "la",
        "las",
        "le",
        "los",
        "el",
        "al",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "bin",
        "ibn",
        "bint",
        "abu",
        "st",
        "san",
        "y",
        "e",
    ]
)
_SHORTEST_PART = 2
#: A name of so many words has parts that may stand for it.
_SEVERAL = 2
_SHORTEST_CALL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NameKeys:
    """One student's names in keys.

    ``firsts`` may stand before a family name; ``calls`` may stand alone; ``lasts`` are the family
    name, whole and in parts; ``aliases`` whole other names, as (given, family) in either order;
    ``extras`` every word that may prolong a name.
    """

    firsts: tuple[str, ...]
    calls: tuple[str, ...]
    middles: tuple[str, ...]
    lasts: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...]
    extras: frozenset[str]

    @property
    def all_firsts(self) -> tuple[str, ...]:
        """Whatever may stand for the given name, in whole other names too."""
        return (*self.firsts, *(first for first, _ in self.aliases))

    @property
    def all_lasts(self) -> tuple[str, ...]:
        """Whatever may stand for the family name, in whole other names too."""
        return (*self.lasts, *(last for _, last in self.aliases))


def keys_of(student: Student) -> NameKeys:
    """The keys of ``student``: folded, in lower case, without blanks."""
    given, preferred = words_of(student.given_name), words_of(student.preferred_name)
    family, middle = words_of(student.family_name), words_of(student.middle_name)
    others = [words_of(other) for other in student.other_names]
    single = [other[0] for other in others if len(other) == 1]
    lasts = _with_parts(family)
    alias_calls = [call for other in student.other_names for call in _alias_calls(other, lasts)]
    called = [*_with_parts(given), *_with_parts(preferred), *single]
    middles = [part for part in _with_parts(middle) if part not in called]
    extras = {*family, *middle, *given, *words_of(student.suffix)}
    return NameKeys(
        firsts=tuple(dict.fromkeys(called)),
        calls=tuple(dict.fromkeys([*_calls(given, preferred, single), *alias_calls])),
        middles=tuple(dict.fromkeys(middles)),
        lasts=tuple(dict.fromkeys(lasts)),
        aliases=tuple(pair for other in others for pair in _alias_pairs(other)),
        extras=frozenset(extras),
    )


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a name in keys; a script without blanks gives one word a character."""
    letters = fold(text).letters
    if letters and not text.isascii() and not any(char.islower() for char in text):
        return tuple(hump.group().lower() for hump in _HUMP.finditer(letters))
    return tuple(word.group().replace("'", "").lower() for word in _WORD.finditer(letters))


def _with_parts(words: tuple[str, ...]) -> list[str]:
    if len(words) < _SEVERAL:
        return list(words)
    parts = [word for word in words if len(word) >= _SHORTEST_PART and word not in PARTICLES]
    return ["".join(words), *parts]


def _calls(given: tuple[str, ...], preferred: tuple[str, ...], single: list[str]) -> list[str]:
    calls = [*single]
    for words in (given, preferred):
        if words:
            calls.append("".join(words))
        if len(words) > 1:
            calls += [word for word in words if _is_call(word)]
    return calls


def _is_call(word: str) -> bool:
    return len(word) >= _SHORTEST_CALL and word not in PARTICLES


def _alias_calls(other: str, lasts: list[str]) -> list[str]:
    """What of a whole other name may stand alone: all of it but the family name."""
    words = words_of(other)
    if len(words) < _SEVERAL:
        return []
    splits = [(words[:cut], words[cut:]) for cut in range(1, len(words))]
    rests = [head for head, tail in splits if "".join(tail) in lasts]
    rests += [tail for head, tail in splits if "".join(head) in lasts]
    if not rests:
        # Written without a blank, the family name comes first: 박민준.
        rests = [words[:-1] if " " in other.strip() else words[1:]]
    return [call for rest in rests if _is_call(call := "".join(rest))]


def _alias_pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    if len(words) < _SEVERAL:
        return []
    return [("".join(words[:-1]), words[-1]), ("".join(words[1:]), words[0])]
