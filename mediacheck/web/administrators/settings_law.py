"""The settings that a law may touch: the profile, what a blank means, how long."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.flow.counts import SMALLEST_COUNT
from mediacheck.flow.rounds import REMINDER_DAYS, REMINDERS
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import open_to, services
from mediacheck.web.administrators.settings_page import (
    BLANKS,
    UNNAMED_WORK,
    USES,
    Unconfirmed,
    again,
    ask_first,
    keep,
    opt_out_forbidden,
    require_offered,
)
from mediacheck.web.forms import line_of
from release_db.destruction import BACKUP_DAYS_KEY
from release_db.errors import UnfitPolicy
from release_db.expiry import TEMPLATE_MONTHS_KEY
from release_db.jurisdictions import JURISDICTION_KEY, PROFILES, profile_of, require_allowed
from release_db.policy import UNNAMED_WORK_KEY, require_fit_policy
from release_db.words import DefaultRule


@open_to(Role.ADMINISTRATOR)
def change_place() -> ResponseReturnValue:
    """Chooses the profile of the place, with what it asks for. It may destroy templates at once."""
    chosen = line_of(JURISDICTION_KEY)
    require_offered(chosen, [profile.key for profile in PROFILES])
    try:
        with services().transaction() as work:
            keep(work, {JURISDICTION_KEY: chosen}, box="destroy_place")
            needs = profile_of(work.register.policy_or_none).recognition_needs
            keep(work, {key: line_of(key) for key in needs if key in request.form})
    except Unconfirmed as unconfirmed:
        return ask_first(unconfirmed, {JURISDICTION_KEY: chosen})
    flash("The profile is kept.")
    return redirect(url_for("administrators.settings"))


@open_to(Role.ADMINISTRATOR)
def change_blanks() -> ResponseReturnValue:
    """Sets what it means that a family has not answered."""
    rule, uses = line_of("default_rule"), request.form.getlist("opt_out_uses")
    require_offered(rule, [one.value for one in BLANKS])
    for use in uses:
        require_offered(use, [one.value for one in USES])
    is_opt_out = rule == DefaultRule.OPT_OUT
    sent = {"default_rule": rule, "opt_out_uses": ";".join(uses) if is_opt_out else ""}
    with services().transaction() as work:
        profile = profile_of(work.register.policy_or_none)
        forbidden = opt_out_forbidden(work, profile) if is_opt_out else ""
        if forbidden or (is_opt_out and not uses):
            errors = {"opt_out_uses": forbidden or "Choose for which uses a blank means yes."}
            return again(work, errors, {"default_rule": rule, "opt_out_uses": uses})
        keep(work, sent)
    flash("The rule for blanks is kept.")
    return redirect(url_for("administrators.settings"))


@open_to(Role.ADMINISTRATOR)
def change_works() -> ResponseReturnValue:
    """Sets whether student work needs a release where it shows no name."""
    chosen = line_of(UNNAMED_WORK_KEY)
    require_offered(chosen, UNNAMED_WORK)
    with services().transaction() as work:
        keep(work, {UNNAMED_WORK_KEY: chosen})
    flash("The rule for student work is kept.")
    return redirect(url_for("administrators.settings"))


@open_to(Role.ADMINISTRATOR)
def change_limits() -> ResponseReturnValue:
    """Sets the smallest count that is told, and how long things are held."""
    limits = {key: line_of(key) for key in (SMALLEST_COUNT, BACKUP_DAYS_KEY, TEMPLATE_MONTHS_KEY)}
    try:
        return _keep_limits(limits)
    except Unconfirmed as unconfirmed:
        return ask_first(unconfirmed, limits)


def _keep_limits(limits: Mapping[str, str]) -> ResponseReturnValue:
    with services().transaction() as work:
        is_by_age = work.register.policy_or_none(TEMPLATE_MONTHS_KEY) is None
        is_left = is_by_age and not limits[TEMPLATE_MONTHS_KEY]
        sent = {key: limits[key] for key in limits if not (is_left and key == TEMPLATE_MONTHS_KEY)}
        errors = _unfit(work, sent)
        if errors:
            return again(work, errors, limits)
        keep(work, sent, box="destroy_limits")
    flash("The limits are kept.")
    return redirect(url_for("administrators.settings"))


@open_to(Role.ADMINISTRATOR)
def change_reminders() -> ResponseReturnValue:
    """Sets how often a family may be reminded to answer for a new school year."""
    sent = {key: line_of(key) for key in (REMINDERS, REMINDER_DAYS)}
    with services().transaction() as work:
        errors = _unfit(work, sent)
        if errors:
            return again(work, errors, {**sent})
        keep(work, sent)
    flash("The rule for reminders is kept.")
    return redirect(url_for("administrators.settings"))


def _unfit(work: Work, sent: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each value that cannot be kept."""
    read = work.register.policy_or_none
    errors: dict[str, str] = {}
    for key, value in sent.items():
        try:
            require_fit_policy(key, value)
            require_allowed(profile_of(read), key, value, read)
        except UnfitPolicy as unfit:
            errors[key] = str(unfit)
    return errors
