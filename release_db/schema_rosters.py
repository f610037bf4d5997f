"""The tables of what a student information system says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from release_db.moments import UtcMoment
from release_db.schema import Base, guard_tables, student_key, word_column
from release_db.words import Answer, Audience, NameForm, Use


class SisCodeRow(Base):
    """One meaning of a permission code. Append-only; the rows of the last edition count."""

    __tablename__ = "sis_code"

    number: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(40))
    use: Mapped[Use | None] = mapped_column(word_column(Use, "use"))
    channel: Mapped[str | None] = mapped_column(String(100))
    audience: Mapped[Audience | None] = mapped_column(word_column(Audience, "audience"))
    name_form: Mapped[NameForm | None] = mapped_column(word_column(NameForm, "name_form"))
    answer: Mapped[Answer | None] = mapped_column(word_column(Answer, "answer"))
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcMoment)


class BirthVersionRow(Base):
    """A student's birth date from a moment on, as ISO; blank where it is unknown. Append-only.

    It is a text, so that it can be emptied like every other when the student is erased.
    """

    __tablename__ = "birth_version"

    number: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[str] = student_key()
    birth_on: Mapped[str] = mapped_column(String(10))
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


#: The append-only tables here, with the columns that are emptied when a student is erased.
APPEND_ONLY_ROSTERS: dict[type[Base], tuple[str, ...]] = {
    SisCodeRow: (),
    BirthVersionRow: ("birth_on",),
}

guard_tables(APPEND_ONLY_ROSTERS)
