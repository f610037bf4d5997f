"""What a change of the register stops and brings down, in the transaction that makes it.

Call ``after_change`` wherever an answer, a hold, an order or the roster may have made the rules
stricter for somebody. It only restricts, so calling it once too often does no harm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mediacheck.decision.decide import LONGEST_VALIDITY
from mediacheck.flow.clear import note_outcome
from mediacheck.flow.dispatch_marks import end
from mediacheck.flow.judge import judge_post
from mediacheck.flow.portraits_posts import drop_groundless
from mediacheck.flow.publication import uses_of
from mediacheck.flow.removals import ask_removals
from mediacheck.flow.schedule import mail_asker
from mediacheck.flow.takedown_tasks import open_tasks
from mediacheck.flow.today import today_of
from mediacheck.model.audit import Event
from mediacheck.model.people import StaffId
from mediacheck.model.post import PostId
from mediacheck.model.publication import (
    CaseId,
    Publication,
    PublicationId,
    TakedownCase,
    Trigger,
)
from mediacheck.model.publishing import DispatchState
from mediacheck.model.review import ReviewAct, ReviewNote
from mediacheck.model.verdict import ClearanceId, Outcome
from mediacheck.ports.services import Services, Work
from release_db.records import RefusalReason, Refused, StudentFile
from release_db.rules import permission_for
from release_db.words import StudentId

#: What has merely run out was allowed while it was new, and stays where it is.
_RAN_OUT = frozenset({RefusalReason.EXPIRED, RefusalReason.DEPARTED})

_PULLED = "The school's records changed, and this post cannot go out as it is any more."
_HANDED_OVER = (
    f"{_PULLED} If you have posted it already, take it down now, and tell the communications "
    "office."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """What a change stopped, and the cases that it opened."""

    pulled: tuple[PostId, ...] = ()
    cases: tuple[CaseId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    services: Services
    work: Work
    trigger: Trigger
    by: str


def after_change(
    services: Services,
    work: Work,
    students: Collection[StudentId],
    *,
    trigger: Trigger,
    by: str,
) -> Withdrawn:
    """Voids what no longer holds, pulls those posts, and lists what has to come down.

    ``by`` is the id of whoever made the change. What is still allowed after it stays as it is.
    """
    change = _Change(services=services, work=work, trigger=trigger, by=by)
    if trigger is not Trigger.ARCHIVE:
        # What a sweep has judged until now is no longer what it would find.
        work.archive.end_sweeps()
    withdrawn = Withdrawn(
        pulled=tuple(_pull_posts(change, students)), cases=tuple(_open_cases(change, students))
    )
    drop_groundless(services, work, work.portraits.references_of(students), by=by)
    return withdrawn


def open_case(
    services: Services,
    work: Work,
    student: StudentId,
    publications: Collection[PublicationId],
    *,
    trigger: Trigger,
    by: str,
) -> CaseId | None:
    """A case for those of the publications that no open case of the student's lists yet.

    None: every one of them is listed already.
    """
    mine = work.publications.cases_of([student])
    listed = {one for case in mine for one in case.left}
    new = tuple(one for one in dict.fromkeys(publications) if one not in listed)
    if not new:
        return None
    case = TakedownCase(
        case_id=CaseId(services.ids.new()),
        student_id=student,
        trigger=trigger,
        opened_at=services.clock.now(),
        opened_by=by,
        publications=new,
    )
    work.publications.open_case(case)
    work.audit.write(
        Event.TAKEDOWN_OPENED,
        actor=by,
        subject=case.case_id,
        student=student,
        publications=len(new),
    )
    ask_removals(services, work, new)
    open_tasks(services, work, case.case_id, new)
    return case.case_id


def open_error_cases(
    services: Services, work: Work, publication_id: PublicationId | None, *, by: str
) -> None:
    """It should not be out as it is: a case for every student in it, and it comes down."""
    found = (
        work.publications.publication_or_none(publication_id)
        if publication_id is not None
        else None
    )
    if found is not None:
        for student in sorted({one.student_id for one in found.appearances}):
            mine = [found.publication_id]
            open_case(services, work, student, mine, trigger=Trigger.ERROR, by=by)


def _pull_posts(change: _Change, students: Collection[StudentId]) -> Iterator[PostId]:
    """Judges anew whatever could still go out with one of them, and voids what no longer may."""
    work, now = change.work, change.services.clock.now()
    since = now - LONGEST_VALIDITY
    for post_id, clearance_id in work.publications.posts_cleared_with(students, since):
        post = work.posts.post_or_none(post_id)
        if post is None:
            continue
        judged = judge_post(change.services, work, post)
        if judged.verdict.outcome is Outcome.CLEARED:
            continue
        work.publications.make_void(clearance_id, change.trigger, by=change.by, at=now)
        note_outcome(work, judged)
        is_out = work.publications.of_clearance_or_none(clearance_id) is not None
        words = _HANDED_OVER if is_out else _PULLED
        note = ReviewNote(act=ReviewAct.PULLED, by=StaffId("mediacheck"), at=now, words=words)
        work.posts.add_note(post_id, note)
        _take_off_calendar(change, clearance_id, words)
        work.audit.write(
            Event.CLEARANCE_VOID, actor=change.by, subject=post_id, clearance=clearance_id
        )
        yield post_id


def _take_off_calendar(change: _Change, clearance_id: ClearanceId, words: str) -> None:
    """What waits for its moment stops at once, and not only when its moment comes."""
    work = change.work
    dispatch = work.dispatches.of_clearance_or_none(clearance_id)
    if dispatch is not None and dispatch.is_scheduled:
        end(work, dispatch, DispatchState.STOPPED, words=words)
        mail_asker(change.services, work, dispatch)


def _open_cases(change: _Change, students: Collection[StudentId]) -> Iterator[CaseId]:
    published = change.work.publications.of_students(students)
    if not published:
        return
    files = change.work.register.student_files(students)
    for student in sorted(set(students)):
        mine = [
            one.publication_id
            for one in published
            if one.of(student) and _is_refused_now(change, one, student, files.get(student))
        ]
        settled = settled_for(change.work, student)
        case_id = open_case(
            change.services,
            change.work,
            student,
            [one for one in mine if one not in settled],
            trigger=change.trigger,
            by=change.by,
        )
        if case_id is not None:
            yield case_id


def settled_for(work: Work, student: StudentId) -> set[PublicationId]:
    """What has come down already, or was found not to be out at all."""
    return {
        publication
        for case in work.publications.cases_of([student])
        for publication in case.publications
        if case.is_settled_for(publication)
    }


def _is_refused_now(
    change: _Change, publication: Publication, student: StudentId, file: StudentFile | None
) -> bool:
    """Whether anything that the publication shows of the student would be refused today.

    A channel that is no more refuses: nobody can say that it allows anything.
    """
    channel = change.work.register.channel_or_none(publication.channel)
    if channel is None or file is None:
        return True
    today = today_of(change.services.clock, change.work.register)
    return any(
        isinstance(given, Refused) and given.reason not in _RAN_OUT
        for asked in uses_of(publication.of(student), publication.media, channel)
        for given in [permission_for(asked, file, today)]
    )
