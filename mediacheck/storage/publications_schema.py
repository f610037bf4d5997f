"""What went out, what families were asked, what has to come down: tables that only grow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from mediacheck.storage.append_only import guard
from mediacheck.storage.base import Base
from release_db.moments import UtcMoment


class ClearanceStudentRow(Base):
    """A clearance concerns a student."""

    __tablename__ = "clearance_students"

    clearance_id: Mapped[str] = mapped_column(
        ForeignKey("clearances.clearance_id"), primary_key=True
    )
    student_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    post_id: Mapped[str] = mapped_column(ForeignKey("posts.post_id"))


class VoidClearanceRow(Base):
    """A clearance that was made void before its end."""

    __tablename__ = "void_clearances"

    clearance_id: Mapped[str] = mapped_column(
        ForeignKey("clearances.clearance_id"), primary_key=True
    )
    trigger: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMoment)


class PublicationRow(Base):
    """A post that was handed over to be published, as it was then."""

    __tablename__ = "publications"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    publication_id: Mapped[str] = mapped_column(unique=True)
    clearance_id: Mapped[str] = mapped_column(ForeignKey("clearances.clearance_id"), unique=True)
    publication: Mapped[str] = mapped_column(Text)


class PublishedStudentRow(Base):
    """A student appears in a publication."""

    __tablename__ = "published_students"

    publication_id: Mapped[str] = mapped_column(
        ForeignKey("publications.publication_id"), primary_key=True
    )
    student_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class TakedownCaseRow(Base):
    """A student for whom something has to come down."""

    __tablename__ = "takedown_cases"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(unique=True)
    student_id: Mapped[str] = mapped_column(index=True)
    trigger: Mapped[str]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(UtcMoment)


class TakedownItemRow(Base):
    """One publication of a case."""

    __tablename__ = "takedown_items"

    case_id: Mapped[str] = mapped_column(ForeignKey("takedown_cases.case_id"), primary_key=True)
    publication_id: Mapped[str] = mapped_column(
        ForeignKey("publications.publication_id"), primary_key=True
    )


class TakedownStepRow(Base):
    """What was done about one publication of a case."""

    __tablename__ = "takedown_steps"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("takedown_cases.case_id"), index=True)
    publication_id: Mapped[str]
    act: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcMoment)
    by: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    post_id: Mapped[str | None]


class PictureQuestionRow(Base):
    """A family was asked about one picture."""

    __tablename__ = "picture_questions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    question_id: Mapped[str] = mapped_column(unique=True)
    student_id: Mapped[str] = mapped_column(index=True)
    question: Mapped[str] = mapped_column(Text)


for _row in (
    ClearanceStudentRow,
    VoidClearanceRow,
    PublicationRow,
    PublishedStudentRow,
    TakedownCaseRow,
    TakedownItemRow,
    TakedownStepRow,
    PictureQuestionRow,
):
    guard(Base.metadata.tables[_row.__tablename__])
