"""What was measured on the district's own galleries, and what is asked to be measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from mediacheck.model.face_evidence import EvidenceId, FaceEvidence, Measurement, MeasurementId
from mediacheck.model.resolution import Resolution
from release_db.words import SchoolKey


class Evidence(Protocol):
    """Measurements and their results. One transaction's view."""

    def ask(self, measurement: Measurement) -> None:
        """Keeps that somebody asked for a measurement."""
        ...

    def claim_or_none(self, measurement_id: MeasurementId, at: datetime) -> Measurement | None:
        """Takes up a waiting measurement; None when it is not waiting (any more)."""
        ...

    def end(self, measurement_id: MeasurementId, *, is_failed: bool) -> None:
        """Keeps that a measurement has come to its end."""
        ...

    def waiting(self, before: datetime) -> tuple[MeasurementId, ...]:
        """Those that wait, or that were taken up before ``before`` and never ended."""
        ...

    def newest_asked_or_none(self, school: SchoolKey | None) -> Measurement | None:
        """The measurement of that gallery that was asked for last."""
        ...

    def keep(self, evidence: FaceEvidence) -> None:
        """Keeps a result. Append-only."""
        ...

    def latest_or_none(self, school: SchoolKey | None) -> FaceEvidence | None:
        """The newest result for that gallery."""
        ...

    def evidence_or_none(self, evidence_id: EvidenceId) -> FaceEvidence | None:
        """The result with that id."""
        ...

    def answered_faces(self, school: SchoolKey | None) -> Iterator[tuple[Resolution, Resolution]]:
        """What the search made of a face in a post of the school, and a person's last word on it.

        ``school`` None: of every post.
        """
        ...
