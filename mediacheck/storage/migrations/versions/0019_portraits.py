"""Portraits that wait to be enrolled, and references that came from posts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.moments import UtcMoment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portrait_batches",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("batch_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", UtcMoment(timezone=True), nullable=True),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_portrait_batches")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_portrait_batches_batch_id")),
    )
    op.create_index(op.f("ix_portrait_batches_state"), "portrait_batches", ["state"])
    op.create_table(
        "post_references",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("student_id", sa.String(100), nullable=False),
        sa.Column("reference_sha256", sa.String(64), nullable=False),
        sa.Column("post_id", sa.String(64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_post_references")),
        sa.UniqueConstraint(
            "student_id",
            "reference_sha256",
            name=op.f("uq_post_references_student_id"),
        ),
    )
    op.create_index(op.f("ix_post_references_student_id"), "post_references", ["student_id"])
    op.create_index(op.f("ix_post_references_post_id"), "post_references", ["post_id"])
