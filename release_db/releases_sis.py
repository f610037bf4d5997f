"""Reads the permission export of a student information system such as Aeries, and plans it.

The file says everything that the system holds: one row for a student, a code, a status and a date.
What a code means is the district's own table (``sis_codes``). A grant that is no longer in the file
is taken back; a refusal that is no longer in it stands, since a half-written file frees nobody.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from release_db.csv_table import Problems, Row, header_of, read_wide_table
from release_db.records import Release, Scope, StudentFile
from release_db.releases_plan import Decision, ReleasesPlan, ReleasesRegister, free_id, plan_from
from release_db.sis_codes import CODE_CHARACTERS, SisCode
from release_db.standing import lives, order_of
from release_db.words import Answer, Capacity, StudentId

#: How a release tells that it came from the system's own export, and not from a plain file.
METHOD = "sis-export"

#: The names that the columns have, in one case and without signs; the first that is there counts.
_STUDENT = ("studentid", "permanentid", "studentnumber", "sourcedid", "pid")
_CODE = ("code", "typecode", "authorizationcode", "permissioncode", "type", "ty")
_DETAIL = ("misccode", "subcode", "mc")
_STATUS = ("status", "statuscode", "st")
_DATE = ("statusdate", "date", "dt")
_END = ("effectiveenddate", "enddate", "expirationdate")

_SAY_SO = "Add it to the table of codes, import that, then this file."

_STRICTNESS = {Answer.ALLOW: 0, Answer.ASK: 1, Answer.DENY: 2}
_NOT_YET = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SisRow:
    """One row of the export. ``number`` is the row in the spreadsheet."""

    number: int
    student_id: StudentId
    code: str
    status: str
    given_on: date | None
    ends_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """The code and the status in one case."""
        return self.code.casefold(), self.status.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one row says about one scope."""

    answer: Answer
    row: SisRow

    @property
    def evidence(self) -> str:
        """The row as it was, so that the same row again is known."""
        given_on = self.row.given_on.isoformat() if self.row.given_on else ""
        said = {"code": self.row.code, "status": self.row.status, "status_date": given_on}
        return json.dumps(said, sort_keys=True)


def is_sis_export(data: bytes) -> bool:
    """Whether the header is that of a system's export, and not of a plain releases file."""
    names = {_plain(name) for name in header_of(data)}
    has_all = all(not names.isdisjoint(known) for known in (_STUDENT, _CODE, _STATUS))
    return has_all and names.isdisjoint({"use", "answer"})


def read_sis_export(data: bytes) -> tuple[SisRow, ...]:
    """Reads an export whose header ``is_sis_export`` knows.

    Raises:
        ImportRefused: with every problem that shows without the register, up to fifty.
    """
    problems = Problems()
    columns = _columns_of(header_of(data))
    names = tuple(dict.fromkeys(columns.values()))
    rows = [_sis_row(row, columns) for row in read_wide_table(data, names, (), problems)]
    if not rows:
        problems.add(0, "", "There is no row below the header. Export the file again.")
    problems.refuse_if_any()
    return tuple(rows)


def plan_sis_export(register: ReleasesRegister, rows: Collection[SisRow], on: date) -> ReleasesPlan:
    """What the export would change if it were recorded on that day.

    Students who are not on the roster are set aside: nothing of theirs can be posted.

    Raises:
        ImportRefused: nobody has said what a code with its status means, a row is dated after
            ``on``, or the students' ids have lost their leading zeros.
    """
    files = register.student_files([student.student_id for student in register.everyone()])
    meanings = _meanings_of(register.terms.sis_codes())
    _require_known(rows, files, meanings, on)
    said = _said_by(rows, meanings)
    new: dict[StudentId, list[Decision]] = {}
    gone: list[Release] = []
    grants_before = 0
    for student_id, file in files.items():
        words, theirs = _last_words(file), said.get(student_id, {})
        new[student_id] = _new_words(theirs, words, file, on)
        live = [word for word in words.values() if word.method == METHOD and lives(word, file, on)]
        grants_before += sum(word.answer is Answer.ALLOW for word in live)
        gone += [word for word in live if word.scope not in theirs]
    plan = plan_from(files, new, 0, on)
    told = sum(len(theirs) for student_id, theirs in said.items() if student_id in files)
    return replace(
        plan,
        unchanged=told - len(plan.added),
        dropped=tuple(word for word in gone if word.answer is Answer.ALLOW),
        kept=tuple(word for word in gone if word.answer is not Answer.ALLOW),
        set_aside=tuple(sorted({row.student_id for row in rows} - files.keys())),
        grants_before=grants_before,
        students_told=len({row.student_id for row in rows}),
    )


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _columns_of(header: Collection[str]) -> dict[str, str]:
    """Which column of the file holds what."""
    names = {_plain(name): name for name in reversed(list(header))}
    columns = {}
    for part, known in (
        ("student", _STUDENT),
        ("code", _CODE),
        ("detail", _DETAIL),
        ("status", _STATUS),
        ("date", _DATE),
        ("end", _END),
    ):
        found = [names[word] for word in known if word in names]
        if found:
            columns[part] = found[0]
    return columns


def _sis_row(row: Row, columns: Mapping[str, str]) -> SisRow:
    code = row.required(columns["code"], CODE_CHARACTERS)
    detail = row.text(columns["detail"], CODE_CHARACTERS) if "detail" in columns else ""
    return SisRow(
        number=row.number,
        student_id=StudentId(row.required(columns["student"], 64)),
        code=f"{code}/{detail}" if detail else code,
        status=row.text(columns["status"], CODE_CHARACTERS),
        given_on=_day_or_none(row, columns.get("date")),
        ends_on=_day_or_none(row, columns.get("end")),
    )


