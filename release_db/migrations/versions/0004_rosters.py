"""What a roster says, in versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from release_db.append_only import guard_statements
from release_db.moments import UtcMoment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Table, the columns that never change, and those that erasing a student empties.
_NEW: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "sis_code",
        "number edition code status use channel audience name_form answer set_by set_at",
        (),
    ),
    ("birth_version", "number student_id recorded_at", ("birth_on",)),
)

# The birth date on record at the upgrade is the one that was there before, as far as is known.
_FIRST_BIRTHS = (
    "INSERT INTO birth_version (student_id, birth_on, recorded_at) "
    "SELECT student_id, COALESCE(CAST(birth_on AS VARCHAR(10)), ''), '1970-01-01 00:00:00.000000' "
    "FROM student WHERE erased_at IS NULL ORDER BY student_id"
)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    op.create_table(
        "sis_code",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("use", _word("use", "image", "name", "image+name", "work", "voice")),
        sa.Column("channel", sa.String(length=100)),
        sa.Column(
            "audience",
            _word(
                "audience",
                "household",
                "class",
                "school",
                "district",
                "public-web",
                "social",
                "print",
                "press",
            ),
        ),
        sa.Column(
            "name_form",
            _word("name_form", "none", "initials", "first", "first+initial", "full"),
        ),
        sa.Column("answer", _word("answer", "allow", "deny", "ask")),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sis_code")),
    )
    op.create_index(op.f("ix_sis_code_edition"), "sis_code", ["edition"], unique=False)
    op.create_table(
        "birth_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.String(length=64), nullable=False),
        sa.Column("birth_on", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_birth_version_student_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_birth_version")),
    )
    op.create_index(
        op.f("ix_birth_version_student_id"), "birth_version", ["student_id"], unique=False
    )
    op.add_column(
        "guardian", sa.Column("sis_id", sa.String(length=100), server_default="", nullable=False)
    )
    op.create_index(op.f("ix_guardian_sis_id"), "guardian", ["sis_id"], unique=False)
    op.execute(_FIRST_BIRTHS)
    dialect = op.get_context().dialect.name
    for table, fixed, personal in _NEW:
        for statement in guard_statements(
            dialect, table=table, fixed=fixed.split(), personal=personal
        ):
            op.execute(statement)
