"""What goes out of a checked picture, as its channel takes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media", sa.Column("rendition", sa.Text(), nullable=True))
