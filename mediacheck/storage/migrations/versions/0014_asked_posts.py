"""Posts as their authors handed them on, to be compared with what goes out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_posts",
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.post_id"], name=op.f("fk_asked_posts_post_id")
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_asked_posts")),
    )
