"""What went out, and what has to come down."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mediacheck.storage.append_only import append_only_statements
from release_db.moments import UtcMoment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = (
    "clearance_students",
    "void_clearances",
    "publications",
    "published_students",
    "takedown_cases",
    "takedown_items",
    "takedown_steps",
    "picture_questions",
)


def upgrade() -> None:
    op.create_table('takedown_cases',
    sa.Column('number', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.String(), nullable=False),
    sa.Column('student_id', sa.String(), nullable=False),
    sa.Column('trigger', sa.String(), nullable=False),
    sa.Column('opened_by', sa.String(), nullable=False),
    sa.Column('opened_at', UtcMoment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_takedown_cases')),
    sa.UniqueConstraint('case_id', name=op.f('uq_takedown_cases_case_id'))
    )
    op.create_index(op.f('ix_takedown_cases_student_id'), 'takedown_cases', ['student_id'], unique=False)
    op.create_table('takedown_steps',
    sa.Column('number', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('case_id', sa.String(), nullable=False),
    sa.Column('publication_id', sa.String(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('at', UtcMoment(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('post_id', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['takedown_cases.case_id'], name=op.f('fk_takedown_steps_case_id')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_takedown_steps'))
    )
    op.create_index(op.f('ix_takedown_steps_case_id'), 'takedown_steps', ['case_id'], unique=False)
    op.create_table('clearance_students',
    sa.Column('clearance_id', sa.String(), nullable=False),
    sa.Column('student_id', sa.String(), nullable=False),
    sa.Column('post_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['clearance_id'], ['clearances.clearance_id'], name=op.f('fk_clearance_students_clearance_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.post_id'], name=op.f('fk_clearance_students_post_id')),
    sa.PrimaryKeyConstraint('clearance_id', 'student_id', name=op.f('pk_clearance_students'))
    )
    op.create_index(op.f('ix_clearance_students_student_id'), 'clearance_students', ['student_id'], unique=False)
    op.create_table('publications',
    sa.Column('number', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('publication_id', sa.String(), nullable=False),
    sa.Column('clearance_id', sa.String(), nullable=False),
    sa.Column('publication', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['clearance_id'], ['clearances.clearance_id'], name=op.f('fk_publications_clearance_id')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_publications')),
    sa.UniqueConstraint('clearance_id', name=op.f('uq_publications_clearance_id')),
    sa.UniqueConstraint('publication_id', name=op.f('uq_publications_publication_id'))
    )
    op.create_table('void_clearances',
    sa.Column('clearance_id', sa.String(), nullable=False),
    sa.Column('trigger', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', UtcMoment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['clearance_id'], ['clearances.clearance_id'], name=op.f('fk_void_clearances_clearance_id')),
    sa.PrimaryKeyConstraint('clearance_id', name=op.f('pk_void_clearances'))
    )
    op.create_table('published_students',
    sa.Column('publication_id', sa.String(), nullable=False),
    sa.Column('student_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.publication_id'], name=op.f('fk_published_students_publication_id')),
    sa.PrimaryKeyConstraint('publication_id', 'student_id', name=op.f('pk_published_students'))
    )
    op.create_index(op.f('ix_published_students_student_id'), 'published_students', ['student_id'], unique=False)
    op.create_table('takedown_items',
    sa.Column('case_id', sa.String(), nullable=False),
    sa.Column('publication_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['takedown_cases.case_id'], name=op.f('fk_takedown_items_case_id')),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.publication_id'], name=op.f('fk_takedown_items_publication_id')),
    sa.PrimaryKeyConstraint('case_id', 'publication_id', name=op.f('pk_takedown_items'))
    )
    op.create_table(
        "picture_questions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("student_id", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_picture_questions")),
        sa.UniqueConstraint("question_id", name=op.f("uq_picture_questions_question_id")),
    )
    op.create_index(op.f("ix_picture_questions_student_id"), "picture_questions", ["student_id"])
    dialect = op.get_bind().dialect.name
    for table in _TABLES:
        for statement in append_only_statements(table).get(dialect, ()):
            op.execute(statement)
