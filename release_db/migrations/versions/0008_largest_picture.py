"""How large a picture may be on a channel, whatever its account takes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel", sa.Column("largest_side_px", sa.Integer(), nullable=True))
