"""Everything held about a child: who looked, the export, and asking for erasure."""

from __future__ import annotations

import io
import json
import zipfile

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.families_export import (
    Records,
    ask_for,
    export_of,
    looks_of,
    requests_of,
    require_verified,
)
from mediacheck.model.family_log import Looked, RequestKind
from mediacheck.web.access import open_to_families
from mediacheck.web.families import words
from mediacheck.web.families.desk import open_desk
from mediacheck.web.families.language import _

_PAGE = "families/held.html"


@open_to_families()
def held(student_id: str) -> ResponseReturnValue:
    """Who looked at the child's data, what was asked for, and the ways on from here."""
    with open_desk() as desk:
        file = require_verified(desk, student_id)
        looks = looks_of(desk, file.student.student_id)
        asked = requests_of(desk, file.student.student_id)
    what = _looked_words()
    told = [
        (words.moment_words(look["at"]), look["who"], what[str(look["what"])]) for look in looks
    ]
    kinds = {
        RequestKind.ERASURE: _("Erase everything about the child"),
        RequestKind.REMOVAL: _("Take a publication down"),
    }
    requests = [
        (words.day_words(one.asked_at.date()), kinds[one.kind], _state(one.is_granted), one.note)
        for one in asked
    ]
    return render_template(_PAGE, student=file.student, looks=told, requests=requests)


@open_to_families()
def export(student_id: str) -> ResponseReturnValue:
    """Everything held about the child, as JSON files in one archive."""
    with open_desk() as desk:
        records = export_of(desk, student_id)
    response = Response(_zipped(records), mimetype="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="mediacheck-export.zip"'
    return response


@open_to_families()
def ask_erasure(student_id: str) -> ResponseReturnValue:
    """Asks the office to erase the child's data; a tick says that it is meant."""
    if request.form.get("sure") != "yes":
        raise BadRequest
    with open_desk() as desk:
        ask_for(desk, student_id, RequestKind.ERASURE)
    flash(_("The school office has your request."))
    return redirect(url_for("families.held", student_id=student_id))


def _zipped(records: Records) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name, content in records.items():
            text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
            files.writestr(f"{name}.json", text)
    return archive.getvalue()


def _looked_words() -> dict[str, str]:
    return {
        Looked.FILE.value: _("The child's file"),
        Looked.SUMMARY.value: _("What is allowed"),
        Looked.HISTORY.value: _("The history"),
        Looked.EXPORT.value: _("The export"),
        Looked.NAMED.value: _("Said that the child is in a post"),
        Looked.POST.value: _("A post that the child is in"),
        Looked.TAKEDOWN.value: _("A post that has to be taken down"),
        Looked.APPEARANCES.value: _("Where the child appears"),
    }


def _state(is_granted: bool | None) -> str:
    if is_granted is None:
        return _("The office has it")
    return _("Done") if is_granted else _("Refused")
