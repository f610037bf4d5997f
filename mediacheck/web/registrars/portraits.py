"""Portraits: who is enrolled, and bringing new ones. Nothing is decoded in this process."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.certificates import certificate_json, who_destroyed
from mediacheck.flow.desk import Desk
from mediacheck.flow.enroll import WEAK_BELOW
from mediacheck.flow.portraits import (
    accept,
    ask_posts,
    batches_of,
    bring_picture_day,
    bring_portraits,
    drop_batch,
    require_batch,
)
from mediacheck.flow.registrars import require_student
from mediacheck.flow.today import today_of
from mediacheck.model.people import Role
from mediacheck.model.portraits import BatchId, BatchSource, BatchState, BatchSummary
from mediacheck.web.access import open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from mediacheck.web.registrars.desk import note_look, open_desk, staff_name
from release_db.gallery_overview import HeldStudent
from release_db.policy import zone_of
from release_db.records import DestructionRecord, Student

_PAGE = "registrars/portraits.html"
_BATCH_PAGE = "registrars/portrait_batch.html"
#: A longer list is counted, and shown as it becomes shorter.
_MOST_SHOWN = 200
_MOST_CERTIFICATES = 20

SOURCES = {
    BatchSource.FILES: "Portraits of one student",
    BatchSource.PICTURE_DAY: "Picture day",
    BatchSource.POSTS: "Faces from cleared posts",
}
STATES = {
    BatchState.TO_LOOK: ("", "Being looked at"),
    BatchState.LOOKED: ("review", "Waits for your yes or no"),
    BatchState.TO_ENROL: ("", "Being enrolled"),
    BatchState.DONE: ("cleared", "Done"),
    BatchState.FAILED: ("blocked", "Nothing was enrolled"),
}
_BUSY = frozenset({BatchState.TO_LOOK, BatchState.TO_ENROL})


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledLine:
    """A student and what is held of her. ``is_weak``: a better portrait should be enrolled."""

    student: Student
    held: HeldStudent
    is_weak: bool


@open_to(Role.REGISTRAR)
def portraits() -> ResponseReturnValue:
    """Who is enrolled, what waits, and the two forms."""
    with open_desk() as desk:
        return render_template(_PAGE, errors={}, **_standing(desk))


@open_to(Role.REGISTRAR)
def bring_files() -> ResponseReturnValue:
    """Keeps portraits of one student for the worker to look at."""
    uploads = [(one.filename or "", one.read()) for one in request.files.getlist("portraits")]
    return _brought("student", lambda desk: bring_portraits(desk, line_of("student"), uploads))


@open_to(Role.REGISTRAR)
def bring_day() -> ResponseReturnValue:
    """Keeps a picture day's file for the worker to look into."""
    sent = request.files.get("picture_day")
    data = sent.read() if sent else b""
    return _brought("picture_day", lambda desk: bring_picture_day(desk, data))


@open_to(Role.REGISTRAR)
def from_posts(student_id: str) -> ResponseReturnValue:
    """Asks for the student's faces in cleared posts."""
    with open_desk() as desk:
        try:
            batch_id = ask_posts(desk, student_id)
        except BadRequest as refused:
            flash(f"Nothing was looked for. {refused.message}")
            return redirect(url_for("registrars.student", student_id=student_id))
    return redirect(url_for("registrars.portrait_batch", batch_id=batch_id))


@open_to(Role.REGISTRAR)
def portrait_batch(batch_id: str) -> ResponseReturnValue:
    """One batch: how far it is, or every portrait with what is wrong with it."""
    with open_desk() as desk:
        found = require_batch(desk, batch_id)
        if found.batch.student_id is not None:
            note_look(desk, require_student(desk, found.batch.student_id))
        return render_template(_BATCH_PAGE, errors={}, **_batch_page(desk, found))


@open_to(Role.REGISTRAR)
def enrol_batch(batch_id: str) -> ResponseReturnValue:
    """Says yes to the chosen portraits."""
    wanted, sure = _places_of("wanted"), _places_of("sure")
    with open_desk() as desk:
        try:
            accept(desk, batch_id, wanted, sure)
        except BadRequest as refused:
            page = _batch_page(desk, require_batch(desk, batch_id))
            page |= {"chosen": wanted, "looked_at": sure}
            return form_again(_BATCH_PAGE, errors={"portraits": refused.message}, **page)
    return redirect(url_for("registrars.portrait_batch", batch_id=batch_id))


@open_to(Role.REGISTRAR)
def drop_portraits(batch_id: str) -> ResponseReturnValue:
    """Drops a batch with its pictures."""
    with open_desk() as desk:
        drop_batch(desk, batch_id)
    flash("The pictures are dropped. What was enrolled before stays.")
    return redirect(url_for("registrars.portraits"))


