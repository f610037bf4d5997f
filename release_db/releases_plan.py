"""What a file of answers would change, whatever its format, and the recording of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from release_db.records import BiometricConsent, Channel, Release, Student, StudentFile
from release_db.rules import live_refusals
from release_db.sis_codes import SisCode
from release_db.standing import Matter, last_day_of, matter_of
from release_db.words import Answer, ReleaseId, StudentId

#: A file that lifts more of the live refusals than this needs a person to confirm it.
MAX_SHARE_LOOSENED = 0.01

#: A system's export that takes back more of its own grants than this is half-written, or is not.
MAX_SHARE_DROPPED = 0.05

#: An export that knows more students whom the roster does not names them by another id, perhaps.
MAX_SHARE_SET_ASIDE = 0.05

Decision = Release | BiometricConsent


class SisCodes(Protocol):
    """What an import needs of what stands around the releases."""

    def sis_codes(self) -> tuple[SisCode, ...]:
        """What the codes of the student information system mean."""
        ...


class ReleasesRegister(Protocol):
    """What an import needs of the register; see ``ReleaseRegister`` for the promises."""

    @property
    def terms(self) -> SisCodes:
        """What stands around the releases."""
        ...

    def channels(self) -> tuple[Channel, ...]:
        """Every channel."""
        ...

    def everyone(self) -> tuple[Student, ...]:
        """Every student, departed ones too."""
        ...

    def student_files(self, students: Collection[StudentId]) -> Mapping[StudentId, StudentFile]:
        """What the rules may look at, for each of these students that exists."""
        ...

    def record(self, releases: Sequence[Release]) -> None:
        """Records signed answers."""
        ...

    def record_biometric(self, consents: Sequence[BiometricConsent]) -> None:
        """Records answers about holding a template."""
        ...

    def revoke(self, release_id: ReleaseId, *, on: date, by: str, at: datetime) -> None:
        """Takes a release back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasesPlan:
    """What a file of answers would change on the day ``on``.

    ``unchanged`` rows are on record already. ``loosened`` are answers that would lift a live
    refusal of the same person on the same matter; ``tightened`` are refusals where there was none.
    ``ended`` are new grants that are over already, most often with their school year.
    ``refusals_before`` counts the matters of the whole district that are refused today.

    Of a system's export only: ``dropped`` are its grants that the file no longer has, which are
    taken back; ``kept`` its refusals that the file no longer has, which stand; ``set_aside`` the
    students who are not on the roster; ``grants_before`` counts the system's grants, and
    ``students_told`` the students of the file.
    """

    on: date
    added: tuple[Decision, ...]
    unchanged: int
    loosened: tuple[Decision, ...]
    tightened: tuple[Decision, ...]
    refusals_before: int
    ended: tuple[Decision, ...] = ()
    dropped: tuple[Release, ...] = ()
    kept: tuple[Release, ...] = ()
    set_aside: tuple[StudentId, ...] = ()
    grants_before: int = 0
    students_told: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the file says nothing that is not on record."""
        return not (self.added or self.dropped)

    @property
    def share_loosened(self) -> float:
        """The share of the live refusals that would be lifted, 0 to 1."""
        return len(self.loosened) / self.refusals_before if self.refusals_before else 0.0

    @property
    def share_dropped(self) -> float:
        """The share of the system's grants that would be taken back, 0 to 1."""
        return len(self.dropped) / self.grants_before if self.grants_before else 0.0

    @property
    def share_set_aside(self) -> float:
        """The share of the students of a system's file who are not on the roster, 0 to 1."""
        return len(self.set_aside) / self.students_told if self.students_told else 0.0

    @property
    def warning(self) -> str:
        """What a person must confirm; empty where nothing is out of the ordinary."""
        if self.share_loosened > MAX_SHARE_LOOSENED:
            return (
                f"{len(self.loosened)} of {self.refusals_before} refusals "
                f"({self.share_loosened:.1%}) would become a yes."
            )
        if self.share_dropped > MAX_SHARE_DROPPED:
            return (
                f"{len(self.dropped)} of {self.grants_before} permissions of the student system "
                f"({self.share_dropped:.1%}) are no longer in the file and would end."
            )
        if self.share_set_aside > MAX_SHARE_SET_ASIDE:
            return (
                f"{len(self.set_aside)} of {self.students_told} students in the file "
                f"({self.share_set_aside:.1%}) are not on the roster, and what it says of them "
                "would count for nothing."
            )
        return ""

    @property
    def needs_confirmation(self) -> bool:
        """Whether so much would change that a person must confirm it."""
        return bool(self.warning)

    @property
    def stricter_for(self) -> frozenset[StudentId]:
        """The students of whom less would be allowed than before."""
        return frozenset(one.student_id for one in (*self.tightened, *self.dropped))


def apply_releases(register: ReleasesRegister, plan: ReleasesPlan, at: datetime) -> None:
    """Records the answers, in the transaction that the plan was made in."""
    recorded = [replace(decision, recorded_at=at) for decision in plan.added]
    register.record([decision for decision in recorded if isinstance(decision, Release)])
    register.record_biometric(
        [decision for decision in recorded if isinstance(decision, BiometricConsent)]
    )
    for release in plan.dropped:
        register.revoke(release.release_id, on=plan.on, by=release.decided_by, at=at)


def plan_from(
    files: Mapping[StudentId, StudentFile],
    added: Mapping[StudentId, list[Decision]],
    rows: int,
    on: date,
) -> ReleasesPlan:
    """The plan to add these answers, of a file with so many rows."""
    refusals_before = 0
    loosened: list[Decision] = []
    tightened: list[Decision] = []
    ended: list[Decision] = []
    for student_id, file in files.items():
        before = _refused(file, on)
        refusals_before += len(before)
        new = added.get(student_id, [])
        after = _refused(_with(file, new), on) if new else before
        loosened += _last_on(before - after, new, file)
        tightened += _last_on(after - before, new, file)
        ended += [one for one in new if _has_ended(one, file, on)]
    decisions = tuple(decision for new in added.values() for decision in new)
    return ReleasesPlan(
        on=on,
        added=decisions,
        unchanged=rows - len(decisions),
        loosened=tuple(loosened),
        tightened=tuple(tightened),
        refusals_before=refusals_before,
        ended=tuple(ended),
    )


def free_id(student_id: StudentId, taken: Collection[ReleaseId]) -> ReleaseId:
    """An id for a decision that none of the student's has."""
    number = len(taken) + 1
    while ReleaseId(f"{student_id}-r{number}") in taken:
        number += 1
    return ReleaseId(f"{student_id}-r{number}")


def _has_ended(decision: Decision, file: StudentFile, on: date) -> bool:
    return decision.answer is Answer.ALLOW and last_day_of(decision, file) < on


def _refused(file: StudentFile, on: date) -> set[Matter]:
    return {matter_of(refusal, file) for refusal in live_refusals(file, on)}


def _with(file: StudentFile, new: Iterable[Decision]) -> StudentFile:
    releases = tuple(decision for decision in new if isinstance(decision, Release))
    consents = tuple(decision for decision in new if isinstance(decision, BiometricConsent))
    return replace(
        file, releases=(*file.releases, *releases), biometric=(*file.biometric, *consents)
    )


def _last_on(
    matters: Collection[Matter], new: Iterable[Decision], file: StudentFile
) -> list[Decision]:
    """For each of the matters the last decision of the file on it."""
    decisions = {matter_of(decision, file): decision for decision in new}
    return [decisions[matter] for matter in matters if matter in decisions]
