"""A student's own address in one case, so that who signs in is found without reading everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "student", sa.Column("email_key", sa.String(length=320), server_default="", nullable=False)
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT student_id, email FROM student WHERE email <> ''"))
    keys = [{"id": student_id, "key": email.strip().casefold()} for student_id, email in rows]
    if keys:
        keep = "UPDATE student SET email_key = :key WHERE student_id = :id"
        connection.execute(sa.text(keep), keys)
    op.create_index(op.f("ix_student_email_key"), "student", ["email_key"])
