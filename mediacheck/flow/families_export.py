"""Everything held about a child that this person may have, as plain records; and what she asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from mediacheck.errors import NotAllowed
from mediacheck.flow.families import FamilyDesk, actor_of, link_of, may_widen, require_child
from mediacheck.flow.families_choices import own_words
from mediacheck.flow.families_records import history_of
from mediacheck.model.audit import Event
from mediacheck.model.family_log import FamilyRequest, Look, Looked, RequestKind
from release_db.records import StudentFile
from release_db.standing import decider_of
from release_db.words import Capacity, StudentId

Records = Mapping[str, object]


class NotVerified(NotAllowed):
    """The office has not confirmed who this guardian is."""

    message = "The school office has to confirm who you are first."


def require_verified(desk: FamilyDesk, student_id: str) -> StudentFile:
    """The student's file, for somebody whose rights are confirmed.

    Raises:
        NotFound: the student is not this person's.
        NotVerified: the office has not confirmed who this is.
    """
    file = require_child(desk, student_id)
    if not may_widen(desk, file):
        raise NotVerified
    return file


def export_of(desk: FamilyDesk, student_id: str) -> Records:
    """Every file of the export by name; that it was taken is kept, too.

    Another guardian's data and protective holds are in none of them.

    Raises:
        NotFound: the student is not this person's.
        NotVerified: the office has not confirmed who this is.
    """
    file = require_verified(desk, student_id)
    student = file.student.student_id
    note_look(desk, student, Looked.EXPORT)
    link = link_of(desk, file)
    return {
        "student": asdict(file.student),
        "your-link": asdict(link) if link is not None else None,
        "decisions": [asdict(line) for line in history_of(desk, file)],
        "your-signatures": [asdict(word) for word in own_words(desk.visitor, file)],
        "face-template": _biometric(desk, file),
        "notices": [asdict(notice) for notice in desk.work.register.terms.notices()],
        "who-looked": looks_of(desk, student),
        "appearances": _appearances(desk, student),
        "requests": [asdict(one) for one in requests_of(desk, student)],
    }


def looks_of(desk: FamilyDesk, student: StudentId) -> Sequence[Records]:
    """Who looked at the child's data, the newest first; of families only this person."""
    me = actor_of(desk.visitor)
    return [
        {"at": look.at, "who": _looker(desk, look), "what": look.what.value}
        for look in desk.work.family_log.looks_at(student)
        if look.is_staff or look.actor == me
    ]


def note_look(desk: FamilyDesk, student: StudentId, what: Looked) -> None:
    """Keeps that this person looked."""
    look = Look(
        student_id=student,
        at=desk.services.clock.now(),
        actor=actor_of(desk.visitor),
        is_staff=False,
        what=what,
    )
    desk.work.family_log.note(look)


def requests_of(desk: FamilyDesk, student: StudentId) -> tuple[FamilyRequest, ...]:
    """What this person has asked for, the newest first."""
    me = actor_of(desk.visitor)
    return tuple(one for one in desk.work.family_log.requests_of(student) if one.asked_by == me)


def ask_for(desk: FamilyDesk, student_id: str, kind: RequestKind, about: str = "") -> FamilyRequest:
    """Keeps a request for the office; the same one asked twice stays one.

    Raises:
        NotFound: the student is not this person's.
        NotVerified: the office has not confirmed who this is.
    """
    file = require_verified(desk, student_id)
    student = file.student.student_id
    for known in requests_of(desk, student):
        if (known.kind, known.about) == (kind, about) and known.answered_at is None:
            return known
    request = FamilyRequest(
        request_id=desk.services.ids.new(),
        student_id=student,
        kind=kind,
        asked_by=actor_of(desk.visitor),
        asked_at=desk.services.clock.now(),
        about=about,
    )
    desk.work.family_log.ask(request)
    desk.work.audit.write(
        Event.FAMILY_REQUESTED,
        actor=request.asked_by,
        subject=student,
        kind=kind.value,
        request=request.request_id,
    )
    return request


def _biometric(desk: FamilyDesk, file: StudentFile) -> Sequence[Records]:
    link = link_of(desk, file)
    mine = link.guardian_id.casefold() if link is not None else ""
    return [
        asdict(word)
        for word in file.biometric
        if word.capacity is not Capacity.GUARDIAN or decider_of(word, file) == mine
    ]


def _appearances(desk: FamilyDesk, student: StudentId) -> Sequence[Records]:
    """Everything that was published of the child; of others in it, nothing."""
    return [
        {
            "channel": publication.channel,
            "published_at": publication.published_at,
            "shown": [asdict(shown) for shown in publication.of(student)],
        }
        for publication in desk.work.publications.of_students([student])
    ]


def _looker(desk: FamilyDesk, look: Look) -> str:
    if not look.is_staff:
        return "you"
    member = next((one for one in desk.work.accounts.staff() if one.staff_id == look.actor), None)
    return f"{member.name} ({member.role.value})" if member is not None else "staff"
