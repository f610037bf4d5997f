"""What the gallery holds, counted: by model, with the quality and the next last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from release_db.schema import TemplateRow
from release_db.words import StudentId


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTemplates:
    """The templates of one model. ``weak``: whose best portrait is below the quality asked for."""

    model: str
    templates: int
    students: int
    next_expiry_on: date | None
    weak: tuple[StudentId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldStudent:
    """The templates of one student: how many, the best quality, and the days they expire on."""

    student_id: StudentId
    templates: int
    best_quality: float | None
    first_expiry_on: date | None
    last_expiry_on: date | None


def held_students(session: Session) -> tuple[HeldStudent, ...]:
    """What is held of each student, by id."""
    expiry = TemplateRow.expires_on
    query = select(
        TemplateRow.student_id,
        func.count(),
        func.max(TemplateRow.quality),
        func.min(expiry),
        func.max(expiry),
    )
    rows = session.execute(query.group_by(TemplateRow.student_id).order_by(TemplateRow.student_id))
    return tuple(
        HeldStudent(
            student_id=StudentId(student_id),
            templates=templates,
            best_quality=best,
            first_expiry_on=first,
            last_expiry_on=last,
        )
        for student_id, templates, best, first, last in rows
    )


def held_templates(session: Session, weak_below: float) -> tuple[HeldTemplates, ...]:
    """What is held, by model; students whose portraits are weak are named by id."""
    query = select(
        TemplateRow.model,
        func.count(),
        func.count(TemplateRow.student_id.distinct()),
        func.min(TemplateRow.expires_on),
    )
    rows = session.execute(query.group_by(TemplateRow.model).order_by(TemplateRow.model)).all()
    return tuple(
        HeldTemplates(
            model=model,
            templates=templates,
            students=students,
            next_expiry_on=next_expiry_on,
            weak=_weak(session, model, weak_below),
        )
        for model, templates, students, next_expiry_on in rows
    )


def with_expired(session: Session, on: date) -> frozenset[StudentId]:
    """The students of whom a template is held that has expired: to be destroyed."""
    query = select(TemplateRow.student_id).where(TemplateRow.expires_on <= on).distinct()
    return frozenset(StudentId(student_id) for student_id in session.scalars(query))


def _weak(session: Session, model: str, below: float) -> tuple[StudentId, ...]:
    best = func.max(TemplateRow.quality)
    query = (
        select(TemplateRow.student_id)
        .where(TemplateRow.model == model)
        .group_by(TemplateRow.student_id)
        .having(best < below)
        .order_by(TemplateRow.student_id)
    )
    return tuple(StudentId(student_id) for student_id in session.scalars(query))
