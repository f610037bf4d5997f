"""The index of names, so that nobody's cost grows with the roster"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "name_entry",
        _student(),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        _to_student("name_entry"),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_name_entry")),
    )
    op.create_table(
        "name_bearer",
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _student(),
        _to_student("name_bearer"),
        sa.PrimaryKeyConstraint("kind", "name", "student_id", name=op.f("pk_name_bearer")),
    )
    op.create_index(op.f("ix_name_bearer_student_id"), "name_bearer", ["student_id"])
    op.create_table(
        "name_way",
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "way", "name", name=op.f("pk_name_way")),
    )
    op.create_index(op.f("ix_name_way_name"), "name_way", ["name"])
    op.create_table(
        "stale_name",
        _student(),
        _to_student("stale_name"),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_stale_name")),
    )
    op.create_table(
        "name_turn",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_name_turn")),
    )
    op.execute("INSERT INTO stale_name SELECT student_id FROM student WHERE erased_at IS NULL")


def _student() -> sa.Column[str]:
    return sa.Column("student_id", sa.String(length=64), nullable=False)


def _to_student(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["student_id"], ["student.student_id"], name=op.f(f"fk_{table}_student_id")
    )
