"""Finds the roster's people in words: captions, tags, alt texts, file names, text in pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from mediacheck.findings.name_folding import views_of
from mediacheck.findings.name_index import NameIndex, build_name_index
from mediacheck.findings.name_lines import nearest_names, spellings_of
from mediacheck.findings.name_pairs import exact_pairs
from mediacheck.findings.name_phrases import phrase_or_none
from mediacheck.findings.name_pixels import (
    has_name_length,
    located,
    near_finding,
    strongest_per_place,
    unread_lines,
)
from mediacheck.findings.name_reading import Hit, Reading, reach_of, read_view
from mediacheck.findings.name_singles import (
    bare_initials,
    first_with_initial,
    initial_with_last,
    last_with_initial,
    lone_firsts,
    lone_lasts,
)
from mediacheck.findings.name_slips import fuzzy_firsts, fuzzy_pairs
from mediacheck.findings.name_tags import joined_names
from mediacheck.model.finding import Certainty, NameFinding, UnreadText, Where, finding_id_for
from mediacheck.model.post import MediaId
from mediacheck.ports.engines import NameScope, TextLine
from release_db.words import StudentId

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
        readings = [read_view(view, reach) for view in views_of(text)]
        placed = [(reading.span_of(hit), hit) for reading in readings for hit in hits_in(reading)]
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
                    phrase=phrase_or_none(readings[0], span, hit, where),
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
        reach = reach_of(self._index, scope)
        nearest = nearest_names(lines, spellings_of(reach))
        named = [
            located(finding, line.box)
            for line in lines
            if has_name_length(line.text)
            for finding in self.match_names(line.text, scope, Where.PIXELS, media_id)
        ]
        near = [
            near_finding(match, self._candidates(match.students), media_id) for match in nearest
        ]
        findings = strongest_per_place(named, near)
        return (*findings, *unread_lines(lines, findings, media_id))

    def _candidates(self, numbers: Iterable[int]) -> tuple[StudentId, ...]:
        return tuple(sorted(self._index.students[number] for number in numbers))


def hits_in(reading: Reading) -> list[Hit]:
    """Every hit in one view, overlapping ones too."""
    hits = list(exact_pairs(reading))
    settled = _places(hit for hit in hits if reading.reach.here(hit.students))
    hits += joined_names(reading)
    hits += fuzzy_pairs(reading, settled)
    hits += first_with_initial(reading)
    hits += initial_with_last(reading)
    hits += last_with_initial(reading)
    hits += bare_initials(reading)
    hits += list(lone_firsts(reading, hits))
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
        is_slip = strong.is_slip and weak.is_slip
        return strong._replace(students=strong.students | weak.students, is_slip=is_slip)
    return strong


def _strength(entry: Placed) -> tuple[int, int, int]:
    span, hit = entry
    return (_SURENESS[hit.certainty], hit.rank, span[1] - span[0])
