"""Two answers that differ: what the office found out closes the item, and decides nothing.

The stricter answer counts on. When either side changes, it is another disagreement and opens anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.desk import Desk
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.office import SettledAs, Settlement
from release_db.disagreements import Disagreement, guardian_differences, sis_disagreements
from release_db.records import StudentFile


class Between(StrEnum):
    """Who says different things."""

    SIS_AND_FAMILY = "sis"
    GUARDIANS = "guardians"


#: What settles which kind. Nobody of the office may choose between two guardians.
WAYS = {
    Between.SIS_AND_FAMILY: (SettledAs.SIGNED_AGAIN, SettledAs.SIS_CORRECTED),
    Between.GUARDIANS: (SettledAs.TALKED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Everything about one student on which the same two sides differ, and what was found out.

    ``settlement`` None: it is open.
    """

    file: StudentFile
    between: Between
    pairs: tuple[Disagreement, ...]
    settlement: Settlement | None = None


def contradictions(desk: Desk) -> tuple[Contradiction, ...]:
    """Every contradiction about students of this person's schools, by the students' names."""
    register = desk.work.register
    today = today_of(desk.services.clock, register)
    files = register.student_files(register.terms.students_with_both_answers()).values()
    theirs = [file for file in files if desk.staff.works_at(file.student.school)]
    found = [one for file in sorted(theirs, key=_by_name) for one in _of_file(file, today)]
    keys = [pair.key for one in found for pair in one.pairs]
    settled = desk.work.office.settlements(keys)
    return tuple(part for one in found for part in _parts(one, dict(settled)))


def settle(
    desk: Desk, file: StudentFile, between: Between, *, how: SettledAs, note: str
) -> tuple[Settlement, ...]:
    """Closes what is open between the two sides about one student, with what was found out.

    Raises:
        BadRequest: that way does not settle this kind.
        NotFound: nothing is open between them.
    """
    if how not in WAYS[between]:
        raise BadRequest
    mine = [
        one
        for one in contradictions(desk)
        if one.file.student == file.student and one.between is between and one.settlement is None
    ]
    if not mine:
        raise NotFound
    made = tuple(_kept(desk, pair, how, note) for one in mine for pair in one.pairs)
    desk.work.audit.write(
        Event.DISAGREEMENT_SETTLED,
        actor=desk.staff.staff_id,
        subject=file.student.student_id,
        how=how.value,
        pairs=len(made),
    )
    return made


def _of_file(file: StudentFile, on: date) -> Iterator[Contradiction]:
    for between, pairs in (
        (Between.SIS_AND_FAMILY, sis_disagreements(file, on)),
        (Between.GUARDIANS, guardian_differences(file, on)),
    ):
        if pairs:
            yield Contradiction(file=file, between=between, pairs=pairs)


def _parts(whole: Contradiction, settled: dict[str, Settlement]) -> Iterator[Contradiction]:
    """What is open of a contradiction, and what is settled."""
    still_open = tuple(pair for pair in whole.pairs if pair.key not in settled)
    if still_open:
        yield Contradiction(file=whole.file, between=whole.between, pairs=still_open)
    closed = tuple(pair for pair in whole.pairs if pair.key in settled)
    if closed:
        last = max((settled[pair.key] for pair in closed), key=lambda one: one.settled_at)
        yield Contradiction(file=whole.file, between=whole.between, pairs=closed, settlement=last)


def _kept(desk: Desk, pair: Disagreement, how: SettledAs, note: str) -> Settlement:
    settlement = Settlement(
        key=pair.key,
        student_id=pair.allow.student_id,
        how=how,
        note=note,
        settled_by=desk.staff.staff_id,
        settled_at=desk.services.clock.now(),
    )
    desk.work.office.keep_settlement(settlement)
    return settlement


def _by_name(file: StudentFile) -> tuple[str, str]:
    return file.student.family_name.casefold(), file.student.student_id
