"""Alembic's way in: runs the migrations on the connection that ``migrate`` hands over."""

from __future__ import annotations

from alembic import context

# Their tables are metadata too.
from release_db import schema_names, schema_office, schema_rosters, schema_terms  # noqa: F401
from release_db.migrate import VERSION_TABLE
from release_db.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
