"""Which old pictures were judged by a sweep that has not ended, so that it can go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "archive_pictures",
        sa.Column("in_open_sweep", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
