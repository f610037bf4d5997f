"""What was measured on the district's own galleries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gallery_measurements",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("measurement_id", sa.String(64), nullable=False),
        sa.Column("school", sa.String(100), nullable=True),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("claimed_at", UtcMoment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_gallery_measurements")),
        sa.UniqueConstraint("measurement_id", name=op.f("uq_gallery_measurements_measurement_id")),
    )
    op.create_index(op.f("ix_gallery_measurements_school"), "gallery_measurements", ["school"])
    op.create_index(op.f("ix_gallery_measurements_state"), "gallery_measurements", ["state"])
    op.create_table(
        "face_evidence",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("evidence_id", sa.String(64), nullable=False),
        sa.Column("school", sa.String(100), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_face_evidence")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_face_evidence_evidence_id")),
    )
    op.create_index(op.f("ix_face_evidence_school"), "face_evidence", ["school"])
    for statement in append_only_statements("face_evidence").get(op.get_bind().dialect.name, ()):
        op.execute(statement)
