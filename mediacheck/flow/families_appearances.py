"""Everything that was published of a child, what allowed it, and asking for its removal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mediacheck.errors import BadRequest, NotFound
from mediacheck.flow.families import FamilyDesk, actor_of, link_of, require_child
from mediacheck.flow.families_choices import own_words
from mediacheck.flow.families_export import NotVerified
from mediacheck.flow.removals import REMOVER
from mediacheck.flow.withdraw import open_case
from mediacheck.model.audit import Event
from mediacheck.model.families import FamilyKind
from mediacheck.model.family_log import FamilyRequest, RequestKind
from mediacheck.model.post import Box
from mediacheck.model.publication import (
    Manner,
    Publication,
    PublicationId,
    PublishedAppearance,
    TakedownAct,
    TakedownCase,
    TakedownStep,
    Trigger,
)
from release_db.records import StudentFile
from release_db.words import Capacity, Rights, StudentId


class Whereabouts(StrEnum):
    """What has become of a publication, as the family is told."""

    OUT = "out"
    COMING_DOWN = "coming-down"
    DOWN = "down"
    PROVEN_GONE = "proven-gone"
    NEVER_POSTED = "never-posted"
    STAYS = "stays"


class StepKind(StrEnum):
    """One step of a takedown, as the family is told."""

    BEGUN = "begun"
    BY_A_PERSON = "by-a-person"
    COVERED_COPY = "covered-copy"
    DELETED = "deleted"
    REMOVED = "removed"
    REPLACED = "replaced"
    NEVER_POSTED = "never-posted"
    CANNOT_REMOVE = "cannot-remove"


class RuleKind(StrEnum):
    """What allowed an appearance."""

    OWN_ANSWER = "own-answer"
    OTHER_GUARDIAN = "other-guardian"
    STUDENT = "student"
    OFFICE = "office"
    SCHOOL_RECORDS = "school-records"
    ITEM = "item"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule that allowed it. ``given_on`` None: another guardian's day is not this one's."""

    kind: RuleKind
    given_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One publication, as one family may see it.

    ``pictures`` are the numbers of the crops of the child; ``names`` what named her. ``words`` say
    why it stays.
    """

    publication_id: PublicationId
    channel_name: str
    published_at: datetime
    pictures: tuple[int, ...]
    names: tuple[str, ...]
    rules: tuple[Rule, ...]
    whereabouts: Whereabouts
    words: str = ""
    is_asked: bool = False
    shows_work: bool = False
    steps: tuple[tuple[StepKind, datetime], ...] = ()
    """What was done to take it down, the oldest first."""
    by_hand_until: datetime | None = None
    """A person of the school has to have taken it down by then."""

    @property
    def can_be_asked(self) -> bool:
        """Whether there is anything to ask for: it is out, and nobody is taking it down yet."""
        return self.whereabouts in {Whereabouts.OUT, Whereabouts.STAYS} and not self.is_asked


def require_entitled(desk: FamilyDesk, student_id: str) -> StudentFile:
    """The student's file, for somebody who signed in and whose rights are confirmed.

    A student who has left stays in what was published, so that the page stays open.

    Raises:
        NotFound: the student is not this person's.
        NotVerified: it is a mailed link, or the office has not confirmed who this guardian is.
    """
    file = require_child(desk, student_id)
    link = link_of(desk, file)
    is_confirmed = desk.visitor.kind is FamilyKind.STUDENT or (
        link is not None and link.rights is Rights.FULL
    )
    if not desk.visitor.may_grant or not is_confirmed:
        raise NotVerified
    return file


def appearances_of(desk: FamilyDesk, file: StudentFile) -> tuple[Seen, ...]:
    """Everything that was published of the child, the newest first."""
    student = file.student.student_id
    channels = {channel.key: channel.name for channel in desk.work.register.channels()}
    cases = desk.work.publications.cases_of([student])
    asked = {one.about for one in _open_requests(desk, student)}
    found = []
    publications = desk.work.publications.of_students([student])
    sent = desk.work.dispatches.of_publications([one.publication_id for one in publications])
    for one in publications:
        whereabouts, words = _whereabouts(cases, one.publication_id)
        dispatch = sent.get(one.publication_id)
        if dispatch is not None and dispatch.is_surely_not_out and whereabouts is Whereabouts.OUT:
            whereabouts = Whereabouts.NEVER_POSTED
        names = (shown.text for shown in one.of(student) if shown.text.strip())
        seen = Seen(
            publication_id=one.publication_id,
            channel_name=channels.get(one.channel, one.channel),
            published_at=one.published_at,
            pictures=tuple(number for number, _ in _faces(one, student)),
            names=tuple(dict.fromkeys(names)),
            rules=tuple(dict.fromkeys(_rules(desk, file, one))),
            whereabouts=whereabouts,
            words=words,
            is_asked=one.publication_id in asked,
            shows_work=any(shown.manner is Manner.WORK for shown in one.of(student)),
            steps=tuple(_steps(desk, cases, one.publication_id)),
            by_hand_until=_by_hand_until(desk, cases, one.publication_id),
        )
        found.append(seen)
    return tuple(found)


def _steps(
    desk: FamilyDesk, cases: tuple[TakedownCase, ...], publication: PublicationId
) -> Iterator[tuple[StepKind, datetime]]:
    """Every step of every case about it, in order."""
    found: list[tuple[StepKind, datetime]] = []
    for case in cases:
        if publication not in case.publications:
            continue
        found.append((StepKind.BEGUN, case.opened_at))
        task = desk.work.takedown_tasks.task_or_none(case.case_id, publication)
        if task is not None:
            found.append((StepKind.BY_A_PERSON, task.opened_at))
        mine = [step for step in case.steps if step.publication_id == publication]
        found.extend((_step_kind(step), step.at) for step in mine)
    yield from sorted(found, key=lambda step: step[1])


def _step_kind(step: TakedownStep) -> StepKind:
    if step.act is TakedownAct.REMOVED and step.by == REMOVER:
        return StepKind.DELETED
    return StepKind(step.act.value)


def _by_hand_until(
    desk: FamilyDesk, cases: tuple[TakedownCase, ...], publication: PublicationId
) -> datetime | None:
    for case in cases:
        task = desk.work.takedown_tasks.task_or_none(case.case_id, publication)
        if task is not None and task.closed_at is None:
            return task.due_at
    return None


def face_in(desk: FamilyDesk, file: StudentFile, publication_id: str, number: int) -> bytes:
    """The picture, as it was published, that shows the child there; see ``box_in``.

    Raises:
        NotFound: there is no such picture of this child.
    """
    publication, shown = _require_face(desk, file, publication_id, number)
    media = publication.media_or_none(shown.media_id)
    if media is None or media.picture_key is None:
        raise NotFound
    return desk.services.pictures.get(media.picture_key)


def box_in(desk: FamilyDesk, file: StudentFile, publication_id: str, number: int) -> Box:
    """Where the child is in that picture: nobody else in it is this family's to look at.

    Raises:
        NotFound: there is no such picture of this child.
    """
    _, shown = _require_face(desk, file, publication_id, number)
    if shown.box is None:
        raise NotFound
    return shown.box


def ask_removal(desk: FamilyDesk, student_id: str, publication_id: str) -> None:
    """Asks for a publication to be taken down: the office has it as a case at once.

    Raises:
        NotFound: the child is not this person's, or is not in such a publication.
        NotVerified: the office has not confirmed who this is.
        BadRequest: it is coming down already, or is not out.
    """
    file = require_entitled(desk, student_id)
    student = file.student.student_id
    mine = {one.publication_id: one for one in appearances_of(desk, file)}
    seen = mine.get(PublicationId(publication_id))
    if seen is None:
        raise NotFound
    if not seen.can_be_asked:
        raise BadRequest
    request = FamilyRequest(
        request_id=desk.services.ids.new(),
        student_id=student,
        kind=RequestKind.REMOVAL,
        asked_by=actor_of(desk.visitor),
        asked_at=desk.services.clock.now(),
        about=seen.publication_id,
    )
    desk.work.family_log.ask(request)
    desk.work.audit.write(
        Event.FAMILY_REQUESTED,
        actor=request.asked_by,
        subject=student,
        kind=request.kind.value,
        request=request.request_id,
    )
    open_case(
        desk.services,
        desk.work,
        student,
        [seen.publication_id],
        trigger=Trigger.FAMILY_ASKED,
        by=request.asked_by,
    )


def _open_requests(desk: FamilyDesk, student: StudentId) -> Iterator[FamilyRequest]:
    """What this person asked to be removed and is not answered; another guardian's is not hers."""
    me = actor_of(desk.visitor)
    for one in desk.work.family_log.requests_of(student):
        if one.kind is RequestKind.REMOVAL and one.asked_by == me and one.answered_at is None:
            yield one


