"""What the office finds a student by."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from release_db.folding import folded

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NAMES = "given_name, middle_name, family_name, preferred_name, other_names, student_id"


def upgrade() -> None:
    op.add_column(
        "student", sa.Column("search_words", sa.Text(), server_default="", nullable=False)
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT {_NAMES} FROM student WHERE erased_at IS NULL"))
    words = [
        {"id": student_id, "words": folded(" ".join((*names, *_listed(others), student_id)))}
        for *names, others, student_id in rows
    ]
    if words:
        keep = "UPDATE student SET search_words = :words WHERE student_id = :id"
        connection.execute(sa.text(keep), words)


def _listed(others: str | list[str]) -> list[str]:
    """The other names: a list already, or the text of one, as the database gives it."""
    return list(json.loads(others)) if isinstance(others, str) else others
