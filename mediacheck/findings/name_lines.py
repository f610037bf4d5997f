"""Compares lines read from pixels with the names of a closed list: the class of the post.

A reader of handwriting gets a letter wrong in every second name, so "read, then look up" misses
one name in six; asking instead which of 25 known names a line is nearest to finds nearly all. It is
asked twice: of what was spelt, and, where the reader was in doubt, of its own odds for each letter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mediacheck.findings.name_context import is_ordinary
from mediacheck.findings.name_folding import fold
from mediacheck.findings.name_odds import Bars, NameList, scores_in
from mediacheck.findings.name_reading import Reach
from mediacheck.findings.name_rows import around, neighbours
from mediacheck.findings.name_tokens import tokens_of
from mediacheck.findings.name_variants import surfaces_of
from mediacheck.model.post import Box
from mediacheck.ports.engines import TextLine
from release_db.words import NameForm

#: Below this score of the reader a line counts as not read.
READ_SCORE = 0.85

#: How alike a line and a name must be (1 less OSA distance over the longer length), by the length
#: of the name; set on 291 rendered pictures so that no sign or sentence was taken for a name.
_BARS = {1: 1.01, 2: 1.0, 3: 1.0, 4: 0.75, 5: 0.80, 6: 0.78, 7: 0.78}
_BAR_LONG = 0.68
#: Before letters that a reader confuses are made one, so much less alike is near enough to try.
_SLACK = 0.15
_TIE = 0.02
_MOST_ALIKE = 8
#: How likely a name must be by the reader's own odds (``name_odds``: beside what a reader spells,
#: and alone), by its length. Set on 555 names written by hand by children (block letters, forms of
#: French schools) in lists of 25: of the 221 that were in doubt 181 are found, none is taken for
#: another's, and of 555 lists without the name none answers, nor does any at -1.2 and -1.75.
_ODDS_BARS = {1: Bars(1.0, 0.0), 2: Bars(1.0, 0.0), 3: Bars(-0.3, -1.0)}
_ODDS_BAR_LONG = Bars(-1.0, -1.5)
#: Names that are so nearly as likely as the likeliest are asked about with it.
_ODDS_TIE = 0.25
#: A name up to this length has to fill the whole line, and so has a single word of any length.
_SHORT = 5
_SHORTEST_FIRST = 3
_LEAST_LETTERS = 2
#: More digits than a jersey's number say that the line is no name.
_MOST_DIGITS = 2
_MOST_WORDS = 4
_LONGEST_LINE_WORDS = 12
#: Code points from here on are not Latin letters (Unicode: IPA Extensions begin).
_FIRST_NOT_LATIN = 0x250

_WORD_WITH_LETTERS = re.compile(r"\S*[A-Za-z]\S*")
_LABEL = re.compile(r":|\b[Bb]y\b")
_DIGITS = str.maketrans("01589|", "olsbgl")
_ALIKE = str.maketrans("ijvq", "llug")
_ALIKE_PAIRS = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way in which a name may be written without blanks, and whose it is."""

    form: NameForm
    students: frozenset[int]
    fills_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMatch:
    """A line, or two that belong together, and the students whose name it is nearest to."""

    text: str
    box: Box
    form: NameForm
    students: frozenset[int]
    likeness: float


Spellings = Mapping[str, Spelling]


def spellings_of(reach: Reach) -> Spellings:
    """Every spelling of the names of the class; no class chosen: of whole names of the school."""
    if reach.is_everywhere:
        return {}
    numbers = reach.members or {number for who in reach.school.firsts.values() for number in who}
    spellings: dict[str, Spelling] = {}
    for number in numbers:
        ways = {text: (NameForm.FULL, len(text) <= _SHORT) for text in _whole(reach, number)}
        if reach.members:
            ways |= {text: (form, True) for text, form in _short(reach, number)}
        for text, (form, fills_line) in ways.items():
            new = Spelling(form=form, students=frozenset({number}), fills_line=fills_line)
            spellings[text] = _both(spellings[text], new) if text in spellings else new
    return spellings


def _whole(reach: Reach, number: int) -> Iterator[str]:
    names = reach.index.names[number]
    firsts = [first for first in names.firsts if len(first) >= _SHORTEST_FIRST] or names.firsts
    for last in names.lasts:
        for first in firsts:
            yield last + first
            yield from (way + last for way in surfaces_of(first))


def _short(reach: Reach, number: int) -> Iterator[tuple[str, NameForm]]:
    names = reach.index.names[number]
    for call in names.calls:
        yield from ((call + last[0], NameForm.FIRST_INITIAL) for last in names.lasts)
        yield call, NameForm.FIRST
    yield from ((last, NameForm.FULL) for last in names.lasts)


def _both(one: Spelling, other: Spelling) -> Spelling:
    return replace(
        one,
        form=one.form if one.form.covers(other.form) else other.form,
        students=one.students | other.students,
        fills_line=one.fills_line or other.fills_line,
    )


