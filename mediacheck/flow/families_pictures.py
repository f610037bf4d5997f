"""What a family is asked about single pictures, and its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mediacheck.errors import NotFound
from mediacheck.flow.clear import note_outcome
from mediacheck.flow.families import (
    FamilyDesk,
    Signature,
    WouldWiden,
    actor_of,
    evidence_of,
    may_widen,
    require_child,
)
from mediacheck.flow.families_choices import capacity_of, decided_by
from mediacheck.flow.families_words import PORTAL
from mediacheck.flow.judge import judge_post
from mediacheck.flow.withdraw import after_change
from mediacheck.model.audit import Event
from mediacheck.model.picture_question import PictureQuestion, QuestionId
from mediacheck.model.publication import Trigger
from release_db.records import StudentFile
from release_db.standing import decider_of
from release_db.terms import ItemConsent
from release_db.words import ActId, Answer, ItemConsentId

#: A question that nobody answered for so long is not shown any more; no answer is a no.
OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and the name of the channel that it is about."""

    question: PictureQuestion
    channel_name: str


def questions_for(desk: FamilyDesk, file: StudentFile) -> tuple[Asked, ...]:
    """The questions about this child that this person has not answered, the newest first."""
    channels = {channel.key: channel.name for channel in desk.work.register.channels()}
    since = desk.services.clock.now() - OPEN_FOR
    student = file.student.student_id
    return tuple(
        Asked(question=one, channel_name=channels.get(one.channel, one.channel))
        for one in desk.work.picture_questions.of_students([student])
        if one.asked_at >= since and not _is_answered(desk, file, one)
    )


def require_question(desk: FamilyDesk, student_id: str, question_id: str) -> PictureQuestion:
    """The open question.

    Raises:
        NotFound: the child is not this person's, or there is no such question open.
    """
    for asked in questions_for(desk, require_child(desk, student_id)):
        if asked.question.question_id == QuestionId(question_id):
            return asked.question
    raise NotFound


def answer_question(
    desk: FamilyDesk, student_id: str, question_id: str, said: tuple[Answer, Signature]
) -> None:
    """Records the answer for this picture on this channel, and for nothing else.

    Raises:
        NotFound: the child is not this person's, or there is no such question open.
        WouldWiden: a yes of somebody whose yes does not count.
    """
    question = require_question(desk, student_id, question_id)
    file = require_child(desk, student_id)
    answer, signature = said
    if answer is not Answer.DENY and not may_widen(desk, file):
        raise WouldWiden
    act = ActId(desk.services.ids.new())
    desk.work.register.terms.record_items(tuple(_answers(desk, question, (answer, signature, act))))
    desk.work.audit.write(
        Event.PICTURE_ANSWERED,
        actor=actor_of(desk.visitor),
        subject=file.student.student_id,
        question=question.question_id,
        act=act,
        answer=answer,
    )
    after_change(
        desk.services,
        desk.work,
        [file.student.student_id],
        trigger=Trigger.ANSWER,
        by=actor_of(desk.visitor),
    )
    post = desk.work.posts.post_or_none(question.post_id)
    if post is not None:
        note_outcome(desk.work, judge_post(desk.services, desk.work, post))


def _answers(
    desk: FamilyDesk, question: PictureQuestion, said: tuple[Answer, Signature, ActId]
) -> Iterator[ItemConsent]:
    answer, signature, act = said
    for number, asked in enumerate(question.uses, start=1):
        yield ItemConsent(
            item_consent_id=ItemConsentId(f"{act}-{number}"),
            student_id=question.student_id,
            item=question.item,
            channel=question.channel,
            use=asked.use,
            name_form=asked.name_form,
            answer=answer,
            capacity=capacity_of(desk.visitor),
            decided_by=decided_by(desk.visitor),
            method=PORTAL,
            evidence=evidence_of(desk.visitor, None, signature),
            given_on=desk.today,
            recorded_at=desk.services.clock.now(),
            act=act,
        )


def _is_answered(desk: FamilyDesk, file: StudentFile, question: PictureQuestion) -> bool:
    """Whether this person has answered for every use since the question was asked."""
    mine = _own_items(desk, file)
    return all(
        any(
            (item.item, item.channel, item.use, item.name_form)
            == (question.item, question.channel, asked.use, asked.name_form)
            and item.recorded_at >= question.asked_at
            for item in mine
        )
        for asked in question.uses
    )


def _own_items(desk: FamilyDesk, file: StudentFile) -> Sequence[ItemConsent]:
    me = decided_by(desk.visitor)
    capacity = capacity_of(desk.visitor)
    who = {
        decider_of(item, file)
        for item in file.items
        if item.capacity is capacity and item.decided_by.casefold() == me.casefold()
    }
    return [
        item for item in file.items if item.capacity is capacity and decider_of(item, file) in who
    ]
