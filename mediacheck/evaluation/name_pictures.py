"""How well names are found in pictures: planted ones found, flagged or missed, kind by kind.

A manifest is a JSON list of ``file`` (relative to the manifest), ``class`` and ``truth`` (each with
the ``student``); ``category`` says what kind of picture it is. A picture without truth is there to
be let through.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Protocol

from mediacheck.errors import MediacheckError
from mediacheck.evaluation.pictures import BadPicture, read_picture
from mediacheck.model.finding import Certainty, NameFinding, UnreadText
from mediacheck.model.post import MediaId, Picture
from mediacheck.ports.engines import NameMatcher, NameScope, TextReader
from release_db.words import ClassKey, SchoolKey, StudentId


class BadCases(MediacheckError):
    """The roster, the cases or the manifest of pictures cannot be read."""

    message = "These are not labelled cases: see the notes on mediacheck evaluate names."


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Planted names found; not found but in a picture with unread text; and false alerts.

    ``seconds`` are the processor's, for reading the picture and for matching what was read.
    """

    pictures: int = 0
    planted: int = 0
    found: int = 0
    flagged: int = 0
    false_alerts: int = 0
    unread: int = 0
    seconds: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        """Both counted together."""
        names = [field.name for field in fields(self)]
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def seconds_per_picture(self) -> float:
        """Mean processor time."""
        return self.seconds / self.pictures if self.pictures else 0.0

    def as_json(self) -> dict[str, object]:
        """The counts and the mean time as plain values."""
        return asdict(self) | {"seconds_per_picture": self.seconds_per_picture}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeReport:
    """What another reader made of the same pictures, whose lines the same matcher got."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesReport:
    """The counts of each kind of picture, and of all."""

    by_kind: Mapping[str, Counts]
    recipe: RecipeReport | None = None

    @property
    def all(self) -> Counts:
        """The counts of all kinds together."""
        return sum(self.by_kind.values(), Counts())

    def as_json(self) -> dict[str, object]:
        """The report as plain values."""
        kinds = {kind: counts.as_json() for kind, counts in self.by_kind.items()}
        report = self.all.as_json() | {"by_kind": kinds}
        if self.recipe is not None:
            report["recipe"] = {
                "name": self.recipe.name,
                **self.recipe.counts.as_json(),
                "ratio": self._times_the_recipe(self.recipe.counts),
            }
        return report

    def _times_the_recipe(self, recipe: Counts) -> float:
        """Our processor time over the recipe's, of one run."""
        return self.all.seconds / recipe.seconds if recipe.seconds else 0.0

    def as_lines(self) -> Iterator[str]:
        """The report as a table for a terminal."""
        yield "pictures                 found  flagged  false  unread  s each"
        for kind, counts in [*self.by_kind.items(), ("all", self.all)]:
            found = f"{counts.found} of {counts.planted}"
            yield (
                f"  {kind:<16}{found:>12}{counts.flagged:>9}{counts.false_alerts:>7}"
                f"{counts.unread:>8}{counts.seconds_per_picture:>8.2f}"
            )
        if self.recipe is not None:
            name, counts = self.recipe.name, self.recipe.counts
            yield (
                f"beside plain {name}, in the same run: {counts.found} of {counts.planted} found, "
                f"{counts.false_alerts} false, {counts.seconds_per_picture:.2f} s each; "
                f"ours takes {self._times_the_recipe(counts):.2f} times that"
            )


class RecipeReader(TextReader, Protocol):
    """A reader to compare with, which has a name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesTask:
    """What is measured. ``recipe``: a reader that sees the same pictures in turn."""

    manifest: Path
    reader: TextReader
    recipe: RecipeReader | None = None


def measure_pictures(matcher: NameMatcher, task: PicturesTask) -> PicturesReport:
    """Reads every picture of the manifest and matches what was read.

    Raises:
        BadCases: the manifest or a picture cannot be read.
    """
    by_kind: dict[str, Counts] = defaultdict(Counts)
    beside = Counts()
    for path, kind, scope, students in _rows(task.manifest):
        try:
            picture = read_picture(path)
        except BadPicture as error:
            raise BadCases from error
        by_kind[kind] += _read(matcher, task.reader, picture, scope, students)
        if task.recipe is not None:
            beside += _read(matcher, task.recipe, picture, scope, students)
    report = PicturesReport(by_kind=dict(sorted(by_kind.items())))
    if task.recipe is None:
        return report
    return replace(report, recipe=RecipeReport(name=task.recipe.name, counts=beside))


def _read(
    matcher: NameMatcher,
    reader: TextReader,
    picture: Picture,
    scope: NameScope,
    students: frozenset[StudentId],
) -> Counts:
    started = time.process_time()
    seen = matcher.match_lines(reader.read_text(picture), scope, MediaId("picture"))
    return _counted(seen, students, time.process_time() - started)


def _counted(
    seen: Iterable[NameFinding | UnreadText], students: frozenset[StudentId], seconds: float
) -> Counts:
    alerts, unread = [], 0
    for finding in seen:
        if isinstance(finding, UnreadText):
            unread += 1
        elif finding.certainty is not Certainty.POSSIBLE:
            alerts.append(finding)
    found = sum(any(student in alert.candidates for alert in alerts) for student in students)
    return Counts(
        pictures=1,
        planted=len(students),
        found=found,
        flagged=len(students) - found if unread else 0,
        false_alerts=sum(students.isdisjoint(alert.candidates) for alert in alerts),
        unread=unread,
        seconds=seconds,
    )


def _rows(manifest: Path) -> Iterator[tuple[Path, str, NameScope, frozenset[StudentId]]]:
    try:
        for row in json.loads(manifest.read_text(encoding="utf-8")):
            students = frozenset(StudentId(str(truth["student"])) for truth in row["truth"])
            kind, scope = str(row.get("category", "picture")), scope_of(str(row["class"]))
            yield manifest.parent / str(row["file"]), kind, scope, students
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadCases from error


def scope_of(class_key: str) -> NameScope:
    """The scope of a class. Its key begins with that of its school."""
    school = class_key.partition("/")[0]
    return NameScope(school=SchoolKey(school) or None, class_key=ClassKey(class_key) or None)
