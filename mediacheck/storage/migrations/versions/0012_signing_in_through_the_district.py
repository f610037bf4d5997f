"""Signing in through the district, and the teachers whom the roster lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.moments import UtcMoment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "sign_on_attempts",
        sa.Column("state_sha256", _ID, nullable=False),
        sa.Column("browser_sha256", _ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("begun_at", UtcMoment(timezone=True), nullable=False),
        sa.Column("wanted", sa.String(300), nullable=False),
        sa.Column("staff_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_sign_on_attempts_staff_id")
        ),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_sign_on_attempts")),
    )
    op.create_index(op.f("ix_sign_on_attempts_begun_at"), "sign_on_attempts", ["begun_at"])
    op.create_table(
        "staff_identities",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("tied_at", UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_staff_identities_staff_id")
        ),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_staff_identities")),
    )
    op.create_index(op.f("ix_staff_identities_staff_id"), "staff_identities", ["staff_id"])
    op.create_table(
        "roster_teachers",
        sa.Column("roster_id", _ID, nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("email_key", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("staff_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_roster_teachers_staff_id")
        ),
        sa.PrimaryKeyConstraint("roster_id", name=op.f("pk_roster_teachers")),
    )
    op.create_index(op.f("ix_roster_teachers_email_key"), "roster_teachers", ["email_key"])
    op.create_index(op.f("ix_roster_teachers_staff_id"), "roster_teachers", ["staff_id"])
    op.create_table(
        "roster_teacher_schools",
        sa.Column("roster_id", _ID, nullable=False),
        sa.Column("school", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["roster_id"],
            ["roster_teachers.roster_id"],
            name=op.f("fk_roster_teacher_schools_roster_id"),
        ),
        sa.PrimaryKeyConstraint("roster_id", "school", name=op.f("pk_roster_teacher_schools")),
    )
