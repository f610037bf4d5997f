"""Cuts folded text into the words that a name may be made of."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from mediacheck.findings.name_folding import SYMBOL


class Shape(IntEnum):
    """How a word is written."""

    LOWER = 0
    CAPITAL = 1
    UPPER = 2
    INITIAL = 3


class Gap(IntEnum):
    """What stands between a word and the one before it."""

    NONE = 0  # nothing: two humps of one camelCase word
    LIGHT = 1  # blanks, a hyphen, an underscore, the dot of an initial
    LINE = 2  # a line's end
    SYMBOL = 3  # an emoji
    DOT = 4  # a dot or a stroke without a blank, as in a handle
    QUOTE = 5  # a quotation mark or a bracket, as round a nickname
    COMMA = 6
    LINK = 7  # & / + |
    COLON = 8
    STOP = 9  # the end of a sentence, or anything else


class Token(NamedTuple):
    """A word: ``key`` in lower case, ``start:end`` in the folded text.

    A named tuple and not a dataclass, because captions are cut thousands of times a second.
    """

    key: str
    start: int
    end: int
    shape: Shape
    gap: Gap
    in_tag: bool
    is_possessive: bool

    @property
    def is_lower(self) -> bool:
        """Whether it is written without a capital letter."""
        return self.shape is Shape.LOWER

    @property
    def opens(self) -> bool:
        """Whether a sentence, line or quotation begins here."""
        return self.gap in _OPENING


_OPENING = frozenset({Gap.LINE, Gap.QUOTE, Gap.COLON, Gap.STOP})

#: More signs than this between two words part them.
_LONGEST_GAP = 12
_TIGHT = frozenset({"/", "|", "+"})
#: Words whose dot ends no sentence.
_SHORTENED = frozenset(
    {"mr", "mrs", "ms", "mx", "dr", "prof", "st", "ste", "ft", "mt", "sr", "sra", "srta", "jr"}
)

_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LIGHT_GAP = re.compile(r"[ \t\r\xa0]*[-_*~^\\]*[ \t\r]*'?")
_LINE_GAP = re.compile(r"[ \t\r,;.!-]*\n[\s-]*")
_SYMBOL_GAP = re.compile(rf"[\s{SYMBOL}]+")
_QUOTE_GAP = re.compile(r"[\s-]*[\"'()\[\]]+\s*")
_COMMA_GAP = re.compile(r"\s*[,;]\s*")
_LINK_GAP = re.compile(r"\s*[&/+|]\s*")
_COLON_GAP = re.compile(r"\s*:\s*[\"']?")
#: What follows the last word of an address's local part.
_BEFORE_AT = re.compile(r"[0-9_]*@[A-Za-z]")


#: A caption's words are mostly those of the captions before it.
_WORDS_REMEMBERED = 10_000


def tokens_of(letters: str) -> tuple[Token, ...]:
    """Every word of ``letters`` (ASCII, as ``name_folding`` makes it), left to right."""
    tokens: list[Token] = []
    end, has_address = 0, "@" in letters
    for match in _WORD.finditer(letters):
        word, start = match.group(), match.start()
        between = letters[end:start]
        gap = _gap_of(between, tokens[-1] if tokens else None)
        in_tag = between.endswith(("#", "@"))
        end = match.end()
        if has_address and not in_tag:
            in_tag = _BEFORE_AT.match(letters, end) is not None
        _add_word(tokens, word, start, gap, in_tag)
    return tuple(tokens)


def _add_word(tokens: list[Token], word: str, start: int, gap: Gap, in_tag: bool) -> None:
    key, shape, length, is_possessive = _traits_of(word)
    if shape is None:
        _add_humps(tokens, word[:length], start, gap, in_tag)
    else:
        tokens.append(Token(key, start, start + length, shape, gap, in_tag, is_possessive))


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _traits_of(word: str) -> tuple[str, Shape | None, int, bool]:
    """Key, shape (None: it has humps), letters without a possessive, and whether it had one."""
    is_possessive = word.endswith(("'s", "'S"))
    if is_possessive:
        word = word[:-2]
    key = word.lower().replace("'", "")
    if len(word) == 1:
        shape: Shape | None = Shape.INITIAL if word.isupper() else Shape.LOWER
    elif word.isupper():
        shape = Shape.UPPER
    elif word[1:].islower():
        shape = Shape.CAPITAL if word[0].isupper() else Shape.LOWER
    else:
        shape = None
    return key, shape, len(word), is_possessive


def _add_humps(tokens: list[Token], word: str, start: int, gap: Gap, in_tag: bool) -> None:
    for hump in _HUMP.finditer(word):
        part = hump.group()
        if len(part) == 1:
            shape = Shape.INITIAL if part.isupper() else Shape.LOWER
        elif part.isupper():
            shape = Shape.UPPER
        else:
            shape = Shape.CAPITAL if part[0].isupper() else Shape.LOWER
        begin, end = start + hump.start(), start + hump.end()
        tokens.append(Token(part.lower(), begin, end, shape, gap, in_tag, False))
        gap = Gap.NONE


def _gap_of(between: str, before: Token | None) -> Gap:
    if between == " ":
        return Gap.LIGHT
    if before is None:
        return Gap.STOP
    if len(between) > _LONGEST_GAP:
        return Gap.STOP if between.strip() else Gap.LIGHT
    return _named_gap(between, is_shortened=len(before.key) == 1 or before.key in _SHORTENED)


def _named_gap(between: str, *, is_shortened: bool) -> Gap:
    if between == ".":
        return Gap.LIGHT if is_shortened else Gap.DOT
    if between in _TIGHT:
        return Gap.DOT
    if is_shortened and between.startswith("."):
        between = between[1:]
    for pattern, gap in _GAPS:
        if pattern.fullmatch(between):
            return gap
    return Gap.STOP


_GAPS = (
    (_LIGHT_GAP, Gap.LIGHT),
    (_COMMA_GAP, Gap.COMMA),
    (_LINE_GAP, Gap.LINE),
    (_SYMBOL_GAP, Gap.SYMBOL),
    (_QUOTE_GAP, Gap.QUOTE),
    (_LINK_GAP, Gap.LINK),
    (_COLON_GAP, Gap.COLON),
)
