"""Pictures about which the family wants to be asked: each is looked at, and answered for itself."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.families import FamilyDesk, WouldWiden, may_widen
from mediacheck.flow.families_appearances import require_entitled
from mediacheck.flow.families_pictures import (
    Asked,
    answer_question,
    questions_for,
    require_question,
)
from mediacheck.flow.picture_preview import preview_of
from mediacheck.web.access import open_to_families
from mediacheck.web.errors import form_again
from mediacheck.web.families import words
from mediacheck.web.families.desk import open_desk, signature_of_form
from mediacheck.web.families.language import _
from release_db.records import StudentFile
from release_db.words import Answer, NameForm

_PAGE = "families/pictures.html"


@open_to_families()
def pictures(student_id: str) -> ResponseReturnValue:
    """The pictures that wait for an answer, everybody else in them covered.

    A mailed link does not open them: it tells nothing, and no answer is a no.
    """
    with open_desk() as desk:
        return render_template(_PAGE, errors={}, **_shown(desk, require_entitled(desk, student_id)))


@open_to_families()
def preview(student_id: str, question_id: str) -> ResponseReturnValue:
    """The picture, with everybody else in it covered."""
    with open_desk() as desk:
        require_entitled(desk, student_id)
        jpeg = preview_of(desk.services, require_question(desk, student_id, question_id))
    return Response(jpeg, mimetype="image/jpeg")


@open_to_families()
def answer(student_id: str, question_id: str) -> ResponseReturnValue:
    """Records the answer for this one picture."""
    signature, said = signature_of_form(), _answer_of_form()
    with open_desk() as desk:
        file = require_entitled(desk, student_id)
        if not signature.typed:
            name = f"signature-{question_id}"
            errors = {name: _("Type your full name. It is your signature.")}
            return form_again(_PAGE, errors=errors, **_shown(desk, file))
        try:
            answer_question(desk, student_id, question_id, (said, signature))
        except WouldWiden:
            errors = {"": _("A yes is not possible here. Nothing was changed.")}
            return form_again(_PAGE, errors=errors, **_shown(desk, file))
    flash(_("Your answer is recorded."))
    return redirect(url_for("families.pictures", student_id=student_id))


def _answer_of_form() -> Answer:
    try:
        said = Answer(request.form.get("answer", ""))
    except ValueError:
        raise BadRequest from None
    if said is Answer.ASK:
        raise BadRequest
    return said


def _shown(desk: FamilyDesk, file: StudentFile) -> dict[str, object]:
    return {
        "student": file.student,
        "may_widen": may_widen(desk, file),
        "questions": [
            (asked.question, asked.channel_name, _uses(asked))
            for asked in questions_for(desk, file)
        ],
    }


def _uses(asked: Asked) -> str:
    """What the post would show of the child, in words."""
    uses, forms = words.use_words(), words.form_words()
    return ", ".join(
        uses[one.use]
        if one.name_form is NameForm.NONE
        else f"{uses[one.use]} ({forms[one.name_form]})"
        for one in asked.question.uses
    )
