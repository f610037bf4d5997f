"""The whole model"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.append_only import guard_statements, unguard_statements
from release_db.moments import UtcMoment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SIGNED = "starts_on language reason act"

# Table, the columns that never change, and those that erasing a student empties.
_WIDENED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "media_release",
        "release_id student_id use channel audience name_form answer capacity method notice given_on recorded_at ends_on supersedes "
        + _SIGNED,
        ("decided_by", "evidence"),
    ),
    (
        "biometric_consent",
        "release_id student_id answer capacity method notice given_on recorded_at ends_on "
        + _SIGNED,
        ("decided_by", "evidence"),
    ),
    (
        "protective_hold",
        "hold_id student_id starts_on ends_on audience channel review_on placed_by recorded_at",
        ("kind", "reference"),
    ),
    ("protective_hold_end", "number hold_id ends_on ended_by recorded_at", ()),
    (
        "destruction_record",
        "certificate_id student_id templates why destroyed_at destroyed_by backups_until",
        (),
    ),
)
_NEW: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("student_version", "number student_id school status left_on recorded_at", ()),
    (
        "guardian_version",
        "number guardian_id student_id rights basis recorded_by recorded_at",
        ("email", "verified_how"),
    ),
    (
        "channel_version",
        "number key audience school name_form is_official allows_close_ups recorded_at",
        (),
    ),
    (
        "court_order",
        "order_id student_id effect guardian_id uses audience starts_on ends_on review_on recorded_by recorded_at",
        ("reference",),
    ),
    ("court_order_end", "number order_id ends_on ended_by recorded_at", ()),
    (
        "item_consent",
        "item_consent_id student_id item channel use name_form answer capacity method given_on recorded_at ends_on act",
        ("decided_by", "evidence"),
    ),
    (
        "notice_text",
        "notice_id version language kind title body sha256 effective_on approved_by recorded_at is_machine_translation",
        (),
    ),
    (
        "notice_delivery",
        "delivery_id student_id notice language sent_on window_ends_on recorded_at",
        ("address",),
    ),
    ("notice_delivery_failure", "delivery_id failed_at", ()),
    ("preset", "number key position titles hints lines is_offered set_by set_at", ()),
    ("proposal", "proposal_id student_id kind proposed_by proposed_at", ("payload",)),
    ("proposal_decision", "proposal_id is_accepted decided_by decided_at", ()),
    ("renewal_round", "round_id year_ends_on opened_on opened_by recorded_at", ()),
)

# How things stand at the upgrade is how they stood before it, as far as anybody knows.
_FIRST_KNOWN = "1970-01-01 00:00:00.000000"
_FIRST_VERSIONS = (
    "INSERT INTO student_version (student_id, school, status, left_on, recorded_at) "
    f"SELECT student_id, school, status, left_on, '{_FIRST_KNOWN}' FROM student ORDER BY student_id",
    "INSERT INTO guardian_version (guardian_id, student_id, email, rights, basis, verified_how, "
    "recorded_by, recorded_at) SELECT guardian_id, student_id, email, rights, basis, verified_how, "
    f"'', '{_FIRST_KNOWN}' FROM guardian ORDER BY student_id, guardian_id",
    "INSERT INTO channel_version (key, audience, school, name_form, is_official, allows_close_ups, "
    "recorded_at) SELECT key, audience, school, name_form, is_official, allows_close_ups, "
    f"'{_FIRST_KNOWN}' FROM channel ORDER BY key",
)


def upgrade() -> None:
    op.create_table(
        "notice_text",
        sa.Column("notice_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "release",
                "biometric",
                name="notice_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.Column(
            "is_machine_translation", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.PrimaryKeyConstraint("notice_id", "version", "language", name=op.f("pk_notice_text")),
    )
    op.create_table(
        "preset",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_preset")),
    )
    op.create_index(op.f("ix_preset_key"), "preset", ["key"], unique=False)

    op.create_table(
        "renewal_round",
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("year_ends_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_renewal_round")),
        sa.UniqueConstraint("year_ends_on", name=op.f("uq_renewal_round_year_ends_on")),
    )
    op.create_table(
        "channel_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "household",
                "class",
                "school",
                "district",
                "public-web",
                "social",
                "print",
                "press",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("school", sa.String(length=100), nullable=True),
        sa.Column(
            "name_form",
            sa.Enum(
                "none",
                "initials",
                "first",
                "first+initial",
                "full",
                name="name_form",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.Column("allows_close_ups", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["channel.key"], name=op.f("fk_channel_version_key")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_channel_version")),
    )
    op.create_index(op.f("ix_channel_version_key"), "channel_version", ["key"], unique=False)

    op.create_table(
        "court_order",
        sa.Column("order_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column(
            "effect",
            sa.Enum(
                "removes-rights",
                "sole-rights",
                "rights-holder-only",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("guardian_id", sa.String(length=100), nullable=True),
        sa.Column("uses", sa.JSON(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "household",
                "class",
                "school",
                "district",
                "public-web",
                "social",
                "print",
                "press",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_court_order_student_id")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_court_order")),
    )
    op.create_index(op.f("ix_court_order_student_id"), "court_order", ["student_id"], unique=False)

    op.create_table(
        "guardian_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column(
            "rights",
            sa.Enum(
                "full",
                "unverified",
                "removed",
                name="rights",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "parent",
                "legal-guardian",
                "rights-holder",
                "agency",
                "other",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("verified_how", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_guardian_version_student_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_guardian_version")),
    )
    op.create_index(
        op.f("ix_guardian_version_student_id"), "guardian_version", ["student_id"], unique=False
    )

    op.create_table(
        "item_consent",
        sa.Column("item_consent_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "image",
                "name",
                "image+name",
                "work",
                "voice",
                name="use",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "name_form",
            sa.Enum(
                "none",
                "initials",
                "first",
                "first+initial",
                "full",
                name="name_form",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "answer",
            sa.Enum(
                "allow",
                "deny",
                "ask",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "capacity",
            sa.Enum(
                "guardian",
                "student",
                "office",
                "sis",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("act", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_item_consent_student_id")
        ),
        sa.PrimaryKeyConstraint("item_consent_id", name=op.f("pk_item_consent")),
    )
    op.create_index(op.f("ix_item_consent_act"), "item_consent", ["act"], unique=False)
    op.create_index(op.f("ix_item_consent_item"), "item_consent", ["item"], unique=False)
    op.create_index(
        op.f("ix_item_consent_student_id"), "item_consent", ["student_id"], unique=False
    )

    op.create_table(
        "notice_delivery",
        sa.Column("delivery_id", sa.String(length=64), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("notice", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("window_ends_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_notice_delivery_student_id")
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_notice_delivery")),
    )
    op.create_index(
        op.f("ix_notice_delivery_student_id"), "notice_delivery", ["student_id"], unique=False
    )

    op.create_table(
        "proposal",
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_proposal_student_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_student_id"), "proposal", ["student_id"], unique=False)

    op.create_table(
        "student_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("school", sa.String(length=100), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "departed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_student_version_student_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_student_version")),
    )
    op.create_index(
        op.f("ix_student_version_student_id"), "student_version", ["student_id"], unique=False
    )

    op.create_table(
        "court_order_end",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(length=100), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["court_order.order_id"], name=op.f("fk_court_order_end_order_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_court_order_end")),
    )
    op.create_index(
        op.f("ix_court_order_end_order_id"), "court_order_end", ["order_id"], unique=False
    )

    op.create_table(
        "notice_delivery_failure",
        sa.Column("delivery_id", sa.String(length=64), nullable=False),
        sa.Column("failed_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["notice_delivery.delivery_id"],
            name=op.f("fk_notice_delivery_failure_delivery_id"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_notice_delivery_failure")),
    )
    op.create_table(
        "proposal_decision",
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.proposal_id"], name=op.f("fk_proposal_decision_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal_decision")),
    )
    op.add_column("biometric_consent", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column(
        "biometric_consent",
        sa.Column("language", sa.String(length=35), server_default="", nullable=False),
    )
    op.add_column(
        "biometric_consent", sa.Column("evidence", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "biometric_consent",
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column("biometric_consent", sa.Column("act", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_biometric_consent_act"), "biometric_consent", ["act"], unique=False)

    op.add_column(
        "channel",
        sa.Column("allows_close_ups", sa.Boolean(), server_default=sa.true(), nullable=False),
    )

    op.add_column(
        "destruction_record",
        sa.Column("destroyed_by", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column("destruction_record", sa.Column("backups_until", sa.Date(), nullable=True))

    op.add_column("gallery_template", sa.Column("quality", sa.Double(), nullable=True))
    op.add_column("gallery_template", sa.Column("expires_on", sa.Date(), nullable=True))

    op.add_column(
        "guardian", sa.Column("name", sa.String(length=200), server_default="", nullable=False)
    )
    op.add_column(
        "guardian", sa.Column("language", sa.String(length=35), server_default="", nullable=False)
    )
    op.add_column(
        "guardian",
        sa.Column(
            "basis",
            sa.Enum(
                "parent",
                "legal-guardian",
                "rights-holder",
                "agency",
                "other",
                name="basis",
                native_enum=False,
                length=20,
            ),
            server_default="parent",
            nullable=False,
        ),
    )
    op.add_column(
        "guardian",
        sa.Column("verified_how", sa.String(length=200), server_default="", nullable=False),
    )

    op.add_column("media_release", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column(
        "media_release",
        sa.Column("language", sa.String(length=35), server_default="", nullable=False),
    )
    op.add_column(
        "media_release", sa.Column("evidence", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "media_release",
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column("media_release", sa.Column("act", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_media_release_act"), "media_release", ["act"], unique=False)

    op.add_column(
        "protective_hold",
        sa.Column(
            "audience",
            sa.Enum(
                "household",
                "class",
                "school",
                "district",
                "public-web",
                "social",
                "print",
                "press",
                name="audience",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
    )
    op.add_column("protective_hold", sa.Column("channel", sa.String(length=100), nullable=True))
    op.add_column("protective_hold", sa.Column("review_on", sa.Date(), nullable=True))
    op.add_column(
        "protective_hold",
        sa.Column("reference", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column(
        "protective_hold",
        sa.Column("placed_by", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column("protective_hold", sa.Column("recorded_at", UtcMoment(), nullable=True))

    op.add_column(
        "protective_hold_end",
        sa.Column("ended_by", sa.String(length=200), server_default="", nullable=False),
    )
    op.add_column("protective_hold_end", sa.Column("recorded_at", UtcMoment(), nullable=True))

    op.add_column(
        "student", sa.Column("email", sa.String(length=320), server_default="", nullable=False)
    )
    for statement in _FIRST_VERSIONS:
        op.execute(statement)
    dialect = op.get_context().dialect.name
    for table, *_ in _WIDENED:
        for statement in unguard_statements(dialect, table=table):
            op.execute(statement)
    for table, fixed, personal in (*_WIDENED, *_NEW):
        for statement in guard_statements(
            dialect, table=table, fixed=fixed.split(), personal=personal
        ):
            op.execute(statement)