def _whereabouts(
    cases: tuple[TakedownCase, ...], publication: PublicationId
) -> tuple[Whereabouts, str]:
    """What the newest case says of it; without one it is out."""
    for case in cases:
        if publication not in case.publications:
            continue
        if not case.is_settled_for(publication):
            return Whereabouts.COMING_DOWN, ""
        settling = [one for one in case.steps if one.publication_id == publication]
        step = next((one for one in reversed(settling) if one.act.settles), None)
        if step is not None and step.by == REMOVER:
            # The tool's own words are the office's; a family reads them in its own language.
            return _SETTLED_BY_TOOL.get(step.act, Whereabouts.COMING_DOWN), ""
        if step is not None:
            return _SETTLED.get(step.act, Whereabouts.COMING_DOWN), step.words
    return Whereabouts.OUT, ""


_SETTLED_BY_TOOL = {
    TakedownAct.REMOVED: Whereabouts.PROVEN_GONE,
    TakedownAct.NEVER_POSTED: Whereabouts.NEVER_POSTED,
}
_SETTLED = {
    TakedownAct.REMOVED: Whereabouts.DOWN,
    TakedownAct.REPLACED: Whereabouts.DOWN,
    TakedownAct.NEVER_POSTED: Whereabouts.NEVER_POSTED,
    TakedownAct.CANNOT_REMOVE: Whereabouts.STAYS,
}


