"""What has to come down: the cases, and what was done about each publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow import takedowns
from mediacheck.flow.desk import Desk
from mediacheck.flow.looks import note_staff_look
from mediacheck.flow.registrars_papers import read_scan
from mediacheck.flow.removals import REMOVER
from mediacheck.intake.encoding import picture_from_jpeg, thumbnail_jpeg
from mediacheck.model.family_log import Looked
from mediacheck.model.office import ScanKind
from mediacheck.model.people import Role, StaffId
from mediacheck.model.publication import (
    Manner,
    Publication,
    PublishedAppearance,
    TakedownAct,
    TakedownCase,
    TakedownStep,
    Trigger,
)
from mediacheck.model.publishing import Dispatch, Removal, RemovalState
from mediacheck.model.takedown_tasks import Proof
from mediacheck.web.access import open_to, services
from mediacheck.web.forms import line_of, text_of
from mediacheck.web.post_lines import moment_words
from mediacheck.web.teachers.desk import open_desk
from release_db.policy import zone_of

_CASES, _CASE = "communications/takedowns.html", "communications/takedown.html"
_PICTURE_PX = 480

_BY_HAND = (
    "mediacheck could not delete it there. Take it down by hand by {}, and say below that you did."
)
_BY_HAND_TOO = (
    "mediacheck deleted its own post and checked that it is gone. Somebody also took the package: "
    "if it was posted by hand as well, take that down, and say below what you did."
)

#: What somebody says that she did.
_ENDS = {
    TakedownAct.REMOVED: "I took the post down",
    TakedownAct.REPLACED: "I put the covered version in its place",
    TakedownAct.NEVER_POSTED: "It was never posted",
    TakedownAct.CANNOT_REMOVE: "It cannot be taken down (say why below)",
}
#: What somebody says of a post that could not be taken down before.
_ENDS_SINCE = {
    TakedownAct.REMOVED: "Yes, it is gone",
    TakedownAct.REPLACED: "The covered version is in its place",
}
_STEPS = {
    TakedownAct.REMOVED: "Taken down",
    TakedownAct.REPLACED: "Replaced by the covered version",
    TakedownAct.NEVER_POSTED: "It was never posted",
    TakedownAct.CANNOT_REMOVE: "Cannot be taken down",
    TakedownAct.COVERED_COPY: "A covered version was started",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One publication of a case, as the page shows it."""

    publication: Publication
    channel_name: str
    when: str
    shown: tuple[str, ...]
    steps: tuple[tuple[str, str, TakedownStep], ...]
    is_settled: bool
    stays_out: bool
    ends: tuple[tuple[TakedownAct, str], ...]
    """What somebody may say that she did, and its words; none where all is done."""
    may_cover: bool
    removal: tuple[str, str] | None
    task: tuple[str, str, str] | None
    """Whose task it is (empty: nobody's yet), by when, and the badge's kind."""
    proofs: tuple[Proof, ...]


@open_to(Role.COMMUNICATIONS)
def cases() -> ResponseReturnValue:
    """Every case: those with something left to do first."""
    with open_desk() as desk:
        mine = takedowns.cases_for(desk)
        lines = [_line(desk, case) for case in mine]
    return render_template(
        _CASES,
        left=[line for line in lines if line["left"]],
        done=[line for line in lines if not line["left"]],
    )


@open_to(Role.COMMUNICATIONS)
def case(case_id: str) -> ResponseReturnValue:
    """One student's case: what is out, where she is in it, and what was done."""
    with open_desk() as desk:
        found = takedowns.require_case(desk, case_id)
        note_staff_look(desk, found.student_id, Looked.TAKEDOWN)
        return render_template(
            _CASE, case=found, **_line(desk, found), entries=_entries(desk, found)
        )


@open_to(Role.COMMUNICATIONS)
def act(case_id: str, publication_id: str) -> ResponseReturnValue:
    """Records what was done about one publication."""
    try:
        done = TakedownAct(line_of("act"))
    except ValueError:
        raise BadRequest from None
    if not done.settles:
        raise BadRequest
    shown = (line_of("link", longest=500), _screenshot_of_form())
    words = text_of("words", longest=1_000)
    with open_desk() as desk:
        takedowns.take_step(desk, case_id, (publication_id, done), words, shown)
    flash(f"Noted: {_STEPS[done].lower()}.")
    return redirect(url_for("communications.takedown", case_id=case_id))


def _screenshot_of_form() -> bytes:
    """The picture of a screen that was sent, as our own encoding; empty when there was none.

    Raises:
        IntakeError: it is no picture that is taken.
        BadRequest: it is a PDF.
    """
    sent = request.files.get("screenshot")
    data = sent.read() if sent is not None else b""
    if sent is None or not data:
        return b""
    read = read_scan(services(), data, sent.filename or "")
    if read.kind is not ScanKind.PICTURE:
        raise BadRequest("Send the picture of the screen as a photo, not as a PDF.")
    return read.view


@open_to(Role.COMMUNICATIONS)
def cover(case_id: str, publication_id: str) -> ResponseReturnValue:
    """Starts a post with the same pictures in which the student is covered, and opens it."""
    with open_desk() as desk:
        post = takedowns.start_covered_copy(desk, case_id, publication_id)
    return redirect(url_for("teachers.post", post_id=post.post_id))


