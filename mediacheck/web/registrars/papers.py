"""Entering a signed paper form with its scan, and showing the scan to whoever confirms it."""

from __future__ import annotations

import io
from datetime import date

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, IntakeError
from mediacheck.flow.desk import Desk
from mediacheck.flow.families_choices import (
    NAMING_USES,
    PLACES,
    Choice,
    Choices,
    Place,
    choices_of_preset,
)
from mediacheck.flow.registrars import require_student
from mediacheck.flow.registrars_papers import (
    Entered,
    NothingNew,
    PaperEntry,
    ReadScan,
    UnfitDay,
    enter_form,
    is_of_age,
    read_scan,
    require_form,
)
from mediacheck.flow.today import today_of
from mediacheck.model.office import ScanKind
from mediacheck.model.people import Role
from mediacheck.web.access import open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars import standing
from mediacheck.web.registrars.desk import date_or_none, note_look, open_desk
from mediacheck.web.registrars.words import AUDIENCES
from release_db.presets import offered_presets
from release_db.records import StudentFile
from release_db.words import Audience, GuardianId, Rights, Use

_PAGE = "registrars/paper.html"
#: The value of the field ``signer`` for the student.
_STUDENT = "student"

CHOICES = {
    Choice.UNSAID: "Not on this form",
    Choice.YES: "Yes",
    Choice.FIRST_NAME: "First name only",
    Choice.ASK: "Ask each time",
    Choice.NO: "No",
}


@open_to(Role.REGISTRAR)
def paper(student_id: str) -> ResponseReturnValue:
    """The form as a form."""
    with open_desk() as desk:
        file = require_student(desk, student_id)
        return render_template(_PAGE, errors={}, sent={}, **_form(desk, file))


@open_to(Role.REGISTRAR)
def enter(student_id: str) -> ResponseReturnValue:
    """Keeps the form: what it refuses counts, and what it allows waits for a second person."""
    read, wrong = _scan_of_form()
    signed_on = date_or_none(line_of("signed_on"))
    with open_desk() as desk:
        file = require_student(desk, student_id)
        errors = _errors(signed_on, wrong)
        if read is None or signed_on is None or errors:
            return form_again(_PAGE, errors=errors, sent=request.form, **_form(desk, file))
        try:
            entered = enter_form(desk, file, _entry(desk, signed_on), read)
        except UnfitDay as unfit:
            errors = {"signed_on": unfit.message}
        except NothingNew as nothing:
            errors = {"preset": nothing.message}
        else:
            flash(_told(entered))
            return redirect(url_for("registrars.student", student_id=student_id))
        return form_again(_PAGE, errors=errors, sent=request.form, **_form(desk, file))


@open_to(Role.REGISTRAR, Role.ADMINISTRATOR)
def scan(form_id: str) -> ResponseReturnValue:
    """The scan: a picture as our own encoding, a PDF as the file that it is, to be saved."""
    with open_desk() as desk:
        form = require_form(desk, form_id)
        note_look(desk, require_student(desk, form.student_id))
    data = io.BytesIO(services().papers.get(form.scan.view))
    if form.scan.kind is ScanKind.PDF:
        name = f"form-{form.form_id}.pdf"
        return send_file(data, "application/pdf", as_attachment=True, download_name=name)
    return send_file(data, "image/jpeg")


def _scan_of_form() -> tuple[ReadScan | None, str]:
    """The scan that was sent; else what is wrong with it."""
    sent = request.files.get("scan")
    try:
        return read_scan(services(), sent.read() if sent else b"", _name_of_upload()), ""
    except IntakeError as refused:
        return None, refused.message


def _name_of_upload() -> str:
    sent = request.files.get("scan")
    return (sent.filename or "") if sent else ""


def _errors(signed_on: date | None, wrong_scan: str) -> dict[str, str]:
    errors = {}
    if wrong_scan:
        errors["scan"] = wrong_scan
    if signed_on is None:
        errors["signed_on"] = UnfitDay.message
    return errors


def _entry(desk: Desk, signed_on: date) -> PaperEntry:
    signer = line_of("signer")
    return PaperEntry(
        signer=None if signer == _STUDENT else GuardianId(signer),
        signed_on=signed_on,
        answers=_answers(desk),
    )


def _answers(desk: Desk) -> Choices:
    """The box that is ticked on the form, or the single answers.

    Raises:
        BadRequest: an answer that the page never offered.
    """
    preset = line_of("preset")
    if preset:
        for offered in offered_presets(desk.work.register.terms.presets()):
            if offered.key == preset:
                return choices_of_preset(offered)
        raise BadRequest
    return {place: _choice(place) for place in PLACES}


def _choice(place: Place) -> Choice:
    try:
        choice = Choice(line_of(place.field) or Choice.UNSAID)
    except ValueError:
        raise BadRequest from None
    if choice is Choice.FIRST_NAME and place.use not in NAMING_USES:
        raise BadRequest
    return choice


def _told(entered: Entered) -> str:
    counts = f"{entered.refusals} refusals of the form count from now on."
    if entered.refusals == 1:
        counts = "1 refusal of the form counts from now on."
    waits = "What it allows waits for a second person."
    if entered.proposal_id is None:
        return counts
    return f"{counts} {waits}" if entered.refusals else waits


def _form(desk: Desk, file: StudentFile) -> dict[str, object]:
    presets = [
        (preset.key, dict(preset.titles).get("en", preset.key))
        for preset in offered_presets(desk.work.register.terms.presets())
    ]
    today = today_of(desk.services.clock, desk.work.register)
    signers = [one for one in file.guardians if one.rights is not Rights.REMOVED]
    if is_of_age(file, today):
        signers = []
    return {
        "file": file,
        "signers": signers,
        "presets": presets,
        "rows": [
            (AUDIENCES[audience], [_question(audience, use) for use in Use])
            for audience in Audience
        ],
    }


def _question(audience: Audience, use: Use) -> tuple[str, str, list[tuple[str, str]]]:
    place = Place(audience=audience, use=use)
    offered = [
        (choice.value, words)
        for choice, words in CHOICES.items()
        if choice is not Choice.FIRST_NAME or use in NAMING_USES
    ]
    return place.field, standing.USES[use], offered
