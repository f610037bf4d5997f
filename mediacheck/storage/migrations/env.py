"""Alembic's way in: runs the migrations on the connection that ``migrate`` hands over."""

from __future__ import annotations

from alembic import context

from mediacheck.storage.migrate import VERSION_TABLE
from mediacheck.storage.tables import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
