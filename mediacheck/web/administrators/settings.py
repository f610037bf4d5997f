"""The district's settings: recognition, the school year, the time zone, and schools that differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import available_timezones

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.settings import Recognition
from mediacheck.web.access import open_to, services
from mediacheck.web.administrators.settings_page import (
    PAGE,
    Unconfirmed,
    again,
    ask_first,
    keep,
    present,
    require_offered,
    say_why_not,
)
from mediacheck.web.forms import line_of
from release_db.errors import UnfitPolicy
from release_db.policy import zone_named, zone_of
from release_db.words import SchoolKey


@open_to(Role.ADMINISTRATOR)
def settings() -> ResponseReturnValue:
    """The forms, as things stand."""
    with services().transaction() as work:
        return render_template(PAGE, errors={}, **present(work))


@open_to(Role.ADMINISTRATOR)
def change_settings() -> ResponseReturnValue:
    """Keeps what differs of the district's settings."""
    sent = {key: line_of(key) for key in ("recognition", "school_year_ends_on", "time_zone")}
    require_offered(sent["recognition"], [step.value for step in Recognition])
    require_offered(sent["time_zone"], available_timezones())
    try:
        with services().transaction() as work:
            if errors := _errors_of(work, sent):
                return again(work, errors, sent)
            keep(work, sent, box="destroy")
    except Unconfirmed as unconfirmed:
        return ask_first(unconfirmed, sent)
    except UnfitPolicy as unfit:
        return say_why_not("recognition", unfit, sent)
    flash("The settings are kept.")
    return redirect(url_for("administrators.settings"))


@open_to(Role.ADMINISTRATOR)
def change_school_settings() -> ResponseReturnValue:
    """Sets how far recognition goes at one school, whatever the district does."""
    school, value = SchoolKey(line_of("school")), line_of("school_recognition")
    require_offered(value, [step.value for step in Recognition])
    try:
        with services().transaction() as work:
            require_offered(school, [known.key for known in work.register.schools()])
            keep(work, {"recognition": value}, school=school, box="destroy_school")
    except Unconfirmed as unconfirmed:
        return ask_first(unconfirmed, {"school": school, "school_recognition": value})
    except UnfitPolicy as unfit:
        sent = {"school": school, "school_recognition": value}
        return say_why_not("school_recognition", unfit, sent)
    flash("The setting of the school is kept.")
    return redirect(url_for("administrators.settings"))


def _errors_of(work: Work, sent: Mapping[str, str]) -> dict[str, str]:
    if not _is_date(sent["school_year_ends_on"]):
        return {"school_year_ends_on": "Enter the last day of the school year as a date."}
    now = services().clock.now()
    today = now.astimezone(zone_of(work.register)).date()
    if now.astimezone(zone_named(sent["time_zone"])).date() < today:
        words = (
            "It is still yesterday there, and what is answered in the next hours would look older "
            f"than what was answered today. Choose it once it is {today.isoformat()} there."
        )
        return {"time_zone": words}
    return {}


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
