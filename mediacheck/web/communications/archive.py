"""What a sweep of old pictures found: how many came out how, and what has to be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.archive_folder import bring_old
from mediacheck.flow.desk import Desk
from mediacheck.model.archive import ArchivePicture, Triage
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
from mediacheck.web.errors import form_again, wants_json
from mediacheck.web.forms import line_of
from mediacheck.web.teachers.desk import open_desk
from release_db.words import ChannelKey

_PAGE = "communications/archive.html"
#: More than anybody works through in a day.
_MOST = 300

TRIAGES = {
    Triage.MUST_COME_DOWN: ("blocked", "Must come down"),
    Triage.NEEDS_A_PERSON: ("review", "Needs a person"),
    Triage.CLEAR: ("cleared", "Clear"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A channel, and how many of its old pictures came out how."""

    key: ChannelKey
    name: str
    counts: tuple[tuple[Triage, int], ...]


@open_to(Role.COMMUNICATIONS)
def page() -> ResponseReturnValue:
    """The counts of every channel, and the pictures of one of them that came out in one way."""
    channel = request.args.get("channel", "")
    try:
        triage = Triage(request.args.get("triage", Triage.MUST_COME_DOWN))
    except ValueError:
        triage = Triage.MUST_COME_DOWN
    with open_desk() as desk:
        return render_template(_PAGE, errors={}, **_standing(desk, channel, triage))


@open_to(Role.COMMUNICATIONS)
def bring() -> ResponseReturnValue:
    """Keeps the files of a folder, or a part of them, until each is judged."""
    channel = line_of("channel")
    files = [(one.filename or "", one.read()) for one in request.files.getlist("files")]
    if wants_json():
        with open_desk() as desk:
            return jsonify(number=bring_old(desk, channel, files))
    with open_desk() as desk:
        try:
            number = bring_old(desk, channel, files)
        except NotFound:
            errors = {"channel": "Choose one of your channels."}
        except BadRequest as refused:
            errors = {"files": refused.message}
        else:
            flash(f"{number} {'file is' if number == 1 else 'files are'} being judged.")
            return redirect(url_for("communications.archive", channel=channel))
        standing = _standing(desk, channel, Triage.MUST_COME_DOWN)
        return form_again(_PAGE, errors=errors, **standing)


def _standing(desk: Desk, channel: str, triage: Triage) -> dict[str, object]:
    lines = list(_lines(desk))
    keys = [line.key for line in lines]
    chosen = ChannelKey(channel) if channel in keys else next(iter(keys), None)
    mine = [one for one in desk.work.register.channels() if desk.staff.works_at(one.school)]
    waiting = desk.work.archive.count_old()
    return {
        "lines": lines,
        "chosen": chosen,
        "triage": triage,
        "triages": TRIAGES,
        "pictures": _pictures(desk, chosen, triage),
        "channels": mine,
        "wanted": channel,
        "waiting": sum(waiting.get(one.key, 0) for one in mine),
    }


def _lines(desk: Desk) -> Iterator[_Line]:
    counts = desk.work.archive.counts()
    for channel in desk.work.register.channels():
        numbers = tuple((triage, counts.get((channel.key, triage), 0)) for triage in TRIAGES)
        if desk.staff.works_at(channel.school) and any(number for _, number in numbers):
            yield _Line(key=channel.key, name=channel.name, counts=numbers)


def _pictures(desk: Desk, channel: ChannelKey | None, triage: Triage) -> tuple[ArchivePicture, ...]:
    if channel is None:
        return ()
    return desk.work.archive.pictures(channel, triage, limit=_MOST)
