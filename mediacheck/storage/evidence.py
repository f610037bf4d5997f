"""Measurements of galleries on SQLAlchemy: ``SqlEvidence`` implements the ``Evidence`` port."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mediacheck.model.face_evidence import (
    EvidenceId,
    FaceEvidence,
    Measurement,
    MeasurementId,
    MeasurementState,
)
from mediacheck.model.resolution import Resolution
from mediacheck.ports.posts import Seen
from mediacheck.storage.codec import from_json, to_json
from mediacheck.storage.evidence_schema import EvidenceRow, MeasurementRow
from mediacheck.storage.posts_schema import MediaRow, PostRow, ResolutionRow, SeenRow
from release_db.words import SchoolKey

_ROWS_AT_ONCE = 200


class SqlEvidence:
    """Measurements and their results as one transaction sees them. Never commits."""

    def __init__(self, session: Session) -> None:
        """Works inside the transaction of ``session``."""
        self._session = session

    def ask(self, measurement: Measurement) -> None:
        """Keeps that somebody asked for a measurement."""
        row = MeasurementRow(
            measurement_id=measurement.measurement_id,
            school=measurement.school,
            asked_by=measurement.asked_by,
            asked_at=measurement.asked_at,
            state=measurement.state,
            claimed_at=None,
        )
        self._session.add(row)
        self._session.flush()

    def claim_or_none(self, measurement_id: MeasurementId, at: datetime) -> Measurement | None:
        """Takes up a waiting measurement; None when it is not waiting (any more)."""
        taken = self._session.execute(
            update(MeasurementRow)
            .where(
                MeasurementRow.measurement_id == measurement_id,
                MeasurementRow.state == MeasurementState.WAITING,
            )
            .values(state=MeasurementState.RUNNING, claimed_at=at)
            .returning(MeasurementRow.number)
        ).scalar_one_or_none()
        if taken is None:
            return None
        row = self._session.get_one(MeasurementRow, taken, populate_existing=True)
        return _measurement_of(row)

    def end(self, measurement_id: MeasurementId, *, is_failed: bool) -> None:
        """Keeps that a measurement has come to its end."""
        state = MeasurementState.FAILED if is_failed else MeasurementState.DONE
        self._session.execute(
            update(MeasurementRow)
            .where(MeasurementRow.measurement_id == measurement_id)
            .values(state=state)
        )

    def waiting(self, before: datetime) -> tuple[MeasurementId, ...]:
        """Those that wait, or that were taken up before ``before`` and never ended.

        The latter are put back to waiting.
        """
        running = MeasurementRow.state == MeasurementState.RUNNING
        self._session.execute(
            update(MeasurementRow)
            .where(running, MeasurementRow.claimed_at < before)
            .values(state=MeasurementState.WAITING)
        )
        query = select(MeasurementRow.measurement_id).where(
            MeasurementRow.state == MeasurementState.WAITING
        )
        return tuple(map(MeasurementId, self._session.scalars(query)))

    def newest_asked_or_none(self, school: SchoolKey | None) -> Measurement | None:
        """The measurement of that gallery that was asked for last."""
        query = (
            select(MeasurementRow)
            .where(MeasurementRow.school.is_not_distinct_from(school))
            .order_by(MeasurementRow.number.desc())
            .limit(1)
        )
        row = self._session.scalars(query).one_or_none()
        return _measurement_of(row) if row is not None else None

    def keep(self, evidence: FaceEvidence) -> None:
        """Keeps a result. Append-only."""
        row = EvidenceRow(
            evidence_id=evidence.evidence_id,
            school=evidence.school,
            evidence=to_json(evidence, FaceEvidence),
        )
        self._session.add(row)
        self._session.flush()

    def latest_or_none(self, school: SchoolKey | None) -> FaceEvidence | None:
        """The newest result for that gallery."""
        query = (
            select(EvidenceRow.evidence)
            .where(EvidenceRow.school.is_not_distinct_from(school))
            .order_by(EvidenceRow.number.desc())
            .limit(1)
        )
        return _evidence_or_none(self._session.scalar(query))

    def evidence_or_none(self, evidence_id: EvidenceId) -> FaceEvidence | None:
        """The result with that id."""
        query = select(EvidenceRow.evidence).where(EvidenceRow.evidence_id == evidence_id)
        return _evidence_or_none(self._session.scalar(query))

    def answered_faces(self, school: SchoolKey | None) -> Iterator[tuple[Resolution, Resolution]]:
        """What the search made of a face in a post of the school, and a person's last word on it.

        ``school`` None: of every post.
        """
        words = self._last_words(school)
        query = (
            select(MediaRow.post_id, SeenRow.seen)
            .join(SeenRow, SeenRow.media_id == MediaRow.media_id)
            .join(PostRow, PostRow.post_id == MediaRow.post_id)
            .where(MediaRow.removed.is_(False))
        )
        if school is not None:
            query = query.where(PostRow.school == school)
        for post_id, text in self._session.execute(query).yield_per(_ROWS_AT_ONCE):
            for finding, match in from_json(text, Seen).matches.items():
                word = words.get((post_id, finding))
                if word is not None:
                    # A union is no class to a type checker, but the codec was told of it.
                    yield match, from_json(word, Resolution)  # type: ignore[arg-type]

    def _last_words(self, school: SchoolKey | None) -> dict[tuple[str, str], str]:
        query = select(
            ResolutionRow.post_id, ResolutionRow.finding_id, ResolutionRow.resolution
        ).order_by(ResolutionRow.number)
        if school is not None:
            query = query.join(PostRow, PostRow.post_id == ResolutionRow.post_id).where(
                PostRow.school == school
            )
        return {(post, finding): word for post, finding, word in self._session.execute(query)}


def _measurement_of(row: MeasurementRow) -> Measurement:
    return Measurement(
        measurement_id=MeasurementId(row.measurement_id),
        school=SchoolKey(row.school) if row.school is not None else None,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=MeasurementState(row.state),
    )


def _evidence_or_none(text: str | None) -> FaceEvidence | None:
    return from_json(text, FaceEvidence) if text is not None else None
