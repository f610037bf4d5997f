"""Connected accounts, and cleared posts on their way to one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "connections",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_connections")),
        sa.UniqueConstraint("connection_id", name=op.f("uq_connections_connection_id")),
    )
    op.create_index(op.f("ix_connections_channel"), "connections", ["channel"])
    op.create_table(
        "link_attempts",
        sa.Column("state_sha256", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(timezone=True), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_link_attempts")),
    )
    op.create_index(op.f("ix_link_attempts_by"), "link_attempts", ["by"])
    _create_dispatches()
    op.create_table(
        "publish_approvals",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("clearance_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clearance_id"],
            ["clearances.clearance_id"],
            name=op.f("fk_publish_approvals_clearance_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_publish_approvals")),
    )
    op.create_index(
        op.f("ix_publish_approvals_clearance_id"), "publish_approvals", ["clearance_id"]
    )
    dialect = op.get_bind().dialect.name
    for statement in append_only_statements("publish_approvals").get(dialect, ()):
        op.execute(statement)


def _create_dispatches() -> None:
    op.create_table(
        "dispatches",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("dispatch_id", sa.String(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("clearance_id", sa.String(), nullable=False),
        sa.Column("publication_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", UtcMoment(timezone=True), nullable=True),
        sa.Column("removal_due_at", UtcMoment(timezone=True), nullable=True),
        sa.Column("dispatch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clearance_id"], ["clearances.clearance_id"], name=op.f("fk_dispatches_clearance_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.post_id"], name=op.f("fk_dispatches_post_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.publication_id"],
            name=op.f("fk_dispatches_publication_id"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("dispatch_id", name=op.f("uq_dispatches_dispatch_id")),
        sa.UniqueConstraint("clearance_id", name=op.f("uq_dispatches_clearance_id")),
    )
    for column in ("post_id", "publication_id", "due_at", "removal_due_at"):
        op.create_index(op.f(f"ix_dispatches_{column}"), "dispatches", [column])
