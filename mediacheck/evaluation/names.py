"""How well the name matcher does on labelled captions, and on pictures with planted names.

A case is one line of JSON: ``text``, ``class`` (the class of the post) and ``mentions``, each with
a ``span`` of characters, the ``student`` and the written ``form``. A caption without mentions is
*clean*: it is there to be let through. A manifest of pictures is a JSON list of ``file`` (relative
to the manifest), ``class`` and ``truth`` (each with the ``student``). Times are the processor's, so
that a busy machine measures the same.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from mediacheck.errors import MediacheckError
from mediacheck.evaluation.roster_database import grown, matcher_on
from mediacheck.intake.picture import readings_of
from mediacheck.model.finding import Certainty, NameFinding, UnreadText, Where
from mediacheck.model.post import MediaId, Picture
from mediacheck.ports.engines import NameMatcher, NameScope, TextReader
from release_db.errors import ImportRefused
from release_db.records import Student
from release_db.roster import read_roster
from release_db.words import ClassKey, SchoolKey, StudentId

_EXIF_ORIENTATION = 0x0112


class BadCases(MediacheckError):
    """The roster, the cases or the manifest of pictures cannot be read."""

    message = "These are not labelled cases: see the notes on mediacheck evaluate names."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A student named in a caption. ``span`` is half-open, in characters."""

    span: tuple[int, int]
    student: StudentId
    form: str


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
class PicturesReport:
    """Planted names found; not found but in a picture with unread text; and false alerts."""

    planted: int
    found: int
    flagged: int
    false_alerts: int
    unread: int
    seconds_per_picture: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownReport:
    """The same captions with a larger roster: the time, and it over that of the roster given."""

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
            report["pictures"] = asdict(self.pictures)
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
            lines += [f"{name:<20}{value}" for name, value in asdict(self.pictures).items()]
        return "\n".join(lines)


def evaluate_names(
    roster: Path,
    cases: Path,
    *,
    pictures: Path | None = None,
    reader: TextReader | None = None,
    grow_to: int | None = None,
) -> NamesReport:
    """Matches every caption of ``cases``, and reads every picture of ``pictures``.

    ``grow_to``: also with the roster grown to so many students.

    Raises:
        BadCases: a file cannot be read, or ``pictures`` is given without a reader.
    """
    if pictures is not None and reader is None:
        raise BadCases
    students, captions = _students(roster), list(_captions(cases))
    pictures_report = None
    with matcher_on(students) as matcher:
        outcomes = _outcomes(matcher, captions)
        if pictures is not None and reader is not None:
            pictures_report = _pictures_report(matcher, pictures, reader)
    report = NamesReport(outcomes=outcomes, pictures=pictures_report)
    if grow_to is None:
        return report
    with matcher_on(grown(students, grow_to)) as matcher:
        wider = NamesReport(outcomes=_outcomes(matcher, captions)).us_per_caption
    ratio = wider / (report.us_per_caption or 1.0)
    return replace(report, grown=GrownReport(students=grow_to, us_per_caption=wider, ratio=ratio))


def _outcomes(
    matcher: NameMatcher, captions: Sequence[tuple[str, NameScope, tuple[Mention, ...]]]
) -> tuple[CaptionOutcome, ...]:
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


def _pictures_report(matcher: NameMatcher, manifest: Path, reader: TextReader) -> PicturesReport:
    planted = found = flagged = false_alerts = unread = 0
    seconds = 0.0
    rows = list(_picture_rows(manifest))
    for path, scope, students in rows:
        picture = _picture(path)
        started = time.process_time()
        seen = matcher.match_lines(reader.read_text(picture), scope, MediaId("picture"))
        seconds += time.process_time() - started
        alerts = [
            finding
            for finding in seen
            if isinstance(finding, NameFinding) and finding.certainty is not Certainty.POSSIBLE
        ]
        here = sum(any(student in alert.candidates for alert in alerts) for student in students)
        unread_here = sum(isinstance(finding, UnreadText) for finding in seen)
        planted += len(students)
        found += here
        flagged += len(students) - here if unread_here else 0
        unread += unread_here
        false_alerts += sum(students.isdisjoint(alert.candidates) for alert in alerts)
    return PicturesReport(
        planted=planted,
        found=found,
        flagged=flagged,
        false_alerts=false_alerts,
        unread=unread,
        seconds_per_picture=_share(seconds, len(rows), nothing=0.0),
    )


def _picture(path: Path) -> Picture:
    """The picture as it would be published. Evaluation pictures are trusted: no cage."""
    try:
        with Image.open(path) as image:
            readings = readings_of(image, image.getexif().get(_EXIF_ORIENTATION, 1))
    except (OSError, UnidentifiedImageError) as error:
        raise BadCases from error
    return Picture(
        width_px=readings.published.width,
        height_px=readings.published.height,
        rgb=readings.published.tobytes(),
        source_width_px=readings.source_width_px,
        source_height_px=readings.source_height_px,
    )


def _captions(cases: Path) -> Iterator[tuple[str, NameScope, tuple[Mention, ...]]]:
    try:
        lines = cases.read_text(encoding="utf-8").splitlines()
        for row in (json.loads(line) for line in lines if line.strip()):
            mentions = tuple(_mention(mention) for mention in row["mentions"])
            yield str(row["text"]), _scope(str(row["class"])), mentions
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCases from error


def _mention(row: Mapping[str, object]) -> Mention:
    match row["span"]:
        case [int() as start, int() as end]:
            student, form = StudentId(str(row["student"])), str(row.get("form", ""))
            return Mention(span=(start, end), student=student, form=form)
        case _:
            raise ValueError("a mention's span is two numbers")


def _picture_rows(manifest: Path) -> Iterator[tuple[Path, NameScope, frozenset[StudentId]]]:
    try:
        for row in json.loads(manifest.read_text(encoding="utf-8")):
            students = frozenset(StudentId(str(truth["student"])) for truth in row["truth"])
            yield manifest.parent / str(row["file"]), _scope(str(row["class"])), students
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCases from error


def _scope(class_key: str) -> NameScope:
    """The scope of a class. Its key begins with that of its school."""
    school = class_key.partition("/")[0]
    return NameScope(school=SchoolKey(school) or None, class_key=ClassKey(class_key) or None)


def _students(roster: Path) -> tuple[Student, ...]:
    """The students of a plain roster CSV."""
    try:
        return tuple(row.student for row in read_roster(roster.read_bytes()).rows)
    except OSError as error:
        raise BadCases from error
    except ImportRefused as error:
        raise BadCases(error.message) from error
