"""How well the name matcher does on labelled captions, and on pictures with planted names.

A case is one line of JSON: ``text``, ``class`` (the class of the post) and ``mentions``, each with
a ``span`` of characters, the ``student`` and the written ``form``. A caption without mentions is
*clean*: it is there to be let through. Times are the processor's, so that a busy machine measures
the same. Pictures are measured by ``name_pictures``.
"""

from __future__ import annotations

import gc
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mediacheck.evaluation.name_pictures import (
    BadCases,
    PicturesReport,
    PicturesTask,
    measure_pictures,
    scope_of,
)
from mediacheck.evaluation.roster_database import grown, matcher_on
from mediacheck.model.finding import Certainty, NameFinding, Where
from mediacheck.ports.engines import NameMatcher, NameScope
from release_db.errors import ImportRefused
from release_db.records import Student
from release_db.roster import read_roster
from release_db.words import StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A student named in a caption. ``span`` is half-open, in characters."""

    span: tuple[int, int]
    student: StudentId
    form: str


_Caption = tuple[str, NameScope, tuple[Mention, ...]]
#: So many times two rosters are measured in turn.
_TURNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionOutcome:
    """What the matcher made of one caption."""

    mentions: tuple[Mention, ...]
    found: tuple[bool, ...]
    alerts: int
    false_alerts: int
    is_blocked: bool
    seconds: float
    first_seconds: float = 0.0
    """The same when the process meets the words and names for the first time."""

    @property
    def is_clean(self) -> bool:
        """Whether nobody is named in it."""
        return not self.mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownReport:
    """The same captions with a larger roster: the time, and how many times that of the other."""

    students: int
    us_per_caption: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesReport:
    """Every caption's outcome, and what was measured besides where that was asked."""

    outcomes: tuple[CaptionOutcome, ...]
    pictures: PicturesReport | None = None
    grown: GrownReport | None = None

    @property
    def recall(self) -> float:
        """Share of the mentions that an alert covers with the right student."""
        found = [one for outcome in self.outcomes for one in outcome.found]
        return _share(sum(found), len(found), nothing=1.0)

    @property
    def precision(self) -> float:
        """Share of the alerts that lie on a mention."""
        alerts = sum(outcome.alerts for outcome in self.outcomes)
        false = sum(outcome.false_alerts for outcome in self.outcomes)
        return _share(alerts - false, alerts, nothing=1.0)

    @property
    def clean_interrupted(self) -> float:
        """Share of the clean captions with any alert."""
        clean = [outcome.alerts > 0 for outcome in self.outcomes if outcome.is_clean]
        return _share(sum(clean), len(clean), nothing=0.0)

    @property
    def clean_blocked(self) -> float:
        """Share of the clean captions in which a name was taken for certain."""
        clean = [outcome.is_blocked for outcome in self.outcomes if outcome.is_clean]
        return _share(sum(clean), len(clean), nothing=0.0)

    @property
    def us_per_caption(self) -> float:
        """Mean processor time for one caption, in microseconds, in a process that has run."""
        return _mean_us(outcome.seconds for outcome in self.outcomes)

    @property
    def us_per_first_caption(self) -> float:
        """The same in a process that has just begun, and asks the database for every word."""
        return _mean_us(outcome.first_seconds for outcome in self.outcomes)

    @property
    def by_form(self) -> dict[str, dict[str, float]]:
        """Mentions, found and recall for each written form."""
        planted: Counter[str] = Counter()
        found: Counter[str] = Counter()
        for outcome in self.outcomes:
            for mention, is_found in zip(outcome.mentions, outcome.found, strict=True):
                planted[mention.form] += 1
                found[mention.form] += is_found
        return {
            form: {"mentions": count, "found": found[form], "recall": found[form] / count}
            for form, count in sorted(planted.items())
        }

    def as_json(self) -> dict[str, object]:
        """The report as plain values, for ``mediacheck evaluate names --json``."""
        report: dict[str, object] = {
            "captions": len(self.outcomes),
            "mentions": sum(len(outcome.mentions) for outcome in self.outcomes),
            "recall": self.recall,
            "precision": self.precision,
            "clean_interrupted": self.clean_interrupted,
            "clean_blocked": self.clean_blocked,
            "us_per_caption": self.us_per_caption,
            "us_per_first_caption": self.us_per_first_caption,
            "by_form": self.by_form,
        }
        if self.pictures is not None:
            report["pictures"] = self.pictures.as_json()
        if self.grown is not None:
            report["grown"] = asdict(self.grown)
        return report

    def as_text(self) -> str:
        """The report for a terminal."""
        lines = [
            f"captions            {len(self.outcomes)}",
            f"recall              {self.recall:.2%}",
            f"precision           {self.precision:.2%}",
            f"clean interrupted   {self.clean_interrupted:.2%}",
            f"clean blocked       {self.clean_blocked:.2%}",
            f"time a caption      {self.us_per_caption:.0f} µs",
            f"  met the first time {self.us_per_first_caption:.0f} µs",
        ]
        if self.grown is not None:
            lines += [
                f"  {self.grown.students:,} students {self.grown.us_per_caption:.0f} µs, "
                f"{self.grown.ratio:.2f} times that"
            ]
        lines += [f"  {form:<18}{row['recall']:.1%}" for form, row in self.by_form.items()]
        if self.pictures is not None:
            lines += self.pictures.as_lines()
        return "\n".join(lines)


