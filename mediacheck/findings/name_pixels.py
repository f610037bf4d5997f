"""Turns what was read in pixels into findings: one for each name in a place, and unread text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mediacheck.findings.name_lines import READ_SCORE, LineMatch
from mediacheck.model.finding import Certainty, NameFinding, UnreadText, Where, finding_id_for
from mediacheck.model.post import Box, MediaId
from mediacheck.ports.engines import TextLine
from release_db.words import StudentId

_SURENESS = {Certainty.CERTAIN: 2, Certainty.LIKELY: 1, Certainty.POSSIBLE: 0}
#: Two boxes are one place when they share so much of the smaller one.
_SAME_PLACE = 0.5

#: An unread line: its shorter side (px), its glyphs, how many of them differ, and the reader's
#: score above noise. Set on photos without writing, where bricks and knitwear read as repeated
#: letters.
_LEAST_SIDE_PX = 16
_LEAST_GLYPHS = 2
_LEAST_DIFFERENT = 0.5
_NOISE_SCORE = 0.55


def has_name_length(text: str) -> bool:
    """Whether it may name somebody: a lone sign is a pattern that was read as a letter."""
    return sum(char.isalpha() for char in text) >= _LEAST_GLYPHS


def located(finding: NameFinding, box: Box) -> NameFinding:
    """``finding`` in the line of that box, with an id of that place."""
    place = f"{_place_of(box)}:{finding.text}:{finding.span}"
    finding_id = finding_id_for("n", finding.media_id, place)
    return replace(finding, box=box, finding_id=finding_id)


def near_finding(
    match: LineMatch, candidates: tuple[StudentId, ...], media_id: MediaId
) -> NameFinding:
    """A line that is nearest to a name of the class list: always a question."""
    return NameFinding(
        finding_id=finding_id_for("n", media_id, f"{_place_of(match.box)}:{match.text}:near"),
        where=Where.PIXELS,
        media_id=media_id,
        text=match.text,
        span=None,
        form=match.form,
        candidates=candidates,
        certainty=Certainty.LIKELY,
        box=match.box,
        note="near a name of the class list",
    )


def strongest_per_place(
    named: Sequence[NameFinding], near: Sequence[NameFinding]
) -> tuple[NameFinding, ...]:
    """Of findings of one name in one place the surest, top to bottom, then left to right.

    Where a line is near a name of the class list, a misspelt name of somebody else is not.
    """
    kept: list[NameFinding] = []
    for finding in sorted([*named, *near], key=_strength, reverse=True):
        if not any(_is_same(finding, other) for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=_reading_order))


def _strength(finding: NameFinding) -> tuple[int, bool, int]:
    is_of_class_list = finding.span is None
    is_guess = bool(finding.note) and not is_of_class_list
    return (_SURENESS[finding.certainty], not is_guess, -len(finding.candidates))


def _is_same(finding: NameFinding, stronger: NameFinding) -> bool:
    if not (finding.box and stronger.box and _share_place(finding.box, stronger.box)):
        return False
    if set(finding.candidates) & set(stronger.candidates):
        return True
    return bool(finding.note) and stronger.span is None


def _reading_order(finding: NameFinding) -> tuple[int, int, int]:
    box, span = finding.box, finding.span
    return (box.top, box.left, span[0] if span else 0) if box else (0, 0, 0)


def unread_lines(
    lines: Sequence[TextLine], findings: Sequence[NameFinding], media_id: MediaId
) -> Iterator[UnreadText]:
    """Lines that look like writing, that nobody could read and in which no name was found."""
    settled = [
        finding.box
        for finding in findings
        if finding.box and finding.certainty is not Certainty.POSSIBLE
    ]
    settled += [line.box for line in lines if line.score >= READ_SCORE and line.text.strip()]
    for line in lines:
        if _looks_unread(line) and not any(_share_place(line.box, box) for box in settled):
            settled.append(line.box)
            yield UnreadText(
                finding_id=finding_id_for("u", media_id, _place_of(line.box)),
                media_id=media_id,
                box=line.box,
                guess=line.text,
            )


def _looks_unread(line: TextLine) -> bool:
    if min(line.box.width, line.box.height) < _LEAST_SIDE_PX:
        return False
    if line.text and not line.text.strip():
        # A script that the reader has no letters for comes out as blanks, and it is sure of them.
        return line.score >= READ_SCORE
    return _NOISE_SCORE <= line.score < READ_SCORE and _looks_like_words(line.text)


def _looks_like_words(text: str) -> bool:
    glyphs = [char for char in text.lower() if char.isalnum()]
    return (
        len(glyphs) >= _LEAST_GLYPHS
        and any(glyph.isalpha() for glyph in glyphs)
        and len(set(glyphs)) > _LEAST_DIFFERENT * len(glyphs)
    )


def _share_place(box: Box, other: Box) -> bool:
    return box.shared_area(other) >= _SAME_PLACE * min(box.area, other.area)


def _place_of(box: Box) -> str:
    return f"{box.left},{box.top},{box.width},{box.height}"
