"""What the gallery proves.

Recognition is off from now on where nobody has switched it on: where templates are held by the old
default, that is written down as the setting it was. Every template has a last day.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from release_db.expiry import TEMPLATE_MONTHS_KEY, expiry_of
from release_db.moments import UtcMoment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_policy = sa.table(
    "policy_value",
    sa.column("number", sa.Integer),
    sa.column("key", sa.String),
    sa.column("school", sa.String),
    sa.column("value", sa.String),
    sa.column("set_by", sa.String),
    sa.column("set_at", UtcMoment),
)
_student = sa.table(
    "student",
    sa.column("student_id", sa.String),
    sa.column("birth_on", sa.Date),
    sa.column("school", sa.String),
)
_template = sa.table(
    "gallery_template",
    sa.column("number", sa.Integer),
    sa.column("student_id", sa.String),
    sa.column("enrolled_at", UtcMoment),
    sa.column("expires_on", sa.Date),
)


def upgrade() -> None:
    _write_recognition_down()
    _let_every_template_expire()


def _write_recognition_down() -> None:
    connection = op.get_bind()
    schools = connection.scalars(
        sa.select(_student.c.school)
        .join(_template, _template.c.student_id == _student.c.student_id)
        .distinct()
    ).all()
    if not any(_said(connection, "recognition", school) is None for school in schools):
        return
    connection.execute(
        _policy.insert().values(
            key="recognition",
            school=None,
            value="suggest",
            set_by="upgrade",
            set_at=datetime.now(UTC),
        )
    )


def _let_every_template_expire() -> None:
    connection = op.get_bind()
    query = (
        sa.select(
            _template.c.number, _template.c.enrolled_at, _student.c.birth_on, _student.c.school
        )
        .join(_student, _student.c.student_id == _template.c.student_id)
        .where(_template.c.expires_on.is_(None))
    )
    for number, enrolled_at, birth_on, school in connection.execute(query).all():
        months = _said(connection, TEMPLATE_MONTHS_KEY, school)
        expires_on = expiry_of(birth_on, enrolled_at.date(), months)
        connection.execute(
            _template.update().where(_template.c.number == number).values(expires_on=expires_on)
        )


def _said(connection: sa.Connection, key: str, school: str) -> str | None:
    for whose in (school, None):
        value = connection.scalar(
            sa.select(_policy.c.value)
            .where(_policy.c.key == key, _policy.c.school.is_not_distinct_from(whose))
            .order_by(_policy.c.number.desc())
            .limit(1)
        )
        if value is not None:
            return str(value)
    return None