def evaluate_names(
    roster: Path,
    cases: Path,
    *,
    pictures: PicturesTask | None = None,
    grow_to: int | None = None,
) -> NamesReport:
    """Matches every caption of ``cases``, and reads every picture of ``pictures``.

    ``grow_to``: also with the roster grown to so many students.

    Raises:
        BadCases: a file cannot be read.
    """
    captions = list(_captions(cases))
    with ExitStack() as stack:
        # No roster is held as students while it is measured: no process of ours does so either.
        matcher = stack.enter_context(matcher_on(_students(roster)))
        wider = None
        if grow_to is not None:
            wider = stack.enter_context(matcher_on(grown(_students(roster), grow_to)))
        stack.enter_context(_as_in_a_server())
        report = NamesReport(outcomes=_outcomes(matcher, captions))
        if wider is not None and grow_to is not None:
            report = replace(report, grown=_compared(matcher, wider, captions, grow_to))
        if pictures is not None:
            report = replace(report, pictures=measure_pictures(matcher, pictures))
    return report


@contextmanager
def _as_in_a_server() -> Iterator[None]:
    """What stands before a measurement begins is not gone through again and again for garbage."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _compared(
    matcher: NameMatcher, wider: NameMatcher, captions: Sequence[_Caption], students: int
) -> GrownReport:
    """Both rosters in turn, several times: whatever else the machine does then slows both."""
    _outcomes(wider, captions)
    own = wide = 0.0
    for _ in range(_TURNS):
        own += _seconds(matcher, captions)
        wide += _seconds(wider, captions)
    us = wide * 1e6 / (_TURNS * len(captions) or 1)
    return GrownReport(students=students, us_per_caption=us, ratio=wide / (own or 1.0))


def _seconds(matcher: NameMatcher, captions: Sequence[_Caption]) -> float:
    return sum(_caption_outcome(matcher, *caption).seconds for caption in captions)


def _outcomes(matcher: NameMatcher, captions: Sequence[_Caption]) -> tuple[CaptionOutcome, ...]:
    """Every caption's, met for the first time and then again."""
    first = [_caption_outcome(matcher, *caption) for caption in captions]
    again = [_caption_outcome(matcher, *caption) for caption in captions]
    return tuple(
        replace(later, first_seconds=one.seconds) for one, later in zip(first, again, strict=True)
    )


def _mean_us(seconds: Iterable[float]) -> float:
    each = list(seconds)
    return _share(sum(each) * 1e6, len(each), nothing=0.0)


def _share(part: float, whole: int, *, nothing: float) -> float:
    return part / whole if whole else nothing


def _caption_outcome(
    matcher: NameMatcher, text: str, scope: NameScope, mentions: tuple[Mention, ...]
) -> CaptionOutcome:
    started = time.process_time()
    findings = matcher.match_names(text, scope, Where.CAPTION)
    seconds = time.process_time() - started
    alerts = [finding for finding in findings if finding.certainty is not Certainty.POSSIBLE]
    return CaptionOutcome(
        mentions=mentions,
        found=tuple(
            any(
                _overlap(alert, mention) and mention.student in alert.candidates for alert in alerts
            )
            for mention in mentions
        ),
        alerts=len(alerts),
        false_alerts=sum(
            not any(_overlap(alert, mention) for mention in mentions) for alert in alerts
        ),
        is_blocked=any(alert.certainty is Certainty.CERTAIN for alert in alerts),
        seconds=seconds,
    )


def _overlap(finding: NameFinding, mention: Mention) -> bool:
    if finding.span is None:
        return False
    return finding.span[0] < mention.span[1] and mention.span[0] < finding.span[1]


def _captions(cases: Path) -> Iterator[_Caption]:
    try:
        lines = cases.read_text(encoding="utf-8").splitlines()
        for row in (json.loads(line) for line in lines if line.strip()):
            mentions = tuple(_mention(mention) for mention in row["mentions"])
            yield str(row["text"]), scope_of(str(row["class"])), mentions
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCases from error


def _mention(row: Mapping[str, object]) -> Mention:
    match row["span"]:
        case [int() as start, int() as end]:
            student, form = StudentId(str(row["student"])), str(row.get("form", ""))
            return Mention(span=(start, end), student=student, form=form)
        case _:
            raise ValueError("a mention's span is two numbers")


def _students(roster: Path) -> tuple[Student, ...]:
    """The students of a plain roster CSV."""
    try:
        return tuple(row.student for row in read_roster(roster.read_bytes()).rows)
    except OSError as error:
        raise BadCases from error
    except ImportRefused as error:
        raise BadCases(error.message) from error
