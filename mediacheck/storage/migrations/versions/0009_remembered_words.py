"""Words that are no student's, remembered for a class."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WORDS = "remembered_words"


def upgrade() -> None:
    op.create_table(
        _WORDS,
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("class_key", sa.String(), nullable=False),
        sa.Column("phrase_key", sa.String(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.post_id"], name=op.f("fk_remembered_words_post_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_remembered_words")),
    )
    op.create_index(op.f("ix_remembered_words_class_key"), _WORDS, ["class_key", "phrase_key"])
    op.create_index(op.f("ix_remembered_words_post_id"), _WORDS, ["post_id"])
    op.create_table(
        "remembered_ends",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["remembered_words.number"], name=op.f("fk_remembered_ends_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_remembered_ends")),
    )
    op.create_table(
        "remembered_phrases",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["remembered_words.number"], name=op.f("fk_remembered_phrases_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_remembered_phrases")),
    )
    for table in (_WORDS, "remembered_ends"):
        for statement in append_only_statements(table).get(op.get_bind().dialect.name, ()):
            op.execute(statement)
