"""Opens the desk of the signed-in person of the office: one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from flask import g

from mediacheck.flow.desk import Desk
from mediacheck.flow.looks import note_staff_look
from mediacheck.model.family_log import Looked
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, services
from release_db.records import StudentFile

#: The students whose look this request has kept already.
NOTED_LOOKS = "noted_looks"


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The desk, in a transaction that commits at its end or does nothing at all."""
    held, staff = services(), current_staff()
    with held.transaction() as work:
        yield Desk(services=held, work=work, staff=staff)


def note_look(desk: Desk, file: StudentFile) -> None:
    """Keeps that somebody of the office looked, for the family to read; once in a request."""
    note_staff_look(desk, file.student.student_id, Looked.FILE)
    g.setdefault(NOTED_LOOKS, set()).add(file.student.student_id)


def date_or_none(text: str) -> date | None:
    """The date of an ISO text; None: it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def staff_name(work: Work, staff_id: str) -> str:
    """What somebody of the staff is called; the id where the account is gone."""
    for member in work.accounts.staff():
        if member.staff_id == staff_id:
            return member.name
    return staff_id
