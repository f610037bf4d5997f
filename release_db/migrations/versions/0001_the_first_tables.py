"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.append_only import guard_statements
from release_db.moments import UtcMoment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Table, the columns that never change, and those that erasing a student empties.
_APPEND_ONLY = (
    (
        "media_release",
        "release_id student_id use channel audience name_form answer capacity method notice given_on recorded_at ends_on supersedes",
        ("decided_by",),
    ),
    ("release_revocation", "number release_id student_id revoked_on recorded_at", ("revoked_by",)),
    ("protective_hold", "hold_id student_id starts_on ends_on", ("kind",)),
    ("protective_hold_end", "number hold_id ends_on", ()),
    (
        "biometric_consent",
        "release_id student_id answer capacity method notice given_on recorded_at ends_on",
        ("decided_by",),
    ),
    ("policy_value", "number key school value set_by set_at", ()),
    ("destruction_record", "certificate_id student_id templates why destroyed_at", ()),
)


def upgrade() -> None:
    op.create_table(
        "school",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_school")),
    )
    op.create_table(
        "channel",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
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
        sa.ForeignKeyConstraint(["school"], ["school.key"], name=op.f("fk_channel_school")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_channel")),
    )
    op.create_table(
        "class_group",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("school", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.key"], name=op.f("fk_class_group_school")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_class_group")),
    )
    with op.batch_alter_table("class_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_group_school"), ["school"], unique=False)

    op.create_table(
        "policy_value",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("school", sa.String(length=100), nullable=True),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.key"], name=op.f("fk_policy_value_school")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_policy_value")),
    )
    with op.batch_alter_table("policy_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_value_key"), ["key"], unique=False)

    op.create_table(
        "student",
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("middle_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("suffix", sa.String(length=200), nullable=False),
        sa.Column("preferred_name", sa.String(length=200), nullable=False),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("grade", sa.String(length=200), nullable=False),
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
        sa.Column("erased_at", UtcMoment(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["school"], ["school.key"], name=op.f("fk_student_school")),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_student")),
    )
    with op.batch_alter_table("student", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_student_school"), ["school"], unique=False)

    op.create_table(
        "biometric_consent",
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
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
        sa.Column("notice", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_biometric_consent_student_id")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_biometric_consent")),
    )
    with op.batch_alter_table("biometric_consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_biometric_consent_student_id"), ["student_id"], unique=False
        )

    op.create_table(
        "class_member",
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("class_key", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_key"], ["class_group.key"], name=op.f("fk_class_member_class_key")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_class_member_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", "class_key", name=op.f("pk_class_member")),
    )
    with op.batch_alter_table("class_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_member_class_key"), ["class_key"], unique=False)

    op.create_table(
        "destruction_record",
        sa.Column("certificate_id", sa.String(length=64), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("templates", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("destroyed_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_destruction_record_student_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_destruction_record")),
    )
    with op.batch_alter_table("destruction_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_destruction_record_student_id"), ["student_id"], unique=False
        )

    op.create_table(
        "gallery_key",
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_gallery_key_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_gallery_key")),
    )
    op.create_table(
        "gallery_portrait",
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_gallery_portrait_student_id")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_gallery_portrait")),
    )
    op.create_table(
        "gallery_template",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("reference_sha256", sa.String(length=64), nullable=False),
        sa.Column("vector_bytes", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_gallery_template_student_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_gallery_template")),
        sa.UniqueConstraint(
            "student_id",
            "model",
            "reference_sha256",
            name=op.f("uq_gallery_template_student_id_model_reference_sha256"),
        ),
    )
    with op.batch_alter_table("gallery_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gallery_template_model"), ["model"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_gallery_template_student_id"), ["student_id"], unique=False
        )

    op.create_table(
        "guardian",
        sa.Column("guardian_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_guardian_student_id")
        ),
        sa.PrimaryKeyConstraint("guardian_id", "student_id", name=op.f("pk_guardian")),
        sa.UniqueConstraint(
            "student_id", "email_key", name=op.f("uq_guardian_student_id_email_key")
        ),
    )
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardian_email_key"), ["email_key"], unique=False)

    op.create_table(
        "media_release",
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
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
        sa.Column("channel", sa.String(length=100), nullable=True),
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
            nullable=True,
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
        sa.Column("notice", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("supersedes", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_media_release_student_id")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_media_release")),
    )
    with op.batch_alter_table("media_release", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_media_release_student_id"), ["student_id"], unique=False
        )

    op.create_table(
        "protective_hold",
        sa.Column("hold_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_protective_hold_student_id")
        ),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_protective_hold")),
    )
    with op.batch_alter_table("protective_hold", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protective_hold_student_id"), ["student_id"], unique=False
        )

    op.create_table(
        "protective_hold_end",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.String(length=100), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["protective_hold.hold_id"], name=op.f("fk_protective_hold_end_hold_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_protective_hold_end")),
    )
    with op.batch_alter_table("protective_hold_end", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protective_hold_end_hold_id"), ["hold_id"], unique=False
        )

    op.create_table(
        "release_revocation",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.String(length=100), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=False),
        sa.Column("revoked_by", sa.String(length=320), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["media_release.release_id"],
            name=op.f("fk_release_revocation_release_id"),
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_release_revocation_student_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_release_revocation")),
    )
    with op.batch_alter_table("release_revocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_release_revocation_release_id"), ["release_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_release_revocation_student_id"), ["student_id"], unique=False
        )

    for table, fixed, personal in _APPEND_ONLY:
        for statement in guard_statements(
            op.get_context().dialect.name, table=table, fixed=fixed.split(), personal=personal
        ):
            op.execute(statement)
