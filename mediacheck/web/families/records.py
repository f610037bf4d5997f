"""What a family takes away: receipts as a page, a PDF and JSON, and the history."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from mediacheck.flow.families import FamilyDesk, children_of, require_child
from mediacheck.flow.families_records import (
    Line,
    Receipt,
    consent_record,
    entity_of,
    history_of,
    receipt_of,
)
from mediacheck.web.access import open_to_families
from mediacheck.web.families import words
from mediacheck.web.families.catalogues import page_language
from mediacheck.web.families.desk import open_desk
from mediacheck.web.families.language import _
from mediacheck.web.families.receipt_pdf import pdf_of
from release_db.words import Answer, NameForm

_DISTRICT_NAME = "district_name"


@open_to_families()
def receipt(student_id: str, act: str) -> ResponseReturnValue:
    """The receipt of one signature."""
    found, _email, _controller = _receipt(student_id, act)
    with open_desk() as desk:
        has_siblings = len(children_of(desk)) > 1
        told = _told(found, _names_of_channels(desk))
    return render_template(
        "families/receipt.html", receipt=found, told=told, has_siblings=has_siblings
    )


@open_to_families()
def receipt_json(student_id: str, act: str) -> ResponseReturnValue:
    """The receipt as a record that other programs read."""
    found, email, controller = _receipt(student_id, act)
    record = consent_record(found, email=email, controller=controller)
    return _file(json.dumps(record, indent=2, ensure_ascii=False).encode(), "json", act)


@open_to_families()
def receipt_pdf(student_id: str, act: str) -> ResponseReturnValue:
    """The receipt as a tagged PDF."""
    found, _email, _controller = _receipt(student_id, act)
    with open_desk() as desk:
        told = _told(found, _names_of_channels(desk))
    return _file(pdf_of(told, page_language()), "pdf", act)


@open_to_families()
def history(student_id: str) -> ResponseReturnValue:
    """Every decision on file that this person may see."""
    with open_desk() as desk:
        file = require_child(desk, student_id)
        lines = history_of(desk, file)
        channels = _names_of_channels(desk)
    told = [{**_told_line(line, channels), "line": line} for line in lines]
    return render_template("families/history.html", student=file.student, lines=told)


def _receipt(student_id: str, act: str) -> tuple[Receipt, str, str]:
    with open_desk() as desk:
        found = receipt_of(desk, require_child(desk, student_id), act)
        controller = desk.work.register.policy_or_none(_DISTRICT_NAME) or "district"
        return found, entity_of(desk), controller


def _file(content: bytes, kind: str, act: str) -> Response:
    response = Response(content, mimetype=f"application/{kind}")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{act}.{kind}"'
    return response


def _told(found: Receipt, channels: Mapping[str, str]) -> dict[str, object]:
    """The receipt in words; ``channels`` are their names by key."""
    notice = found.notice
    return {
        "title": _("Your answers for %(name)s", name=found.student.display_name),
        "facts": [
            (_("Signed by"), found.signature),
            (_("On"), words.day_words(found.given_on)),
            (_("Notice"), f"{notice.title} ({notice.reference})" if notice is not None else "-"),
            (_("Receipt number"), found.act),
        ],
        "columns": [_("Where"), _("What"), _("Answer"), _("Until")],
        "lines": [_told_line(line, channels) for line in found.lines],
        "footer": _("You can change your answers at any time. A no counts at once."),
    }


def _names_of_channels(desk: FamilyDesk) -> dict[str, str]:
    return {channel.key: channel.name for channel in desk.work.register.channels()}


def _what(line: Line) -> str:
    """What a decision is about; refusing a form of the name refuses every form that tells more."""
    scope = line.scope
    what = words.use_words()[scope.use]
    if scope.name_form is None:
        return what
    if line.answer is not Answer.ALLOW and scope.name_form is NameForm.INITIALS:
        return _("%(what)s, more than the first name", what=what)
    if line.answer is not Answer.ALLOW and scope.name_form is NameForm.FIRST:
        return _("%(what)s, more than the initials", what=what)
    return f"{what}, {words.form_words()[scope.name_form]}"


def _told_line(line: Line, channels: Mapping[str, str]) -> dict[str, str]:
    scope = line.scope
    where = _("Everywhere")
    if scope.audience is not None:
        where = words.audience_words()[scope.audience][0]
    if scope.channel is not None:
        name = channels.get(scope.channel, scope.channel)
        where = _("Only on %(channel)s", channel=name)
    who = words.capacity_words()[line.capacity]
    return {
        "where": where,
        "what": _what(line),
        "answer": words.answer_words()[line.answer],
        "until": words.day_words(line.ends_on) if line.ends_on is not None else _("no end"),
        "given": words.day_words(line.given_on),
        "who": who,
    }
