"""The decisions of one signature, as the register keeps them; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from mediacheck.flow.families_choices import Scoped, capacity_of, decided_by
from mediacheck.model.families import FamilyVisitor
from release_db.records import BiometricConsent, Release
from release_db.terms import Notice
from release_db.words import ActId, Answer, ReleaseId, StudentId

#: How answers given on the family's own pages stand in the register.
PORTAL = "portal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One signature: whose, on what notice, when, and what proves it.

    ``notice`` None: there was none to read, so that only refusals can be signed.
    """

    act: ActId
    visitor: FamilyVisitor
    notice: Notice | None
    language: str
    evidence: str
    given_on: date
    recorded_at: datetime

    @property
    def reference(self) -> str:
        """How the decisions name the notice that was read."""
        return self.notice.reference if self.notice is not None else ""

    @property
    def language_read(self) -> str:
        """The language of the notice, or of the page where there was none."""
        return self.notice.language if self.notice is not None else self.language


def releases_of(act: Act, student_id: StudentId, scoped: Iterable[Scoped]) -> tuple[Release, ...]:
    """A release for each answer of the signature."""
    return tuple(
        Release(
            release_id=ReleaseId(f"{act.act}-{number}"),
            student_id=student_id,
            scope=scope,
            answer=answer,
            capacity=capacity_of(act.visitor),
            decided_by=decided_by(act.visitor),
            method=PORTAL,
            notice=act.reference,
            given_on=act.given_on,
            recorded_at=act.recorded_at,
            language=act.language_read,
            evidence=act.evidence,
            act=act.act,
        )
        for number, (scope, answer) in enumerate(scoped, start=1)
    )


def biometric_of(act: Act, student_id: StudentId, answer: Answer) -> BiometricConsent:
    """The answer about a face template."""
    return BiometricConsent(
        release_id=ReleaseId(f"{act.act}-1"),
        student_id=student_id,
        answer=answer,
        capacity=capacity_of(act.visitor),
        decided_by=decided_by(act.visitor),
        method=PORTAL,
        notice=act.reference,
        given_on=act.given_on,
        recorded_at=act.recorded_at,
        language=act.language_read,
        evidence=act.evidence,
        act=act.act,
    )
