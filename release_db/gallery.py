"""The enrolled face templates and portraits, sealed, of students who have consented to it.

Every student has a data key of their own, wrapped under the gallery's key. Destroying the data key
makes every copy of the templates unreadable, those in backups too.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from math import isfinite

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from release_db import store, store_files
from release_db.destruction import destroy_reference, destroy_templates
from release_db.errors import GalleryUnreadable, NoBiometricConsent, RecognitionOff, UnfitTemplate
from release_db.expiry import TEMPLATE_MONTHS_KEY, expiry_of
from release_db.gallery_overview import (
    HeldStudent,
    HeldTemplates,
    held_students,
    held_templates,
    with_expired,
)
from release_db.recognition import OFF, recognition_at
from release_db.records import DestructionRecord, Template
from release_db.rekeying import Rewrapped, rewrap_batch, unwrapped, wrapped_under
from release_db.rows import record_from
from release_db.rules import biometric_consent_or_none
from release_db.schema import DestructionRow, KeyRow, PortraitRow, StudentRow, TemplateRow
from release_db.sealing import KeyRing, OneKey, Seal, Unsealable, new_key
from release_db.words import SchoolKey, StudentId

_FLOAT_BYTES = 4


class StudentGallery:
    """Keeps, gives out and destroys templates. Implements the ``Gallery`` port.

    Nothing is ever given out for a student without a live biometric consent, and nothing for
    another model than the one that was asked for.
    """

    def __init__(self, session: Session, keys: bytes | KeyRing) -> None:
        """Works in that session, under a key of 32 bytes (``ValueError`` for others) or a ring."""
        self._session = session
        self._ring = OneKey(keys) if isinstance(keys, bytes) else keys

    def templates(
        self, students: Collection[StudentId], model: str, on: date
    ) -> tuple[Template, ...]:
        """The live templates of these students made by ``model``, by student.

        Raises:
            GalleryUnreadable: a template cannot be unsealed, or is not what its row says.
        """
        rows: list[TemplateRow] = []
        for chunk in store.chunks_of(students):
            rows.extend(
                self._template_rows(
                    and_(
                        TemplateRow.model == model,
                        TemplateRow.student_id.in_(chunk),
                        _is_unexpired(on),
                    )
                )
            )
        live = self._consenting((StudentId(row.student_id) for row in rows), on)
        seals = self._data_seals(live)
        return tuple(
            self._open_template(row, seals) for row in rows if StudentId(row.student_id) in live
        )

    def enroll(
        self, template: Template, *, reference_sha256: str, portrait: bytes | None, at: datetime
    ) -> None:
        """Keeps a template and a small JPEG portrait, both sealed under the student's own key.

        The same reference enrolled again replaces its template; the newest portrait is kept, and
        with None the one that there is.

        Raises:
            NoBiometricConsent: the student has no live biometric consent.
            RecognitionOff: nothing may be held at the student's school.
            UnfitTemplate: the vector is not one of its model.
            GalleryUnreadable: the student's key was wrapped under another gallery key.
        """
        student_id, model = template.student_id, template.model
        self._require_recognition(student_id)
        if student_id not in self._consenting([student_id], at.date()):
            raise NoBiometricConsent(student_id)
        self._require_fit(template)
        seal = self._own_seal(student_id)
        row = self._template_row_or_none(template, reference_sha256) or TemplateRow(
            student_id=student_id, model=model, reference_sha256=reference_sha256
        )
        row.vector_bytes = len(template.vector)
        row.sealed = seal.seal(template.vector, student_id, model, "template")
        row.enrolled_at = at
        row.quality = template.quality
        row.expires_on = self._expiry(student_id, at.date())
        self._session.add(row)
        if portrait is not None:
            sealed = seal.seal(portrait, student_id, "", "portrait")
            self._session.merge(PortraitRow(student_id=student_id, sealed=sealed))
        self._session.flush()

    def portrait_or_none(self, student_id: StudentId, on: date) -> bytes | None:
        """A small JPEG, when the family has consented to one being held.

        Raises:
            GalleryUnreadable: the portrait cannot be unsealed.
        """
        row = self._session.get(PortraitRow, student_id)
        if row is None or student_id not in self._consenting([student_id], on):
            return None
        seals = self._data_seals([student_id])
        return self._unseal(row.sealed, seals, student_id, "", "portrait")

    def enrolled(self, on: date) -> frozenset[StudentId]:
        """The students who have a live template."""
        query = select(TemplateRow.student_id).where(_is_unexpired(on)).distinct()
        holders = self._session.scalars(query)
        return self._consenting((StudentId(student_id) for student_id in holders), on)

    def held_at(self, schools: Collection[SchoolKey]) -> int:
        """How many templates there are of students of these schools, expired ones too."""
        query = (
            select(func.count())
            .select_from(TemplateRow)
            .join(StudentRow, StudentRow.student_id == TemplateRow.student_id)
            .where(StudentRow.school.in_(schools))
        )
        return self._session.scalar(query) or 0

    def lapsed(self, on: date) -> frozenset[StudentId]:
        """The students of whom something is held without a live consent: to be destroyed."""
        holders = [StudentId(held) for held in self._session.scalars(select(KeyRow.student_id))]
        return frozenset(holders) - self._consenting(holders, on)

    def overdue(self, on: date) -> frozenset[StudentId]:
        """The students of whom something is held that should be destroyed by now."""
        return self.lapsed(on) | with_expired(self._session, on)

    def holders(self) -> tuple[HeldStudent, ...]:
        """What is held of each student, by id; expired templates count until they are destroyed."""
        return held_students(self._session)

    def overview(self, *, weak_below: float) -> tuple[HeldTemplates, ...]:
        """What is held, by model."""
        return held_templates(self._session, weak_below)

    def destroy(self, student_id: StudentId, *, why: str, at: datetime) -> int:
        """Destroys key, templates and portrait; returns how many templates there were."""
        record = destroy_templates(self._session, student_id, why=why, at=at)
        return record.templates if record is not None else 0

    def holds_reference(self, student_id: StudentId, reference_sha256: str) -> bool:
        """Whether there is a template of that reference, expired ones too."""
        query = select(func.count()).where(
            TemplateRow.student_id == student_id, TemplateRow.reference_sha256 == reference_sha256
        )
        return bool(self._session.scalar(query))

    def destroy_reference(
        self, student_id: StudentId, reference_sha256: str, *, why: str, by: str, at: datetime
    ) -> int:
        """Destroys the templates of one reference; returns how many there were."""
        record = destroy_reference(
            self._session, student_id, reference_sha256, why=why, by=by, at=at
        )
        return record.templates if record is not None else 0

    def destructions(self) -> tuple[DestructionRecord, ...]:
        """Every certificate of a destruction, oldest first."""
        query = select(DestructionRow).order_by(DestructionRow.destroyed_at)
        return tuple(record_from(DestructionRecord, row) for row in self._session.scalars(query))

    def destruction_or_none(self, certificate_id: str) -> DestructionRecord | None:
        """The certificate with that id."""
        row = self._session.get(DestructionRow, certificate_id)
        return record_from(DestructionRecord, row) if row is not None else None

    def rewrap(self, *, after: StudentId | None, most: int) -> Rewrapped:
        """Wraps the next students' keys under the gallery's present key."""
        return rewrap_batch(self._session, self._ring, after=after, most=most)

    def wrapped_under(self) -> Mapping[str, int]:
        """How many students' keys are wrapped under each of the gallery's keys, by its id."""
        return wrapped_under(self._session)

    def _consenting(self, students: Iterable[StudentId], on: date) -> frozenset[StudentId]:
        files = store_files.consent_files(self._session, set(students))
        return frozenset(
            student_id
            for student_id, file in files.items()
            if biometric_consent_or_none(file, on) is not None
        )

    def _template_rows(self, wanted: ColumnElement[bool]) -> list[TemplateRow]:
        query = select(TemplateRow).where(wanted)
        return list(
            self._session.scalars(query.order_by(TemplateRow.student_id, TemplateRow.number))
        )

    def _template_row_or_none(
        self, template: Template, reference_sha256: str
    ) -> TemplateRow | None:
        query = select(TemplateRow).where(
            TemplateRow.student_id == template.student_id,
            TemplateRow.model == template.model,
            TemplateRow.reference_sha256 == reference_sha256,
        )
        return self._session.scalar(query)

    def _require_recognition(self, student_id: StudentId) -> None:
        school = self._session.scalar(
            select(StudentRow.school).where(StudentRow.student_id == student_id)
        )
        key = SchoolKey(school) if school is not None else None
        if recognition_at(self._session, key) == OFF:
            raise RecognitionOff(student_id)

    def _expiry(self, student_id: StudentId, on: date) -> date:
        birth_on, school = self._session.execute(
            select(StudentRow.birth_on, StudentRow.school).where(
                StudentRow.student_id == student_id
            )
        ).one()
        months = store.policy_or_none(self._session, TEMPLATE_MONTHS_KEY, SchoolKey(school))
        return expiry_of(birth_on, on, months)

    def _require_fit(self, template: Template) -> None:
        lengths = select(TemplateRow.vector_bytes).where(TemplateRow.model == template.model)
        known = self._session.scalar(lengths.limit(1))
        length = len(template.vector)
        is_whole = length > 0 and length % _FLOAT_BYTES == 0
        if not is_whole or known not in {None, length} or not _is_finite(template.vector):
            raise UnfitTemplate(template.student_id)

    def _own_seal(self, student_id: StudentId) -> Seal:
        if self._session.get(KeyRow, student_id) is None:
            present = self._ring.current()
            wrapped = present.seal(new_key(), student_id, present.key_id)
            self._session.add(KeyRow(student_id=student_id, key_id=present.key_id, wrapped=wrapped))
            self._session.flush()
        return self._data_seals([student_id])[student_id]

    def _data_seals(self, students: Collection[StudentId]) -> dict[StudentId, Seal]:
        seals: dict[StudentId, Seal] = {}
        for chunk in store.chunks_of(students):
            for row in self._session.scalars(select(KeyRow).where(KeyRow.student_id.in_(chunk))):
                student_id = StudentId(row.student_id)
                seals[student_id] = self._unwrap(row)
        return seals

    def _unwrap(self, row: KeyRow) -> Seal:
        try:
            return unwrapped(row, self._ring)
        except (Unsealable, ValueError) as error:
            raise GalleryUnreadable(StudentId(row.student_id)) from error

    def _open_template(self, row: TemplateRow, seals: Mapping[StudentId, Seal]) -> Template:
        student_id = StudentId(row.student_id)
        vector = self._unseal(row.sealed, seals, student_id, row.model, "template")
        if len(vector) != row.vector_bytes:
            raise GalleryUnreadable(student_id)
        return Template(
            student_id=student_id,
            model=row.model,
            vector=vector,
            quality=row.quality,
            reference_sha256=row.reference_sha256,
        )

    @staticmethod
    def _unseal(
        sealed: bytes, seals: Mapping[StudentId, Seal], student_id: StudentId, *rest: str
    ) -> bytes:
        if student_id not in seals:
            raise GalleryUnreadable(student_id)
        try:
            return seals[student_id].unseal(sealed, student_id, *rest)
        except Unsealable as error:
            raise GalleryUnreadable(student_id) from error


def _is_unexpired(on: date) -> ColumnElement[bool]:
    return TemplateRow.expires_on.is_(None) | (TemplateRow.expires_on > on)


def _is_finite(vector: bytes) -> bool:
    return all(isfinite(number) for (number,) in struct.iter_unpack("<f", vector))