@open_to(Role.REGISTRAR)
def portrait_crop(batch_id: str, place: int) -> ResponseReturnValue:
    """The face of one portrait, as our own encoding."""
    with open_desk() as desk:
        lines = require_batch(desk, batch_id).batch.lines
    if not (0 <= place < len(lines) and lines[place].crop):
        raise NotFound
    return send_file(io.BytesIO(services().portraits.get(lines[place].crop)), "image/jpeg")


@open_to(Role.REGISTRAR)
def destruction(certificate_id: str) -> ResponseReturnValue:
    """The certificate of a destruction, as a file."""
    with open_desk() as desk:
        record = desk.work.gallery.destruction_or_none(certificate_id)
        if record is None or not _is_of_their_schools(desk, record):
            raise NotFound
    response = Response(json.dumps(certificate_json(record), indent=2), mimetype="application/json")
    name = f"certificate-{certificate_id[:12]}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _brought(field: str, bring: Callable[[Desk], BatchId]) -> ResponseReturnValue:
    """Goes to the new batch, or shows the form again with what is wrong."""
    with open_desk() as desk:
        try:
            batch_id = bring(desk)
        except NotFound:
            errors = {field: "There is no such student at your schools."}
        except BadRequest as refused:
            errors = {field: refused.message}
        else:
            return redirect(url_for("registrars.portrait_batch", batch_id=batch_id))
        return form_again(_PAGE, errors=errors, **_standing(desk))


def _places_of(field: str) -> frozenset[int]:
    try:
        return frozenset(int(place) for place in request.form.getlist(field))
    except ValueError:
        raise BadRequest from None


def _standing(desk: Desk) -> dict[str, object]:
    register = desk.work.register
    lines = _enrolled(desk)
    records = [one for one in desk.work.gallery.destructions() if _is_of_their_schools(desk, one)]
    newest = records[: -_MOST_CERTIFICATES - 1 : -1]
    return {
        "batches": batches_of(desk),
        "sources": SOURCES,
        "states": STATES,
        "lines": lines[:_MOST_SHOWN],
        "count": len(lines),
        "weak": sum(line.is_weak for line in lines),
        "records": newest,
        "who": {one.destroyed_by: _who(desk, one) for one in newest},
        "school_names": {school.key: school.name for school in register.schools()},
        "today": today_of(desk.services.clock, register),
        "zone": zone_of(register),
        "student": request.values.get("student", ""),
    }


def _enrolled(desk: Desk) -> list[EnrolledLine]:
    """The students of whom something is held: weak portraits first, then what expires first."""
    lines = []
    for held in desk.work.gallery.holders():
        student = desk.work.register.student_or_none(held.student_id)
        if student is not None and desk.staff.works_at(student.school):
            is_weak = held.best_quality is not None and held.best_quality < WEAK_BELOW
            lines.append(EnrolledLine(student=student, held=held, is_weak=is_weak))
    return sorted(lines, key=lambda line: (not line.is_weak, str(line.held.first_expiry_on)))


def _is_of_their_schools(desk: Desk, record: DestructionRecord) -> bool:
    student = desk.work.register.student_or_none(record.student_id)
    return student is not None and desk.staff.works_at(student.school)


def _who(desk: Desk, record: DestructionRecord) -> str:
    return who_destroyed(
        record, {str(one.staff_id): one.name for one in desk.work.accounts.staff()}
    )


def _batch_page(desk: Desk, found: BatchSummary) -> dict[str, object]:
    batch = found.batch
    ids = {line.student_id for line in batch.lines}
    if batch.student_id is not None:
        ids.add(batch.student_id)
    students = {one: desk.work.register.student_or_none(one) for one in ids}
    places = list(enumerate(batch.lines))
    # What needs a second look comes first: nobody reads on after a hundred that are well.
    fit = sorted((one for one in places if not one[1].refused), key=lambda one: not one[1].doubt)
    confirmers = {line.origin.confirmed_by for line in batch.lines if line.origin is not None}
    return {
        "found": found,
        "batch": batch,
        "is_busy": found.state in _BUSY,
        "source": SOURCES[batch.source],
        "state": STATES[found.state],
        "students": students,
        "names": {one: staff_name(desk.work, one) for one in {*confirmers, batch.asked_by}},
        "weak_below": WEAK_BELOW,
        "fit": fit,
        "refused": [one for one in places if one[1].refused],
        "doubtful": sum(bool(line.doubt) for _, line in fit),
        "chosen": frozenset(place for place, line in fit if not line.doubt),
        "looked_at": frozenset(),
        "zone": zone_of(desk.work.register),
    }
