"""The evidence: how often the search would be wrong, measured on the district's own students."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.evidence_report import BAND_WORDS, EvidenceReport, report_on
from mediacheck.flow.measure import ask_measurement
from mediacheck.flow.naming import is_outgrown_at, recognition_of
from mediacheck.model.det_curve import FMR_DECADES, FNMR_DECADES, DetPoint, placed
from mediacheck.model.face_evidence import EvidenceId, FaceEvidence, Measurement
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.settings import Recognition
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.forms import line_of
from release_db.policy import zone_of
from release_db.records import School
from release_db.words import SchoolKey

#: The inside of the picture's axes, in its own units.
_WIDTH, _HEIGHT = 480, 240
#: Every so many of the measured distances is a row of the table of numbers.
_EVERY_NTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryLine:
    """One gallery that can be measured. ``school`` None: the whole district's.

    ``is_outgrown``: more is enrolled now than was measured, or with another model.
    """

    school: School | None
    latest: FaceEvidence | None
    asked: Measurement | None
    is_outgrown: bool


@open_to(Role.ADMINISTRATOR)
def evidence() -> ResponseReturnValue:
    """Every gallery, when it was measured last, and the buttons to measure it."""
    with services().transaction() as work:
        return render_template(
            "administrators/evidence.html",
            lines=[_line(work, school) for school in _measurable(work)],
            zone=zone_of(work.register),
        )


@open_to(Role.ADMINISTRATOR)
def measure() -> ResponseReturnValue:
    """Asks for a gallery to be measured in the background."""
    key = line_of("school")
    with services().transaction() as work:
        if key not in {school.key if school else "" for school in _measurable(work)}:
            raise BadRequest
        school = SchoolKey(key) if key else None
        ask_measurement(services(), work, school, by=current_staff().staff_id)
    flash("The gallery is being measured. Open this page again in a minute.")
    return redirect(url_for("administrators.evidence"))


@open_to(Role.ADMINISTRATOR)
def one_evidence(evidence_id: str) -> ResponseReturnValue:
    """One measurement: the rates by grade, the curve, and what it supports."""
    with services().transaction() as work:
        found = work.evidence.evidence_or_none(EvidenceId(evidence_id))
        if found is None:
            raise NotFound
        report = report_on(services(), work, found)
        schools = {school.key: school for school in work.register.schools()}
        return render_template(
            "administrators/one_evidence.html",
            report=report,
            school=schools.get(found.school) if found.school else None,
            is_latest=work.evidence.latest_or_none(found.school) == found,
            band_words=BAND_WORDS,
            det=_picture(report),
            numbers=_numbers(report),
            zone=zone_of(work.register),
        )


def _measurable(work: Work) -> list[School | None]:
    """The schools where recognition is on; with several of them, the district too."""
    on = [
        school
        for school in work.register.schools()
        if recognition_of(work.register, school.key) is not Recognition.OFF
    ]
    return [*on, None] if len(on) > 1 else list(on)


def _line(work: Work, school: School | None) -> GalleryLine:
    key = school.key if school is not None else None
    return GalleryLine(
        school=school,
        latest=work.evidence.latest_or_none(key),
        asked=work.evidence.newest_asked_or_none(key),
        is_outgrown=is_outgrown_at(services(), work, key),
    )


def _picture(report: EvidenceReport) -> dict[str, object]:
    """The curves and the lines of the axes, as the numbers of a drawing."""
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "portraits": _polyline(report.det),
        "posts": _polyline(report.det_in_posts),
        "fmr_lines": [(_WIDTH * step / FMR_DECADES, step - FMR_DECADES) for step in range(7)],
        "fnmr_lines": [(_HEIGHT * step / FNMR_DECADES, -step) for step in range(4)],
    }


def _polyline(points: Sequence[DetPoint]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in placed(points, _WIDTH, _HEIGHT))


def _numbers(report: EvidenceReport) -> list[tuple[DetPoint, DetPoint | None]]:
    """Some of the points, those of the portraits beside those of the posts."""
    posts = report.det_in_posts or (None,) * len(report.det)
    return list(zip(report.det, posts, strict=False))[::_EVERY_NTH]