@open_to(Role.COMMUNICATIONS)
def picture(case_id: str, publication_id: str, position: int) -> ResponseReturnValue:
    """A small reading of a picture as it was published."""
    with open_desk() as desk:
        found = takedowns.publications_of(desk, takedowns.require_case(desk, case_id))
    media = [
        media
        for publication in found
        if publication.publication_id == publication_id
        for media in publication.media
        if media.position == position
    ]
    if not media or media[0].picture_key is None:
        raise NotFound
    jpeg = services().pictures.get(media[0].picture_key)
    small = thumbnail_jpeg(
        picture_from_jpeg(jpeg, source_width_px=1, source_height_px=1), _PICTURE_PX
    )
    return Response(small, mimetype="image/jpeg")


def _line(desk: Desk, case: TakedownCase) -> dict[str, object]:
    student = desk.work.register.student_or_none(case.student_id)
    return {
        "case_id": case.case_id,
        "student": student.display_name if student is not None else "A student who was erased",
        "why": _why(case),
        "when": moment_words(case.opened_at.astimezone(zone_of(desk.work.register))),
        "left": len(case.left),
        "still_out": sum(case.stays_out(one) for one in case.publications),
        "due": _due(desk, case),
        "total": len(case.publications),
    }


def _due(desk: Desk, case: TakedownCase) -> tuple[str, str] | None:
    """Until when the first thing that a person has to do is to be done; kind and words."""
    tasks = [desk.work.takedown_tasks.task_or_none(case.case_id, one) for one in case.left]
    left = [task for task in tasks if task is not None and task.closed_at is None]
    if not left:
        return None
    first = min(left, key=lambda task: task.due_at)
    moment = moment_words(first.due_at.astimezone(zone_of(desk.work.register)))
    is_overdue = first.is_overdue(desk.services.clock.now())
    return ("blocked", f"Overdue since {moment}") if is_overdue else ("review", f"By {moment}")


def _why(case: TakedownCase) -> str:
    """No more than the office has to know: a hold or an order reads as any other change."""
    if case.trigger is Trigger.FAMILY_ASKED:
        return "The family asked for it."
    if case.trigger is Trigger.ERROR:
        return "It should not be out as it is."
    return "It is not allowed any more."


def _entries(desk: Desk, case: TakedownCase) -> Sequence[_Entry]:
    zone = zone_of(desk.work.register)
    channels = {channel.key: channel.name for channel in desk.work.register.channels()}
    names = {member.staff_id: member.name for member in desk.work.accounts.staff()}
    names[REMOVER] = "mediacheck"
    sent = desk.work.dispatches.of_publications(case.publications)
    proofs = desk.work.takedown_tasks.proofs_of(case.case_id)
    return [
        _Entry(
            publication=one,
            channel_name=channels.get(one.channel, one.channel),
            when=moment_words(one.published_at.astimezone(zone)),
            shown=tuple(dict.fromkeys(map(_where, one.of(case.student_id)))),
            steps=tuple(
                (
                    _STEPS[step.act],
                    f"{names.get(step.by, 'Somebody')}, {moment_words(step.at.astimezone(zone))}",
                    step,
                )
                for step in case.steps
                if step.publication_id == one.publication_id
            ),
            is_settled=case.is_settled_for(one.publication_id),
            stays_out=case.stays_out(one.publication_id),
            ends=tuple(
                (act, (_ENDS_SINCE if case.stays_out(one.publication_id) else _ENDS)[act])
                for act in takedowns.ends_for(case, one.publication_id)
                # A post of words alone has no covered version.
                if one.media or act is not TakedownAct.REPLACED
            ),
            may_cover=bool(one.media) and takedowns.may_be_covered(case, one.publication_id),
            removal=None
            if case.is_settled_for(one.publication_id)
            else _removal(sent.get(one.publication_id), zone),
            task=_task(desk, case, one, names),
            proofs=tuple(proof for proof in proofs if proof.publication_id == one.publication_id),
        )
        for one in takedowns.publications_of(desk, case)
    ]


def _task(
    desk: Desk, case: TakedownCase, publication: Publication, names: Mapping[StaffId, str]
) -> tuple[str, str, str] | None:
    task = desk.work.takedown_tasks.task_or_none(case.case_id, publication.publication_id)
    if task is None or task.closed_at is not None:
        return None
    zone = zone_of(desk.work.register)
    kind = "blocked" if task.is_overdue(desk.services.clock.now()) else "review"
    due = moment_words(task.due_at.astimezone(zone))
    person = "" if task.assigned_to == REMOVER else names.get(task.assigned_to, "")
    return person, due, kind


def _removal(dispatch: Dispatch | None, zone: tzinfo) -> tuple[str, str] | None:
    """What the tool itself does about it, where it published it."""
    removal = dispatch.removal if dispatch is not None else Removal()
    match removal.state:
        case RemovalState.WAITING | RemovalState.RUNNING:
            return "review", "mediacheck is deleting it. There is nothing to do for you."
        case RemovalState.GONE if dispatch is not None and dispatch.is_handed_over:
            return "review", _BY_HAND_TOO
        case RemovalState.NONE | RemovalState.GONE:
            # Where it is gone, the case has a step that says so.
            return None
        case RemovalState.BY_HAND if removal.by_hand_until is not None:
            until = moment_words(removal.by_hand_until.astimezone(zone))
            return "blocked", _BY_HAND.format(until)
        case _:
            return "blocked", _BY_HAND.format("tomorrow")


def _where(shown: PublishedAppearance) -> str:
    if shown.manner is Manner.FACE:
        return "seen in a photo"
    if shown.manner is Manner.WORK:
        return "their work in a photo"
    return "named in a photo" if shown.media_id is not None else "named in the words"
