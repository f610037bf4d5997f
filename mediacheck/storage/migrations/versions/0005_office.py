"""The mailings of renewal rounds, and the office's notes on requests"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_mailings",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mailing_id", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("schools", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_round_mailings")),
        sa.UniqueConstraint("mailing_id", name=op.f("uq_round_mailings_mailing_id")),
    )
    op.create_index(op.f("ix_round_mailings_round_id"), "round_mailings", ["round_id"])
    op.create_table(
        "round_mailing_steps",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mailing_id", sa.String(length=64), nullable=False),
        sa.Column("up_to", sa.String(length=100), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id"],
            ["round_mailings.mailing_id"],
            name=op.f("fk_round_mailing_steps_mailing_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_round_mailing_steps")),
    )
    op.create_index(
        op.f("ix_round_mailing_steps_mailing_id"), "round_mailing_steps", ["mailing_id"]
    )
    op.create_table(
        "family_request_notes",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["family_requests.request_id"],
            name=op.f("fk_family_request_notes_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_family_request_notes")),
    )
    dialect = op.get_bind().dialect.name
    for table in ("round_mailings", "round_mailing_steps"):
        for statement in append_only_statements(table).get(dialect, ()):
            op.execute(statement)
