"""What families ask for, and who looked"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("family_looks", "family_requests", "family_request_answers")


def upgrade() -> None:
    op.create_table(
        "family_looks",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_family_looks")),
    )
    op.create_index(op.f("ix_family_looks_student_id"), "family_looks", ["student_id"])
    op.create_table(
        "family_requests",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", UtcMoment(), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_family_requests")),
    )
    op.create_index(op.f("ix_family_requests_student_id"), "family_requests", ["student_id"])
    op.create_table(
        "family_request_answers",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("answered_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["family_requests.request_id"],
            name=op.f("fk_family_request_answers_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_family_request_answers")),
    )
    dialect = op.get_bind().dialect.name
    for table in _TABLES:
        for statement in append_only_statements(table).get(dialect, ()):
            op.execute(statement)
