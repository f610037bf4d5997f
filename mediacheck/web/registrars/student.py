"""One student's file, the holds on it, and the student's own no as told to the office."""

from __future__ import annotations

import json
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.family_log import Look, Looked
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, require_school, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars import standing
from release_db.records import Hold, Release, Scope, StudentFile
from release_db.words import (
    ActId,
    Answer,
    Audience,
    Capacity,
    HoldId,
    ReleaseId,
    StudentId,
    Use,
)

_PAGE = "registrars/student.html"

#: For the office's own use: it changes nothing, and no teacher ever sees it.
HOLD_KINDS = {
    "safety": "Safety or court order",
    "custody": "Custody is being settled",
    "family": "The family asked for it",
    "other": "Another reason",
}


@open_to(Role.REGISTRAR)
def student(student_id: str) -> ResponseReturnValue:
    """Everything that a decision about this student would look at."""
    with services().transaction() as work:
        file = _require_file(work, student_id)
        _note_look(work, file)
        return render_template(_PAGE, errors={}, **_shown(work, file))


@open_to(Role.REGISTRAR)
def place_hold(student_id: str) -> ResponseReturnValue:
    """Places a hold. It stops every post with the student from its first day on."""
    held = services()
    with held.transaction() as work:
        file = _require_file(work, student_id)
        try:
            hold = _hold_of_form(file, today_of(held.clock, work.register))
        except ValueError as error:
            return form_again(_PAGE, errors={"ends_on": str(error)}, **_shown(work, file))
        work.register.place_hold(hold)
        work.audit.write(
            Event.HOLD_PLACED,
            actor=current_staff().staff_id,
            subject=file.student.student_id,
            hold=hold.hold_id,
        )
    flash("The hold is in force.")
    return redirect(url_for("registrars.student", student_id=student_id))


@open_to(Role.REGISTRAR)
def lift_hold(student_id: str, hold_id: str) -> ResponseReturnValue:
    """Ends a hold today. The releases on file count again from tomorrow."""
    held = services()
    with held.transaction() as work:
        file = _require_file(work, student_id)
        if hold_id not in {hold.hold_id for hold in file.holds}:
            raise NotFound
        today = today_of(held.clock, work.register)
        work.register.lift_hold(HoldId(hold_id), ends_on=today)
        work.audit.write(
            Event.HOLD_LIFTED,
            actor=current_staff().staff_id,
            subject=file.student.student_id,
            hold=hold_id,
        )
    flash("The hold ends today.")
    return redirect(url_for("registrars.student", student_id=student_id))


def _note_look(work: Work, file: StudentFile) -> None:
    """Keeps that somebody of the office looked: the family may read it."""
    look = Look(
        student_id=file.student.student_id,
        at=services().clock.now(),
        actor=current_staff().staff_id,
        is_staff=True,
        what=Looked.FILE,
    )
    work.family_log.note(look)


@open_to(Role.REGISTRAR)
def refuse(student_id: str) -> ResponseReturnValue:
    """Records the student's own no, as it was told to the office. It can only restrict."""
    held = services()
    with held.transaction() as work:
        file = _require_file(work, student_id)
        refusals = _refusals_of_form(file, today_of(held.clock, work.register))
        work.register.record(refusals)
        work.audit.write(
            Event.RELEASES_SIGNED,
            actor=current_staff().staff_id,
            subject=file.student.student_id,
            releases=len(refusals),
        )
    flash("The student's own no is in force.")
    return redirect(url_for("registrars.student", student_id=student_id))


def _refusals_of_form(file: StudentFile, today: date) -> tuple[Release, ...]:
    """The student's refusals that the form asks for.

    Raises:
        BadRequest: a use or an audience that the form never offered.
    """
    held = services()
    try:
        uses = (Use(line_of("use")),) if line_of("use") else tuple(Use)
        audience = Audience(line_of("audience")) if line_of("audience") else None
    except ValueError:
        raise BadRequest from None
    evidence = json.dumps({"told_to": current_staff().staff_id})
    act = ActId(held.ids.new())
    return tuple(
        Release(
            release_id=ReleaseId(held.ids.new()),
            student_id=file.student.student_id,
            scope=Scope(use=use, audience=audience),
            answer=Answer.DENY,
            capacity=Capacity.STUDENT,
            decided_by="student",
            method="told-to-staff",
            given_on=today,
            recorded_at=held.clock.now(),
            evidence=evidence,
            act=act,
        )
        for use in uses
    )


def _require_file(work: Work, student_id: str) -> StudentFile:
    """The file of a student of this person's schools.

    Raises:
        NotFound: there is none, or the student goes to another school.
    """
    file = work.register.student_files([StudentId(student_id)]).get(StudentId(student_id))
    if file is None:
        raise NotFound
    require_school(file.student.school)
    return file


def _shown(work: Work, file: StudentFile) -> dict[str, object]:
    today = today_of(services().clock, work.register)
    channels = work.register.channels()
    return {
        "file": file,
        "today": today,
        "uses": standing.USES,
        "answers": standing.answers_of(file, channels, today),
        "releases": standing.releases_of(file, channels),
        "holds": standing.holds_of(file, today, HOLD_KINDS),
        "biometric": standing.biometric_of(file, today),
        "hold_kinds": HOLD_KINDS,
        "audiences": standing.AUDIENCES,
        "school_names": {school.key: school.name for school in work.register.schools()},
    }


def _hold_of_form(file: StudentFile, today: date) -> Hold:
    """The hold that the form asks for.

    Raises:
        ValueError: its end is no date or has passed, in words for a person.
        BadRequest: a kind that the form never offered.
    """
    kind, ends = line_of("kind"), line_of("ends_on")
    if kind not in HOLD_KINDS:
        raise BadRequest
    ends_on = _date_or_none(ends)
    if ends and (ends_on is None or ends_on < today):
        raise ValueError("Enter a day that has not passed, or leave this empty: no end is known.")
    return Hold(
        hold_id=HoldId(services().ids.new()),
        student_id=file.student.student_id,
        starts_on=today,
        ends_on=ends_on,
        kind=kind,
    )


def _date_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
