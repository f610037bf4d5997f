"""What was read on the accounts' own timelines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.moments import UtcMoment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timeline_watches",
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("watch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_timeline_watches")),
    )
    op.create_table(
        "timeline_posts",
        sa.Column("watched_id", sa.String(), nullable=False),
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("posted_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=True),
        sa.Column("watched", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("watched_id", name=op.f("pk_timeline_posts")),
        sa.UniqueConstraint(
            "connection_id", "reference", name="uq_timeline_posts_connection_id_reference"
        ),
    )
    for column in ("posted_at", "state", "post_id"):
        op.create_index(op.f(f"ix_timeline_posts_{column}"), "timeline_posts", [column])
