"""Compares lines read from pixels with the names of a closed list: the class of the post.

A reader of handwriting gets a letter wrong in every second name, so "read, then look up" misses
one name in six; asking instead which of 25 known names a line is nearest to finds nearly all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mediacheck.findings.name_context import is_ordinary
from mediacheck.findings.name_folding import fold
from mediacheck.findings.name_reading import Reach
from mediacheck.findings.name_tokens import tokens_of
from mediacheck.findings.name_variants import surfaces_of
from mediacheck.model.post import Box
from mediacheck.ports import TextLine
from release_db.records import NameForm

#: How alike a line and a name must be (1 less OSA distance over the longer length), by the length
#: of the name; set on 291 rendered pictures so that no sign or sentence was taken for a name.
_BARS = {1: 1.01, 2: 1.0, 3: 1.0, 4: 0.75, 5: 0.80, 6: 0.78, 7: 0.78}
_BAR_LONG = 0.68
_TIE = 0.02
#: Below this score of the reader a line counts as not read, and a person looks at it.
_READ = 0.85
_LEAST_GLYPHS = 2
_LEAST_SIDE_PX = 12
_MOST_WORDS = 4
_LONGEST_LINE_WORDS = 12
_DIGITS = str.maketrans("01589|", "olsbgl")
_ALIKE = str.maketrans("ijvq", "llug")
_ALIKE_PAIRS = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way in which a name may be written without blanks, and whose it is."""

    form: NameForm
    students: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMatch:
    """A line, or two that belong together, and the students whose name it is nearest to."""

    text: str
    box: Box
    form: NameForm
    students: frozenset[int]
    likeness: float
    lines: tuple[int, ...]


Spellings = Mapping[str, Spelling]


def spellings_of(reach: Reach) -> Spellings:
    """Every spelling of the names that are near: of the class, or whole names of the school."""
    numbers = reach.members or frozenset(
        number for bearers in reach.school.firsts.values() for number in bearers
    )
    spellings: dict[str, Spelling] = {}
    for number in numbers:
        for text, form in _ways_to_write(reach, number):
            if form is NameForm.FULL or reach.members:
                known = spellings.get(text)
                students = known.students if known else frozenset()
                spellings[text] = Spelling(form=form, students=students | {number})
    return spellings


def _ways_to_write(reach: Reach, number: int) -> Iterator[tuple[str, NameForm]]:
    names = reach.index.names[number]
    for call in names.calls:
        yield call, NameForm.FIRST
        yield from ((call + last[0], NameForm.FIRST_INITIAL) for last in names.lasts)
    for last in names.lasts:
        if reach.members:
            yield last, NameForm.FULL
        for first in names.firsts:
            yield from ((way + last, NameForm.FULL) for way in surfaces_of(first))
            yield last + first, NameForm.FULL


def nearest_names(lines: Sequence[TextLine], spellings: Spellings) -> tuple[LineMatch, ...]:
    """The lines that are near enough to a name, then neighbours that are only so together."""
    alone = [
        match
        for place, line in enumerate(lines)
        if (match := _best(_texts_of(line), spellings, line.box, (place,)))
    ]
    matched = {place for match in alone for place in match.lines}
    joined = []
    for before, after in _neighbours(lines):
        if before in matched and after in matched:
            continue
        pair = lines[before], lines[after]
        match = _best(
            [f"{pair[0].text} {pair[1].text}"],
            {text: way for text, way in spellings.items() if way.form is NameForm.FULL},
            _around(pair[0].box, pair[1].box),
            (before, after),
        )
        if match and not any(match.students <= other.students for other in alone):
            joined.append(match)
    return (*alone, *joined)


def _texts_of(line: TextLine) -> list[str]:
    """What the line may say. Where the reader is sure, its other readings are noise."""
    return [line.text] if line.score >= _READ else [line.text, *line.readings]


def _best(
    texts: Iterable[str], spellings: Spellings, box: Box, lines: tuple[int, ...]
) -> LineMatch | None:
    """The nearest spelling to any run of words in ``texts``, with all that are as near."""
    best: LineMatch | None = None
    choices = list(spellings)
    for text in texts:
        for part in _parts_of(text):
            for spelling, likeness in _alike(part, choices):
                way = spellings[spelling]
                if best is None or likeness > best.likeness + _TIE:
                    best = LineMatch(
                        text=text,
                        box=box,
                        form=way.form,
                        students=way.students,
                        likeness=likeness,
                        lines=lines,
                    )
                elif likeness >= best.likeness - _TIE:
                    best = _with_students(best, way)
    return best


def _with_students(match: LineMatch, way: Spelling) -> LineMatch:
    return LineMatch(
        text=match.text,
        box=match.box,
        form=match.form if way.students <= match.students else _wider(match.form, way.form),
        students=match.students | way.students,
        likeness=match.likeness,
        lines=match.lines,
    )


def _wider(form: NameForm, other: NameForm) -> NameForm:
    return form if form.covers(other) else other


def _parts_of(text: str) -> list[str]:
    """Runs of up to four words without blanks: what may be a name in the line."""
    words = [token.key for token in tokens_of(fold(text.translate(_DIGITS)).letters)]
    if len(words) > _LONGEST_LINE_WORDS:
        return []
    return [
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1)
        if len(words) == 1 or not all(is_ordinary(word) for word in words[start:end])
    ]


def _alike(part: str, choices: list[str]) -> Iterator[tuple[str, float]]:
    found = process.extract(
        part, choices, scorer=OSA.normalized_similarity, limit=8, score_cutoff=_BAR_LONG - 0.15
    )
    for spelling, likeness, _ in found:
        nearest = max(likeness, OSA.normalized_similarity(_as_drawn(part), _as_drawn(spelling)))
        if nearest >= _BARS.get(min(len(spelling), len(part)), _BAR_LONG):
            yield spelling, nearest


def _as_drawn(word: str) -> str:
    """``word`` with letters that a reader confuses made one."""
    word = word.translate(_ALIKE)
    for pair, single in _ALIKE_PAIRS:
        word = word.replace(pair, single)
    return word


def _neighbours(lines: Sequence[TextLine]) -> Iterator[tuple[int, int]]:
    """Pairs of lines that may be one name: side by side in a row, or one under the other."""
    for before, first in enumerate(lines):
        for after, second in enumerate(lines):
            if before != after and (
                _is_right_of(first.box, second.box) or _is_below(first.box, second.box)
            ):
                yield before, after


def _is_right_of(box: Box, other: Box) -> bool:
    height = min(box.height, other.height)
    shared = min(box.bottom, other.bottom) - max(box.top, other.top)
    gap = other.left - box.right
    return shared > height / 2 and -height / 2 < gap < 2 * height


def _is_below(box: Box, other: Box) -> bool:
    height = min(box.height, other.height)
    shared = min(box.right, other.right) - max(box.left, other.left)
    gap = other.top - box.bottom
    return shared > 0 and -height / 2 < gap < height and max(box.height, other.height) < 2 * height


def _around(box: Box, other: Box) -> Box:
    left, top = min(box.left, other.left), min(box.top, other.top)
    right, bottom = max(box.right, other.right), max(box.bottom, other.bottom)
    return Box(left=left, top=top, width=right - left, height=bottom - top)


def is_unread(line: TextLine) -> bool:
    """Whether the line looks like writing that the reader could not make out."""
    if line.score >= _READ:
        return False
    if min(line.box.width, line.box.height) < _LEAST_SIDE_PX:
        return False
    return any(sum(char.isalnum() for char in text) >= _LEAST_GLYPHS for text in _texts_of(line))
