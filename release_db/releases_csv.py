"""Reads the plain releases CSV, shows what it would change, and records it: all or nothing.

Releases are only ever added. The same file read again adds nothing, and an answer that is in no
file any more still stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from release_db.csv_table import Problems, Row, read_table
from release_db.records import BiometricConsent, Release, Scope, StudentFile
from release_db.releases_plan import Decision, ReleasesPlan, ReleasesRegister, free_id, plan_from
from release_db.standing import matter_of
from release_db.words import (
    Answer,
    Audience,
    Capacity,
    ChannelKey,
    NameForm,
    ReleaseId,
    StudentId,
    Use,
)

COLUMNS = (
    "student_id",
    "use",
    "channel",
    "name_form",
    "answer",
    "decided_by",
    "method",
    "given_on",
    "ends_on",
    "notice",
)

#: Stands for the moment of recording while a file is planned: later than all on record.
_NOT_YET = datetime.max.replace(tzinfo=UTC)

_NO_ID = ReleaseId("")

_UNKNOWN_CHANNEL = (
    "There is no such channel. Write the key of an account, a group "
    f"({', '.join(Audience)}), or leave it blank for every channel."
)

_NAMING_USES = frozenset({Use.NAME, Use.IMAGE_WITH_NAME})


class _Subject(StrEnum):
    IMAGE = "image"
    NAME = "name"
    IMAGE_WITH_NAME = "image+name"
    WORK = "work"
    VOICE = "voice"
    BIOMETRIC = "biometric"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """One answer of the file. ``number`` is the row in the spreadsheet.

    The decision has no id yet, and its scope no channel: whether ``channel`` is an account, a group
    or neither is known to the register.
    """

    number: int
    decision: Decision
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasesFile:
    """A file of answers that can be read."""

    rows: tuple[ReleaseRow, ...]


def read_releases(data: bytes) -> ReleasesFile:
    """Reads a plain releases CSV.

    Raises:
        ImportRefused: with every problem that shows without the register, up to fifty.
    """
    problems = Problems()
    found = [_release_row(row) for row in read_table(data, COLUMNS, problems)]
    problems.refuse_if_any()
    return ReleasesFile(rows=tuple(row for row in found if row is not None))


def plan_releases(register: ReleasesRegister, file: ReleasesFile, on: date) -> ReleasesPlan:
    """What the file would change if it were recorded on that day.

    Raises:
        ImportRefused: a row names a student, channel or guardian that the register does not have,
            or is dated after ``on``.
    """
    files = register.student_files([student.student_id for student in register.everyone()])
    channels = frozenset(channel.key for channel in register.channels())
    _require_known(file, files, channels, on)
    decided: defaultdict[StudentId, list[Decision]] = defaultdict(list)
    for row in file.rows:
        decided[row.decision.student_id].append(_decision_of(row, channels))
    added = {
        student_id: _not_on_record(decisions, files[student_id])
        for student_id, decisions in decided.items()
    }
    return plan_from(files, added, len(file.rows), on)


def _release_row(row: Row) -> ReleaseRow | None:
    """The answer in a row; None once a problem was noted that leaves it without a meaning."""
    for column in ("student_id", "use", "answer", "decided_by", "given_on"):
        row.required(column, 320)
    subject = row.choice_or_none("use", _Subject)
    answer = row.choice_or_none("answer", Answer)
    given_on, ends_on = row.date_or_none("given_on"), row.date_or_none("ends_on")
    form = row.choice_or_none("name_form", NameForm)
    if given_on and ends_on and ends_on < given_on:
        row.problem("ends_on", "This is before given_on. It is the last good day, or blank.")
    if subject is None or answer is None or given_on is None:
        return None
    capacity, decided_by = _decider_of(row)
    consent = BiometricConsent(
        release_id=_NO_ID,
        student_id=StudentId(row.cells["student_id"]),
        answer=answer,
        capacity=capacity,
        decided_by=decided_by,
        method=row.text("method"),
        notice=row.text("notice"),
        given_on=given_on,
        recorded_at=_NOT_YET,
        ends_on=ends_on,
    )
    decision = consent if subject is _Subject.BIOMETRIC else _release_of(consent, subject, form)
    _require_no_more(row, decision, form)
    return ReleaseRow(number=row.number, decision=decision, channel=row.text("channel", 100))


def _release_of(common: BiometricConsent, subject: _Subject, form: NameForm | None) -> Release:
    use = Use(subject.value)
    parts = {part.name: getattr(common, part.name) for part in fields(common)}
    return Release(**parts, scope=Scope(use=use, name_form=form if use in _NAMING_USES else None))


def _decider_of(row: Row) -> tuple[Capacity, str]:
    cell = row.text("decided_by", 320)
    word = cell.casefold()
    if word in {Capacity.STUDENT, Capacity.OFFICE, Capacity.SIS}:
        return Capacity(word), word
    return Capacity.GUARDIAN, cell


def _require_no_more(row: Row, decision: Decision, form: NameForm | None) -> None:
    """Notes a cell that would be ignored: whoever filled it in meant something by it."""
    is_naming = isinstance(decision, Release) and decision.scope.use in _NAMING_USES
    if form not in {None, NameForm.NONE} and not is_naming:
        row.problem("name_form", "Leave this blank: it only means something where a name is shown.")
    if row.cells["channel"] and isinstance(decision, BiometricConsent):
        row.problem("channel", "Leave this blank: biometric consent is not about a channel.")


def _require_known(
    file: ReleasesFile,
    files: Mapping[StudentId, StudentFile],
    channels: Collection[ChannelKey],
    on: date,
) -> None:
    problems = Problems()
    known_channels = {"", *channels, *Audience}
    for row in file.rows:
        student_id = row.decision.student_id
        if row.decision.given_on > on:
            problems.add(row.number, "given_on", "This day has not come yet. Check the date.")
        if row.channel not in known_channels:
            problems.add(row.number, "channel", _UNKNOWN_CHANNEL)
        if student_id not in files:
            message = f"There is no student {student_id} on the roster. Import the roster first."
            problems.add(row.number, "student_id", message)
        elif not _is_decider(row.decision, files[student_id]):
            message = (
                f"This is not the e-mail of a guardian of student {student_id}. Write one of "
                "theirs from the roster, or: student, office, sis."
            )
            problems.add(row.number, "decided_by", message)
    problems.refuse_if_any()


def _is_decider(decision: Decision, file: StudentFile) -> bool:
    emails = {guardian.email.casefold() for guardian in file.guardians}
    return decision.capacity is not Capacity.GUARDIAN or decision.decided_by.casefold() in emails


def _decision_of(row: ReleaseRow, channels: Collection[ChannelKey]) -> Decision:
    """The decision on its channel. A word that is an account and a group is read as both."""
    decision, word = row.decision, row.channel
    if isinstance(decision, BiometricConsent):
        return decision
    scope = replace(
        decision.scope,
        channel=ChannelKey(word) if word in channels else None,
        audience=Audience(word) if word in set(Audience) else None,
    )
    return replace(decision, scope=scope)


def _not_on_record(decisions: Iterable[Decision], file: StudentFile) -> list[Decision]:
    """The decisions that say something new, numbered on from those on record.

    Decisions are never removed, so that a number is given out once.
    """
    on_record: list[Decision] = [*file.releases, *file.biometric]
    said = {_meaning_of(decision, file) for decision in on_record}
    taken = {decision.release_id for decision in on_record}
    latest = {matter_of(decision, file): decision.release_id for decision in on_record}
    added: list[Decision] = []
    for decision in decisions:
        if _meaning_of(decision, file) in said:
            continue
        said.add(_meaning_of(decision, file))
        named = replace(decision, release_id=free_id(file.student.student_id, taken))
        taken.add(named.release_id)
        if isinstance(named, Release):
            named = replace(named, supersedes=latest.get(matter_of(named, file)))
        added.append(named)
    return added


def _meaning_of(decision: Decision, file: StudentFile) -> tuple[object, ...]:
    """All that was said; two decisions with the same meaning are one."""
    return (
        matter_of(decision, file),
        decision.answer,
        decision.method,
        decision.notice,
        decision.given_on,
        decision.ends_on,
    )
