"""Finds the roster's people in words: captions, tags, alt texts, file names, text in pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mediacheck.findings.name_folding import views_of
from mediacheck.findings.name_index import NameIndex, build_name_index
from mediacheck.findings.name_lines import LineMatch, is_unread, nearest_names, spellings_of
from mediacheck.findings.name_pairs import exact_pairs
from mediacheck.findings.name_reading import Hit, Reading, reach_of, read_view
from mediacheck.findings.name_singles import (
    bare_initials,
    first_with_initial,
    initial_with_last,
    lone_firsts,
    lone_lasts,
)
from mediacheck.findings.name_slips import fuzzy_firsts, fuzzy_pairs
from mediacheck.findings.name_tags import joined_names
from mediacheck.model.finding import (
    Certainty,
    FindingId,
    NameFinding,
    UnreadText,
    Where,
    finding_id_for,
)
from mediacheck.model.post import Box, MediaId
from mediacheck.ports import NameScope, TextLine
from release_db.records import NameForm, StudentId

__all__ = ["NameIndex", "RosterNameMatcher", "build_name_index"]

_SURENESS = {Certainty.CERTAIN: 2, Certainty.LIKELY: 1, Certainty.POSSIBLE: 0}
Placed = tuple[tuple[int, int], Hit]


class RosterNameMatcher:
    """A ``NameMatcher`` over one index. Immutable, so one instance serves every thread.

    A full name is ``CERTAIN`` in the student's own school and ``LIKELY`` elsewhere in the
    district. A first name alone counts in the class of the post only, or in its school when no
    class is chosen, and is at most ``LIKELY``.
    """

    def __init__(self, index: NameIndex) -> None:
        """Matches against ``index``; build a new matcher when the roster changes."""
        self._index = index

    def match_names(
        self,
        text: str,
        scope: NameScope,
        where: Where,
        media_id: MediaId | None = None,
        source: str = "",
    ) -> tuple[NameFinding, ...]:
        """Every name in ``text``, with spans in the original string, left to right."""
        reach = reach_of(self._index, scope)
        placed = [
            (reading.span(hit.start, hit.end), hit)
            for reading in (read_view(view, reach) for view in views_of(text))
            for hit in hits_in(reading)
        ]
        seen: Counter[str] = Counter()
        findings = []
        for span, hit in _standing(placed):
            words = text[slice(*span)]
            place = f"{where}:{source}:{words}:{seen[words]}"
            seen[words] += 1
            findings.append(
                NameFinding(
                    finding_id=finding_id_for("n", media_id, place),
                    where=where,
                    media_id=media_id,
                    text=words,
                    span=span,
                    form=hit.form,
                    candidates=self._candidates(hit.students),
                    certainty=hit.certainty,
                    source=source,
                    note=hit.note,
                )
            )
        return tuple(findings)

    def match_lines(
        self, lines: Sequence[TextLine], scope: NameScope, media_id: MediaId
    ) -> tuple[NameFinding | UnreadText, ...]:
        """Names in lines read from pixels, and the lines that nobody could read.

        Each line is matched as any text is, then compared with the class list, where a family
        name alone counts too. An unread line is one that no name was found in, that the reader is
        unsure of, and that looks like writing.
        """
        read = [self.match_names(line.text, scope, Where.PIXELS, media_id) for line in lines]
        found = [
            replace(finding, box=line.box, finding_id=_id_in_pixels(finding, line.box))
            for line, findings in zip(lines, read, strict=True)
            for finding in findings
        ]
        nearest = nearest_names(lines, spellings_of(reach_of(self._index, scope)))
        found += [
            self._near_finding(match, lines, media_id)
            for match in nearest
            if not self._is_known(match, found)
        ]
        sure = [finding.box for finding in found if finding.certainty is not Certainty.POSSIBLE]
        unread = [
            UnreadText(
                finding_id=finding_id_for("u", media_id, _place_of(line.box)),
                media_id=media_id,
                box=line.box,
                guess=line.text,
            )
            for line in lines
            if is_unread(line) and not any(box and box.shared_area(line.box) for box in sure)
        ]
        return (*found, *unread)

    def _near_finding(
        self, match: LineMatch, lines: Sequence[TextLine], media_id: MediaId
    ) -> NameFinding:
        is_line = len(match.lines) == 1 and match.text == lines[match.lines[0]].text
        return NameFinding(
            finding_id=finding_id_for("n", media_id, f"{_place_of(match.box)}:{match.text}:near"),
            where=Where.PIXELS,
            media_id=media_id,
            text=match.text,
            span=(0, len(match.text)) if is_line else None,
            form=match.form,
            candidates=self._candidates(match.students),
            certainty=Certainty.LIKELY,
            box=match.box,
            note="near a name of the class list",
        )

    def _is_known(self, match: LineMatch, found: Sequence[NameFinding]) -> bool:
        candidates = set(self._candidates(match.students))
        return any(
            finding.certainty is not Certainty.POSSIBLE
            and finding.box
            and finding.box.shared_area(match.box)
            and candidates & set(finding.candidates)
            for finding in found
        )

    def _candidates(self, numbers: Iterable[int]) -> tuple[StudentId, ...]:
        return tuple(sorted(self._index.students[number] for number in numbers))


def _place_of(box: Box) -> str:
    return f"{box.left},{box.top},{box.width},{box.height}"


def _id_in_pixels(finding: NameFinding, box: Box) -> FindingId:
    place = f"{_place_of(box)}:{finding.text}:{finding.span}"
    return finding_id_for("n", finding.media_id, place)


def hits_in(reading: Reading) -> list[Hit]:
    """Every hit in one view, overlapping ones too."""
    hits = list(exact_pairs(reading))
    settled = _places(hit for hit in hits if reading.reach.here(hit.students))
    hits += joined_names(reading)
    hits += fuzzy_pairs(reading, settled)
    hits += first_with_initial(reading)
    hits += initial_with_last(reading)
    hits += bare_initials(reading)
    hits += lone_firsts(reading)
    hits += lone_lasts(reading)
    hits += fuzzy_firsts(reading, _places(hits))
    return hits


def _places(hits: Iterable[Hit]) -> frozenset[int]:
    return frozenset(place for hit in hits for place in range(hit.start, hit.end))


def _standing(placed: list[Placed]) -> list[Placed]:
    """Of hits that overlap the strongest; a question asks about the students of the others too."""
    owners: dict[int, int] = {}
    standing: list[Placed] = []
    for span, hit in sorted(placed, key=_strength, reverse=True):
        owner = next((owners[place] for place in range(*span) if place in owners), None)
        if owner is None:
            owners.update(dict.fromkeys(range(*span), len(standing)))
            standing.append((span, hit))
        else:
            standing[owner] = (standing[owner][0], _joined(standing[owner][1], hit))
    return sorted(standing, key=lambda entry: entry[0])


def _joined(strong: Hit, weak: Hit) -> Hit:
    is_same = strong.rank == weak.rank and strong.end - strong.start == weak.end - weak.start
    is_asked = strong.certainty is weak.certainty is Certainty.LIKELY
    if (is_same and strong.certainty is weak.certainty) or is_asked:
        return strong._replace(students=strong.students | weak.students)
    return strong


def _strength(entry: Placed) -> tuple[int, int, int]:
    span, hit = entry
    return (_SURENESS[hit.certainty], hit.rank, span[1] - span[0])