def _faces(
    publication: Publication, student: StudentId
) -> Iterator[tuple[int, PublishedAppearance]]:
    for number, shown in enumerate(publication.appearances):
        is_seen = shown.manner is Manner.FACE and shown.box is not None
        if shown.student_id == student and is_seen:
            yield number, shown


def _require_face(
    desk: FamilyDesk, file: StudentFile, publication_id: str, number: int
) -> tuple[Publication, PublishedAppearance]:
    found = desk.work.publications.publication_or_none(PublicationId(publication_id))
    faces = dict(_faces(found, file.student.student_id)) if found is not None else {}
    if found is None or number not in faces:
        raise NotFound
    return found, faces[number]


def _rules(desk: FamilyDesk, file: StudentFile, publication: Publication) -> Iterator[Rule]:
    """What allowed it, as far as it is on this child's file.

    That another guardian agreed is told; when, and who that is, is not this person's to know.
    """
    grounds: set[str] = {
        ground for shown in publication.of(file.student.student_id) for ground in shown.grounds
    }
    own = {word.release_id for word in own_words(desk.visitor, file)}
    for release in file.releases:
        if release.release_id not in grounds:
            continue
        if release.release_id in own:
            yield Rule(kind=RuleKind.OWN_ANSWER, given_on=release.given_on)
        elif release.capacity is Capacity.GUARDIAN:
            yield Rule(kind=RuleKind.OTHER_GUARDIAN)
        else:
            yield Rule(kind=_BY_CAPACITY[release.capacity], given_on=release.given_on)
    if any(item.item_consent_id in grounds for item in file.items):
        yield Rule(kind=RuleKind.ITEM)
    for sent in file.deliveries:
        if sent.delivery_id in grounds:
            yield Rule(kind=RuleKind.NOTICE, given_on=sent.sent_on)


_BY_CAPACITY = {
    Capacity.STUDENT: RuleKind.STUDENT,
    Capacity.OFFICE: RuleKind.OFFICE,
    Capacity.SIS: RuleKind.SCHOOL_RECORDS,
}