def _day_or_none(row: Row, column: str | None) -> date | None:
    """A date as the systems write it: 2026-09-01, 2026-09-01T00:00:00 or 9/1/2026."""
    cell = row.cells[column].replace("T", " ").partition(" ")[0] if column is not None else ""
    for form in ("%Y-%m-%d", "%m/%d/%Y") if cell else ():
        try:
            return datetime.strptime(cell, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    if cell and column is not None:
        row.problem(column, "Write the date as 2026-09-01, or as month/day/year: 9/1/2026.")
    return None


def _meanings_of(codes: Iterable[SisCode]) -> dict[tuple[str, str], list[SisCode]]:
    meanings: defaultdict[tuple[str, str], list[SisCode]] = defaultdict(list)
    for code in codes:
        meanings[code.key].append(code)
    return dict(meanings)


def _require_known(
    rows: Iterable[SisRow],
    files: Mapping[StudentId, StudentFile],
    meanings: Mapping[tuple[str, str], list[SisCode]],
    on: date,
) -> None:
    problems = Problems()
    codes = {code for code, _ in meanings}
    without_zeros = {student_id.lstrip("0") for student_id in files}
    for row in rows:
        if row.key[0] not in codes:
            message = f"Nobody has said what the code {row.code} means. {_SAY_SO}"
            problems.add(row.number, "code", message)
        elif row.key not in meanings:
            status = row.status or "(blank)"
            message = f"Nobody has said what the status {status} of the code {row.code} means."
            problems.add(row.number, "status", f"{message} {_SAY_SO}")
        if row.given_on is not None and row.given_on > on:
            problems.add(row.number, "date", "This day has not come yet. Check the date.")
        is_short = row.student_id not in files and row.student_id.lstrip("0") in without_zeros
        if is_short:
            message = "The roster writes this id with another number of zeros. Export it as text."
            problems.add(row.number, "student id", message)
    problems.refuse_if_any()
    if all(row.student_id not in files for row in rows):
        message = "No student of the file is on the roster. Import the roster, or export its ids."
        problems.add(0, "", message)
    problems.refuse_if_any()


def _said_by(
    rows: Iterable[SisRow], meanings: Mapping[tuple[str, str], list[SisCode]]
) -> dict[StudentId, dict[Scope, _Said]]:
    """What the export says of each student: the newest row on a code, the strictest on a scope."""
    newest: dict[tuple[StudentId, str], list[SisRow]] = {}
    for row in rows:
        matter = (row.student_id, row.key[0])
        before = newest.get(matter, [])
        day = _day_of(before[0]) if before else date.min
        if not before or _day_of(row) > day:
            newest[matter] = [row]
        elif _day_of(row) == day:
            before.append(row)
    said: defaultdict[StudentId, dict[Scope, _Said]] = defaultdict(dict)
    for row in (row for found in newest.values() for row in found):
        for code in meanings[row.key]:
            if code.scope is not None and code.answer is not None:
                new, theirs = _Said(answer=code.answer, row=row), said[row.student_id]
                theirs[code.scope] = max(theirs.get(code.scope, new), new, key=_strictness)
    return said


def _day_of(row: SisRow) -> date:
    return row.given_on or date.min


def _strictness(said: _Said) -> tuple[int, int, str]:
    """Of two grants the shorter is stricter, of two refusals the longer, in whatever order."""
    ends = (said.row.ends_on or date.max).toordinal()
    is_grant = said.answer is Answer.ALLOW
    return _STRICTNESS[said.answer], -ends if is_grant else ends, said.evidence


def _last_words(file: StudentFile) -> dict[Scope, Release]:
    """The system's last word on each scope."""
    last: dict[Scope, Release] = {}
    for release in file.releases:
        if release.capacity is Capacity.SIS:
            before = last.get(release.scope)
            if before is None or order_of(before, file) < order_of(release, file):
                last[release.scope] = release
    return last


def _new_words(
    said: Mapping[Scope, _Said], words: Mapping[Scope, Release], file: StudentFile, on: date
) -> list[Decision]:
    """What the export says that is not the system's last word already.

    A new word never bears an earlier day than the one it takes the place of: otherwise a status
    that was turned over without a new date would change nothing.
    """
    on_record: list[Decision] = [*file.releases, *file.biometric]
    taken = {decision.release_id for decision in on_record}
    new: list[Decision] = []
    for scope, one in said.items():
        last = words.get(scope)
        if last is not None and _is_same(last, one):
            continue
        given_on = one.row.given_on or on
        release = Release(
            release_id=free_id(file.student.student_id, taken),
            student_id=file.student.student_id,
            scope=scope,
            answer=one.answer,
            capacity=Capacity.SIS,
            decided_by=Capacity.SIS.value,
            method=METHOD,
            given_on=max(given_on, last.given_on) if last is not None else given_on,
            recorded_at=_NOT_YET,
            ends_on=one.row.ends_on,
            supersedes=last.release_id if last is not None else None,
            evidence=one.evidence,
        )
        taken.add(release.release_id)
        new.append(release)
    return new


def _is_same(last: Release, said: _Said) -> bool:
    is_in_force = last.method == METHOD and last.revoked_on is None
    return is_in_force and (last.answer, last.ends_on, last.evidence) == (
        said.answer,
        said.row.ends_on,
        said.evidence,
    )
