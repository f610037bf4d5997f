"""What the settings page shows, with what the district's profile leaves to choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.counts import SMALLEST_COUNT, smallest_count
from mediacheck.flow.naming import recognition_of, require_backed
from mediacheck.flow.rounds import REMINDER_DAYS, REMINDERS, reminder_policy
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.ports.register import Register
from mediacheck.ports.services import Work
from mediacheck.settings import Recognition
from mediacheck.web.access import current_staff, services
from mediacheck.web.errors import form_again
from release_db.destruction import BACKUP_DAYS, BACKUP_DAYS_KEY
from release_db.errors import UnfitPolicy
from release_db.expiry import TEMPLATE_MONTHS_KEY
from release_db.jurisdictions import (
    JURISDICTION_KEY,
    PROFILES,
    Profile,
    is_recognition_forbidden,
    is_review_due,
    profile_of,
)
from release_db.policy import HOLDS_VISIBLE_KEY, UNNAMED_WORK_KEY, zone_of
from release_db.words import DefaultRule, NoticeKind, SchoolKey, Use

PAGE = "administrators/settings.html"

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
        "As Suggest, and a very close match needs no confirmation. For one school at a time, and "
        "only where the school's own evidence supports it.",
    ),
}
#: What a blank may mean.
BLANKS = {
    DefaultRule.OPT_IN: ("No", "Only what a family has said yes to is allowed."),
    DefaultRule.OPT_OUT: (
        "Yes, after a notice",
        "For the uses below, and only for a student whose family was sent the notice, provably, "
        "and let the time to object pass. Never for face templates.",
    ),
}
USES = {
    Use.IMAGE: "Pictures",
    Use.NAME: "Names",
    Use.IMAGE_WITH_NAME: "Pictures with names",
    Use.WORK: "Schoolwork",
    Use.VOICE: "Voices",
}
#: Whether work that shows no name needs a release.
UNNAMED_WORK = {
    "no": (
        "No",
        "A drawing that shows no name, and that nobody credits, tells nobody whose it is.",
    ),
    "yes": (
        "Yes",
        "The teacher says whose it is, and the student needs a release for work.",
    ),
}
_USUAL_VIEWERS = "registrar;administrator"
HOLD_VIEWERS = {
    _USUAL_VIEWERS: "Registrars and administrators",
    "registrar": "Registrars only",
    "administrator": "Administrators only",
}
ZONES = (
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChoice:
    """A profile to choose, and whether somebody should look at its law again."""

    profile: Profile
    is_review_due: bool


class Unconfirmed(Exception):
    """A change that destroys templates, and nobody said yet that it may."""

    def __init__(self, box: str, students: int) -> None:
        """``box`` is the one to tick; ``students`` how many have templates that would go."""
        self.box = box
        self.message = (
            f"This destroys the face templates of {students} student(s), for good. Tick the box to "
            "do it."
        )
        super().__init__(self.message)


def present(work: Work) -> dict[str, object]:
    """The values in force, the choices, and why some of them cannot be made."""
    register = work.register
    profile = profile_of(register.policy_or_none)
    schools = register.schools()
    return {
        "values": _values(work),
        "recognition": RECOGNITION,
        "recognition_forbidden": _recognition_forbidden(register, profile),
        "held": work.gallery.held_at([school.key for school in schools]),
        "profiles": _profile_choices(today_of(services().clock, register)),
        "profile": profile,
        "needs": {key: register.policy_or_none(key) or "" for key in profile.recognition_needs},
        "blanks": BLANKS,
        "opt_out_forbidden": opt_out_forbidden(work, profile),
        "uses": USES,
        "unnamed_work": UNNAMED_WORK,
        "hold_viewers": HOLD_VIEWERS,
        "zones": ZONES,
        "schools": schools,
        "school_recognition": {
            school.key: recognition_of(register, school.key) for school in schools
        },
    }


def again(work: Work, errors: Mapping[str, str], sent: Mapping[str, object]) -> ResponseReturnValue:
    """The page once more, with what was sent and what is wrong in it."""
    shown = present(work)
    values = {**_values(work), **sent}
    return form_again(PAGE, errors=errors, **{**shown, "values": values})


def keep(
    work: Work, sent: Mapping[str, str], *, school: SchoolKey | None = None, box: str = ""
) -> None:
    """Keeps those of the policies that differ from what is set. The history stays.

    ``box`` names the box that has to be ticked for a change that destroys templates.

    Raises:
        UnfitPolicy: a policy cannot have its value, by the profile or by the evidence.
        Unconfirmed: it would destroy templates, and the box is not ticked. Nothing may be kept.
    """
    by, at = current_staff().staff_id, services().clock.now()
    for key, value in sent.items():
        if school is None and value == work.register.policy_or_none(key):
            continue
        require_backed(services(), work, key, value, school)
        destroyed = work.register.set_policy(key, value, school=school, by=by, at=at)
        if destroyed and request.form.get(box) != "yes":
            raise Unconfirmed(box, len(destroyed))
        work.audit.write(Event.POLICY_SET, actor=by, subject=key, value=value, school=school or "")


def ask_first(unconfirmed: Unconfirmed, sent: Mapping[str, object]) -> ResponseReturnValue:
    """The page once more, with a box to tick for what cannot be undone."""
    with services().transaction() as work:
        return again(work, {unconfirmed.box: unconfirmed.message}, sent)


def say_why_not(field: str, unfit: UnfitPolicy, sent: Mapping[str, object]) -> ResponseReturnValue:
    """The page once more, with why a choice cannot be made. Nothing of it is kept."""
    with services().transaction() as work:
        return again(work, {field: str(unfit)}, sent)


def require_offered(value: str, offered: Collection[str]) -> None:
    """Raises ``BadRequest`` for a choice that the form never offered."""
    if value not in offered:
        raise BadRequest


def opt_out_forbidden(work: Work, profile: Profile) -> str:
    """Why a blank cannot mean yes; empty: it can."""
    if profile.forbids_opt_out:
        return f"The profile {profile.name} forbids it. {profile.words}"
    if not any(one.kind is NoticeKind.RELEASE for one in work.register.terms.notices()):
        return "First approve a notice that says so, on the page Notices."
    return ""


def _values(work: Work) -> dict[str, object]:
    register = work.register
    uses = register.policy_or_none("opt_out_uses") or ""
    reminders, reminder_days = reminder_policy(work)
    return {
        JURISDICTION_KEY: profile_of(register.policy_or_none).key,
        "recognition": recognition_of(register, None).value,
        "school_year_ends_on": register.policy_or_none("school_year_ends_on") or "",
        "time_zone": zone_of(register).key,
        "default_rule": register.policy_or_none("default_rule") or DefaultRule.OPT_IN.value,
        "opt_out_uses": tuple(filter(None, uses.split(";"))),
        UNNAMED_WORK_KEY: register.policy_or_none(UNNAMED_WORK_KEY) or "no",
        HOLDS_VISIBLE_KEY: register.policy_or_none(HOLDS_VISIBLE_KEY) or _USUAL_VIEWERS,
        BACKUP_DAYS_KEY: register.policy_or_none(BACKUP_DAYS_KEY) or str(BACKUP_DAYS),
        TEMPLATE_MONTHS_KEY: register.policy_or_none(TEMPLATE_MONTHS_KEY) or "",
        SMALLEST_COUNT: str(smallest_count(work)),
        REMINDERS: str(reminders),
        REMINDER_DAYS: str(reminder_days),
        "school": "",
        "school_recognition": "",
    }


def _profile_choices(today: date) -> list[ProfileChoice]:
    return [
        ProfileChoice(
            profile=profile,
            is_review_due=is_review_due(profile, today),
        )
        for profile in PROFILES
    ]


def _recognition_forbidden(register: Register, profile: Profile) -> str:
    """Why recognition cannot be switched on; empty: it can."""
    if not is_recognition_forbidden(profile, register.policy_or_none):
        return ""
    return f"The profile {profile.name} keeps recognition off. {profile.words}"
