"""When a family's passkey was used last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.moments import UtcMoment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("family_passkeys", sa.Column("used_at", UtcMoment(), nullable=True))
