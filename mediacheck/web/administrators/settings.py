"""The district's settings: how far recognition goes, the school year's end, the time zone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from zoneinfo import available_timezones

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.check import recognition_of
from mediacheck.model.audit import Event
from mediacheck.model.people import Role
from mediacheck.ports.register import Register
from mediacheck.ports.services import Work
from mediacheck.settings import Recognition
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.forms import line_of
from release_db.policy import HOLDS_VISIBLE_KEY, zone_of
from release_db.words import SchoolKey

_PAGE = "administrators/settings.html"

#: What each step means, in the words of the people who choose it.
RECOGNITION = {
    Recognition.OFF: (
        "Off",
        "No face is ever measured. Teachers say who everybody is. No family is asked for "
        "biometric consent.",
    ),
    Recognition.SUGGEST: (
        "Suggest",
        "Faces are compared with students of the class whose family has given biometric consent. "
        "The tool suggests a name, and a person confirms it.",
    ),
    Recognition.IDENTIFY: (
        "Identify",
        "As Suggest, and a very close match needs no confirmation. First measure on your own "
        "pictures how often it is wrong: mediacheck evaluate faces.",
    ),
}

_USUAL_VIEWERS = "registrar;administrator"
HOLD_VIEWERS = {
    _USUAL_VIEWERS: "Registrars and administrators",
    "registrar": "Registrars only",
    "administrator": "Administrators only",
}

_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
)


@open_to(Role.ADMINISTRATOR)
def settings() -> ResponseReturnValue:
    """The forms, as things stand."""
    with services().transaction() as work:
        return render_template(_PAGE, errors={}, **_present(work.register))


@open_to(Role.ADMINISTRATOR)
def change_settings() -> ResponseReturnValue:
    """Keeps what differs of the district's settings. The history stays."""
    sent = {key: line_of(key) for key in ("recognition", "school_year_ends_on", "time_zone")}
    _require_offered(sent["recognition"], [step.value for step in Recognition])
    _require_offered(sent["time_zone"], available_timezones())
    with services().transaction() as work:
        if not _is_date(sent["school_year_ends_on"]):
            errors = {"school_year_ends_on": "Enter the last day of the school year as a date."}
            return form_again(_PAGE, errors=errors, **_present(work.register, sent))
        for key, value in sent.items():
            if value != work.register.policy_or_none(key):
                _keep(work, key, value, school=None)
    flash("The settings are kept.")
    return redirect(url_for("administrators.settings"))


@open_to(Role.ADMINISTRATOR)
def change_school_settings() -> ResponseReturnValue:
    """Sets how far recognition goes at one school, whatever the district does."""
    school, value = SchoolKey(line_of("school")), line_of("school_recognition")
    _require_offered(value, [step.value for step in Recognition])
    with services().transaction() as work:
        _require_offered(school, [known.key for known in work.register.schools()])
        _keep(work, "recognition", value, school=school)
    flash("The setting of the school is kept.")
    return redirect(url_for("administrators.settings"))


def _present(register: Register, sent: Mapping[str, str] | None = None) -> dict[str, object]:
    """What the page shows: the values in force, or those that were sent, and the choices."""
    schools = register.schools()
    return {
        "values": {
            "recognition": recognition_of(register, None).value,
            "school_year_ends_on": register.policy_or_none("school_year_ends_on") or "",
            "time_zone": zone_of(register).key,
            "holds_visible_to": register.policy_or_none(HOLDS_VISIBLE_KEY) or _USUAL_VIEWERS,
            **(sent or {}),
        },
        "hold_viewers": HOLD_VIEWERS,
        "recognition": RECOGNITION,
        "zones": _ZONES,
        "schools": schools,
        "school_recognition": {
            school.key: recognition_of(register, school.key) for school in schools
        },
    }


def _require_offered(value: str, offered: Collection[str]) -> None:
    """Raises ``BadRequest`` for a choice that the form never offered."""
    if value not in offered:
        raise BadRequest


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _keep(work: Work, key: str, value: str, *, school: SchoolKey | None) -> None:
    held = services()
    by = current_staff().staff_id
    work.register.set_policy(key, value, school=school, by=by, at=held.clock.now())
    work.audit.write(Event.POLICY_SET, actor=by, subject=key, value=value, school=school or "")
