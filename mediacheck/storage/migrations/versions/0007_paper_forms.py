"""Paper forms, and the office's word on disagreements"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_forms",
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("scan_kind", sa.String(length=20), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("scan_view", sa.String(length=64), nullable=False),
        sa.Column("signer", sa.String(length=100), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", name=op.f("pk_paper_forms")),
    )
    op.create_index(op.f("ix_paper_forms_student_id"), "paper_forms", ["student_id"])
    op.create_table(
        "settlements",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=210), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column("settled_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_settlements")),
    )
    op.create_index(op.f("ix_settlements_key"), "settlements", ["key"])
    op.create_index(op.f("ix_settlements_student_id"), "settlements", ["student_id"])
    op.create_table(
        "settlement_notes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["settlements.number"], name=op.f("fk_settlement_notes_number")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_settlement_notes")),
    )
    dialect = op.get_bind().dialect.name
    for table in ("paper_forms", "settlements"):
        for statement in append_only_statements(table).get(dialect, ()):
            op.execute(statement)
