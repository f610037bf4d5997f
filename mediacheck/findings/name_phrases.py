"""How a name that is a question stands in its sentence, so that the answer may be remembered."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from mediacheck.findings.name_reading import Hit, Reading
from mediacheck.findings.name_tokens import Gap, Token
from mediacheck.model.finding import Certainty, Phrase, Where

#: So many words on each side say what a name is about: "the summer reading club" is no student's.
_BESIDE = 2
#: What parts a name from the words beside it; a file's ending is none of them.
_PARTS = frozenset({Gap.LINE, Gap.SYMBOL, Gap.DOT, Gap.STOP})


def phrase_or_none(
    reading: Reading, span: tuple[int, int], hit: Hit, where: Where
) -> Phrase | None:
    """The words of ``hit`` in the plain ``reading`` of the text; None where it is no question.

    ``span`` is its range in the original text. What a reader of pixels read is never held to be
    misspelt: the slip may be the reader's.
    """
    if hit.certainty is not Certainty.LIKELY:
        return None
    start, end = _places(reading, span)
    if start >= end:
        return None
    near = _near(reading, hit)
    is_slip = hit.is_slip and where is not Where.PIXELS
    return Phrase(
        name=_words(reading.tokens[start:end]),
        around=_around(reading.tokens, start, end),
        near=frozenset(reading.reach.index.students[number] for number in near),
        is_own=bool(near) and not is_slip,
    )


def _places(reading: Reading, span: tuple[int, int]) -> tuple[int, int]:
    """The words that the range touches; looked up, for a long text may hold hundreds of names."""
    first = bisect_right(reading.view.ends, span[0])
    last = bisect_left(reading.view.starts, span[1])
    start = bisect_right(reading.tokens, first, key=lambda token: token.end)
    end = bisect_left(reading.tokens, last, key=lambda token: token.start)
    return start, end


def _near(reading: Reading, hit: Hit) -> frozenset[int]:
    reach = reading.reach
    return hit.students & reach.members if reach.members else reach.here(hit.students)


def _around(tokens: Sequence[Token], start: int, end: int) -> str:
    """The name with the words beside it; empty where it stands alone."""
    first, last = start, end
    while first > max(0, start - _BESIDE) and tokens[first].gap not in _PARTS:
        first -= 1
    while last < min(len(tokens), end + _BESIDE) and tokens[last].gap not in _PARTS:
        last += 1
    return _words(tokens[first:last]) if (first, last) != (start, end) else ""


def _words(tokens: Sequence[Token]) -> str:
    return " ".join(token.key for token in tokens)
