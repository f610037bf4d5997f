"""Families' accounts, invitations and mail"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.moments import UtcMoment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "family_accounts",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("email_key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_pending", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_family_accounts")),
        sa.UniqueConstraint("email_key", name=op.f("uq_family_accounts_email_key")),
    )
    op.create_table(
        "family_challenges",
        sa.Column("challenge_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("ends_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["family_accounts.account_id"],
            name=op.f("fk_family_challenges_account_id"),
        ),
        sa.PrimaryKeyConstraint("challenge_sha256", name=op.f("pk_family_challenges")),
    )
    op.create_table(
        "family_codes",
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("ends_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["family_accounts.account_id"], name=op.f("fk_family_codes_account_id")
        ),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_family_codes")),
    )
    with op.batch_alter_table("family_codes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_family_codes_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "family_links",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("ends_at", UtcMoment(), nullable=False),
        sa.Column("used_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["family_accounts.account_id"], name=op.f("fk_family_links_account_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_family_links")),
    )
    with op.batch_alter_table("family_links", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_family_links_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "family_mails",
        sa.Column("mail_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", UtcMoment(), nullable=False),
        sa.Column("due_at", UtcMoment(), nullable=False),
        sa.Column("last_code", sa.Integer(), nullable=True),
        sa.Column("sent_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["family_accounts.account_id"], name=op.f("fk_family_mails_account_id")
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_family_mails")),
    )
    with op.batch_alter_table("family_mails", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_family_mails_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_family_mails_state"), ["state"], unique=False)

    op.create_table(
        "family_passkeys",
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["family_accounts.account_id"],
            name=op.f("fk_family_passkeys_account_id"),
        ),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_family_passkeys")),
    )
    with op.batch_alter_table("family_passkeys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_family_passkeys_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "family_sessions",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("authenticated", sa.String(length=20), nullable=False),
        sa.Column("link_sha256", sa.String(length=64), nullable=True),
        sa.Column("opened_at", UtcMoment(), nullable=False),
        sa.Column("used_at", UtcMoment(), nullable=False),
        sa.Column("ended_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["family_accounts.account_id"],
            name=op.f("fk_family_sessions_account_id"),
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_family_sessions")),
    )
    with op.batch_alter_table("family_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_family_sessions_account_id"), ["account_id"], unique=False
        )
