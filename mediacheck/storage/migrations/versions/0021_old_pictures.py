"""Files of an archive that wait to be judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.moments import UtcMoment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "old_pictures",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("old_picture_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", UtcMoment(), nullable=True),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_old_pictures")),
        sa.UniqueConstraint("old_picture_id", name=op.f("uq_old_pictures_old_picture_id")),
    )
    op.create_index(op.f("ix_old_pictures_channel"), "old_pictures", ["channel"])
    op.create_index(op.f("ix_old_pictures_sha256"), "old_pictures", ["sha256"])