def nearest_names(lines: Sequence[TextLine], spellings: Spellings) -> tuple[LineMatch, ...]:
    """The lines that are near enough to a name, then neighbours that are only so together."""
    names = NameList(tuple(spellings)) if any(line.odds for line in lines) else None
    matches: dict[int, LineMatch] = {}
    for place, line in enumerate(lines):
        spelt = _best(texts_of(line), spellings, line.box)
        likely = _likeliest(line, names, spellings) if names and not _is_exact(spelt) else None
        if match := _either(spelt, likely):
            matches[place] = match
    whole = {text: way for text, way in spellings.items() if way.form is NameForm.FULL}
    joined = []
    for before, after in neighbours([line.box for line in lines]):
        if before in matches or after in matches or not spellings:
            continue
        texts = [
            f"{one} {two}"
            for one in texts_of(lines[before])[:1]
            for two in texts_of(lines[after])[:1]
        ]
        if match := _best(texts, whole, around(lines[before].box, lines[after].box)):
            joined.append(match)
    return (*matches.values(), *joined)


def texts_of(line: TextLine) -> list[str]:
    """What the line may say. Where the reader is sure, its other readings are noise."""
    is_sure = line.score >= READ_SCORE and any(char.isalpha() for char in line.text)
    texts = [line.text] if is_sure else [line.text, *line.readings]
    return [text for text in texts if _is_latin(text)]


def _is_latin(text: str) -> bool:
    """Whether it is written in Latin letters: others, transliterated, are no reading of a name."""
    letters = [char for char in text if char.isalpha()]
    latin = sum(ord(char) < _FIRST_NOT_LATIN for char in letters)
    return latin >= _LEAST_LETTERS and latin * 2 > len(letters)


def _best(texts: Iterable[str], spellings: Spellings, box: Box) -> LineMatch | None:
    """The nearest spelling to any run of words in ``texts``, with all that are as near."""
    found = sorted(
        (
            (likeness, text, spellings[spelling])
            for text in texts
            for likeness, spelling in _alike_in(text, spellings)
        ),
        key=lambda entry: entry[0],
        reverse=True,
    )
    if not found:
        return None
    likeness, text, _ = found[0]
    ways = [way for other, _, way in found if other >= likeness - _TIE]
    return _match(text, box, ways, likeness)


def _match(text: str, box: Box, ways: Sequence[Spelling], likeness: float) -> LineMatch:
    form = next((way.form for way in ways if all(way.form.covers(o.form) for o in ways)), None)
    return LineMatch(
        text=text,
        box=box,
        form=form or NameForm.FULL,
        students=frozenset(number for way in ways for number in way.students),
        likeness=likeness,
    )


def _is_exact(match: LineMatch | None) -> bool:
    return match is not None and match.likeness == 1.0


def _either(spelt: LineMatch | None, likely: LineMatch | None) -> LineMatch | None:
    """What was spelt and what is likely are one question, about everybody of both."""
    if spelt is None or likely is None:
        return spelt or likely
    return replace(
        spelt,
        form=spelt.form if spelt.form.covers(likely.form) else likely.form,
        students=spelt.students | likely.students,
    )


def _likeliest(line: TextLine, names: NameList, spellings: Spellings) -> LineMatch | None:
    """The likeliest names by the reader's own odds, whichever way round the line is."""
    scores: dict[str, float] = {}
    for odds in line.odds:
        for found in scores_in(odds, names, _ODDS_BAR_LONG):
            spelling = found.spelling
            bar = _ODDS_BARS.get(len(spelling), _ODDS_BAR_LONG)
            is_placed = found.is_whole or not spellings[spelling].fills_line
            if is_placed and found.beside >= bar.beside and found.alone >= bar.alone:
                scores[spelling] = max(scores.get(spelling, found.alone), found.alone)
    if not scores:
        return None
    best = max(scores.values())
    ways = [spellings[one] for one, score in scores.items() if score >= best - _ODDS_TIE]
    return _match(line.text, line.box, ways, math.exp(min(best, 0.0)))


def _alike_in(text: str, spellings: Spellings) -> Iterator[tuple[float, str]]:
    choices = list(spellings)
    for part, is_whole in _parts_of(text):
        found = process.extract(
            part,
            choices,
            scorer=OSA.normalized_similarity,
            limit=_MOST_ALIKE,
            score_cutoff=_BAR_LONG - _SLACK,
        )
        for spelling, raw, _ in found:
            if spellings[spelling].fills_line and not is_whole:
                continue
            drawn = OSA.normalized_similarity(_as_drawn(part), _as_drawn(spelling))
            likeness = max(raw, drawn)
            if likeness >= _BARS.get(len(spelling), _BAR_LONG):
                yield likeness, spelling


def _parts_of(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of up to four words without blanks, and whether each is all that the line says.

    What stands after a label such as ``Name:`` or ``by`` is all that the line says, too.
    """
    plain = _WORD_WITH_LETTERS.sub(lambda word: word.group().translate(_DIGITS), text)
    for said in _LABEL.split(plain):
        words = [token.key for token in tokens_of(fold(said).letters)]
        digits = sum(char.isdigit() for char in said)
        if len(words) > _LONGEST_LINE_WORDS:
            continue
        for start, end in _runs_in(words):
            is_whole = end - start == len(words) and digits <= _MOST_DIGITS
            if is_whole or not all(is_ordinary(word) for word in words[start:end]):
                yield "".join(words[start:end]), is_whole


def _runs_in(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            yield start, end


def _as_drawn(word: str) -> str:
    """``word`` with letters that a reader confuses made one."""
    word = word.translate(_ALIKE)
    for pair, single in _ALIKE_PAIRS:
        word = word.replace(pair, single)
    return word
