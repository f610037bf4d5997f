"""What a sweep of old pictures found: how many came out how, and what has to be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.flow.desk import Desk
from mediacheck.model.archive import ArchivePicture, Triage
from mediacheck.model.people import Role
from mediacheck.web.access import open_to
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
        lines = list(_lines(desk))
        keys = [line.key for line in lines]
        chosen = ChannelKey(channel) if channel in keys else next(iter(keys), None)
        pictures = _pictures(desk, chosen, triage)
    return render_template(
        _PAGE, lines=lines, chosen=chosen, triage=triage, triages=TRIAGES, pictures=pictures
    )


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
