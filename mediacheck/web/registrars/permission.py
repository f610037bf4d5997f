"""What holds, or held at a moment, for one student, use and channel, and on what that rests."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mediacheck.errors import NotFound
from mediacheck.flow.registrars import may_see_holds
from mediacheck.model.people import Role
from mediacheck.ports.services import Work
from mediacheck.web.access import current_staff, open_to, require_school, services
from mediacheck.web.registrars import standing
from release_db.errors import UnknownChannel
from release_db.policy import zone_of
from release_db.records import StudentFile
from release_db.words import ChannelKey, NameForm, StudentId, Use

_PAGE = "registrars/permission.html"
#: The form asks for minutes; the one that is running means now.
_MINUTE = timedelta(minutes=1)
_NO_MOMENT = "Enter a day and a time, such as 2026-11-24 15:30."
_NO_CHANNEL = "This channel was not there at that time. Choose another, or a later moment."


@open_to(Role.REGISTRAR)
def permission(student_id: str) -> ResponseReturnValue:
    """The question as a form, and its answer."""
    held = services()
    with held.transaction() as work:
        file = work.register.student_files([StudentId(student_id)]).get(StudentId(student_id))
        if file is None:
            raise NotFound
        require_school(file.student.school)
        now = held.clock.now().astimezone(zone_of(work.register)).replace(tzinfo=None)
        asked = {
            "channel": request.args.get("channel", ""),
            "use": request.args.get("use", Use.IMAGE.value),
            "form": request.args.get("form", NameForm.FULL.value),
            "at": request.args.get("at") or now.isoformat(timespec="minutes"),
        }
        answer, errors = _answer(work, file, asked) if asked["channel"] else (None, {})
        return render_template(
            _PAGE,
            file=file,
            asked=asked,
            answer=answer,
            errors=errors,
            channels=work.register.channels(),
            uses=standing.USES,
            forms=standing.NAME_FORMS,
        )


def _answer(
    work: Work, file: StudentFile, asked: dict[str, str]
) -> tuple[standing.Explained | None, dict[str, str]]:
    """The answer in words, or what is wrong with the question."""
    try:
        use, form = Use(asked["use"]), NameForm(asked["form"])
    except ValueError:
        raise NotFound from None
    try:
        local = datetime.fromisoformat(asked["at"])
    except ValueError:
        return None, {"at": _NO_MOMENT}
    moment = _moment(local.replace(tzinfo=zone_of(work.register)))
    is_named = use in {Use.NAME, Use.IMAGE_WITH_NAME}
    try:
        found = work.register.permission_for(
            file.student.student_id,
            use,
            ChannelKey(asked["channel"]),
            form if is_named else NameForm.NONE,
            moment,
        )
    except UnknownChannel:
        return None, {"channel": _NO_CHANNEL}
    names = {channel.key: channel.name for channel in work.register.channels()}
    shows_holds = may_see_holds(work.register, current_staff())
    return standing.explained(found, file, names, shows_holds=shows_holds), {}


def _moment(asked: datetime) -> datetime:
    """The moment that is meant: of the minute that is running, what was recorded by now counts."""
    now = services().clock.now()
    return now if asked <= now < asked + _MINUTE else asked
