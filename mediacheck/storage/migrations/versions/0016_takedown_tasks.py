"""Takedowns by hand, what was shown for them, and the mails to the staff about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "takedown_tasks",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("publication_id", sa.String(), nullable=False),
        sa.Column("assigned_to", sa.String(), nullable=False),
        sa.Column("opened_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("due_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("reminded_at", UtcMoment(timezone=True), nullable=True),
        sa.Column("escalated_at", UtcMoment(timezone=True), nullable=True),
        sa.Column("closed_at", UtcMoment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["takedown_cases.case_id"], name=op.f("fk_takedown_tasks_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.publication_id"],
            name=op.f("fk_takedown_tasks_publication_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "publication_id", name=op.f("pk_takedown_tasks")),
    )
    op.create_index(op.f("ix_takedown_tasks_closed_at"), "takedown_tasks", ["closed_at"])
    op.create_table(
        "takedown_proofs",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("publication_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(timezone=True), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("screenshot", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["takedown_cases.case_id"], name=op.f("fk_takedown_proofs_case_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_takedown_proofs")),
    )
    op.create_index(op.f("ix_takedown_proofs_case_id"), "takedown_proofs", ["case_id"])
    op.create_table(
        "staff_mails",
        sa.Column("mail_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("queued_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("due_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_staff_mails")),
    )
    op.create_index(op.f("ix_staff_mails_due_at"), "staff_mails", ["due_at"])
    for statement in append_only_statements("takedown_proofs").get(op.get_bind().dialect.name, ()):
        op.execute(statement)
