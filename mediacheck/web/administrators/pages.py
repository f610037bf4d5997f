"""The routes for district administrators."""

from __future__ import annotations

from flask import Blueprint

from mediacheck.web.administrators import (
    accounts,
    audit,
    certificates,
    channels,
    evidence,
    notices,
    settings,
    settings_law,
)

blueprint = Blueprint("administrators", __name__, url_prefix="/administrators")

_GET = ("GET",)
_POST = ("POST",)

for _rule, _view, _methods in (
    ("/accounts", accounts.accounts, _GET),
    ("/accounts/new", accounts.new_account, _GET),
    ("/accounts/new", accounts.add_account, _POST),
    ("/accounts/<staff_id>", accounts.account, _GET),
    ("/accounts/<staff_id>", accounts.change_account, _POST),
    ("/accounts/<staff_id>/code", accounts.new_code, _POST),
    ("/accounts/<staff_id>/untie", accounts.untie_account, _POST),
    ("/channels", channels.channels, _GET),
    ("/channels/new", channels.new_channel, _GET),
    ("/channels/new", channels.add_channel, _POST),
    ("/channels/<key>", channels.channel, _GET),
    ("/channels/<key>", channels.change_channel, _POST),
    ("/settings", settings.settings, _GET),
    ("/settings", settings.change_settings, _POST),
    ("/settings/school", settings.change_school_settings, _POST),
    ("/settings/place", settings_law.change_place, _POST),
    ("/settings/blanks", settings_law.change_blanks, _POST),
    ("/settings/limits", settings_law.change_limits, _POST),
    ("/settings/reminders", settings_law.change_reminders, _POST),
    ("/evidence", evidence.evidence, _GET),
    ("/evidence", evidence.measure, _POST),
    ("/evidence/<evidence_id>", evidence.one_evidence, _GET),
    ("/settings/works", settings_law.change_works, _POST),
    ("/notices", notices.notices, _GET),
    ("/notices", notices.approve_notice, _POST),
    ("/certificates", certificates.certificates, _GET),
    ("/certificates/all.json", certificates.all_certificates, _GET),
    ("/certificates/<certificate_id>", certificates.certificate, _GET),
    ("/audit", audit.audit, _GET),
    ("/audit/verify", audit.verify, _POST),
):
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods)
