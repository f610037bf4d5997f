"""The question about a face template: apart from every release, with its own notice."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.families import (
    FamilyDesk,
    NoNotice,
    WouldWiden,
    asks_for_templates,
    may_widen,
    notice_for,
    require_child,
    sign_biometric,
)
from mediacheck.web.access import open_to_families
from mediacheck.web.errors import form_again
from mediacheck.web.families.catalogues import page_language
from mediacheck.web.families.desk import open_desk, signature_of_form
from mediacheck.web.families.language import _
from release_db.records import StudentFile
from release_db.rules import biometric_consent_or_none
from release_db.words import Answer, NoticeKind

_PAGE = "families/face.html"


@open_to_families(restrict_links=True)
def face(student_id: str) -> ResponseReturnValue:
    """The notice, what was answered, and the question."""
    with open_desk() as desk:
        return render_template(_PAGE, errors={}, **_shown(desk, require_child(desk, student_id)))


@open_to_families(restrict_links=True)
def sign_face(student_id: str) -> ResponseReturnValue:
    """Records the answer. A no destroys the template in the same moment."""
    signature, answer = signature_of_form(), _answer_of_form()
    with open_desk() as desk:
        file = require_child(desk, student_id)
        errors = {}
        if not signature.typed:
            errors["signature"] = _("Type your full name. It is your signature.")
        if answer is None:
            errors["answer"] = _("Choose one of these.")
        if errors or answer is None:
            return form_again(_PAGE, errors=errors, **_shown(desk, file))
        try:
            sign_biometric(desk, student_id, answer, signature)
        except (NoNotice, WouldWiden):
            errors["answer"] = _("A yes is not possible here. Nothing was changed.")
            return form_again(_PAGE, errors=errors, **_shown(desk, file))
        is_signed_in = desk.visitor.may_grant
    if not is_signed_in:
        return render_template("families/restricted.html", recorded=1)
    flash(_("Your answer is recorded."))
    return redirect(url_for("families.child", student_id=student_id))


def _answer_of_form() -> Answer | None:
    try:
        answer = Answer(request.form.get("answer", ""))
    except ValueError:
        return None
    if answer is Answer.ASK:
        raise BadRequest
    return answer


def _shown(desk: FamilyDesk, file: StudentFile) -> dict[str, object]:
    return {
        "student": file.student,
        "notice": notice_for(desk, NoticeKind.BIOMETRIC, page_language()),
        "has_consent": biometric_consent_or_none(file, desk.today) is not None,
        "may_widen": may_widen(desk, file) and asks_for_templates(desk, file),
    }
