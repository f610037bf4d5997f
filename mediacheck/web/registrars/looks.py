"""Every page about one student that the office opens is a look, whatever the page is."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, g, request

from mediacheck.flow.looks import note_staff_look
from mediacheck.model.family_log import Looked
from mediacheck.web.registrars.desk import NOTED_LOOKS, open_desk
from release_db.words import StudentId

_STUDENT = "student_id"
#: What a page tells that is not the whole file.
_PARTS = {"registrars.permission": Looked.SUMMARY}


def note_opened(response: Response) -> Response:
    """Keeps the look before the page leaves; one that was not found, or not shown, is none."""
    student = (request.view_args or {}).get(_STUDENT)
    is_shown = request.method == "GET" and response.status_code == HTTPStatus.OK
    if student is None or not is_shown or student in g.get(NOTED_LOOKS, set()):
        return response
    with open_desk() as desk:
        note_staff_look(desk, StudentId(student), _PARTS.get(request.endpoint or "", Looked.FILE))
    return response
