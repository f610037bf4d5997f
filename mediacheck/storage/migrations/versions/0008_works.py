"""What people said of student work in the pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_words",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("media_id", sa.String(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("prints", sa.Text(), nullable=False),
        sa.Column("at", UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.media_id"], name=op.f("fk_work_words_media_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_work_words_post_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_work_words")),
    )
    op.create_index(op.f("ix_work_words_media_id"), "work_words", ["media_id"])
    op.create_index(op.f("ix_work_words_post_id"), "work_words", ["post_id"])
    for statement in append_only_statements("work_words").get(op.get_bind().dialect.name, ()):
        op.execute(statement)
