"""What the office finds a student by, and what it looked at again."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from release_db.append_only import guard_statements
from release_db.folding import folded
from release_db.moments import UtcMoment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NAMES = "given_name, middle_name, family_name, preferred_name, other_names, student_id"


def upgrade() -> None:
    op.add_column(
        "student", sa.Column("search_words", sa.Text(), server_default="", nullable=False)
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT {_NAMES} FROM student WHERE erased_at IS NULL"))
    words = [
        {"id": student_id, "words": folded(" ".join((*names, *_listed(others), student_id)))}
        for *names, others, student_id in rows
    ]
    if words:
        keep = "UPDATE student SET search_words = :words WHERE student_id = :id"
        connection.execute(sa.text(keep), words)
    _add_reviews()


def _add_reviews() -> None:
    op.create_table(
        "review",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_review_student_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_student_id"), "review", ["student_id"], unique=False)
    fixed = ("number", "student_id", "subject", "next_on", "reviewed_by", "recorded_at")
    for statement in guard_statements(op.get_context().dialect.name, table="review", fixed=fixed):
        op.execute(statement)


def _listed(others: str | list[str]) -> list[str]:
    """The other names: a list already, or the text of one, as the database gives it."""
    return list(json.loads(others)) if isinstance(others, str) else others
