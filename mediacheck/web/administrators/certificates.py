"""What was destroyed of whose face: certificates, each to read and to keep."""

from __future__ import annotations

import json
from datetime import date

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from mediacheck.errors import NotFound
from mediacheck.flow.certificates import certificate_json, who_destroyed
from mediacheck.flow.today import today_of
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import open_to, services
from release_db.destruction import is_unaltered
from release_db.policy import zone_of
from release_db.records import DestructionRecord

_SHOWN = 200


@open_to(Role.ADMINISTRATOR)
def certificates() -> ResponseReturnValue:
    """The newest certificates, newest first."""
    with services().transaction() as work:
        records = work.gallery.destructions()
        return render_template(
            "administrators/certificates.html",
            records=records[::-1][:_SHOWN],
            count=len(records),
            who=_who(work, records),
            is_unaltered=is_unaltered,
            zone=zone_of(work.register),
            today=_today(work),
        )


@open_to(Role.ADMINISTRATOR)
def all_certificates() -> ResponseReturnValue:
    """Every certificate, as a file."""
    with services().transaction() as work:
        said = [certificate_json(one) for one in work.gallery.destructions()]
    return _file({"certificates": said}, "certificates")


@open_to(Role.ADMINISTRATOR)
def certificate(certificate_id: str) -> ResponseReturnValue:
    """One certificate, as a file."""
    with services().transaction() as work:
        record = work.gallery.destruction_or_none(certificate_id)
        if record is None:
            raise NotFound
    return _file(certificate_json(record), f"certificate-{certificate_id[:12]}")


def _who(work: Work, records: tuple[DestructionRecord, ...]) -> dict[str, str]:
    names = {str(member.staff_id): member.name for member in work.accounts.staff()}
    return {one.destroyed_by: who_destroyed(one, names) for one in records}


def _today(work: Work) -> date:
    return today_of(services().clock, work.register)


def _file(said: dict[str, object], name: str) -> Response:
    response = Response(json.dumps(said, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
