"""Posts that wait for a moment that a person chose, and what is known again on a timeline."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from release_db.moments import UtcMoment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dispatches", sa.Column("scheduled_for", UtcMoment(timezone=True), nullable=True)
    )
    op.create_index(op.f("ix_dispatches_scheduled_for"), "dispatches", ["scheduled_for"])
    op.add_column("dispatches", sa.Column("connection_id", sa.String(), nullable=True))
    op.add_column("dispatches", sa.Column("reference", sa.String(), nullable=True))
    op.create_index("ix_dispatches_reference", "dispatches", ["connection_id", "reference"])
    _fill()


def _fill() -> None:
    """What went out before is known again, too."""
    rows = op.get_bind().execute(sa.text("SELECT number, dispatch FROM dispatches")).all()
    change = sa.text(
        "UPDATE dispatches SET connection_id = :connection_id, reference = :reference"
        " WHERE number = :number"
    )
    for number, text in rows:
        held = json.loads(text)
        values = {
            "number": number,
            "connection_id": held["connection_id"],
            "reference": (held.get("posted") or {}).get("reference"),
        }
        op.get_bind().execute(change, values)
